"""A door code is opened, and who came by it asks or books: counted by steps, without knowing who."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.outreach.models import Arrival, OutreachAction

COOKIE = "via"
OPENED = "open_code"
# However long a browser stays open, a shared computer forgets by whom it was brought.
HOURS = 12


def remember(response: HttpResponse, action: OutreachAction) -> HttpResponse:
    """Let the browser know by which code it came; nothing else."""
    response.set_signed_cookie(
        COOKIE, action.code, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@transaction.atomic
def count_opened(action: OutreachAction) -> None:
    """One Event, and nothing of who it was: how often a code was opened is counted from them."""
    record(OPENED, "outreach", action.id)


@transaction.atomic
def note_arrival(request: HttpRequest, kind: str, subject_id: UUID) -> None:
    """Somebody asked, booked or joined: if a code brought this browser, it counts for it, once."""
    code = request.get_signed_cookie(COOKIE, default="", max_age=HOURS * 3600)
    action = OutreachAction.objects.filter(code=code).first() if code else None
    if action is None:
        return
    _one, new = Arrival.objects.get_or_create(
        kind=kind, subject_id=subject_id, defaults={"action": action, "day": today()}
    )
    if new:
        record("arrive", "outreach", action.id, kind=kind)
