"""A guide's times: what is booked, by which rules times are offered, and one's calendars in and out."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now, today
from opinovi.base.posted import posted_or_none
from opinovi.base.text import choose
from opinovi.base.when import clock, short_date, weekday
from opinovi.contact import hooks
from opinovi.contact.access import guide_id, guides, my_members, my_teams, team_rows
from opinovi.contact.actions import appointments as actions
from opinovi.contact.actions import times
from opinovi.contact.actions.appointments import Booking
from opinovi.contact.actions.cells import TimeGone
from opinovi.contact.ask import enquiry_with_all
from opinovi.contact.availability import common_times, rules_of_both
from opinovi.contact.booking import appointment_rows, moment_at, when_words
from opinovi.contact.booking_forms import MODES, CalendarForm, JointForm, RuleForm, VideoForm
from opinovi.contact.calendars import feed
from opinovi.contact.models import Appointment, CalendarFeed, TimeRule, VideoProvider
from opinovi.contact.models.appointments import AppointmentState
from opinovi.contact.return_code import hash_of
from opinovi.contact.video import open_now, room_link
from opinovi.directory.hours_plan import from_osm
from opinovi.directory.hours_words import weekly_words
from opinovi.directory.ways import OWN_NAMES, phone
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Member, Organisation, Person, Role, Team
from opinovi.network.queries import current_network
from opinovi.network.views import me, organisation_by_id, team_by_id, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
LENGTHS = (30, 45, 60, 90)
JOINT_DAYS = 21
MOST = 100


def rule_of_team(rule_id: UUID) -> TimeRule | None:
    rows = TimeRule.objects.select_related("team__organisation", "service", "member")
    return rows.filter(id=rule_id, by_code=False).first()


def appointment_by_id(appointment_id: UUID) -> Appointment | None:
    return appointment_rows().filter(id=appointment_id).first()


def theirs(user: Any) -> QuerySet[Appointment]:
    """The times of a guide, of those for whom they stand in, and of their teams."""
    mine = Appointment.members.through.objects.filter(member__in=my_members(user)).values("appointment_id")
    return appointment_rows().filter(Q(team__in=my_teams(user)) | Q(id__in=mine))


@require_safe
@allow("contact.guide")
def own_times(request: HttpRequest) -> HttpResponse:
    return times_page(request)


def times_page(
    request: HttpRequest, form: CalendarForm | None = None, address: str = "", status: int = 200
) -> HttpResponse:
    user = me(request)
    day = datetime.combine(timezone.localtime(now()).date(), datetime.min.time(), timezone.get_current_timezone())
    rows = theirs(user).filter(state=AppointmentState.BOOKED, begins_at__gte=day)
    calendars = Person.objects.select_related("busy_calendar", "calendar_feed").get(id=user.id)
    rules = TimeRule.objects.filter(Q(ends=None) | Q(ends__gte=today()), team__in=my_teams(user), by_code=False)
    rules = rules.select_related("team", "service", "point", "member__person").order_by("team__name", "id")
    context = {
        "days": days_of(list(rows.order_by("begins_at", "id")[:MOST]), my_members(user)),
        "teams": team_rows(user),
        "rules": [(one, rule_words(one)) for one in rules.defer("service__source_record", "point__source_record")],
        "busy": getattr(calendars, "busy_calendar", None),
        "feed": getattr(calendars, "calendar_feed", None),
        "form": form or CalendarForm(),
        "address": address,
    }
    return render(request, "contact/own_times.html", context, status=status)


def days_of(rows: list[Appointment], mine: set[UUID]) -> list[dict[str, Any]]:
    """Booked times by day, each with who comes and whose time it is."""
    days: dict[Any, list[dict[str, Any]]] = {}
    guides_of: dict[UUID, list[Member]] = {}
    for pair in Appointment.members.through.objects.filter(appointment__in=rows).select_related("member__person"):
        guides_of.setdefault(pair.appointment_id, []).append(pair.member)
    for one in rows:
        members = guides_of.get(one.id, [])
        told = one.told()
        days.setdefault(timezone.localtime(one.begins_at).date(), []).append(
            {
                "one": one,
                "time": clock(one.begins_at),
                "who": told.get("name") or _("nimetön"),
                "mode": MODES[one.mode],
                "whose": _("Sinä") if {member.id for member in members} & mine else ", ".join(map(str, members)),
            }
        )
    day = timezone.localtime(now()).date()
    names = {0: _("Tänään"), 1: _("Huomenna")}
    return [
        {"name": names.get((when - day).days, ""), "date": f"{weekday(when)} {short_date(when)}", "rows": found}
        for when, found in days.items()
    ]


def rule_words(rule: TimeRule) -> str:
    """When a rule offers times, in words."""
    plan = from_osm(rule.hours)
    if plan is None:
        return rule.hours
    off = ", ".join(short_date(one.begins) for one in plan.exceptions if one.begins >= today())
    words = weekly_words(plan.weekly)
    return _("%(words)s, ei %(days)s") % {"words": words, "days": off} if off else words


@require_POST
@allow("contact.guide")
def set_calendar(request: HttpRequest) -> HttpResponse:
    """From which address one's busy times are read; read at once, so that a wrong one shows."""
    form = CalendarForm(request.POST)
    if not form.is_valid():
        return times_page(request, form, status=422)
    times.set_busy_calendar(me(request), form.cleaned_data["address"])
    return HttpResponseRedirect(reverse("own-times") + "?calendar=1#calendar")


