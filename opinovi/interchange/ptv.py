"""Whole PTV v11 records, as its open API returns them: services and service location channels."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pyproj import Transformer

from opinovi.base.reading import Problem, read_text
from opinovi.directory.actions import Record
from opinovi.directory.codes import municipalities, municipality_codes
from opinovi.directory.models import Channel, Charge, Kind
from opinovi.interchange.reading import BadRecord, Reading, list_of, text_of

CHARGES = {"Chargeable": Charge.CHARGEABLE, "FreeOfCharge": Charge.FREE, "Charged": Charge.CHARGEABLE}
DAYS = {
    "Monday": "Mo",
    "Tuesday": "Tu",
    "Wednesday": "We",
    "Thursday": "Th",
    "Friday": "Fr",
    "Saturday": "Sa",
}
DAYS["Sunday"] = "Su"
KIND_BY_CLASS = {"P6.4": Kind.GUIDANCE, "P10.2": Kind.GUIDANCE, "P12": Kind.EMPLOYER, "P6": Kind.EDUCATION}


def read(path: Path) -> Reading:
    reading = Reading()
    text, problem = read_text(path)
    if problem:
        reading.problems.append(problem)
        return reading
    try:
        whole = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        reading.problems.append(Problem(path.name, line, "file", f"is not whole JSON ({error})"))
        return reading
    rows, reading.complete = unpack(whole)
    if not rows:
        reading.problems.append(Problem(path.name, 0, "file", "has no records in it"))
    lines = line_numbers(text, rows)
    seen: set[str] = set()
    for row, line in zip(rows, lines, strict=True):
        try:
            take(row, reading, seen)
        except BadRecord as bad:
            reading.problems.append(Problem(path.name, line, bad.field, bad.reason))
    return reading


def unpack(whole: Any) -> tuple[list[Any], bool]:
    """The records of a file, and whether it is a listing of all: one record, or records by id, are a selection."""
    if isinstance(whole, list):
        return whole, True
    if isinstance(whole, dict) and isinstance(whole.get("itemList"), list):
        return whole["itemList"], True
    if isinstance(whole, dict) and ("id" in whole or "serviceNames" in whole or "serviceChannelNames" in whole):
        return [whole], False
    if isinstance(whole, dict) and all(isinstance(value, dict) for value in whole.values()):
        return list(whole.values()), False
    return [whole], False


def line_numbers(text: str, rows: list[Any]) -> list[int]:
    """The line on which each record's id stands, as well as it can be told; else 1."""
    found = []
    for row in rows:
        key = row.get("id") if isinstance(row, dict) else None
        at = text.find(json.dumps(key)) if isinstance(key, str) else -1
        found.append(text.count("\n", 0, at) + 1 if at >= 0 else 1)
    return found


def take(row: Any, reading: Reading, seen: set[str]) -> None:
    if not isinstance(row, dict):
        raise BadRecord("record", "is not a JSON object")
    key = text_of(row, "id", required=True)
    if key in seen:
        raise BadRecord("id", "stands twice in the file")
    seen.add(key)
    if "serviceChannelNames" in row:
        if row.get("serviceChannelType") != "ServiceLocation":
            raise BadRecord("serviceChannelType", f"is not taken in yet: {row.get('serviceChannelType')}")
        reading.points.append(to_point(row))
    elif "serviceNames" in row:
        reading.services.append(to_service(row))
    else:
        raise BadRecord("serviceNames", "is missing")


def texts(rows: list[Any], field: str, kind: str | None = None) -> dict[str, str]:
    """{language: text} of PTV's language items, of one type if given."""
    found: dict[str, str] = {}
    for row in rows:
        if not isinstance(row, dict):
            raise BadRecord(field, "has an item that is not an object")
        if kind is None or row.get("type") == kind:
            value = row.get("value")
            if value is not None and not isinstance(value, str):
                raise BadRecord(field, "has a value that is not text")
            if value and value.strip():
                found[str(row.get("language") or "fi")] = value.strip()
    return found


def codes(rows: list[Any], field: str) -> list[str]:
    return sorted({str(row["code"]) for row in rows if isinstance(row, dict) and row.get("code")})


