"""Making some hundreds of records what their source says, in one transaction with their Events."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from opinovi.base.clock import now
from opinovi.base.events import record_many
from opinovi.directory.actions.take_in import STANDS, Record, add_channels, fill, keep_imported, versioned
from opinovi.directory.models import Channel, GivenAt, Offering, Pair, PairState, Service, ServicePoint, State
from opinovi.network.models import Organisation

MODELS: dict[str, Any] = {
    "organisation": Organisation,
    "service": Service,
    "point": ServicePoint,
    "offering": Offering,
}

OWNERS_OF_WAYS = ("service", "point")


@transaction.atomic
def take_in_batch(kind: str, source: str, records: Sequence[Record], actor: str = "") -> dict[str, UUID]:
    """Add or change the records; every one of them is taken as changed. Gives our id of each by the source's."""
    model = MODELS[kind]
    wanted = {one.external_id: one for one in records}
    rows = model.objects.filter(source=source, external_id__in=list(wanted))
    if kind in OWNERS_OF_WAYS:
        # The source's own record is written anew, and large: what it was is not read.
        rows = rows.defer("source_record")
    stored = {row.external_id: row for row in rows}
    owners = owners_of(source, records) if kind != "organisation" else {}
    before = versioned(list(stored.values())) if kind != "organisation" else {}
    free = free_ids(model, [one.wish for one in records if one.wish and one.external_id not in stored])
    fresh: list[Any] = []
    for key, one in wanted.items():
        row = stored.get(key)
        if row is None:
            row = model(source=source, external_id=key, **({"id": one.wish} if one.wish in free else {}))
            fresh.append(row)
        put(row, one, owners)
        stored[key] = row
    model.objects.bulk_create(fresh, batch_size=200)
    new = {row.external_id for row in fresh}
    old = [row for key, row in stored.items() if key not in new]
    for row in old:
        row.save()
    if kind in OWNERS_OF_WAYS:
        Channel.objects.filter(**{f"{kind}__in": [row.id for row in old]}).delete()
        add_channels(kind, [(stored[key], one) for key, one in wanted.items()])
    if kind == "service":
        link(source, [(stored[key], one) for key, one in wanted.items()], new)
    if kind != "organisation":
        keep_imported(kind, before, old)
    record_many("add", kind, [row.id for row in fresh], actor, source=source)
    record_many("update", kind, [row.id for row in old], actor, source=source)
    if kind == "point" and old:
        services = GivenAt.objects.filter(point__in=[row.id for row in old]).values_list("service_id", flat=True)
        record_many("relocate", "service", sorted(set(services)), actor, source=source)
    return {key: row.id for key, row in stored.items()}


def check_record(kind: str, source: str, one: Record) -> None:
    """Raises ValidationError where a record can't be let in as it is: what would stop all that come with it."""
    put(MODELS[kind](source=source, external_id=one.external_id), one, {})
    Organisation(source=source, external_id=one.owner or "-", name=one.owner_name or {"fi": "-"}).clean_fields()
    for way in one.channels:
        Channel(**way).clean_fields(exclude=["service", "point"])
    for told in one.given.values():
        GivenAt(**told).clean_fields(exclude=["service", "point"])


def houseless(kind: str, source: str, records: Iterable[Record]) -> set[str]:
    """The ids of those that must belong to an organisation, when none is known here and none can be made of them."""
    if kind == "organisation" or MODELS[kind]._meta.get_field("organisation").null:
        return set()
    asked = [
        one for one in records
        if not one.fields.get("organisation_id") and not (one.owner and (one.owner_name or one.owner_id))
    ]  # fmt: skip
    known = Organisation.objects.filter(source=source, external_id__in=[one.owner for one in asked])
    there = set(known.values_list("external_id", flat=True))
    return {one.external_id for one in asked if one.owner not in there}


