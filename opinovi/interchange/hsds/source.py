"""Feeds by HSDS 3.0 and by the Open Referral UK profile, as a source: organisations, locations, and services.

What another Opin ovi tells under "opin_ovi" is taken as it stands, with the ids by which it is known there; of other
feeds what the standard says is read, and what it does not say is left empty.
"""

import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from opinovi.base.reading import Problem
from opinovi.directory.actions import Record
from opinovi.directory.codes import municipalities, municipality_of, regions
from opinovi.directory.models import Channel, Charge, Kind
from opinovi.interchange.hsds import out
from opinovi.interchange.hsds.schedules import osm_of
from opinovi.interchange.hsds.terms import terms_by_id
from opinovi.interchange.models import Feed
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.sources.fetching import CannotFetch, Fetcher
from opinovi.interchange.sources.shape import Came, Link, Raw, Stop, json_page, speaks

PER_PAGE, MOST_PAGES = 100, 20_000
LANGUAGE = re.compile(r"^[a-z]{2,3}$")
MUNICIPALITY = re.compile(r"/kunta_1_\d+/code/(\d{3})$")
REGION = re.compile(r"/maakunta_1_\d+/code/(\d{2})$")
LONGEST = 20_000


class Hsds:
    name, source = "hsds", "hsds"
    kinds = ("organisation", "point", "service")
    kept = ()
    # Organisations and locations stand in many services.
    nested = ("organisation", "point")
    passing = ()

    def fetch(self, feed: Feed, fetcher: Fetcher, since: datetime | None) -> Came:
        """Organisations where the feed tells them, then services page by page, each in full: with their organisations
        and locations in them."""
        base = feed.address.rstrip("/")
        # The address may be that of the list itself.
        base = base.removesuffix("/services")
        asked = {"per_page": PER_PAGE, "full": "true"} | feed.settings.get("asked", {})
        try:
            paths = self.pages(f"{base}/organizations", "organisations", fetcher, asked)
        except CannotFetch as error:
            # The profile of the United Kingdom does not ask for it.
            if error.code != "status":
                raise
            paths = []
        since_then = {"modified_after": since.isoformat()} if since is not None else {}
        paths += self.pages(f"{base}/services", "services", fetcher, asked | since_then)
        return Came(paths, whole=since is None)

    def pages(self, address: str, name: str, fetcher: Fetcher, asked: dict[str, Any]) -> list[Path]:
        paths: list[Path] = []
        pages, total = 1, None
        while len(paths) < pages:
            told = json_page(path := fetcher.get(address, f"{name}-{len(paths):05}.json",
                                                 page=len(paths) + 1, **asked).path)  # fmt: skip
            rows = rows_of(told)
            count, items = (told.get("total_pages"), told.get("total_items")) if isinstance(told, dict) else (1, None)
            if not isinstance(rows, list) or not isinstance(count, int) or not 0 <= count <= MOST_PAGES:
                raise Stop("unreadable")
            if paths and items != total:
                raise Stop("changed")
            pages, total = count, items
            paths.append(path)
        return paths

    def read(self, path: Any, kind: str) -> Iterator[Raw | Problem]:
        rows = rows_of(json_page(path))
        of_services = path.name.startswith("services")
        for line, row in enumerate(rows if isinstance(rows, list) else [], start=1):
            if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"].strip():
                if kind == ("service" if of_services else "organisation"):
                    yield Problem(path.name, line, "id", "is missing")
                continue
            for found in parts_of(row, kind) if of_services else parts_of_house(row, kind):
                yield Raw(kind, found["id"][:100], found, path.name, line)

    def links(self, raw: Raw) -> list[Link]:
        if raw.kind != "service":
            return []
        return [("point", one["location"]["id"]) for one in places_of(raw.data)]

    def record(self, feed: Feed, raw: Raw, known: dict[Link, dict[str, Any]]) -> Record:
        try:
            if raw.kind == "organisation":
                return to_organisation(raw.data)
            made = to_point(raw.data) if raw.kind == "point" else to_service(raw.data)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadRecord("record", f"does not have the shape of HSDS 3.0 ({type(error).__name__})") from error
        if not made.owner and feed.organisation is not None:
            made.fields["organisation_id"] = feed.organisation_id
        return made

    def keep(self, feed: Feed, raw: Raw) -> dict[str, Any]:
        raise BadRecord("record", "is of no kind that is kept")


