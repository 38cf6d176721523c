"""Free times by rule: against a plain model, minute by minute, the weeks when the clocks change among them."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opinovi.contact.free_times import Offered, cell_of, free_on
from opinovi.directory.hours_plan import EVEN, EVERY, ODD, Exception_, Plan, Weekly, to_osm

FI = ZoneInfo("Europe/Helsinki")
MINUTE = timedelta(minutes=1)
# The days when the clocks go forward and back, the days about them, the turn of the year, and any other.
CLOCKS = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
days = st.one_of(
    st.sampled_from([one + timedelta(days=shift) for one in CLOCKS for shift in (-1, 0, 0, 0, 1)]),
    st.sampled_from([date(2026, 12, 31), date(2027, 1, 4), date(2027, 12, 25), date(2027, 6, 26)]),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
# No rule begins or ends within the hour of the night that comes twice in autumn and not at all in spring.
FIVES = [one for one in range(0, 24 * 60 + 5, 5) if not 180 <= one < 240]
LENGTHS, BUFFERS = (10, 15, 30, 45, 60, 90, 240), (0, 5, 15, 30)
five = st.sampled_from(FIVES)
spans = st.lists(five, min_size=2, max_size=4, unique=True).map(
    lambda told: tuple((a, b) for a, b in zip(sorted(told)[::2], sorted(told)[1::2], strict=False))
)
weekly = st.builds(
    Weekly,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    spans,
    st.sampled_from([EVERY, EVERY, EVEN, ODD]),
)


def opens(plan: tuple[Weekly, ...], day: date) -> tuple[tuple[int, int], ...]:
    """The hours of a day, from midnight by the clock on the wall: the last rule that tells of it."""
    found: tuple[tuple[int, int], ...] = ()
    for one in plan:
        even = day.isocalendar().week % 2 == 0
        if day.weekday() in one.days and (one.weeks == EVERY or (one.weeks == EVEN) is even):
            found = one.spans
    return found


def on_the_wall(day: date, minute: int) -> datetime:
    whole = day + timedelta(days=minute // 1440)
    return datetime(whole.year, whole.month, whole.day, minute % 1440 // 60, minute % 60, tzinfo=FI).astimezone(UTC)


def plain(
    plan: tuple[Weekly, ...],
    rule: Offered,
    day: date,
    at: datetime,
    busy: list[tuple[datetime, datetime]],
    booked: int,
    off: list[date],
) -> list[datetime]:
    """What is free, worked out a minute at a time."""
    if day in off:
        return []
    today = at.astimezone(FI).date()
    if not rule.begins <= day <= (rule.ends or day) or (day - today).days > rule.ahead_days or booked >= rule.per_day:
        return []
    found = []
    for begin, end in opens(plan, day):
        moment, last = on_the_wall(day, begin), on_the_wall(day, end)
        while moment + rule.minutes * MINUTE <= last:
            until = moment + (rule.minutes + rule.buffer) * MINUTE
            taken = any(start < until and moment < stop for start, stop in busy)
            if not taken and moment >= at + timedelta(hours=rule.notice_hours):
                found.append(moment)
            moment = until
    return found


RuleSet = tuple[tuple[Weekly, ...], date, int, int, int, int, int, int, int, int, int, list[tuple[int, int]], list[int]]


def check(told: RuleSet) -> tuple[date, int]:
    """The times of one rule set on one day are those of the plain model; returns the day and how many they are."""
    plan, day, minutes, buffer, notice, ahead, most, booked, season, before, clock, elsewhere, away = told
    at = on_the_wall(day - timedelta(days=before), clock)
    begins = day + timedelta(days=season)
    # Days off, as so many days from this one.
    off = [day + timedelta(days=one) for one in away]
    exceptions = tuple(Exception_(one, one) for one in off)
    rule = Offered(
        to_osm(Plan(plan, closed_on_holidays=False, exceptions=exceptions)), begins, begins + timedelta(days=5), minutes, buffer, notice,
        ahead, most,
    )  # fmt: skip
    midnight = on_the_wall(day, 0)
    # What is booked or busy lies in whole cells of five minutes.
    busy = [
        (midnight + start // 5 * 5 * MINUTE, midnight + (start // 5 * 5 + -(-length // 5) * 5) * MINUTE)
        for start, length in elsewhere
    ]
    cells = {cell for start, stop in busy for cell in range(cell_of(start), cell_of(stop))}
    found = [one.astimezone(UTC) for one in free_on(rule, day, at, cells, {day: booked})]
    assert found == plain(plan, rule, day, at, busy, booked, off), told
    return day, len(found)


# Asks no database: once is enough.
@pytest.mark.sqlite
@settings(max_examples=300, deadline=None)
@given(
    st.tuples(
        st.lists(weekly, min_size=1, max_size=3).map(tuple),
        days,
        st.sampled_from(LENGTHS),
        st.sampled_from(BUFFERS),
        st.integers(0, 48),
        st.integers(1, 60),
        st.integers(1, 4),
        st.integers(0, 4),
        st.integers(-6, 3),
        st.integers(-2, 9),
        st.integers(0, 1439),
        st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 200)), max_size=4),
        st.lists(st.integers(-2, 2), max_size=2),
    )
)
def test_it_is_as_minute_by_minute(told: RuleSet) -> None:
    check(told)


def any_rule_set(chance: random.Random) -> RuleSet:
    """A rule set like those above, by the dice."""

    def spans() -> tuple[tuple[int, int], ...]:
        ends = sorted(chance.sample(FIVES, chance.choice((2, 4))))
        return tuple(zip(ends[::2], ends[1::2], strict=True))

    plan = tuple(
        Weekly(tuple(chance.sample(range(7), chance.randint(3, 7))), spans(), chance.choice((EVERY, EVERY, EVEN, ODD)))
        for _ in range(chance.randint(1, 3))
    )
    # A third of the days are in the weeks when the clocks change.
    day = (
        chance.choice(CLOCKS) + timedelta(days=chance.randint(-3, 3))
        if chance.random() < 0.34
        else date(2026, 1, 1) + timedelta(days=chance.randrange(730))
    )
    busy = [(chance.randint(0, 1500), chance.randint(1, 200)) for _ in range(chance.randint(0, 4))]
    return (
        plan, day, chance.choice(LENGTHS), chance.choice(BUFFERS), chance.choice((0, 1, 3, 24, 48)),
        chance.randint(5, 60), chance.randint(1, 4), chance.choice((0, 0, 0, 0, 1, 4)),
        chance.choice((-6, -5, -4, -3, -2, -1, 0, 0, 1)), chance.randint(-1, 9), chance.randint(0, 1439), busy,
        [chance.randint(-4, 4) for _ in range(chance.choice((0, 0, 1)))],
    )  # fmt: skip


@pytest.mark.sqlite
def test_ten_thousand_rule_sets_are_as_minute_by_minute() -> None:
    chance = random.Random(20_270_328)
    found = [check(any_rule_set(chance)) for _ in range(32_000)]
    # So many of them offer something, also on the very days when the clocks change: nothing agrees by being empty.
    assert sum(times > 0 for _day, times in found) > 10_000
    assert sum(times > 0 and day in CLOCKS for day, times in found) > 400


def test_holidays_offer_nothing() -> None:
    rule = Offered("Mo-Fr 09:00-12:00; PH off", date(2027, 1, 1), minutes=60, buffer=0, ahead_days=90)
    at = datetime(2027, 3, 1, tzinfo=FI)
    assert list(free_on(rule, date(2027, 3, 26), at, set(), {})) == []
    assert len(list(free_on(rule, date(2027, 3, 30), at, set(), {}))) == 3


def test_the_day_when_the_clocks_change_is_as_long_as_it_is() -> None:
    rule = Offered("Su 00:00-06:00", date(2027, 1, 1), minutes=60, buffer=0, ahead_days=365, notice_hours=0)
    at = datetime(2027, 3, 1, tzinfo=FI)
    assert len(list(free_on(rule, date(2027, 3, 28), at, set(), {}))) == 5
    assert len(list(free_on(rule, date(2027, 10, 31), at, set(), {}))) == 7