def put(row: Any, one: Record, owners: dict[str, Organisation]) -> None:
    """A record's fields on its row, which checks them."""
    if isinstance(row, Organisation):
        for name, value in one.fields.items():
            setattr(row, name, value)
        row.clean_fields()
        return
    fill(row, one, "full")
    if one.owner in owners:
        row.organisation = owners[one.owner]
    if isinstance(row, Offering):
        row.changed_at = now()


def owners_of(source: str, records: Iterable[Record]) -> dict[str, Organisation]:
    """The organisations that the records belong to, by the source's ids; those that are not known yet are made of what
    the records tell of them, where they tell a name."""
    names = {one.owner: one.owner_name for one in records if one.owner}
    found = {row.external_id: row for row in Organisation.objects.filter(source=source, external_id__in=list(names))}
    ids = {one.owner: one.owner_id for one in records if one.owner_id}
    free = free_ids(Organisation, list(ids.values()))
    for key, name in names.items():
        if key not in found and (name or key in ids):
            known = Organisation.objects.filter(id=ids[key]).first() if key in ids else None
            wish = {"id": ids[key]} if ids.get(key) in free else {}
            found[key] = known or Organisation.objects.create(
                source=source, external_id=key, name=name or {"fi": key}, **wish
            )
    return joined_houses(found)


def joined_houses(found: dict[str, Organisation]) -> dict[str, Organisation]:
    """The houses that those of them that were joined to others stand behind."""
    rows = Pair.objects.filter(kind="organisation", state=PairState.JOINED)
    behind = dict(rows.filter(second__in=[one.id for one in found.values()]).values_list("second", "first"))
    firsts = Organisation.objects.in_bulk(list(behind.values())) if behind else {}
    return {key: firsts.get(behind.get(one.id), one) for key, one in found.items()}


def free_ids(model: Any, wished: Iterable[UUID | None]) -> set[UUID]:
    """Those of the ids by which nothing is known here."""
    asked = {one for one in wished if one}
    return asked - set(model.objects.filter(id__in=asked).values_list("id", flat=True)) if asked else set()


def link(source: str, services: Sequence[tuple[Service, Record]], new: set[str]) -> None:
    """The places where services are given, as the source tells; those that were added here stay."""
    wanted = {key for _service, one in services for key in one.linked}
    rows = ServicePoint.objects.filter(source=source, external_id__in=wanted)
    points = dict(rows.values_list("external_id", "id"))
    ids = [service.id for service, _one in services]
    # The links first, and then whose points they lead to: asked together, a database goes through all the points.
    linked = list(GivenAt.objects.filter(service__in=ids))
    theirs = ServicePoint.objects.filter(id__in=[row.point_id for row in linked]).values_list("id", "source")
    own = {point_id for point_id, of in theirs if of == source}
    there = {(row.service_id, row.point_id): row for row in linked if row.point_id in own}
    told = {
        (service.id, points[key]): one.given.get(key, {})
        for service, one in services for key in one.linked if key in points
    }  # fmt: skip
    gone = [row.id for key, row in there.items() if key not in told]
    if gone:
        GivenAt.objects.filter(id__in=gone).delete()
    for key, fields in told.items():
        row = there.get(key)
        if row is not None and any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
    GivenAt.objects.bulk_create(
        [GivenAt(service_id=key[0], point_id=key[1], **fields) for key, fields in told.items() if key not in there],
        batch_size=500,
    )


@transaction.atomic
def withdraw_batch(kind: str, source: str, external_ids: Sequence[str], actor: str = "") -> int:
    """Take records that their source has no more out of sight; nothing is deleted."""
    if kind == "organisation":
        return 0
    rows = list(MODELS[kind].objects.filter(source=source, external_id__in=external_ids, state__in=STANDS))
    for row in rows:
        row.state = State.WITHDRAWN
        if hasattr(row, "changed_at"):
            row.changed_at = now()
        row.save()
    record_many("withdraw", kind, [row.id for row in rows], actor, source=source)
    if kind == "point" and rows:
        services = GivenAt.objects.filter(point__in=[row.id for row in rows]).values_list("service_id", flat=True)
        record_many("relocate", "service", sorted(set(services)), actor, source=source)
    return len(rows)
