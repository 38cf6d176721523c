"""The page of a service answers, in order: what, for whom, what happens, cost, how to get in, where, who, how fresh."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from opinovi.base.clock import today
from opinovi.directory.models import Service
from opinovi.doors.counting import counter

ORDER = [
    "Mikä tämä on",
    "Kenelle",
    "Mitä tapahtuu",
    "Mitä maksaa",
    "Miten pääset sisään",
    "Missä",
    "Kuka ohjaa",
    "Mihin voit hakea",
    "Kuka tarjoaa",
    "Milloin tarkistettu",
]


def test_it_answers_in_the_order_that_people_ask(visitor: Client, career_guidance: Service) -> None:
    page = visitor.get(f"/services/{career_guidance.id}").content.decode()
    assert re.findall(r"<h2>([^<]+)</h2>", page) == ORDER
    for part in (
        "Koulutuskeskus Salpaus",
        "Ståhlberginkatu 10",
        "tel:+35831001130",
        "Maksuton",
        "Auki nyt, klo 16 asti",
    ):
        assert part in page


def test_plain_finnish_is_one_step_away_and_back(visitor: Client, career_guidance: Service) -> None:
    page = visitor.get(f"/services/{career_guidance.id}").content.decode()
    assert "Lue selkokielellä" in page and "Haluatko uuden ammatin?" not in page
    assert "Haluatko uuden ammatin?" in visitor.get(f"/services/{career_guidance.id}?plain=1").content.decode()


def test_a_text_that_is_only_in_finnish_says_so_on_the_swedish_page(visitor: Client, career_guidance: Service) -> None:
    page = visitor.get(f"/sv/services/{career_guidance.id}").content.decode()
    assert "<h1>Karriärvägledning för vuxna</h1>" in page
    assert '<span lang="fi">Aikuiselle, joka on töissä' in page and "Haluatko uuden ammatin?" not in page


def test_machines_read_it_as_schema_org(visitor: Client, career_guidance: Service) -> None:
    page = visitor.get(f"/services/{career_guidance.id}").content.decode()
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(text)
    assert (
        told["@context"] == "https://schema.org"
        and told["@type"] == "Service"
        and told["name"] == "Uraohjaus aikuiselle"
    )
    assert told["provider"]["name"] == "Koulutuskeskus Salpaus" and told["offers"]["price"] == "0"
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/services/{career_guidance.id}">' in page
    assert page.count('rel="alternate"') == len(settings.LANGUAGES)


def test_a_name_with_markup_in_it_stays_text(visitor: Client, career_guidance: Service) -> None:
    Service.objects.filter(id=career_guidance.id).update(name={"fi": "</script><script>alert(1)</script>"})
    page = visitor.get(f"/services/{career_guidance.id}").content.decode()
    assert "<script>alert" not in page and "\\u003c/script\\u003e" in page


def test_an_old_fact_says_that_it_is_old(visitor: Client, career_guidance: Service) -> None:
    Service.objects.filter(id=career_guidance.id).update(verified_on=today() - timedelta(days=400))
    assert "Tieto on vanha" in visitor.get(f"/services/{career_guidance.id}").content.decode()


@pytest.mark.parametrize("change", [{"state": "withdrawn"}, {"valid_until": "2027-01-01"}])
def test_a_service_that_is_over_explains_itself(
    visitor: Client, career_guidance: Service, change: dict[str, str]
) -> None:
    Service.objects.filter(id=career_guidance.id).update(**change)
    page = visitor.get(f"/services/{career_guidance.id}")
    assert page.status_code == 410 and "ei enää tarjota" in page.content.decode()


def test_a_real_service_without_a_number_leads_to_the_front_desk(visitor: Client) -> None:
    service = Service.objects.filter(source="ptv", name__fi="Koulutusneuvonta").first()
    assert service is not None
    page = visitor.get(f"/services/{service.id}").content.decode()
    assert "Kysy alueen neuvontapisteestä" in page and 'href="/ask"' in page and "CC BY 4.0" in page


def test_opening_a_door_marks_the_need_that_led_to_it(visitor: Client, career_guidance: Service) -> None:
    found = visitor.get("/doors?q=uraohjaus")
    address = re.findall(r'href="(/services/[^"]+\?n=[^"]+)"', found.content.decode())[0]
    visitor.get(address)
    assert counter.opened == {counter.counts[0].id}


@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("http://testserver/doors?q=ura&page=2", "/doors?q=ura&amp;page=2"),
        ("http://testserver/sv/doors?q=ura", "/sv/doors?q=ura"),
        ("http://testserver//paha.example/doors?q=ura", "/"),
        ("https://paha.example/doors?q=ura", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_to_our_own_results(visitor: Client, career_guidance: Service, came: str, back: str) -> None:
    page = visitor.get(f"/services/{career_guidance.id}", headers={"Referer": came}).content.decode()
    assert f'class="back" href="{back}"' in page


@pytest.mark.parametrize("path", ["/services/{}", "/sv/services/{}", "/en/services/{}?plain=1"])
def test_it_asks_little_of_the_database(
    visitor: Client, career_guidance: Service, in_service: None, django_assert_max_num_queries: Any, path: str
) -> None:
    with django_assert_max_num_queries(9):
        visitor.get(path.format(career_guidance.id))
