"""Backups that forget: the database without its data keys, and the keys beside it, renewed each time. What was erased
since is erased in every older backup too, since its key is in none of the keys that are kept."""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from opinovi.base.clock import now
from opinovi.base.models import DataKey, Event

DATABASE, KEYS = "database", "keys.json"
# In the home folder: when a backup was last written.
LAST = "last-backup"
# What a room does about rows whose key is gone: each returns how many it forgot.
FORGET_LOST: list[Callable[[], int]] = []


def backup(folder: Path) -> int:
    """Write the database and, after it, the keys that there are now. Returns how many keys there are.

    The keys are written last, so that there is one for everything in the copy that was not erased meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = copy_sqlite if connection.vendor == "sqlite" else dump_postgres
    copy(folder / DATABASE)
    keys = {str(one): wrapped for one, wrapped in DataKey.objects.values_list("id", "wrapped")}
    put(folder / KEYS, json.dumps(keys))
    put(settings.OPINOVI_HOME / LAST, now().isoformat())
    return len(keys)


def last_backup() -> datetime | None:
    """When a backup was last written from this host."""
    path = settings.OPINOVI_HOME / LAST
    return datetime.fromisoformat(path.read_text()) if path.exists() else None


def put(path: Path, text: str) -> None:
    """Whole or not at all, and only for its owner."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.chmod(0o600)
    new.replace(path)


def copy_sqlite(target: Path) -> None:
    """A consistent copy while the site runs, with no key in it."""
    new = target.with_suffix(".new")
    new.unlink(missing_ok=True)
    with sqlite3.connect(new) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        copy.execute("UPDATE base_datakey SET wrapped = ''")
        copy.commit()
        # What was changed is not left in the file's free pages either.
        copy.execute("VACUUM")
    copy.close()
    new.chmod(0o600)
    new.replace(target)


def dump_postgres(target: Path) -> None:
    """Every table but the data keys as PostgreSQL copies it, of one moment, in one file; needs no other program."""
    new = target.with_suffix(".new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as told, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in connection.introspection.table_names():
            if table == DataKey._meta.db_table:
                continue
            copied = f'COPY "{table}" TO STDOUT'
            with connection.cursor() as cursor, told.open(table, "w", force_zip64=True) as file:  # noqa: SIM117
                with cursor.copy(copied) as rows:
                    for part in rows:
                        file.write(part)
    new.chmod(0o600)
    new.replace(target)


def restore(folder: Path, keys: Path | None = None) -> int:
    """Put a backup in the place of an empty database, with the newest keys (`keys`, else those beside it), and forget
    what has none of them. Returns how many clients, conversations and bookings were forgotten."""
    kept: dict[str, str] = json.loads((keys or folder / KEYS).read_text())
    if connection.vendor == "sqlite":
        restore_sqlite(folder / DATABASE)
    else:
        restore_postgres(folder / DATABASE)
    return give_keys(kept)


def restore_sqlite(source: Path) -> None:
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    connection.close()
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.copy(source, target)
    target.chmod(0o600)


def restore_postgres(source: Path) -> None:
    """The tables as this version of the code makes them, then every row, then the ids of the keys that rows ask for:
    PostgreSQL holds the rows to each other at the end. A backup is brought back by the version that wrote it."""
    call_command("migrate", verbosity=0)
    with zipfile.ZipFile(source) as told, transaction.atomic(), connection.cursor() as cursor:
        tables = [one for one in connection.introspection.table_names(cursor) if one in told.namelist()]
        names = ", ".join(f'"{one}"' for one in [*tables, DataKey._meta.db_table])
        cursor.execute(f'ALTER TABLE "{Event._meta.db_table}" DISABLE TRIGGER USER')
        cursor.execute(f"TRUNCATE {names} CASCADE")
        for table in tables:
            with cursor.copy(f'COPY "{table}" FROM STDIN') as rows, told.open(table) as file:
                while part := file.read(1 << 20):
                    rows.write(part)
        for table, column in key_fields():
            cursor.execute(
                f'INSERT INTO base_datakey (id, wrapped) SELECT "{column}", \'\' FROM "{table}" '
                f'WHERE "{column}" IS NOT NULL ON CONFLICT DO NOTHING'
            )
        for line in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models(include_auto_created=True))):
            cursor.execute(line)
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{Event._meta.db_table}" ENABLE TRIGGER USER')


def key_fields() -> list[tuple[str, str]]:
    """Every table's column that names a data key."""
    return [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is DataKey
    ]


@transaction.atomic
def give_keys(kept: dict[str, str]) -> int:
    """Each row of a key gets its key back; one that has none is deleted, and what it locked is forgotten."""
    there = set(DataKey.objects.values_list("id", flat=True))
    rows = [DataKey(id=UUID(one), wrapped=wrapped) for one, wrapped in kept.items() if UUID(one) in there]
    DataKey.objects.bulk_update(rows, ["wrapped"], batch_size=500)
    DataKey.objects.filter(wrapped="").delete()
    return sum(forget() for forget in FORGET_LOST)
