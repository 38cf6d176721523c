"""The page of one service: what it is, for whom, what happens, what it costs, how to get in, where, who, how fresh."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now, today
from opinovi.base.fresh import fresh
from opinovi.base.offline import kept
from opinovi.base.text import PLAIN_FINNISH, choose
from opinovi.directory.codes import municipality_name, regions, target_groups
from opinovi.directory.hours import state
from opinovi.directory.models import Charge, GivenAt, Kind, Service, ServicePoint, State
from opinovi.directory.public import offerings_to_show
from opinovi.directory.queries import whole_service
from opinovi.directory.side_by_side import shown_instead, sources_of
from opinovi.directory.views import shown_cards
from opinovi.directory.ways import OWN_NAMES, opening_words
from opinovi.doors import hooks
from opinovi.doors.counting import counter
from opinovi.doors.door import Door, door
from opinovi.doors.forms import uuid_or_none
from opinovi.doors.kept import kept_ids

STALE_DAYS = 365
RESULTS = re.compile(r"/(?:[a-z]{2}(?:-[a-z]+)?/)?doors\?")


@dataclass(frozen=True)
class Told:
    """What the page tells of a service, as it stands on the page."""

    title: str
    description: str
    top: str
    about: str
    json_ld: str
    door: Door
    closed: bool


@require_safe
@allow("doors.find")
def service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    plain = request.GET.get("plain") == "1" and get_language() == "fi"
    # The addresses on the page begin as the network's do.
    key = ("service page", service_id, get_language(), plain, get_script_prefix())
    told = fresh.get(key, lambda: tell(service_id, plain))
    if told is None:
        raise Http404
    if isinstance(told, UUID):
        return HttpResponseRedirect(reverse("service", args=[told]))
    if need_id := uuid_or_none(request.GET.get("n", "")):
        counter.door_opened(need_id)
    context = {
        "told": told,
        "service_id": service_id,
        "kept": service_id in kept_ids(request),
        "back": back_to(request),
    }
    # A service that was withdrawn keeps its page, so that an old link explains itself.
    return kept(render(request, "doors/service.html", context, status=410 if told.closed else 200))


def tell(service_id: UUID, in_plain: bool) -> Told | UUID | None:
    """What the page tells; where the service stands behind another source's record of it, that one's id."""
    found = whole_service(service_id)
    if found is not None and found.state == State.JOINED and (instead := shown_instead("service", service_id)):
        return instead
    return tell_of(found, in_plain) if found is not None else None


def tell_of(found: Service, in_plain: bool = False) -> Told:
    """What the page tells of a service that came with its channels and points; also of one that is only a draft."""
    at = now()
    of_draft = found._state.adding or hasattr(found, "given_in_draft")
    context = {
        "service": found,
        "door": door(found, at),
        "groups": [choose(target_groups()[code]) for code in found.target_groups if code in target_groups()],
        "languages": [(one, OWN_NAMES.get(one, one)) for one in found.languages],
        "area": area(found),
        "plain": PLAIN_FINNISH in found.description and get_language() == "fi",
        "in_plain": in_plain and PLAIN_FINNISH in found.description,
        "plain_text": found.description.get(PLAIN_FINNISH, ""),
        "description": {lang: text for lang, text in found.description.items() if lang != PLAIN_FINNISH},
        "stale": found.long_overdue
        or (found.verified_on is not None and (today() - found.verified_on).days > STALE_DAYS),
        "cards": [] if found._state.adding else shown_cards(found.cards.all()),
        "offerings": [] if found._state.adding else offerings_to_show().filter(service=found)[:10],
        "given": given_words(found),
        "closed": not found.in_force(),
        "sources": sources_of("service", found) if getattr(found, "has_behind", False) else None,
        # A draft tells what is its own.
        "beside": [] if of_draft else [told for tell in hooks.beside_service if (told := tell(found))],
        "LANG": get_language(),
    }
    context["points"] = [
        (point, context["given"].get(point.id, ("", False))[0] or opening_words(state(point.hours, at), at),
         context["given"].get(point.id, ("", False))[1])
        for point in found.points.all()
    ]  # fmt: skip
    return Told(
        title=choose(found.name).text,
        description=Truncator(choose(found.summary).text).chars(155),
        top=render_to_string("doors/service_top.html", context),
        about=render_to_string("doors/service_about.html", context),
        json_ld=json_ld(found),
        door=context["door"],
        closed=not found.in_force(),
    )


def given_words(service: Service) -> dict[UUID, tuple[str, bool]]:
    """By place: when the service is given there, if not whenever it is open, and whether one may walk in."""
    at = now()
    # A draft brings its own with it.
    rows = getattr(service, "given_in_draft", None)
    if rows is None:
        rows = GivenAt.objects.filter(service=service)
    return {row.point_id: (opening_words(state(row.hours, at), at) if row.hours else "", row.drop_in) for row in rows}


def back_to(request: HttpRequest) -> str:
    """The results that the person came from, if they came from ours."""
    came = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}"
    path = came.removeprefix(own)
    return path if came.startswith(own) and RESULTS.match(path) else ""


def area(service: Service) -> str:
    if service.nationwide:
        return _("Koko Suomi")
    names = [choose(regions().get(code)).text for code in service.regions]
    names += [municipality_name(code) for code in service.municipalities]
    return ", ".join(name for name in names if name)


def json_ld(service: Service) -> str:
    """The service as schema.org knows it, safe to stand in a script element."""
    name = choose(service.name)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalProgram" if service.kind == Kind.EDUCATION else "Service",
        "name": name.text,
        "inLanguage": name.lang.split("-")[0],
        "description": choose(service.summary).text or name.text,
        "url": f"{settings.BASE_URL}/services/{service.id}",
    }
    if service.organisation:
        told["provider"] = {"@type": "Organization", "name": choose(service.organisation.name).text}
        if service.organisation.website:
            told["provider"]["url"] = service.organisation.website
    if told["@type"] == "Service":
        told["areaServed"] = {"@type": "Place", "name": area(service) or "Suomi"}
        told["availableChannel"] = [channel_ld(point) for point in service.points.all()]
        if service.charge == Charge.FREE:
            told["offers"] = {"@type": "Offer", "price": "0", "priceCurrency": "EUR"}
    text = json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def channel_ld(point: ServicePoint) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": choose(point.street).text,
        "postalCode": point.postcode,
        "addressLocality": choose(point.post_office).text or municipality_name(point.municipality),
        "addressCountry": "FI",
    }
    place = {"@type": "Place", "name": choose(point.name).text, "address": address}
    return {"@type": "ServiceChannel", "serviceLocation": place}
