"""What every page of the shell shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from opinovi.base.text import choose
from opinovi.network.queries import current_network

DEFAULT = settings.LANGUAGE_CODE


def shell(request: HttpRequest) -> dict[str, Any]:
    network = current_network()
    return {
        "network_name": choose(network.name).text if network else "",
        "example": bool(network and network.example and settings.EXAMPLE),
        "kept_count": len(request.session.get("doors", [])) if hasattr(request, "session") else 0,
        "switch": switch(request),
        "base_url": settings.BASE_URL,
        "page_path": request.path,
    }


def switch(request: HttpRequest) -> list[dict[str, str]]:
    """The same page in every language, the current one marked. What was asked stays; the page of results too."""
    here = get_language() or DEFAULT
    rest = request.path
    if here != DEFAULT:
        rest = rest.removeprefix(f"/{here}") or "/"
    query = request.META.get("QUERY_STRING", "") if request.method in ("GET", "HEAD") else ""
    found = []
    for code, name in settings.LANGUAGES:
        path = rest if code == DEFAULT else f"/{code}{rest}"
        whole = f"{path}?{query}" if query else path
        found.append({"code": code, "name": name, "path": path, "href": whole, "here": "1" if code == here else ""})
    return found
