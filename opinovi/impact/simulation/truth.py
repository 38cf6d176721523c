"""The truth of the simulated network, worked out from its lives alone: nothing of Events, stories or figures is used
here.

Each indicator is a list of observations: of whom, in which month, of which breakdowns, and what was seen. A value is
then what anybody would work out by hand.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from statistics import median_low
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from opinovi.impact.simulation.lives import Asking, Life, Team, World

HELSINKI = ZoneInfo("Europe/Helsinki")
A_STEP_FORWARD = ("work", "education", "qualification", "plan")
ONLINE = ("web", "chat", "video")


class Seen(NamedTuple):
    """One observation. `part` of `whole`, or a size where `part` is None."""

    month: int
    whose: tuple[str, ...]
    by: dict[str, list[str]]
    part: int | None = None
    whole: int = 1
    size: int = 0


def month(at: datetime) -> int:
    there = at.astimezone(HELSINKI)
    return there.year * 100 + there.month


def whole_hours(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds()) // 3600


class Truth:
    def __init__(self, world: World) -> None:
        self.world = world
        self.made: dict[str, list[Seen]] = {}

    def seen(self, indicator: str) -> list[Seen]:
        if indicator not in self.made:
            self.made[indicator] = list(OBSERVED[indicator](self.world))
        return self.made[indicator]

    def values(self, indicator: str, kind: str, per: int, by: str = "") -> dict[tuple[str, int, str], Fraction]:
        """The value of every scope and month that has one, and of every year (as year × 100), of one breakdown."""
        rows: defaultdict[tuple[str, int, str], list[Seen]] = defaultdict(list)
        for one in self.seen(indicator):
            for scope in one.whose:
                for value in one.by.get(by, []) if by else [""]:
                    for span in (one.month, one.month // 100 * 100):
                        rows[scope, span, value].append(one)
        if kind == "part":
            return self.parts(indicator, rows)
        found = {key: value_of(seen, kind, per) for key, seen in rows.items()}
        return {key: value for key, value in found.items() if value is not None}

    def parts(self, indicator: str, rows: dict[tuple[str, int, str], list[Seen]]) -> dict[Any, Fraction]:
        wholes: defaultdict[tuple[str, int], int] = defaultdict(int)
        for one in self.seen(indicator):
            for scope in one.whose:
                for span in (one.month, one.month // 100 * 100):
                    wholes[scope, span] += 1
        return {key: Fraction(len(seen), wholes[key[0], key[1]]) for key, seen in rows.items()}


def value_of(seen: list[Seen], kind: str, per: int) -> Fraction | None:
    if kind == "median":
        return Fraction(median_low([one.size for one in seen]))
    if kind == "size":
        return Fraction(sum(one.size for one in seen), len(seen))
    part, whole = sum(one.part or 0 for one in seen), sum(one.whole for one in seen)
    if kind == "count":
        return Fraction(part)
    if kind == "sum":
        return Fraction(part, per)
    return Fraction(part, whole * per) if whole else None


def of(world: World, team: Team | None) -> tuple[str, ...]:
    return (world.network, team.house, team.id) if team else (world.network,)


# Questions


def counted(world: World) -> Iterator[tuple[Asking, Team, datetime | None]]:
    """The questions that are somebody's and not unwanted; whose they became, and when they were answered."""
    for one in world.askings:
        if one.merged or (one.suspected and not one.believed) or (one.closed and one.closed[1] == "unwanted"):
            continue
        answered = one.replies[0] if one.replies else None
        if one.written and one.closed and one.closed[1] != "silent":
            answered = one.closed[0]
        yield one, one.handed[1] if one.handed else one.team, answered


def ways(one: Asking) -> dict[str, list[str]]:
    return {"channel": [one.channel], "language": [one.language], "topic": one.topics}


def answer_hours(world: World) -> Iterator[Seen]:
    for one, team, answered in counted(world):
        if answered:
            yield Seen(month(one.at), of(world, team), ways(one), size=whole_hours(one.at, answered))


def answers_kept(world: World) -> Iterator[Seen]:
    """Until 2024 those that nobody answered were left out."""
    for one, team, answered in counted(world):
        if answered or (one.broken and month(one.at) >= 202501):
            kept = bool(answered) and one.broken is None
            yield Seen(month(one.at), of(world, team), ways(one), part=int(kept))


