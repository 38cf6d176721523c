"""The directory's part of the example: the members' places and services, from data/example/."""

from datetime import date, timedelta
from typing import Any

import yaml
from django.conf import settings

from opinovi.base.clock import today
from opinovi.base.text import PLAIN_FINNISH
from opinovi.directory.actions import Changes, Record, take_in_points, take_in_services
from opinovi.directory.codes import municipality_codes
from opinovi.directory.models import Channel, Charge
from opinovi.network.example import SOURCE, read_example
from opinovi.network.models import Organisation

PARTS = ("name", "summary", "instructions", "requirements")
DEFAULT_WAYS = ("phone", "email", "visit")


def load_directory() -> Changes:
    """Put the example's places and services in the directory; a second run changes nothing."""
    told = read_example()
    rows = {row["id"]: row for row in told["organisations"]}
    members = {one.external_id: one for one in Organisation.objects.filter(source=SOURCE)}
    take_in_points(SOURCE, [point_record(row, members, n) for n, row in enumerate(told["points"])], complete=True)
    records = [service_record(row, rows, members, number) for number, row in enumerate(read_services())]
    return take_in_services(SOURCE, "full", records, complete=True)


def read_services() -> list[dict[str, Any]]:
    folder = settings.DATA_DIR / "example" / "services"
    return [row for path in sorted(folder.glob("*.yaml")) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]


def code(name: str) -> str:
    return municipality_codes()[name.lower()]


def checked(number: int) -> date:
    """When an example was last checked: most lately, some long ago, as in life."""
    return today() - timedelta(days=(number * 37) % 300 + (200 if number % 11 == 0 else 0))


def point_record(row: dict[str, Any], members: dict[str, Organisation], number: int) -> Record:
    fields = {
        "organisation": members[row["org"]],
        "name": row["name"],
        "street": {"fi": row["street"]},
        "postcode": row["postcode"],
        "post_office": {"fi": row["place"]},
        "municipality": code(row["place"]),
        "latitude": row["lat"],
        "longitude": row["lon"],
        "hours": row["hours"],
        "accessibility": {
            "fi": "Sisäänkäynti on ilman portaita. Ovessa on painike.",
            "sv": "Ingången är utan trappor. Dörren öppnas med en knapp.",
            "en": "The entrance has no steps. The door opens with a button.",
        },
        "verified_on": checked(number),
    }
    return Record(row["id"], fields)


def service_record(
    row: dict[str, Any], organisations: dict[str, Any], members: dict[str, Organisation], number: int
) -> Record:
    texts: dict[str, dict[str, str]] = {part: {} for part in PARTS}
    for language in ("fi", "sv", "en"):
        for part, text in zip(PARTS, row.get(language, ()), strict=False):
            texts[part][language] = text
    price = row.get("price")
    fields = {
        **texts,
        "organisation": members[row["org"]],
        "description": {PLAIN_FINNISH: row["simple"]} if "simple" in row else {},
        "kind": row["kind"],
        "topics": row["topics"],
        "target_groups": row.get("groups", []),
        "municipalities": [code(name) for name in row.get("area", ())],
        "regions": [] if "area" in row else ["07"],
        "languages": row["langs"],
        "charge": Charge.CHARGEABLE if price else Charge.FREE,
        "charge_info": {"fi": price} if price and any(one.isdigit() for one in price) else {},
        "verified_on": checked(number),
    }
    return Record(row["id"], fields, channels=channels(row, organisations[row["org"]]), linked=row.get("at", []))


def channels(row: dict[str, Any], organisation: dict[str, Any]) -> list[dict[str, Any]]:
    """The ways in: by the organisation's own number, mail and pages, as `how` says."""
    host = f"{organisation['id']}.example"
    made = {
        "phone": {
            "kind": Channel.Kind.PHONE,
            "value": organisation["phone"],
            "hours": organisation["hours"],
            "charge": Charge.FREE,
        },
        "email": {"kind": Channel.Kind.EMAIL, "value": f"ohjaus@{host}"},
        "web": {"kind": Channel.Kind.WEB, "value": f"https://{host}/"},
        "chat": {"kind": Channel.Kind.CHAT, "value": f"https://{host}/chat", "hours": organisation["hours"]},
        "video": {"kind": Channel.Kind.VIDEO, "value": f"https://{host}/video"},
        "visit": {"kind": Channel.Kind.VISIT, "value": ""},
    }
    ways = row.get("how", DEFAULT_WAYS if row.get("at") else DEFAULT_WAYS[:2])
    return [made[way] for way in ways]