def rows_of(told: Any) -> Any:
    if isinstance(told, dict):
        return told.get("contents", told.get("content"))
    return told


def parts_of(row: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Of a service the thing of a kind in it: itself, its organisation, or its locations."""
    if kind == "service":
        return [row]
    if kind == "organisation":
        one = row.get("organization")
        there = isinstance(one, dict) and isinstance(one.get("id"), str) and one["id"] != out.UNTOLD
        return [one] if there and isinstance(one, dict) else []
    return [one["location"] for one in places_of(row)]


def parts_of_house(row: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The same of an organisation in full: itself, but for the one that stands for none, and its locations."""
    if kind == "organisation":
        return [row] if row["id"] != out.UNTOLD else []
    rows = [{"location": one} for one in list_in(row, "locations")]
    return [one["location"] for one in places_of({"service_at_locations": rows})] if kind == "point" else []


def places_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The physical places where a service is given."""
    rows = row.get("service_at_locations")
    return [
        one for one in (rows if isinstance(rows, list) else [])
        if isinstance(one, dict) and isinstance(one.get("location"), dict)
        and isinstance(one["location"].get("id"), str)
        and one["location"].get("location_type", "physical") == "physical"
    ]  # fmt: skip


def id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def words(row: dict[str, Any], name: str, most: int = LONGEST) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRecord(name, "is not text")
    return value.replace("\x00", "").strip()[:most]


def extras(row: dict[str, Any]) -> dict[str, Any]:
    told = row.get("opin_ovi")
    return told if isinstance(told, dict) else {}


def texts(row: dict[str, Any], ours: str, theirs: str, language: str) -> dict[str, Any]:
    """A text in all its languages where it is told so, else in the feed's one."""
    told = extras(row).get("texts")
    if isinstance(told, dict) and extras(row):
        found = told.get(ours)
        return found if isinstance(found, dict) else {}
    text = words(row, theirs) if theirs else ""
    return {language: text} if text else {}


def named(row: dict[str, Any], language: str) -> dict[str, Any]:
    found = texts(row, "name", "name", language)
    if not found:
        raise BadRecord("name", "is missing")
    return found


def day_of(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def moment_of(text: Any) -> datetime | None:
    try:
        found = parse_datetime(str(text)) if text else None
    except ValueError:
        return None
    return found if found is None or timezone.is_aware(found) else found.replace(tzinfo=timezone.get_fixed_timezone(0))


def language_of(row: dict[str, Any]) -> str:
    """The language of a feed's texts: English, unless it tells another."""
    return "en"


def to_organisation(row: dict[str, Any]) -> Record:
    language = language_of(row)
    numbers = row.get("organization_identifiers")
    finnish = [
        str(one.get("identifier") or "")[:9] for one in (numbers if isinstance(numbers, list) else [])
        if isinstance(one, dict) and one.get("identifier_scheme") == "FI-PRO"
    ]  # fmt: skip
    fields: dict[str, Any] = {
        "name": named(row, language),
        "alternative_names": texts(row, "alternative_names", "alternate_name", language),
        "description": texts(row, "description", "description", language),
        "website": out.uri(words(row, "website", 200)),
    }
    if finnish:
        fields["business_id"] = finnish[0]
    municipality = extras(row).get("municipality")
    if isinstance(municipality, str) and municipality in municipalities():
        fields["municipality"] = municipality
    return Record(row["id"], fields, wish=id_of(row["id"]))


def channels_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The ways in as another Opin ovi tells them, else what the standard says: phones, mail, page."""
    told = extras(row).get("ways_in")
    if isinstance(told, list) or extras(row):
        return [way for one in told or [] if isinstance(one, dict) and (way := told_way(one))]
    found: list[dict[str, Any]] = []
    phones = [*list_in(row, "phones"), *(phone for one in list_in(row, "contacts") for phone in list_in(one, "phones"))]
    for one in phones:
        if number := words(one, "number", 60).strip('"'):
            note = words(one, "description", 500)
            found.append({"kind": Channel.Kind.PHONE, "value": number, "label": {"en": note} if note else {}})
    mails = [words(row, "email", 254), *(words(one, "email", 254) for one in list_in(row, "contacts"))]
    found += [{"kind": Channel.Kind.EMAIL, "value": one} for one in dict.fromkeys(mails) if out.mail(one)]
    if page := out.uri(words(row, "url", 500)):
        found.append({"kind": Channel.Kind.WEB, "value": page})
    return found


def list_in(row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = row.get(name)
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def told_way(one: dict[str, Any]) -> dict[str, Any] | None:
    kind, value = one.get("kind"), one.get("value")
    if kind not in Channel.Kind.values or not isinstance(value, str):
        return None
    made: dict[str, Any] = {"kind": kind, "value": value[:500]}
    made |= {name: one[name] for name in ("label", "note") if isinstance(one.get(name), dict)}
    made |= {"hours": one["hours"]} if isinstance(one.get("hours"), str) else {}
    return made | ({"charge": one["charge"]} if one.get("charge") in Charge.values else {})


def to_point(row: dict[str, Any]) -> Record:
    language, more = language_of(row), extras(row)
    address = next(iter(list_in(row, "addresses")), {})
    hours, note = osm_of(list_in(row, "schedules"))
    if more:
        hours = str(more.get("hours") or "")
    street = " ".join(one for one in (words(address, "address_1", 200), words(address, "address_2", 200)) if one)
    fields: dict[str, Any] = {
        "name": texts(row, "name", "name", language) or ({language: street} if street else {}),
        "summary": texts(row, "summary", "", language),
        "description": texts(row, "description", "description", language),
        "street": texts(row, "street", "", language) or ({language: street} if street and not more else {}),
        "postcode": words(address, "postal_code", 20)[:5] if address.get("country") == "FI" else "",
        "post_office": texts(row, "post_office", "", language)
        or ({language: city} if not more and (city := words(address, "city", 100)) else {}),
        "municipality": place_of(row, address),
        "latitude": degree(row.get("latitude"), 90),
        "longitude": degree(row.get("longitude"), 180),
        "hours": hours,
        "hours_note": texts(row, "hours_note", "", language) or ({language: note} if note and not more else {}),
        "accessibility": texts(row, "accessibility", "", language) or access_words(row, language, bool(more)),
        "languages": codes_of_languages(row),
        "access_features": [one for one in more.get("access_features", []) if isinstance(one, str)],
        "verified_on": day_of(more.get("assured_date")),
    }
    if isinstance(more.get("confirm_months"), int) and 1 <= more["confirm_months"] <= 24:
        fields["confirm_months"] = more["confirm_months"]
    if not fields["name"]:
        raise BadRecord("location.name", "is missing")
    if fields["latitude"] is None or fields["longitude"] is None:
        fields["latitude"] = fields["longitude"] = None
    made = Record(row["id"], fields, channels=channels_of(row), wish=id_of(row["id"]))
    made.owner = words(row, "organization_id", 100)
    return made


def access_words(row: dict[str, Any], language: str, ours: bool) -> dict[str, str]:
    told = " ".join(words(one, "description", 1000) for one in list_in(row, "accessibility")).strip()
    return {language: told} if told and not ours else {}


def place_of(row: dict[str, Any], address: dict[str, Any]) -> str:
    told = extras(row).get("municipality")
    if isinstance(told, str) and (told in municipalities() or not told):
        return told
    return municipality_of(words(address, "city", 100)) or "" if address.get("country") == "FI" else ""


def degree(value: Any, most: float) -> float | None:
    there = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if there and abs(value) <= most else None


def codes_of_languages(row: dict[str, Any]) -> list[str]:
    found = [str(one.get("code") or "").lower() for one in list_in(row, "languages")]
    return list(dict.fromkeys(one for one in found if LANGUAGE.match(one)))


def to_service(row: dict[str, Any]) -> Record:
    language, more = language_of(row), extras(row)
    areas = [words(one, "uri", 300) for one in list_in(row, "service_areas")]
    eligible = texts(row, "requirements", "eligibility_description", language)
    terms = [terms_by_id().get(str(one.get("taxonomy_term_id"))) for one in list_in(row, "attributes")]
    sorted_by: dict[str, list[str]] = {}
    for found in terms:
        if found:
            sorted_by.setdefault(found[0].field, []).append(found[1])
    fields: dict[str, Any] = {
        "name": named(row, language),
        "alternative_names": texts(row, "alternative_names", "alternate_name", language),
        "summary": texts(row, "summary", "", language),
        "description": texts(row, "description", "description", language),
        "instructions": texts(row, "instructions", "application_process", language),
        "requirements": eligible,
        "charge_info": texts(row, "charge_info", "fees_description", language)
        or texts(row, "charge_info", "fees", language),
        "charge": more.get("charge") if more.get("charge") in Charge.values else charge_of(row),
        "kind": more.get("kind") if more.get("kind") in Kind.values else Kind.SUPPORT,
        "service_classes": sorted_by.get("service_classes", []),
        "target_groups": sorted_by.get("target_groups", []),
        "topics": sorted_by.get("topics", []),
        "life_events": strings(more, "life_events"),
        "ontology_terms": strings(more, "ontology_terms"),
        "nationwide": more.get("nationwide") is True,
        "municipalities": [one for one in strings(more, "municipalities") if one in municipalities()]
        or [met[1] for one in areas if (met := MUNICIPALITY.search(one))],
        "regions": [one for one in strings(more, "regions") if one in regions()]
        or [met[1] for one in areas if (met := REGION.search(one))],
        "languages": codes_of_languages(row),
        "verified_on": day_of(row.get("assured_date")),
        "valid_from": day_of(more.get("valid_from")),
        "valid_until": day_of(more.get("valid_until")),
        "source_changed_at": moment_of(row.get("last_modified")),
        "source_record": {} if more else row,
    }
    if isinstance(more.get("confirm_months"), int) and 1 <= more["confirm_months"] <= 24:
        fields["confirm_months"] = more["confirm_months"]
    places = places_of(row)
    made = Record(row["id"], fields, channels=channels_of(row), linked=[one["location"]["id"] for one in places],
                  wish=id_of(row["id"]))  # fmt: skip
    made.given = {one["location"]["id"]: given(one) for one in places}
    house = row.get("organization")
    if isinstance(house, dict) and isinstance(house.get("id"), str) and house["id"] != out.UNTOLD:
        made.owner, made.owner_id = house["id"][:100], id_of(house["id"])
        made.owner_name = {language: words(house, "name", 200)}
    return made


def strings(more: dict[str, Any], name: str) -> list[str]:
    rows = more.get(name)
    return [one for one in rows if isinstance(one, str)] if isinstance(rows, list) else []


def charge_of(row: dict[str, Any]) -> str:
    amounts = [one.get("amount") for one in list_in(row, "cost_options")]
    if amounts and all(isinstance(one, int | float) for one in amounts):
        return Charge.CHARGEABLE if any(amounts) else Charge.FREE
    return Charge.UNKNOWN


def given(one: dict[str, Any]) -> dict[str, Any]:
    """The service's own hours at the place, and whether one may walk in."""
    more = extras(one)
    if more:
        return {"hours": str(more.get("hours") or ""), "drop_in": more.get("drop_in") is True}
    hours, _words = osm_of(list_in(one, "schedules"))
    return {"hours": hours, "drop_in": False}


HSDS = speaks(Hsds())
