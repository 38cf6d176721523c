"""Places and organisations: who is where, and whether one can walk in now."""

from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.directory.codes import municipality_name
from opinovi.directory.hours import state
from opinovi.directory.models import Service, ServicePoint, State
from opinovi.directory.queries import in_force, organisations_of, points_of
from opinovi.directory.ways import opening_words, ways_to
from opinovi.network.models import Network, Organisation
from opinovi.network.queries import current_network


@require_safe
@allow("directory.read")
def places(request: HttpRequest) -> HttpResponse:
    """Every place of the network by municipality, the open ones said so."""
    at = now()
    network = current_network()
    points = sorted(points_of(network), key=lambda one: municipality_name(one.municipality)) if network else []
    groups = [
        (name, [(point, state(point.hours, at), opening_words(state(point.hours, at), at)) for point in some])
        for name, some in groupby(points, key=lambda one: municipality_name(one.municipality) or _("Muualla"))
    ]
    return render(request, "directory/places.html", {"groups": groups, "count": len(points)})


@require_safe
@allow("directory.read")
def place(request: HttpRequest, point_id: UUID) -> HttpResponse:
    points = (
        ServicePoint.objects.filter(state=State.PUBLISHED).select_related("organisation").prefetch_related("channels")
    )
    point = get_object_or_404(points.defer("source_record"), id=point_id)
    at = now()
    context = {
        "point": point,
        "municipality": municipality_name(point.municipality),
        "opening": opening_words(state(point.hours, at), at),
        "open": state(point.hours, at).open,
        "ways": ways_to(point, at),
        "services": point.services.filter(in_force()).only("id", "name", "summary").order_by("id"),
    }
    return render(request, "directory/place.html", context)


@require_safe
@allow("directory.read")
def organisations(request: HttpRequest) -> HttpResponse:
    network = current_network()
    members = list(organisations_of(network)) if network else []
    context = {"network": network, "members": members, "coordinator": coordinator_of(network)}
    return render(request, "directory/organisations.html", context)


def coordinator_of(network: Network | None) -> UUID | None:
    return network.coordinator_id if network else None


@require_safe
@allow("directory.read")
def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    found = get_object_or_404(Organisation, id=organisation_id)
    context = {
        "organisation": found,
        "municipality": municipality_name(found.municipality) if found.municipality else "",
        "services": Service.objects.filter(in_force(), organisation=found).only("id", "name", "summary").order_by("id"),
        "points": found.points.filter(state=State.PUBLISHED)
        .only("id", "organisation", "name", "street", "post_office")
        .order_by("id"),
    }
    return render(request, "directory/organisation.html", context)
