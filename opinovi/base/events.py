"""Recording what was done."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from opinovi.base.models import Event


def record(verb: str, subject_type: str, subject_id: UUID | str, actor: str = "", **data: Any) -> Event:
    """Write one Event. Must run in the transaction of the change that it tells of."""
    assert transaction.get_connection().in_atomic_block, "an Event belongs to the transaction of its change"
    return Event.objects.create(
        verb=verb, subject_type=subject_type, subject_id=str(subject_id), actor=actor, data=data
    )


def record_many(verb: str, subject_type: str, subject_ids: Iterable[UUID], actor: str = "", **data: Any) -> None:
    """Write one Event for each subject of an import, in one go."""
    assert transaction.get_connection().in_atomic_block
    Event.objects.bulk_create(
        [
            Event(verb=verb, subject_type=subject_type, subject_id=str(subject_id), actor=actor, data=data)
            for subject_id in subject_ids
        ],
        batch_size=500,
    )
