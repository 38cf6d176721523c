"""Which times of which guides are free: the rules, absences, bookings and busy calendars read together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, UUIDField, Value

from opinovi.base.clock import now
from opinovi.contact.free_times import Offered, cell_of, cells, free_on, is_free, moment_of
from opinovi.contact.models import Busy, Taken, TimeRule
from opinovi.contact.models.appointments import CELL_MINUTES
from opinovi.directory.hours import ZONE
from opinovi.network.models import Absence, Member, Role, Team


@dataclass(frozen=True)
class FreeTime:
    """A time that can be booked: when, by which rule, with whom."""

    begins: datetime
    rule: TimeRule
    member: UUID


@dataclass
class Diary:
    """What is known of guides' time between two days: cells that are taken, and how many times they have by day."""

    taken: dict[UUID, set[int]] = field(default_factory=lambda: defaultdict(set))
    booked: dict[UUID, dict[date, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    # Who stands in for whom on which day; None where nobody does.
    away: dict[UUID, list[tuple[date, date, UUID | None]]] = field(default_factory=lambda: defaultdict(list))

    # On which days a guide sits at a workplace: they have no other times then.
    elsewhere: dict[UUID, set[date]] = field(default_factory=lambda: defaultdict(set))

    def on(self, member: UUID, day: date, by_code: bool = False) -> UUID | None:
        """Who takes a guide's times on a day: the guide, their substitute, or nobody."""
        if not by_code and day in self.elsewhere.get(member, ()):
            return None
        for begins, ends, substitute in self.away.get(member, ()):
            if begins <= day <= ends:
                return substitute
        return member


def offered(rule: TimeRule) -> Offered:
    return Offered(
        rule.hours,
        rule.begins,
        rule.ends,
        rule.minutes,
        rule.buffer_minutes,
        rule.notice_hours,
        rule.ahead_days,
        rule.per_day,
    )


def rules_of(by_code: bool | None = False, **where: Any) -> list[TimeRule]:
    """Rules that still offer something, with who may take their times: three queries. Those of a workplace's code only
    where they are asked for: `by_code`, or None for either."""
    if by_code is not None:
        where["by_code"] = by_code
    day = now().astimezone(ZONE).date()
    guides = Member.objects.filter(roles__role=Role.GUIDE, ended_at=None, person__is_active=True).distinct()
    rows = TimeRule.objects.filter(Q(ends=None) | Q(ends__gte=day), **where)
    rows = rows.select_related("team", "service", "point").defer("service__source_record", "point__source_record")
    return list(rows.prefetch_related(Prefetch("team__members", guides, to_attr="guides")))


def members_of(rule: TimeRule) -> list[UUID]:
    """Whose times a rule offers; a guide who has left offers none."""
    there = [one.id for one in rule.team.guides]  # type: ignore[attr-defined]
    if rule.member_id is None:
        return there
    return [rule.member_id] if rule.member_id in there else []


def diary_of(members: Iterable[UUID], first: date, last: date) -> Diary:
    """The diaries of guides, and of those who stand in for them, over some days: three queries."""
    found, wanted = Diary(), set(members)
    rows = Absence.objects.filter(member__in=wanted, ends__gte=first, begins__lte=last).order_by()
    # In the same query, the days when they sit at a workplace.
    sitting = TimeRule.objects.filter(by_code=True, member__in=wanted, begins__gte=first, begins__lte=last).order_by()
    nobody = Value(None, output_field=UUIDField())
    away = rows.values_list("member", "begins", "ends", "substitute", Value(False))
    for member, begins, ends, substitute, by_code in away.union(
        sitting.values_list("member", "begins", "begins", nobody, Value(True)), all=True
    ):
        if by_code:
            found.elsewhere[member].add(begins)
            continue
        found.away[member].append((begins, ends, substitute))
        if substitute:
            wanted.add(substitute)
    begin = datetime.combine(first, time(), ZONE)
    end = datetime.combine(last + timedelta(days=2), time(), ZONE)
    cells_between = Taken.objects.filter(person__places__in=wanted, cell__gte=cell_of(begin), cell__lt=cell_of(end))
    first_cells: dict[tuple[UUID, UUID], int] = {}
    for member, cell, appointment in cells_between.values_list("person__places", "cell", "appointment"):
        found.taken[member].add(cell)
        if appointment is not None:
            first_cells[member, appointment] = min(cell, first_cells.get((member, appointment), cell))
    for (member, _appointment), cell in first_cells.items():
        found.booked[member][moment_of(cell).astimezone(ZONE).date()] += 1
    busy = Busy.objects.filter(person__places__in=wanted, ends_at__gt=begin, begins_at__lt=end)
    for member, busy_from, busy_until in busy.values_list("person__places", "begins_at", "ends_at"):
        last_cell = cell_of(min(busy_until, end) - timedelta(seconds=1))
        found.taken[member] |= set(range(cell_of(max(busy_from, begin)), last_cell + 1))
    return found


def free_times(
    rules: list[TimeRule],
    mode: str = "",
    language: str = "",
    point: UUID | None = None,
    days: int = 14,
    most: int = 200,
) -> list[FreeTime]:
    """The free times of some rules from today on, the first ones first; each moment once."""
    fitting = [
        rule
        for rule in rules
        if (not mode or mode in rule.modes)
        and (not language or language in rule.languages)
        and (point is None or rule.point_id == point)
    ]
    return first_free(fitting, now().astimezone(ZONE).date(), days, most)


def first_free(rules: list[TimeRule], first: date, days: int, most: int) -> list[FreeTime]:
    """The free times of these rules over so many days, at most so many."""
    at, last = now(), first + timedelta(days=days - 1)
    if not rules:
        return []
    diary = diary_of({member for rule in rules for member in members_of(rule)}, first, last)
    found: dict[datetime, FreeTime] = {}
    for number in range(days):
        day = first + timedelta(days=number)
        for rule in rules:
            for member in members_of(rule):
                taker = diary.on(member, day, rule.by_code)
                if taker is None:
                    continue
                for start in free_on(offered(rule), day, at, diary.taken[taker], diary.booked[taker]):
                    found.setdefault(start, FreeTime(start, rule, taker))
        if len(found) >= most:
            break
    return [found[start] for start in sorted(found)][:most]


def takers(rule: TimeRule, start: datetime, waiting: UUID | None = None) -> list[UUID]:
    """The guides with whom a very time of a rule is free now. `waiting` lets one take what is held for them."""
    day = start.astimezone(ZONE).date()
    diary = diary_of(members_of(rule), day, day)
    if waiting is not None:
        for member, cell in Taken.objects.filter(waiting=waiting).values_list("person__places", "cell"):
            diary.taken[member].discard(cell)
    free = []
    for member in members_of(rule):
        taker = diary.on(member, day, rule.by_code)
        if taker is None:
            continue
        if is_free(offered(rule), start, now(), diary.taken[taker], diary.booked[taker]):
            free.append(taker)
    # The one with the fewest times that day first, so that work is shared.
    return sorted(dict.fromkeys(free), key=lambda one: (diary.booked[one][day], one))


def rules_of_both(first: Member, second: Member) -> list[TimeRule]:
    """The rules of two guides' teams."""
    return rules_of(team__in=Team.objects.filter(members__in=[first.id, second.id]))


def common_times(
    first: Member, second: Member, rules: list[TimeRule], minutes: int, days: int, most: int = 60
) -> list[datetime]:
    """Times of so many minutes when two guides, also of two organisations, are both free by their own rules."""
    at = now()
    day_one = at.astimezone(ZONE).date()
    diary = diary_of([first.id, second.id], day_one, day_one + timedelta(days=days))
    found: list[datetime] = []
    for number in range(days):
        day = day_one + timedelta(days=number)
        open_cells = [open_to(one.id, rules, day, at, diary) for one in (first, second)]
        both = sorted(open_cells[0] & open_cells[1])
        need = -(-minutes // CELL_MINUTES)
        position = 0
        while position + need <= len(both):
            if both[position + need - 1] - both[position] == need - 1:
                found.append(moment_of(both[position]).astimezone(ZONE))
                position += need
            else:
                position += 1
        if len(found) >= most:
            break
    return found[:most]


def open_to(member: UUID, rules: list[TimeRule], day: date, at: datetime, diary: Diary) -> set[int]:
    """The cells of a day in which a guide can be booked by any of their rules."""
    if diary.on(member, day) != member:
        return set()
    found: set[int] = set()
    for rule in rules:
        if member in members_of(rule):
            one = offered(rule)
            for start in free_on(one, day, at, diary.taken[member], diary.booked[member]):
                found |= set(cells(start, one.minutes + one.buffer))
    return found - diary.taken[member]
