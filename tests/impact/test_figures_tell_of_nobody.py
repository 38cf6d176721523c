"""Nothing that is shown of figures tells of fewer than five people: on pages, in files, in open data, in own questions."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opinovi.base.figures import SMALLEST, to_fives
from opinovi.impact import research
from opinovi.impact.counting import count_anew
from opinovi.impact.funnel import reasons_of, stages_of
from opinovi.impact.indicators import Sums, indicators, raw_value
from opinovi.impact.open_data import package_of
from opinovi.impact.shown import PARTITIONS, Shown, Span, by_value, over_time, wilson
from opinovi.impact.simulation.writing import write
from opinovi.impact.words import FUNNEL, LOST, names_of
from opinovi.network.models import Network
from tests.impact.simulated import small_world

MONTHS = tuple(202600 + month for month in (1, 2, 3))
SPAN = Span("2026 I", MONTHS)
OF_PEOPLE = [one for one in indicators().values() if one.people and one.kind in ("share", "count", "part")]
COUNTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=7)


def sums_for(one: object, told: list[tuple[int, int]]) -> tuple[Sums, Sums, list[str]]:
    """Figures in which each value of a breakdown has a part of a whole."""
    first, *rest = [count for count in one.versions[-1].counts if count]  # type: ignore[attr-defined]
    values = [f"v{number}" for number in range(len(told))]
    sums: Sums = {}
    whole: Sums = {}
    for value, (part, others) in zip(values, told, strict=True):
        for name, n in ((first, part), *((count, part + others) for count in rest)):
            for sums_of, key in ((sums, value), (whole, "")):
                cell = sums_of.setdefault((name, MONTHS[0], key), {})
                cell[0] = cell.get(0, 0) + n
    return sums, whole, values


def safe(figure: Shown, part: int, whole: int | None) -> None:
    """What is shown of a part and its whole is in fives, and neither the part nor the rest is one to four."""
    if figure.value is None:
        return
    if whole is None:
        assert part >= SMALLEST and figure.value % 5 == 0 and figure.value == to_fives(part)
        return
    assert whole >= SMALLEST and figure.base is not None and figure.base % 5 == 0
    assert part == 0 or part >= SMALLEST
    assert whole == part or whole - part >= SMALLEST
    assert figure.value == figure.value.to_integral_value()


@pytest.mark.parametrize("one", OF_PEOPLE, ids=lambda one: one.code)
@settings(max_examples=60, deadline=None)
@given(told=COUNTS, by=st.sampled_from(["municipality", "group"]))
def test_no_value_of_a_breakdown_tells_of_few(one: object, told: list[tuple[int, int]], by: str) -> None:
    sums, whole, values = sums_for(one, told)
    figures = by_value(one, sums, SPAN, by, {value: value for value in values}, whole)  # type: ignore[arg-type]
    kind = one.versions[-1].kind  # type: ignore[attr-defined]
    for figure, (part, others) in zip(figures, told, strict=True):
        if kind == "share":
            safe(figure, part, part + others)
        elif kind == "count":
            safe(figure, part, None)
    if by in PARTITIONS and kind in ("share", "count"):
        sizes = [part if kind == "count" else part + others for part, others in told]
        # A nought beside a hidden one is hidden with it, and nobody sees which is which.
        hidden = [size for figure, size in zip(figures, sizes, strict=True) if figure.value is None]
        assert not any(figure.nothing for figure in figures)
        # Beside a whole that is shown no hidden part can be worked out: there are two, of five people or more.
        assert not hidden or len(hidden) == len(sizes) or (len(hidden) >= 2 and sum(hidden) >= SMALLEST)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_over_time_too(part: int, others: int) -> None:
    for code in ("guided", "planned", "feedback_good", "met_days"):
        one = indicators()[code]
        sums, _whole, [value] = sums_for(one, [(part, others)])
        figure = over_time(one, sums, [SPAN], value)[0]
        if one.kind == "share":
            safe(figure, part, part + others)
        elif one.kind == "count":
            safe(figure, part, None)
        elif figure.value is not None:
            assert part >= SMALLEST


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=6, max_size=6), st.lists(st.integers(0, 12), min_size=6, max_size=6))
def test_the_way_of_those_handed_on(steps: list[int], reasons: list[int]) -> None:
    counts = dict(zip(FUNNEL, sorted(steps, reverse=True), strict=True))
    stages = stages_of(counts)
    for stage, count in zip(stages, counts.values(), strict=True):
        assert stage.count is None or (count >= SMALLEST and stage.count % 5 == 0)
    shown = [(stage.count, count) for stage, count in zip(stages, counts.values(), strict=True)]
    for (one, count), (after, later) in pairwise(shown):
        # Who was lost between two steps that are both seen is nobody, or five at least.
        assert one is None or after is None or count == later or count - later >= SMALLEST
    told = dict(zip(LOST, reasons, strict=True))
    for name, figure in reasons_of(told):
        assert figure is None or (figure % 5 == 0 and figure >= SMALLEST), name
    rows = reasons_of(told)
    assert len(rows) == (len(LOST) if any(reasons) else 0)
    by_words = {str(words): told[name] for name, words in LOST.items()}
    hidden = [by_words[name] for name, figure in rows if figure is None]
    assert not hidden or len(hidden) == len(rows) or (len(hidden) >= 2 and sum(hidden) >= SMALLEST)


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_interval_holds_the_share(part: int, more: int) -> None:
    whole = part + more
    low, high = wilson(part, whole)
    assert 0 <= low <= 100 * part / whole <= high <= 100
    assert wilson(part * 4, whole * 4)[1] - wilson(part * 4, whole * 4)[0] <= high - low + 2


def test_a_known_interval() -> None:
    """15 of 20 by Wilson lies between 53.1 and 88.8 per cent."""
    assert wilson(15, 20) == (53, 89)


NUMBER = re.compile(r"(?<![\d,.–/-])\d+(?![\d,.–/-])")


@pytest.fixture
def few(region: Network, db: None) -> Network:
    """A network so small that most figures tell of somebody."""
    world = small_world(region, clients=14, seed=5)
    write(world)
    count_anew(still=False)
    return Network.objects.get(id=world.network)


def test_no_cell_of_the_open_data_is_under_five(few: Network) -> None:
    with zipfile.ZipFile(io.BytesIO(package_of(few, "https://x.example/"))) as archive:
        assert set(archive.namelist()) == {"figures.csv", "indicators.csv", "datapackage.json", "dcat.jsonld"}
        rows = list(csv.DictReader(io.StringIO(archive.read("figures.csv").decode())))
        told = json.loads(archive.read("datapackage.json"))
        assert json.loads(archive.read("dcat.jsonld"))["@type"] == "dcat:Dataset"
    assert rows and [one["name"] for one in told["resources"][0]["schema"]["fields"]] == list(rows[0])
    people = {one.code for one in indicators().values() if one.people}
    hidden = 0
    for row in rows:
        if row["indicator"] not in people:
            continue
        hidden += row["hidden"] == "true"
        assert not (row["hidden"] == "true" and (row["figure"] or row["base"]))
        if row["base"]:
            assert int(row["base"]) % 5 == 0 and int(row["base"]) >= 5, row
        if row["figure"] and indicators()[row["indicator"]].unit == "count":
            assert Decimal(row["figure"]) % 5 == 0 and Decimal(row["figure"]) >= 5, row
    assert hidden > 50
    keys = [tuple(row[name] for name in ("indicator", "step", "begins", "breakdown", "value")) for row in rows]
    assert len(keys) == len(set(keys))


def test_pages_and_files_say_the_same(region: Network, as_person: Callable[[str], Client]) -> None:
    world = small_world(region, clients=14, seed=5)
    world.network = str(region.id)
    write(world)
    count_anew(still=False)
    kaisa = as_person("kaisa")
    for code in ("guided", "planned", "met"):
        for by in ("", "municipality", "group"):
            path = f"/desk/networks/{region.id}/questions?indicator={code}&by={by}&step=year&spans=3"
            page = kaisa.get(path)
            assert page.status_code == 200
            told = list(csv.reader(io.StringIO(kaisa.get(path + "&form=csv").content.decode("utf-8-sig"))))
            for row in told[1:]:
                assert row[2] in page.content.decode().replace("\xa0", " "), (code, by, row)
                numbers = [int(one) for one in NUMBER.findall(row[2].replace("%", "").replace("\xa0", ""))]
                if row[2].startswith("noin"):
                    assert all(number % 5 == 0 and number >= 5 for number in numbers), row
            assert kaisa.get(path + "&form=xlsx").content[:2] == b"PK"


def test_researchers_get_no_person_and_no_rare_kind(few: Network, tmp_path: Path) -> None:
    path = tmp_path / "stories.csv"
    research.write(few, "1/2027", path)
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert rows and not re.search(r"[0-9a-f]{8}-", path.read_text())
    stories: dict[str, tuple[str, str]] = {row["story"]: (row["language"], row["municipality"]) for row in rows}
    kinds = list(stories.values())
    for kind in set(kinds) - {("", "")}:
        assert kinds.count(kind) >= SMALLEST, kind
    assert all(len(row["month"]) in (4, 6) for row in rows)


def test_a_value_with_a_name_is_in_the_order_of_names() -> None:
    assert list(names_of("municipality", ["398", "111", "-"])) == ["111", "398", "-"]


@given(st.integers(1, 4))
def test_an_exact_value_of_few_is_never_shown(n: int) -> None:
    assume(n < SMALLEST)
    one = indicators()["guided"]
    sums: Sums = {("began", MONTHS[0], ""): {0: n}}
    assert raw_value(one, sums, MONTHS).exact == n
    assert over_time(one, sums, [SPAN])[0].value is None
