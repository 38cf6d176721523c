"""Every change of the directory: one function each, with its Event."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from opinovi.base.clock import now
from opinovi.base.events import record_many
from opinovi.base.text import PLAIN_FINNISH, printable
from opinovi.directory.models import Channel, Service, ServicePoint, State

# A record that its source has, whether it is shown or stands behind another.
STANDS = (State.PUBLISHED, State.JOINED)


@dataclass
class Record:
    """One record of a source, mapped to our fields and ready to compare with what is stored."""

    external_id: str
    fields: dict[str, Any]
    channels: list[dict[str, Any]] = field(default_factory=list)
    # External ids of what it is linked to: a point's services, or a service's points.
    linked: list[str] = field(default_factory=list)
    # What is told of the link to a place: {external id: {"hours", "drop_in"}}.
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    # The organisation that it belongs to: the source's id, its name, and the id that it has wherever it is known.
    owner: str = ""
    owner_name: dict[str, str] = field(default_factory=dict)
    owner_id: UUID | None = None
    # The id that it has wherever it is known; taken where it is free.
    wish: UUID | None = None

    @property
    def hash(self) -> str:
        whole = json.dumps([self.fields, self.channels, self.linked], sort_keys=True, default=str)
        return hashlib.sha256(whole.encode()).hexdigest()


@dataclass
class Changes:
    """What an import did, by external id."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def take_in_services(source: str, form: str, records: Iterable[Record], complete: bool, actor: str = "") -> Changes:
    """Make the services of a source what its records say.

    `form` tells how much the source gave ("list" or "full"): a list never overwrites what came in full.
    With `complete`, services of the same form that are not among the records are withdrawn, not deleted.
    """
    records = list(records)
    stored = {service.external_id: service for service in Service.objects.filter(source=source)}
    changes, ids = Changes(), {"add": [], "update": [], "withdraw": []}  # type: Changes, dict[str, list[UUID]]
    fresh: list[Service] = []
    before = versioned(list(stored.values()))
    for one in records:
        service = stored.get(one.external_id)
        if service is not None and form == "list" and service.source_form == "full":
            changes.kept.append(one.external_id)
        elif service is not None and service.source_hash == one.hash and service.state in STANDS:
            changes.unchanged.append(one.external_id)
        elif service is None:
            service = Service(source=source, external_id=one.external_id)
            fill(service, one, form)
            fresh.append(service)
            changes.added.append(one.external_id)
            ids["add"].append(service.id)
        else:
            fill(service, one, form)
            service.save()
            service.channels.all().delete()
            changes.updated.append(one.external_id)
            ids["update"].append(service.id)
        if service is not None:
            stored[one.external_id] = service
    Service.objects.bulk_create(fresh, batch_size=500)
    changed = {*changes.added, *changes.updated}
    add_channels("service", [(stored[one.external_id], one) for one in records if one.external_id in changed])
    link_points(source, [(stored[one.external_id], one) for one in records if one.external_id in changed])
    keep_imported("service", before, [stored[key] for key in changes.updated])
    if complete:
        gone = [s for key, s in stored.items() if key not in {one.external_id for one in records}]
        for service in gone:
            if service.source_form == form and service.state in STANDS:
                service.state, service.changed_at = State.WITHDRAWN, now()
                service.save(update_fields=["state", "changed_at"])
                changes.withdrawn.append(service.external_id)
                ids["withdraw"].append(service.id)
    for verb, changed_ids in ids.items():
        record_many(verb, "service", changed_ids, actor, source=source)
    return changes


def fill(target: Model, one: Record, form: str = "") -> None:
    """Put a record's fields on a row; the row checks them, so that nothing malformed is stored."""
    for name, value in one.fields.items():
        if name == "description":
            value = kept_plain(getattr(target, name)) | value
        elif name == "source_record":
            value = printable(value)
        setattr(target, name, value)
    target.version += 1  # type: ignore[attr-defined]
    target.source_hash = one.hash  # type: ignore[attr-defined]
    # What stands behind another record stays there.
    if target.state != State.JOINED:  # type: ignore[attr-defined]
        target.state = State.PUBLISHED  # type: ignore[attr-defined]
    if isinstance(target, Service):
        target.changed_at, target.source_form = now(), form
    target.clean_fields(exclude=["organisation"])


