"""Opintopolku, the national education portal, in the shape of its index: institutions (oppilaitos), programmes
(koulutus), their implementations (toteutus), rounds (haku) and what is applied to in them (hakukohde).

What one can apply to (hakukohde) becomes an offering with its time to apply; what is given without (toteutus) becomes
one too. Whatever is not known here is passed over.
"""

import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from django.utils.html import strip_tags

from opinovi.base.clock import today
from opinovi.base.reading import Problem
from opinovi.directory.actions import Record
from opinovi.directory.codes import municipalities
from opinovi.directory.models import Charge, Form
from opinovi.interchange.hsds.out import uri
from opinovi.interchange.models import Feed
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.sources.fetching import CannotFetch, Fetcher
from opinovi.interchange.sources.shape import Came, Link, Raw, speaks

# The files of the index, and whether there is nothing without it.
FILES = {"oppilaitos": False, "koulutus": False, "toteutus": True, "haku": False, "hakukohde": False}
OF_FILES = {"organisation": "oppilaitos", "programme": "koulutus", "teaching": "toteutus", "round": "haku"}
PUBLISHED = "julkaistu"
TEACHES = {"1": ["fi"], "2": ["sv"], "3": ["fi", "sv"], "4": ["en"], "5": ["se"]}
WHEN = {"1": Form.DAY, "2": Form.EVENING, "3": Form.WEEKEND}
AT_A_DISTANCE = {"2", "3"}
CHARGES = {"maksuton": Charge.FREE, "maksullinen": Charge.CHARGEABLE, "lukuvuosimaksu": Charge.CHARGEABLE}
SEASONS = {"kausi_k": {"fi": "keväällä", "sv": "på våren", "en": "in spring"},
           "kausi_s": {"fi": "syksyllä", "sv": "på hösten", "en": "in autumn"}}  # fmt: skip
PAGE = "https://opintopolku.fi/konfo/fi/{kind}/{oid}"
LONGEST = 20_000


class Kouta:
    name, source = "kouta", "kouta"
    kinds = ("organisation", "programme", "round", "teaching", "offering")
    kept = ("programme", "round", "teaching")
    nested = ()
    passing = ()

    def fetch(self, feed: Feed, fetcher: Fetcher, since: datetime | None) -> Came:
        """The index's files by their names; it tells no changes, so they are always whole."""
        base, paths = feed.address.rstrip("/"), []
        for name, needed in FILES.items():
            try:
                paths.append(fetcher.get(f"{base}/{name}-kouta.jsonl", f"{name}.jsonl").path)
            except CannotFetch as error:
                if needed or error.code != "status":
                    raise
        return Came(paths)

    def read(self, path: Path, kind: str) -> Iterator[Raw | Problem]:
        wanted = ("toteutus", "hakukohde") if kind == "offering" else (OF_FILES[kind],)
        if path.stem not in wanted:
            return
        # What could not be read is told where its file is read first.
        tells = kind != "offering" or path.stem == "hakukohde"
        with path.open("rb") as file:
            for line, text in enumerate(file, start=1):
                if not text.strip():
                    continue
                try:
                    row = orjson.loads(text)
                    one = row.get("_source", row)
                    oid = one["oid"]
                except (ValueError, AttributeError, KeyError, TypeError):
                    if tells:
                        yield Problem(path.name, line, "oid", "is missing, or the line is not whole JSON")
                    continue
                if not isinstance(oid, str) or one.get("tila", PUBLISHED) != PUBLISHED:
                    continue
                if kind == "offering" and path.stem == "toteutus" and targets_of(one):
                    continue
                yield Raw(kind, oid[:100], one, path.name, line)

    def links(self, raw: Raw) -> list[Link]:
        one = raw.data
        if raw.kind == "teaching":
            return [("programme", one["koulutusOid"])] if isinstance(one.get("koulutusOid"), str) else []
        if raw.kind != "offering":
            return []
        found: list[Link] = [("teaching", raw.external_id)]
        if isinstance(one.get("toteutusOid"), str):
            found = [("teaching", one["toteutusOid"])]
        whole = one if "koulutusOid" in one else part(one, "toteutus")
        if isinstance(whole.get("koulutusOid"), str):
            found.append(("programme", whole["koulutusOid"]))
        return found + ([("round", one["hakuOid"])] if isinstance(one.get("hakuOid"), str) else [])

    def keep(self, feed: Feed, raw: Raw) -> dict[str, Any]:
        try:
            if raw.kind == "round":
                return {"periods": periods_of(raw.data), "name": texts(raw.data.get("nimi"))}
            return described(raw.data)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadRecord("record", f"does not have the shape of the index ({type(error).__name__})") from error

    def record(self, feed: Feed, raw: Raw, known: dict[Link, dict[str, Any]]) -> Record:
        try:
            if raw.kind == "organisation":
                return to_organisation(raw.data)
            made = to_offering(raw.data, {kind: told for (kind, _oid), told in known.items()})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadRecord("record", f"does not have the shape of the index ({type(error).__name__})") from error
        if not made.owner and feed.organisation is None:
            raise BadRecord("organisaatio", "is missing")
        if feed.organisation is not None and not made.owner:
            made.fields["organisation_id"] = feed.organisation_id
        return made


