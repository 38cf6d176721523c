"""A coordinator's every page and export, over a network with three clients in a cell: no figure under five, and none that
can be had by taking others from a total."""

import csv
import re
from collections.abc import Callable
from itertools import combinations

import pytest
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.figures import SMALLEST, hide
from opinovi.journeys.actions import outcomes
from opinovi.journeys.actions.watching import tell_coordinators, waiting_too_long
from opinovi.journeys.models import Client, Outcome, Referral
from opinovi.network.models import Network, Person
from opinovi.site.matrix import addresses
from tests.journeys.guiding import begin, newest_journey, sent, te_service

AsPerson = Callable[[str], Browser]
Named = Callable[[str], Person]


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 40), max_size=8))
def test_what_is_shown_of_a_partition_tells_of_no_few(counts: dict[str, int]) -> None:
    shown, total = hide(counts)
    hidden = [name for name, count in shown.items() if count is None]
    assert total is None or total >= SMALLEST
    assert all(count is None or (count >= SMALLEST and count % 5 == 0) for count in shown.values())
    if total is None:
        assert len(hidden) == len(counts)
    elif hidden:
        # What is hidden is two lines at least and five people or more: the total tells no line of it.
        assert len(hidden) >= 2 and sum(counts[name] for name in hidden) >= SMALLEST
    # No two figures of a table differ by fewer than five people either.
    figures = [count for count in (*shown.values(), total) if count is not None]
    assert all(abs(one - two) % 5 == 0 for one, two in combinations(figures, 2))


@pytest.fixture
def small_cell(person: Named, region: Network) -> None:
    """Nine people handed on by one house, three by another; what came of it is told by three."""
    for number in range(9):
        sent(person("oona"), begin(person("oona"), mail=f"a{number}@b.example"))
    for number in range(3):
        client = begin(person("nelli"), mail=f"c{number}@b.example")
        sent(person("nelli"), client, service=te_service().__class__.objects.get(external_id="salpaus-uraohjaus"))
        journey = newest_journey(client)
        outcomes.end_journey(Person.objects.get(email="nelli@example.example"), journey)
        outcomes.tell(Outcome.objects.get(journey=journey, months=0), "work")


def figures_in(text: str) -> list[int]:
    """Every figure of people in a page's tables."""
    cells = re.findall(r"<td>(?:noin )?(\d+)</td>", text)
    return [int(cell) for cell in cells]


def test_no_page_or_export_of_a_coordinator_tells_of_fewer_than_five(
    as_person: AsPerson, person: Named, region: Network, small_cell: None
) -> None:
    kaisa = as_person("kaisa")
    page = kaisa.get(f"/desk/networks/{region.id}/guidance").content.decode()
    assert "alle 5" in page and "noin 10" in page
    assert all(one >= SMALLEST and one % 5 == 0 for one in figures_in(page)), figures_in(page)
    told = kaisa.get(f"/desk/networks/{region.id}/guidance?form=csv").content.decode()
    for _table, _line, people in list(csv.reader(told.splitlines()))[1:]:
        number = re.search(r"noin (\d+)", people)
        assert people.startswith("alle 5") or (number and int(number[1]) >= SMALLEST and int(number[1]) % 5 == 0)
    # Every other page that is theirs knows nothing of clients at all.
    assert kaisa.get("/desk/clients").status_code == kaisa.get("/desk/referrals").status_code == 403
    for one in addresses():
        if one.of is None and "<" not in one.route and one.path({}).startswith("/desk"):
            assert "Aino" not in kaisa.get(one.path({})).content.decode(), one.route


def test_the_years_do_not_overlap(as_person: AsPerson, region: Network, small_cell: None) -> None:
    kaisa = as_person("kaisa")
    before = kaisa.get(f"/desk/networks/{region.id}/guidance?year=2026").content.decode()
    assert figures_in(before) == []
    for year in ("2030", "1999", "x", "2027-01"):
        assert "2027" in kaisa.get(f"/desk/networks/{region.id}/guidance?year={year}").content.decode()


def test_what_waits_too_long_is_told_as_a_number_and_a_team(
    person: Named, region: Network, small_cell: None, letters: Callable[[], list[object]], as_person: AsPerson
) -> None:
    Referral.objects.update(reminded=3)
    counts = {team.name: count for (_network, team), count in waiting_too_long().items()}
    assert counts == {"Neuvontapiste": 9, "Hakupalvelut": 3}
    tell_coordinators()
    tell_coordinators()
    told = [one for one in letters() if one.subject == "Ohjauksia odottaa yli määräajan"]  # type: ignore[attr-defined]
    assert len(told) == 2
    bodies = " ".join(one.body for one in told)  # type: ignore[attr-defined]
    assert "alle 5" in bodies and "Aino" not in bodies and re.search(r": 10\b", bodies)
    page = as_person("kaisa").get(f"/desk/networks/{region.id}/guidance").content.decode()
    assert "Neuvontapiste: 10" in page and "Hakupalvelut: alle 5" in page
    assert Client.objects.count() >= 12
