"""Events of other calendars come in, and a spreadsheet of anybody's own making."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import openpyxl
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opinovi.directory.models import Channel, Offering, Service, State
from opinovi.interchange.actions import runs
from opinovi.interchange.events import place_in
from opinovi.interchange.models import Feed, Run, RunState
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.sheets import cents_of, day_of, guessed, languages_of, price_of
from opinovi.network.models import Network, Organisation
from tests.interchange.serving import send, served

Bytes = Callable[[str], tuple[bytes, str]]


@contextmanager
def telling(settings: Any, tmp_path: Any, tell: Callable[[str, str], tuple[bytes, str]]) -> Iterator[str]:
    """A server whose answers `tell` makes of its own address and the path that was asked."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        body, kind = tell(handler.headers["Host"], handler.path)
        send(handler, body, Content_Type=kind)

    with served(respond) as where:
        settings.FETCH_ALLOWED, settings.OPINOVI_HOME = [where], tmp_path
        yield f"http://{where}"


def feed_of(region: Network, house: Organisation, name: str, address: str, **settings: Any) -> Feed:
    return Feed.objects.create(
        network=region, organisation=house, name="L", format=name, address=address, settings=settings
    )


def run(feed: Feed) -> Run:
    return runs.go(runs.begin(feed))


def event(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"region:{number}", "name": {"fi": f"Ilta {number}", "sv": f"Kväll {number}"},
        "short_description": {"fi": "Tule juttelemaan."}, "description": {"fi": "<p>Kahvia ja <b>tietoa</b>.</p>"},
        "start_time": "2027-03-09T15:00:00Z", "end_time": "2027-03-09T17:30:00Z",
        "location": {"id": "region:1", "name": {"fi": "Kirjasto"}, "address_locality": {"fi": "Heinola"}},
        "offers": [{"is_free": True}], "in_language": [{"@id": "https://events.example/v1/language/fi/"}],
        "info_url": {"fi": "https://events.example/1"}, "event_status": "EventScheduled", "super_event_type": None,
        "publication_status": "public", "unknown": {"kept": "out"}, **more,
    }  # fmt: skip