def kept_plain(description: dict[str, Any]) -> dict[str, Any]:
    """The plain Finnish that an editor wrote beside what the source tells: the source does not take it away."""
    return {PLAIN_FINNISH: description[PLAIN_FINNISH]} if PLAIN_FINNISH in description else {}


def versioned(records: list[Any]) -> dict[UUID, dict[str, Any]]:
    """The data of those of the records of which there are versions: what an import changes of them is kept too."""
    from opinovi.directory.models import Version
    from opinovi.directory.records import data_of

    by_id = {one.id: one for one in records}
    known = Version.objects.filter(record_id__in=by_id).values_list("record_id", flat=True).distinct()
    return {record_id: data_of(by_id[record_id]) for record_id in known}


def keep_imported(kind: str, before: dict[UUID, dict[str, Any]], records: list[Any]) -> None:
    from opinovi.directory.models import Version
    from opinovi.directory.records import data_of, differences

    for one in records:
        if one.id in before:
            after = data_of(one)
            Version.objects.create(
                record_type=kind,
                record_id=one.id,
                organisation_id=one.organisation_id,
                number=one.version,
                data=after,
                changed=differences(before[one.id], after),
                how="imported",
            )


def add_channels(owner: str, owners: Iterable[tuple[Model, Record]]) -> None:
    Channel.objects.bulk_create(
        [
            Channel(**{owner: target}, position=position, **channel)
            for target, one in owners
            for position, channel in enumerate(one.channels)
        ],
        batch_size=500,
    )


def link_points(source: str, services: Iterable[tuple[Service, Record]]) -> None:
    points = {point.external_id: point for point in ServicePoint.objects.filter(source=source)}
    for service, one in services:
        if found := [points[key] for key in one.linked if key in points]:
            service.points.add(*found)


@transaction.atomic
def take_in_points(source: str, records: Iterable[Record], complete: bool, actor: str = "") -> Changes:
    """Make the service points of a source what its records say, and link the services they name."""
    records = list(records)
    stored = {point.external_id: point for point in ServicePoint.objects.filter(source=source)}
    changes, ids = Changes(), {"add": [], "update": [], "withdraw": []}  # type: Changes, dict[str, list[UUID]]
    touched: set[UUID] = set()
    before = versioned(list(stored.values()))
    for one in records:
        point = stored.get(one.external_id)
        services = list(Service.objects.filter(source=source, external_id__in=one.linked))
        missing_link = point is not None and point.services.filter(id__in=[s.id for s in services]).count() < len(
            services
        )
        if point and point.source_hash == one.hash and point.state in STANDS and not missing_link:
            changes.unchanged.append(one.external_id)
            continue
        new = point is None
        point = point or ServicePoint(source=source, external_id=one.external_id)
        fill(point, one)
        point.save()
        point.channels.all().delete()
        add_channels("point", [(point, one)])
        touched |= set(point.services.values_list("id", flat=True)) | {service.id for service in services}
        if one.linked or not new:
            point.services.set([*services, *point.services.exclude(source=source)])
        (changes.added if new else changes.updated).append(one.external_id)
        ids["add" if new else "update"].append(point.id)
    keep_imported("point", before, [point for point in stored.values() if point.external_id in changes.updated])
    if complete:
        seen = {one.external_id for one in records}
        for point in stored.values():
            if point.external_id not in seen and point.state in STANDS:
                point.state = State.WITHDRAWN
                point.save(update_fields=["state"])
                touched |= set(point.services.values_list("id", flat=True))
                changes.withdrawn.append(point.external_id)
                ids["withdraw"].append(point.id)
    for verb, changed_ids in ids.items():
        record_many(verb, "point", changed_ids, actor, source=source)
    record_many("relocate", "service", touched, actor, source=source)
    return changes