@require_POST
@allow("contact.guide")
def make_feed(request: HttpRequest) -> HttpResponse:
    """A new secret address of one's own calendar, shown once."""
    token = times.new_feed(me(request), request.POST.get("names") == "1")
    network = current_network()
    base = network.address if network else request.build_absolute_uri("/").rstrip("/")
    return times_page(request, address=base + reverse("calendar-feed", args=[token]))


@require_safe
@allow("contact.calendar_feed")
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A guide's booked times for their own calendar program."""
    one = (
        CalendarFeed.objects.select_related("person").filter(token_hash=hash_of(token), person__is_active=True).first()
    )
    if one is None:
        raise Http404
    rows = appointment_rows().filter(
        members__person=one.person_id,
        members__ended_at=None,
        begins_at__gte=now() - timedelta(days=30),
        state__in=[AppointmentState.BOOKED, AppointmentState.MET, AppointmentState.CANCELLED],
    )
    response = HttpResponse(feed(rows.order_by("begins_at")[:1000], one.names), content_type="text/calendar")
    response["Cache-Control"] = "private, max-age=300"
    return response


@form_methods
@allow("contact.guide_team", of=team_by_id)
def new_rule(request: HttpRequest, team: Team) -> HttpResponse:
    return save_rule(request, team, None)


@form_methods
@allow("contact.guide_rule", of=rule_of_team)
def rule(request: HttpRequest, rule: TimeRule) -> HttpResponse:
    if request.method == "POST" and request.POST.get("then") == "delete":
        times.delete_rule(me(request), rule)
        return HttpResponseRedirect(reverse("own-times") + "?saved=1")
    return save_rule(request, rule.team, rule)


def save_rule(request: HttpRequest, team: Team, one: TimeRule | None) -> HttpResponse:
    form = RuleForm(posted_or_none(request), team=team, initial=initial_of(request, team, one))
    if request.method == "POST" and form.is_valid():
        try:
            times.save_rule(me(request), team, one, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("own-times") + "?saved=1")
    context = {"form": form, "team": team, "rule": one}
    return render(request, "contact/rule.html", context, status=422 if form.errors else 200)


def initial_of(request: HttpRequest, team: Team, one: TimeRule | None) -> dict[str, Any]:
    if one is None:
        return {"member": guide_id(request.user, team), "languages": ["fi"], "modes": ["visit"], "begins": today()}
    names = (
        "service", "member", "point", "modes", "languages", "begins", "ends", "minutes", "buffer_minutes",
        "notice_hours", "ahead_days", "per_day",
    )  # fmt: skip
    plan = from_osm(one.hours)
    told = {
        "hours": weekly_words(plan.weekly) if plan else one.hours,
        "without": [off.begins for off in plan.exceptions] if plan else [],
    }
    return told | {name: getattr(one, name) for name in names}


