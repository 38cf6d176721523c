"""Money: read as people write it, divided to the cent, the same sum however it is grouped, rounded as the funder does."""

import random
import uuid
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.euros import plain_euros
from opinovi.projects.money import cents_of, divide, funders_parts, minutes_of, part_of, price_of, rounded
from opinovi.projects.queries import flat_cells, grouped

HOWS = ["cent", "cent_down", "euro_down"]
HOUSES = [uuid.UUID(int=number) for number in range(1, 6)]
TYPES = ["staff", "services", "travel", "rooms"]
cents = st.integers(-10_000_000_000, 10_000_000_000)


@given(cents)
def test_what_is_shown_is_read_back(one: int) -> None:
    assert cents_of(plain_euros(one)) == one


@pytest.mark.parametrize(
    ("text", "found"),
    [("1 234,50", 123450), ("1234.5", 123450), ("0,01 €", 1), ("−500", -50000), ("7", 700), ("1\xa0000", 100000)],
)
def test_money_is_read_as_people_write_it(text: str, found: int) -> None:
    assert cents_of(text) == found


@pytest.mark.parametrize("text", ["", "x", "1,005", "1.234,50", "1e99", "NaN", "Infinity", "100000000,01"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        cents_of(text)


@pytest.mark.parametrize(("text", "found"), [("7,5", 450), ("7:30", 450), ("0:05", 5), ("8", 480), ("0,25", 15)])
def test_hours_are_read_as_people_write_them(text: str, found: int) -> None:
    assert minutes_of(text) == found


@pytest.mark.parametrize("text", ["7:60", "-1", "x", "7:3:0", "0,001", "inf"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        minutes_of(text)


@given(cents, st.lists(st.integers(0, 10_000), min_size=1, max_size=30).filter(any))
def test_what_is_divided_adds_up_and_nobody_gets_a_cent_too_much(whole: int, weights: list[int]) -> None:
    parts = divide(whole, weights)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(whole * weight, sum(weights))) < 1
        assert weight or not part


@given(cents, st.lists(st.integers(0, 5000), min_size=1, max_size=5), st.sampled_from(HOWS))
def test_funders_pay_all_of_it_and_none_more_than_their_share_rounded(whole: int, shares: list[int], how: str) -> None:
    shares = [*shares, max(0, 10_000 - sum(shares))]
    parts = funders_parts(whole, shares, how)
    assert sum(parts) == whole
    for part, share in zip(parts[:-1], shares[:-1], strict=True):
        exact = Fraction(whole * share, 10_000)
        if how == "euro_down":
            assert part % 100 == 0 and 0 <= abs(exact) - abs(part) < 100
        elif how == "cent_down":
            assert 0 <= abs(exact) - abs(part) < 1
        else:
            assert abs(exact - part) <= Fraction(1, 2)


@given(st.integers(0, 1440), st.integers(0, 20_000))
def test_hours_cost_what_they_cost(minutes: int, price: int) -> None:
    exact = Decimal(minutes) * price / 60
    assert price_of(minutes, price, "cent") == int(exact.to_integral_value(ROUND_HALF_UP))
    assert price_of(minutes, price, "euro_down") % 100 == 0


def test_halves_go_up_and_never_to_the_even() -> None:
    assert [rounded(Decimal(one), "cent") for one in ("0.5", "1.5", "2.5", "-0.5")] == [1, 2, 3, -1]
    assert [rounded(Decimal(one), "cent_down") for one in ("0.99", "-0.99")] == [0, 0]
    assert rounded(Decimal("199.99"), "euro_down") == 100


def random_cells(dice: random.Random) -> dict[Any, int]:
    return {
        (dice.choice(HOUSES), dice.choice(TYPES), dice.randint(2008, 2012), dice.random() < 0.3): dice.randint(
            -50, 900_000
        )
        for _ in range(dice.randint(1, 40))
    }


def test_ten_thousand_budgets_and_entries_agree_to_the_cent_by_any_grouping() -> None:
    """Every side of the cells, alone and together, gives the same sum; so do planned less used, and the flat part."""
    dice = random.Random(8)
    ways: list[Any] = [lambda key: key[0], lambda key: key[1], lambda key: key[2], lambda key: key[3], lambda key: key[:2],
                       lambda key: key[1:3], lambda key: key, lambda key: ""]  # fmt: skip
    for number in range(10_000):
        planned, used = random_cells(dice), random_cells(dice)
        share, how = dice.randint(1, 10_000), HOWS[number % 3]
        project: Any = SimpleNamespace(cost_model="flat", flat_share=share, rounding=how)
        flat = flat_cells(project, used)
        staff = sum(one for key, one in used.items() if key[1] == "staff" and not key[3] and one > 0)
        assert sum(flat.values()) == (part_of(staff, share, how) if staff else 0)
        used |= flat
        for way in ways:
            rows = grouped(planned, used, way, {})
            assert sum(row.planned for row in rows) == sum(planned.values())
            assert sum(row.used for row in rows) == sum(used.values())
            assert sum(row.left for row in rows) == sum(planned.values()) - sum(used.values())


@given(
    st.lists(st.tuples(st.sampled_from(HOUSES), st.sampled_from(TYPES), st.integers(2008, 2010), st.booleans(), cents))
)
def test_grouping_loses_and_doubles_nothing(rows: list[Any]) -> None:
    cells: Counter[Any] = Counter()
    for *key, value in rows:
        cells[tuple(key)] += value
    for side in range(4):
        found = {row.name: row.planned for row in grouped(dict(cells), {}, lambda key, at=side: key[at], {})}
        for name, value in found.items():
            assert value == sum(row[4] for row in rows if row[side] == name)
