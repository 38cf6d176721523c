"""Changes of what the doors room keeps."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
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
    earlier = NeedCount.objects.filter(id__in=opened - {count.id for count in counts}, opened=False)
    now_open = [*earlier, *(count for count in counts if count.opened)]
    if earlier:
        NeedCount.objects.filter(id__in=[one.id for one in earlier]).update(opened=True)
    record("count", "needs", new_id(), needs=len(counts), opened=len(opened), rows=rows_of(counts),
           opened_rows=rows_of(now_open))  # fmt: skip


def rows_of(counts: Iterable[NeedCount]) -> list[list[Any]]:
    """What figures need of needs, the same ones together: network, day, language, municipality, topics, whether a door
    was good enough, and how many."""
    rows = Counter(
        (str(one.network_id or ""), one.day.isoformat(), one.language, one.municipality, tuple(one.topics), one.served)
        for one in counts
    )
    return [[*row, count] for row, count in rows.items()]


@transaction.atomic
def mail_doors(to: str, subject: str, body: str) -> None:
    """Send a person the link to the doors they kept."""
    post(f"doors {new_id()}", to, subject, body)
