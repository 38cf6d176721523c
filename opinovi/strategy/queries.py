"""Reads of strategy work that more than one page needs."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from opinovi.base.clock import today
from opinovi.network.models import Network
from opinovi.practices.models import Practice, PracticeState
from opinovi.strategy.models import (
    Action,
    ActionState,
    Gap,
    Measure,
    Meeting,
    Objective,
    Reading,
    Review,
    Strategy,
    StrategyState,
    StrategyVersion,
    Theme,
)
from opinovi.strategy.words import ACTIONS, SOURCES, amount, state_words


def strategy_in_force(network: Network | None) -> Strategy | None:
    if network is None:
        return None
    rows = Strategy.objects.filter(network=network, state=StrategyState.PUBLISHED)
    return rows.select_related("published", "network").first()


@dataclass
class MeasureSeen:
    """A measure with its readings in order, its newest value in words, and the points of its chart."""

    measure: Measure
    readings: list[Reading]
    newest: str
    on: Any
    baseline: str
    target: str
    # "better", "worse", "same" or "" from the baseline to the newest; and whether the target is reached.
    way: str = ""
    reached: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def points(self) -> list[tuple[int, int]]:
        """Day and value of each reading that has a value; the baseline first."""
        found = [(one.on.toordinal(), one.value) for one in self.readings if one.value is not None]
        base = self.measure
        if base.baseline is not None and base.baseline_on is not None:
            found.append((base.baseline_on.toordinal(), base.baseline))
        return sorted(dict(found).items())


def seen(measure: Measure) -> MeasureSeen:
    """A measure as pages show it; its readings must be prefetched."""
    readings = list(measure.readings.all())
    last = next((one for one in reversed(readings) if one.value is not None), None)
    value = last.value if last else None
    found = MeasureSeen(
        measure, readings, amount(value, measure.unit), last.on if last else None,
        amount(measure.baseline, measure.unit) if measure.baseline is not None else "",
        amount(measure.target, measure.unit) if measure.target is not None else "",
    )  # fmt: skip
    if value is not None and measure.baseline is not None:
        better = (value < measure.baseline) == measure.smaller_is_better
        found.way = "same" if value == measure.baseline else "better" if better else "worse"
    if value is not None and measure.target is not None:
        found.reached = value <= measure.target if measure.smaller_is_better else value >= measure.target
    found.rows = [
        {"on": one.on, "value": amount(one.value, measure.unit), "source": one.source, "by_hand": one.by_id is not None}
        for one in reversed(readings)
    ]
    return found


def action_row(one: Action) -> dict[str, Any]:
    return {"action": one, "late": one.late(), **state_words(ACTIONS, one.state)}


def whole_themes(strategy: Strategy) -> list[Theme]:
    """Themes, objectives, measures with readings, actions with who is responsible, and practices: six queries."""
    actions = Action.objects.select_related("organisation", "member__person").order_by("ends", "id")
    objectives = Objective.objects.order_by("position", "id").prefetch_related(
        Prefetch("measures", Measure.objects.prefetch_related("readings")),
        Prefetch("actions", actions),
        Prefetch("practices", Practice.objects.filter(state=PracticeState.PUBLISHED).only("id", "name")),
    )
    return list(strategy.themes.prefetch_related(Prefetch("objectives", objectives)))


def themes_in_outline(strategy: Strategy) -> list[Theme]:
    """Themes, objectives with how many actions each has and in which state, measures with readings: four queries."""
    late = Q(actions__state__in=[ActionState.PLANNED, ActionState.UNDER_WAY], actions__ends__lt=today())
    counted = Objective.objects.annotate(
        actions_all=Count("actions"),
        actions_done=Count("actions", filter=Q(actions__state=ActionState.DONE)),
        actions_late=Count("actions", filter=late),
    )
    rows = counted.order_by("position", "id").prefetch_related(
        Prefetch("measures", Measure.objects.prefetch_related("readings"))
    )
    return list(strategy.themes.prefetch_related(Prefetch("objectives", rows)))


def progress(actions: list[Action]) -> dict[str, int]:
    """How many actions are in each state, and how many are late."""
    counts = {state.value: 0 for state in ActionState}
    for one in actions:
        counts[one.state] += 1
    day = today()
    return counts | {"late": sum(one.late(day) for one in actions), "all": len(actions)}


def strategy_by_id(strategy_id: UUID) -> Strategy | None:
    return Strategy.objects.select_related("network", "published").filter(id=strategy_id).first()


def theme_by_id(theme_id: UUID) -> Theme | None:
    return Theme.objects.select_related("strategy__network").filter(id=theme_id).first()


def objective_by_id(objective_id: UUID) -> Objective | None:
    return Objective.objects.select_related("theme__strategy__network").filter(id=objective_id).first()


def measure_by_id(measure_id: UUID) -> Measure | None:
    rows = Measure.objects.select_related("objective__theme__strategy__network").prefetch_related("readings")
    return rows.filter(id=measure_id).first()


def action_by_id(action_id: UUID) -> Action | None:
    rows = Action.objects.select_related(
        "objective__theme__strategy__network", "organisation", "member__person", "gap", "criterion"
    )
    return rows.filter(id=action_id).first()


def version_by_id(strategy_version_id: UUID) -> StrategyVersion | None:
    rows = StrategyVersion.objects.select_related("strategy__network", "by__person")
    return rows.filter(id=strategy_version_id).first()


def review_by_id(review_id: UUID) -> Review | None:
    return Review.objects.select_related("strategy__network").filter(id=review_id).first()


def meeting_by_id(meeting_id: UUID) -> Meeting | None:
    return Meeting.objects.select_related("network").filter(id=meeting_id).first()


def gap_by_id(gap_id: UUID) -> Gap | None:
    return Gap.objects.select_related("network", "by__person").filter(id=gap_id).first()


def source_words(measure: Measure) -> str:
    return str(SOURCES[measure.source])
