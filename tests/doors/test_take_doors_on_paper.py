"""A leaflet of one municipality and topic, to print and fold, for one without a phone."""

from collections.abc import Callable

import pytest
from django.test import Client

from opinovi.doors import leaflet
from opinovi.doors.guided import CLOSER


def test_one_chooses_sees_the_doors_and_opens_the_paper(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Callable[..., object]
) -> None:
    page = visitor.get("/leaflet").content.decode()
    assert "Ovet paperille" in page and '<option value="398"' in page
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        chosen = visitor.get("/leaflet?where=398&about=study").content.decode()
    assert "/leaflet.pdf?where=398&amp;about=study" in chosen
    told = {}
    real = leaflet.pdf
    monkeypatch.setattr(leaflet, "pdf", lambda template, data: told.update(data) or real(template, data))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        paper = visitor.get("/leaflet.pdf?where=398&about=study")
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    assert told["where"] == "Lahti" and 3 <= len(told["doors"]) <= leaflet.MOST  # type: ignore[arg-type]
    assert all(one["name"] in chosen.replace("&#x27;", "'") for one in told["doors"])  # type: ignore[attr-defined]
    first = told["doors"][0]  # type: ignore[index]
    assert first["ways"] and first["places"] and "112" in str(told["danger"])
    # The same for all until something changes.
    told.clear()
    assert visitor.get("/leaflet.pdf?where=398&about=study").content == paper.content and told == {}


@pytest.mark.parametrize("about", sorted(CLOSER))
def test_every_topic_gives_a_paper_in_every_language(visitor: Client, about: str) -> None:
    for before in ("", "/sv", "/en"):
        paper = visitor.get(f"{before}/leaflet.pdf?where=111&about={about}")
        assert paper.status_code == 200 and paper.content.startswith(b"%PDF")


@pytest.mark.parametrize("asked", ["", "where=999&about=study", "where=398&about=kaikki", "where=398"])
def test_what_is_none_is_told_so(visitor: Client, asked: str) -> None:
    assert visitor.get(f"/leaflet.pdf?{asked}").status_code == 422
    assert visitor.get(f"/leaflet?{asked}").status_code in (200, 422)