def names(row: dict[str, Any], field: str) -> tuple[dict[str, str], dict[str, str]]:
    found = texts(list_of(row, field), field, "Name")
    if not found:
        raise BadRecord(field, "has no name")
    return found, texts(list_of(row, field), field, "AlternativeName")


def to_service(row: dict[str, Any]) -> Record:
    name, alternative = names(row, "serviceNames")
    described = list_of(row, "serviceDescriptions")
    classes = codes(list_of(row, "serviceClasses"), "serviceClasses")
    nationwide, places, regions = area(row)
    fields = {
        "name": name,
        "alternative_names": alternative,
        "summary": texts(described, "serviceDescriptions", "Summary"),
        "description": texts(described, "serviceDescriptions", "Description"),
        "instructions": texts(described, "serviceDescriptions", "UserInstruction"),
        "requirements": texts(list_of(row, "requirements"), "requirements"),
        "charge": CHARGES.get(str(row.get("serviceChargeType")), Charge.UNKNOWN),
        "charge_info": texts(described, "serviceDescriptions", "ChargeTypeAdditionalInfo"),
        "service_classes": classes,
        "target_groups": codes(list_of(row, "targetGroups"), "targetGroups"),
        "life_events": codes(list_of(row, "lifeEvents"), "lifeEvents"),
        "ontology_terms": sorted(
            {str(term["uri"]) for term in list_of(row, "ontologyTerms") if isinstance(term, dict) and term.get("uri")}
        ),
        "kind": next((kind for code, kind in KIND_BY_CLASS.items() if any_class(classes, code)), Kind.SUPPORT),
        "languages": sorted(map(str, list_of(row, "languages"))),
        "nationwide": nationwide,
        "municipalities": places,
        "regions": regions,
        "verified_on": day(row.get("modified")),
        "source_record": row,
    }
    channels = [
        link["serviceChannel"]["id"]
        for link in list_of(row, "serviceChannels")
        if isinstance(link, dict) and isinstance(link.get("serviceChannel"), dict) and link["serviceChannel"].get("id")
    ]
    return Record(row["id"], fields, linked=channels)


def any_class(classes: list[str], code: str) -> bool:
    return any(one == code or one.startswith(code + ".") for one in classes)


def area(row: dict[str, Any]) -> tuple[bool, list[str], list[str]]:
    """Whether nationwide; municipalities' codes; regions' codes."""
    places: set[str] = set()
    regions: set[str] = set()
    for one in list_of(row, "areas"):
        for place in one.get("municipalities") or []:
            places.add(municipality(place))
        if one.get("type") == "Region" and one.get("code"):
            regions.add(str(one["code"])[-2:])
    return str(row.get("areaType", "")).startswith("Nationwide"), sorted(places), sorted(regions)


def municipality(place: dict[str, Any]) -> str:
    """The code as given; where it is not in force, that of the municipality with the name given."""
    code = str(place.get("code"))
    if code not in municipalities():
        for name in texts(place.get("name") or [], "areas").values():
            if known := municipality_codes().get(name.lower()):
                return known
        raise BadRecord("areas", f"has an unknown municipality: {code!r}")
    return code


def day(stamp: Any) -> date | None:
    return date.fromisoformat(stamp[:10]) if isinstance(stamp, str) and re.match(r"\d{4}-\d\d-\d\d", stamp) else None


def to_point(row: dict[str, Any]) -> Record:
    name, _ = names(row, "serviceChannelNames")
    described = list_of(row, "serviceChannelDescriptions")
    address: dict[str, Any] = next((one for one in list_of(row, "addresses") if one.get("streetAddress")), {})
    street = address.get("streetAddress") or {}
    latitude, longitude = coordinates(street)
    number = street.get("streetNumber") or ""
    hours, notes = opening_hours(list_of(row, "serviceHours"))
    fields = {
        "name": name,
        "summary": texts(described, "serviceChannelDescriptions", "Summary"),
        "description": texts(described, "serviceChannelDescriptions", "Description"),
        "street": {
            language: f"{text} {number}".strip()
            for language, text in texts(street.get("street") or [], "street").items()
        },
        "postcode": str(street.get("postalCode") or "")[:5],
        "post_office": texts(street.get("postOffice") or [], "postOffice"),
        "municipality": str((street.get("municipality") or {}).get("code") or ""),
        "latitude": latitude,
        "longitude": longitude,
        "hours": hours,
        "hours_note": notes,
        "accessibility": accessibility(address),
        "languages": sorted(map(str, list_of(row, "languages"))),
        "verified_on": day(row.get("modified")),
        "source_record": row,
    }
    services = [
        link["service"]["id"]
        for link in list_of(row, "services")
        if isinstance(link, dict) and isinstance(link.get("service"), dict) and link["service"].get("id")
    ]
    return Record(row["id"], fields, channels=channels(row), linked=services)


