"""A device that many share, in a library or a lobby: it forgets each person, by a button or when nobody touches it."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow

COOKIE = "kiosk"
YEAR = 365 * 24 * 3600
# After so many seconds on one page, what was done is forgotten.
IDLE = 180


def is_kiosk(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == "1"


@require_http_methods(["GET", "HEAD", "POST"])
@allow("site.read")
def kiosk(request: HttpRequest) -> HttpResponse:
    """Make this browser one that forgets, or one person's own again."""
    if request.method == "POST":
        response = HttpResponseRedirect(reverse("kiosk-over") if "begin" in request.POST else reverse("kiosk"))
        if "begin" in request.POST:
            response.set_cookie(
                COOKIE, "1", max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        else:
            response.delete_cookie(COOKIE)
        return response
    return render(request, "site/kiosk.html", {"on": is_kiosk(request), "minutes": IDLE // 60})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("site.read")
def over(request: HttpRequest) -> HttpResponse:
    """Forget who was here: signed out, every cookie but the kiosk's own away, nothing left in the browser's stores.

    Where it is no kiosk, nothing is forgotten by a mere link."""
    response = HttpResponseRedirect(reverse("home"))
    if is_kiosk(request) or request.method == "POST":
        logout(request)
        for name in request.COOKIES:
            if name != COOKIE:
                response.delete_cookie(name)
        response["Clear-Site-Data"] = '"cache", "storage"'
    response["Cache-Control"] = "no-store"
    return response
