"""No result tells of fewer than five people, nor can one be worked out from those that are shown: by every workplace that
can be tried, and by a reader who tries everything that fits what they see."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.figures import SMALLEST, hidden
from opinovi.workplaces.release import Answer, half, release

LEVELS = (1, 2, 3, 4)
Counts = tuple[int, int, int, int]


def ways(people: int) -> Iterator[Counts]:
    """Every way in which so many people can be on the four levels."""
    for one, two, three in product(range(people + 1), repeat=3):
        if one + two + three <= people:
            yield one, two, three, people - one - two - three


def rows_of(unit: str, counts: Counts) -> list[Answer]:
    return [(unit, {"x": level}) for level, count in zip(LEVELS, counts, strict=True) for _person in range(count)]


def seen(units: dict[str, Counts]) -> str:
    """What an employer sees of one competence."""
    rows = [row for unit, counts in units.items() for row in rows_of(unit, counts)]
    return repr(release(rows, ["x"], list(units)))


def told(values: set[int]) -> bool:
    """Whether a reader knows for sure how many there are, and they are few."""
    return len(values) == 1 and 0 < next(iter(values)) < SMALLEST


@pytest.mark.once
def test_who_tries_everything_that_fits_learns_no_few_of_one_unit() -> None:
    fits: defaultdict[str, list[Counts]] = defaultdict(list)
    for people in range(13):
        for counts in ways(people):
            fits[seen({"a": counts})].append(counts)
    assert len(fits) > 5
    for shown, possible in fits.items():
        for level in range(4):
            assert not told({counts[level] for counts in possible}), shown


@pytest.mark.once
def test_who_tries_everything_that_fits_learns_no_few_of_two_units() -> None:
    """Of either unit, nor of both together. Every workplace of two units of up to seven: all that look like five."""
    every = [counts for people in range(8) for counts in ways(people)]
    fits: defaultdict[str, list[tuple[Counts, Counts]]] = defaultdict(list)
    for one, other in product(every, every):
        fits[seen({"a": one, "b": other})].append((one, other))
    for shown, possible in fits.items():
        for level in range(4):
            assert not told({one[level] for one, _other in possible}), shown
            assert not told({other[level] for _one, other in possible}), shown
            assert not told({one[level] + other[level] for one, other in possible}), shown


answers = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "", "gone"]),
        st.dictionaries(st.sampled_from(["x", "y"]), st.integers(1, 4)),
    ),
    max_size=60,
)


def check(rows: list[Answer], units: list[str], items: list[str]) -> None:
    result = release(rows, items, units)
    if len(rows) < SMALLEST:
        assert result["people"] is None and result["items"] == {} and not any(result["units"].values())
        return
    assert result["people"] % 5 == 0 and result["people"] >= 5
    by_unit = Counter(unit for unit, _levels in rows)
    away = [unit for unit in units if result["units"][unit] is None]
    assert all(by_unit[unit] >= SMALLEST for unit in units if unit not in away)
    for item in items:
        said = {unit: [levels[item] for of, levels in rows if of == unit and item in levels] for unit in units}
        figure = result["items"][item]
        elsewhere = sum(item in levels for of, levels in rows if of not in units)
        total = sum(map(len, said.values())) + elsewhere
        assert (figure["all"] is None) == (total < SMALLEST)
        hidden_here = [unit for unit in units if figure["units"][unit] is None]
        # What is hidden in one column is hidden in each.
        assert set(away) <= set(hidden_here)
        assert all(len(said[unit]) >= SMALLEST for unit in units if unit not in hidden_here)
        left = sum(len(said[unit]) for unit in hidden_here) + elsewhere
        others = any(of not in units for of, _levels in rows)
        if figure["all"] is not None and (hidden_here or others) and len(hidden_here) < len(units):
            # What the shown units leave of the whole is two parts at least and five people.
            assert len(hidden_here) + others >= 2 and left >= SMALLEST
        for level in [figure["all"], *figure["units"].values()]:
            assert level is None or level in (1.5, 2.0, 2.5, 3.0, 3.5)


@given(answers)
def test_every_workplace_keeps_to_the_rule(rows: list[Answer]) -> None:
    check(rows, ["a", "b", "c", "d"], ["x", "y"])


@pytest.mark.once
def test_ten_thousand_random_workplaces_keep_to_the_rule() -> None:
    lot = random.Random(9)
    for _workplace in range(10_000):
        units = [f"u{number}" for number in range(lot.randint(1, 6))]
        items = [f"i{number}" for number in range(lot.randint(1, 4))]
        rows: list[Answer] = []
        for unit in units:
            for _person in range(lot.choice([0, 1, 2, 3, 4, 5, 6, 9, 20])):
                skip = lot.random() * 0.6
                rows.append((unit, {item: lot.choice(LEVELS) for item in items if lot.random() > skip}))
        lot.shuffle(rows)
        check(rows, units, items)


@given(st.lists(st.integers(1, 4), min_size=5, max_size=200), st.randoms(use_true_random=False))
def test_no_order_changes_what_is_shown(levels: list[int], lot: Any) -> None:
    rows: list[Answer] = [("a", {"x": level}) for level in levels]
    before = release(rows, ["x"], ["a"])
    lot.shuffle(rows)
    assert release(rows, ["x"], ["a"]) == before and half(levels) in (1.5, 2.0, 2.5, 3.0, 3.5)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 30), max_size=8), st.data())
def test_what_is_hidden_is_two_parts_and_five_people_or_all(counts: dict[str, int], data: st.DataObject) -> None:
    already = data.draw(st.lists(st.sampled_from(sorted(counts)), unique=True)) if counts else []
    found = hidden(counts, already)
    assert set(already) <= found and all(name in found for name, count in counts.items() if count < SMALLEST)
    if found and found != set(counts):
        assert len(found) >= 2 and sum(counts[name] for name in found) >= SMALLEST