def test_linked_events_come_page_by_page_and_those_called_off_do_not(
    settings: Any, tmp_path: Any, region: Network, salpaus: Organisation, visitor: Client, still: Any
) -> None:
    pages = [
        [event(1), event(2, event_status="EventCancelled"), event(3, publication_status="draft")],
        [event(4, start_time="2027-03-11", end_time="2027-03-12", offers=[{"is_free": False}]),
         event(5, super_event_type="umbrella"), event(6, deleted=True), event(7, start_time=None), {"name": {}}],
    ]  # fmt: skip
    asked = []

    def tell(where: str, path: str) -> tuple[bytes, str]:
        asked.append(path)
        number = 1 if "page=2" in path else 0
        following = None if number else f"http://{where}/v1/event/?page=2"
        body = {"meta": {"count": 8, "next": following}, "data": pages[number]}
        return json.dumps(body).encode(), "application/json"

    with telling(settings, tmp_path, tell) as address:
        feed = feed_of(region, salpaus, "linkedevents", f"{address}/v1?division=heinola")
        first = run(feed)
        assert first.state == RunState.APPLIED and first.problem_count == 2
        assert "division=heinola" in asked[0] and "start=today" in asked[0]
        one, other = Offering.objects.filter(source="linkedevents").order_by("external_id")
        assert one.description == {"fi": "Kahvia ja tietoa."} and one.times["fi"] == "klo 17–19.30"
        assert (one.municipality, one.charge, one.languages) == ("111", "free", ["fi"])
        assert (one.starts_on, one.ends_on) == (date(2027, 3, 9), date(2027, 3, 9))
        assert (other.starts_on, other.ends_on) == (date(2027, 3, 11), date(2027, 3, 12))
        shown = visitor.get("/groups").content.decode()
        assert "Ilta 1" in shown and "klo 17–19.30" in shown and "9.3." in shown
        assert "Ilta 1" not in visitor.get("/offerings").content.decode()
        page = visitor.get(f"/offerings/{one.id}").content.decode()
        assert "Lue lisää ja ilmoittaudu" in page and "Hakeminen" not in page
        assert run(feed).state == RunState.UNCHANGED
        # What is over is not missed; what is taken away before its day is.
        still.move_to("2027-03-10 12:00")
        pages[0] = []
        assert run(feed).state == RunState.UNCHANGED
        one.refresh_from_db()
        assert one.state == State.PUBLISHED and "Ilta 1" not in visitor.get("/groups").content.decode()


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Esimerkki//FI
BEGIN:VEVENT
UID:weekly@example
SUMMARY:Lukupiiri
DESCRIPTION:Luetaan yhdessä\\, ääneen.
LOCATION:Kirjasto\\, Kirkkokatu 31\\, 15140 Lahti
URL:https://library.example/circle
DTSTART;TZID=Europe/Helsinki:20270304T170000
DTEND;TZID=Europe/Helsinki:20270304T183000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Helsinki:20270311T170000
END:VEVENT
BEGIN:VEVENT
UID:day@example
SUMMARY:Avoimet ovet
DTSTART;VALUE=DATE:20270316
END:VEVENT
BEGIN:VEVENT
UID:off@example
SUMMARY:Peruttu ilta
STATUS:CANCELLED
DTSTART:20270317T150000Z
END:VEVENT
BEGIN:VEVENT
UID:old@example
SUMMARY:Vanha ilta
DTSTART:20250101T150000Z
DTEND:20250101T160000Z
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_a_calendar_of_events_comes_in_with_what_repeats_worked_out(
    settings: Any, tmp_path: Any, region: Network, salpaus: Organisation
) -> None:
    told = [CALENDAR.encode()]
    with telling(settings, tmp_path, lambda _where, _path: (told[0], "text/calendar")) as address:
        feed = feed_of(region, salpaus, "ical", f"{address}/calendar.ics")
        first = run(feed)
        assert first.state == RunState.APPLIED, (first.why, first.problems)
        circle = Offering.objects.get(external_id="weekly@example")
        assert circle.times["fi"] == "klo 17–18.30 (3 ×)" and circle.municipality == "398"
        assert (circle.starts_on, circle.ends_on) == (date(2027, 3, 4), date(2027, 3, 25))
        assert circle.description == {"fi": "Luetaan yhdessä, ääneen."}
        day = Offering.objects.get(external_id="day@example")
        assert (day.starts_on, day.ends_on, day.times) == (date(2027, 3, 16), date(2027, 3, 16), {})
        assert Offering.objects.filter(source="ical").count() == 2
        told[0] = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nnonsense"
        broken = run(feed)
        assert broken.state == RunState.FAILED and broken.why in ("unreadable", "nothing")
        assert Offering.objects.filter(source="ical", state=State.PUBLISHED).count() == 2


@pytest.mark.parametrize(
    ("where", "code"), [("Kirkkokatu 31, 15140 Lahti", "398"), ("Hartolan kirjasto, Hartola", "081"), ("Verkossa", "")]
)
def test_the_town_of_an_address_is_found(where: str, code: str) -> None:
    assert place_in(where) == code


HEADER = ["Nro", "Kurssin nimi", "Sisältö", "Puh.", "Paikkakunta", "Hinta €", "Alkaa", "Päättyy", "Huom"]
ROWS = [
    ["1", "Hitsauksen alkeet", "Opit hitsaamaan.", "03 100 1130", "Lahti", "35,50 €", "12.4.2027", "30.6.2027", "x"],
    ["2", "Suomea kahvilassa", "Puhutaan suomea.", "", "15140", "maksuton", "2027-04-14", "", ""],
    ["3", "", "Nimetön", "", "", "", "", "", ""],
    ["4", "Väärä päivä", "", "", "Lahti", "", "32.1.2027", "", ""],
    ["5", "Väärä paikka", "", "", "Atlantis", "", "", "", ""],
]


def as_csv() -> bytes:
    told = io.StringIO()
    csv.writer(told, delimiter=";").writerows([HEADER, *ROWS])
    return told.getvalue().encode("utf-8-sig")


