"""A spreadsheet of anybody's own making at an address: a person has told which of its columns is what."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy

from opinovi.base.reading import Problem
from opinovi.directory.actions import Record
from opinovi.directory.codes import municipality_of
from opinovi.directory.models import Channel, Charge, Kind
from opinovi.directory.sheet import SheetError, rows_of
from opinovi.directory.ways import OWN_NAMES
from opinovi.interchange.actions.header import note_header
from opinovi.interchange.hsds.out import uri
from opinovi.interchange.models import Feed
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.same.told import phone_of
from opinovi.interchange.sources.fetching import Fetcher
from opinovi.interchange.sources.shape import Came, Link, Raw, Stop, speaks

TELLS = "columns.json"
# What a column may be, for services and for courses, and the words by which its heading is guessed.
FIELDS: dict[str, tuple[Any, str]] = {
    "id": (gettext_lazy("Tunnus"), "tunnus id nro numero koodi code kod"),
    "name": (gettext_lazy("Nimi"), "nimi name namn otsikko title kurssi palvelu rubrik"),
    "summary": (gettext_lazy("Lyhyesti"), "lyhyesti tiivistelmä summary ingress sammanfattning"),
    "description": (gettext_lazy("Kuvaus"), "kuvaus sisältö description beskrivning"),
    "phone": (gettext_lazy("Puhelin"), "puhelin puh phone telefon tel"),
    "email": (gettext_lazy("Sähköposti"), "sähköposti email e-mail e-post"),
    "web": (gettext_lazy("Verkkosivut"), "www verkkosivut verkkosivu web url osoite linkki link länk webb"),
    "municipality": (gettext_lazy("Kunta tai postinumero"), "kunta paikkakunta postinumero municipality kommun ort"),
    "languages": (gettext_lazy("Kielet"), "kieli kielet language languages språk"),
    "price": (gettext_lazy("Hinta"), "hinta maksu price pris avgift"),
    "starts_on": (gettext_lazy("Alkaa"), "alkaa alku aloitus starts start börjar"),
    "ends_on": (gettext_lazy("Päättyy"), "päättyy loppu ends end slutar"),
    "apply_until": (gettext_lazy("Hae viimeistään"), "hakuaika haku ilmoittautuminen viimeistään deadline sista"),
    "times": (gettext_lazy("Kellonajat"), "aika klo kello times tider tid"),
}  # fmt: skip
LANGUAGES = {"suomi": "fi", "finska": "fi", "finnish": "fi", "ruotsi": "sv", "svenska": "sv", "swedish": "sv",
             "englanti": "en", "engelska": "en", "english": "en", "venäjä": "ru", "arabia": "ar",
             "ukraina": "uk"}  # fmt: skip
NOTHING = re.compile(r"^(0([.,]0+)?\s*€?|maksuton|ilmainen|free|gratis|avgiftsfri)$", re.IGNORECASE)


def guessed(header: list[str]) -> dict[str, str]:
    """Which heading is probably what: {field: heading}."""
    found: dict[str, str] = {}
    for heading in header:
        words = re.findall(r"[\w-]+", heading.lower())
        for field, (_label, hints) in FIELDS.items():
            if field not in found and heading not in found.values() and set(words) & set(hints.split()):
                found[field] = heading
    return found


class Sheet:
    name, source = "sheet", "sheet"
    kinds = ("service", "offering")
    kept = nested = passing = ()

    def fetch(self, feed: Feed, fetcher: Fetcher, since: datetime | None) -> Came:
        path = fetcher.get(feed.address, "sheet", accept="*/*").path
        try:
            header = next((row for _number, row in rows_of(path.read_bytes())), [])
        except SheetError:
            raise Stop("unreadable") from None
        note_header(feed, [heading for heading in header if heading])
        columns = feed.settings.get("columns", {})
        if not columns.get("name") or set(columns.values()) - set(header):
            raise Stop("columns")
        told = {"what": feed.settings.get("what", "service"), "columns": columns, "source": str(feed.id),
                "language": feed.settings.get("language", "fi")}  # fmt: skip
        (path.parent / TELLS).write_bytes(orjson.dumps(told))
        return Came([path])

    def read(self, path: Path, kind: str) -> Iterator[Raw | Problem]:
        told = orjson.loads((path.parent / TELLS).read_bytes())
        if told["what"] != kind:
            return
        header: list[str] = []
        try:
            for number, row in rows_of(path.read_bytes()):
                if not header:
                    header = row
                    continue
                cells = dict(zip(header, row, strict=False))
                data = {field: cells.get(heading, "").strip() for field, heading in told["columns"].items()}
                data["written_in"] = told["language"]
                if not data["name"]:
                    yield Problem("sheet", number, told["columns"]["name"], "is empty")
                    continue
                # Two sheets may number their rows alike: an id is of its source alone.
                key = data.get("id") or sha256(data["name"].encode()).hexdigest()[:20]
                yield Raw(kind, f"{told['source'][:8]}-{key}"[:100], data, "sheet", number)
        except SheetError as error:
            yield Problem("sheet", 0, "file", str(error))

    def links(self, raw: Raw) -> list[Link]:
        return []

    def keep(self, feed: Feed, raw: Raw) -> dict[str, Any]:
        raise BadRecord("record", "is of no kind that is kept")

    def record(self, feed: Feed, raw: Raw, known: dict[Link, dict[str, Any]]) -> Record:
        if feed.organisation_id is None:
            raise BadRecord("organisation", "is not told: say whose these are")
        told = raw.data
        language, price = told["written_in"], price_of(told.get("price", ""))
        place = municipality_of(told["municipality"]) if told.get("municipality") else ""
        if place is None:
            raise BadRecord("municipality", f"is not known: {told['municipality'][:60]}")
        fields: dict[str, Any] = {
            name: {language: told[name][:20_000]} if told.get(name) else {}
            for name in ("name", "summary", "description")
        }
        fields |= {"languages": languages_of(told.get("languages", ""), language), "charge": price,
                   "organisation_id": feed.organisation_id}  # fmt: skip
        paid = told["price"][:200] if price == Charge.CHARGEABLE else ""
        if raw.kind == "service":
            fields |= {"kind": Kind.EDUCATION, "municipalities": [place] if place else [],
                       "charge_info": {language: paid} if paid else {}}  # fmt: skip
            return Record(raw.external_id, fields, channels=ways_of(told))
        fields |= {
            "municipality": place, "link": uri(told.get("web", "")), "price_cents": cents_of(paid),
            "times": {language: told["times"][:300]} if told.get("times") else {},
            **{name: day_of(told.get(name, ""), name) for name in ("starts_on", "ends_on", "apply_until")},
        }  # fmt: skip
        if fields["starts_on"] and fields["ends_on"] and fields["ends_on"] < fields["starts_on"]:
            raise BadRecord("ends_on", "is before it starts")
        return Record(raw.external_id, fields)


def ways_of(told: dict[str, str]) -> list[dict[str, Any]]:
    """The ways in. Raises BadRecord where a number or an address is none."""
    found = []
    for name, kind, right in (
        ("phone", Channel.Kind.PHONE, lambda text: bool(phone_of(text))),
        ("email", Channel.Kind.EMAIL, is_mail), ("web", Channel.Kind.WEB, lambda text: bool(uri(text))),
    ):  # fmt: skip
        if text := told.get(name, ""):
            if not right(text):
                raise BadRecord(name, f"is none: {text[:60]}")
            found.append({"kind": kind, "value": text[:500]})
    return found


def is_mail(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def languages_of(text: str, language: str) -> list[str]:
    words = re.findall(r"\w+", text.lower())
    found = [LANGUAGES.get(word, word if word in OWN_NAMES else "") for word in words]
    return list(dict.fromkeys(one for one in found if one)) or [language]


def price_of(text: str) -> Charge:
    if not text:
        return Charge.UNKNOWN
    return Charge.FREE if NOTHING.match(text) else Charge.CHARGEABLE


def cents_of(text: str) -> int | None:
    """The first amount in a text, in cents."""
    found = re.search(r"(\d{1,6})(?:[.,](\d{2}))?", text.replace(" ", ""))
    return int(found[1]) * 100 + int(found[2] or 0) if found else None


def day_of(text: str, field: str) -> date | None:
    """A day as 2027-01-31 or 31.1.2027. Raises BadRecord."""
    if not text:
        return None
    try:
        if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        raise BadRecord(field, f"is no day: {text[:40]}") from None


SHEET = speaks(Sheet())
