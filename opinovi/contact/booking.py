"""Booking a time: which services offer one, the free times of one, and one's own time behind its secret link."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.limits import allowed, machine_of
from opinovi.base.models import Letter
from opinovi.base.posted import posted_or_none
from opinovi.base.text import page_language
from opinovi.base.when import clock, short_date, soon, weekday
from opinovi.contact.actions import appointments as actions
from opinovi.contact.actions import waiting as line
from opinovi.contact.actions.appointments import Booking, reminder_key
from opinovi.contact.actions.cells import TimeGone
from opinovi.contact.actions.letters import own_link
from opinovi.contact.availability import FreeTime, free_times, rules_of
from opinovi.contact.booking_forms import MODES, BookForm, WaitForm
from opinovi.contact.calendars import calendar_file
from opinovi.contact.hooks import door_of, how_it_went, tell_came
from opinovi.contact.models import Appointment, TimeRule, WaitingForTime
from opinovi.contact.models.appointments import AppointmentState, Mode, WaitingState
from opinovi.contact.return_code import hash_of
from opinovi.contact.video import open_now, room_link
from opinovi.directory.models import Service, State
from opinovi.directory.ways import OWN_NAMES, phone
from opinovi.doors.forms import uuid_or_none
from opinovi.network.queries import current_network

form_methods = require_http_methods(["GET", "HEAD", "POST"])
DAYS = 60
BOOKINGS_AN_HOUR = 20
TIMES_TO_MOVE_TO = 4


@require_safe
@allow("contact.book")
def bookable(request: HttpRequest) -> HttpResponse:
    """The services that one can book a time of, the one with the first free time first."""
    network = current_network()
    rows = Service.objects.filter(state=State.PUBLISHED, organisation__networks=network, time_rules__by_code=False)
    rows = rows.select_related("organisation").defer("source_record").distinct()
    found = rows.order_by(F("next_free_at").asc(nulls_last=True), "id") if network else rows.none()
    at = now()
    services = [
        (one, soon(one.next_free_at, at) if one.next_free_at and one.next_free_at > at else "") for one in found
    ]
    return render(request, "contact/bookable.html", {"services": services})


def service_to_book(service_id: UUID) -> Service:
    rows = Service.objects.select_related("organisation").defer("source_record").filter(state=State.PUBLISHED)
    return get_object_or_404(rows, id=service_id)


@form_methods
@allow("contact.book")
def choose_time(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """The free times of a service, day by day; and a way to wait for an earlier one."""
    service = service_to_book(service_id)
    form = WaitForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        told, network = form.cleaned_data, current_network()
        if told["website"] or not allowed("wait", machine_of(request), BOOKINGS_AN_HOUR):
            form.add_error(None, _("Pyyntöjä on tullut monta. Odota hetki ja yritä uudelleen."))
            return times_page(request, service, form, status=429)
        if network is not None:
            mode = request.GET.get("mode", "") if request.GET.get("mode") in Mode.values else ""
            line.wait_for_time(network, service, mode, told["mail"], told["phone"], page_language())
            return HttpResponseRedirect(f"{request.path}?waiting=1")
    return times_page(request, service, form, status=422 if form.errors else 200)


def times_page(
    request: HttpRequest,
    service: Service,
    form: WaitForm | None = None,
    gone: bool = False,
    moving: Appointment | None = None,
    status: int = 200,
) -> HttpResponse:
    rules = rules_to_move(moving) if moving is not None else rules_of(service=service)
    mode = request.GET.get("mode", "") if request.GET.get("mode") in Mode.values else ""
    language = request.GET.get("language", "") if request.GET.get("language") in OWN_NAMES else ""
    point = uuid_or_none(request.GET.get("point", ""))
    if moving is not None:
        mode = moving.mode
    found = free_times(rules, mode, language, point, days=DAYS)
    context = {
        "service": service,
        "days": by_day(found),
        "modes": [(value, MODES[value]) for value in Mode.values if any(value in one.modes for one in rules)],
        "points": {str(one.point_id): one.point for one in rules if one.point},
        "languages": [
            (code, OWN_NAMES.get(code, code)) for code in sorted({code for one in rules for code in one.languages})
        ],
        "sms": settings.SMS_OFFERED,
        "mode": mode,
        "language": language,
        "point": str(point or ""),
        "form": form or WaitForm(),
        "gone": gone,
        "moving": moving,
        "waiting": request.GET.get("waiting") == "1",
        "has_rules": bool(rules),
    }
    return render(request, "contact/choose_time.html", context, status=status)


def by_day(found: list[FreeTime]) -> list[dict[str, Any]]:
    """The times by day, with the day as a person says it."""
    days: dict[Any, list[FreeTime]] = {}
    for one in found:
        days.setdefault(timezone.localtime(one.begins).date(), []).append(one)
    today = timezone.localtime(now()).date()
    names = {0: _("Tänään"), 1: _("Huomenna")}
    return [
        {
            "name": names.get((day - today).days, ""),
            "date": f"{weekday(day)} {short_date(day)}",
            "times": [(one, clock(one.begins), minute_of(one.begins)) for one in times],
        }
        for day, times in days.items()
    ]


def minute_of(moment: datetime) -> int:
    """A moment as it stands in an address: minutes since 1970."""
    return int(moment.timestamp()) // 60


def moment_at(minute: int) -> datetime:
    """The moment of an address; 404 for one that is far from now."""
    if not 0 < minute < 200_000_000:
        raise Http404
    return datetime.fromtimestamp(minute * 60, timezone.get_current_timezone())


def rule_by_id(rule_id: UUID) -> TimeRule:
    found = rules_of(None, id=rule_id, service__state=State.PUBLISHED)
    if not found:
        raise Http404
    return found[0]


@form_methods
@allow("contact.book")
def book(request: HttpRequest, rule_id: UUID, minute: int) -> HttpResponse:
    """The chosen time, and who comes. A time that went meanwhile leads back to those that are free, nothing lost."""
    rule, begins = rule_by_id(rule_id), moment_at(minute)
    initial = {"once": uuid4(), "mode": request.GET.get("mode") or rule.modes[0], "language": page_language()}
    form = BookForm(posted_or_none(request), rule=rule, initial=initial)
    if request.method == "POST" and form.is_valid():
        network = current_network()
        assert network is not None
        if form.cleaned_data["website"] or not allowed("book", machine_of(request), BOOKINGS_AN_HOUR * 3):
            form.add_error(None, _("Varauksia on tullut monta. Odota hetki ja yritä uudelleen."))
            return book_page(request, rule, begins, form, status=429)
        try:
            appointment = actions.book(network, rule, begins, told_in(form))
        except TimeGone:
            if rule.by_code:
                return HttpResponseRedirect(f"{door_of(rule) or reverse('bookable')}?gone=1")
            return times_page(request, rule.service, gone=True, status=409)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return book_page(request, rule, begins, form, status=422)
        tell_came(request, "booked", appointment.id)
        return HttpResponseRedirect(reverse("own-time", args=[appointment.told()["token"]]) + "?new=1")
    return book_page(request, rule, begins, form, status=422 if form.errors else 200)


def told_in(form: BookForm) -> Booking:
    told = form.cleaned_data
    fields = ("mode", "name", "mail", "phone", "note", "remind", "language", "once")
    return Booking(**{name: told[name] for name in fields})


def book_page(
    request: HttpRequest, rule: TimeRule, begins: datetime, form: BookForm, status: int = 200
) -> HttpResponse:
    context = {
        "rule": rule,
        "back": door_of(rule) or reverse("choose-time", args=[rule.service_id]),
        "form": form,
        "when": when_words(begins),
        "minutes": rule.minutes,
        "several": len(rule.modes) > 1,
        "only_mode": MODES[rule.modes[0]],
    }
    return render(request, "contact/book.html", context, status=status)


def when_words(begins: datetime) -> str:
    day = timezone.localtime(begins).date()
    return f"{weekday(day)} {short_date(day)} {clock(begins)}"


def appointment_rows() -> QuerySet[Appointment]:
    """Times whose words are not erased, with all that a page tells of them."""
    rows = Appointment.objects.select_related("key", "team__organisation", "service", "point", "rule", "network")
    return rows.defer("service__source_record", "point__source_record").exclude(state=AppointmentState.ERASED)


def appointment_of(token: str) -> Appointment | None:
    return appointment_rows().filter(token_hash=hash_of(token)).first()


@form_methods
@allow("contact.own_time")
def own_time(request: HttpRequest, token: str) -> HttpResponse:
    """One's own time: when, where, how to move it, cancel it, put it in a calendar. Two presses from the letter."""
    one = appointment_of(token) if allowed("own-time", machine_of(request), 300) else None
    if one is None:
        return render(request, "contact/own_time_over.html", status=410)
    if request.method == "POST":
        then = request.POST.get("then")
        if then == "cancel":
            actions.cancel(one)
        elif then == "stop-reminding":
            actions.stop_reminding(one)
        elif then == "erase":
            actions.cancel(one)
            actions.erase(one, "asked")
            return HttpResponseRedirect(reverse("erased"))
        return HttpResponseRedirect(request.path)
    at, told = now(), one.told()
    shown = phone(told.get("phone", ""))[0]
    members = [str(member) for member in one.members.select_related("person")]
    reminder = Letter.objects.filter(key=reminder_key(one), state=Letter.State.WAITING) if one.remind else None
    due = reminder.values_list("next_try_at", flat=True).first() if reminder is not None else None
    movable = one.ahead and len(members) == 1 and one.service is not None
    context = {
        "one": one,
        "token": token,
        "how_it_went": how_it_went(one),
        "when": when_words(one.begins_at),
        "soon": soon(one.begins_at, at),
        "new": request.GET.get("new") == "1",
        "moved": request.GET.get("moved") == "1",
        "told": told,
        "shown": shown,
        "mode_words": MODES[one.mode],
        "members": members,
        "movable": movable,
        "next_times": next_times(one) if movable else [],
        "video_open": open_now(one),
        "service": one.service,
        "reminder": soon(due, at) if due else "",
    }
    response = render(request, "contact/own_time.html", context)
    response["Cache-Control"] = "no-store"
    return response