def contacts(world: World) -> Iterator[tuple[str, int, tuple[str, ...], dict[str, list[str]]]]:
    """Everybody who was helped by somebody: how, when, by whom."""
    for one, team, answered in counted(world):
        if answered:
            yield one.channel, month(one.at), of(world, team), ways(one)
    for booking in world.bookings:
        if booking.marks and booking.marks[-1][1] == "meet":
            day = booking.moved[1] if booking.moved else booking.day
            team = booking.moved[2] if booking.moved else booking.team
            by = {"language": [booking.language], "channel": [booking.mode]}
            yield booking.mode, day.year * 100 + day.month, of(world, team), by
    for group in world.groups:
        if group.for_staff:
            continue
        for (_who, number), marks in group.marks.items():
            if marks[-1][1]:
                way, day = "video" if group.online else "group", group.days[number]
                yield way, day.year * 100 + day.month, of(world, group.team), {"channel": [way]}


def digital_reach(world: World) -> Iterator[Seen]:
    for way, at, whose, by in contacts(world):
        yield Seen(at, whose, by, part=int(way in ONLINE))


def face_reach(world: World) -> Iterator[Seen]:
    for way, at, whose, by in contacts(world):
        yield Seen(at, whose, by, part=int(way in ("visit", "group")))


def booked_wait(world: World) -> Iterator[Seen]:
    for one in world.bookings:
        day = one.moved[1] if one.moved else one.day
        team = one.moved[2] if one.moved else one.team
        waited = (day - one.at.astimezone(HELSINKI).date()).days
        yield Seen(month(one.at), of(world, team), {"channel": [one.mode], "language": [one.language]}, size=waited)


# Searches, what there is, hours


def searches(opened: bool) -> Callable[[World], Iterator[Seen]]:
    def look(world: World) -> Iterator[Seen]:
        for one in world.searches:
            by = {"language": [one.language], "municipality": [one.municipality or "-"], "topic": one.topics}
            part = one.opened if opened else one.count * one.served
            yield Seen(one.day.year * 100 + one.day.month, (world.network,), by, part=part, whole=one.count)

    return look


def stock(part: str, whole: str) -> Callable[[World], Iterator[Seen]]:
    def look(world: World) -> Iterator[Seen]:
        for one in world.stocks:
            if one.house:
                yield Seen(one.month, (world.network, one.house), {}, part=one.numbers[part], whole=one.numbers[whole])

    return look


def stock_sizes(name: str) -> Callable[[World], Iterator[Seen]]:
    def look(world: World) -> Iterator[Seen]:
        for one in world.stocks:
            for size in one.sizes.get(name, []):
                yield Seen(one.month, (world.network, one.house), {}, size=size)

    return look


def open_hours(world: World) -> Iterator[Seen]:
    for one in world.stocks:
        yield Seen(one.month, (one.house or world.network,), {}, part=one.open_minutes)


def nearest(world: World) -> Iterator[Seen]:
    for one in world.stocks:
        for home, km in one.near_km.items():
            yield Seen(one.month, (world.network,), {"municipality": [home]}, size=km)


def hours(world: World) -> Iterator[Seen]:
    for one in world.works:
        if one.marks and one.marks[-1][1] == "confirm":
            yield Seen(one.day.year * 100 + one.day.month, (world.network, one.house), {}, part=one.minutes, whole=0)


def hours_and_clients(world: World) -> Iterator[Seen]:
    yield from hours(world)
    for one in world.lives:
        yield Seen(month(one.began), of(world, one.team), {}, part=0, whole=1)


# Opinions


def opinion(item: str) -> Callable[[World], Iterator[Seen]]:
    def look(world: World) -> Iterator[Seen]:
        for one in world.opinions:
            value = one.items.get(item) if item else one.score
            if value is not None:
                by = {"channel": [one.channel], "language": [one.language]}
                yield Seen(month(one.at), of(world, one.team), by, part=int(value == 3))

    return look


