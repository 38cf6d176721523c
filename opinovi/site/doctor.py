"""What is wrong with an installation, and what to do about it: each check looks at one thing and says so in words."""

import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from opinovi.base import audit, storage
from opinovi.base.backup import last_backup
from opinovi.base.clock import now
from opinovi.base.models import DataKey, Event, Letter
from opinovi.base.secret import data_key
from opinovi.doors.index import current
from opinovi.interchange.models import Hook, Run, RunState

LEAST_BYTES = 1_000_000_000
# How long what waits may wait before somebody should look.
PATIENCE = timedelta(minutes=10)
BACKUP_EVERY = timedelta(days=2)
MOST_OFF = 5.0


@dataclass(frozen=True)
class Finding:
    """How one thing is: well, to be looked at, or wrong; and what to do."""

    how: Literal["well", "look", "wrong"]
    what: str
    do: str = ""


Check = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """All findings, in order. One that can't be made is a finding too; without a database the others are not asked."""
    found: list[Finding] = []
    for check in CHECKS:
        try:
            found += list(check())
        except Exception as error:
            found.append(Finding("wrong", f"{check.__name__} could not be looked at ({error})", "See the log."))
        if check is database and found[-1].how == "wrong":
            break
    return found


def database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding(
            "wrong", f"The database does not answer ({error}).", "Start it, and see that DATABASE_URL is right."
        )
        return
    if waiting:
        yield Finding("wrong", f"{len(waiting)} migrations are not run.", "opinovi migrate")
    else:
        yield Finding("well", f"The database answers ({connection.vendor}), and its tables are of this version.")


def clock() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        [theirs] = cursor.fetchone()
    off = abs((theirs - timezone.now()).total_seconds())
    if off > MOST_OFF:
        yield Finding("wrong", f"This host's clock is {off:.0f} s from the database's.", "Let both keep time by NTP.")


def master_key() -> Iterator[Finding]:
    wrapped = DataKey.objects.exclude(wrapped="").values_list("wrapped", flat=True).first()
    try:
        if wrapped:
            data_key(wrapped)
    except InvalidTag:
        yield Finding(
            "wrong", "The master key does not open what was sealed.", "Put the right one back: OPINOVI_MASTER_KEYS."
        )
        return
    yield Finding("well", "The master key opens what was sealed.")


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.OPINOVI_HOME).free
    if free < LEAST_BYTES:
        yield Finding(
            "wrong", f"{free / 1e6:.0f} MB are free in {settings.OPINOVI_HOME}.", "Make room before it is full."
        )
    else:
        yield Finding("well", f"{free / 1e9:.0f} GB are free.")


def worker() -> Iterator[Finding]:
    late = now() - PATIENCE
    tasks = DBTaskResult.objects.filter(status="READY", enqueued_at__lt=late).count()
    letters = Letter.objects.filter(state=Letter.State.WAITING, next_try_at__lt=late).count()
    if tasks or letters:
        yield Finding(
            "wrong", f"{tasks} tasks and {letters} letters have waited for over {PATIENCE.seconds // 60} minutes.",
            "Start a worker: opinovi worker, or opinovi serve, which has one.",
        )  # fmt: skip
    else:
        yield Finding("well", "The worker keeps up.")
    failed = Letter.objects.filter(state=Letter.State.FAILED, created_at__gt=now() - timedelta(days=1)).count()
    if failed:
        yield Finding(
            "look", f"{failed} letters failed within a day.", "See Väki → Viestit, jotka eivät menneet perille."
        )


def mail() -> Iterator[Finding]:
    host = getattr(settings, "SMTP_HOST", "")
    if not host:
        how: Literal["look", "well"] = "look" if settings.PRODUCTION else "well"
        yield Finding(how, "Mail goes to a folder, not to people.", "Set OPINOVI_SMTP_HOST.")
        return
    try:
        socket.create_connection((host, settings.EMAIL_PORT), timeout=5).close()
    except OSError as error:
        yield Finding(
            "wrong", f"The mail server {host}:{settings.EMAIL_PORT} does not answer ({error}).", "See OPINOVI_SMTP_*."
        )
        return
    yield Finding("well", "The mail server answers.")


def index() -> Iterator[Finding]:
    if current().ready():
        yield Finding("well", "The search index is there and fits this version.")
    else:
        yield Finding("wrong", "The search index is missing or of another version.", "opinovi index")


def backups() -> Iterator[Finding]:
    last = last_backup()
    if last is None:
        yield Finding("look", "No backup has been written from this host.", "opinovi backup FOLDER, each night.")
    elif last < now() - BACKUP_EVERY:
        yield Finding("wrong", f"The last backup is of {last:%Y-%m-%d %H:%M}.", "See why the nightly one fails.")
    else:
        yield Finding("well", f"The last backup is of {last:%Y-%m-%d %H:%M}.")

    if settings.PRODUCTION and (settings.OPINOVI_HOME / "backup-key").exists():
        yield Finding(
            "look", "The key that opens backups lies beside the data.", "Keep it elsewhere, and set OPINOVI_BACKUP_TO."
        )


def log_of_events() -> Iterator[Finding]:
    last = audit.head()
    behind = Event.objects.filter(seq__gt=last.last if last else 0, at__lt=now() - timedelta(hours=2)).exists()
    if behind:
        yield Finding(
            "look", "Events of over two hours ago are not chained.", "opinovi audit chain; is there a worker?"
        )
    elif last is not None:
        yield Finding("well", f"The log of Events is chained: {last}.")


def sources() -> Iterator[Finding]:
    newest = Run.objects.filter(feed=OuterRef("feed")).order_by("-began_at").values("id")[:1]
    last = Run.objects.filter(feed__ended_at=None, id=Subquery(newest)).select_related("feed")
    for run in last.filter(state__in=[RunState.FAILED, RunState.HELD]).order_by("feed__name"):
        yield Finding(
            "look", f"The source {run.feed.name} is {run.state} ({run.why}).", "See Verkosto yhdessä → Lähteet."
        )
    paused = Hook.objects.exclude(paused_at=None).filter(ended_at=None).count()
    if paused:
        yield Finding(
            "look", f"{paused} addresses that are told of changes have not answered for days.", "Tell their keepers."
        )


def files() -> Iterator[Finding]:
    if not settings.FILES:
        return
    try:
        gone = storage.missing()
    except (storage.Away, ImproperlyConfigured) as error:
        yield Finding("wrong", f"The store of files does not answer ({error}).", "See OPINOVI_FILES, and its keys.")
        return
    if gone:
        yield Finding("wrong", f"{len(gone)} files are not in their store.", "Bring them back there from its copies.")
    else:
        yield Finding("well", "Every file that people sent is in its store.")


def settings_of_production() -> Iterator[Finding]:
    if not settings.PRODUCTION:
        yield Finding("look", "This is not set as production.", "Set OPINOVI_PRODUCTION=1 where people use it.")
        return
    if not settings.BASE_URL.startswith("https://"):
        yield Finding("wrong", f"The address is {settings.BASE_URL}.", "Serve over TLS, and set OPINOVI_BASE_URL.")
    if settings.EXAMPLE:
        yield Finding("wrong", "Invented people can sign in with one click.", "Leave OPINOVI_EXAMPLE out.")


CHECKS: tuple[Check, ...] = (
    database, clock, master_key, disk, worker, mail, index, backups, files, log_of_events, sources,
    settings_of_production,
)  # fmt: skip
