"""The directory's part of the example: the members' places and services, from data/example/."""

from datetime import date, timedelta
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from opinovi.base.clock import months_on, now, today
from opinovi.base.events import record, record_many
from opinovi.base.text import PLAIN_FINNISH
from opinovi.directory.actions import Changes, Record, take_in_points, take_in_services
from opinovi.directory.codes import municipality_codes
from opinovi.directory.models import Channel, Charge, ContactCard, GivenAt, Offering, Service, ServicePoint
from opinovi.network.example import SOURCE, read_example
from opinovi.network.models import Member, Organisation, Team

PARTS = ("name", "summary", "instructions", "requirements")
DEFAULT_WAYS = ("phone", "email", "visit")


def load_directory() -> Changes:
    """Put the example's places and services in the directory; a second run on the same day changes nothing."""
    told = read_example()
    rows = {row["id"]: row for row in told["organisations"]}
    members = {one.external_id: one for one in Organisation.objects.filter(source=SOURCE)}
    take_in_points(SOURCE, [point_record(row, members, n) for n, row in enumerate(told["points"])], complete=True)
    records = [service_record(row, rows, members, number) for number, row in enumerate(read_services())]
    return take_in_services(SOURCE, "full", records, complete=True)


def read_services() -> list[dict[str, Any]]:
    folder = settings.DATA_DIR / "example" / "services"
    return [
        row
        for path in sorted(folder.glob("*.yaml"))
        for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    ]


@transaction.atomic
def load_upkeep() -> None:
    """Give the example's records to its people: owners, teams, a contact card; and put its courses in. Once."""
    if Offering.objects.filter(source=SOURCE).exists():
        return
    members = {one.person.email.split("@")[0]: one for one in Member.objects.filter(person__example=True)}
    points = {one.external_id: one for one in ServicePoint.objects.filter(source=SOURCE)}
    services = {one.external_id: one for one in Service.objects.filter(source=SOURCE)}
    organisations = {one.external_id: one for one in Organisation.objects.filter(source=SOURCE)}
    for owner in ("eetu", "ville"):
        where = {"organisation": members[owner].organisation}
        Service.objects.filter(source=SOURCE, **where).update(owner=members[owner])
        ServicePoint.objects.filter(source=SOURCE, **where).update(owner=members[owner])
    for row in read_example("people")["teams"]:
        team = Team.objects.get(organisation=organisations[row["org"]], name=row["name"])
        Service.objects.filter(external_id__in=row["services"], source=SOURCE).update(team=team)
    made = [offering(row, organisations, points, services) for row in read_example("offerings")]
    Offering.objects.bulk_create(made)
    record_many("publish", "offering", [one.id for one in made], source=SOURCE)
    make_card(members["oona"], services["salpaus-uraohjaus"], points["lahti-salpaus"])
    GivenAt.objects.filter(service=services["salpaus-uraohjaus"], point=points["lahti-salpaus"]).update(
        hours="Tu 12:00-16:00", drop_in=True
    )
    record_many("relocate", "service", [one.id for one in services.values()], source=SOURCE)


def offering(
    row: dict[str, Any],
    organisations: dict[str, Organisation],
    points: dict[str, ServicePoint],
    services: dict[str, Service],
) -> Offering:
    def day(name: str) -> date | None:
        return today() + timedelta(days=row[name]) if row[name] is not None else None

    texts: dict[str, dict[str, str]] = {part: {} for part in ("name", "summary", "times")}
    for language in ("fi", "sv", "en"):
        for part, text in zip(texts, row.get(language, ()), strict=False):
            texts[part][language] = text
    point = points.get(row.get("at", ""))
    return Offering(
        **texts,
        organisation=organisations[row["org"]],
        source=SOURCE,
        external_id=row["id"],
        service=services.get(row.get("service", "")),
        point=point,
        municipality=point.municipality if point else "",
        topics=row["topics"],
        languages=row["langs"],
        form=row["form"],
        starts_on=day("starts"),
        ends_on=day("ends"),
        apply_from=day("from"),
        apply_until=day("until"),
        places=row["places"],
        charge=Charge.CHARGEABLE if row["price"] else Charge.FREE,
        price_cents=row["price"] or None,
        link=f"https://{row['org']}.example/",
        verified_on=today(),
        confirm_by=months_on(today(), 6),
    )


def make_card(member: Member, service: Service, point: ServicePoint) -> None:
    card = ContactCard.objects.create(
        member=member,
        organisation=member.organisation,
        shown=["name", "title", "phone"],
        topics=member.topics,
        languages=member.languages,
        about={"fi": "Alan vaihto ja opinnot aikuisena.", "sv": "Byta bransch och studera som vuxen.",
               "en": "Changing careers and studying as an adult."},
        consented_at=now(),
        verified_on=today(),
        confirm_by=months_on(today(), 6),
    )  # fmt: skip
    card.points.add(point)
    card.services.add(service)
    record("consent", "card", card.id, shown=card.shown)


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
        "confirm_by": months_on(checked(number), 6),
        "access_features": ["no-steps", "door-button"],
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
        "confirm_by": months_on(checked(number), 6),
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