def as_xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)  # type: ignore[union-attr]
    told = io.BytesIO()
    book.save(told)
    return told.getvalue()


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_a_coordinator_says_which_column_is_what_and_a_sheet_comes_in(
    make: Callable[[], bytes], settings: Any, tmp_path: Any, region: Network, salpaus: Organisation,
    as_person: Callable[[str], Client],
) -> None:  # fmt: skip
    kaisa = as_person("kaisa")
    with telling(settings, tmp_path, lambda _where, _path: (make(), "application/octet-stream")) as address:
        feed = feed_of(region, salpaus, "sheet", f"{address}/courses")
        page = f"/desk/sources/{feed.id}/columns"
        assert "Emme ole vielä lukeneet" in kaisa.get(page).content.decode()
        first = run(feed)
        assert (first.state, first.why) == (RunState.FAILED, "columns")
        assert page in kaisa.get(f"/desk/sources/runs/{first.id}").content.decode()
        # The headings were guessed: what is right needs no telling.
        shown = kaisa.get(page).content.decode()
        assert '<option value="Kurssin nimi" selected>' in shown and '<option value="Päättyy" selected>' in shown
        twice = {"what": "offering", "language": "fi", "name": "Kurssin nimi", "summary": "Kurssin nimi"}
        wrong = kaisa.post(page, twice)
        assert wrong.status_code == 422 and "kahdesti" in wrong.content.decode()
        told = {"what": "offering", "language": "fi", "id": "Nro", "name": "Kurssin nimi", "summary": "Sisältö",
                "phone": "Puh.", "municipality": "Paikkakunta", "price": "Hinta €", "starts_on": "Alkaa",
                "ends_on": "Päättyy"}  # fmt: skip
        assert kaisa.post(page, told)["Location"] == f"/desk/sources/{feed.id}?columns=1"
        feed.refresh_from_db()
        second = run(feed)
        assert second.state == RunState.APPLIED
        assert {(one["line"], one["field"]) for one in second.problems} == {
            (4, "Kurssin nimi"), (5, "starts_on"), (6, "municipality"),
        }  # fmt: skip
        welding, cafe = Offering.objects.filter(source="sheet").order_by("starts_on")
        assert (welding.price_cents, welding.charge, welding.starts_on) == (3550, "chargeable", date(2027, 4, 12))
        assert (cafe.municipality, cafe.charge, cafe.price_cents, cafe.ends_on) == ("398", "free", None, None)
        assert run(feed).state == RunState.UNCHANGED
        # The same rows may be services.
        kaisa.post(page, told | {"what": "service"})
        feed.refresh_from_db()
        held = run(feed)
        assert held.state in (RunState.HELD, RunState.APPLIED)
        if held.state == RunState.HELD:
            kaisa.post(f"/desk/sources/runs/{held.id}", {"then": "let-in"})
            held.refresh_from_db()
            held = runs.go(held)
        service = Service.objects.get(source="sheet", name__fi="Hitsauksen alkeet")
        assert [way.value for way in Channel.objects.filter(service=service)] == ["03 100 1130"]
        assert service.organisation == salpaus and service.municipalities == ["398"]


def test_headings_are_guessed_and_cells_are_read() -> None:
    assert guessed(HEADER) == {
        "id": "Nro", "name": "Kurssin nimi", "description": "Sisältö", "phone": "Puh.", "municipality": "Paikkakunta",
        "price": "Hinta €", "starts_on": "Alkaa", "ends_on": "Päättyy",
    }  # fmt: skip
    assert languages_of("suomi, ruotsi ja en", "fi") == ["fi", "sv", "en"] and languages_of("", "sv") == ["sv"]
    assert [price_of(text) for text in ("", "0 €", "ilmainen", "12 €/kk")] == ["unknown", "free", "free", "chargeable"]
    assert [cents_of(text) for text in ("35,50 €", "1 200 €", "kysy")] == [3550, 120000, None]
    with pytest.raises(BadRecord):
        day_of("30.2.2027", "starts_on")


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert day_of(day.isoformat(), "x") == day == day_of(f"{day.day}.{day.month}.{day.year}", "x")
    assert day_of((day + timedelta(days=1)).isoformat(), "x") != day
