"""A change ahead of a workplace, dismissals perhaps: a ready package of steps, seen through together."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Person
from opinovi.workplaces.actions.cases import team_of
from opinovi.workplaces.actions.surveys import acting
from opinovi.workplaces.fields import package
from opinovi.workplaces.models import Change, ChangeStep, Unit, Workplace

MOST_STEPS = 60


@transaction.atomic
def begin_change(
    by: Person, workplace: Workplace, *, name: str, begins: date, people: int | None, units: list[Unit]
) -> Change:
    """Begin, with the steps of the ready package on their days; the network's workplace team is told."""
    require("workplaces.take_part", by, workplace)
    if any(unit.workplace_id != workplace.id for unit in units):
        raise ValidationError({"units": _("Yksikkö on toisesta työpaikasta.")})
    one = Change.objects.create(
        workplace=workplace, name=mask(name)[0].strip()[:120], begins=begins, people=people, by=acting(by, workplace)
    )
    one.units.set(units)
    ChangeStep.objects.bulk_create(
        ChangeStep(change=one, key=key, by_day=max(today(), begins + timedelta(days=told["days"])))
        for key, told in package()["steps"].items()
    )
    record("begin", "change", one.id, str(by.id))
    tell_members(team_of(workplace.network), f"change {one.id}", "change", [one.id], by.id)
    return one


@transaction.atomic
def save_change(by: Person, one: Change, *, told: bool, ended: bool = False) -> None:
    """Whether the workplace's own door tells of it, which it may once the people know; and whether it is over."""
    require("workplaces.see_change", by, one)
    one = Change.objects.select_for_update(of=("self",)).get(id=one.id)
    one.told, one.ended_at = told and not ended, now() if ended else None
    one.save()
    record("end" if ended else "tell" if told else "keep_quiet", "change", one.id, str(by.id))


@transaction.atomic
def save_step(by: Person, change: Change, one: ChangeStep | None, *, text: str, who: str, by_day: date) -> ChangeStep:
    """Another step, or who sees to one and by when. A step of the package keeps its own words where none are given."""
    require("workplaces.see_change", by, change)
    if one is None:
        if change.steps.count() >= MOST_STEPS:
            raise ValidationError(_("Askelia on jo liikaa."))
        one = ChangeStep(change=change)
    one.text, one.who = mask(text)[0].strip()[:300], mask(who)[0].strip()[:120]
    if not one.text and not one.key:
        raise ValidationError({"text": _("Kirjoita, mitä tehdään.")})
    if one.by_day != by_day:
        one.by_day, one.reminded_at = by_day, None
    one.save()
    record("save", "change_step", one.id, str(by.id))
    return one


@transaction.atomic
def mark_step(by: Person, one: ChangeStep, done: bool) -> None:
    require("workplaces.see_change", by, one.change)
    one = ChangeStep.objects.select_for_update(of=("self",)).get(id=one.id)
    one.done_at = now() if done else None
    one.save()
    record("finish" if done else "reopen", "change_step", one.id, str(by.id))


# By the worker


def remind_steps() -> None:
    """Once of each step whose day has gone by: the network's workplace team."""
    late = ChangeStep.objects.filter(done_at=None, reminded_at=None, by_day__lt=today(), change__ended_at=None)
    for one in late.select_related("change__workplace__network")[:500]:
        with transaction.atomic():
            if not ChangeStep.objects.filter(id=one.id, reminded_at=None).update(reminded_at=now()):
                continue
            tell_members(
                team_of(one.change.workplace.network), f"change step {one.id} {one.by_day}", "change", [one.change_id]
            )
            record("remind", "change_step", one.id)
