"""Drafts, publishing, versions: how a record changes by hand. Nothing is overwritten unseen, and nothing is lost."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record as tell
from opinovi.base.ids import new_id
from opinovi.directory.actions.freshness import next_date
from opinovi.directory.forms import FORMS, RecordForm
from opinovi.directory.models import Channel, Draft, GivenAt, Offering, Service, ServicePoint, Source, State, Version
from opinovi.directory.points import estimate
from opinovi.directory.records import (
    MODELS,
    channels_from,
    data_of,
    differences,
    find_record,
    kept_hours,
    raw_from,
    raw_of,
    set_fields,
    source_owns,
    type_of,
)
from opinovi.network.models import Organisation, Person

LONGEST = 20_000
LARGEST = 400_000


@dataclass(frozen=True)
class Collision:
    """A field that two have changed: its name, and what each wrote."""

    name: str
    mine: Any
    theirs: Any


class Collided(Exception):
    """Two have changed the same fields. Nothing was saved."""

    def __init__(self, draft: Draft, collisions: list[Collision]) -> None:
        super().__init__(f"{len(collisions)} fields")
        self.draft, self.collisions = draft, collisions


@transaction.atomic
def start_draft(by: Person, record: Any) -> Draft:
    """The draft of a record: the one that is there, or a new one made of the record as it stands."""
    require("directory.edit", by, record)
    found = Draft.objects.filter(id=record.id).first()
    if found is not None:
        return found
    draft = Draft.objects.create(
        id=record.id,
        record_type=type_of(record),
        organisation_id=record.organisation_id,
        data=raw_of(record),
        based_on=record.version,
        edited_by=by,
    )
    tell("draft", draft.record_type, draft.id, str(by.id))
    return draft


@transaction.atomic
def new_draft(by: Person, record_type: str, organisation: Organisation) -> Draft:
    """The draft of a record that does not exist yet. What most records share is filled in."""
    require("directory.edit", by, organisation)
    raw = {"confirm_months": "6", "closed_on_holidays": "on", "area": "region", "kind": "guidance", "form": "day",
           "languages": ["fi"], "charge": "free"}  # fmt: skip
    draft = Draft.objects.create(
        id=new_id(), record_type=record_type, organisation=organisation, data=raw, edited_by=by
    )
    tell("draft", record_type, draft.id, str(by.id))
    return draft


def form_of(draft: Draft, check: bool = False) -> RecordForm:
    """The draft's form with its values; checked only where it is to be published."""
    return form_for(draft, find_record(draft.record_type, draft.id), check)


def form_for(draft: Draft, record: Any, check: bool = False) -> RecordForm:
    """The same, where the record that the draft is of, or None, has been read already."""
    return FORMS[draft.record_type](
        draft.data, organisation=draft.organisation, check=check, source_owned=source_owns(record)
    )


