"""Backups that forget: the database without its data keys, and the keys beside it, renewed each time. What was erased
since is erased in every older backup too, since its key is in none of the keys that are kept.

A folder holds `keys.age`, the keys of now, and a folder of each moment: `database.age` and `told.json`, which says what
must be in it and is written last. What ends in .age is sealed (age-encryption.org) to whom `OPINOVI_BACKUP_TO` names.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from opinovi.base import audit, copying
from opinovi.base.clock import now
from opinovi.base.files import put
from opinovi.base.models import DataKey
from opinovi.base.secret import require_the_key

DATABASE, KEYS, TOLD = "database.age", "keys.age", "told.json"
# In the home folder: when a backup was last written.
LAST = "last-backup"
MOMENT = "%Y%m%dT%H%M%S"
# What a room does about rows whose key is gone: each returns how many it forgot.
FORGET_LOST: list[Callable[[], int]] = []


class NotWhole(Exception):
    """A backup that can't be brought back, and why."""


@dataclass(frozen=True)
class Found:
    """A backup that was looked at: when it is of, and how much is in it."""

    at: str
    rows: int
    keys: int


def backup(folder: Path, keep: int = 14) -> Path:
    """Write the database and, after it, the keys that there are now; gives the new folder. At most `keep` are kept.

    The keys are written last, so that there is one for everything in the copy that was not erased meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / now().strftime(MOMENT)
    target.mkdir(mode=0o700, exist_ok=True)
    (target / TOLD).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.OPINOVI_HOME) as aside:
        plain = Path(aside) / "database"
        rows = copying.copy_out(plain)
        seal(plain, target / DATABASE)
        keys = {str(one): wrapped for one, wrapped in DataKey.objects.values_list("id", "wrapped")}
        (Path(aside) / "keys").write_text(json.dumps(keys))
        seal(Path(aside) / "keys", folder / KEYS)
    head = audit.head()
    told = {
        "at": now().isoformat(),
        "vendor": connection.vendor,
        "migrations": migrations(),
        "rows": rows,
        "sha256": digest(target / DATABASE),
        "chain": f"{head.number}:{head.hash}" if head else "",
    }
    put(target / TOLD, json.dumps(told, indent=1))
    # The one just written stays, whatever the clock said when others were.
    others = [one for one in moments(folder) if one != target]
    for old in others[: max(0, len(others) + 1 - keep)]:
        shutil.rmtree(old)
    put(settings.OPINOVI_HOME / LAST, now().isoformat())
    return target


def moments(folder: Path) -> list[Path]:
    """The backups of a folder that were written whole, the oldest first."""
    return sorted(one.parent for one in folder.glob(f"*/{TOLD}"))


def last_backup() -> datetime | None:
    """When a backup was last written from this host."""
    path = settings.OPINOVI_HOME / LAST
    return datetime.fromisoformat(path.read_text()) if path.exists() else None


def migrations() -> list[str]:
    """What the tables were made by."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def seal(source: Path, target: Path) -> None:
    """A file to whom backups are sealed, whole or not at all."""
    new = target.with_suffix(".new")
    new.unlink(missing_ok=True)
    to = [pyrage.x25519.Recipient.from_str(one) for one in settings.BACKUP_TO]
    pyrage.encrypt_file(str(source), str(new), to)
    new.chmod(0o600)
    new.replace(target)


@contextmanager
def opened(path: Path, identity: Path | None) -> Iterator[Path]:
    """A sealed file as it was, for as long as it is needed, in the home folder."""
    own = identity or settings.OPINOVI_HOME / "backup-key"
    if not own.exists():
        raise NotWhole(f"There is no key to open it with: --identity FILE, or {own}.")
    lines = [one.strip() for one in own.read_text().splitlines() if one.startswith("AGE-SECRET-KEY-")]
    with tempfile.TemporaryDirectory(dir=settings.OPINOVI_HOME) as aside:
        plain = Path(aside) / "plain"
        try:
            pyrage.decrypt_file(str(path), str(plain), [pyrage.x25519.Identity.from_str(one) for one in lines])
        except (pyrage.DecryptError, pyrage.IdentityError, OSError) as error:
            raise NotWhole(f"{path.name} can't be opened ({error}).") from error
        yield plain


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def newest(folder: Path) -> tuple[Path, Path]:
    """The backup to take and its keys: the newest of a folder of backups, or the one that is named."""
    if (folder / TOLD).exists():
        return folder, folder.parent / KEYS
    whole = moments(folder)
    if not whole:
        raise NotWhole(f"There is no whole backup in {folder}.")
    return whole[-1], folder / KEYS


def told_of(one: Path) -> dict[str, Any]:
    """What a backup says of itself, after a look at whether its file is the one that was written."""
    told: dict[str, Any] = json.loads((one / TOLD).read_text())
    if not (one / DATABASE).exists() or digest(one / DATABASE) != told["sha256"]:
        raise NotWhole(f"{one.name}/{DATABASE} is not as it was written.")
    return told


def verify(folder: Path, keys: Path | None = None, identity: Path | None = None) -> Found:
    """Open a backup and look at all of it: each table's rows, and that each key opens under the master key. Raises
    NotWhole with what is wrong."""
    one, beside = newest(folder)
    told = told_of(one)
    with opened(one / DATABASE, identity) as plain:
        if wrong := copying.look_at(plain, told["vendor"], told["rows"]):
            raise NotWhole(f"{one.name}: {wrong}")
    with opened(keys or beside, identity) as plain:
        kept: dict[str, str] = json.loads(plain.read_text())
    for wrapped in kept.values():
        require_the_key(wrapped)
    return Found(told["at"], sum(told["rows"].values()), len(kept))


def restore(folder: Path, keys: Path | None = None, identity: Path | None = None) -> int:
    """Put a backup in the place of an empty database, with the newest keys (`keys`, else those beside it), and forget
    what has none of them. Returns how many clients, conversations and bookings were forgotten."""
    one, beside = newest(folder)
    told = told_of(one)
    if told["vendor"] != connection.vendor:
        raise NotWhole(f"It is of {told['vendor']}, and this installation has {connection.vendor}.")
    ours = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
    theirs = set(told["migrations"])
    if theirs - ours or (connection.vendor != "sqlite" and ours != theirs):
        raise NotWhole("It was written by another version: bring it back by that one, then upgrade.")
    with opened(keys or beside, identity) as plain:
        kept: dict[str, str] = json.loads(plain.read_text())
    with opened(one / DATABASE, identity) as plain:
        copying.copy_in(plain)
    return give_keys(kept)


@transaction.atomic
def give_keys(kept: dict[str, str]) -> int:
    """Each row of a key gets its key back; one that has none is deleted, and what it locked is forgotten."""
    there = set(DataKey.objects.values_list("id", flat=True))
    rows = [DataKey(id=UUID(one), wrapped=wrapped) for one, wrapped in kept.items() if UUID(one) in there]
    DataKey.objects.bulk_update(rows, ["wrapped"], batch_size=500)
    DataKey.objects.filter(wrapped="").delete()
    return sum(forget() for forget in FORGET_LOST)
