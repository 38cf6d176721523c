"""The shell's own pages: about, style, health, and the mail of an example installation."""

import json
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.directory.queries import points_of
from opinovi.directory.views import shown_point
from opinovi.doors.index import current
from opinovi.network.queries import current_network
from opinovi.site.data_protection import as_shown

MOST_LETTERS = 50


@require_safe
@allow("site.read")
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "site/about.html", {"network": current_network()})


@require_safe
@allow("site.read")
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement that the law asks for (306/2019), made of what the last audit found."""
    told = json.loads((settings.DATA_DIR / "accessibility.json").read_text(encoding="utf-8"))
    context = {"audit": told | {"day": date.fromisoformat(told["day"])}, "network": current_network()}
    return render(request, "site/accessibility.html", context)


@require_safe
@allow("site.read")
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why and how long."""
    return render(request, "site/privacy.html", {"activities": as_shown()})


@require_safe
@allow("site.read")
def without_a_phone(request: HttpRequest) -> HttpResponse:
    """For one who has neither a phone nor an address: where to walk in, the open ones first."""
    network = current_network()
    rows = [shown_point(one, None) for one in points_of(network)] if network else []
    rows.sort(key=lambda one: not one["state"].open)
    return render(request, "site/no_phone.html", {"points": rows[:8]})


@require_safe
@allow("site.read")
def style(request: HttpRequest) -> HttpResponse:
    return render(request, "site/style.html", {"icons": ICONS, "line": [(1, 30), (2, 42), (3, 55), (4, 61)]})


ICONS = (
    "compass", "book", "briefcase", "speech", "coin", "heart", "people", "signpost", "tools", "star", "pencil", "cap",
    "glasses", "screen", "brush", "search", "door", "cloud", "hand", "umbrella", "scales", "rocket", "person",
    "person-young", "phone",
)  # fmt: skip


@require_safe
@allow("site.read")
def health(request: HttpRequest) -> HttpResponse:
    """Whether this host can answer: its database, and a search index that fits its code. 503 where one fails."""
    checks = {"database": database_answers(), "index": current().ready()}
    return JsonResponse({"ok": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


@require_safe
@allow("site.read_mail")
def mail(request: HttpRequest) -> HttpResponse:
    """The letters that an installation without a mail server keeps in a folder, the newest first."""
    folder = settings.OPINOVI_HOME / "mail"
    files = sorted(folder.glob("*.log"), key=lambda one: one.stat().st_mtime, reverse=True) if folder.is_dir() else []
    letters = [letter for one in files[:MOST_LETTERS] for letter in letters_in(one)]
    return render(request, "site/mail.html", {"letters": letters[:MOST_LETTERS]})


def letters_in(path: Path) -> list[dict[str, str]]:
    found = []
    for part in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
        if part.strip():
            letter = message_from_bytes(part.strip(), _class=EmailMessage, policy=policy.default)
            body = letter.get_body()
            text = body.get_content() if body else ""
            found.append(
                {
                    "to": str(letter["to"]),
                    "subject": str(letter["subject"]),
                    "text": text,
                    "date": str(letter["date"]),
                }
            )
    return found
