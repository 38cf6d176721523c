"""Reads of the workplaces room that more than one caller needs."""

from typing import Any
from uuid import UUID

from opinovi.base.text import choose
from opinovi.network.models import Network, Role
from opinovi.network.standing import standing
from opinovi.workplaces.models import CompetenceSurvey, PlanGoal, SurveyItem, Unit, Workplace

# From this gap on something is to be learned, and from this level on there is something to share.
GAP, STRONG = 0.5, 3.5


def workplace_by_id(workplace_id: UUID) -> Workplace | None:
    return Workplace.objects.select_related("network", "organisation").filter(id=workplace_id).first()


def survey_by_id(survey_id: UUID) -> CompetenceSurvey | None:
    rows = CompetenceSurvey.objects.select_related("workplace__network", "key", "before")
    return rows.filter(id=survey_id).first()


def survey_by_code(code: str) -> CompetenceSurvey | None:
    return CompetenceSurvey.objects.select_related("workplace__network", "key").filter(code=code.lower()).first()


def goal_by_id(goal_id: UUID) -> PlanGoal | None:
    return PlanGoal.objects.select_related("survey__workplace__network").filter(id=goal_id).first()


def workplaces_of(user: Any, network: Network) -> list[Workplace]:
    """Those one represents; all of the network's, to its guides."""
    place = standing(user)
    rows = Workplace.objects.filter(network=network).prefetch_related("surveys")
    if not network.members.filter(id__in=place.organisations(Role.GUIDE)).exists():
        rows = rows.filter(organisation__in=place.organisations(Role.EMPLOYER))
    return list(rows[:300])


def wanted(importance: int) -> int:
    """Which level a competence of an importance, 0 to 3, asks for: 1 to 4."""
    return importance + 1


def rows_of(one: CompetenceSurvey, units: list[Unit]) -> list[dict[str, Any]]:
    """The result, a competence a row, the largest gap in three years first: two queries at most, whatever the size."""
    result: dict[str, Any] = one.result or {"items": {}}
    before = one.before.result if one.before and one.before.result else None
    earlier = keyed(one.before) if one.before and before else {}
    found = []
    for item in one.items.all():
        told = result["items"].get(str(item.id), {"all": None, "units": {}})
        level = told["all"]
        was = before["items"].get(earlier.get(item.key, ""), {}).get("all") if before else None
        found.append(
            {
                "item": item,
                "name": choose(item.name).text,
                "level": level,
                "gap_now": gap(item.now, level),
                "gap": gap(item.later, level),
                "tone": tone(item, level),
                "strong": level is not None and level >= STRONG,
                "was": was,
                "change": None if was is None or level is None else level - was,
                "units": [{"unit": unit, "level": (cell := told["units"].get(str(unit.id))), "tone": tone(item, cell)}
                          for unit in units],
            }
        )  # fmt: skip
    return sorted(found, key=lambda row: (-(row["gap"] or 0), row["item"].position))


def keyed(one: CompetenceSurvey) -> dict[str, str]:
    return {key: str(item) for key, item in SurveyItem.objects.filter(survey=one).values_list("key", "id")}


def gap(importance: int, level: float | None) -> float | None:
    """How many levels are missing; none where there are enough, and None where nothing is told."""
    return None if level is None else max(0.0, wanted(importance) - level)


def tone(item: SurveyItem, level: float | None) -> str:
    """How the cell looks: nothing told, enough, nearly, missing."""
    missing = gap(item.later, level)
    if missing is None:
        return "unknown"
    return "enough" if missing < GAP else "nearly" if missing < 1.5 else "missing"
