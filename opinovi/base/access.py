"""Every view names its rule; a view without one does not answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def allow(rule: str) -> Callable[[View], View]:
    """Let a view answer only where `rule` (declared in a room's access.py) holds for the request's user."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rules.test_rule(rule, getattr(request, "user", None)):
                raise PermissionDenied(rule)
            return view(request, *args, **kwargs)

        checked.access_rule = rule  # type: ignore[attr-defined]
        return checked

    return decorate
