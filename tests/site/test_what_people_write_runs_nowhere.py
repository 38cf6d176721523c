"""A script that stands in any text of the database runs on no page and breaks no feed or file of facts.

The same with every string, on every page that the example's people come to: `python -m bench.xss`."""

import io
import logging
from collections import defaultdict
from collections.abc import Iterator
from xml.etree import ElementTree

import openpyxl
import pytest
from django.test import Client

from bench.strings import ODD, OUT, RUNS, ran
from bench.xss import every_text_spoilt, look, pages_of_matrix
from opinovi.base.text import printable
from opinovi.directory.models import Service
from opinovi.impact.export import xlsx_bytes


@pytest.fixture
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.once
@pytest.mark.sqlite
def test_no_page_runs_what_stands_in_a_text(db: None, quiet: None) -> None:
    pages = pages_of_matrix()
    seen: dict[str, set[str]] = defaultdict(set)
    with every_text_spoilt() as made:
        made.now = " ".join([*(out + RUNS[0] for out in OUT), *RUNS, *ODD])
        broken = [one for page in pages for one in look(page, made, seen)]
    assert broken == []
    # It tells something only of the texts that a page showed.
    assert len(pages) > 250 and len(seen) > 90 and "locked" in seen


def test_what_would_run_is_known_when_it_is_seen() -> None:
    """The check can fail: what runs is found in the open, and what breaks out of where it stands."""
    # A second body is one with the first: the reader leaves it out.
    assert [one for one in RUNS if "<body" not in one and not ran(f"<html><body><p>{one}</p></body></html>")] == []
    assert [out for out, frame in FRAMES.items() if not ran(frame % (out + RUNS[0]))] == []
    assert ran(FRAMES['">'] % ODD[0]) and not ran(FRAMES['">'] % ODD[2])


# A page with a place for a text, by what a string that begins so breaks out of.
FRAMES = {
    "</title>": "<html><head><title>%s</title></head><body></body></html>",
    "</textarea>": "<html><body><textarea>%s</textarea></body></html>",
    "</script>": "<html><body><script type='application/json'>\"%s\"</script></body></html>",
    "</style>": "<html><body><style>%s</style></body></html>",
    "</option></select>": "<html><body><select><option>%s</option></select></body></html>",
    "</noscript>": "<html><body><noscript>%s</noscript></body></html>",
    "-->": "<html><body><!-- %s --></body></html>",
    '">': '<html><body><p title="%s">x</p></body></html>',
    "'>": "<html><body><p title='%s'>x</p></body></html>",
}


def test_signs_that_cannot_be_written_break_no_feed_and_no_workbook(visitor: Client, career_guidance: Service) -> None:
    career_guidance.name = {"fi": "Ura\x01ohjaus\x0b\ufffe", "sv": "a\tb\nc"}
    career_guidance.save()
    career_guidance.refresh_from_db()
    assert career_guidance.name == {"fi": "Uraohjaus", "sv": "a\tb\nc"}
    ElementTree.fromstring(visitor.get("/api/changes.atom").content)
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes("Luvut\x02", [["Nimi\x01", "1"]])))
    assert book.active.title == "Luvut" and book.active["A1"].value == "Nimi"
    assert printable({"a": ["b\x00", 1, None]}) == {"a": ["b", 1, None]}