def complaints(kept: bool) -> Callable[[World], Iterator[Seen]]:
    def look(world: World) -> Iterator[Seen]:
        for one in world.grievances:
            day, end = one.at.astimezone(HELSINKI).date(), one.answered and one.answered.astimezone(HELSINKI).date()
            in_time = end is not None and (end - day).days <= 14
            yield Seen(month(one.at), (world.network, one.house), {}, part=int(in_time) if kept else 1)

    return look


# Guidance


def about(one: Life) -> dict[str, list[str]]:
    return {
        "language": [one.language],
        "municipality": [one.municipality or "-"],
        "group": one.groups,
        "came": [one.came],
    }


def beginning(what: Callable[[Life], bool]) -> Callable[[World], Iterator[Seen]]:
    def look(world: World) -> Iterator[Seen]:
        for one in world.lives:
            yield Seen(month(one.began), of(world, one.team), about(one), part=int(what(one)))

    return look


def groups(world: World) -> Iterator[Seen]:
    for one in world.lives:
        if one.told:
            yield Seen(month(one.began), of(world, one.team), about(one), part=1)


def steps(world: World) -> Iterator[Seen]:
    for one in world.lives:
        for marks in one.steps:
            if marks and marks[-1][1] == "done":
                yield Seen(month(marks[-1][0]), of(world, one.team), about(one), part=1)


def sure(world: World) -> Iterator[Seen]:
    for one in world.lives:
        if one.before and one.after:
            at, total = one.after[-1]
            yield Seen(month(at), of(world, one.team), about(one), part=total - one.before[1])


def received(what: str) -> Callable[[World], Iterator[Seen]]:
    def look(world: World) -> Iterator[Seen]:
        for one in world.lives:
            for row in one.hand_overs:
                if row.sent and (what != "read" or row.accepted):
                    yield Seen(month(row.sent), of(world, row.to), about(one), part=int(bool(getattr(row, what))))

    return look


def days_to_meeting(world: World) -> Iterator[Seen]:
    for one in world.lives:
        for row in one.hand_overs:
            if row.sent and row.met:
                days = (row.met.astimezone(HELSINKI).date() - row.sent.astimezone(HELSINKI).date()).days
                yield Seen(month(row.sent), of(world, row.to), about(one), size=days)


def outcome(months: int) -> Callable[[World], Iterator[Seen]]:
    def look(world: World) -> Iterator[Seen]:
        for one in world.lives:
            for row in one.questions:
                if row.months == months and row.answers:
                    what = row.answers[-1][1]
                    at = month(row.asked or row.answers[0][0])
                    by = {**about(one), "what": [what]}
                    yield Seen(at, of(world, one.team), by, part=int(what in A_STEP_FORWARD))

    return look


def told_after_three(world: World) -> Iterator[Seen]:
    for one in world.lives:
        for row in one.questions:
            if row.months == 3 and row.asked:
                yield Seen(month(row.asked), of(world, one.team), about(one), part=int(bool(row.answers)))


OBSERVED: dict[str, Callable[[World], Iterator[Seen]]] = {
    "needs_with_door": searches(False), "doors_opened": searches(True), "open_hours": open_hours,
    "first_free": stock_sizes("free_days"), "booked_wait": booked_wait, "promised_hours": stock_sizes("promise_hours"),
    "answer_hours": answer_hours, "digital_reach": digital_reach, "face_reach": face_reach, "nearest_point": nearest,
    "feedback_good": opinion(""), "heard": opinion("heard"), "got": opinion("got"), "next_known": opinion("next"),
    "again": opinion("again"), "fresh": stock("fresh", "services"), "answers_kept": answers_kept,
    "no_retelling": received("read"), "complaints": complaints(False), "complaints_kept": complaints(True),
    "staff_assessed": stock("assessed", "guides"), "guided": beginning(lambda one: True), "met": received("met"),
    "met_days": days_to_meeting, "completed": received("completed"), "planned": beginning(lambda one:
    bool(one.planned)), "steps_done": steps, "outcome_0": outcome(0), "outcome_3": outcome(3), "outcome_6": outcome(6),
    "outcome_12": outcome(12), "what_came": outcome(6),
    "outcome_told": told_after_three, "confidence": sure, "reached_groups": groups,
    "background_told": beginning(lambda one: bool(one.told)), "hours_worked": hours, "hours_a_client":
    hours_and_clients, }  # fmt: skip
