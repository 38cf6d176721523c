"""Changes of what the doors room keeps."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.base.mail import post
from opinovi.doors.models import NeedCount


@transaction.atomic
def count_needs(counts: list[NeedCount], opened: Iterable[UUID]) -> None:
    """Keep the counts of needs that were looked for, and mark those of which a door was opened."""
    opened = set(opened)
    for count in counts:
        count.opened = count.opened or count.id in opened
    NeedCount.objects.bulk_create(counts, ignore_conflicts=True)
    earlier = opened - {count.id for count in counts}
    if earlier:
        NeedCount.objects.filter(id__in=earlier).update(opened=True)
    record("count", "needs", new_id(), needs=len(counts), opened=len(opened))


@transaction.atomic
def mail_doors(to: str, subject: str, body: str) -> None:
    """Send a person the link to the doors they kept."""
    post(f"doors {new_id()}", to, subject, body)
