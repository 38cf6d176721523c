"""The plan: the client's goals and steps. Both client and guide write; every change is kept in its history."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.directory.hours import ZONE
from opinovi.directory.models import GroupSession, Offering, Service
from opinovi.journeys.access import own_client_id, sight
from opinovi.journeys.actions.clients import hold, moved
from opinovi.journeys.actions.letters import drop_letters, tell_client
from opinovi.journeys.models import Client, Exercise, Goal, PlanLine, Step
from opinovi.journeys.models.consents import Piece
from opinovi.journeys.models.plans import GoalState, StepState
from opinovi.network.models import Member, Person

REMIND_AT = time(9)
MOST_GOALS, MOST_STEPS = 20, 40


class Changed(ValidationError):
    """Somebody else changed it meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Joku muutti tätä juuri. Katso uusi teksti ja muuta sitten."))


@dataclass(frozen=True)
class StepTold:
    """What a step says."""

    text: str
    due: date | None = None
    service: Service | None = None
    offering: Offering | None = None
    session: GroupSession | None = None
    remind: bool = False
    remind_days: int = 1


def writing(by: Person, client: Client) -> tuple[Client, Member | None]:
    """The client held, and the guide's place where it is a guide who writes. Raises PermissionDenied."""
    client = hold(client)
    if own_client_id(by) == client.id:
        return client, None
    require("journeys.see_client", by, client)
    seen = sight(by, client)
    if not seen.has(Piece.PLAN):
        raise ValidationError(_("Asiakas ei ole antanut lupaa nähdä suunnitelmaansa."))
    return client, Member.objects.filter(person=by, ended_at=None, organisation__in=seen.organisations).first()


def tell_history(client: Client, member: Member | None, what: str, before: Any, after: Any, **of: UUID) -> None:
    line = {"what": what, "before": before, "after": after}
    locked = client.lock({name: value for name, value in line.items() if value})
    PlanLine.objects.create(client=client, member=member, locked=locked, **of)
    moved(client)


@transaction.atomic
def add_goal(by: Person, client: Client, text: str, steps: tuple[str, ...] = ()) -> Goal:
    """A goal in the client's own words, with steps where it comes from a template."""
    client, member = writing(by, client)
    text = needed(text)
    if client.goals.count() >= MOST_GOALS:
        raise ValidationError(_("Tavoitteita on jo paljon. Merkitse vanha saavutetuksi tai poista se."))
    place = (client.goals.aggregate(last=Max("place"))["last"] or 0) + 1
    goal = Goal.objects.create(client=client, locked=client.lock(text), place=place)
    tell_history(client, member, "goal", "", text, goal_id=goal.id)
    for number, one in enumerate(steps, 1):
        Step.objects.create(goal=goal, locked=client.lock({"text": one}), place=number)
    record("add_goal", "client", client.id, str(by.id), goal=str(goal.id), steps=len(steps))
    return goal


def needed(text: str) -> str:
    text = mask(text)[0].strip()
    if not text:
        raise ValidationError({"text": _("Kirjoita omin sanoin.")})
    return text[:500]


@transaction.atomic
def change_goal(by: Person, goal: Goal, text: str, state: str = GoalState.OPEN) -> None:
    client, member = writing(by, goal.client)
    goal = Goal.objects.select_for_update().get(id=goal.id)
    before, text = client.unlock(goal.locked), needed(text)
    goal.locked, goal.state = client.lock(text), state if state in GoalState.values else goal.state
    goal.save()
    tell_history(client, member, "goal", before, f"{text}", goal_id=goal.id)
    record("change_goal", "client", client.id, str(by.id), goal=str(goal.id), state=goal.state)


@transaction.atomic
def add_step(by: Person, goal: Goal, told: StepTold) -> Step:
    client, member = writing(by, goal.client)
    if goal.steps.count() >= MOST_STEPS:
        raise ValidationError(_("Askelia on jo paljon. Tee ensin jokin niistä."))
    step = Step(goal=goal, place=(goal.steps.aggregate(last=Max("place"))["last"] or 0) + 1)
    put(step, client, told)
    step.save()
    set_reminder(client, step)
    tell_history(client, member, "step", "", told.text, goal_id=goal.id, step_id=step.id)
    record("add_step", "client", client.id, str(by.id), step=str(step.id))
    return step


def put(step: Step, client: Client, told: StepTold) -> None:
    step.locked = client.lock({"text": needed(told.text)})
    step.due, step.service, step.offering, step.session = told.due, told.service, told.offering, told.session
    step.remind = "on" if told.remind and told.due else ""
    step.remind_days = max(0, min(told.remind_days, 60))


@transaction.atomic
def change_step(by: Person, step: Step, told: StepTold, version: int) -> None:
    """Raises Changed where it is not the version that was being changed."""
    client, member = writing(by, step.goal.client)
    step = Step.objects.select_for_update(of=("self",)).select_related("goal").get(id=step.id)
    if step.version != version:
        raise Changed
    before = client.unlock(step.locked)["text"]
    put(step, client, told)
    step.version += 1
    step.save()
    set_reminder(client, step)
    tell_history(client, member, "step", before, told.text, goal_id=step.goal_id, step_id=step.id)
    record("change_step", "client", client.id, str(by.id), step=str(step.id))


@transaction.atomic
def mark_step(by: Person, step: Step, state: str, why: str = "", due: date | None = None) -> None:
    """Done, ahead again, postponed to another day, or dropped with a why."""
    client, member = writing(by, step.goal.client)
    step = Step.objects.select_for_update(of=("self",)).select_related("goal").get(id=step.id)
    if state not in StepState.values:
        raise ValidationError(_("Valitse, mitä askeleelle tapahtui."))
    if state == step.state and state != StepState.POSTPONED:
        return
    if state == StepState.POSTPONED and (due is None or due < today()):
        raise ValidationError({"due": _("Valitse uusi päivä.")})
    told = client.unlock(step.locked)
    told = {"text": told["text"]} | ({"why": mask(why)[0]} if why else {})
    step.locked, step.state = client.lock(told), state
    step.done_at = now() if state == StepState.DONE else None
    step.due = due if state == StepState.POSTPONED else step.due
    step.version += 1
    step.save()
    set_reminder(client, step)
    tell_history(client, member, state, told["text"], why, goal_id=step.goal_id, step_id=step.id)
    record("mark_step", "client", client.id, str(by.id), step=str(step.id), state=state)


def set_reminder(client: Client, step: Step) -> None:
    """The reminder that the client chose, so many days before; earlier ones are not sent."""
    drop_letters(client, f"step {step.id}")
    if not step.remind or step.due is None or step.state not in (StepState.AHEAD, StepState.POSTPONED):
        return
    at = datetime.combine(step.due - timedelta(days=step.remind_days), REMIND_AT, ZONE)
    if at > now():
        tell_client(client, f"step {step.id} {step.version}", "my-plan", [], not_before=at)


@transaction.atomic
def save_exercise(by: Person, client: Client, name: str, picked: list[str], own: str) -> None:
    client, _member = writing(by, client)
    locked = client.lock({"picked": picked[:60], "own": mask(own)[0][:500]})
    Exercise.objects.update_or_create(client=client, name=name, defaults={"locked": locked, "at": now()})
    record("do_exercise", "client", client.id, str(by.id), exercise=name)
