"""A team's groups on the desk: set up, changed, called off; and for the leader alone, who comes and who came."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now, today
from opinovi.base.posted import posted_or_none
from opinovi.base.text import page_language
from opinovi.contact.access import guide_id, leads_group, my_teams, team_rows
from opinovi.contact.actions import groups as actions
from opinovi.contact.actions.groups import Coming
from opinovi.contact.group_forms import AddForm, SessionForm, initial_of
from opinovi.contact.groups import card, meeting_words
from opinovi.contact.models import Attendance, Registration
from opinovi.contact.models.groups import RegistrationState
from opinovi.directory.models import GroupSession, State
from opinovi.directory.ways import OWN_NAMES, phone
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Team
from opinovi.network.queries import current_network
from opinovi.network.views import me, team_by_id, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST = 100


def session_by_id(session_id: UUID) -> GroupSession | None:
    rows = GroupSession.objects.select_related(
        "team__organisation", "organisation", "point", "service", "leader__person"
    )
    return rows.defer("point__source_record", "service__source_record").filter(id=session_id).first()


def open_session_by_id(session_id: UUID) -> GroupSession | None:
    """The same, if it is for the public: a training, or a group of a workplace, is changed where it was arranged."""
    found = session_by_id(session_id)
    return None if found is None or found.for_staff or found.by_code else found


@require_safe
@allow("contact.guide")
def team_groups(request: HttpRequest) -> HttpResponse:
    """The groups of one's teams: those ahead, then those that are over."""
    rows = GroupSession.objects.filter(team__in=my_teams(request.user)).select_related("organisation", "leader__person")
    ahead = rows.filter(ends_at__gt=now(), state=State.PUBLISHED).order_by("starts_at")[:MOST]
    over = rows.exclude(id__in=rows.filter(ends_at__gt=now(), state=State.PUBLISHED).values("id"))
    context = {
        "ahead": [card(one) for one in ahead],
        "over": [card(one) for one in over.order_by("-starts_at")[:20]],
        "teams": team_rows(request.user),
    }
    return render(request, "contact/team_groups.html", context)


@form_methods
@allow("contact.guide_team", of=team_by_id)
def new_group(request: HttpRequest, team: Team) -> HttpResponse:
    return save(request, team, None)


@form_methods
@allow("contact.guide_group", of=open_session_by_id)
def edit_group(request: HttpRequest, session: GroupSession) -> HttpResponse:
    if request.POST.get("then") == "call-off":
        actions.call_off(me(request), session)
        return HttpResponseRedirect(reverse("team-groups") + "?off=1")
    return save(request, session.team, session)


def save(request: HttpRequest, team: Team, one: GroupSession | None) -> HttpResponse:
    initial = initial_of(one) if one else {"day": today(), "leader": guide_id(request.user, team), "languages": ["fi"]}
    form = SessionForm(posted_or_none(request), team=team, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_session(me(request), team, one, **form.fields_of())
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("group-desk", args=[saved.id]) + "?saved=1")
    context = {"form": form, "team": team, "one": one}
    return render(request, "contact/edit_group.html", context, status=422 if form.errors else 200)


@form_methods
@allow("contact.guide_group", of=session_by_id)
def group_desk(request: HttpRequest, session: GroupSession) -> HttpResponse:
    """One group: its counts for the team, its list for the leader."""
    leads = leads_group(request.user, session)
    form, why = AddForm(), ""
    if request.method == "POST" and leads:
        try:
            form = act(request, session)
        except ValidationError as error:
            why = " ".join(error.messages)
        if not why and not form.errors:
            return HttpResponseRedirect(request.path + "?saved=1")
    if leads:
        actions.read(me(request), session)
    meetings = meeting_words(list(session.meetings.all()))
    context = {
        "one": session,
        "leads": leads,
        "meetings": meetings,
        "form": form,
        "why": why,
        **card(session),
        **(lists_of(session, meetings) if leads else {}),
    }
    response = render(request, "contact/group_desk.html", context, status=422 if why or form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def act(request: HttpRequest, session: GroupSession) -> AddForm:
    """What the leader pressed: came, did not come, off the list, or somebody added to it."""
    then = request.POST.get("then", "")
    rows = Registration.objects.select_related("session__team", "key", "network").filter(session=session)
    who, which = (uuid_or_none(request.POST.get(name, "")) for name in ("who", "meeting"))
    one = rows.filter(id=who).first() if who else None
    if then == "add":
        form, network = AddForm(request.POST), current_network()
        if form.is_valid() and network is not None:
            told = Coming(**form.cleaned_data, language=page_language())
            actions.register(network, session, told, me(request))
        return form
    if one is not None and then in ("came", "missed"):
        meeting = session.meetings.filter(id=which).first() if which else None
        if meeting is not None:
            actions.mark(me(request), one, meeting, came=then == "came")
    elif one is not None and then == "out":
        actions.leave(one, me(request))
    return AddForm()


def lists_of(session: GroupSession, meetings: list[dict[str, Any]]) -> dict[str, Any]:
    """Who has a place and who waits, with how to reach them; and who came to which meeting."""
    rows = Registration.objects.filter(session=session).select_related("key").order_by("since", "id")
    came = {
        (one.registration_id, one.meeting_id): one.came
        for one in Attendance.objects.filter(registration__session=session)
    }
    begun = [one for one in meetings if one["one"].begins_at <= now()]
    found: dict[str, list[dict[str, Any]]] = {"placed": [], "waiting": []}
    for one in rows.filter(state__in=[RegistrationState.PLACED, RegistrationState.WAITING]):
        told = one.told()
        shown, dial = phone(told.get("phone", "")) if told.get("phone") else ("", "")
        found[one.state].append(
            {
                "id": one.id,
                "told": told,
                "number": shown,
                "dial": dial,
                "language": OWN_NAMES.get(one.language, one.language),
                "came": [(meeting, came.get((one.id, meeting["one"].id))) for meeting in begun[-1:]],
                "times": sum(came.get((one.id, meeting["one"].id)) is True for meeting in begun),
            }
        )
    return found | {"begun": len(begun), "last": begun[-1] if begun else None}
