"""Every view names its rule; a view without one does not answer."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

import rules
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from opinovi.base import unsent

View = Callable[..., HttpResponse]


def require_token(request: HttpRequest, token: str) -> None:
    """For a program that brings this token; for others, and where none is set, there is nothing here."""
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(brought.encode(), token.encode()):
        raise Http404


def allow(rule: str, of: Callable[..., Any] | None = None, at: str = "", change: str = "") -> Callable[[View], View]:
    """Let a view answer only where `rule` (declared in a room's access.py) holds for the request's user. Where fewer
    may change what it shows than may look at it, `change` is the rule of every method but GET and HEAD.

    With `of`, the rule is asked of the object that `of(**ids)` finds, and the view gets that object in place of the
    ids. An object that is not there and one that is not theirs get the same answer: 404. A signed-out person is led to
    sign in before anything is looked for, so that they learn nothing either. `at` names another page to sign in at.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = getattr(request, "user", None)
            changes = change and request.method not in ("GET", "HEAD")
            if of is None:
                asked = change if changes else rule
                if not rules.test_rule(asked, user):
                    return refused(request, asked, at)
                return view(request, *args, **kwargs)
            if user is None or not user.is_authenticated:
                return refused(request, rule, at)
            found = of(*args, **kwargs)
            if found is None or not rules.test_rule(rule, user, found):
                raise Http404
            if changes and not rules.test_rule(change, user, found):
                raise PermissionDenied(change)
            return view(request, found)

        checked.access_rule = rule  # type: ignore[attr-defined]
        checked.access_of = of  # type: ignore[attr-defined]
        checked.access_change = change  # type: ignore[attr-defined]
        return checked

    return decorate


def refused(request: HttpRequest, rule: str, at: str = "") -> HttpResponse:
    """A signed-out reader is led to sign in and back, with what they wrote kept; anyone else is refused."""
    user = getattr(request, "user", None)
    if at:
        return HttpResponseRedirect(reverse(at))
    if user is None or not user.is_authenticated:
        if request.method in ("GET", "HEAD"):
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        response = redirect_to_login(f"{request.path}?unsent=1", settings.LOGIN_URL)
        if request.method == "POST" and "/desk/" in request.path and unsent.keep(request, response):
            return response
    raise PermissionDenied(rule)


def require(rule: str, user: Any, one: Any = None) -> None:
    """Raise PermissionDenied unless the rule holds. Every action asks it, whatever its caller has asked already."""
    if not (rules.test_rule(rule, user) if one is None else rules.test_rule(rule, user, one)):
        raise PermissionDenied(rule)
