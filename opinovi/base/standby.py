"""Pages of the directory may be read of a standby, a moment behind the primary, where nobody can notice: by visitors
who have no session and change nothing. All else, and all of it while no standby answers, goes to the primary."""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)
STANDBY = "standby"
# The rooms whose pages show what stands in the directory and nothing of a person.
ROOMS = ("opinovi.doors.", "opinovi.directory.public.", "opinovi.directory.views.")
RECORDS = "services organizations locations service_at_locations taxonomies taxonomy_terms ptv".split()
API = tuple(f"/api/{name}" for name in RECORDS)
# How long, in seconds, one that did not answer is left alone.
REST = 10.0
reading: ContextVar[bool] = ContextVar("reading", default=False)


class Router:
    """Reads of such a page go to the standby; writes, and reads to write, never."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return STANDBY if reading.get() else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        # What is read after a write has to be what was written.
        reading.set(False)
        return "default"

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"


class ReadOfStandby:
    """Says of each request whether it may be read of the standby."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if STANDBY not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.down_until = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = reading.set(False)
        try:
            return self.get_response(request)
        finally:
            reading.reset(token)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any) -> None:
        if request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            room = getattr(view, "__module__", "") + "."
            public = room.startswith(ROOMS) or request.path_info.startswith(API)
            reading.set(public and self.answers())

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A standby that went away in the middle of a page: the page is asked again, of the primary."""
        match = request.resolver_match
        if not (reading.get() and isinstance(error, (OperationalError, InterfaceError)) and match):
            return None
        log.warning("the standby went away: the page is read of the primary")
        reading.set(False)
        connections[STANDBY].close()
        self.down_until = time.monotonic() + REST
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response

    def answers(self) -> bool:
        """Whether the standby can be asked now; one that is gone is asked again after a rest."""
        if time.monotonic() < self.down_until:
            return False
        try:
            connections[STANDBY].ensure_connection()
            if not connections[STANDBY].is_usable():
                connections[STANDBY].close()
                connections[STANDBY].ensure_connection()
        except OperationalError:
            log.warning("the standby does not answer: all is read of the primary")
            self.down_until = time.monotonic() + REST
            return False
        return True
