"""Reads of the directory that more than one caller needs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from opinovi.base.clock import today
from opinovi.directory.models import (
    Answer,
    Channel,
    GroupSession,
    Offering,
    Service,
    ServicePoint,
    State,
)
from opinovi.directory.side_by_side import has_behind
from opinovi.network.models import Network, Organisation


def in_force(of: str = "") -> Q:
    """Services that are published and valid today; `of` is the way to them from other rows, as "service__"."""
    day = today()
    return (
        Q(**{f"{of}state": State.PUBLISHED})
        & (Q(**{f"{of}valid_from": None}) | Q(**{f"{of}valid_from__lte": day}))
        & (Q(**{f"{of}valid_until": None}) | Q(**{f"{of}valid_until__gte": day}))
    )


def services_to_choose(organisation: Organisation) -> QuerySet[Service]:
    """A house's published services, as a form lists them: one query, however many there are."""
    return organisation.services.filter(state=State.PUBLISHED).only("id", "name", "organisation_id").order_by("id")


def ways_of(record: Any, places: list[ServicePoint]) -> tuple[list[Channel], dict[UUID, list[Channel]]]:
    """The ways into the record as it stands, and into each of the places: one query."""
    which = Q(point__in=[one.id for one in places])
    if isinstance(record, Service | ServicePoint):
        which |= Q(**{"service" if isinstance(record, Service) else "point": record.id})
    own: list[Channel] = []
    by_place: dict[UUID, list[Channel]] = {}
    for one in Channel.objects.filter(which).order_by("position", "id"):
        if one.point_id is not None and one.point_id != getattr(record, "id", None):
            by_place.setdefault(one.point_id, []).append(one)
        else:
            own.append(one)
    return own, by_place


def whole_service(service_id: UUID) -> Service | None:
    """A service with all that a door or a page shows of it, but not the source's own record, and whether records of
    other sources stand behind it (`has_behind`): three queries."""
    rows = Service.objects.select_related("organisation").defer("source_record")
    found = rows.filter(id=service_id).annotate(has_behind=has_behind("service")).first()
    if found is None:
        return None
    points = found.points.filter(state=State.PUBLISHED).defer("source_record").order_by("municipality", "id")
    own, by_place = ways_of(found, list(points))
    for one in points:
        one._prefetched_objects_cache = {"channels": by_place.get(one.id, [])}  # type: ignore[attr-defined]
    found._prefetched_objects_cache = {"channels": own, "points": points}  # type: ignore[attr-defined]
    return found


# What a door shows of a service, of its places and of its ways in; a results page reads no more.
DOOR_FIELDS = (
    "name", "kind", "source", "charge", "charge_info", "languages", "municipalities", "nationwide", "state",
    "valid_from", "valid_until", "confirm_by", "next_free_at", "organisation__name",
)  # fmt: skip
WAY_FIELDS = ("service_id", "point_id", "kind", "value", "label", "note", "hours", "charge", "position")


def services_by_id(ids: Iterable[UUID]) -> list[Service]:
    """Services in force, with what a door shows, in the order of the ids; what is not there any more is left out.

    The ids alone are asked of the database, so that it goes by them and by no other index.
    """
    wanted = list(ids)
    ways = Channel.objects.only(*WAY_FIELDS).order_by("position", "id")
    points = ServicePoint.objects.filter(state=State.PUBLISHED).only("municipality", "hours", "name", "state")
    points = points.order_by("municipality", "id").prefetch_related(Prefetch("channels", ways))
    services = Service.objects.select_related("organisation").only(*DOOR_FIELDS).filter(id__in=wanted)
    found = services.prefetch_related(Prefetch("channels", ways), Prefetch("points", points))
    by_id = {service.id: service for service in found if service.in_force()}
    return [by_id[one] for one in wanted if one in by_id]


def offerings_by_id(ids: Iterable[UUID]) -> list[Offering]:
    """Published offerings with what a door shows; asks nothing for no ids."""
    wanted = list(ids)
    rows = Offering.objects.filter(id__in=wanted).select_related("organisation") if wanted else []
    return [one for one in rows if one.state == State.PUBLISHED and not one.over()]


def sessions_by_id(ids: Iterable[UUID]) -> list[GroupSession]:
    """Group sessions that one can still register for; asks nothing for no ids."""
    wanted = list(ids)
    rows = (
        GroupSession.objects.filter(id__in=wanted, for_staff=False, by_code=False).select_related("organisation")
        if wanted
        else []
    )
    return [one for one in rows if one.open_now()]


def answers_by_id(ids: Iterable[UUID]) -> list[Answer]:
    """Published answers; asks nothing for no ids."""
    wanted = list(ids)
    rows = Answer.objects.filter(id__in=wanted, state=State.PUBLISHED).select_related("organisation")
    return list(rows) if wanted else []


def points_of(network: Network) -> QuerySet[ServicePoint]:
    """The open places of a network's members, by municipality."""
    return (
        ServicePoint.objects.filter(state=State.PUBLISHED, organisation__networks=network)
        .select_related("organisation")
        .prefetch_related("channels")
        .defer("source_record")
        .order_by("municipality", "id")
    )


def organisations_of(network: Network) -> QuerySet[Organisation]:
    return network.members.order_by("membership__since", "id")
