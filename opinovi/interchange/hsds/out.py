"""Our records as HSDS 3.0 objects: in list form (what there is one of) and in full.

What the standard has no word for stands under "opin_ovi", as the profile says (docs/standards.md); with it a directory
goes from one installation to another and loses nothing. A key that has nothing to tell is left out, never null.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from opinovi.base.text import choose
from opinovi.directory.codes import municipality_name, regions
from opinovi.directory.forms.base import iso
from opinovi.directory.models import Channel, Charge, GivenAt, Service, ServicePoint, State
from opinovi.directory.ways import OWN_NAMES, phone
from opinovi.interchange.hsds import part_id
from opinovi.interchange.hsds.schedules import schedules_of
from opinovi.interchange.hsds.terms import TAXONOMIES, codes_of, term, term_id
from opinovi.network.models import Organisation

# The provider of services whose source tells none.
UNTOLD = part_id("organization", "untold")
PLACES = "http://uri.suomi.fi/codelist/jhs"
SERVICE_TEXTS = (
    "name", "alternative_names", "summary", "description", "instructions", "requirements", "charge_info",
)  # fmt: skip
SERVICE_EXTRAS = ("kind", "charge", "life_events", "ontology_terms", "nationwide", "municipalities", "regions",
                  "confirm_months")  # fmt: skip
POINT_TEXTS = ("name", "summary", "description", "street", "post_office", "hours_note", "accessibility")
is_url = URLValidator(schemes=["http", "https"])


def told(**fields: Any) -> dict[str, Any]:
    """What there is to tell: no empty keys."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def stamp(at: datetime) -> str:
    """With milliseconds, as the standard asks."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uri(text: str) -> str:
    try:
        is_url(text)
    except ValidationError:
        return ""
    return text


def mail(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text


def first(channels: Iterable[Channel], kind: str) -> str:
    return next((one.value for one in channels if one.kind == kind), "")


# Organisations


def organization(one: Organisation | None, language: str) -> dict[str, Any]:
    """In list form; where no provider is told, that is said."""
    if one is None:
        return {
            "id": UNTOLD,
            "name": _("Järjestäjää ei ole kerrottu"),
            "description": _("Lähde ei kerro, kuka palvelun järjestää."),
        }
    return {
        "id": str(one.id),
        "name": choose(one.name, language).text,
        "description": choose(one.description, language).text,
        **told(alternate_name=choose(one.alternative_names, language).text, website=uri(one.website)),
    }


def organization_full(
    one: Organisation | None, language: str, services: list[dict[str, Any]], points: Iterable[ServicePoint] = ()
) -> dict[str, Any]:
    """With its services (the basic facts of each, or all of them) and its places."""
    made = organization(one, language)
    if one is not None:
        numbers = [
            {"id": part_id("identifier", one.id), "organization_id": str(one.id), "identifier_scheme": "FI-PRO",
             "identifier_type": _("Y-tunnus"), "identifier": one.business_id}
        ] if one.business_id else []  # fmt: skip
        texts = told(name=one.name, alternative_names=one.alternative_names, description=one.description)
        made |= told(
            organization_identifiers=numbers,
            locations=[location(point, language) for point in points],
            opin_ovi=told(texts=texts, municipality=one.municipality),
        )
    return made | {"services": services}


# Services


def service(one: Service, language: str) -> dict[str, Any]:
    """In list form. The service comes with its organisation and its ways in."""
    ways = list(one.channels.all())
    summary, description = choose(one.summary, language).text, choose(one.description, language).text
    return {
        "id": str(one.id),
        "name": choose(one.name, language).text,
        "description": description or summary,
        "status": "active",
        "last_modified": stamp(one.source_changed_at or one.changed_at),
        "organization": organization(one.organisation, language),
        **told(
            alternate_name=choose(one.alternative_names, language).text,
            url=uri(first(ways, Channel.Kind.WEB)),
            email=mail(first(ways, Channel.Kind.EMAIL)),
            application_process=choose(one.instructions, language).text,
            fees_description=choose(one.charge_info, language).text,
            eligibility_description=choose(one.requirements, language).text,
            assured_date=iso(one.verified_on) if one.verified_on else "",
        ),
    }


def withdrawn(one: Service, language: str) -> dict[str, Any]:
    """What is told of a service that is not offered any more: that it is not."""
    return {
        "id": str(one.id),
        "name": choose(one.name, language).text,
        "description": "",
        "status": "inactive",
        "last_modified": stamp(one.changed_at),
        "organization": organization(one.organisation, language),
    }


def service_full(one: Service, language: str) -> dict[str, Any]:
    """With everything. The service comes with its organisation, ways in, and links to places (`given_rows`)."""
    key = str(one.id)
    return service(one, language) | told(
        phones=phones(one.channels.all(), key, language, "service_id"),
        service_areas=areas(one, language),
        languages=languages(one.languages, key, "service_id"),
        cost_options=costs(one, key),
        attributes=attributes(one, language),
        service_at_locations=[at_location(row, language) for row in one.given_rows],  # type: ignore[attr-defined]
        opin_ovi=told(
            texts=told(**{name: getattr(one, name) for name in SERVICE_TEXTS}),
            ways_in=ways_in(one.channels.all()),
            valid_from=iso(one.valid_from) if one.valid_from else "",
            valid_until=iso(one.valid_until) if one.valid_until else "",
            **{name: getattr(one, name) for name in SERVICE_EXTRAS},
        ),
    )


def phones(channels: Iterable[Channel], owner: str, language: str, link: str) -> list[dict[str, Any]]:
    rows = [one for one in channels if one.kind == Channel.Kind.PHONE]
    return [
        {"id": part_id("phone", owner, place, one.value), "number": phone(one.value)[1], "type": "voice", link: owner}
        | told(description=choose(one.label or one.note, language).text)
        for place, one in enumerate(rows)
    ]


def ways_in(channels: Iterable[Channel]) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "value": one.value}
        | told(label=one.label, note=one.note, hours=one.hours, charge=one.charge)
        for one in channels
    ]


def areas(one: Service, language: str) -> list[dict[str, Any]]:
    found: list[tuple[str, str, str]] = [("FI", _("Suomi"), "")] if one.nationwide else []
    found += [(f"m{code}", municipality_name(code, language), f"{PLACES}/kunta_1_20230101/code/{code}")
              for code in one.municipalities]  # fmt: skip
    found += [(f"r{code}", choose(regions().get(code), language).text or code,
               f"{PLACES}/maakunta_1_20230101/code/{code}") for code in one.regions]  # fmt: skip
    return [
        {"id": part_id("area", one.id, code), "service_id": str(one.id), "name": name} | told(uri=address)
        for code, name, address in found
    ]


def languages(codes: Iterable[str], owner: str, link: str) -> list[dict[str, Any]]:
    return [
        {"id": part_id("language", owner, code), link: owner, "name": OWN_NAMES.get(code, code), "code": code}
        for code in codes
    ]


def costs(one: Service, key: str) -> list[dict[str, Any]]:
    if one.charge != Charge.FREE:
        return []
    return [{"id": part_id("cost", key), "service_id": key, "option": _("Maksuton"), "currency": "eur", "amount": 0}]


def attributes(one: Service, language: str) -> list[dict[str, Any]]:
    key = str(one.id)
    return [
        {
            "id": part_id("attribute", key, of.field, code),
            "link_id": key,
            "taxonomy_term_id": term_id(of.field, code),
            "link_type": of.field,
            "link_entity": "service",
            "taxonomy_term": term(of, code, language),
        }
        for of in TAXONOMIES
        for code in codes_of(one, of.field)
    ]


# Places


def location_basic(one: ServicePoint, language: str) -> dict[str, Any]:
    return {"id": str(one.id), "location_type": "physical"} | told(
        organization_id=str(one.organisation_id) if one.organisation_id else "",
        name=choose(one.name, language).text,
        description=choose(one.description, language).text or choose(one.summary, language).text,
        latitude=one.latitude,
        longitude=one.longitude,
    )


def location(one: ServicePoint, language: str) -> dict[str, Any]:
    """In full. The place comes with its ways in."""
    key = str(one.id)
    return location_basic(one, language) | told(
        addresses=addresses(one, language),
        phones=phones(one.channels.all(), key, language, "location_id"),
        languages=languages(one.languages, key, "location_id"),
        accessibility=accessibility(one, language),
        schedules=schedules_of(one.hours, key, choose(one.hours_note, language).text),
        opin_ovi=told(
            texts=told(**{name: getattr(one, name) for name in POINT_TEXTS}),
            ways_in=ways_in(one.channels.all()),
            hours=one.hours,
            municipality=one.municipality,
            access_features=one.access_features,
            confirm_months=one.confirm_months,
            assured_date=iso(one.verified_on) if one.verified_on else "",
        ),
    )


def addresses(one: ServicePoint, language: str) -> list[dict[str, Any]]:
    street = choose(one.street, language).text
    if not street and not one.postcode:
        return []
    made = {
        "id": part_id("address", one.id),
        "location_id": str(one.id),
        "address_1": street,
        "city": choose(one.post_office, language).text or municipality_name(one.municipality, language),
        "region": municipality_name(one.municipality, language),
        "state_province": "",
        "postal_code": one.postcode,
        "country": "FI",
        "address_type": "physical",
    }
    return [made]


def accessibility(one: ServicePoint, language: str) -> list[dict[str, Any]]:
    words = choose(one.accessibility, language).text
    told_so = {"id": part_id("accessibility", one.id), "location_id": str(one.id), "description": words}
    return [told_so] if words else []


def at_location_basic(row: GivenAt, language: str) -> dict[str, Any]:
    return {"id": str(row.uid), "service_id": str(row.service_id), "location_id": str(row.point_id)}


def at_location(row: GivenAt, language: str) -> dict[str, Any]:
    """A service at a place, without the service."""
    key = str(row.uid)
    made = at_location_basic(row, language) | {"location": location(row.point, language)}
    drop_in = _("Ilman ajanvarausta") if row.drop_in else ""
    return made | told(
        description=drop_in,
        schedules=schedules_of(row.hours, key),
        opin_ovi=told(hours=row.hours, drop_in=row.drop_in or None),
    )


def at_location_full(row: GivenAt, language: str) -> dict[str, Any]:
    """With the whole service too. The standard's description of this answer names the schema of a service: so it has
    what that asks, beside what a service at a location has."""
    whole = service_full(row.service, language)
    return at_location(row, language) | {"service": whole, "name": whole["name"], "status": whole["status"]}


def open_points(rows: Iterable[GivenAt]) -> list[GivenAt]:
    """The links whose place is still there, in the order of the places."""
    return sorted((row for row in rows if row.point.state == State.PUBLISHED), key=lambda row: str(row.point_id))
