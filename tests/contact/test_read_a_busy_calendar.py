"""A guide's own calendar is read for when they are busy, and for nothing else."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from opinovi.contact import calendars
from opinovi.contact.actions import times as time_actions
from opinovi.contact.calendars import CalendarError, busy_spans
from opinovi.contact.models import Appointment, Busy, BusyCalendar
from opinovi.directory.models import Service
from opinovi.network.models import Person
from tests.conftest import DATA
from tests.contact.booking import times

FI = ZoneInfo("Europe/Helsinki")
SINCE, UNTIL = datetime(2027, 2, 9, tzinfo=FI), datetime(2027, 5, 1, tzinfo=FI)
AsPerson = Callable[[str], Client]


@pytest.fixture(autouse=True)
def nothing_booked(db: None) -> None:
    Appointment.objects.all().delete()


def local(spans: list[tuple[datetime, datetime]]) -> list[str]:
    return [f"{a.astimezone(FI):%d.%m. %H.%M}-{b.astimezone(FI):%d.%m. %H.%M}" for a, b in spans]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "outlook",
            [
                "10.02. 10.00-10.02. 11.30",
                *(f"{day} 09.00-{day} 10.00" for day in ("15.02.", "01.03.", "08.03.", "15.03.", "22.03.", "29.03.")),
            ],
        ),
        (
            "google",
            [
                "10.02. 10.00-10.02. 11.30",
                "12.02. 00.00-13.02. 00.00",
                # The clocks go forward between the first and the second: still at nine.
                *(f"{day} 09.00-{day} 10.00" for day in ("24.03.", "31.03.", "07.04.")),
            ],
        ),
        ("nextcloud", ["10.02. 10.00-10.02. 11.30", "17.02. 13.00-17.02. 14.00"]),
    ],
)
def test_a_calendar_of_each_program_is_read(name: str, expected: list[str]) -> None:
    content = (DATA / "calendars" / f"{name}.ics").read_bytes()
    assert local(busy_spans(content, SINCE, UNTIL)) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        b"\xff\xfe\x00",
        b"BEGIN:VEVENT\r\nDTSTART:never\r\nEND:VEVENT\r\n",
    ],
)
def test_what_is_no_calendar_is_refused_or_says_nothing(content: bytes) -> None:
    try:
        assert busy_spans(content, SINCE, UNTIL) == []
    except CalendarError as error:
        assert "kalenteria" in str(error)


def test_busy_times_are_not_offered_and_nothing_else_of_them_is_kept(
    as_person: AsPerson,
    person: Callable[[str], Person],
    visitor: Client,
    career_guidance: Service,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = times(visitor, career_guidance)
    oona = as_person("oona")
    assert oona.post("/desk/times/calendar", {"address": "https://kalenteri.example/salainen.ics"}).status_code == 302
    kept = BusyCalendar.objects.get()
    assert "salainen" not in kept.sealed
    content = (DATA / "calendars" / "outlook.ics").read_bytes()
    monkeypatch.setattr(time_actions, "fetch", lambda address: content)
    time_actions.read_all_busy()
    assert Busy.objects.count() == 7
    after = times(visitor, career_guidance)
    # 10 to 11.30 on Wednesday the 10th, and Mondays at nine: six Mondays less the one that is an exception.
    gone = {datetime.fromtimestamp(int(one.rsplit("/", 1)[1]) * 60, FI) for one in set(before) - set(after)}
    assert datetime(2027, 2, 10, 10, tzinfo=FI) in gone and datetime(2027, 2, 15, 9, tzinfo=FI) in gone
    assert datetime(2027, 2, 22, 9, tzinfo=FI) not in gone
    assert "Luettu" in oona.get("/desk/times").content.decode()

    def broken(address: str) -> bytes:
        raise CalendarError("Kalenteri ei vastaa.")

    monkeypatch.setattr(time_actions, "fetch", broken)
    time_actions.read_all_busy()
    # What was known stays, and the guide sees that it is old.
    assert Busy.objects.count() == 7 and "Kalenteri ei vastaa." in oona.get("/desk/times").content.decode()
    oona.post("/desk/times/calendar", {"address": ""})
    assert Busy.objects.count() == 0 and times(visitor, career_guidance) == before


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/a.ics",
        "http://localhost/a.ics",
        "http://[::1]/a",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/a",
        "ftp://kalenteri.example/a",
        "file:///etc/passwd",
    ],
)
def test_an_address_within_our_own_walls_is_never_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(calendars, "pool_to", lambda _parts, at: asked.append(at))
    with pytest.raises(CalendarError, match="Tästä osoitteesta"):
        calendars.fetch(address)
    assert asked == []


class Shelf(BaseHTTPRequestHandler):
    """A calendar on a shelf, one that says that it is elsewhere, and one without an end."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        self.send_response(302 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/a.ics")
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(b"x" * 4_000_000 if self.path == "/endless" else b"BEGIN:VCALENDAR")

    def log_message(self, *_told: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Shelf)
    Shelf.asked.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(shelf: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # A name that is on the open net when it is looked at; asked once, whatever it would say next.
    names = iter([["127.0.0.1"]])
    monkeypatch.setattr(calendars, "addresses_of", lambda host: next(names))
    monkeypatch.setattr(calendars, "on_the_open_net", bool)
    assert calendars.fetch(f"http://me:secret@kalenteri.example:{shelf}/a.ics?key=1") == b"BEGIN:VCALENDAR"
    assert Shelf.asked == [(f"kalenteri.example:{shelf}", "/a.ics?key=1")]


@pytest.mark.parametrize(("path", "words"), [("/elsewhere", "ei vastaa"), ("/endless", "liian suuri")])
def test_a_calendar_elsewhere_or_without_an_end_is_let_be(
    shelf: int, monkeypatch: pytest.MonkeyPatch, path: str, words: str
) -> None:
    monkeypatch.setattr(calendars, "addresses_of", lambda host: ["127.0.0.1"])
    monkeypatch.setattr(calendars, "on_the_open_net", bool)
    with pytest.raises(CalendarError, match=words):
        calendars.fetch(f"http://kalenteri.example:{shelf}{path}")
    assert len(Shelf.asked) == 1


def test_a_calendar_that_does_not_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "addresses_of", lambda host: ["127.0.0.1"])
    monkeypatch.setattr(calendars, "on_the_open_net", bool)
    with pytest.raises(CalendarError, match="ei vastaa"):
        calendars.fetch("http://kalenteri.example:1/a.ics")


def test_an_address_as_calendar_programs_give_it_is_taken(as_person: AsPerson) -> None:
    oona = as_person("oona")
    assert oona.post("/desk/times/calendar", {"address": " webcal://kalenteri.example/a.ics "}).status_code == 302
    assert time_actions.busy_address(BusyCalendar.objects.get()) == "https://kalenteri.example/a.ics"
    assert oona.post("/desk/times/calendar", {"address": "ftp:/x"}).status_code == 422


# Calendars out