def part(row: Any, name: str) -> dict[str, Any]:
    found = row.get(name) if isinstance(row, dict) else None
    return found if isinstance(found, dict) else {}


def rows(row: Any, name: str) -> list[Any]:
    found = row.get(name) if isinstance(row, dict) else None
    return found if isinstance(found, list) else []


def texts(told: Any) -> dict[str, str]:
    """A text by language, without the marks of a page."""
    found = {}
    for language, text in told.items() if isinstance(told, dict) else ():
        if isinstance(text, str) and re.fullmatch(r"[a-z]{2}", language):
            broken = re.sub(r"</(p|li|h\d|ul|ol|div)>|<br\s*/?>", "\n", text)
            plain = html.unescape(strip_tags(broken)).replace("\x00", "")
            if plain := re.sub(r"\n\s*\n+", "\n", plain).strip():
                found[language] = plain[:LONGEST]
    return found


def code_of(told: Any) -> str:
    """The last part of a code: "398" of "kunta_398#1"."""
    address = told.get("koodiUri") if isinstance(told, dict) else told
    return address.split("#")[0].rpartition("_")[2] if isinstance(address, str) else ""


def targets_of(one: dict[str, Any]) -> list[Any]:
    """What of it can be applied to, as it is published."""
    return [
        target for told in rows(one, "hakutiedot") for target in rows(told, "hakukohteet")
        if isinstance(target, dict) and target.get("tila") == PUBLISHED
    ]  # fmt: skip


def periods_of(one: dict[str, Any]) -> list[list[str]]:
    """The times to apply: [first, last] as days; no last day is none."""
    found = [[str(row.get("alkaa") or "")[:10], str(row.get("paattyy") or "")[:10]] for row in rows(one, "hakuajat")]
    return sorted(row for row in found if day_of(row[0]) or day_of(row[1]))


