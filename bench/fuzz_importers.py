"""CASES (30,000) broken records and files given to all that takes in from elsewhere: refused in words, never a fault.

`python -m bench.fuzz_importers`, and on PostgreSQL by `scripts/on_postgres.py`. Records of real shape with some of them
changed at random come by a source on loopback and are run as in service, so that what is readable is let in; files that
people load are read as their commands and pages read them. What a run did is taken back. Ends with 1 where a run failed
for a fault of ours, or a reader raised what it does not say.
"""

import copy
import io
import json
import logging
import os
import random
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from bench.fuzz_forms import DAYS, FILES, NUMBERS, TEXTS, fresh_installation
from bench.strings import STRINGS
from tests.interchange.serving import DATA, Catalogue, send, served, small_catalogue

CASES = int(os.environ.get("CASES", 30_000))
SEED = int(os.environ.get("SEED", 1))


class Undone(Exception):
    """Takes back what a run did."""


class Noted(logging.Handler):
    """What a run said in the log when it failed for a fault of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, line: logging.LogRecord) -> None:
        if line.exc_info:
            self.told.append("".join(traceback.format_exception(*line.exc_info)[-3:]))


def odd(chance: random.Random) -> Any:
    return chance.choice([
        None, True, 0, -1, 10**30, 1.5, [], {}, "", [None], [[]], {"fi": None}, {"": {}}, chance.choice(STRINGS),
        chance.choice(TEXTS), chance.choice(NUMBERS), chance.choice(DAYS), [chance.choice(DAYS)] * 3, {"fi": chance.choice(TEXTS)},
    ])  # fmt: skip


def changed(told: Any, chance: random.Random) -> Any:
    """The same with one to three of its values changed, taken away, doubled or put elsewhere."""
    made = copy.deepcopy(told)
    for _ in range(chance.randrange(1, 4)):
        at, places = made, []
        while isinstance(at, dict | list) and at:
            key = chance.choice(list(at) if isinstance(at, dict) else list(range(len(at))))
            places.append((at, key))
            at = at[key]
        if not places:
            return made
        # The ends are many, the branches few: both are changed.
        holder, key = chance.choice(places[-3:])
        way = chance.random()
        if way < 0.6:
            holder[key] = odd(chance)
        elif way < 0.8:
            del holder[key]
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[key] = [copy.deepcopy(holder[key])]
    return made


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Bytes cut off, turned, put in, or put twice."""
    made = bytearray(content)
    for _ in range(chance.choice([1, 1, 3, 20])):
        if not made:
            break
        at, way = chance.randrange(len(made)), chance.random()
        if way < 0.4:
            made[at] = chance.randrange(256)
        elif way < 0.6:
            made[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
        elif way < 0.75:
            del made[at : at + chance.randrange(1, 40)]
        elif way < 0.9:
            made[at:at] = made[at : at + chance.randrange(1, 200)]
        else:
            del made[at:]
    return bytes(made)


def lines_changed(text: str, chance: random.Random, between: str) -> str:
    """Lines of a calendar or a sheet with values changed: what stands after `between`."""
    lines = text.splitlines()
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(lines))
        name, mark, _value = lines[at].rpartition(between)
        lines[at] = f"{name}{mark}{chance.choice([*DAYS, *NUMBERS, *TEXTS[:9], *STRINGS[::20]])}" if chance.random() < 0.8 else lines[chance.randrange(len(lines))]  # fmt: skip
    return "\r\n".join(lines)


# Sources: each gives how it answers in this case, and how many records it spoils in it.


def catalogue(chance: random.Random, whole: Catalogue) -> tuple[Callable[[str], bytes | None], int]:
    made = Catalogue(page=50)
    spoil = {name: set(chance.sample(sorted(rows), min(2, len(rows)))) for name, rows in whole.rows.items()}
    for name, rows in whole.rows.items():
        for key, row in rows.items():
            told = changed(row, chance) if key in spoil[name] else row
            made.rows[name][key] = told
    return made.respond, sum(map(len, spoil.values()))  # type: ignore[return-value]


def kouta(chance: random.Random, files: dict[str, list[Any]]) -> tuple[Callable[[str], bytes | None], int]:
    count, told = 0, {}
    for name, lines in files.items():
        spoil = set(chance.sample(range(len(lines)), min(2, len(lines))))
        count += len(spoil)
        text = "\n".join(json.dumps(changed(one, chance) if at in spoil else one) for at, one in enumerate(lines))
        told[name] = spoilt(text.encode(), chance) if chance.random() < 0.1 else text.encode()
    return lambda path: told.get(path.split("?")[0].rsplit("/", 1)[1]), count


