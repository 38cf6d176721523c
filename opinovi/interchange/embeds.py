"""Parts of the site that any organisation shows on its own: the search, its services and places, free times. Each is a
page for a frame; it needs no script, sets no cookie and asks nothing of who looks at it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.fresh import fresh
from opinovi.base.text import choose
from opinovi.contact.availability import free_times, rules_of
from opinovi.contact.booking import minute_of
from opinovi.directory.models import Service, ServicePoint, State
from opinovi.directory.queries import in_force
from opinovi.directory.views import shown_point
from opinovi.doors.door import doors_of, for_need
from opinovi.doors.find import find
from opinovi.doors.forms import read
from opinovi.doors.need import understand
from opinovi.doors.where import read_place
from opinovi.network.models import Organisation
from opinovi.network.queries import current_network

MOST_DOORS, MOST_SERVICES, MOST_TIMES, DAYS = 5, 100, 12, 21
# How high a frame is that does not grow by itself.
HEIGHTS = {"search": 640, "services": 640, "places": 640, "times": 420}


def framed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Any site may show the page in a frame."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.for_frames = True  # type: ignore[attr-defined]
        response["Cache-Control"] = "public, max-age=60"
        return response

    return checked


def shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    more = {"fit": request.GET.get("fit") == "1", "network": current_network()}
    return render(request, "interchange/embed.html", context | more)


@require_safe
@framed
@allow("interchange.read")
def embed_search(request: HttpRequest) -> HttpResponse:
    """The one question with its field, and the first doors for what was written."""
    told = QueryDict(mutable=True)
    told.update({"q": request.GET.get("q", "")[:500], "where": request.GET.get("where", "")[:60]})
    asked, network = read(told), current_network()
    context: dict[str, Any] = {"title": _("Etsi ovi"), "search": True, "asked": asked}
    if not asked.empty:
        place, need = read_place(asked.where, network), understand(asked.q, get_language() or "fi")
        found = find(need, place.where, limit=MOST_DOORS)
        context |= {
            "doors": for_need(found, need), "found": found.total, "lines": need.danger.lines,
            "all": f"{reverse('results')}?{urlencode({'q': asked.q, 'where': asked.where})}",
        }  # fmt: skip
    return shown(request, context)


@require_safe
@framed
@allow("interchange.read")
def embed_organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """An organisation's services, or its places, with how to get in now."""
    places = request.GET.get("show") == "places"
    key = ("embed", organisation_id, places, get_language(), get_script_prefix())
    context = fresh.get(key, lambda: of_organisation(organisation_id, places))
    if context is None:
        raise Http404
    return shown(request, context)


def of_organisation(organisation_id: UUID, places: bool) -> dict[str, Any] | None:
    house = Organisation.objects.filter(id=organisation_id).first()
    if house is None:
        return None
    context: dict[str, Any] = {"title": choose(house.name).text}
    if places:
        rows = ServicePoint.objects.filter(organisation=house, state=State.PUBLISHED).defer("source_record")
        points = rows.select_related("organisation").prefetch_related("channels").order_by("municipality", "id")
        return context | {"points": [shown_point(one, None) for one in points[:MOST_SERVICES]], "of_places": True}
    ids = Service.objects.filter(in_force(), organisation=house).order_by("id").values_list("id", flat=True)
    return context | {"doors": doors_of(ids[:MOST_SERVICES]), "of_services": True}


@require_safe
@framed
@allow("interchange.read")
def embed_times(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """The next free times of a service, each of which leads to booking it."""
    service = Service.objects.filter(in_force(), id=service_id).only("id", "name").first()
    if service is None:
        raise Http404
    found = free_times(rules_of(service=service), "", "", None, days=DAYS)[:MOST_TIMES]
    times = [
        (one.begins, choose(one.rule.point.name).text if one.rule.point else "",
         reverse("book", args=[one.rule.id, minute_of(one.begins)]))
        for one in found
    ]  # fmt: skip
    return shown(request, {"title": choose(service.name).text, "times": times, "of_times": True, "service": service})


@require_safe
@allow("interchange.read")
def embed_page(request: HttpRequest) -> HttpResponse:
    """How to put a door on one's own site: what is chosen, how it looks, and the text to copy."""
    network = current_network()
    houses = list(network.members.order_by("membership__since", "id").only("id", "name")) if network else []
    show = request.GET.get("show") if request.GET.get("show") in HEIGHTS else "search"
    house = next((one for one in houses if str(one.id) == request.GET.get("house")), houses[0] if houses else None)
    services = bookable(house) if show == "times" and house is not None else []
    service = next((one for one in services if str(one.id) == request.GET.get("service")), next(iter(services), None))
    address, attributes = chosen(str(show), house, service)
    whole = f"{settings.BASE_URL}{address}"
    frame = (f'<iframe src="{whole}" title="Opin ovi" width="100%" height="{HEIGHTS[str(show)]}" loading="lazy" '
             'style="border:0"></iframe>')  # fmt: skip
    # Its plain name, which stays the same from release to release.
    script = f"{settings.BASE_URL}{settings.STATIC_URL}interchange/opin-ovi.js"
    component = f'<script type="module" src="{script}"></script>\n<opin-ovi {attributes}></opin-ovi>'
    names = {"search": _("Haku"), "services": _("Talon palvelut"), "places": _("Talon paikat"),
             "times": _("Palvelun vapaat ajat")}  # fmt: skip
    context = {
        "show": show, "shows": names.items(), "houses": houses, "house": house, "services": services,
        "service": service, "address": address, "frame": frame, "component": component, "height": HEIGHTS[str(show)],
    }  # fmt: skip
    return render(request, "interchange/embed_page.html", context)


def bookable(house: Organisation) -> list[Service]:
    """The services of which one can book a time, those with the first free one at the top."""
    rows = Service.objects.filter(in_force(), organisation=house).exclude(next_free_at=None)
    return list(rows.only("id", "name").order_by("next_free_at", "id"))


def chosen(show: str, house: Organisation | None, service: Service | None) -> tuple[str, str]:
    """The address of a frame, and the component's attributes."""
    language = get_language() or "fi"
    spoken = f' language="{language}"' if language != "fi" else ""
    if show == "search" or house is None:
        return reverse("embed-search"), f'show="search"{spoken}'
    if show == "times":
        # Where no time can be booked there is nothing to show.
        of = str(service.id) if service else ""
        return (reverse("embed-times", args=[of]) if service else ""), f'show="times" of="{of}"{spoken}'
    address = reverse("embed-organisation", args=[house.id])
    return address + ("?show=places" if show == "places" else ""), f'show="{show}" of="{house.id}"{spoken}'
