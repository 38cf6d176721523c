"""The code lists that the project ships: municipalities, regions, postcodes, PTV classes and target groups."""

import csv
import json
from functools import cache
from pathlib import Path

from django.conf import settings

from opinovi.base.text import choose


def code_file(name: str) -> Path:
    """The newest list: one that was taken into use here, else the one that came with the project."""
    own: Path = settings.CODES_DIR / name
    return own if own.exists() else settings.DATA_DIR / name


def read_codes(name: str) -> dict[str, dict[str, str]]:
    rows = json.loads(code_file(name).read_text(encoding="utf-8"))
    return {row["code"]: row["name"] for row in rows}


@cache
def municipalities() -> dict[str, dict[str, str]]:
    """Name in each language by the three-digit code."""
    return read_codes("municipalities.json")


@cache
def regions() -> dict[str, dict[str, str]]:
    return read_codes("regions.json")


@cache
def service_classes() -> dict[str, dict[str, str]]:
    return read_codes("ptv_service_classes.json")


@cache
def target_groups() -> dict[str, dict[str, str]]:
    return read_codes("ptv_target_groups.json")


@cache
def municipality_codes() -> dict[str, str]:
    """Code by a name in lower case, in any language."""
    return {name.lower(): code for code, names in municipalities().items() for name in names.values()}


@cache
def postcodes() -> dict[str, str]:
    """Municipality's code by postcode."""
    with code_file("postcodes.txt").open(encoding="utf-8") as lines:
        rows = [row for row in csv.reader(lines) if len(row) == 2]
    return {code: municipality_codes()[name.lower()] for code, name in rows if name.lower() in municipality_codes()}


def forget() -> None:
    """Read the lists anew."""
    for one in (municipalities, regions, municipality_codes, postcodes):
        one.cache_clear()


def municipality_of(place: str) -> str | None:
    """The municipality's code for a code, a postcode or a name; None for a place that is not known."""
    place = place.strip().lower()
    if place in municipalities():
        return place
    return postcodes().get(place) or municipality_codes().get(place)


def municipality_name(code: str, language: str | None = None) -> str:
    return choose(municipalities().get(code), language).text
