"""Our services as the Finnish Service Catalogue (PTV, version 11) tells them, and as it takes them in.

What came from there goes back as it came: its record is kept whole, and only what was changed here is told anew.
"""

from copy import deepcopy
from typing import Any

from opinovi.base.text import PLAIN_FINNISH
from opinovi.directory.actions import Record
from opinovi.directory.codes import municipalities, regions, service_classes, target_groups
from opinovi.directory.models import Charge, Service, ServicePoint
from opinovi.interchange import ptv
from opinovi.interchange.reading import BadRecord

CHARGES = {Charge.CHARGEABLE: "Chargeable", Charge.FREE: "FreeOfCharge"}
# Of a service's texts: the field, the list of the record that holds it, and its type there.
SERVICE_TEXTS = (
    ("name", "serviceNames", "Name"), ("alternative_names", "serviceNames", "AlternativeName"),
    ("summary", "serviceDescriptions", "Summary"), ("description", "serviceDescriptions", "Description"),
    ("instructions", "serviceDescriptions", "UserInstruction"),
    ("charge_info", "serviceDescriptions", "ChargeTypeAdditionalInfo"), ("requirements", "requirements", ""),
)  # fmt: skip
POINT_TEXTS = (
    ("name", "serviceChannelNames", "Name"), ("summary", "serviceChannelDescriptions", "Summary"),
    ("description", "serviceChannelDescriptions", "Description"),
)  # fmt: skip
CODES = (("service_classes", "serviceClasses"), ("target_groups", "targetGroups"), ("life_events", "lifeEvents"))


def full_service(one: Service) -> dict[str, Any]:
    """The whole record of a service, as the open API returns it."""
    came = one.source_record if "serviceNames" in (one.source_record or {}) else {}
    made: dict[str, Any] = deepcopy(came)
    was = read(ptv.to_service, came)
    made.setdefault("id", one.external_id if came else str(one.id))
    tell_texts(made, one, was, SERVICE_TEXTS)
    for field, name in CODES:
        if differs(one, was, field):
            known = {str(row.get("code")): row for row in made.get(name) or []}
            made[name] = [known.get(code) or coded(field, code) for code in getattr(one, field)]
    if differs(one, was, "ontology_terms"):
        terms = {str(row.get("uri")): row for row in made.get("ontologyTerms") or []}
        made["ontologyTerms"] = [terms.get(uri) or {"uri": uri} for uri in one.ontology_terms]
    if differs(one, was, "charge"):
        made["serviceChargeType"] = CHARGES.get(Charge(one.charge))
    if differs(one, was, "languages"):
        made["languages"] = list(one.languages)
    if any(differs(one, was, name) for name in ("nationwide", "municipalities", "regions")):
        made["areaType"], made["areas"] = area_of(one)
    return made


def full_place(one: ServicePoint) -> dict[str, Any]:
    """The whole record of a place, as the open API returns it."""
    came = one.source_record if "serviceChannelNames" in (one.source_record or {}) else {}
    made: dict[str, Any] = deepcopy(came)
    was = read(ptv.to_point, came)
    made.setdefault("id", one.external_id if came else str(one.id))
    made.setdefault("serviceChannelType", "ServiceLocation")
    tell_texts(made, one, was, POINT_TEXTS)
    if differs(one, was, "languages"):
        made["languages"] = list(one.languages)
    if any(differs(one, was, name) for name in ("street", "postcode", "post_office", "municipality")):
        made["addresses"] = [address_of(one), *(made.get("addresses") or [])[1:]]
    return made


def read(make: Any, came: dict[str, Any]) -> Record | None:
    """What the record that came says in our fields; nothing where none came."""
    try:
        return make(came) if came else None
    except (BadRecord, AttributeError, KeyError, TypeError, ValueError):
        return None


def differs(one: Any, was: Record | None, field: str) -> bool:
    return was is None or field not in was.fields or was.fields[field] != plain_left_out(getattr(one, field))


def plain_left_out(value: Any) -> Any:
    """Texts without the plain Finnish that was written here: the catalogue has no place for it."""
    return {key: text for key, text in value.items() if key != PLAIN_FINNISH} if isinstance(value, dict) else value


def tell_texts(made: dict[str, Any], one: Any, was: Record | None, fields: tuple[tuple[str, str, str], ...]) -> None:
    for field, name, kind in fields:
        if differs(one, was, field):
            others = [row for row in made.get(name) or [] if kind and row.get("type") != kind]
            made[name] = others + [
                {"language": language, "value": text} | ({"type": kind} if kind else {})
                for language, value in plain_left_out(getattr(one, field)).items()
                for text in (value if isinstance(value, list) else [value])
            ]


