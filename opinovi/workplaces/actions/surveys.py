"""A survey is made, opened, closed and counted; its plan is kept."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django_tasks import task

from opinovi.base import door_code
from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask, masked_texts
from opinovi.base.models import DataKey
from opinovi.contact.return_code import hash_of, new_code
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Member, Network, Person, Role
from opinovi.network.standing import standing
from opinovi.workplaces.actions.representatives import representatives
from opinovi.workplaces.fields import items_of
from opinovi.workplaces.models import (
    CompetenceSurvey,
    PlanGoal,
    PlanState,
    SurveyItem,
    SurveySheet,
    SurveyState,
    SurveyWords,
    Unit,
    WordState,
    Workplace,
)
from opinovi.workplaces.release import release

MOST_ITEMS, MOST_UNITS, MOST_SLIPS = 60, 50, 10_000
LONGEST = timedelta(days=120)
YEAR = 365


def acting(by: Person, workplace: Workplace) -> Member:
    """The place by which somebody acts for a workplace: its representative's, or a guide's in its network."""
    held = [one.member for one in standing(by).counting if one.role in (Role.EMPLOYER, Role.GUIDE)]
    there = Q(organisation=workplace.organisation_id) | Q(organisation__networks=workplace.network_id)
    found = Member.objects.filter(there, id__in=held).order_by("since").first()
    if found is None:
        raise ValidationError(_("Et voi hoitaa tätä."))
    return found


@transaction.atomic
def save_workplace(
    by: Person, network: Network, one: Workplace | None, *, name: str, municipality: str, people: int | None,
    units: list[str],
) -> Workplace:  # fmt: skip
    """Write a workplace down, or change it. A unit that is not named any more is asked of no more; what it said
    stays."""
    require("workplaces.serve" if one is None else "workplaces.take_part", by, one or network)
    names = [text for line in units if (text := mask(line)[0].strip()[:80])]
    if len(names) > MOST_UNITS:
        raise ValidationError({"units": _("Enintään %(n)d yksikköä.") % {"n": MOST_UNITS}})
    if len({text.lower() for text in names}) != len(names):
        raise ValidationError({"units": _("Kahdella yksiköllä on sama nimi.")})
    if one is None:
        one = Workplace(network=network)
        one.by = acting(by, one)
        one.code = door_code.new_code()
    else:
        one = Workplace.objects.select_for_update(of=("self",)).get(id=one.id)
    one.name, one.municipality, one.people = mask(name)[0].strip()[:120], municipality, people
    one.save()
    there = {unit.name.lower(): unit for unit in one.units.all()}
    for position, text in enumerate(names):
        unit = there.pop(text.lower(), None) or Unit(workplace=one)
        unit.name, unit.position, unit.retired_at = text, position, None
        unit.save()
    Unit.objects.filter(id__in=[unit.id for unit in there.values()]).update(retired_at=now())
    record("save", "workplace", one.id, str(by.id))
    return one


@transaction.atomic
def make_survey(
    by: Person, workplace: Workplace, name: dict[str, str], field: str = "", before: CompetenceSurvey | None = None
) -> CompetenceSurvey:
    """Begin a survey: from a ready one of a field, or as last time."""
    require("workplaces.take_part", by, workplace)
    one = CompetenceSurvey(workplace=workplace, name=masked_texts(name), before=before, by=acting(by, workplace))
    one.code = door_code.new_code()
    one.key = DataKey.objects.create()
    one.save()
    if before is not None:
        rows: list[dict[str, Any]] = [
            {"key": item.key, "name": item.name, "now": item.now, "later": item.later, "topics": item.topics}
            for item in before.items.all()
        ]
    else:
        rows = items_of(field) if field else []
    SurveyItem.objects.bulk_create(SurveyItem(survey=one, position=place, **row) for place, row in enumerate(rows))
    one.units.set(workplace.units.filter(retired_at=None))
    record("make", "survey", one.id, str(by.id), field=field)
    return one


def draft(one: CompetenceSurvey) -> CompetenceSurvey:
    """The survey, held, while it may still be changed."""
    rows = CompetenceSurvey.objects.select_for_update(of=("self",)).select_related("workplace__network", "key")
    held = rows.get(id=one.id)
    if held.state != SurveyState.DRAFT:
        raise ValidationError(_("Kartoitus on jo avattu, eikä sitä voi enää muuttaa."))
    return held


@transaction.atomic
def save_items(by: Person, one: CompetenceSurvey, rows: list[dict[str, Any]]) -> None:
    """What is asked: [{"key", "name", "now", "later", "topics"}], in their order."""
    require("workplaces.take_part", by, one)
    one = draft(one)
    if not 1 <= len(rows) <= MOST_ITEMS:
        raise ValidationError(_("Kysy vähintään yhtä ja enintään %(n)d osaamista.") % {"n": MOST_ITEMS})
    if any(not row["name"].get("fi") for row in rows):
        raise ValidationError(_("Kirjoita jokaisen osaamisen nimi suomeksi."))
    one.items.all().delete()
    SurveyItem.objects.bulk_create(
        SurveyItem(survey=one, position=place, **row | {"name": masked_texts(row["name"])})
        for place, row in enumerate(rows)
    )
    record("save", "survey", one.id, str(by.id), items=len(rows))


@transaction.atomic
def add_items(by: Person, one: CompetenceSurvey, rows: list[dict[str, Any]]) -> None:
    """More to ask, after what is asked already; what is, stays as it is."""
    require("workplaces.take_part", by, one)
    one = draft(one)
    there = list(one.items.values_list("key", "position"))
    new = [row for row in rows if row["key"] not in {key for key, _place in there}]
    if len(there) + len(new) > MOST_ITEMS:
        raise ValidationError(_("Kysy vähintään yhtä ja enintään %(n)d osaamista.") % {"n": MOST_ITEMS})
    begin = max((place for _key, place in there), default=-1) + 1
    SurveyItem.objects.bulk_create(
        SurveyItem(survey=one, position=begin + number, **row) for number, row in enumerate(new)
    )
    record("save", "survey", one.id, str(by.id), items=len(there) + len(new))


@transaction.atomic
def open_survey(by: Person, one: CompetenceSurvey, closes_on: date, slips: int = 0) -> list[str]:
    """Let people answer, until a day. With slips, each is good for one answer; their codes are returned, and kept
    nowhere: they are printed now."""
    require("workplaces.take_part", by, one)
    one = draft(one)
    if not one.items.exists():
        raise ValidationError(_("Lisää ensin, mitä kysytään."))
    if not today() < closes_on <= today() + LONGEST:
        raise ValidationError({"closes_on": _("Valitse tuleva päivä, enintään neljän kuukauden päästä.")})
    if slips > MOST_SLIPS:
        raise ValidationError({"slips": _("Enintään %(n)d lappua.") % {"n": MOST_SLIPS}})
    one.closes_on, one.by_slip = closes_on, slips > 0
    one.opened()
    one.save()
    codes = [new_code() for _number in range(slips)]
    SurveySheet.objects.bulk_create(
        (SurveySheet(survey=one, secret_hash=hash_of(code)) for code in codes), batch_size=500
    )
    record("open", "survey", one.id, str(by.id), slips=slips)
    return codes


@transaction.atomic
def close_survey(by: Person | None, one: CompetenceSurvey) -> None:
    """No more answers. What was not sent is forgotten; a worker counts the rest. By the worker when the day is over."""
    if by is not None:
        require("workplaces.take_part", by, one)
    one = CompetenceSurvey.objects.select_for_update(of=("self",)).get(id=one.id)
    if one.state != SurveyState.OPEN:
        raise ValidationError(_("Tämä ei käy enää. Joku on jo muuttanut tilaa."))
    one.closed()
    one.save()
    one.sheets.all().delete()
    count_later.enqueue(str(one.id))
    record("close", "survey", one.id, str(by.id) if by else "")


@task()
def count_later(survey_id: str) -> None:
    found = CompetenceSurvey.objects.filter(id=survey_id, state=SurveyState.CLOSED).first()
    if found is not None:
        count(found)


@transaction.atomic
def count(one: CompetenceSurvey) -> None:
    """Keep what may be shown, and delete the answers: nothing more can be asked of them, by anybody, ever."""
    one = CompetenceSurvey.objects.select_for_update(of=("self",)).select_related("key").get(id=one.id)
    if one.state != SurveyState.CLOSED or one.key is None:
        return
    said = [one.key.unlock(row.locked) for row in one.answers.all().iterator(chunk_size=1000)]
    items = [str(item.id) for item in one.items.all()]
    units = [str(unit.id) for unit in one.units.all()]
    one.result = release([(told["unit"], told["levels"]) for told in said], items, units)
    one.counted()
    one.save()
    one.answers.all().delete()
    record("count", "survey", one.id)


@transaction.atomic
def judge_words(by: Person, one: SurveyWords, show: bool) -> None:
    """A guide has read what somebody wrote: the employer may see it, or nobody does."""
    require("workplaces.serve", by, one.survey)
    one = SurveyWords.objects.select_for_update(of=("self",)).get(id=one.id)
    one.state = WordState.SHOWN if show else WordState.HIDDEN
    if not show:
        one.locked = ""
    one.save()
    record("show" if show else "hide", "survey_words", one.survey_id, str(by.id))


@transaction.atomic
def save_goal(by: Person, survey: CompetenceSurvey, one: PlanGoal | None, **told: Any) -> PlanGoal:
    """A goal of the development plan: new, or changed."""
    require("workplaces.take_part", by, survey)
    if survey.state != SurveyState.COUNTED:
        raise ValidationError(_("Suunnitelma tehdään tulosten pohjalta."))
    one = one or PlanGoal(survey=survey)
    for name, value in told.items():
        setattr(one, name, mask(value)[0].strip() if isinstance(value, str) else value)
    if not one.text:
        raise ValidationError({"text": _("Kirjoita tavoite.")})
    one.state = one.state if one.state in PlanState.values else PlanState.OPEN
    if one.by_day is None or one.by_day >= today():
        one.reminded_at = None
    one.save()
    record("save", "plan_goal", one.id, str(by.id))
    return one


# By the worker


def speakers(one: CompetenceSurvey) -> list[Member]:
    """Who hears of a survey: the workplace's representatives, else who made it."""
    return representatives(one.workplace) or ([one.by] if one.by.ended_at is None else [])


def remind_of_plans() -> None:
    """Once of each goal whose day has gone by; and a year after a survey, that it can be asked again as last time."""
    late = PlanGoal.objects.filter(state=PlanState.OPEN, reminded_at=None, by_day__lt=today())
    for goal in late.select_related("survey__workplace", "survey__by__person")[:500]:
        with transaction.atomic():
            if PlanGoal.objects.filter(id=goal.id, reminded_at=None).update(reminded_at=now()):
                tell_members(speakers(goal.survey), f"goal {goal.id} {goal.by_day}", "survey", [goal.survey_id])
                record("remind", "plan_goal", goal.id)
    old = CompetenceSurvey.objects.filter(
        state=SurveyState.COUNTED, repeat_told_at=None, closes_on__lt=today() - timedelta(days=YEAR)
    )
    for one in old.select_related("workplace", "by__person")[:500]:
        with transaction.atomic():
            if not CompetenceSurvey.objects.filter(id=one.id, repeat_told_at=None).update(repeat_told_at=now()):
                continue
            if not one.workplace.surveys.filter(made_at__gt=one.made_at).exists():
                tell_members(speakers(one), f"survey {one.id} again", "workplace", [one.workplace_id])
            record("remind", "survey", one.id)