def day_of(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def period(periods: list[list[str]]) -> tuple[date | None, date | None]:
    """The time to apply that is on or comes next, else the last that was."""
    told = [(day_of(first), day_of(last)) for first, last in periods]
    told = [(first, last) for first, last in told if not (first and last and last < first)]
    coming = [one for one in told if one[1] is None or one[1] >= today()]
    return (coming or told[-1:] or [(None, None)])[0]


def described(one: dict[str, Any]) -> dict[str, Any]:
    """What a programme or its implementation tells of what is studied, and how."""
    metadata = part(one, "metadata")
    teaching = part(metadata, "opetus")
    ways = {code_of(row) for row in rows(teaching, "opetustapa")}
    times = [code_of(row) for row in rows(teaching, "opetusaika")]
    form = next((WHEN[code] for code in times if code in WHEN), "")
    amount = teaching.get("maksunMaara")
    return {
        "name": texts(one.get("nimi")),
        "description": texts(metadata.get("kuvaus")) or texts(metadata.get("osaamistavoitteet")),
        "languages": list(dict.fromkeys(
            language for row in rows(teaching, "opetuskieli") for language in TEACHES.get(code_of(row), [])
        )),
        "form": str(Form.ONLINE if ways and ways <= AT_A_DISTANCE else form),
        "times": texts(teaching.get("opetusaikaKuvaus")),
        "charge": str(CHARGES.get(str(teaching.get("maksullisuustyyppi")), "")),
        "price": round(float(amount) * 100) if isinstance(amount, int | float) and 0 < amount < 1e6 else None,
        "begins": begins(part(teaching, "koulutuksenAlkamiskausi")),
    }  # fmt: skip


def begins(told: dict[str, Any]) -> dict[str, Any]:
    """When it begins and ends, as days; where only a season of a year is told, in words."""
    first, last = day_of(told.get("koulutuksenAlkamispaivamaara")), day_of(told.get("koulutuksenPaattymispaivamaara"))
    year, season = told.get("koulutuksenAlkamisvuosi"), part(told, "koulutuksenAlkamiskausi").get("koodiUri")
    words = SEASONS.get(str(season).split("#")[0], {})
    return {
        "first": first.isoformat() if first else "",
        "last": last.isoformat() if first and last and last >= first else "",
        "words": {language: f"{text} {year}" for language, text in words.items()} if year and not first else {},
    }


def to_organisation(row: dict[str, Any]) -> Record:
    name = texts(row.get("nimi"))
    if not name:
        raise BadRecord("nimi", "is missing")
    metadata = part(part(row, "oppilaitos"), "metadata")
    page = part(metadata, "wwwSivu")
    address = next((uri(str(one)) for one in part(page, "url").values() if uri(str(one))), "")
    place = code_of(part(row, "kotipaikka"))
    fields = {
        "name": name,
        "description": texts(metadata.get("esittely")),
        "website": address[:200],
        "municipality": place if place in municipalities() else "",
    }
    return Record(row["oid"], fields)


def to_offering(one: dict[str, Any], known: dict[str, dict[str, Any]]) -> Record:
    """Of what can be applied to, or of what is given without."""
    applied_to = "koulutusOid" not in one
    whole = part(one, "toteutus") if applied_to else one
    told = known.get("teaching") or described(whole)
    programme = known.get("programme", {})
    name = texts(one.get("nimi")) or told["name"]
    if not name:
        raise BadRecord("nimi", "is missing")
    own = part(one, "metadata") if applied_to else {}
    start = begins(part(own, "koulutuksenAlkamiskausi"))
    start = start if start["first"] or start["words"] else told["begins"]
    periods = periods_of(one)
    if applied_to and (one.get("kaytetaanHaunAikataulua") or not periods):
        periods = known.get("round", {}).get("periods", []) or periods
    apply_from, apply_until = period(periods)
    places = part(own, "aloituspaikat").get("lukumaara")
    at = [part(one, "jarjestyspaikka"), *[row for row in rows(whole, "tarjoajat") if isinstance(row, dict)]]
    towns = [town for row in at if (town := code_of(part(row, "paikkakunta"))) in municipalities()]
    languages = [
        language for row in rows(one, "opetuskieliKoodiUrit") for language in TEACHES.get(code_of(row), [])
    ] or told["languages"]  # fmt: skip
    kind = "hakukohde" if applied_to else "toteutus"
    form_link = [uri(address) for address in part(one, "hakulomakeLinkki").values() if isinstance(address, str)]
    charge = told["charge"] or Charge.UNKNOWN
    fields = {
        "name": name,
        "summary": told["name"] if told["name"] != name else {},
        "description": told["description"] or programme.get("description", {}),
        "times": told["times"] or start["words"],
        "languages": list(dict.fromkeys(languages)),
        "form": told["form"] or Form.DAY,
        "municipality": towns[0] if towns else "",
        "starts_on": day_of(start["first"]),
        "ends_on": day_of(start["last"]),
        "apply_from": apply_from,
        "apply_until": apply_until,
        "places": places if isinstance(places, int) and places > 0 else None,
        "charge": charge,
        "price_cents": told["price"] if charge == Charge.CHARGEABLE else None,
        "link": next((link for link in form_link if link), PAGE.format(kind=kind, oid=one["oid"]))[:500],
        "verified_on": day_of(one.get("modified")),
    }
    house = part(one, "organisaatio") or part(whole, "organisaatio")
    made = Record(one["oid"], fields)
    if isinstance(house.get("oid"), str):
        made.owner, made.owner_name = house["oid"][:100], texts(house.get("nimi"))
    return made


KOUTA = speaks(Kouta())
