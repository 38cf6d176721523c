"""A record as it would be: made of a draft, saved nowhere."""

from typing import Any
from uuid import UUID

from opinovi.directory.forms import RecordForm
from opinovi.directory.models import Channel, Draft, GivenAt, Offering, Service, ServicePoint, Source, State
from opinovi.directory.points import estimate
from opinovi.directory.queries import ways_of
from opinovi.directory.records import MODELS, channels_from, set_fields


def preview(draft: Draft, form: RecordForm, found: Any) -> Any:
    """The record that publishing the draft would make of the one that was found, or None. The form must be valid."""
    record = found or MODELS[draft.record_type](
        id=draft.id, organisation=draft.organisation, source=Source.OWN, external_id=str(draft.id)
    )
    if record.organisation_id == draft.organisation_id:
        # The draft's own, with what was read of it.
        record.organisation = draft.organisation
    data = form.record_data() | ({"topics": draft.data["topics"]} if "topics" in draft.data else {})
    places = places_in(form, data)
    old, by_place = ways_of(found, places)
    set_fields(record, data)
    record.state = State.PUBLISHED
    shown: dict[str, Any] = {}
    if isinstance(record, Service | ServicePoint):
        owner = "service" if isinstance(record, Service) else "point"
        rows = channels_from(old, data["channels"]) if "channels" in data else None
        shown["channels"] = [Channel(**{owner: record}, **row) for row in rows] if rows is not None else old
    if isinstance(record, Service) and "given" in data:
        record.given_in_draft = [  # type: ignore[attr-defined]
            GivenAt(point_id=UUID(row["point"]), hours=row["hours"], drop_in=row["drop_in"]) for row in data["given"]
        ]
        for one in places:
            one._prefetched_objects_cache = {"channels": by_place.get(one.id, [])}  # type: ignore[attr-defined]
        shown["points"] = places
    if isinstance(record, ServicePoint) and record.latitude is None:
        record.latitude, record.longitude = estimate(record.postcode, record.municipality)
    if isinstance(record, Offering) and record.point is not None:
        record.municipality = record.point.municipality
    record._prefetched_objects_cache = shown
    return record


def places_in(form: RecordForm, data: dict[str, Any]) -> list[ServicePoint]:
    """Where the draft gives a service, in its order: of the places that the form has read."""
    by_id = {str(one.id): one for one in getattr(form, "places", ())}
    return [by_id[row["point"]] for row in data.get("given", ())]
