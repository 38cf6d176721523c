"""Whoever looks again and again, in whatever order people answer, learns no more than by looking once."""

import random
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opinovi.base.figures import few
from opinovi.network.models import Network, Person
from opinovi.workplaces.actions import surveys
from opinovi.workplaces.models import CompetenceSurvey
from opinovi.workplaces.release import release
from tests.workplaces.asking import a_survey, a_workplace, answered
from tests.workplaces.cases import fresh

UNITS = ("Leipomo", "Myymälä", "Kuljetus")


class Undone(Exception):
    """Takes back one walk."""


def number_of(words: str) -> int:
    return int(words) if words.isdigit() else 0


def test_ten_thousand_sequences_of_answers_and_looks() -> None:
    """Before it is closed only how many have answered is shown: by one more it moves by nothing or by five, and what
    moved it is one of five at least. After that it is one result, whatever the order was and however often one looks."""
    lot = random.Random(9)
    for _sequence in range(10_000):
        rows: list[tuple[str, dict[str, int]]] = []
        looks = []
        for _step in range(lot.randint(0, 40)):
            if lot.random() < 0.7:
                rows.append((lot.choice(["a", "b", ""]), {"x": lot.randint(1, 4)}))
            else:
                looks.append((len(rows), number_of(few(len(rows)))))
        for (before, shown), (after, again) in pairwise(looks):
            assert shown % 5 == again % 5 == 0 and (again == shown or again - shown >= 5)
            # What may have been there at each look: of what came between, no number under five is certain.
            least = max(0, (again - 2 if again else 0) - (shown + 2 if shown else 4))
            most = (again + 2 if again else 4) - (shown - 2 if shown else 0)
            assert least <= after - before <= most and (most == least) is False
        first = release(rows, ["x"], ["a", "b"])
        lot.shuffle(rows)
        assert release(rows, ["x"], ["a", "b"]) == first


@pytest.mark.once
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from([*UNITS, "look", "look at the poster"]), max_size=25))
def test_no_page_of_an_open_survey_tells_who_or_where(
    as_person: Callable[[str], Client], person: Callable[[str], Person], region: Network, steps: list[str]
) -> None:
    try:
        with transaction.atomic():
            walk(as_person("timo"), fresh(person("oona")), region, steps)
            raise Undone
    except Undone:
        pass


def walk(timo: Client, oona: Person, region: Network, steps: list[str]) -> None:
    one, count, pages = a_survey(oona, a_workplace(oona, region, *UNITS)), 0, set()
    for step in steps:
        if step in UNITS:
            answered(one, 1 + count % 4, step)
            count += 1
            continue
        page = text_of(timo, one, "/poster" if "poster" in step else "")
        found = re.search(r"Vastauksia: ([^.]*)\.", page)
        if "poster" not in step:
            assert found is not None and found[1] == few(count)
            # But for that number, one look is as any other.
            pages.add(page.replace(found[0], ""))
    assert len(pages) <= 1
    surveys.close_survey(fresh(oona), one)
    surveys.count(one)
    after = text_of(timo, one)
    assert [text_of(timo, one) for _look in range(3)] == [after] * 3
    shown = [int(number) for number in re.findall(r"Noin (\d+) vastasi", after)]
    assert shown == ([] if count < 5 else [5 * round(count / 5)])


def text_of(timo: Client, one: CompetenceSurvey, part: str = "") -> str:
    """A page without what differs by chance."""
    page: Any = timo.get(f"/desk/surveys/{one.id}{part}").content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
