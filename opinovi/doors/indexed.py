"""The kinds of records that search finds, and what the index asks of each. A new kind is one line of KINDS."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from opinovi.directory.models import Answer, Channel, GroupSession, Kind, Offering, Service
from opinovi.doors.areas import ANYWHERE
from opinovi.doors.facets import pack_answer, pack_offering, pack_service, pack_session

# Any of them: they have a name, topics, texts and a source.
Record = Service | Offering | GroupSession | Answer
BATCH = 2000


@dataclass(frozen=True)
class Indexed:
    type: str
    model: Any
    rows: Callable[[], QuerySet[Any]]
    kind: Callable[[Any], str]
    # Area terms: see doors/areas.py.
    areas: Callable[[Any], list[str]]
    # From when and until when it is a door.
    validity: Callable[[Any], tuple[date | None, date | None]]
    facets: Callable[[Any], int]


def services() -> QuerySet[Service]:
    channels = Prefetch("channels", Channel.objects.order_by())
    return Service.objects.prefetch_related(channels, "points").defer("source_record")


def area_of_service(one: Service) -> list[str]:
    if one.nationwide or not (one.municipalities or one.regions):
        return [ANYWHERE]
    return [f"m{code}" for code in one.municipalities] + [f"r{code}" for code in one.regions]


def area_of_place(one: Offering | GroupSession) -> list[str]:
    return [f"m{one.municipality}"] if one.municipality else [ANYWHERE]


KINDS = (
    Indexed(
        "service", Service, services, lambda one: one.kind, area_of_service,
        lambda one: (one.valid_from, one.valid_until), pack_service,
    ),
    # A course is a door as long as one can apply to it, a group as long as one can register.
    Indexed(
        "offering", Offering, Offering.objects.all, lambda _one: Kind.EDUCATION, area_of_place,
        lambda one: (None, one.apply_until or one.ends_on or one.starts_on), pack_offering,
    ),
    Indexed(
        "group_session", GroupSession, lambda: GroupSession.objects.filter(for_staff=False, by_code=False),
        lambda one: one.kind, area_of_place,
        lambda one: (None, timezone.localtime(one.closes_at).date()), pack_session,
    ),
    Indexed(
        "answer", Answer, Answer.objects.all, lambda _one: Kind.INFORMATION, lambda _one: [ANYWHERE],
        lambda _one: (None, None), pack_answer,
    ),
)  # fmt: skip
TYPES = tuple(one.type for one in KINDS)


def indexed(record: Record) -> Indexed:
    return next(one for one in KINDS if isinstance(record, one.model))


def for_index(**where: Any) -> Iterator[Record]:
    """All that is found, with what the index asks of it, in a stable order."""
    for one in KINDS:
        yield from one.rows().filter(**where).order_by("id").iterator(chunk_size=BATCH)