def hsds(chance: random.Random, service: dict[str, Any]) -> tuple[Callable[[str], bytes | None], int]:
    rows = []
    for number in range(6):
        one = copy.deepcopy(service) | {"id": f"ac148810-d857-441c-9679-408f346de1{number:02}"}
        rows.append(changed(one, chance) if number < 4 else one)
    page = {"total_items": 6, "total_pages": 1, "page_number": 1, "size": 6, "first_page": True, "last_page": True,
            "empty": False, "contents": rows}  # fmt: skip
    body = json.dumps(changed(page, chance) if chance.random() < 0.1 else page).encode()
    return lambda path: body if "/services" in path else None, 4


def linked(chance: random.Random, rows: list[Any]) -> tuple[Callable[[str], bytes | None], int]:
    told = {"meta": {"count": len(rows), "next": None}, "data": [changed(one, chance) if at < 4 else one for at, one in enumerate(rows)]}  # fmt: skip
    body = json.dumps(changed(told, chance) if chance.random() < 0.1 else told).encode()
    return lambda _path: spoilt(body, chance) if chance.random() < 0.05 else body, 4


def calendar(chance: random.Random, texts: list[str]) -> tuple[Callable[[str], bytes | None], int]:
    text = lines_changed(chance.choice(texts), chance, ":")
    body = spoilt(text.encode("utf-8", "replace"), chance) if chance.random() < 0.3 else text.encode("utf-8", "replace")
    return lambda _path: body, 1


def sheet(chance: random.Random, text: str) -> tuple[Callable[[str], bytes | None], int]:
    head, *rows = text.splitlines()
    told = "\r\n".join([head, *lines_changed("\n".join(rows), chance, ";").splitlines()])
    body = spoilt(told.encode("utf-8", "replace"), chance) if chance.random() < 0.2 else told.encode("utf-8", "replace")
    return lambda _path: body, 4


SHEET = "Nimi;Kuvaus;Paikkakunta;Hinta;Alkaa;Päättyy;Puhelin;Kieli;Linkki\n" + "\n".join(
    f"Kurssi {at};Opit paljon;Lahti;1{at} €;{at + 1}.3.2027;{at + 1}.4.2027;040123456{at};suomi;https://a.example/{at}"
    for at in range(8)
)
COLUMNS = {"name": "Nimi", "description": "Kuvaus", "municipality": "Paikkakunta", "price": "Hinta", "starts_on": "Alkaa",
           "ends_on": "Päättyy", "phone": "Puhelin", "languages": "Kieli", "web": "Linkki"}  # fmt: skip


def event(number: int) -> dict[str, Any]:
    return {
        "id": f"region:{number}", "name": {"fi": f"Ilta {number}"}, "description": {"fi": "<p>Kahvia.</p>"},
        "start_time": "2027-03-09T15:00:00Z", "end_time": "2027-03-09T17:30:00Z",
        "location": {"id": "r:1", "name": {"fi": "Kirjasto"}, "address_locality": {"fi": "Heinola"}},
        "offers": [{"is_free": True, "price": {"fi": "5"}}], "in_language": [{"@id": "https://e.example/language/fi/"}],
        "info_url": {"fi": "https://events.example/1"}, "event_status": "EventScheduled", "publication_status": "public",
    }  # fmt: skip


def sources() -> dict[str, tuple[str, Callable[[random.Random], Any], dict[str, Any]]]:
    """By its format: what stands after the host, how it answers in a case, the feed's settings."""
    whole = small_catalogue(5)
    files = {one.name: [json.loads(line) for line in one.read_text().splitlines()] for one in (DATA / "opintopolku").glob("*.jsonl")}  # fmt: skip
    service = json.loads((DATA / "hsds_service_full.json").read_text())
    calendars = [one.read_text() for one in (DATA / "calendars").glob("*.ics")]
    return {
        "ptv": ("/api/v11", lambda chance: catalogue(chance, whole), {}),
        "kouta": ("/kouta", lambda chance: kouta(chance, files), {}),
        "hsds": ("", lambda chance: hsds(chance, service), {}),
        "linkedevents": ("/v1", lambda chance: linked(chance, [event(at) for at in range(6)]), {}),
        "ical": ("/a.ics", lambda chance: calendar(chance, calendars), {}),
        "sheet": ("/a.csv", lambda chance: sheet(chance, SHEET), {"columns": COLUMNS, "what": "offering"}),
    }


