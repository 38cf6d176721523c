"""Headers that keep a page safe: only what is our own runs in it, and nothing of it leaks."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from opinovi.site.views import health

# The largest body that any page takes: a spreadsheet, with its form around it.
LARGEST_BODY = 12_000_000


def tiles_origin() -> str:
    """The tile server's scheme and host, from which maps may show pictures."""
    parts = urlsplit(settings.MAP_TILES)
    return f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}" if parts.netloc else ""


NO_FRAMES = "frame-ancestors 'none'"
POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles_origin()}; "
    "connect-src 'self'; frame-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    f"{NO_FRAMES}"
)


def healthy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who asks whether a host can answer knows it by its number, and comes without TLS: names are not looked at yet."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info != "/-/health":
            return get_response(request)
        response = health(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware


def safe_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > LARGEST_BODY:
            # Refused before a byte of it is read.
            response = HttpResponse(
                str(_("Lähetys on liian suuri.")), status=413, content_type="text/plain; charset=utf-8"
            )
        else:
            response = get_response(request)
        if getattr(response, "for_frames", False):
            response.headers["Content-Security-Policy"] = POLICY.replace(NO_FRAMES, "frame-ancestors *")
        else:
            response.headers.setdefault("Content-Security-Policy", POLICY)
            response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=()")
        if response.get("Content-Type", "").startswith("text/html"):
            # A page may show what a person typed or keeps: no shared cache holds it. What one sees who is signed in is
            # kept nowhere: who presses Back after them on the same machine sees nothing.
            signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
            response.headers.setdefault("Cache-Control", "private, no-store" if signed_in else "private, no-cache")
        return response

    return middleware
