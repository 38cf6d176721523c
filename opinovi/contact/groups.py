"""Groups and events for anyone: what there is, one of them, and one's own place in it behind its secret link."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.limits import allowed, machine_of
from opinovi.base.posted import posted_or_none
from opinovi.base.text import page_language
from opinovi.base.when import bare_clock, clock, short_date, soon, span, weekday
from opinovi.contact.actions import groups as actions
from opinovi.contact.actions.groups import REMIND_BEFORE, Coming
from opinovi.contact.actions.letters import own_link
from opinovi.contact.calendars import group_calendar, public_calendar
from opinovi.contact.group_forms import ComeForm
from opinovi.contact.hooks import door_of, how_it_went, tell_came
from opinovi.contact.models import Registration
from opinovi.contact.models.groups import RegistrationState
from opinovi.contact.return_code import hash_of
from opinovi.directory.codes import municipality_name
from opinovi.directory.models import EVENT_SOURCES, GroupSession, Meeting, Offering, State
from opinovi.directory.public import offerings_to_show, when_to_apply
from opinovi.directory.ways import OWN_NAMES
from opinovi.doors.door import places_left
from opinovi.network.models import Network
from opinovi.network.queries import current_network

form_methods = require_http_methods(["GET", "HEAD", "POST"])
REGISTRATIONS_AN_HOUR = 40
MOST = 200


def sessions_to_show(network: Network | None) -> QuerySet[GroupSession]:
    """The network's groups that have meetings ahead, the soonest first."""
    rows = GroupSession.objects.filter(state=State.PUBLISHED, ends_at__gt=now(), organisation__networks=network)
    rows = rows.filter(for_staff=False, by_code=False)
    return rows.select_related("organisation", "point").defer("point__source_record").order_by("starts_at", "id")


def events_to_show(network: Network) -> QuerySet[Offering]:
    """Events that other calendars tell of for the network's organisations, the soonest first."""
    rows = offerings_to_show().filter(source__in=EVENT_SOURCES, organisation__networks=network)
    return rows.order_by("starts_on", "id")


@require_safe
@allow("contact.join_group")
def groups(request: HttpRequest) -> HttpResponse:
    """What meets in the network, and where there is room."""
    network, where = current_network(), request.GET.get("where", "")
    rows = list(sessions_to_show(network)[:MOST]) if network else []
    events = list(events_to_show(network)[:MOST]) if network else []
    where_they_are = {one.municipality for one in rows} | {one.municipality for one in events}
    places = sorted(where_they_are - {""}, key=municipality_name)
    shown = [one for one in rows if not where or one.municipality == where]
    context = {
        "groups": [card(one) for one in shown],
        "events": [(one, when_to_apply(one)) for one in events if not where or one.municipality == where],
        "places": [(code, municipality_name(code)) for code in places],
        "where": where if where in places else "",
    }
    return render(request, "contact/groups.html", context)


def card(one: GroupSession) -> dict[str, Any]:
    """A group as a list shows it."""
    full = one.left == 0
    return {
        "one": one,
        "when": soon(one.starts_at, now()),
        "light": "open" if one.open_now() and not full else "ajar" if one.open_now() else "shut",
        "room": _("Täynnä, pääset jonoon") if full else places_left(one.left) if one.left else "",
        "closed": not one.open_now(),
        "where": municipality_name(one.municipality) if one.municipality else _("verkossa"),
        "count": one.plan.get("count", 1),
    }


def meeting_words(meetings: list[Meeting]) -> list[dict[str, Any]]:
    """When a group meets, in words, those that are over marked."""
    return [
        {
            "words": f"{weekday(day)} {short_date(day)} {span(clock(one.begins_at), bare_clock(one.ends_at))}",
            "over": one.ends_at <= now(),
            "one": one,
        }
        for one in meetings
        for day in [timezone.localtime(one.begins_at).date()]
    ]


def published(session_id: UUID) -> GroupSession:
    rows = GroupSession.objects.select_related("organisation", "point", "service", "leader__person")
    return get_object_or_404(
        rows.defer("point__source_record", "service__source_record"), id=session_id, for_staff=False
    )


