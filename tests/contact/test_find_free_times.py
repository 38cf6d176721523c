"""Free times by rule: against a plain model, minute by minute, the weeks when the clocks change among them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opinovi.contact.free_times import Offered, cell_of, free_on
from opinovi.directory.hours_plan import EVEN, EVERY, ODD, Plan, Weekly, to_osm

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
five = st.integers(0, 24 * 12).map(lambda one: one * 5).filter(lambda one: not 180 <= one < 240)
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
) -> list[datetime]:
    """What is free, worked out a minute at a time."""
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


# Asks no database: once is enough.
@pytest.mark.sqlite
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    st.lists(weekly, min_size=1, max_size=3).map(tuple),
    days,
    st.sampled_from([10, 15, 30, 45, 60, 90, 240]),
    st.sampled_from([0, 5, 15, 30]),
    st.integers(0, 48),
    st.integers(1, 60),
    st.integers(1, 4),
    st.integers(0, 4),
    st.integers(-6, 3),
    st.integers(-2, 9),
    st.integers(0, 1439),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 200)), max_size=4),
)
def test_it_is_as_minute_by_minute(
    plan: tuple[Weekly, ...],
    day: date,
    minutes: int,
    buffer: int,
    notice: int,
    ahead: int,
    most: int,
    booked: int,
    season: int,
    before: int,
    clock: int,
    elsewhere: list[tuple[int, int]],
) -> None:
    at = on_the_wall(day - timedelta(days=before), clock)
    begins = day + timedelta(days=season)
    rule = Offered(
        to_osm(Plan(plan, closed_on_holidays=False)), begins, begins + timedelta(days=5), minutes, buffer, notice,
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
    assert found == plain(plan, rule, day, at, busy, booked)


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
