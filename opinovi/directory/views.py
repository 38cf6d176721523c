"""Places and organisations: who is where, and whether one can walk in now."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.text import choose
from opinovi.directory.codes import municipality_name, municipality_of
from opinovi.directory.forms.base import ACCESS
from opinovi.directory.hours import days_ahead, state
from opinovi.directory.models import ContactCard, GivenAt, Offering, Service, ServicePoint, State
from opinovi.directory.points import Point, distance_km, estimate
from opinovi.directory.queries import in_force, organisations_of, points_of
from opinovi.directory.side_by_side import has_behind, shown_instead, sources_of
from opinovi.directory.ways import OWN_NAMES, opening_words, phone, ways_to
from opinovi.network.models import Network, Organisation
from opinovi.network.queries import current_network


@require_safe
@allow("directory.read")
def places(request: HttpRequest) -> HttpResponse:
    """Every place of the network by municipality, the open ones said so; from a postcode on, the nearest first."""
    network = current_network()
    near = " ".join(request.GET.get("near", "").replace("\x00", "").split())[:40]
    start = centre_of(near)
    points = list(points_of(network)) if network else []
    shown = [shown_point(one, start) for one in points]
    if start:
        shown.sort(key=lambda one: one["km"] if one["km"] is not None else 10_000.0)
        groups = [(_("Lähimmät ensin"), shown)] if shown else []
    else:
        shown.sort(key=lambda one: one["municipality"])
        groups = [
            (name, list(some)) for name, some in groupby(shown, key=lambda one: one["municipality"] or _("Muualla"))
        ]
    unknown = bool(near) and start is None
    context = {
        "groups": groups,
        "near": near,
        "near_error": _("Emme tunne tätä paikkaa. Kirjoita kunnan nimi tai postinumero.") if unknown else "",
        "tiles": settings.MAP_TILES,
        "map_credit": settings.MAP_CREDIT,
        "sorted": start is not None,
    }
    return render(request, "directory/places.html", context, status=422 if unknown else 200)


def centre_of(place: str) -> Point | None:
    """About where a postcode or a municipality is."""
    code = municipality_of(place) if place else None
    if code is None:
        return None
    latitude, longitude = estimate(place if place.isdigit() else "", code)
    return (latitude, longitude) if latitude is not None and longitude is not None else None


def shown_point(point: ServicePoint, start: Point | None) -> dict[str, Any]:
    """A place as the list shows it, with how far it is from where the person starts."""
    at = now()
    opening = state(point.hours, at)
    km = None
    if start and point.latitude is not None and point.longitude is not None:
        km = distance_km(start, (point.latitude, point.longitude))
    return {
        "point": point,
        "state": opening,
        "opening": opening_words(opening, at),
        "municipality": municipality_name(point.municipality),
        "km": km,
        "far": far_words(km),
    }


def far_words(km: float | None) -> str:
    """A distance as one says it: 1,2 km; without decimals from ten on."""
    if km is None:
        return ""
    return _("noin %(km)s km") % {"km": number_format(km, 0 if km >= 10 else 1)}


@require_safe
@allow("directory.read")
def place(request: HttpRequest, point_id: UUID) -> HttpResponse:
    points = ServicePoint.objects.select_related("organisation").prefetch_related("channels").defer("source_record")
    point = get_object_or_404(points.annotate(has_behind=has_behind("point")), id=point_id)
    if point.state == State.JOINED and (instead := shown_instead("point", point_id)):
        return HttpResponseRedirect(reverse("place", args=[instead]))
    closed = point.state != State.PUBLISHED
    context = place_context(point) | {"given": given_at(point), "cards": cards_at(point), "closed": closed}
    context["sources"] = sources_of("point", point) if getattr(point, "has_behind", False) else None
    return render(request, "directory/place.html", context, status=410 if closed else 200)


def place_context(point: ServicePoint) -> dict[str, Any]:
    """What the page of a place shows of the place itself."""
    at = now()
    opening = state(point.hours, at)
    return {
        "point": point,
        "municipality": municipality_name(point.municipality),
        "opening": opening_words(opening, at),
        "open": opening.open,
        "week": days_ahead(point.hours, at),
        "ways": ways_to(point, at),
        "access": [ACCESS[one] for one in point.access_features if one in ACCESS],
        "stale": point.long_overdue,
        "tiles": settings.MAP_TILES,
        "map_credit": settings.MAP_CREDIT,
    }


def given_at(point: ServicePoint) -> list[dict[str, Any]]:
    """The services given at a place, each with its own days where it has any, and whether one may just walk in."""
    at = now()
    rows = GivenAt.objects.filter(in_force("service__"), point=point).select_related("service")
    rows = rows.defer("service__source_record", "service__description").order_by("service_id")
    return [
        {
            "service": row.service,
            "opening": opening_words(state(row.hours, at), at) if row.hours else "",
            "week": [day for day in days_ahead(row.hours, at) if day[1]] if row.hours else [],
            "drop_in": row.drop_in,
        }
        for row in rows
    ]


def cards_at(point: ServicePoint) -> list[dict[str, Any]]:
    return shown_cards(point.cards.all())


def shown_cards(cards: Any) -> list[dict[str, Any]]:
    """The contact cards as people consented to show them; those that show nothing are left out."""
    found = []
    for card in cards.filter(state=State.PUBLISHED).exclude(consented_at=None).select_related("member__person"):
        public = card.public()
        if public.get("name"):
            number, dial = phone(public.get("phone", ""))
            languages = [(code, OWN_NAMES.get(code, code)) for code in card.languages]
            found.append({**public, "phone": number, "dial": dial, "about": choose(card.about), "languages": languages})
    return found


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
    services = Service.objects.filter(in_force(), organisation=found).only("id", "name", "summary").order_by("id")
    # What stands behind another has nothing of its own left.
    if not services and (instead := shown_instead("organisation", organisation_id)):
        return HttpResponseRedirect(reverse("organisation", args=[instead]))
    context = {
        "organisation": found,
        "municipality": municipality_name(found.municipality) if found.municipality else "",
        "services": services,
        "points": found.points.filter(state=State.PUBLISHED)
        .only("id", "organisation", "name", "street", "post_office")
        .order_by("id"),
        "offerings": Offering.objects.filter(organisation=found, state=State.PUBLISHED).order_by("id")[:100],
        "cards": shown_cards(ContactCard.objects.filter(organisation=found)),
    }
    return render(request, "directory/organisation.html", context)
