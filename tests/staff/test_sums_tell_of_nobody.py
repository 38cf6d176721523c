"""The privacy of profiles as a matrix: every state of sharing by every reader, every page and every figure; and sums
that tell of no fewer than five, nor does the difference of two counts."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.figures import SMALLEST
from opinovi.base.models import Event, Letter
from opinovi.network.competences import areas
from opinovi.network.models import Network, Person
from opinovi.site.matrix import addresses
from opinovi.staff.actions import profiles
from opinovi.staff.counting import count, recount
from opinovi.staff.models import CompetenceCount, CompetenceProfile
from tests.staff.learning import SECRET, a_profile, crowd, of

As = Callable[[str], Client]
Who = Callable[[str], Person]
OWNER, LEADER = "oona", "paivi"
READERS = [OWNER, LEADER, "eetu", "ella", "nelli", "ville", "kaisa", "veikko", "tarja", "timo", "assi", ""]
# A state of sharing: has the leader, counts in the sums, was taken back, is forgotten.
STATES = ["private", "leader", "counted", "leader and counted", "taken back", "forgotten"]
LEVEL_WORDS = "Rakennan yhteistyötä, jota ei vielä ole."


def bring_to(state: str, by: Person, profile: CompetenceProfile, leader: Person, network: Network) -> None:
    if state == "private":
        return
    chosen = of(leader, network) if "leader" in state or state == "taken back" else None
    profiles.share(by, profile, chosen, counted="counted" in state or state == "taken back")
    if state == "taken back":
        profiles.share(by, profile, None, counted=False)
    elif state == "forgotten":
        profiles.forget(by, profile)


def reader(name: str, as_person: As) -> Client:
    return as_person(name) if name else Client()


@pytest.mark.parametrize("state", STATES)
def test_who_sees_a_profile_in_every_state(state: str, as_person: As, person: Who, region: Network) -> None:
    by = person(OWNER)
    profile = a_profile(by, region, networks=4)
    before = set(CompetenceProfile.objects.values_list("locked", flat=True))
    bring_to(state, by, profile, person(LEADER), region)
    count(region)
    for name in READERS:
        client = reader(name, as_person)
        sees = state != "forgotten" and (name == OWNER or (name == LEADER and "leader" in state))
        answer = client.get(f"/desk/competence/{profile.id}")
        assert (answer.status_code == 200 and SECRET in answer.content.decode()) == sees, (state, name)
        own = client.get("/desk/competence").content.decode()
        assert (SECRET in own) == (name == OWNER and state != "forgotten"), (state, name)
        together = client.get("/desk/competence/together").content.decode()
        assert SECRET not in together and LEVEL_WORDS not in together and "Osaaminen alueittain" not in together
    # Nothing of it stands in what others may read, nor open in the database.
    assert SECRET not in str(list(Event.objects.values_list("data", flat=True)))
    assert not Letter.objects.filter(key__contains="competence").exists()
    assert all(SECRET not in one and "networks" not in one for one in before)


@pytest.mark.once
def test_no_page_of_the_house_shows_it_even_where_most_is_shared(as_person: As, person: Who, region: Network) -> None:
    """Every address without an object, by every reader but the two who may."""
    by = person(OWNER)
    profile = a_profile(by, region, networks=4)
    bring_to("leader and counted", by, profile, person(LEADER), region)
    count(region)
    door = {"network_prefix": region.prefix}
    pages = [one.path(door) for one in addresses() if "<" not in one.route and "sign-out" not in one.route]
    assert len(pages) > 60
    for name in READERS:
        if name in (OWNER, LEADER):
            continue
        client = reader(name, as_person)
        for path in pages:
            answer = client.get(path)
            text = b"".join(answer) if answer.streaming else answer.content
            assert SECRET.encode() not in text and str(profile.id).encode() not in text, (name, path)


def counted(people: list[Person], network: Network, level: int, area: str = "ethics") -> None:
    for by in people:
        profile = a_profile(by, network, **{area: level})
        profiles.share(by, profile, None, counted=True)


def test_four_are_no_sum_and_five_are(as_person: As, person: Who, region: Network, salpaus: Any) -> None:
    people = crowd(salpaus, 24)
    counted(people[:4], region, 2)
    assert count(region) is None
    assert "Lukuja ei ole vielä" in as_person("kaisa").get("/desk/competence/together").content.decode()
    counted(people[4:12], region, 2)
    counted(people[12:], region, 3)
    one = count(region)
    assert one is not None and one.people == 25
    figure = one.figures["ethics"]
    assert figure["total"] == 25
    page = as_person("kaisa").get("/desk/competence/together").content.decode()
    assert "Noin 25 ihmistä" in page and "Etiikka" in page
    assert all(
        "Väki" not in as_person(name).get("/desk/competence/together").content.decode() for name in ("kaisa", "oona")
    )


def test_a_count_does_not_move_for_fewer_than_five(person: Who, region: Network, salpaus: Any) -> None:
    people = crowd(salpaus, 30)
    counted(people, region, 2)
    first = count(region)
    assert first is not None
    before = copy.deepcopy(first.figures)
    # Four change their level, one leaves the count, one takes everything away: nothing moves.
    counted(people[:4], region, 4)
    profiles.share(people[5], CompetenceProfile.objects.get(member__person=people[5]), None, counted=False)
    profiles.forget(people[6], CompetenceProfile.objects.get(member__person=people[6]))
    again = count(region)
    assert again is not None and (again.figures, again.people) == (before, first.people)
    # The fifth does it; and an area that nobody touched stands as it stood.
    counted(people[7:8], region, 4)
    moved = count(region)
    assert moved is not None and moved.figures["ethics"] != before["ethics"]
    assert {area: figure for area, figure in moved.figures.items() if area not in ("ethics", "digital")} == {
        area: figure for area, figure in before.items() if area not in ("ethics", "digital")
    }


def test_when_fewer_than_five_are_left_nothing_is_told(region: Network, salpaus: Any) -> None:
    people = crowd(salpaus, 6)
    counted(people, region, 2)
    count(region)
    for by in people[:2]:
        profiles.forget(by, CompetenceProfile.objects.get(member__person=by))
    assert count(region) is None and not CompetenceCount.objects.exists()


def test_nothing_of_levels_stands_open_in_the_database(region: Network, salpaus: Any) -> None:
    counted(crowd(salpaus, 6), region, 2)
    count(region)
    with connection.cursor() as cursor:
        cursor.execute("select * from staff_competenceprofile")
        rows = str(cursor.fetchall())
        cursor.execute("select basis from staff_competencecount")
        basis = str(cursor.fetchall())
    assert "ethics" not in rows and SECRET not in rows and "ethics" not in basis


told = st.fixed_dictionaries(
    {"levels": st.dictionaries(st.sampled_from(list(areas())[:3]), st.integers(1, 4)),
     "wants": st.lists(st.sampled_from(list(areas())[:3]), unique=True)}
)  # fmt: skip


@given(st.lists(told, min_size=5, max_size=40), st.data())
def test_the_difference_of_two_counts_tells_of_no_fewer_than_five(
    people: list[dict[str, Any]], data: st.DataObject
) -> None:
    figures, counted_first = recount({}, people)
    for figure in figures.values():
        shown = [count for count in (*figure["levels"].values(), figure["total"], figure["wants"]) if count is not None]
        assert all(count >= SMALLEST and count % 5 == 0 for count in shown)
    # Any few people say something else, as often as they like.
    few = data.draw(st.lists(st.integers(0, len(people) - 1), max_size=SMALLEST - 1, unique=True))
    for _time in range(3):
        for number in few:
            people[number] = data.draw(told) | {"counted": people[number].get("counted", {})}
        again, _changed = recount(figures, people)
        # In the areas in which nothing waited to be counted.
        assert all(again[area] == figures[area] for area in counted_first)
