"""Plain Finnish by choice: what has words of it is shown in them, from page to page, until one chooses otherwise."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language

from opinovi.base.text import PLAIN_FINNISH

COOKIE = "plain"


def reader(request: HttpRequest) -> str:
    """The language in which somebody reads."""
    language = get_language() or "fi"
    return PLAIN_FINNISH if language == "fi" and request.COOKIES.get(COOKIE) == "1" else language


def chosen(request: HttpRequest) -> HttpResponse | None:
    """The same page again once somebody has chosen by its link, `?plain=1` or `?plain=0`."""
    choice = request.GET.get("plain", "")
    if choice not in ("0", "1"):
        return None
    response = HttpResponseRedirect(request.path)
    if choice == "1":
        # Until the browser is closed; it tells of nobody.
        response.set_cookie(COOKIE, "1", httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie(COOKIE)
    return response
