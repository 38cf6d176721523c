"""Sums of a project: planned and used, by whatever one groups them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Sum

from opinovi.projects.actions.planning import budget_cells
from opinovi.projects.models import Change, Claim, CostModel, CostType, Entry, EntryState, Participant, Period, Project
from opinovi.projects.money import divide, part_of

# Partner, cost type, year, in kind.
Key = tuple[UUID, str, int, bool]
Cells = dict[Key, int]


def used_cells(project: Project, period: Period | None = None, confirmed: bool = False) -> Cells:
    """What was used, cell by cell, in cents, the flat part with it: one query."""
    rows = Entry.objects.filter(period__project=project).exclude(state=EntryState.RETURNED)
    if period is not None:
        rows = rows.filter(period=period)
    if confirmed:
        rows = rows.filter(state=EntryState.CONFIRMED)
    found: Cells = {}
    for house, kind, year, in_kind, cents in rows.values_list(
        "organisation", "cost_type", "day__year", "in_kind"
    ).annotate(n=Sum("cents")):  # fmt: skip
        found[(house, kind, year, in_kind)] = found.get((house, kind, year, in_kind), 0) + cents
    return found | flat_cells(project, found)


def flat_cells(project: Project, used: Cells) -> Cells:
    """The flat part: a share of all staff costs paid in money, rounded once as the funder does, and divided to the
    partners and years by their staff costs, so that it adds up."""
    if project.cost_model != CostModel.FLAT:
        return {}
    staff = {key: cents for key, cents in used.items() if key[1] == CostType.STAFF and not key[3] and cents > 0}
    if not staff:
        return {}
    keys = sorted(staff, key=lambda key: (str(key[0]), key[2]))
    whole = part_of(sum(staff.values()), project.flat_share, project.rounding)
    parts = divide(whole, [staff[key] for key in keys])
    return {(key[0], CostType.FLAT, key[2], False): part for key, part in zip(keys, parts, strict=True) if part}


@dataclass(frozen=True)
class Row:
    """A line of planned and used, in cents."""

    name: Any
    planned: int
    used: int

    @property
    def left(self) -> int:
        return self.planned - self.used

    @property
    def share(self) -> int:
        """Per cent of the plan that is used; a plan of nothing is all used."""
        return round(100 * self.used / self.planned) if self.planned else (100 if self.used else 0)

    @property
    def bar(self) -> int:
        return max(0, min(100, self.share))


def grouped(planned: Cells, used: Cells, by: Callable[[Key], Any], names: dict[Any, Any]) -> list[Row]:
    """Planned against used, grouped by any side of the cells."""
    sums: defaultdict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for at, cells in enumerate((planned, used)):
        for key, cents in cells.items():
            sums[by(key)][at] += cents
    order = [*names, *(key for key in sums if key not in names)]
    return [Row(names.get(key, key), *sums[key]) for key in order if key in sums]


def total(cells: Iterable[int]) -> int:
    return sum(cells)


def planned_cells(project: Project) -> Cells:
    return dict(budget_cells(project))


def project_by_id(project_id: UUID) -> Project | None:
    return Project.objects.select_related("network", "coordinator", "programme").filter(id=project_id).first()


def period_by_id(period_id: UUID) -> Period | None:
    return Period.objects.select_related("project__network").filter(id=period_id).first()


def change_by_id(change_id: UUID) -> Change | None:
    return Change.objects.select_related("project__network").filter(id=change_id).first()


def entry_by_id(entry_id: UUID) -> Entry | None:
    rows = Entry.objects.select_related(
        "period__project__network", "organisation", "member__person", "entered_by__person", "confirmed_by__person"
    )
    return rows.filter(id=entry_id).first()


def claim_by_id(claim_id: UUID) -> Claim | None:
    rows = Claim.objects.select_related("period__project__network", "by__person").defer("sheet", "paper")
    return rows.filter(id=claim_id).first()


def participant_by_id(participant_id: UUID) -> Participant | None:
    rows = Participant.objects.select_related("project__network", "organisation", "key")
    return rows.filter(id=participant_id, key__isnull=False).first()
