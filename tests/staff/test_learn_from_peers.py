""" "Ask me", mentoring pairs, peer groups: begun, answered, met and written in by those who are in, and nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.clock import now, today
from opinovi.base.models import Letter
from opinovi.journeys.actions.consultations import TellsWho
from opinovi.network.models import Member, Network, Person
from opinovi.staff.actions import circles, profiles
from opinovi.staff.models import Circle, CirclePlace, PeerOffer
from tests.staff.learning import of

As = Callable[[str], Client]
Who = Callable[[str], Person]
NOTE = "Istutaan ensin kahville"


@pytest.fixture
def pair(person: Who, region: Network) -> Circle:
    """Oona has asked Nelli to be her mentor."""
    return circles.begin(
        person("oona"), region, "mentoring", name="", text="Ryhmien ohjaamista.", area="groups",
        people=[of(person("nelli"), region)],
    )  # fmt: skip


def test_one_offers_help_and_is_asked(
    as_person: As, person: Who, region: Network, letters: Callable[[], list[Letter]]
) -> None:
    nelli, oona = as_person("nelli"), as_person("oona")
    nelli.post("/desk/peers", {"then": "offer", "area": "networks", "text": "Tunnen kaikki talot."})
    offer = PeerOffer.objects.get()
    page = oona.get("/desk/peers").content.decode()
    assert "Tunnen kaikki talot." in page and "Kysy: Nelli Neuvoja" in page
    answer = oona.post(f"/desk/peers/{offer.id}/ask", {"text": "Kenelle soitan velka-asiassa?", "once": str(uuid4())})
    one = Circle.objects.get()
    assert answer.headers["Location"].startswith(f"/desk/circles/{one.id}")
    assert [letter.key.startswith("circle") for letter in letters()] == [True]
    assert "velka-asiassa" in nelli.get(f"/desk/circles/{one.id}").content.decode()
    nelli.post(f"/desk/circles/{one.id}", {"then": "write", "text": "Talous- ja velkaneuvontaan."})
    assert "velkaneuvontaan" in oona.get(f"/desk/circles/{one.id}").content.decode()
    # Sent twice it is asked once; given up, nobody asks any more.
    once = uuid4()
    for _time in range(2):
        circles.ask(person("ville"), region, offer, "Entä minä?", False, once)
    assert Circle.objects.count() == 2
    nelli.post("/desk/peers", {"then": "end-offer", "which": str(offer.id)})
    assert oona.get(f"/desk/peers/{offer.id}/ask").status_code == 404
    with pytest.raises(ValidationError, match="ei enää auta"):
        circles.ask(person("ville"), region, PeerOffer.objects.get(), "Vielä?", False)


def test_nobody_gives_up_the_offer_of_another(as_person: As, person: Who, region: Network) -> None:
    offer = profiles.offer_help(person("nelli"), region, "networks", "")
    as_person("oona").post("/desk/peers", {"then": "end-offer", "which": str(offer.id)})
    assert PeerOffer.objects.get().ended_at is None
    with pytest.raises(PermissionDenied):
        profiles.end_offer(person("oona"), offer)


def test_what_looks_like_a_client_is_pointed_at(as_person: As, person: Who, region: Network, pair: Circle) -> None:
    circles.answer(person("nelli"), pair, yes=True)
    oona = as_person("oona")
    page = oona.post(f"/desk/circles/{pair.id}", {"then": "write", "text": "Kävin eilen Pirkko Nieminen mukana."})
    assert page.status_code == 422 and "<mark>Pirkko</mark>" in page.content.decode()
    assert "Kävin eilen" in page.content.decode() and not pair.notes.exists()
    oona.post(
        f"/desk/circles/{pair.id}", {"then": "write", "text": "Kävin eilen Pirkko Nieminen mukana.", "looked": "1"}
    )
    assert pair.notes.count() == 1
    # An identity code goes nowhere, whoever has looked; a colleague's name everywhere.
    with pytest.raises(TellsWho):
        circles.write(person("oona"), pair, "Tunnus 131052-308T", looked=True)
    circles.write(person("oona"), pair, "Kysyin Villeltä ja Nelliltä 3.2. kello 12.", looked=False)


def test_a_pair_begins_when_the_other_says_yes(as_person: As, person: Who, region: Network, pair: Circle) -> None:
    nelli, oona = as_person("nelli"), as_person("oona")
    oona.post(f"/desk/circles/{pair.id}", {"then": "write", "text": NOTE})
    page = nelli.get(f"/desk/circles/{pair.id}").content.decode()
    assert "Tuletko mukaan?" in page and NOTE not in page and "mentori" in page
    # Who has not said yes writes nothing.
    with pytest.raises(ValidationError, match="Vastaa ensin"):
        circles.write(person("nelli"), pair, "Hei", looked=False)
    nelli.post(f"/desk/circles/{pair.id}", {"then": "yes"})
    assert NOTE in nelli.get(f"/desk/circles/{pair.id}").content.decode()
    day = today() + timedelta(days=3)
    bad = nelli.post(f"/desk/circles/{pair.id}", {"then": "meet", "day": "2020-01-01", "clock": "12:00"})
    assert bad.status_code == 422 and "Aika on jo mennyt" in bad.content.decode()
    nelli.post(f"/desk/circles/{pair.id}", {"then": "meet", "day": f"{day}", "clock": "12:00", "where": "Kahvio Aalto"})
    assert "Kahvio Aalto" in oona.get(f"/desk/circles/{pair.id}").content.decode()
    oona.post(f"/desk/circles/{pair.id}", {"then": "end"})
    with pytest.raises(ValidationError, match="päättynyt"):
        circles.write(person("nelli"), pair, "Vielä yksi", looked=False)
    assert NOTE in nelli.get(f"/desk/circles/{pair.id}").content.decode()


@pytest.mark.parametrize("name", ["ville", "eetu", "paivi", "kaisa", "veikko", "tarja", "timo", "assi"])
def test_nobody_else_sees_it(name: str, as_person: As, person: Who, region: Network, pair: Circle) -> None:
    circles.answer(person("nelli"), pair, yes=True)
    circles.write(person("oona"), pair, NOTE, looked=False)
    client = as_person(name)
    assert client.get(f"/desk/circles/{pair.id}").status_code in (302, 403, 404)
    assert client.post(f"/desk/circles/{pair.id}", {"then": "write", "text": "Hei"}).status_code in (302, 403, 404)
    assert pair.notes.count() == 1
    assert str(pair.id) not in client.get("/desk/peers").content.decode()


def test_who_leaves_or_says_no_sees_it_no_more(as_person: As, person: Who, region: Network, pair: Circle) -> None:
    nelli = as_person("nelli")
    nelli.post(f"/desk/circles/{pair.id}", {"then": "no"})
    assert nelli.get(f"/desk/circles/{pair.id}").status_code == 404
    again = circles.begin(person("oona"), region, "peers", name="Aamukahvi", text="", people=[], open_to_all=True)
    nelli.post("/desk/peers", {"then": "join", "which": str(again.id)})
    assert nelli.get(f"/desk/circles/{again.id}").status_code == 200
    nelli.post(f"/desk/circles/{again.id}", {"then": "out"})
    assert nelli.get(f"/desk/circles/{again.id}").status_code == 404
    # One whose place in the network has ended is in nothing.
    Member.objects.filter(person=person("oona")).update(ended_at=now())
    assert as_person("oona").get(f"/desk/circles/{again.id}").status_code in (302, 403, 404)


def test_a_closed_group_is_not_joined_and_a_pair_is_two(person: Who, region: Network, pair: Circle) -> None:
    with pytest.raises(ValidationError, match="ei voi liittyä"):
        circles.join(person("ville"), pair)
    two = [of(person(name), region) for name in ("nelli", "ville")]
    with pytest.raises(ValidationError, match="kahden"):
        circles.begin(person("oona"), region, "mentoring", name="", text="", people=two)
    with pytest.raises(ValidationError, match="kutsut"):
        circles.begin(person("oona"), region, "peers", name="R", text="", people=[])


def test_groups_and_pairs_begin_on_their_pages(as_person: As, person: Who, region: Network) -> None:
    oona, ville = as_person("oona"), of(person("ville"), region)
    sent = {
        "name": "Digikahvit",
        "area": "digital",
        "people": [str(ville.id)],
        "open_to_all": "on",
        "once": str(uuid4()),
    }
    for _time in range(2):
        oona.post("/desk/circles/new", sent)
    assert Circle.objects.count() == 1
    oona.post("/desk/circles/pair", {"who": str(ville.id), "mentor": "1", "once": str(uuid4())})
    places = CirclePlace.objects.filter(circle__kind="mentoring")
    assert {(one.member.person.name, one.mentor, one.state) for one in places} == {
        ("Oona Ohjaaja", True, "in"), ("Ville Opinto-opas", False, "asked")
    }  # fmt: skip
    own = str(of(person("oona"), region).id)
    assert oona.post("/desk/circles/pair", {"who": own, "mentor": "1", "once": str(uuid4())}).status_code == 422
    page = as_person("ville").get("/desk/peers").content.decode()
    assert "Digikahvit" in page and "Oona Ohjaaja" in page


def test_who_only_looks_at_figures_is_asked_to_nothing(as_person: As, person: Who, region: Network) -> None:
    for path in ("/desk/circles/new", "/desk/circles/pair"):
        page = as_person("oona").get(path).content.decode()
        assert "Nelli Neuvoja" in page and "Tarja Tarkastaja" not in page and "Timo Työnantaja" not in page
    tarja = Member.objects.get(person=person("tarja"))
    with pytest.raises(ValidationError, match="ei ole mukana"):
        circles.begin(person("oona"), region, "peers", name="R", text="", people=[tarja])


def test_the_pages_ask_at_most_twelve(
    as_person: As, person: Who, region: Network, in_service: None, django_assert_max_num_queries: Any
) -> None:
    ville = of(person("ville"), region)
    for number in range(20):
        one = circles.begin(
            person("oona"), region, "peers", name=f"R{number}", text="", people=[ville], open_to_all=True
        )
    circles.answer(person("ville"), one, yes=True)
    for number in range(30):
        circles.write(person("oona"), one, f"Ajatus {number}", looked=True)
    offer = profiles.offer_help(person("nelli"), region, "digital", "")
    for name in ("oona", "ville", "kaisa"):
        client = as_person(name)
        paths = ["/desk/peers", f"/desk/peers/{offer.id}/ask", "/desk/circles/new", "/desk/circles/pair"]
        for path in [*paths, *([f"/desk/circles/{one.id}"] if name != "kaisa" else [])]:
            with django_assert_max_num_queries(12):
                assert client.get(path).status_code == 200, path
