"""Trainings of the network's own people: found, registered for, arranged."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.posted import posted_or_none
from opinovi.contact.access import guide_id, guides_team, team_rows
from opinovi.contact.groups import card, meeting_words
from opinovi.contact.models.groups import RegistrationState
from opinovi.directory.models import State
from opinovi.network.competences import area_choices, area_names, areas
from opinovi.network.models import Network, Team
from opinovi.network.queries import current_network
from opinovi.network.views import me, team_by_id, tell
from opinovi.practices.models import PracticeState
from opinovi.staff.actions import training as actions
from opinovi.staff.forms import TrainingForm, training_initial
from opinovi.staff.models import Certificate, Training, TrainingPlace
from opinovi.staff.queries import network_of, training_by_id, trainings_ahead

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST_OVER = 20


@require_safe
@allow("staff.take_part", of=current_network)
def trainings(request: HttpRequest, network: Network) -> HttpResponse:
    """What is ahead, in the calendar's order; of one area, if one asks; and what one has been to."""
    area = request.GET.get("area", "")
    places = {one.training_id: one for one in places_of(request)}
    rows = [row_of(one, places) for one in trainings_ahead(network)[:100] if not area or area in one.areas]
    over = Training.objects.filter(network=network, session__ends_at__lte=now(), id__in=places)
    over = over.select_related("session__organisation", "session__point").defer("session__point__source_record")
    context = {
        "rows": rows,
        "over": [row_of(one, places) for one in over.order_by("-session__starts_at")[:MOST_OVER]],
        "area": area,
        "choices": area_choices(),
        "teams": team_rows(request.user),
    }
    return render(request, "staff/trainings.html", context)


def places_of(request: HttpRequest) -> list[TrainingPlace]:
    return list(TrainingPlace.objects.filter(member__person=me(request)).select_related("registration"))


def row_of(one: Training, places: dict[UUID, TrainingPlace]) -> dict[str, Any]:
    place = places.get(one.id)
    state = place.registration.state if place and place.registration else ""
    return {**card(one.session), "one": one, "areas": area_names(one.areas), "state": state,
            "over": one.session.ends_at <= now()}  # fmt: skip


@form_methods
@allow("staff.take_part", of=training_by_id)
def training(request: HttpRequest, one: Training) -> HttpResponse:
    """One training: what one learns, when and where; a place in it by one press; and the certificate afterwards."""
    why = ""
    if request.method == "POST":
        try:
            if request.POST.get("then") == "leave":
                actions.leave(me(request), one)
            else:
                actions.come(me(request), one)
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            why = " ".join(error.messages)
    place = (
        TrainingPlace.objects.filter(training=one, member__person=me(request)).select_related("registration").first()
    )
    state = place.registration.state if place and place.registration else ""
    meetings = meeting_words(list(one.session.meetings.all()))
    context = {
        **card(one.session),
        "one": one,
        "session": one.session,
        "areas": area_names(one.areas),
        "practices": list(one.practices.filter(state=PracticeState.PUBLISHED).only("id", "name", "published_at")),
        "meetings": meetings,
        "needed": one.needed or len(meetings),
        "state": state,
        "has_place": state == RegistrationState.PLACED,
        "open": one.session.open_now(),
        "over": one.session.ends_at <= now(),
        "begun": one.session.starts_at <= now(),
        "certificate": Certificate.objects.filter(training=one, member__person=me(request)).first(),
        "reminded": me(request).letters,
        "leads": guides_team(request.user, one.session.team),
        "off": one.session.state != State.PUBLISHED,
        "why": why,
    }
    return render(request, "staff/training.html", context, status=422 if why else 200)


@form_methods
@allow("staff.arrange_training", of=team_by_id)
def new_training(request: HttpRequest, team: Team) -> HttpResponse:
    return save(request, network_of(team.organisation), team, None)


@form_methods
@allow("staff.arrange_training", of=training_by_id)
def edit_training(request: HttpRequest, one: Training) -> HttpResponse:
    if request.POST.get("then") == "call-off":
        actions.call_off(me(request), one)
        return HttpResponseRedirect(reverse("training", args=[one.id]))
    return save(request, one.network, one.session.team, one)


def save(request: HttpRequest, network: Network, team: Team, one: Training | None) -> HttpResponse:
    asked = request.GET.get("area", "")
    new = {"areas": [asked] if asked in areas() else [], "languages": ["fi"], "leader": guide_id(request.user, team)}
    form = TrainingForm(
        posted_or_none(request), team=team, network=network, initial=training_initial(one) if one else new
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        given = {name: told[name] for name in ("areas", "practices", "needed")}
        try:
            saved = actions.save_training(me(request), network, team, one, form.fields_of(), **given)
            return HttpResponseRedirect(reverse("training", args=[saved.id]) + "?kept=1")
        except ValidationError as error:
            tell(form, error)
    context = {"form": form, "team": team, "one": one}
    return render(request, "staff/edit_training.html", context, status=422 if form.errors else 200)
