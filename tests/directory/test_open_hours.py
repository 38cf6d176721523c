from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinovi.directory.hours import UNKNOWN, ZONE, OpenState, soonest, state

WEEK = "Mo-Fr 09:00-16:00; PH off"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2027-02-09T08:59", False),
        ("2027-02-09T09:00", True),
        ("2027-02-09T15:59", True),
        ("2027-02-09T16:00", False),
        ("2027-02-13T12:00", False),
        ("2027-12-06T12:00", False),
    ],
)
def test_open_on_weekdays_but_not_on_independence_day(moment: str, is_open: bool) -> None:
    assert state(WEEK, at(moment)).open is is_open


def test_the_next_change_is_told() -> None:
    assert state(WEEK, at("2027-02-09T10:30")).until == at("2027-02-09T16:00")
    assert state(WEEK, at("2027-02-12T17:00")).opens == at("2027-02-15T09:00")


def test_hours_hold_through_the_change_to_summer_time() -> None:
    assert state("Su 09:00-16:00", at("2027-03-28T09:00")).open
    assert not state("Su 09:00-16:00", at("2027-03-28T16:00")).open


@pytest.mark.parametrize("hours", ["", "  ", "joka päivä", "Mo-Fr 9-25"])
def test_hours_that_nobody_can_read_are_unknown_and_not_closed(hours: str) -> None:
    assert state(hours, at("2027-02-09T10:00")) == UNKNOWN


def test_of_several_ways_the_one_that_lets_in_first_speaks() -> None:
    shut, soon = OpenState(False), OpenState(False, opens=at("2027-02-10T09:00"))
    later, now = OpenState(False, opens=at("2027-02-11T09:00")), OpenState(True, until=at("2027-02-09T16:00"))
    assert soonest([UNKNOWN, shut, later, soon]) == soon
    assert soonest([soon, now, UNKNOWN]) == now
    assert soonest([]) == UNKNOWN and soonest([UNKNOWN, shut]) == shut


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)))  # noqa: DTZ001
def test_a_change_that_is_told_is_a_change(moment: datetime) -> None:
    when = moment.replace(tzinfo=ZONE, second=0, microsecond=0)
    found = state(WEEK, when)
    change = found.until or found.opens
    assert change is not None and change > when
    assert state(WEEK, change).open is not found.open
    assert state(WEEK, change - timedelta(minutes=1)).open is found.open
