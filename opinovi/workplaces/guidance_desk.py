"""Guidance at a workplace as guides arrange it: days, groups, learning buddies. None of these pages names who came."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.contact.access import guide_id, team_rows
from opinovi.contact.actions import groups
from opinovi.contact.group_forms import initial_of
from opinovi.journeys.models.referrals import OVER
from opinovi.network.models import Network, Team
from opinovi.network.views import answer, me, tell
from opinovi.workplaces.access import serves
from opinovi.workplaces.actions import guidance as actions
from opinovi.workplaces.guidance_forms import BuddyForm, TeamPick, VisitForm, WorkplaceSessionForm, visit_initial
from opinovi.workplaces.guidance_queries import (
    buddy_by_id,
    session_of_workplace,
    sessions_of,
    visit_by_id,
    visits_ahead,
)
from opinovi.workplaces.models import LearningBuddy, VisitDay, Workplace, WorkplaceSession
from opinovi.workplaces.queries import workplace_by_id
from opinovi.workplaces.words import PLACEMENT_STATES, PLACEMENTS

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def back_to(workplace: Workplace, part: str = "guidance") -> str:
    return reverse("workplace-guidance", args=[workplace.id]) + f"#{part}"


def saved(workplace: Workplace, part: str = "guidance") -> HttpResponse:
    return HttpResponseRedirect(reverse("workplace-guidance", args=[workplace.id]) + f"?saved=1#{part}")


def chosen_team(request: HttpRequest, network: Network) -> Team | None:
    """For which of one's teams of the network it is: the one that the address names, else the first."""
    ours = set(network.members.values_list("id", flat=True))
    teams = [one for one in team_rows(request.user) if one.organisation_id in ours]
    return next((one for one in teams if str(one.id) == request.GET.get("team", "")), teams[0] if teams else None)


def without_team(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    context = {"back": back_to(workplace), "title": _("Et ole vielä tiimissä")}
    return render(request, "workplaces/no_team.html", context, status=409)


@require_safe
@allow("workplaces.take_part", of=workplace_by_id)
def workplace_guidance(request: HttpRequest, one: Workplace) -> HttpResponse:
    """Days with a guide, groups, learning buddies and places. Nobody's name but the buddies'; that somebody is on the
    way to a place, guides alone see."""
    guide = bool(serves(request.user, one))
    on_the_way = Count("referrals", filter=~Q(referrals__referral__state__in=OVER))
    context = {
        "one": one,
        "serves": guide,
        "visits": visits_ahead(one),
        "sessions": sessions_of(one),
        "buddies": list(one.buddies.select_related("unit", "session")),
        "placements": [
            {"one": each, "kind": PLACEMENTS[each.kind], "word": PLACEMENT_STATES[each.state][0],
             "tone": PLACEMENT_STATES[each.state][1]}
            for each in one.placements.annotate(on_the_way=on_the_way)[:50]
        ],
    }  # fmt: skip
    return render(request, "workplaces/guidance.html", context)


@form_methods
@allow("workplaces.serve", of=workplace_by_id)
def new_visit(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    team = chosen_team(request, workplace.network)
    return save_visit(request, workplace, team, None) if team else without_team(request, workplace)


@form_methods
@allow("workplaces.serve", of=visit_by_id)
def edit_visit(request: HttpRequest, one: VisitDay) -> HttpResponse:
    if one.cancelled_at is not None or one.rule is None:
        return HttpResponseRedirect(back_to(one.workplace))
    return save_visit(request, one.workplace, one.rule.team, one)


def save_visit(request: HttpRequest, workplace: Workplace, team: Team, one: VisitDay | None) -> HttpResponse:
    initial = visit_initial(one) if one else {}
    calls_off = one is not None and request.POST.get("then") == "drop"
    form = VisitForm(None if calls_off else posted_or_none(request), team=team, user=request.user, initial=initial)
    try:
        if calls_off and one is not None:
            actions.call_off_visit(me(request), one)
            return saved(workplace)
        if request.method == "POST" and form.is_valid():
            actions.save_visit(me(request), workplace, team, one, **form.cleaned_data)
            return saved(workplace)
    except ValidationError as error:
        tell(form, error)
    title = _("Muuta ohjaajan päivää") if one else _("Ohjaajan päivä työpaikalla")
    context: dict[str, Any] = {"droppable": one is not None}
    return answer(request, "workplaces/edit_with_team.html", form, title=title, back=back_to(workplace),
                  pick=pick(request, team, one), **context)  # fmt: skip


def pick(request: HttpRequest, team: Team, one: Any) -> Form | None:
    """The choice of a team for something new, for one who is in several."""
    several = one is None and len(team_rows(request.user)) > 1
    return TeamPick(user=request.user, initial={"team": str(team.id)}) if several else None


@form_methods
@allow("workplaces.serve", of=workplace_by_id)
def new_workplace_session(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    team = chosen_team(request, workplace.network)
    return save_session(request, workplace, team, None) if team else without_team(request, workplace)


@form_methods
@allow("workplaces.serve", of=session_of_workplace)
def edit_workplace_session(request: HttpRequest, one: WorkplaceSession) -> HttpResponse:
    if request.POST.get("then") == "drop":
        groups.call_off(me(request), one.session)
        return saved(one.workplace)
    return save_session(request, one.workplace, one.session.team, one)


def save_session(request: HttpRequest, workplace: Workplace, team: Team, one: WorkplaceSession | None) -> HttpResponse:
    new: dict[str, Any] = {
        "leader": guide_id(request.user, team),
        "languages": ["fi"],
        "name_fi": request.GET.get("name", ""),
    }
    initial = initial_of(one.session) | {"place": place_words(one)} if one else new
    form = WorkplaceSessionForm(posted_or_none(request), team=team, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.fields_of()
        try:
            actions.save_session(me(request), workplace, team, one, form.cleaned_data["place"], **told)
            return saved(workplace)
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta tilaisuutta") if one else _("Tilaisuus työpaikalla")
    return answer(request, "workplaces/edit_with_team.html", form, title=title, back=back_to(workplace),
                  pick=pick(request, team, one), droppable=one is not None)  # fmt: skip


def place_words(one: WorkplaceSession) -> str:
    """Where at the workplace, without the workplace's own name before it."""
    return one.session.at.removeprefix(one.workplace.name).removeprefix(", ")


@form_methods
@allow("workplaces.take_part", of=workplace_by_id)
def new_buddy(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    return save_buddy(request, workplace, None)


@form_methods
@allow("workplaces.take_part", of=buddy_by_id)
def edit_buddy(request: HttpRequest, one: LearningBuddy) -> HttpResponse:
    if request.POST.get("then") == "drop":
        actions.drop_buddy(me(request), one)
        return saved(one.workplace, "buddies")
    return save_buddy(request, one.workplace, one)


def save_buddy(request: HttpRequest, workplace: Workplace, one: LearningBuddy | None) -> HttpResponse:
    guide = bool(serves(request.user, workplace))
    names = ("name", "reach", "unit", "session")
    initial = {name: getattr(one, name) for name in names} if one else {}
    form = BuddyForm(posted_or_none(request), workplace=workplace, guide=guide, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            buddy = actions.save_buddy(me(request), workplace, one, told["name"], told["reach"], told["unit"])
            if told.get("session") is not None:
                actions.send_to_training(me(request), buddy, told["session"])
            return saved(workplace, "buddies")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta osaamislähettilästä") if one else _("Uusi osaamislähettiläs")
    back = back_to(workplace, "buddies")
    return answer(request, "site/edit.html", form, title=title, back=back, droppable=one is not None)