def run_sources(cases: int, broken: Counter[str], ended: Counter[str]) -> int:
    from django.conf import settings
    from django.db import transaction

    from opinovi.interchange.actions import runs
    from opinovi.interchange.models import Feed
    from opinovi.network.models import Network, Organisation

    noted, done = Noted(), 0
    logging.getLogger("opinovi.interchange").addHandler(noted)
    logging.getLogger("opinovi.interchange").propagate = False
    respond: list[Any] = [None]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        one = respond[0]
        if getattr(one, "__self__", None) is not None:
            one(handler)
        elif (body := one(handler.path)) is None:
            send(handler, b"", 404)
        else:
            send(handler, body)

    region = Network.objects.get(slug="paijat-hame")
    house = Organisation.objects.get(source="example", external_id="salpaus")
    with served(answer) as where:
        settings.FETCH_ALLOWED = [where]
        told, number = sources(), 0
        while done < cases:
            name = list(told)[number % len(told)]
            after, make, how = told[name]
            seed = f"{SEED} {number}"
            respond[0], count = make(random.Random(seed))
            number, done = number + 1, done + count
            try:
                with transaction.atomic():
                    feed = Feed.objects.create(
                        network=region, organisation=house, name="F", format=name, address=f"http://{where}{after}", settings=how
                    )  # fmt: skip
                    run = runs.go(runs.begin(feed))
                    ended[f"{name} {run.state} {run.why}".strip()] += 1
                    if run.why in ("own-fault", "broken-in"):
                        broken[f"{name} (seed {seed}): {noted.told[-1] if noted.told else ''}"] += 1
                    raise Undone
            except Undone:
                pass
            if number % 300 == 0:
                print(f"{done} records in {number} runs, {sum(broken.values())} broken", flush=True)
    return done


def files(home: Path) -> list[tuple[str, list[bytes], Callable[[bytes], Any], tuple[type[Exception], ...]]]:
    """Readers of files: what each reads, and which errors it says that it raises."""
    from datetime import timedelta

    from django.conf import settings
    from django.core.exceptions import ValidationError

    from opinovi.base.clock import now
    from opinovi.contact.calendars import CalendarError, busy_spans
    from opinovi.contact.files import make_harmless
    from opinovi.directory.sheet import SheetError, rows_of, write_csv, write_xlsx
    from opinovi.interchange.actions.moving import CannotMove, move_in, move_out
    from opinovi.interchange.actions.take_in_file import import_file
    from opinovi.network.models import Network

    at = home / "fuzzed"

    def written(content: bytes) -> Path:
        at.write_bytes(content)
        return at

    rows = [["Nimi", "Kuvaus"], *([f"Kurssi {one}", "Ä" * one] for one in range(12))]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<w:document xmlns:w='w'/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    move_out(Network.objects.get(slug="paijat-hame"), home / "network.zip")
    listed = (settings.DATA_DIR / "ptv_services.jsonl").read_bytes().splitlines()[:12]
    whole = (DATA / "etalukio_service.json").read_bytes()

    return [
        ("spreadsheet", [write_csv(rows), write_xlsx(rows)], lambda told: list(rows_of(told)), (SheetError,)),
        ("list of services", [b"\n".join(listed)], lambda told: import_file("ptv-list", written(told), True), ()),
        ("whole services", [whole], lambda told: import_file("ptv", written(told), True), ()),
        ("guide's calendar", [one.read_bytes() for one in (DATA / "calendars").glob("*.ics")],
         lambda told: busy_spans(told, now(), now() + timedelta(days=60)), (CalendarError,)),
        ("file in a conversation", [packed.getvalue(), *FILES], lambda told: make_harmless("a.pdf", told), (ValidationError,)),
        ("archive of a network", [(home / "network.zip").read_bytes()], lambda told: move_in(written(told)), (CannotMove,)),
    ]  # fmt: skip


def run_files(cases: int, home: Path, broken: Counter[str], ended: Counter[str]) -> int:
    from django.db import transaction

    told, done = files(home), 0
    while done < cases:
        name, good, read, says = told[done % len(told)]
        chance = random.Random(f"{SEED} file {done}")
        content = spoilt(chance.choice(good), chance)
        done += 1
        try:
            with transaction.atomic():
                read(content)
                ended[f"{name} read"] += 1
                raise Undone
        except Undone:
            pass
        except says:
            ended[f"{name} refused"] += 1
        except Exception as error:
            broken[f"{name} (seed {SEED} file {done - 1}): " + "".join(traceback.format_exception(error)[-3:])] += 1
        if done % 1_500 == 0:
            print(f"{done} files, {sum(broken.values())} broken", flush=True)
    return done


def main() -> int:
    broken, ended = Counter[str](), Counter[str]()
    with fresh_installation() as home:
        begin = time.perf_counter()
        records = run_sources(CASES * 2 // 3, broken, ended)
        read = run_files(CASES - CASES * 2 // 3, home, broken, ended)
    for how, times in sorted(ended.items()):
        print(f"{times:6} {how}")
    for why, times in broken.most_common(40):
        print(f"{times} times: {why}")
    database = "PostgreSQL" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    print(f"{database}: {records} records and {read} files in {time.perf_counter() - begin:.0f} s, {sum(broken.values())} broken")  # fmt: skip
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
