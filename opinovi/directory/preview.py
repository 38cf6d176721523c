"""A record as it would be: made of a draft, saved nowhere."""

from typing import Any
from uuid import UUID

from opinovi.directory.forms import RecordForm
from opinovi.directory.models import Channel, Draft, GivenAt, Offering, Service, ServicePoint, Source, State
from opinovi.directory.points import estimate
from opinovi.directory.records import MODELS, channels_from, find_record, set_fields


def preview(draft: Draft, form: RecordForm) -> Any:
    """The record that publishing the draft would make. The form must be valid."""
    found: Any = find_record(draft.record_type, draft.id)
    record = found or MODELS[draft.record_type](
        id=draft.id, organisation=draft.organisation, source=Source.OWN, external_id=str(draft.id)
    )
    if record.organisation_id == draft.organisation_id:
        # The draft's own, with what was read of it.
        record.organisation = draft.organisation
    data = form.record_data() | ({"topics": draft.data["topics"]} if "topics" in draft.data else {})
    old = list(record.channels.all()) if found is not None and hasattr(record, "channels") else []
    set_fields(record, data)
    record.state = State.PUBLISHED
    shown: dict[str, Any] = {}
    if isinstance(record, Service | ServicePoint):
        owner = "service" if isinstance(record, Service) else "point"
        rows = channels_from(old, data["channels"]) if "channels" in data else None
        shown["channels"] = [Channel(**{owner: record}, **row) for row in rows] if rows is not None else old
    if isinstance(record, Service) and "given" in data:
        ids = [UUID(row["point"]) for row in data["given"]]
        points = ServicePoint.objects.filter(id__in=ids, state=State.PUBLISHED).prefetch_related("channels")
        record.given_in_draft = [  # type: ignore[attr-defined]
            GivenAt(point_id=UUID(row["point"]), hours=row["hours"], drop_in=row["drop_in"]) for row in data["given"]
        ]
        shown["points"] = sorted(points, key=lambda one: ids.index(one.id))
    if isinstance(record, ServicePoint) and record.latitude is None:
        record.latitude, record.longitude = estimate(record.postcode, record.municipality)
    if isinstance(record, Offering) and record.point is not None:
        record.municipality = record.point.municipality
    record._prefetched_objects_cache = shown
    return record
