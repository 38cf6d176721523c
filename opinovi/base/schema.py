"""An empty database is filled at once with what migrating it step by step makes; later changes are migrated as ever.

`schemas/{sqlite,postgresql}.json` holds what the migrations said to an empty database: which migrations, a hash of what
stands in them and of what spoke for them, and the statements in their order. `opinovi schema` writes it anew; a test
sees that it was written since the last of them changed, and `opinovi schema --check` says them all again and compares.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django import get_version
from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

FOLDER = Path(__file__).parent / "schemas"
# What only asks, or has no meaning when it is said again.
UNSAID = ("SELECT", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "EXPLAIN")
Statement = list[Any]


def file_of(connection: BaseDatabaseWrapper) -> Path:
    return FOLDER / f"{connection.vendor}.json"


def migrations_there(connection: BaseDatabaseWrapper) -> list[str]:
    """Every migration of the installed libraries and of the project, by name."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations)


def made_of() -> str:
    """A hash of the project's migrations, word by word, and of the version of what turns them into statements."""
    told = hashlib.sha256(get_version().encode())
    for app, name in sorted(MigrationLoader(None).disk_migrations):
        if apps.get_app_config(app).name.startswith("opinovi."):
            module = import_module(f"{apps.get_app_config(app).name}.migrations.{name}")
            told.update(Path(str(module.__file__)).read_bytes())
    return told.hexdigest()


@contextmanager
def listening(connection: BaseDatabaseWrapper) -> Iterator[list[Statement]]:
    """Everything said to the database meanwhile that changes it, as [statement, parameters]."""
    said: list[Statement] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        word = sql.split(None, 1)[0].upper()
        # What changed no row of an empty database says nothing to another.
        if word not in UNSAID and not (word in ("UPDATE", "DELETE") and context["cursor"].rowcount < 1):
            said.append([sql, None if params is None else [plain(one) for one in params]])
        return done

    with connection.execute_wrapper(listen):
        yield said


def plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def fill(connection: BaseDatabaseWrapper) -> bool:
    """Fill an empty database. Returns whether it did: not where there is a table, nor where the file is of other
    migrations than those that are there; then they are taken step by step."""
    path = file_of(connection)
    if not path.exists() or connection.introspection.table_names():
        return False
    told = json.loads(path.read_text(encoding="utf-8"))
    if told["migrations"] != migrations_there(connection) or told["made_of"] != made_of():
        return False
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for sql, params in told["statements"]:
            cursor.execute(sql, params)
    return True
