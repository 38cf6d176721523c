"""Which conversations, times and places in groups this browser may open: a signed cookie that ends with the browser."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "mine"
MOST = 20
# However long a browser stays open, a shared computer forgets.
HOURS = 12


def granted(request: HttpRequest) -> list[str]:
    return [one for one in str(request.get_signed_cookie(COOKIE, default="", max_age=HOURS * 3600)).split(".") if one]


def may_open(request: HttpRequest, one: UUID) -> bool:
    return one.hex in granted(request)


def grant(request: HttpRequest, response: HttpResponse, one: UUID) -> HttpResponse:
    """Let this browser open it from now on."""
    rest = [other for other in granted(request) if other != one.hex]
    return put(response, [one.hex, *rest])


def take_away(request: HttpRequest, response: HttpResponse, one: UUID) -> HttpResponse:
    return put(response, [other for other in granted(request) if other != one.hex])


def put(response: HttpResponse, ids: list[str]) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE, ".".join(ids[:MOST]), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
