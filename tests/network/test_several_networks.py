"""Several networks on one installation: each at its own address, with its own look, languages and front desk."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from opinovi.base.fresh import fresh
from opinovi.directory.models import Service
from opinovi.network.models import Network, Organisation


@pytest.fixture
def hame(db: None) -> Network:
    return Network.objects.get(slug="hame")


def test_a_network_behind_a_path_has_its_own_name_look_and_addresses(visitor: Client, hame: Network) -> None:
    page = visitor.get("/hame/").content.decode()
    assert 'data-look="forest"' in page and "Kanta-Häme" in page and 'href="/hame/places"' in page
    assert 'action="/hame/doors"' in page and 'href="/static/' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/hame/">' in page
    assert "Forssa" in page and "Päijät-Häme" not in page
    assert "data-look" not in visitor.get("/").content.decode()


def test_a_network_speaks_its_own_languages(visitor: Client, hame: Network) -> None:
    assert 'hreflang="en"' not in visitor.get("/hame/").content.decode()
    assert visitor.get("/hame/sv/places").status_code == 200
    assert visitor.get("/hame/en/places?near=Forssa").headers["Location"] == "/hame/places?near=Forssa"


def test_its_front_desk_is_its_own(visitor: Client, hame: Network) -> None:
    assert "03 1001400" in visitor.get("/hame/ask").content.decode()
    assert "03 1001400" not in visitor.get("/ask").content.decode()


def test_a_network_at_a_host_of_its_own(hame: Network, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["hame.example", "testserver"]
    Network.objects.filter(id=hame.id).update(host="hame.example", path="")
    fresh.forget()
    page = Client(headers={"host": "hame.example"}).get("/").content.decode()
    assert "Kanta-Häme" in page and 'href="/places"' in page and 'href="http://hame.example/"' in page


def test_a_path_that_only_begins_like_a_networks_is_not_it(visitor: Client, hame: Network) -> None:
    assert visitor.get("/hameenlinna").status_code == 404
    assert visitor.get("/hame").status_code == 200


def test_a_search_reaches_into_the_neighbours_directory(visitor: Client, hame: Network) -> None:
    neighbour = Service.objects.filter(source="example", external_id="salpaus-uraohjaus").get()
    page = visitor.get("/hame/doors?q=uraohjaus aikuiselle").content.decode()
    assert (
        "Naapurissakin on ovia tähän: Päijät-Häme." in page
        and "/hame/doors?q=uraohjaus+aikuiselle&amp;where=P%C3%A4ij%C3%A4t-H%C3%A4me" in page
    )
    there = visitor.get("/hame/doors?q=uraohjaus aikuiselle&where=Päijät-Häme").content.decode()
    assert f"/hame/services/{neighbour.id}" in there
    assert visitor.get(f"/hame/services/{neighbour.id}").status_code == 200


def test_one_signs_in_and_works_behind_a_path_too(as_person: Any) -> None:
    page = as_person("eetu").get("/hame/desk").content.decode()
    assert 'href="/hame/desk/records/service"' in page


def test_its_administrator_sets_its_name_look_and_languages(as_person: Any, region: Network) -> None:
    client = as_person("veikko")
    told = {"name_fi": "Päijät-Häme", "name_sv": "Päijänne-Tavastland", "name_en": "", "look": "berry",
            "languages": ["fi", "sv"], "phone": "03 100 1000", "email": "a@b.fi"}  # fmt: skip
    assert client.post(f"/desk/networks/{region.id}/set-up", told).status_code == 302
    page = client.get("/").content.decode()
    assert 'data-look="berry"' in page and 'hreflang="en"' not in page
    assert (
        client.post(f"/desk/networks/{region.id}/set-up", told | {"look": "pink", "languages": []}).status_code == 422
    )
    hame = Network.objects.get(slug="hame")
    assert client.post(f"/desk/networks/{hame.id}/set-up", told).status_code == 404


def test_what_the_operator_left_open_stops_no_one(as_person: Any, region: Network) -> None:
    Network.objects.filter(id=region.id).update(municipalities=[])
    told = {"name_fi": "Päijät-Häme", "look": "lake", "languages": ["fi"], "phone": "", "email": ""}
    assert as_person("veikko").post(f"/desk/networks/{region.id}/set-up", told).status_code == 302


def test_a_network_is_added_by_a_command(db: None, visitor: Client) -> None:
    out = io.StringIO()
    call_command("network", "add", "uusimaa", "--name", "Uusimaa", "--region", "01", "--coordinator", "Uusi talo",
                 "--administrator", "Vastaava@talo.fi", "--path", "uusimaa", "--programme", "opin-ovi", stdout=out)  # fmt: skip
    assert "http://127.0.0.1:8000/uusimaa/" in out.getvalue()
    assert "Uusimaa" in visitor.get("/uusimaa/").content.decode()
    call_command("network", "list", stdout=out)
    assert "hame\tKanta-Häme\t/hame" in out.getvalue()
    assert Organisation.objects.get(name__fi="Uusi talo").staff.get().person.email == "vastaava@talo.fi"
    with pytest.raises(CommandError):
        call_command("network", "add", "toinen")
    with pytest.raises(CommandError):
        call_command(
            "network",
            "add",
            "uusimaa",
            "--name",
            "U",
            "--region",
            "01",
            "--coordinator",
            "T",
            "--administrator",
            "a@b.fi",
        )
