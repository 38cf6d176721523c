"""Reads of guidance at workplaces: days, groups, buddies, changes and places; and what stands at a workplace's own
door."""

from typing import Any
from uuid import UUID

from opinovi.base.clock import now, today
from opinovi.base.text import choose
from opinovi.contact.availability import free_times, rules_of
from opinovi.contact.booking import by_day
from opinovi.contact.groups import card
from opinovi.directory.models import GroupSession, State
from opinovi.network.queries import address_in
from opinovi.workplaces.fields import package
from opinovi.workplaces.models import (
    Change,
    ChangeStep,
    CompetenceSurvey,
    LearningBuddy,
    Placement,
    SurveyState,
    VisitDay,
    Workplace,
    WorkplaceSession,
)

VISIT_DAYS = 120


def workplace_by_code(code: str) -> Workplace | None:
    return Workplace.objects.select_related("network").filter(code=code.lower()).first()


def visit_by_id(visit_id: UUID) -> VisitDay | None:
    rows = VisitDay.objects.select_related(
        "workplace__network", "rule__team__organisation", "rule__member", "rule__service"
    )
    return rows.filter(id=visit_id).first()


def session_of_workplace(session_id: UUID) -> WorkplaceSession | None:
    rows = WorkplaceSession.objects.select_related("workplace__network", "session__team__organisation")
    return rows.filter(session=session_id).first()


def buddy_by_id(buddy_id: UUID) -> LearningBuddy | None:
    return LearningBuddy.objects.select_related("workplace__network", "unit", "session").filter(id=buddy_id).first()


def change_by_id(workplace_change_id: UUID) -> Change | None:
    return Change.objects.select_related("workplace__network").filter(id=workplace_change_id).first()


def change_step_by_id(change_step_id: UUID) -> ChangeStep | None:
    return ChangeStep.objects.select_related("change__workplace__network").filter(id=change_step_id).first()


def placement_by_id(placement_id: UUID) -> Placement | None:
    rows = Placement.objects.select_related("workplace__network", "service__organisation")
    return rows.defer("service__source_record").filter(id=placement_id).first()


def door_address(one: Workplace) -> str:
    return address_in(one.network, "workplace-door", [one.code])


def visits_ahead(one: Workplace) -> list[VisitDay]:
    rows = one.visits.filter(day__gte=today(), cancelled_at=None)
    return list(rows.select_related("rule__member__person", "rule__team__organisation"))


def times_at(one: Workplace) -> list[dict[str, Any]]:
    """The free times of guides' days at a workplace, by day."""
    rules = rules_of(True, id__in=one.visits.filter(day__gte=today(), cancelled_at=None).values("rule"))
    return by_day(free_times(rules, days=VISIT_DAYS))


def sessions_of(one: Workplace, ahead: bool = True) -> list[dict[str, Any]]:
    rows = GroupSession.objects.filter(id__in=one.sessions.values("session"))
    rows = rows.filter(ends_at__gt=now(), state=State.PUBLISHED) if ahead else rows.filter(ends_at__lte=now())
    return [card(each) for each in rows.select_related("organisation").order_by("starts_at")[:50]]


def open_surveys(one: Workplace) -> list[CompetenceSurvey]:
    """Those that are answered by the code on the wall: a slip of paper brings its own."""
    return list(one.surveys.filter(state=SurveyState.OPEN, by_slip=False, closes_on__gte=today()))


def change_doors(language: str) -> list[dict[str, Any]]:
    """The doors of the ready package: {"words", "lang", "topics"} each."""
    found = []
    for door in package()["doors"]:
        words = choose(door["name"], language)
        found.append({"words": words.text, "lang": words.lang, "topics": door["topics"]})
    return found


def step_words(one: ChangeStep) -> str:
    """What is done: as somebody wrote it, else as the package says."""
    told = package()["steps"].get(one.key)
    return one.text or (choose(told["name"]).text if told else one.key)
