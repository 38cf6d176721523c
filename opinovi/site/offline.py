"""An app that can be installed, and pages that are read without a connection."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.doors.danger import HELPLINES
from opinovi.network.queries import current_network

WORKER = Path(__file__).parent / "static" / "site" / "worker.js"


@require_safe
@allow("site.read")
def offline(request: HttpRequest) -> HttpResponse:
    """What is there without a connection: helplines, the pages that were kept, what waits to be sent."""
    return render(request, "site/offline.html", {"lines": list(HELPLINES.values())})


@require_safe
@allow("site.read")
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the site an app of its own on a phone."""
    told = {
        "name": _("Opin ovi"),
        "short_name": _("Opin ovi"),
        "description": _("Yksi ovi opintoihin, työhön ja ohjaukseen. Kerro omin sanoin, mitä tarvitset."),
        "lang": translation.get_language(),
        "start_url": reverse("home"),
        "scope": get_script_prefix(),
        "display": "standalone",
        "background_color": "#fffdf8",
        "theme_color": "#083a4a",
        "icons": [
            {"src": static("site/door.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("site/door-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("site/door-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
        "shortcuts": [
            {"name": _("Omat ovet"), "url": reverse("my-doors")},
            {"name": _("Kysy ihmiseltä"), "url": reverse("ask")},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@cache
def version() -> str:
    """Another whenever the worker or any of the pages' files is."""
    files = settings.STATIC_ROOT / "staticfiles.json"
    return sha256(WORKER.read_bytes() + (files.read_bytes() if files.exists() else b"")).hexdigest()[:12]


@require_safe
@allow("site.read")
def worker(request: HttpRequest) -> HttpResponse:
    """The program that stands between the browser and the net, with the pages that it has to have from the start."""
    network = current_network()
    pages = []
    for code, _name in settings.LANGUAGES:
        if not network or code in network.languages:
            with translation.override(code):
                pages.append(reverse("offline"))
    about = json.dumps({"version": version(), "pages": pages})
    text = f"const ABOUT = {about}\n{WORKER.read_text(encoding='utf-8')}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