def rules_to_move(one: Appointment) -> list[TimeRule]:
    """Where a booking may be moved: other times of the service; one at a workplace to others of its day."""
    if one.rule is not None and one.rule.by_code:
        return rules_of(True, id=one.rule_id)
    return rules_of(service=one.service)


def next_times(one: Appointment) -> list[dict[str, Any]]:
    """The first other times that one's own time can be moved to."""
    found = free_times(rules_to_move(one), one.mode, "", None, days=DAYS)
    return [
        {"value": f"{free.rule.id}/{minute_of(free.begins)}", "when": when_words(free.begins)}
        for free in found[:TIMES_TO_MOVE_TO]
    ]


@form_methods
@allow("contact.own_time")
def move_time(request: HttpRequest, token: str) -> HttpResponse:
    """The other free times of the same service; pressing one moves the booking there."""
    one = appointment_of(token)
    if one is None or one.service is None:
        return render(request, "contact/own_time_over.html", status=410)
    if not one.ahead:
        return HttpResponseRedirect(reverse("own-time", args=[token]))
    one.token = token  # type: ignore[attr-defined]
    if request.method == "POST":
        chosen, _slash, minute = request.POST.get("time", "").partition("/")
        rule_id = uuid_or_none(chosen)
        if rule_id is None or not (minute.isascii() and minute.isdigit()):
            return times_page(request, one.service, moving=one, status=422)
        try:
            actions.move(one, rule_by_id(rule_id), moment_at(int(minute[:12])))
        except TimeGone:
            return times_page(request, one.service, gone=True, moving=one, status=409)
        except ValidationError:
            return times_page(request, one.service, moving=one, status=422)
        return HttpResponseRedirect(reverse("own-time", args=[token]) + "?moved=1")
    return times_page(request, one.service, moving=one)


