"""Anybody reads as they like: larger, clearer, without motion, aloud; and is told how accessible the pages are."""

import json

import pytest
from django.conf import settings as project
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opinovi.site.reading import CHOICES, COOKIE, YEAR, clean, reading_of


def test_what_was_chosen_shows_on_every_page_and_goes_away_again(visitor: Client) -> None:
    before = visitor.get("/").content.decode()
    assert "reading.css" not in before and "data-size" not in before
    told = {"size": "huge", "contrast": "dark", "aloud": "on", "back": "/places"}
    saved = visitor.post("/reading", told)
    assert saved.status_code == 302 and "back=%2Fplaces" in saved["Location"]
    cookie = saved.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == YEAR
    for page in ("/", "/places", "/sv/ask"):
        shown = visitor.get(page).content.decode()
        assert 'data-size="huge" data-contrast="dark"' in shown and "site/reading" in shown and "site/aloud" in shown
    there = visitor.get(saved["Location"]).content.decode()
    assert 'href="/places"' in there and 'value="huge" required' not in there and "Tallessa." in there
    visitor.post("/reading", {"again": "1", "size": "huge"})
    assert "data-size" not in visitor.get("/").content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "places"])
def test_the_way_back_leads_nowhere_else(visitor: Client, back: str) -> None:
    shown = visitor.get("/reading", {"back": back}).content.decode()
    # The other languages of the page carry what was asked, as a question.
    assert f'href="{back}' not in shown and f'value="{back}' not in shown
    assert "elsewhere" not in visitor.post("/reading", {"size": "large", "back": back})["Location"]


@given(st.text(max_size=200))
def test_whatever_is_in_the_cookie_only_choices_come_out_of_it(text: str) -> None:
    class Request:
        COOKIES = {COOKIE: text}

    for name, value in reading_of(Request()).chosen.items():  # type: ignore[arg-type]
        assert value in {one for one, _words in CHOICES[name][1]}
    assert clean({"size": text}) == ({"size": text} if text in ("large", "huge") else {})


def test_the_statement_tells_what_the_last_audit_found(visitor: Client) -> None:
    audit = json.loads((project.DATA_DIR / "accessibility.json").read_text())
    shown = visitor.get("/accessibility").content.decode()
    assert f"{audit['pages']} sivua" in shown and "WCAG 2.2" in shown and "/complaints/new" in shown
    assert ("Emme löytäneet puutteita." in shown) == (not audit["found"])
    # Far enough behind nothing: an audit that tells of a handful of pages is none.
    assert audit["pages"] > 200
