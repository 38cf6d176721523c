"""The columns of a spreadsheet of services: how a cell is read, and how a service's value stands in one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.validators import EmailValidator, URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.masking import mask
from opinovi.base.text import PLAIN_FINNISH
from opinovi.directory.codes import municipality_codes, municipality_name
from opinovi.directory.forms import ServiceForm
from opinovi.directory.forms.base import LANGUAGES, passes, phone_is_possible
from opinovi.directory.hours_plan import Plan, from_osm, to_osm
from opinovi.directory.hours_words import HoursError, read_weekly_words, weekly_words
from opinovi.directory.models import Channel, Charge, Kind
from opinovi.directory.ways import OWN_NAMES

Data = dict[str, Any]


class CellError(ValueError):
    """A cell that can't be taken; the message says why and what would do."""


@dataclass(frozen=True)
class Column:
    """A column: how its cell is made of a service's data, and how a cell is put on the data."""

    name: str
    of: Callable[[Data], str]
    put: Callable[[Data, str], None]


def text_column(field: str, language: str, most: int, required: bool) -> Column:
    def of(data: Data) -> str:
        return str(data.get(field, {}).get(language, ""))

    def put(data: Data, cell: str) -> None:
        if required and not cell:
            raise CellError(_("Tämä ei voi olla tyhjä."))
        if len(cell) > most:
            raise CellError(
                _("Teksti on liian pitkä: %(count)d merkkiä, enintään %(most)d.") % {"count": len(cell), "most": most}
            )
        texts = {code: text for code, text in data.get(field, {}).items() if code != language}
        data[field] = texts | ({language: mask(cell)[0]} if cell else {})

    suffix = "simple" if language == PLAIN_FINNISH else language
    return Column(f"{field}_{suffix}", of, put)


def choice_column(field: str, choices: list[str]) -> Column:
    def put(data: Data, cell: str) -> None:
        if cell not in choices:
            raise CellError(_("Ei käy: %(what)s. Käy: %(choices)s.") % {"what": cell, "choices": ", ".join(choices)})
        data[field] = cell

    return Column(field, lambda data: str(data.get(field, "")), put)


def many_column(field: str, known: Callable[[], set[str]]) -> Column:
    """A list of codes, comma between."""

    def put(data: Data, cell: str) -> None:
        found = [one.strip() for one in cell.split(",") if one.strip()]
        if unknown := [one for one in found if one not in known()]:
            raise CellError(_("Emme tunne näitä: %(what)s.") % {"what": ", ".join(unknown)})
        data[field] = list(dict.fromkeys(found))

    return Column(field, lambda data: ", ".join(data.get(field, ())), put)


def day_column(field: str) -> Column:
    def put(data: Data, cell: str) -> None:
        data[field] = read_day(cell)

    return Column(field, lambda data: str(data.get(field, "")), put)


def read_day(cell: str) -> str:
    if not cell:
        return ""
    parts = cell.split(".") if "." in cell else list(reversed(cell.split("-")))
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise CellError(_("Kirjoita päivä muodossa 24.12.2027.")) from error


def area_of(data: Data) -> str:
    if data.get("nationwide"):
        return "nationwide"
    return ", ".join(municipality_name(code, "fi") for code in data.get("municipalities", ())) or "region"


def put_area(data: Data, cell: str) -> None:
    """The whole region, the whole country, or municipalities by name. The region itself is the organisation's."""
    names = [one.strip() for one in cell.split(",") if one.strip()]
    data["nationwide"], data["municipalities"], data["regions"] = cell == "nationwide", [], data.get("regions", [])
    if cell in ("nationwide", "region"):
        return
    unknown = [one for one in names if one.lower() not in municipality_codes()]
    if unknown or not names:
        raise CellError(
            _("Kirjoita region, nationwide tai paikkakuntien nimet. Emme tunne: %(what)s.")
            % {"what": ", ".join(unknown) or "–"}
        )
    data["municipalities"] = [municipality_codes()[one.lower()] for one in names]


def channel_column(kind: str, right: Callable[[str], bool], advice: str | Promise) -> Column:
    """The first way in of a kind; the others stay."""

    def first(data: Data) -> dict[str, Any] | None:
        return next((one for one in data.get("channels", ()) if one["kind"] == kind), None)

    def of(data: Data) -> str:
        one = first(data)
        return one["value"] if one else ""

    def put(data: Data, cell: str) -> None:
        if cell and not right(cell):
            raise CellError(str(advice))
        one = first(data)
        rest = [other for other in data.get("channels", ()) if other is not one]
        if cell:
            empty = {"label": {}, "note": {}, "hours": "", "charge": Charge.UNKNOWN}
            made = {**empty, **(one or {}), "kind": kind, "value": cell}
            position = data["channels"].index(one) if one else len(rest)
            data["channels"] = [*rest[:position], made, *rest[position:]]
        else:
            data["channels"] = rest

    return Column(kind, of, put)


def phone_hours_of(data: Data) -> str:
    one = next((one for one in data.get("channels", ()) if one["kind"] == Channel.Kind.PHONE), None)
    plan = from_osm(one["hours"]) if one else None
    return weekly_words(plan.weekly) if plan else ""


def put_phone_hours(data: Data, cell: str) -> None:
    one = next((one for one in data.get("channels", ()) if one["kind"] == Channel.Kind.PHONE), None)
    if cell == phone_hours_of(data):
        return
    if one is None:
        raise CellError(_("Puhelinajat tarvitsevat puhelinnumeron."))
    try:
        hours = to_osm(Plan(read_weekly_words(cell)))
    except HoursError as error:
        raise CellError(str(error)) from error
    data["channels"] = [{**other, "hours": hours} if other is one else other for other in data["channels"]]


def put_months(data: Data, cell: str) -> None:
    if not (cell.isascii() and cell.isdigit() and 1 <= int(cell) <= 24):
        raise CellError(_("Kirjoita kuukausien määrä, 1–24."))
    data["confirm_months"] = int(cell)


def columns(known_topics: Callable[[], set[str]]) -> list[Column]:
    """Every column that can be changed, in the order in which they stand."""
    texts = [
        text_column(name, language, most, required and language == "fi")
        for name, _label, _rows, most, required in ServiceForm.texts
        for language in LANGUAGES
    ]
    position = next(n for n, one in enumerate(texts) if one.name == "description_en") + 1
    texts.insert(position, text_column("description", PLAIN_FINNISH, 6000, False))
    web = URLValidator(["https", "http"])
    return [
        *texts,
        choice_column("kind", Kind.values),
        choice_column("charge", Charge.values),
        many_column("languages", lambda: set(OWN_NAMES)),
        many_column("topics", known_topics),
        Column("area", area_of, put_area),
        day_column("valid_from"),
        day_column("valid_until"),
        channel_column(Channel.Kind.PHONE, phone_is_possible, gettext_lazy("Tämä ei ole puhelinnumero.")),
        Column("phone_hours", phone_hours_of, put_phone_hours),
        channel_column(
            Channel.Kind.EMAIL,
            lambda cell: passes(EmailValidator(), cell),
            gettext_lazy("Tämä ei ole sähköpostiosoite."),
        ),
        channel_column(Channel.Kind.WEB, lambda cell: passes(web, cell), gettext_lazy("Osoite alkaa https://")),
        Column("confirm_months", lambda data: str(data.get("confirm_months", 6)), put_months),
    ]
