"""Error pages in the product's voice: what happened, and what to do. Nothing that was typed is shown or lost."""

import sys
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext_lazy as _

from opinovi.base.files import is_full
from opinovi.base.storage import Away
from opinovi.interchange.api.base import problem

WORDS = {
    400: (
        _("Tämä ei mennyt perille"),
        _("Osoitteessa tai lomakkeessa oli jotain outoa. Aloita alusta, niin löydät perille."),
    ),
    403: (
        _("Tämä ovi ei aukea sinulle"),
        _("Sivu on vain niille, joille se kuuluu. Jos tulit lomakkeelta, palaa takaisin ja lähetä uudelleen."),
    ),
    404: (
        _("Tätä ovea ei löydy"),
        _("Sivu on voinut muuttaa tai poistua. Etsi uudelleen tai kysy ihmiseltä."),
    ),
    422: (_("Jokin kohta pitää korjata"), _("Kirjoittamasi on tallessa. Katso kohta ja lähetä uudelleen.")),
    500: (
        _("Meillä on nyt vika"),
        _("Anteeksi. Vika on meidän, ei sinun. Yritä hetken päästä uudelleen tai soita meille."),
    ),
}

# The same for other systems, which the open API answers.
FOR_MACHINES = {400: "The question can't be read.", 403: "Not allowed.", 404: "There is no such thing.",
                422: "What was sent does not hold together."}  # fmt: skip


def page(request: HttpRequest, status: int) -> HttpResponse:
    title, text = WORDS[status]
    if request.path_info.startswith("/api/"):
        return problem(status, FOR_MACHINES[status])
    return render(request, "site/error.html", {"error_title": title, "error_text": text, "code": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Stands on its own: whatever failed may have been the database, so this page asks nothing of it. Where it was, or
    where the disk is full, the status tells so: a proxy asks another host, and a program tries again."""
    title, text = WORDS[500]
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError, Away)) or is_full(settings.OPINOVI_HOME)
    status = 503 if away else 500
    if request.path_info.startswith("/api/"):
        response = problem(status, "Something is wrong here, not with the question.")
    else:
        told = {"error_title": title, "error_text": text}
        response = HttpResponse(loader.render_to_string("site/error_alone.html", told), status=status)
    if away:
        response.headers["Retry-After"] = "5"
    return response
