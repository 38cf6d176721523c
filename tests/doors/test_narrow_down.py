"""Filters that a person understands: counts beside each, and none leads to an empty page without a way out."""

from typing import Any

import pytest
from django.test import Client

SEARCH = "/doors?q=opiskelu+ja+ohjaus"


def test_each_choice_shows_as_many_doors_as_it_says(visitor: Client) -> None:
    for group in visitor.get(SEARCH).context["filters"]:
        for option in group["options"]:
            found = visitor.get(f"{SEARCH}&{group['name']}={option['value']}").context["found"]
            assert found.total == option["count"] > 0


def test_two_choices_of_a_group_widen_and_of_two_groups_narrow(visitor: Client) -> None:
    def total(query: str) -> int:
        return int(visitor.get(SEARCH + query).context["found"].total)

    assert total("&kind=guidance&kind=advice") == total("&kind=guidance") + total("&kind=advice")
    assert total("&kind=guidance&in=sv") <= min(total("&kind=guidance"), total("&in=sv"))


def test_filters_that_leave_nothing_offer_the_way_back(visitor: Client) -> None:
    page = visitor.get("/doors?q=lukio&kind=employer&in=other")
    assert (
        page.status_code == 200
        and "Poista rajaukset" in page.content.decode()
        and page.context["without_filters"] in page.content.decode()
    )


def test_a_place_narrows_to_what_covers_it(visitor: Client) -> None:
    for one in visitor.get("/doors?q=kurssi&where=Padasjoki").context["doors"]:
        service = one.record
        covered = "576" in service.municipalities or "07" in service.regions
        assert covered or service.nationwide or not (service.municipalities or service.regions)


@pytest.mark.parametrize("where", ["Lahti", "lahtis", "398", "15110"])
def test_a_place_is_known_by_its_name_code_and_postcode(visitor: Client, where: str) -> None:
    assert visitor.get(f"/doors?q=ohjaus&where={where}").context["place"].municipality == "398"


def test_anywhere_means_by_phone_or_online(visitor: Client) -> None:
    page = visitor.get("/doors?q=ohjaus&where=etänä")
    assert page.context["place"].anywhere and page.context["doors"]
    assert all(one.ways for one in page.context["doors"])


def test_the_page_asks_little_of_the_database(
    visitor: Client, in_service: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(11):
        visitor.get(SEARCH + "&kind=guidance&where=Lahti")
