"""The plan: the same pages for the client and for a guide whom the client lets see it."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.offline import kept
from opinovi.base.text import choose
from opinovi.directory.models import GroupSession, Offering, Service, State
from opinovi.journeys.access import EVERYTHING, Sight, sight
from opinovi.journeys.actions import clients as client_actions
from opinovi.journeys.actions import plans as actions
from opinovi.journeys.content import history_of, name_of, plan_of, step_seen
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.exercises import EXERCISES, TEMPLATES, exercise_named, picked_words, skills_named
from opinovi.journeys.forms import GoalForm, MarkForm, StepForm
from opinovi.journeys.models import Client, Exercise, Goal, Step
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import Piece
from opinovi.journeys.models.plans import StepState
from opinovi.journeys.own_sign_in import own_client
from opinovi.journeys.queries import client_by_id
from opinovi.network.views import me

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MODELS: dict[str, Any] = {"services": Service, "offerings": Offering, "groups": GroupSession}
DOOR = re.compile(r"/(services|offerings|groups)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True)
class Place:
    """Whose plan, and by whom it is opened: the addresses of its pages are the client's or the desk's."""

    client: Client
    may: Sight
    desk: bool

    @property
    def home(self) -> str:
        return reverse("client", args=[self.client.id]) if self.desk else reverse("my")

    @property
    def plan(self) -> str:
        return reverse("client-plan", args=[self.client.id]) if self.desk else reverse("my-plan")

    def step(self, step_id: UUID) -> str:
        return reverse("client-step" if self.desk else "my-step", args=[step_id])

    @property
    def shell(self) -> str:
        return "site/desk.html" if self.desk else "site/quiet.html"


@form_methods
@allow("journeys.own", at="my-start")
def my_plan(request: HttpRequest) -> HttpResponse:
    return plan(request, Place(own_client(request), EVERYTHING, desk=False))


@form_methods
@allow("journeys.see_client", of=client_by_id)
def client_plan(request: HttpRequest, client: Client) -> HttpResponse:
    may = sight(request.user, client)
    if not may.has(Piece.PLAN):
        raise Http404
    client_actions.read(me(request), client, [Piece.PLAN], next(iter(may.organisations), None))
    return plan(request, Place(client, may, desk=True))


def plan(request: HttpRequest, place: Place) -> HttpResponse:
    """Goals and steps, one after another; a new one is one field."""
    form, why, status = GoalForm(), "", 200
    if request.method == "POST":
        then = request.POST.get("then", "goal")
        try:
            if then == "template":
                take_template(request, place)
            elif then == "goal":
                form = GoalForm(request.POST)
                if not form.is_valid():
                    return plan_page(request, place, form, "", 422)
                actions.add_goal(me(request), place.client, form.cleaned_data["text"])
            else:
                change(request, place, then)
            return HttpResponseRedirect(place.plan)
        except (ValidationError, ValueError) as error:
            why = " ".join(error.messages) if isinstance(error, ValidationError) else _("Valitse, mitä tehdään.")
            status = 422
    return plan_page(request, place, form, why, status)


def plan_page(request: HttpRequest, place: Place, form: GoalForm, why: str, status: int) -> HttpResponse:
    client = place.client
    done = set(Exercise.objects.filter(client=client).values_list("name", flat=True))
    context = {
        "place": place,
        "shell": place.shell,
        "name": name_of(client, place.may),
        "goals": plan_of(client),
        "form": form,
        "step": StepForm(),
        "templates": [(one.name, choose(one.title).text) for one in TEMPLATES.values()],
        "exercises": [(one.name, choose(one.title).text, one.name in done) for one in EXERCISES.values()],
        "history": history_of(client) if request.GET.get("history") else None,
        "why": why,
    }
    page = no_store(render(request, "journeys/plan.html", context, status=status))
    return page if place.desk else kept(page, "own")


def take_template(request: HttpRequest, place: Place) -> None:
    one = TEMPLATES.get(request.POST.get("template", ""))
    if one is None:
        raise ValidationError(_("Valitse pohja."))
    goal, *steps = [choose(text, place.client.language).text for text in (one.goal, *one.steps)]
    actions.add_goal(me(request), place.client, goal, tuple(steps))


def change(request: HttpRequest, place: Place, then: str) -> None:
    """A goal reached or dropped, or a step added to it or marked."""
    if then in ("reached", "open", "dropped"):
        goal = goal_of(place, request.POST.get("goal", ""))
        actions.change_goal(me(request), goal, place.client.unlock(goal.locked), then)
        return
    if then == "step":
        form = StepForm(request.POST)
        if not form.is_valid():
            raise ValidationError([str(one) for errors in form.errors.values() for one in errors])
        actions.add_step(me(request), goal_of(place, request.POST.get("goal", "")), told_in(form))
        return
    if then in StepState.values:
        mark = MarkForm(request.POST)
        mark.is_valid()
        actions.mark_step(
            me(request), step_of(place, request.POST.get("step", "")), then,
            mark.cleaned_data.get("why", ""), mark.cleaned_data.get("due"),
        )  # fmt: skip
        return
    raise ValidationError(_("Valitse, mitä tehdään."))


def goal_of(place: Place, text: str) -> Goal:
    found = Goal.objects.select_related("client").filter(client=place.client, id=UUID(text)).first()
    if found is None:
        raise Http404
    return found


def step_of(place: Place, text: str) -> Step:
    found = Step.objects.select_related("goal__client").filter(goal__client=place.client, id=UUID(text)).first()
    if found is None:
        raise Http404
    return found


def told_in(form: StepForm) -> actions.StepTold:
    told = form.cleaned_data
    service, offering, session = door_in(told["door"])
    return actions.StepTold(
        text=told["text"], due=told["due"], service=service, offering=offering, session=session,
        remind=told["remind"], remind_days=int(told["remind_days"]),
    )  # fmt: skip


def door_in(address: str) -> tuple[Service | None, Offering | None, GroupSession | None]:
    """The service, course or group whose page an address is, in any language. Raises ValidationError for any other."""
    if not address.strip():
        return None, None, None
    match = DOOR.search(address)
    kind, one = (match[1], match[2]) if match else ("", "")
    found = MODELS[kind].objects.filter(id=one, state=State.PUBLISHED).first() if kind else None
    if found is None:
        raise ValidationError({"door": _("Osoite ei ole tämän sivuston palvelun, kurssin tai ryhmän sivu.")})
    return (
        found if isinstance(found, Service) else None,
        found if isinstance(found, Offering) else None,
        found if isinstance(found, GroupSession) else None,
    )


def step_by_id(step_id: UUID) -> Step | None:
    rows = Step.objects.select_related("goal__client__key", "goal__client__person", "goal__client__network")
    return rows.filter(id=step_id, goal__client__state=ClientState.ACTIVE).first()


@form_methods
@allow("journeys.own_step", of=step_by_id, at="my-start")
def my_step(request: HttpRequest, step: Step) -> HttpResponse:
    return step_page(request, Place(step.goal.client, EVERYTHING, desk=False), step)


@form_methods
@allow("journeys.see_step", of=step_by_id)
def client_step(request: HttpRequest, step: Step) -> HttpResponse:
    client = step.goal.client
    may = sight(request.user, client)
    client_actions.read(me(request), client, [Piece.PLAN], next(iter(may.organisations), None))
    return step_page(request, Place(client, may, desk=True), step)


def step_page(request: HttpRequest, place: Place, step: Step) -> HttpResponse:
    """One step, changed: what, by when, where it leads, whether to remind."""
    client = place.client
    seen = step_seen(client, step)
    initial = {"text": seen.text, "due": seen.due, "door": seen.door, "remind": seen.remind,
               "remind_days": seen.remind_days, "version": step.version}  # fmt: skip
    form = StepForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_step(me(request), step, told_in(form), form.cleaned_data["version"] or 0)
            return HttpResponseRedirect(place.plan)
        except actions.Changed as error:
            form.add_error(None, error)
            status = 409
        except ValidationError as error:
            form.add_error("door" if "door" in getattr(error, "message_dict", {}) else None, error.messages)
    context = {"place": place, "shell": place.shell, "seen": seen, "form": form}
    status = status if status == 409 else 422 if form.errors else 200
    return no_store(render(request, "journeys/step.html", context, status=status))


@form_methods
@allow("journeys.own", at="my-start")
def my_exercise(request: HttpRequest, name: str) -> HttpResponse:
    return exercise(request, Place(own_client(request), EVERYTHING, desk=False), name)


@form_methods
@allow("journeys.see_client", of=client_by_id)
def client_exercise(request: HttpRequest, client: Client) -> HttpResponse:
    """At the desk a guide does it together with the client: its name stands in the query."""
    may = sight(request.user, client)
    if not may.has(Piece.PLAN):
        raise Http404
    client_actions.read(me(request), client, [Piece.PLAN], next(iter(may.organisations), None))
    return exercise(request, Place(client, may, desk=True), request.GET.get("name", ""))


def exercise(request: HttpRequest, place: Place, name: str) -> HttpResponse:
    """A short exercise: pick what feels like yours; what it tells is said at once."""
    one = exercise_named(name) or next(iter(EXERCISES.values()))
    client = place.client
    if request.method == "POST":
        picked = [item for item in request.POST.getlist("picked") if item in one.items]
        actions.save_exercise(me(request), client, one.name, picked, request.POST.get("own", ""))
        return HttpResponseRedirect(f"{request.get_full_path()}")
    row = Exercise.objects.filter(client=client, name=one.name).first()
    told: dict[str, Any] = client.unlock(row.locked) if row else {}
    context: dict[str, Any] = {
        "place": place,
        "shell": place.shell,
        "one": one,
        "title": choose(one.title).text,
        "ask": choose(one.ask).text,
        "items": [(item, choose(text).text, item in told.get("picked", [])) for item, text in one.items.items()],
        "own": told.get("own", ""),
        "said": picked_words(one, told.get("picked", [])),
        "skills": skills_named(one, told) if one.name == "skills" and row else [],
        "done": row is not None,
    }
    return no_store(render(request, "journeys/exercise.html", context))