@require_safe
@allow("contact.own_time")
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The time as a calendar file."""
    one = appointment_of(token)
    if one is None:
        return render(request, "contact/own_time_over.html", status=410)
    text = calendar_file(one, own_link(one, "own-time"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@allow("contact.own_time")
def own_video(request: HttpRequest, token: str) -> HttpResponse:
    """Into the video room, at its time."""
    one = appointment_of(token)
    if one is None or not open_now(one) or not (link := room_link(one, guide=False)):
        return HttpResponseRedirect(reverse("own-time", args=[token]))
    return HttpResponseRedirect(link)


@form_methods
@allow("contact.own_time")
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """A time that was freed and is held for one who waits: take it, wait on, or leave the list."""
    rows = WaitingForTime.objects.select_related("key", "service", "rule", "network").defer("service__source_record")
    one = rows.filter(token_hash=hash_of(token)).first()
    if one is None:
        return render(request, "contact/own_time_over.html", status=410)
    if request.method == "POST":
        if request.POST.get("then") == "take":
            try:
                if one.rule_id is None:
                    raise TimeGone
                appointment = actions.take_offer(one, rule_by_id(one.rule_id))
            except TimeGone:
                return HttpResponseRedirect(f"{request.path}?gone=1")
            return HttpResponseRedirect(reverse("own-time", args=[appointment.told()["token"]]) + "?new=1")
        stay = request.POST.get("then") == "stay"
        line.decline_offer(one, stay)
        return HttpResponseRedirect(request.path if stay else reverse("home"))
    offered = one.state == WaitingState.OFFERED and one.begins_at is not None and (one.held_until or now()) > now()
    context = {
        "one": one,
        "offered": offered,
        "gone": request.GET.get("gone") == "1",
        "when": when_words(one.begins_at) if one.begins_at else "",
        "until": clock(one.held_until) if one.held_until else "",
    }
    return render(request, "contact/offer.html", context)