@form_methods
@allow("contact.guide_appointment", of=appointment_by_id)
def appointment(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """One booked time: who comes, how, and what came of it."""
    why = ""
    if request.method == "POST":
        then = request.POST.get("then")
        try:
            if then == "cancel":
                actions.cancel(appointment, me(request))
            elif then in ("met", "absent"):
                actions.mark(me(request), appointment, came=then == "met")
        except ValidationError as error:
            why = " ".join(error.messages)
        else:
            return HttpResponseRedirect(request.path)
    actions.read(me(request), appointment)
    told = {} if any(hides(appointment) for hides in hooks.hides_person) else appointment.told()
    shown, dial = phone(told.get("phone", ""))
    context = {
        "one": appointment,
        "told": told,
        "when": when_words(appointment.begins_at),
        "number": shown,
        "dial": dial,
        "mode_words": MODES[appointment.mode],
        "language_name": OWN_NAMES.get(appointment.language, appointment.language),
        "members": [str(member) for member in appointment.members.select_related("person")],
        "begun": appointment.begins_at <= now(),
        "ways_on": hooks.ways_on(hooks.from_appointment, request.user, appointment),
        "video_open": open_now(appointment),
        "why": why,
    }
    response = render(request, "contact/appointment.html", context, status=422 if why else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@allow("contact.guide_appointment", of=appointment_by_id)
def appointment_video(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """Into the video room as its host, at its time."""
    link = room_link(appointment, guide=True) if open_now(appointment) else ""
    return HttpResponseRedirect(link or reverse("appointment", args=[appointment.id]))


@form_methods
@allow("contact.guide_team", of=team_by_id)
def joint(request: HttpRequest, team: Team) -> HttpResponse:
    """A time for somebody with oneself and a colleague, also of another organisation: those when both are free."""
    network, own_id = current_network(), guide_id(request.user, team)
    told = request.POST if request.method == "POST" else request.GET
    all_guides = Member.objects.filter(
        organisation__networks=network, roles__role=Role.GUIDE, ended_at=None, person__is_active=True
    )
    staff = list(all_guides.select_related("person", "organisation").distinct().order_by("organisation_id", "id"))
    own = next((one for one in staff if one.id == own_id), None)
    colleagues = [one for one in staff if own is not None and one.person_id != own.person_id]
    other = next((one for one in colleagues if str(one.id) == told.get("with")), None)
    length = next((one for one in LENGTHS if str(one) == told.get("minutes")), LENGTHS[2])
    rules = rules_of_both(own, other) if own and other else []
    ours = [one for one in rules if one.team_id == team.id]
    moments = common_times(own, other, rules, length, JOINT_DAYS) if own and other and ours else []
    choices = [(str(int(one.timestamp()) // 60), when_words(one)) for one in moments]
    form = JointForm(posted_or_none(request), times=choices, initial=initial_for_person(request))
    gone = False
    if request.method == "POST" and own and other and network and ours and form.is_valid():
        booking = Booking(
            **{name: form.cleaned_data[name] for name in ("mode", "name", "mail", "phone")}, remind="mail"
        )
        begins = moment_at(int(form.cleaned_data["minute"]))
        try:
            made = actions.book_joint(me(request), network, ours[0], begins, length, [own, other], booking)
        except TimeGone:
            gone = True
        else:
            return HttpResponseRedirect(reverse("appointment", args=[made.id]))
    context = {
        "team": team,
        "colleagues": [(one, f"{one.person}, {choose(one.organisation.name)}") for one in colleagues],
        "other": other,
        "lengths": LENGTHS,
        "length": length,
        "times": choices,
        "form": form,
        "gone": gone,
        "enquiry": request.GET.get("enquiry", ""),
    }
    return render(request, "contact/joint.html", context, status=409 if gone else 422 if form.errors else 200)


def initial_for_person(request: HttpRequest) -> dict[str, str]:
    """Who comes, where the guide came from an enquiry of theirs."""
    initial = {"mode": "visit"}
    enquiry_id = uuid_or_none(request.GET.get("enquiry", ""))
    enquiry = enquiry_with_all(enquiry_id) if enquiry_id else None
    if enquiry is not None and enquiry.key is not None and guides(request.user, enquiry):
        told = enquiry.told()
        initial |= {name: told.get(name, "") for name in ("name", "mail", "phone")}
    return initial


@form_methods
@allow("contact.set_video", of=organisation_by_id)
def video_settings(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Where the organisation's video meetings are held."""
    one = VideoProvider.objects.filter(organisation=organisation).first()
    initial = {"address": one.address, "app_id": one.app_id} if one else {}
    form = VideoForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            times.set_video(me(request), organisation, told["address"], told["app_id"], told["secret"])
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(request.path + "?saved=1")
    context = {"form": form, "organisation": organisation}
    return render(request, "contact/video_settings.html", context, status=422 if form.errors else 200)
