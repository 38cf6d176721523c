"""By when an answer is promised: working hours, holidays and absences count."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opinovi.contact.promises import deadline, promise
from opinovi.directory.hours_plan import DAYS, Plan, Weekly, to_osm, weekly_spans
from opinovi.network.models import Absence, Person, Team

FI = ZoneInfo("Europe/Helsinki")
OFFICE = "Mo-Fr 09:00-16:00; PH off"


@pytest.mark.parametrize(
    ("asked", "hours", "answered"),
    [
        ("2027-02-09 10:30", 14, "2027-02-11 10:30"),
        # At night: from the next morning on.
        ("2027-02-09 23:40", 7, "2027-02-10 16:00"),
        # A weekend does not count.
        ("2027-02-12 15:00", 2, "2027-02-15 10:00"),
        # Midsummer Eve is no holiday of the calendar's, Midsummer Day is a Saturday; Easter has two.
        ("2027-03-25 15:00", 2, "2027-03-30 10:00"),
        # The clocks go forward in the night: the hours of the day are as many.
        ("2027-03-27 12:00", 7, "2027-03-30 16:00"),
    ],
)
def test_working_hours_count(asked: str, hours: int, answered: str) -> None:
    at = datetime.fromisoformat(asked).replace(tzinfo=FI)
    assert deadline(at, OFFICE, hours) == datetime.fromisoformat(answered).replace(tzinfo=FI)


def test_hours_that_say_nothing_leave_the_calendar() -> None:
    at = datetime(2027, 2, 9, 10, tzinfo=FI)
    assert deadline(at, "", 14) == at + timedelta(days=2)
    assert deadline(at, "Mo off", 14) == at + timedelta(days=2)


def test_a_day_when_all_are_away_does_not_count_but_with_a_stand_in_it_does(
    person: Callable[[str], Person], db: None
) -> None:
    team, oona = Team.objects.get(name="Hakupalvelut"), person("oona").places.get()
    ella = person("ella").places.get()
    at = datetime(2027, 2, 9, 10, 30, tzinfo=FI)
    for one in (oona, ella):
        Absence.objects.create(member=one, begins=date(2027, 2, 10), ends=date(2027, 2, 10))
    assert promise(team, at) == datetime(2027, 2, 12, 10, 30, tzinfo=FI)
    Absence.objects.filter(member=oona).update(substitute=ella)
    assert promise(team, at) == datetime(2027, 2, 11, 10, 30, tzinfo=FI)


# Nothing begins or ends at three, which in October comes twice.
hours_of_day = st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda one: one[0] < one[1] and 3 not in one)
spans = st.lists(hours_of_day, max_size=1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(spans, min_size=7, max_size=7),
    st.integers(1, 30),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),  # noqa: DTZ001  # the zone is put on below
    st.sets(st.integers(0, 6), max_size=3),
)
def test_it_is_as_minute_by_minute(
    week: list[list[tuple[int, int]]], hours: int, asked: datetime, gone: set[int]
) -> None:
    plan = Plan(
        tuple(Weekly((day,), tuple((a * 60, b * 60) for a, b in week[day])) for day in range(len(DAYS))),
        closed_on_holidays=False,
    )
    at = asked.replace(second=0, microsecond=0, tzinfo=UTC)
    first = at.astimezone(FI).date()
    away = {first + timedelta(days=number) for number in gone}
    if not any(week):
        return
    left, minute = hours * 60, at
    for _ in range(60 * 24 * 90):
        local = minute.astimezone(FI)
        clock = local.hour * 60 + local.minute
        open_now = local.date() not in away and any(
            begin <= clock < end for begin, end in weekly_spans(plan.weekly, local.date())
        )
        minute += timedelta(minutes=1)
        left -= open_now
        if left == 0:
            assert deadline(at, to_osm(plan), hours, away) == minute
            return
