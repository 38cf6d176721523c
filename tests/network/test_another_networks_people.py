"""One of another network, at this network's door: nothing of what this one does among itself is theirs to see."""

from collections.abc import Callable

import pytest
from django.test import Client

from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.outreach.example import make_outreach
from opinovi.practices.example import make_practices
from opinovi.projects.example import make_projects
from opinovi.staff.example import make_staff
from opinovi.strategy.example import make_strategy
from opinovi.workplaces.example import make_workplaces

# What tells something of the example's network among itself.
TOLD = ["Mikä videoyhteys", "Ohjaus videolla", "Digiohjaajien aamukahvi", "Hakupalvelujen arki", "Leipomo Esimerkki",
        "Sysmän kyläkaupassa", "Kysy: Nelli", "Opin ovi 2008"]  # fmt: skip
LISTS = ["/desk/together", "/desk/strategies", "/desk/practices", "/desk/practices/new", "/desk/outreach",
         "/desk/outreach/plans/new", "/desk/projects", "/desk/competence", "/desk/competence/assess",
         "/desk/competence/share", "/desk/competence/together", "/desk/trainings", "/desk/peers", "/desk/circles/new",
         "/desk/circles/pair", "/desk/shadowing", "/desk/shadowing/new", "/desk/discussion", "/desk/discussion/new"]  # fmt: skip


@pytest.fixture
def example(db: None) -> None:
    for make in (make_practices, make_outreach, make_strategy, make_staff, make_workplaces, make_projects):
        make()


@pytest.fixture
def stranger(person: Callable[[str], Person], as_person: Callable[[str], Client]) -> Client:
    """A guide whose house is in another network alone."""
    house = Organisation.objects.create(name={"fi": "Muualla"}, source="own", external_id="muualla")
    Network.objects.get(slug="hame").members.add(house)
    Member.objects.filter(person=person("oona")).update(organisation=house)
    return as_person("oona")


def test_none_of_its_lists_opens_to_them(example: None, stranger: Client, as_person: Callable[[str], Client]) -> None:
    nelli = as_person("nelli")
    pages = {path: nelli.get(path) for path in LISTS}
    # It is there, for its own.
    assert {path for path, one in pages.items() if one.status_code not in (200, 302)} == set()
    everything = "".join(one.content.decode() for one in pages.values())
    assert [words for words in TOLD[:4] + TOLD[5:6] if words not in everything] == []
    for path in LISTS:
        answer = stranger.get(path)
        assert answer.status_code == 404, path
        assert not any(words in answer.content.decode() for words in TOLD), path
    # What they write there is taken by nobody, either.
    for path in ("/desk/discussion/new", "/desk/competence/assess", "/desk/peers", "/desk/shadowing/new"):
        assert stranger.post(path, {"title": "A", "text": "B", "level-client": "2"}).status_code == 404, path
    workplaces = stranger.get("/desk/workplaces")
    assert workplaces.status_code == 200 and "Leipomo Esimerkki" not in workplaces.content.decode()


def test_at_their_own_door_it_is_theirs(stranger: Client) -> None:
    for path in ("/hame/desk/discussion", "/hame/desk/competence", "/hame/desk/strategies"):
        assert stranger.get(path).status_code == 200, path