def merge(was: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> tuple[dict[str, Any], list[Collision]]:
    """Mine and theirs together, both made of what was; and the fields that both have changed, each otherwise."""
    merged = dict(theirs)
    collisions: list[Collision] = []
    for name, value in mine.items():
        if value == was.get(name, empty_like(value)):
            continue
        other = theirs.get(name, empty_like(value))
        if other not in (was.get(name, empty_like(value)), value):
            collisions.append(Collision(name, value, other))
        merged[name] = value
    return merged, collisions


def empty_like(value: Any) -> Any:
    return [] if isinstance(value, list) else ""


@transaction.atomic
def save_draft(
    by: Person, draft: Draft, raw: dict[str, Any], revision: int, was: dict[str, Any], alone: bool = False
) -> Draft:
    """Save what was typed, right or wrong. `was` is what the typing began with, at `revision`.

    What others have saved meanwhile is kept, and mine with it; raises Collided where we changed the same field. With
    `alone`, as the page saves by itself while it shows what it began with, it is raised where others saved at all.
    """
    require("directory.edit", by, draft)
    if any(len(str(value)) > LONGEST for value in raw.values()) or len(str(raw)) > LARGEST:
        raise ValidationError(_("Teksti on liian pitkä."))
    locked = Draft.objects.select_for_update().filter(id=draft.id).first()
    if locked is None:
        raise ValidationError(_("Luonnos on jo julkaistu tai hylätty. Avaa tieto uudelleen."))
    data = dict(raw)
    collisions: list[Collision] = []
    if locked.revision != revision:
        data, collisions = merge(was, raw, locked.data)
    if collisions or (alone and locked.revision != revision):
        raise Collided(locked, collisions)
    merged = locked.data | data
    if merged != locked.data:
        locked.data, locked.revision = merged, locked.revision + 1
        locked.edited_by, locked.edited_at = by, now()
        locked.save()
        tell("save_draft", locked.record_type, locked.id, str(by.id), revision=locked.revision)
    return locked


@transaction.atomic
def set_draft_values(by: Person, draft: Draft, **values: Any) -> Draft:
    """Set single values of a draft, as the review page does with topics."""
    require("directory.edit", by, draft)
    locked = Draft.objects.select_for_update().filter(id=draft.id).first() or draft
    locked.data |= values
    locked.revision += 1
    locked.edited_by, locked.edited_at = by, now()
    locked.save()
    tell("save_draft", locked.record_type, locked.id, str(by.id), revision=locked.revision)
    return locked


@transaction.atomic
def discard_draft(by: Person, draft: Draft) -> None:
    require("directory.edit", by, draft)
    tell("discard", draft.record_type, draft.id, str(by.id))
    draft.delete()


@transaction.atomic
def publish(by: Person, draft: Draft) -> Any:
    """Make the draft the record. Raises ValidationError where the form has errors, Collided where the record has
    changed since the draft was made of it in the same fields."""
    require("directory.edit", by, draft)
    locked = Draft.objects.select_for_update().filter(id=draft.id).first()
    if locked is None:
        raise ValidationError(_("Luonnos on jo julkaistu tai hylätty. Avaa tieto uudelleen."))
    draft = locked
    model = MODELS[draft.record_type]
    record: Any = model._default_manager.select_for_update().filter(pk=draft.id).first()
    if record is not None and record.version != draft.based_on:
        draft = rebased(draft, record)
    form = form_for(draft, record, check=True)
    if not form.is_valid():
        raise ValidationError(_("Luonnoksessa on korjattavaa."))
    if record is None:
        record = model(id=draft.id, organisation=draft.organisation, source=Source.OWN, external_id=str(draft.id))
    put_on(record, with_topics(draft, form), by, "published")
    draft.delete()
    return record


def with_topics(draft: Draft, form: RecordForm) -> dict[str, Any]:
    """The form's data with the topics, which are chosen beside the form."""
    data = form.record_data()
    return data | ({"topics": draft.data["topics"]} if "topics" in draft.data else {})


def rebased(draft: Draft, record: Any) -> Draft:
    """The draft, made of the record as it now stands: what others published meanwhile is in it."""
    base = Version.objects.filter(record_type=draft.record_type, record_id=draft.id, number=draft.based_on).first()
    was = raw_from(draft.record_type, base.data) if base else raw_of(record)
    merged, collisions = merge(was, draft.data, raw_of(record))
    if collisions:
        raise Collided(draft, collisions)
    draft.data, draft.based_on = merged, record.version
    draft.save()
    return draft


@transaction.atomic
def settle(by: Person, draft: Draft, chosen: dict[str, Any]) -> Draft:
    """After a collision: the draft with what its editor chose of each, made of the record as it now stands."""
    require("directory.edit", by, draft)
    locked = Draft.objects.select_for_update().get(id=draft.id)
    record = find_record(locked.record_type, locked.id)
    if record is not None and record.version != locked.based_on:
        base = Version.objects.filter(record_id=locked.id, number=locked.based_on).first()
        merged, _collisions = merge(
            raw_from(locked.record_type, base.data) if base else {}, locked.data, raw_of(record)
        )
        locked.data, locked.based_on = merged, record.version
    locked.data |= chosen
    locked.revision += 1
    locked.edited_by, locked.edited_at = by, now()
    locked.save()
    tell("settle", locked.record_type, locked.id, str(by.id))
    return locked


def put_on(record: Any, data: dict[str, Any], by: Person | None, how: str) -> None:
    """Put data on a record, keep the version, and count it as checked today. Within the caller's transaction."""
    kind = type_of(record)
    new = record._state.adding
    before = {} if new else data_of(record)
    if not new:
        keep_first_version(record, before)
    set_fields(record, data)
    if isinstance(record, ServicePoint) and record.latitude is None:
        record.latitude, record.longitude = estimate(record.postcode, record.municipality)
    if isinstance(record, Offering) and record.point is not None:
        record.municipality = record.point.municipality
    record.state, record.version = State.PUBLISHED, record.version + 1
    record.verified_on, record.confirm_by = today(), next_date(record.confirm_months)
    if hasattr(record, "changed_at"):
        record.changed_at = now()
    record.full_clean(exclude=["organisation", "owner", "team", "service", "point"], validate_unique=False)
    record.save()
    if "channels" in data:
        put_channels(record, data["channels"])
    if isinstance(record, Service) and "given" in data:
        put_given(record, data["given"])
    after = data_of(record)
    keep_version(record, after, differences(before, after), how, by)
    tell("publish" if how == "published" else how, kind, record.id, str(by.id) if by else "", version=record.version)
    if isinstance(record, ServicePoint):
        # What a service shows of its places has changed with them.
        for service_id in record.services.values_list("id", flat=True):
            tell("relocate", "service", service_id, str(by.id) if by else "")


def put_channels(record: Service | ServicePoint, rows: list[dict[str, Any]]) -> None:
    made = channels_from(list(record.channels.all()), rows)
    owner = "service" if isinstance(record, Service) else "point"
    record.channels.all().delete()
    Channel.objects.bulk_create(
        Channel(**{owner: record}, position=position, **one) for position, one in enumerate(made)
    )


def put_given(service: Service, rows: list[dict[str, Any]]) -> None:
    before = {str(one.point_id): one.hours for one in GivenAt.objects.filter(service=service)}
    GivenAt.objects.filter(service=service).delete()
    there = set(
        ServicePoint.objects.filter(id__in=[row["point"] for row in rows], state=State.PUBLISHED).values_list(
            "id", flat=True
        )
    )
    GivenAt.objects.bulk_create(
        GivenAt(
            service=service,
            point_id=UUID(row["point"]),
            hours=kept_hours(before.get(row["point"], ""), row["hours"]),
            drop_in=row["drop_in"],
        )
        for row in rows
        if UUID(row["point"]) in there
    )


def keep_first_version(record: Any, data: dict[str, Any]) -> None:
    """A record that came from a source or from the example has no version yet: keep how it was."""
    kind = type_of(record)
    if not Version.objects.filter(record_type=kind, record_id=record.id, number=record.version).exists():
        Version.objects.create(
            record_type=kind,
            record_id=record.id,
            organisation_id=record.organisation_id,
            number=record.version,
            data=data,
            how="before",
            at=getattr(record, "changed_at", now()),
        )


def keep_version(record: Any, data: dict[str, Any], changed: list[str], how: str, by: Person | None) -> None:
    Version.objects.create(
        record_type=type_of(record),
        record_id=record.id,
        organisation_id=record.organisation_id,
        number=record.version,
        data=data,
        changed=changed,
        how=how,
        by=by,
    )


@transaction.atomic
def withdraw(by: Person, record: Any) -> None:
    """Take a record out of what is public. It is kept, with its versions, and can be brought back."""
    require("directory.edit", by, record)
    if source_owns(record):
        raise ValidationError(_("Tämän tiedon omistaa lähde. Sitä ei voi poistaa täältä."))
    record = MODELS[type_of(record)]._default_manager.select_for_update().get(pk=record.pk)
    if record.state == State.WITHDRAWN:
        return
    data = data_of(record)
    keep_first_version(record, data)
    record.state, record.version = State.WITHDRAWN, record.version + 1
    if hasattr(record, "changed_at"):
        record.changed_at = now()
    record.save()
    keep_version(record, data, [], "withdrawn", by)
    Draft.objects.filter(id=record.id).delete()
    tell("withdraw", type_of(record), record.id, str(by.id))
    if isinstance(record, ServicePoint):
        for service_id in record.services.values_list("id", flat=True):
            tell("relocate", "service", service_id, str(by.id))


@transaction.atomic
def bring_back(by: Person, version: Version) -> Any:
    """Make an old version the record again, as a new version."""
    require("directory.bring_back", by, version)
    record: Any = MODELS[version.record_type]._default_manager.select_for_update().get(pk=version.record_id)
    if Draft.objects.filter(id=record.id).exists():
        raise ValidationError(_("Tiedosta on luonnos. Julkaise tai hylkää se ensin."))
    if source_owns(record):
        raise ValidationError(_("Tämän tiedon omistaa lähde."))
    put_on(record, version.data, by, "brought_back")
    return record
