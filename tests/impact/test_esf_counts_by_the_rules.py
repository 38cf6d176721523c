"""The common indicators of ESF+: each by cases made by hand, whatever is missing, somebody twice, days at the edges."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinovi.projects.esf import CODES, OUTPUT, RESULT, RESULT_LATER, Person, once_each, report, same_as

BEGINS, ENDS = date(2026, 1, 1), date(2026, 6, 30)
WHOLE = {"gender": "f", "born": "1980", "work": "employed", "school": "middle"}
# Of each indicator: what makes one counted, and what just does not.
CASES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "EECO01": ({}, {"gender": ""}),
    "EECO02": ({"work": "long_unemployed"}, {"work": "inactive"}),
    "EECO03": ({"work": "long_unemployed"}, {"work": "unemployed"}),
    "EECO04": ({"work": "inactive"}, {"work": "unemployed"}),
    "EECO05": ({"work": "employed"}, {"work": "inactive"}),
    "EECO06": ({"born": "2009"}, {"born": "2008"}),
    "EECO07": ({"born": "2008"}, {"born": "1996"}),
    "EECO08": ({"born": "1971"}, {"born": "1972"}),
    "EECO09": ({"school": "low"}, {"school": "middle"}),
    "EECO10": ({"school": "middle"}, {"school": "high"}),
    "EECO11": ({"school": "high"}, {"school": "low"}),
    "EECO12": ({"disability": "yes"}, {"disability": "no"}),
    "EECO13": ({"third_country": "yes"}, {"foreign": "yes"}),
    "EECO14": ({"foreign": "yes"}, {"minority": "yes"}),
    "EECO15": ({"minority": "yes"}, {}),
    "EECO16": ({"homeless": "yes"}, {"rural": "yes"}),
    "EECO17": ({"rural": "yes"}, {"rural": "no"}),
    "EECR01": ({"work": "inactive", "searching": "yes"}, {"work": "unemployed", "searching": "yes"}),
    "EECR02": ({"education": "yes"}, {"education": "no"}),
    "EECR03": ({"qualification": "yes"}, {"education": "yes"}),
    "EECR04": ({"work": "inactive", "working": "yes"}, {"work": "employed", "working": "yes"}),
    "EECR05": ({"work": "unemployed", "working_later": "yes"}, {"work": "employed", "working_later": "yes"}),
    "EECR06": ({"work": "employed", "improved_later": "yes"}, {"work": "unemployed", "improved_later": "yes"}),
}


def one(began: date = date(2026, 3, 1), ended: date | None = None, same: str = "", **told: str) -> Person:
    return Person(began, {**WHOLE, **told}, ended, same)


def counted(code: str, *people: Person, begins: date = BEGINS, ends: date = ENDS) -> Any:
    return report(people, [], begins, ends).rows[code][-1]


def left_by(code: str) -> date | None:
    """A last day by which the result is counted in the period."""
    return date(2026, 4, 1) if code in RESULT else date(2025, 11, 15) if code in RESULT_LATER else None


def test_every_indicator_has_its_cases() -> None:
    assert set(CASES) == {*OUTPUT, *RESULT, *RESULT_LATER} == set(CODES) - {"EECO18", "EECO19"}


@pytest.mark.parametrize("code", CASES)
def test_who_is_counted_and_who_is_not(code: str) -> None:
    fits, fits_not = CASES[code]
    began = date(2025, 2, 1) if code in RESULT_LATER else date(2026, 3, 1)
    assert counted(code, one(began, left_by(code), **fits)) == 1
    assert counted(code, one(began, left_by(code), **fits_not)) == 0


@pytest.mark.parametrize("missing", ["gender", "born", "work", "school"])
def test_one_of_whom_something_is_missing_is_told_of_and_not_counted(missing: str) -> None:
    found = report([one(**{missing: ""}), one()], [], BEGINS, ENDS)
    assert found.missing == 1 and found.rows["EECO01"] == [1, 0, 0, 1]
    # What was written in free words before is no answer.
    assert report([one(work="kotona")], [], BEGINS, ENDS).missing == 1


def test_by_gender() -> None:
    people = [one(gender=gender, same=f"{n}") for n, gender in enumerate("ffmx")]
    assert report(people, [], BEGINS, ENDS).rows["EECO01"] == [2, 1, 1, 4]


@pytest.mark.parametrize("day, is_in", [("2025-12-31", 0), ("2026-01-01", 1), ("2026-06-30", 1), ("2026-07-01", 0)])
def test_the_edges_of_a_period(day: str, is_in: int) -> None:
    at = date.fromisoformat(day)
    assert counted("EECO01", one(began=at)) == is_in
    assert counted("EECR03", one(began=date(2025, 1, 1), ended=at, qualification="yes")) == is_in


@pytest.mark.parametrize(
    "day, is_in", [("2025-06-30", 0), ("2025-07-01", 1), ("2025-12-30", 1), ("2025-12-31", 1), ("2026-01-01", 0)]
)
def test_six_months_later_falls_in_the_period_or_not(day: str, is_in: int) -> None:
    """The last day of a month is six months after the last day that month has: 31 December comes to 30 June."""
    told = {"work": "unemployed", "working_later": "yes"}
    assert counted("EECR05", one(date(2025, 1, 1), date.fromisoformat(day), **told)) == is_in


def test_somebody_twice_is_one_by_their_first_day() -> None:
    same = same_as({"name": "Aino  Asiakas", "born": "1980"})
    assert same == same_as({"name": "aino asiakas", "born": 1980}) != same_as({"name": "Aino Asiakas", "born": "1981"})
    first = one(date(2025, 11, 1), date(2026, 1, 15), same, work="unemployed", working="no")
    again = one(date(2026, 2, 1), date(2026, 5, 1), same, work="inactive", working="yes")
    assert counted("EECO01", first, again) == 0
    # By what they said first, and what came of it last.
    assert counted("EECR04", first, again) == 1 and counted("EECR01", first, again) == 0
    assert counted("EECO02", first, again, begins=date(2025, 7, 1), ends=date(2025, 12, 31)) == 1
    still_here = one(date(2026, 2, 1), None, same)
    assert counted("EECR04", first, still_here) == 0


def test_what_lacks_at_first_may_be_told_the_second_time() -> None:
    rows = [one(date(2026, 1, 10), same="s", school=""), one(date(2026, 2, 1), same="s")]
    assert counted("EECO01", *rows) == 1 and report(rows, [], BEGINS, ENDS).missing == 0


def test_organisations_that_were_supported() -> None:
    told = [("public", date(2026, 1, 1)), ("public", date(2025, 12, 31)), ("enterprise", date(2026, 6, 30))]
    found = report([], told, BEGINS, ENDS).rows
    assert found["EECO18"] == [None, None, None, 1] and found["EECO19"] == [None, None, None, 1]


PEOPLE = st.builds(
    lambda began, stayed, gender, work, school, born, same, yes: Person(
        date(2025, 1, 1).replace(month=began), {"gender": gender, "work": work, "school": school, "born": born, **dict.fromkeys(yes, "yes")},
        date(2025, 12, 31) if stayed else None, same,
    ),
    st.integers(1, 12), st.booleans(), st.sampled_from(["f", "m", "x", ""]),
    st.sampled_from(["unemployed", "long_unemployed", "inactive", "employed", "?"]),
    st.sampled_from(["low", "middle", "high", ""]), st.sampled_from(["1960", "2000", "2010", ""]),
    st.sampled_from(["", "a", "b", "c"]), st.sets(st.sampled_from(["working", "searching", "education", "improved_later"])),
)  # fmt: skip


@given(st.lists(PEOPLE, max_size=25))
def test_whatever_comes_the_sums_hold(people: list[Person]) -> None:
    """Two halves of a year make the year; work and schooling divide all; nobody is counted twice or lost."""
    year = report(people, [], date(2025, 1, 1), date(2025, 12, 31))
    halves = [
        report(people, [], date(2025, 1, 1), date(2025, 6, 30)),
        report(people, [], date(2025, 7, 1), date(2025, 12, 31)),
    ]
    for code in {*OUTPUT, *RESULT}:
        assert year.rows[code][-1] == sum(half.rows[code][-1] or 0 for half in halves), code
    every = year.rows["EECO01"][-1]
    assert every == sum(year.rows[code][-1] or 0 for code in ("EECO02", "EECO04", "EECO05"))
    assert every == sum(year.rows[code][-1] or 0 for code in ("EECO09", "EECO10", "EECO11"))
    assert (every or 0) + year.missing == len(once_each(people))