def coded(field: str, code: str) -> dict[str, Any]:
    lists = {"service_classes": service_classes, "target_groups": target_groups}
    names = lists[field]().get(code, {}) if field in lists else {}
    return {"code": code, "name": [{"language": language, "value": text} for language, text in names.items()]}


def area_of(one: Service) -> tuple[str, list[dict[str, Any]]]:
    def named(names: dict[str, str]) -> list[dict[str, str]]:
        return [{"language": language, "value": text} for language, text in names.items()]

    areas: list[dict[str, Any]] = []
    if one.municipalities:
        told = [{"code": code, "name": named(municipalities().get(code, {}))} for code in one.municipalities]
        areas.append({"type": "Municipality", "code": None, "name": None, "municipalities": told})
    areas += [{"type": "Region", "code": code, "name": named(regions().get(code, {})), "municipalities": []}
              for code in one.regions]  # fmt: skip
    return "Nationwide" if one.nationwide else "LimitedType", areas


def address_of(one: ServicePoint) -> dict[str, Any]:
    def told(texts: dict[str, str]) -> list[dict[str, str]]:
        return [{"language": language, "value": text} for language, text in texts.items()]

    names = municipalities().get(one.municipality, {})
    street = {
        "street": told(one.street), "streetNumber": None, "postalCode": one.postcode,
        "postOffice": told(one.post_office),
        "municipality": {"code": one.municipality, "name": told(names)},
    }  # fmt: skip
    return {"type": "Location", "subType": "Single", "streetAddress": street, "country": "FI"}


# As it is taken in


def service_in(full: dict[str, Any], source_id: str) -> dict[str, Any]:
    """A service as the catalogue takes it in: what it returns as wholes is given by codes, addresses and ids."""
    organisations = [one for one in full.get("organizations") or [] if isinstance(one.get("organization"), dict)]

    def of_role(role: str) -> list[str]:
        return [one["organization"]["id"] for one in organisations if one.get("roleType") == role]

    producers = [
        {"provisionType": one.get("provisionType"), "organizations": [one["organization"]["id"]],
         "additionalInformation": one.get("additionalInformation") or []}
        for one in organisations if one.get("roleType") == "Producer"
    ]  # fmt: skip
    return {
        "sourceId": full.get("sourceId") or source_id,
        "generalDescriptionId": full.get("generalDescriptionId"),
        "type": full.get("type") or "Service",
        "subType": full.get("subType"),
        "fundingType": full.get("fundingType") or "PubliclyFunded",
        "serviceNames": full.get("serviceNames") or [],
        "serviceChargeType": full.get("serviceChargeType"),
        "areaType": full.get("areaType"),
        "areas": areas_in(full.get("areas") or []),
        "serviceDescriptions": full.get("serviceDescriptions") or [],
        "languages": full.get("languages") or [],
        "serviceClasses": addresses_in(full.get("serviceClasses") or []),
        "ontologyTerms": addresses_in(full.get("ontologyTerms") or []),
        "targetGroups": addresses_in(full.get("targetGroups") or []),
        "lifeEvents": addresses_in(full.get("lifeEvents") or []),
        "industrialClasses": addresses_in(full.get("industrialClasses") or []),
        "legislation": full.get("legislation") or [],
        "keywords": full.get("keywords") or [],
        "requirements": full.get("requirements") or [],
        "serviceProducers": producers,
        "mainResponsibleOrganization": next(iter(of_role("Responsible")), None),
        "otherResponsibleOrganizations": of_role("OtherResponsible"),
        "serviceVouchersInUse": bool(full.get("serviceVouchersInUse")),
        "serviceVouchers": full.get("serviceVouchers") or [],
        "serviceChannels": [
            {"serviceChannelId": one["serviceChannel"]["id"]}
            | {name: one[name] for name in ("serviceChargeType", "description", "serviceHours", "contactDetails",
                                            "extraTypes", "digitalAuthorizations") if one.get(name)}
            for one in full.get("serviceChannels") or [] if isinstance(one.get("serviceChannel"), dict)
        ],
        "publishingStatus": full.get("publishingStatus") or "Published",
    }  # fmt: skip


def areas_in(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"type": one.get("type"),
         "areaCodes": [place["code"] for place in one.get("municipalities") or []] or [one.get("code")]}
        for one in rows
    ]  # fmt: skip


def addresses_in(rows: list[dict[str, Any]]) -> list[str]:
    """The address of a class or term; its code where it has none."""
    return [str(one.get("uri") or one.get("code")) for one in rows if one.get("uri") or one.get("code")]
