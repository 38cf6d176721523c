"""Reads of the directory that more than one caller needs."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from opinovi.base.clock import today
from opinovi.directory.models import Channel, Service, ServicePoint, State
from opinovi.network.models import Network, Organisation


def in_force() -> Q:
    """Services that are published and valid today."""
    day = today()
    return (
        Q(state=State.PUBLISHED)
        & (Q(valid_from__isnull=True) | Q(valid_from__lte=day))
        & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))
    )


def whole_services() -> QuerySet[Service]:
    """Services with all that a door or a page shows of them, but not the source's own record: four queries."""
    points = ServicePoint.objects.filter(state=State.PUBLISHED).prefetch_related("channels").defer("source_record")
    return (
        Service.objects.select_related("organisation")
        .prefetch_related(Prefetch("channels", Channel.objects.order_by("position", "id")))
        .prefetch_related(Prefetch("points", points.order_by("municipality", "id")))
        .defer("source_record")
    )


def services_by_id(ids: Iterable[UUID]) -> list[Service]:
    """Published services in the order of the ids; what is not there any more is left out."""
    wanted = list(ids)
    found = {service.id: service for service in whole_services().filter(in_force(), id__in=wanted)}
    return [found[one] for one in wanted if one in found]


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