@cache
def to_wgs84() -> Transformer:
    """PTV gives coordinates in ETRS-TM35FIN (EPSG:3067)."""
    return Transformer.from_crs("EPSG:3067", "EPSG:4326")


def coordinates(street: dict[str, Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees (WGS 84), or None for both."""
    try:
        northing, easting = float(street["latitude"]), float(street["longitude"])
    except (KeyError, TypeError, ValueError):
        return None, None
    latitude, longitude = to_wgs84().transform(easting, northing)
    return round(latitude, 6), round(longitude, 6)


def channels(row: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for phone in list_of(row, "phoneNumbers"):
        number = f"{phone.get('prefixNumber') or ''}{phone.get('number') or ''}"
        note = phone.get("additionalInformation")
        charge = CHARGES.get(str(phone.get("serviceChargeType")), Charge.UNKNOWN)
        label = {str(phone.get("language") or "fi"): note} if note else {}
        found.append({"kind": Channel.Kind.PHONE, "value": number, "label": label, "charge": charge})
    for email in list_of(row, "emails"):
        found.append({"kind": Channel.Kind.EMAIL, "value": str(email.get("value") or "")})
    for page in list_of(row, "webPages"):
        label = {str(page.get("language") or "fi"): str(page.get("value") or "")} if page.get("value") else {}
        found.append({"kind": Channel.Kind.WEB, "value": str(page.get("url") or ""), "label": label})
    return [channel for channel in found if channel["value"]]


def accessibility(address: dict[str, Any]) -> dict[str, str]:
    """Sentences on the main entrance's accessibility, by language, a line each."""
    lines: dict[str, list[str]] = {}
    for entrance in address.get("entrances") or []:
        for group in entrance.get("accessibilitySentences") or []:
            for sentence in group.get("sentences") or []:
                for language, text in texts(sentence.get("sentence") or [], "accessibilitySentences").items():
                    lines.setdefault(language, []).append(text)
    return {language: "\n".join(found) for language, found in lines.items()}


def opening_hours(rows: list[Any]) -> tuple[str, dict[str, str]]:
    """PTV's hours in the OpenStreetMap grammar: weekly hours first, then exceptions, which override them."""
    weekly: list[str] = []
    exceptions: list[str] = []
    notes: dict[str, str] = {}
    for row in rows:
        notes |= texts(row.get("additionalInformation") or [], "additionalInformation")
        span = date_span(row.get("validFrom"), row.get("validTo"))
        target = exceptions if row.get("serviceHourType") == "Exceptional" else weekly
        if row.get("isAlwaysOpen"):
            target.append(f"{span}24/7" if not span else f"{span}00:00-24:00")
        elif row.get("isClosed"):
            target.append(f"{span}off")
        else:
            by_days: dict[str, list[str]] = {}
            for hours in row.get("openingHour") or []:
                by_days.setdefault(day_span(hours), []).append(f"{hours['from'][:5]}-{hours['to'][:5]}")
            target += [f"{span}{days}{' ' if days else ''}{','.join(times)}" for days, times in by_days.items()]
    return "; ".join([*weekly, *exceptions]), notes


def day_span(hours: dict[str, Any]) -> str:
    first, last = DAYS.get(hours.get("dayFrom") or "", ""), DAYS.get(hours.get("dayTo") or "", "")
    return f"{first}-{last}" if first and last and first != last else first


def date_span(begin: Any, end: Any) -> str:
    first, last = day(begin), day(end)
    if not first:
        return ""
    text = f"{first:%Y %b %d}"
    return f"{text}-{last:%Y %b %d} " if last and last != first else f"{text} "