@form_methods
@allow("contact.join_group")
def group(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One group: what it is, when it meets, and a form to come."""
    session, network = published(session_id), current_network()
    form = ComeForm(posted_or_none(request), initial={"once": uuid4()})
    if request.method == "POST" and form.is_valid() and network is not None:
        if form.cleaned_data["website"] or not allowed("register", machine_of(request), REGISTRATIONS_AN_HOUR):
            form.add_error(None, _("Ilmoittautumisia on tullut monta. Odota hetki ja yritä uudelleen."))
            return group_page(request, session, form, 429)
        told = {name: form.cleaned_data[name] for name in ("name", "mail", "phone", "note", "remind", "once")}
        try:
            one = actions.register(network, session, Coming(**told, language=page_language()))
        except ValidationError as error:
            form.add_error(None, error.messages)
            return group_page(request, session, form, 409)
        tell_came(request, "joined", one.id)
        return HttpResponseRedirect(reverse("registration", args=[one.told()["token"]]) + "?new=1")
    if session.state != State.PUBLISHED:
        return group_page(request, session, form, 410)
    return group_page(request, session, form, 422 if form.errors else 200)


def group_page(request: HttpRequest, session: GroupSession, form: ComeForm, status: int) -> HttpResponse:
    context = {
        "one": session,
        "form": form,
        "meetings": meeting_words(list(session.meetings.all())),
        "languages": [(code, OWN_NAMES.get(code, code)) for code in session.languages],
        "off": session.state != State.PUBLISHED,
        "back": door_of(session) or reverse("groups"),
        **card(session),
    }
    return render(request, "contact/group.html", context, status=status)


@require_safe
@allow("contact.join_group")
def groups_calendar(request: HttpRequest) -> HttpResponse:
    """All of the network's groups for a calendar program."""
    network = current_network()
    rows = sessions_to_show(network).prefetch_related("meetings")[:MOST] if network else []
    text = public_calendar(rows, network.address if network else "")
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "public, max-age=600"
    return response


def registration_of(token: str) -> Registration | None:
    rows = Registration.objects.select_related("key", "network", "session__organisation", "session__point")
    rows = rows.defer("session__point__source_record").exclude(state=RegistrationState.ERASED)
    return rows.filter(token_hash=hash_of(token)).first()


@form_methods
@allow("contact.own_registration")
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """One's own place: when the group meets, the way in, and one press to give the place up."""
    one = registration_of(token) if allowed("own-registration", machine_of(request), 300) else None
    if one is None:
        return render(request, "contact/own_time_over.html", status=410)
    if request.method == "POST":
        then = request.POST.get("then")
        if then == "leave":
            actions.leave(one)
        elif then == "stop-reminding":
            actions.stop_reminding(one)
        elif then == "erase":
            actions.leave(one)
            actions.erase(one, "asked")
            return HttpResponseRedirect(reverse("erased"))
        return HttpResponseRedirect(request.path)
    session, at = one.session, now()
    context = {
        "one": one,
        "session": session,
        "token": token,
        "new": request.GET.get("new") == "1",
        "meetings": meeting_words(list(session.meetings.all())),
        "off": session.state != State.PUBLISHED,
        "over": session.ends_at <= at,
        "how_it_went": how_it_went(one),
        "before": place_in_line(one),
        # The first meeting that one is still reminded of; who has just registered knows of the next one.
        "reminded": any(meeting.begins_at - REMIND_BEFORE > max(at, one.since) for meeting in session.meetings.all()),
    }
    response = render(request, "contact/registration.html", context)
    response["Cache-Control"] = "no-store"
    return response


def place_in_line(one: Registration) -> int:
    """How many wait before one; 0 for the first, and for one who has a place."""
    if one.state != RegistrationState.WAITING:
        return 0
    rows = Registration.objects.filter(session=one.session_id, state=RegistrationState.WAITING)
    return rows.filter(Q(since__lt=one.since) | Q(since=one.since, id__lt=one.id)).count()


@require_safe
@allow("contact.own_registration")
def registration_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """One's own meetings as a calendar file."""
    one = registration_of(token)
    if one is None:
        return render(request, "contact/own_time_over.html", status=410)
    response = HttpResponse(
        group_calendar(one, own_link(one, "registration")), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    response["Cache-Control"] = "no-store"
    return response
