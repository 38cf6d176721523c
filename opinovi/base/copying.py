"""The whole database out into one file and in again, without its data keys; SQLite and PostgreSQL."""

import shutil
import sqlite3
import zipfile
import zlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from opinovi.base.models import DataKey, Event


def copy_out(target: Path) -> dict[str, int]:
    """A consistent copy while the site runs, with no key in it; gives how many rows each table has in it."""
    return copy_sqlite(target) if connection.vendor == "sqlite" else dump_postgres(target)


def copy_in(source: Path) -> None:
    """In the place of what is there."""
    if connection.vendor == "sqlite":
        restore_sqlite(source)
    else:
        restore_postgres(source)


def look_at(source: Path, vendor: str, rows: dict[str, int]) -> str:
    """What is wrong with a copy that should hold so many rows of each table; nothing where it is whole."""
    if vendor == "sqlite":
        with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as copy:
            [[said]] = copy.execute("PRAGMA integrity_check(1)")
            found = rows_of(copy) if said == "ok" else {}
        copy.close()
        if said != "ok":
            return f"the database file is broken ({said})"
    else:
        try:
            with zipfile.ZipFile(source) as told:
                found = {one: sum(part.count(b"\n") for part in told.open(one)) for one in told.namelist()}
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
            return f"the archive is broken ({error})"
    wrong = sorted(one for one in rows.keys() | found.keys() if rows.get(one) != found.get(one))
    return f"not as many rows as were written in {', '.join(wrong)}" if wrong else ""


def rows_of(copy: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table of a file has."""
    tables = [one for [one] in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {one: copy.execute(f'SELECT COUNT(*) FROM "{one}"').fetchone()[0] for one in tables}


def copy_sqlite(target: Path) -> dict[str, int]:
    with sqlite3.connect(target) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        copy.execute("UPDATE base_datakey SET wrapped = ''")
        copy.commit()
        # What was changed is not left in the file's free pages either.
        copy.execute("VACUUM")
        rows = rows_of(copy)
    copy.close()
    return rows


def dump_postgres(target: Path) -> dict[str, int]:
    """Every table but the data keys as PostgreSQL copies it, of one moment, in one file; needs no other program."""
    rows = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as told, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in connection.introspection.table_names():
            if table == DataKey._meta.db_table:
                continue
            copied = f'COPY "{table}" TO STDOUT'
            with connection.cursor() as cursor, told.open(table, "w", force_zip64=True) as file:
                with cursor.copy(copied) as parts:
                    for part in parts:
                        file.write(part)
                rows[table] = cursor.rowcount
    return rows


def restore_sqlite(source: Path) -> None:
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    connection.close()
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    # Beside it first, then into its place: a restore that is cut short leaves what was there.
    new = target.with_name(target.name + ".new")
    shutil.copy(source, new)
    new.chmod(0o600)
    new.replace(target)


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
