"""A practice: written, read by two other houses, published, found, taken into use."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.texts_form import Changed
from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.practices import actions
from opinovi.practices.models import Adoption, Practice

As = Callable[[str], Client]
Who = Callable[[str], Person]
TEXTS = {"name": {"fi": "Kahvit ensin"}, "problem": {"fi": "Kukaan ei puhu."}, "way": {"fi": "Kahvit ensin."},
         "needs": {}, "results": {"fi": "Puhuvat."}}  # fmt: skip


@pytest.fixture
def practice(person: Who, region: Network, salpaus: Organisation) -> Practice:
    contact = Member.objects.get(person=person("oona"))
    return actions.save(person("oona"), region, salpaus, None, TEXTS, contact=contact, topics=["guidance"])


@pytest.fixture
def published(person: Who, practice: Practice) -> Practice:
    actions.offer(person("oona"), practice)
    for name in ("nelli", "ville"):
        actions.review(person(name), practice, True, "")
    practice.refresh_from_db()
    return practice


def test_it_is_written_and_what_is_missing_is_told(as_person: As, person: Who, salpaus: Organisation) -> None:
    oona = as_person("oona")
    contact = Member.objects.get(person=person("oona"))
    sent = {
        "name_fi": "Kahvit",
        "organisation": str(salpaus.id),
        "contact": str(contact.id),
        "materials": "ei osoitetta",
    }
    bad = oona.post("/desk/practices/new", sent)
    assert bad.status_code == 422 and "nimi ja osoite" in bad.content.decode()
    oona.post("/desk/practices/new", sent | {"materials": "Ohje https://esimerkki.fi/ohje\n\nhttps://esimerkki.fi/b"})
    one = Practice.objects.get()
    assert one.materials == [
        ["Ohje", "https://esimerkki.fi/ohje"],
        ["https://esimerkki.fi/b", "https://esimerkki.fi/b"],
    ]
    early = oona.post(f"/desk/practices/{one.id}", {"then": "offer"})
    assert early.status_code == 422 and "mikä oli ongelma" in early.content.decode()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.fi", "data:text/html,x"])
def test_a_link_leads_to_a_page_and_nothing_else(address: str) -> None:
    with pytest.raises(ValidationError):
        actions.links_of(f"Ohje {address}")


def test_two_other_houses_publish_it_and_one_sends_it_back(
    as_person: As, person: Who, practice: Practice, visitor: Client
) -> None:
    nelli = as_person("nelli")
    actions.offer(person("oona"), practice)
    assert visitor.get(f"/practices/{practice.id}").status_code == 404
    with pytest.raises(ValidationError, match="muista organisaatioista"):
        actions.review(person("paivi"), practice, True, "")
    bare = nelli.post(f"/desk/practices/{practice.id}", {"then": "review", "good": "0", "text": ""})
    assert bare.status_code == 422
    nelli.post(f"/desk/practices/{practice.id}", {"then": "review", "good": "0", "text": "Mikä kahvi?"})
    practice.refresh_from_db()
    assert practice.state == "draft"
    contact = Member.objects.get(person=person("oona"))
    actions.save(person("oona"), practice.network, practice.organisation, practice, TEXTS, contact=contact)
    actions.offer(person("oona"), practice)
    actions.review(person("nelli"), practice, True, "")
    with pytest.raises(ValidationError, match="jo arvioinut"):
        actions.review(person("nelli"), practice, True, "")
    assert visitor.get(f"/practices/{practice.id}").status_code == 404
    actions.review(person("ville"), practice, True, "")
    page = visitor.get(f"/practices/{practice.id}").content.decode()
    assert "Kahvit ensin" in page and "Oona Ohjaaja" in page


def test_a_change_of_what_was_published_is_read_anew(person: Who, published: Practice, visitor: Client) -> None:
    contact = Member.objects.get(person=person("oona"))
    actions.save(person("oona"), published.network, published.organisation, published, TEXTS, contact=contact)
    published.refresh_from_db()
    assert published.state == "draft" and visitor.get(f"/practices/{published.id}").status_code == 404
    with pytest.raises(Changed):
        actions.save(
            person("oona"), published.network, published.organisation, published, TEXTS, contact=contact, revision=9
        )


def test_another_house_takes_it_into_use_and_tells_how_it_went(
    as_person: As, person: Who, published: Practice, visitor: Client, letters: Any
) -> None:
    nelli, house = as_person("nelli"), person("nelli").places.get().organisation
    before = len(letters())
    sent = {"then": "adopt", "organisation": str(house.id), "since": "2027-02-01", "changed": "Teetä", "results": ""}
    ahead = nelli.post(f"/desk/practices/{published.id}", sent | {"since": "2027-03-01"})
    assert ahead.status_code == 422 and "vasta edessä" in ahead.content.decode()
    nelli.post(f"/desk/practices/{published.id}", sent)
    nelli.post(f"/desk/practices/{published.id}", sent | {"results": "Puhuvat enemmän"})
    assert Adoption.objects.get().results == "Puhuvat enemmän" and len(letters()) == before + 1
    assert "Teetä" in visitor.get(f"/practices/{published.id}").content.decode()
    with pytest.raises(ValidationError, match="joku muu"):
        actions.adopt(person("oona"), published, published.organisation, date(2027, 2, 1), "", "")
    with pytest.raises(PermissionDenied):
        actions.adopt(person("ville"), published, house, date(2027, 2, 1), "", "")


@pytest.mark.parametrize(
    ("words", "found"), [("kukaan ei puhu", True), ("ohjausta", True), ("ufojen bongaus", False), ("", True)]
)
def test_it_is_found_by_what_one_looks_for(published: Practice, visitor: Client, words: str, found: bool) -> None:
    assert ("Kahvit ensin" in visitor.get("/practices", {"q": words}).content.decode()) is found


def test_five_hundred_practices_ask_little(
    as_person: As, person: Who, region: Network, salpaus: Organisation, published: Practice, in_service: None,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    contact = Member.objects.get(person=person("oona"))
    Practice.objects.bulk_create(
        Practice(network=region, organisation=salpaus, name={"fi": f"Käytäntö {row}"}, problem={"fi": "Kukaan ei puhu"},
                 way={"fi": "Tapa"}, contact=contact, state="published", published_at=published.published_at)
        for row in range(500)
    )  # fmt: skip
    nelli = as_person("nelli")
    for path in ("/practices", "/practices?q=kukaan ei puhu&page=3", f"/practices/{published.id}", "/desk/practices",
                 f"/desk/practices/{published.id}", "/desk/practices/new"):  # fmt: skip
        with django_assert_max_num_queries(12):
            assert nelli.get(path).status_code == 200, path
