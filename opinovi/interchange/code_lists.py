"""Newer lists of municipalities, regions and postcodes than those that came with the project.

Taken as they are published: the Finnish code registry's JSON (koodistot.suomi.fi), Statistics Finland's classification
JSON, a CSV with code and names, or Posti's fixed-width postcode file. A list that does not hold together, or in which
codes are missing that records here use, changes nothing.
"""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings

from opinovi.directory import codes
from opinovi.directory.models import Offering, Service, ServicePoint
from opinovi.network.models import Network, Organisation

LISTS = {"municipalities": ("municipalities.json", r"\d{3}", 200), "regions": ("regions.json", r"\d{2}", 15),
         "postcodes": ("postcodes.txt", r"\d{5}", 1_000)}  # fmt: skip
LANGUAGES = ("fi", "sv", "en")
# Posti's file: the postcode stands at 13 and the municipality's Finnish name at 179, counted from 0.
POSTI = ("PONOT", 13, 18, 179, 199)


class BadList(Exception):
    """Why a list was not taken, in words for the operator."""


def take_codes(name: str, path: Path, anyway: bool = False) -> dict[str, list[str]]:
    """Take a list into use; gives the codes that came, went and changed. Raises BadList."""
    file, pattern, least = LISTS[name]
    told = read(name, path)
    if wrong := [code for code in told if not re.fullmatch(pattern, code)]:
        raise BadList(f"{wrong[0]!r} is no code of {name}")
    if len(told) < least:
        raise BadList(f"there are {len(told)} codes in it: {least} at least make a whole list")
    before = known(name)
    if name == "postcodes" and (unknown := sorted(set(told.values()) - set(codes.municipality_codes()))):
        raise BadList(f"{unknown[0]!r} is no municipality: take the newer municipalities first")
    gone = sorted(set(before) - set(told))
    if name != "postcodes" and not anyway and (used := used_codes(name, gone)):
        shown = ", ".join(f"{code} ({count})" for code, count in sorted(used.items())[:10])
        raise BadList(f"records here use codes that are not in it: {shown}. Change them first, or say --anyway")
    folder = settings.CODES_DIR
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{file}.part"
    part.write_text(written(name, told), encoding="utf-8")
    part.replace(folder / file)
    codes.forget()
    changed = sorted(code for code in set(told) & set(before) if told[code] != before[code])
    return {"added": sorted(set(told) - set(before)), "gone": gone, "changed": changed}


def known(name: str) -> dict[str, Any]:
    if name == "postcodes":
        with codes.code_file("postcodes.txt").open(encoding="utf-8") as lines:
            return {row[0]: row[1].lower() for row in csv.reader(lines) if len(row) == 2}
    return dict(codes.municipalities() if name == "municipalities" else codes.regions())


def read(name: str, path: Path) -> dict[str, Any]:
    """The list by code: names by language, or a municipality's name in lower case."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Posti writes its file in Latin-1.
        text = content.decode("latin-1")
    if name == "postcodes":
        return read_postcodes(text)
    found = read_json(text) if text.lstrip().startswith(("{", "[")) else read_csv(text)
    if unnamed := [code for code, names in found.items() if not names.get("fi")]:
        raise BadList(f"{unnamed[0]} has no Finnish name")
    return {code: {"fi": names["fi"]} | names for code, names in found.items()}


def read_postcodes(text: str) -> dict[str, str]:
    mark, first, last, begin, end = POSTI
    if text.startswith(mark):
        rows = [(line[first:last], line[begin:end].strip()) for line in text.splitlines() if line.startswith(mark)]
    else:
        rows = [(row[0], row[1]) for row in table(text) if len(row) >= 2 and row[0].strip().isdigit()]
    return {code.strip(): place.strip().lower() for code, place in rows if code.strip() and place.strip()}


def read_json(text: str) -> dict[str, dict[str, str]]:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise BadList(f"it is not whole JSON ({error})") from error
    rows = told.get("results", []) if isinstance(told, dict) else told
    found = {}
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict) or row.get("status", "VALID") != "VALID":
            continue
        code, names = row.get("codeValue") or row.get("code"), row.get("prefLabel") or row.get("name")
        if isinstance(items := row.get("classificationItemNames"), list):
            names = {one.get("lang"): one.get("name") for one in items if isinstance(one, dict)}
        if isinstance(code, str) and isinstance(names, dict):
            found[code] = {key: str(names[key]) for key in LANGUAGES if names.get(key)}
    return found


def read_csv(text: str) -> dict[str, dict[str, str]]:
    """Code and the Finnish name, then the Swedish and English one if there are any."""
    found = {}
    for row in table(text):
        code = row[0].strip().strip("'") if row else ""
        if code.isdigit() and len(row) > 1:
            found[code] = {key: value.strip() for key, value in zip(LANGUAGES, row[1:4], strict=False) if value.strip()}
    return found


def table(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    return list(csv.reader(io.StringIO(text), delimiter=max(";,\t", key=first.count)))


def written(name: str, told: dict[str, Any]) -> str:
    """The list as the project ships its own."""
    if name == "postcodes":
        names = {code.lower(): code for names in codes.municipalities().values() for code in names.values()}
        return "".join(f"{code},{names.get(place, place)}\n" for code, place in sorted(told.items()))
    rows = [json.dumps({"code": code, "name": names}, ensure_ascii=False) for code, names in sorted(told.items())]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def used_codes(name: str, gone: list[str]) -> Counter[str]:
    """How many records here use each of the codes."""
    missing, found = set(gone), Counter[str]()
    if not missing:
        return found
    field = "municipalities" if name == "municipalities" else "regions"
    for told in Service.objects.values_list(field, flat=True).iterator(5_000):
        found.update(missing & set(told))
    if name == "municipalities":
        for model in (ServicePoint, Offering, Organisation):
            rows: Any = model.objects
            found.update(rows.filter(municipality__in=gone).values_list("municipality", flat=True))
        for told in Network.objects.values_list("municipalities", flat=True):
            found.update(missing & set(told))
    else:
        found.update(Network.objects.filter(region__in=gone).values_list("region", flat=True))
    return found
