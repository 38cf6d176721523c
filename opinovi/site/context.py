"""What every page of the shell shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from opinovi.base.languages import WHOLE
from opinovi.base.text import choose
from opinovi.doors.kept import kept_ids
from opinovi.network.models import Look, Role
from opinovi.network.queries import current_network
from opinovi.network.standing import Standing, standing
from opinovi.site.kiosk import IDLE, is_kiosk
from opinovi.site.reading import reading_of

DEFAULT = settings.LANGUAGE_CODE


def shell(request: HttpRequest) -> dict[str, Any]:
    network = current_network()
    place = standing(getattr(request, "user", None))
    return {
        "network_name": choose(network.name).text if network else "",
        "example": bool(network and network.example and settings.EXAMPLE),
        "kept_count": len(kept_ids(request)),
        "place": place,
        "desk_tabs": desk_tabs(request, place) if place.at_desk and "/desk" in request.path else [],
        "switch": switch(request),
        "offered": offered(request),
        "machine_made": any(one.machine_made and one.code == get_language() for one in settings.FOUND_LANGUAGES),
        "base_url": network.address if network else settings.BASE_URL,
        "look": network.look if network and network.look != Look.LAKE else "",
        "page_path": request.path,
        "reading": reading_of(request),
        "kiosk": IDLE if is_kiosk(request) else 0,
    }


def switch(request: HttpRequest) -> list[dict[str, str]]:
    """The same page in every language, the current one marked. What was asked stays; the page of results too."""
    here = get_language() or DEFAULT
    before = get_script_prefix().rstrip("/")
    rest = request.path_info
    if here != DEFAULT:
        rest = rest.removeprefix(f"/{here}") or "/"
    query = request.META.get("QUERY_STRING", "") if request.method in ("GET", "HEAD") else ""
    found = []
    network = current_network()
    for code, name in settings.LANGUAGES:
        if network and code not in network.languages:
            continue
        path = f"{before}{rest}" if code == DEFAULT else f"{before}/{code}{rest}"
        whole = f"{path}?{query}" if query else path
        found.append(
            {"code": code, "name": name, "path": path, "href": whole, "here": "1" if code == here else "",
             "whole": "1" if code in WHOLE else ""}
        )  # fmt: skip
    return found


def offered(request: HttpRequest) -> dict[str, str] | None:
    """The same page in the language that the browser's person reads best, where they read none that they are in: on the
    page that they come to from elsewhere. Who goes on has chosen."""
    if request.headers.get("Referer", "").startswith(f"{request.scheme}://{request.get_host()}/"):
        return None
    read = [code.lower() for code, _share in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    here = (get_language() or DEFAULT).split("-")[0]
    if not read or any(code.split("-")[0] == here for code in read):
        return None
    known = {one["code"]: one for one in switch(request)}
    return next((known[one] for code in read for one in (code, code.split("-")[0]) if one in known), None)


def desk_tabs(request: HttpRequest, place: Standing) -> list[dict[str, Any]]:
    """The staff's own pages, those that a person may open."""
    found = [(_("Työpöytä"), reverse("desk"))]
    if place.has(Role.GUIDE):
        found += [(_("Ajat"), reverse("own-times")), (_("Ryhmät"), reverse("team-groups"))]
        found.append((_("Vastaukset"), reverse("desk-answers")))
        found.insert(1, (_("Asiakkaat"), reverse("clients")))
    if place.has(Role.EDITOR, Role.ADMINISTRATOR, Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR):
        found += [
            (_("Palvelut"), reverse("records", args=["service"])),
            (_("Paikat"), reverse("records", args=["point"])),
            (_("Koulutukset"), reverse("records", args=["offering"])),
            (_("Kortit"), reverse("records", args=["card"])),
        ]
    if place.is_member:
        found.append((_("Kuka tietää?"), reverse("who")))
    if place.at_desk:
        found.append((_("Yhdessä"), reverse("together")))
    found += [(_("Väki"), reverse("people", args=[one])) for one in sorted(place.organisations(Role.ADMINISTRATOR))[:1]]
    runs = sorted(place.networks(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR))
    found += [(_("Verkosto"), reverse("network", args=[one])) for one in runs[:1]]
    here = request.path
    return [
        {"label": label, "href": href, "here": here == href or (href != found[0][1] and here.startswith(href))}
        for label, href in found
    ]
