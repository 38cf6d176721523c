"""Where places lie: the nearest first, a map where there is one, a poster for the wall, the people who guide there."""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opinovi.directory.models import ContactCard, ServicePoint
from opinovi.directory.points import distance_km, estimate

POINTS = st.tuples(st.floats(59, 70), st.floats(19, 32))


def test_from_a_postcode_the_nearest_come_first(visitor: Client, region: Any) -> None:
    page = visitor.get("/places?near=18100").content.decode()
    assert "Lähimmät ensin" in page
    assert re.findall(r"<h3><a[^>]*>([^<]+)</a>", page)[0] in ("TE-toimisto, Heinola", "Kansalaisopisto, Heinola")
    far = [float(one.replace(",", ".")) for one in re.findall(r"noin ([\d,]+) km", page)]
    assert far == sorted(far) and len(far) == 24


def test_a_place_that_nobody_knows_is_said_and_the_list_stays(visitor: Client, region: Any) -> None:
    page = visitor.get("/places?near=Atlantis")
    assert (
        page.status_code == 422
        and "Emme tunne tätä paikkaa" in page.content.decode()
        and "Orimattila" in page.content.decode()
    )


def test_position_is_asked_only_by_a_button_and_stays_on_the_device(visitor: Client, region: Any) -> None:
    response = visitor.get("/places")
    assert "data-locate" in response.content.decode() and "geolocation=(self)" in response.headers["Permissions-Policy"]


def test_without_a_tile_server_there_is_no_map_and_with_one_there_is(
    visitor: Client, region: Any, settings: Any
) -> None:
    assert "leaflet/leaflet" not in visitor.get("/places").content.decode()
    settings.MAP_TILES = "https://tiles.example/{z}/{x}/{y}.png"
    page = visitor.get("/places").content.decode()
    assert "leaflet" in page and 'data-tiles="https://tiles.example/{z}/{x}/{y}.png"' in page


@given(POINTS, POINTS)
def test_a_distance_is_the_same_both_ways(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one)) and distance_km(one, one) == pytest.approx(
        0, abs=1e-6
    )


def test_distances_are_those_of_the_map() -> None:
    lahti, helsinki = (60.9827, 25.6615), (60.1699, 24.9384)
    assert distance_km(lahti, helsinki) == pytest.approx(98.5, abs=2)
    assert estimate("15140")[0] == pytest.approx(60.989, abs=0.02) and estimate("00000") == (None, None)


def test_a_poster_has_a_code_that_leads_to_the_place(visitor: Client, region: Any) -> None:
    point = ServicePoint.objects.get(external_id="lahti-te")
    page = visitor.get(f"/places/{point.id}/poster").content.decode()
    assert "<svg" in page and f"http://127.0.0.1:8000/places/{point.id}" in page and "Tulosta" in page
    assert (
        f"http://127.0.0.1:8000/sv/places/{point.id}" in visitor.get(f"/sv/places/{point.id}/poster").content.decode()
    )


def test_a_card_shows_only_what_its_person_consented_to(
    visitor: Client, as_person: Any, person: Any, career_guidance: Any
) -> None:
    page = visitor.get(f"/services/{career_guidance.id}").content.decode()
    assert "Oona Ohjaaja" in page and "+35831001131" in page and "oona@example.example" not in page
    oona = person("oona").places.get()
    client = as_person("oona")
    point = str(ServicePoint.objects.get(external_id="lahti-salpaus").id)
    data = {
        "shown": ["name", "email"],
        "about_fi": "Alanvaihto",
        "points": [point],
        "services": [str(career_guidance.id)],
        "languages": ["fi"],
    }
    assert client.post(f"/desk/members/{oona.id}/card", data).status_code == 302
    page = visitor.get(f"/places/{point}").content.decode()
    assert "oona@example.example" in page and "+35831001131" not in page
    card = ContactCard.objects.get(member=oona)
    client.post(f"/desk/cards/{card.id}/drop")
    for path in (f"/places/{point}", f"/services/{career_guidance.id}", f"/organisations/{oona.organisation_id}"):
        assert "Oona" not in visitor.get(path).content.decode()


def test_nobody_shows_another_and_a_card_without_a_name_is_refused(as_person: Any, person: Any) -> None:
    oona = person("oona").places.get()
    for name in ("eetu", "paivi", "kaisa"):
        assert as_person(name).post(f"/desk/members/{oona.id}/card", {"shown": ["name"]}).status_code == 404
    page = as_person("oona").post(f"/desk/members/{oona.id}/card", {"shown": ["phone"]})
    assert page.status_code == 422 and "nimen pitää näkyä" in page.content.decode()


def test_the_card_of_one_who_left_is_gone(visitor: Client, person: Any, career_guidance: Any) -> None:
    from opinovi.network.actions import end_place

    end_place(person("oona"), person("oona").places.get())
    assert "Oona" not in visitor.get(f"/services/{career_guidance.id}").content.decode()


def test_courses_stand_with_those_that_end_first_and_are_found(visitor: Client, region: Any, still: Any) -> None:
    page = visitor.get("/offerings").content.decode()
    names = re.findall(r"<h2><a[^>]*>([^<]+)</a>", page)
    assert names[:2] == ["Puhelin haltuun", "Suomen kielen alkeet"] and names[-1] == "Psykologian perusopinnot"
    assert "Suomen kielen alkeet" in visitor.get("/doors?q=suomen kielen kurssi illalla&where=Lahti").content.decode()
    assert visitor.get("/offerings?form=online").content.decode().count('class="result"') == 1
    still.move_to("2027-04-15T12:00:00+03:00")
    assert "Puhelin haltuun" not in visitor.get("/offerings").content.decode()
    assert visitor.get("/offerings?page=99&form=x").status_code == 200


@pytest.mark.parametrize(("path", "most"), [("/offerings", 5), ("/places?near=15110", 4)])
def test_the_pages_ask_little_of_the_database(
    visitor: Client, region: Any, in_service: None, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    with django_assert_max_num_queries(most):
        assert visitor.get(path).status_code == 200
