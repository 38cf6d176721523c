from typing import Any

import pytest
from django.test import Client

from opinovi.directory.models import Service
from opinovi.directory.ways import phone
from opinovi.network.models import Network


def test_every_municipality_has_a_place_and_its_state_is_said(visitor: Client, region: Network) -> None:
    page = visitor.get("/places").content.decode()
    for name in (
        "Asikkala",
        "Hartola",
        "Heinola",
        "Hollola",
        "Iitti",
        "Kärkölä",
        "Lahti",
        "Orimattila",
        "Padasjoki",
        "Sysmä",
    ):
        assert f">{name}</h2>" in page
    assert "Auki nyt, klo 16 asti" in page and "Avautuu ke klo 13" not in page


def test_a_place_tells_how_to_get_there_and_what_one_gets(visitor: Client, career_guidance: Service) -> None:
    point = career_guidance.points.get(external_id="lahti-salpaus")
    page = visitor.get(f"/places/{point.id}").content.decode()
    for part in (
        "Ståhlberginkatu 10",
        "15110 Lahti",
        "Uraohjaus aikuiselle",
        "Auki nyt",
        "ilman portaita",
        "geo:60.987200",
    ):
        assert part in page


def test_all_members_of_the_network_are_shown_with_the_coordinator(visitor: Client, region: Network) -> None:
    page = visitor.get("/organisations").content.decode()
    assert page.count("/organisations/") >= 22 and page.count("koordinoi verkostoa") == 1


def test_an_organisation_shows_its_services(visitor: Client, career_guidance: Service) -> None:
    page = visitor.get(f"/organisations/{career_guidance.organisation_id}").content.decode()
    assert "Koulutuskeskus Salpaus" in page and "Uraohjaus aikuiselle" in page


@pytest.mark.parametrize(("path", "most"), [("/places", 4), ("/organisations", 3)])
def test_pages_ask_little_of_the_database(
    visitor: Client, region: Network, in_service: None, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    with django_assert_max_num_queries(most):
        visitor.get(path)


def test_a_place_and_an_organisation_ask_little_of_the_database(
    visitor: Client, career_guidance: Service, in_service: None, django_assert_max_num_queries: Any
) -> None:
    point = career_guidance.points.first()
    assert point is not None
    for path in (f"/places/{point.id}", f"/organisations/{career_guidance.organisation_id}"):
        with django_assert_max_num_queries(7):
            visitor.get(path)


@pytest.mark.parametrize(
    ("number", "shown", "dialled"),
    [("+35831001130", "03 1001130", "+35831001130"), ("112", "112", "112"), ("kysy", "kysy", "kysy")],
)
def test_a_number_is_shown_as_one_reads_it_and_dialled_as_one_dials(number: str, shown: str, dialled: str) -> None:
    assert phone(number) == (shown, dialled)


@pytest.mark.django_db
def test_the_example_is_as_large_as_it_must_be() -> None:
    services = list(Service.objects.filter(source="example"))
    assert len(services) >= 120 and all(one.name.get("fi") for one in services)
    assert sum({"sv", "en"} <= set(one.name) for one in services) >= len(services) / 2
    assert {"information", "advice", "guidance", "education", "assessment", "employer"} <= {
        one.kind for one in services
    }
    assert any("fi-simple" in one.description for one in services)
    assert len({point.municipality for one in services for point in one.points.all()}) == 10
