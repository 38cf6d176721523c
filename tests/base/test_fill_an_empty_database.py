"""An empty database is filled at once, with what migrating it step by step makes."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from opinovi.base import schema


def opinovi(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | environment
    return subprocess.run(
        [sys.executable, "-m", "opinovi", *command], env=told, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_what_is_written_is_of_the_migrations_as_they_are(vendor: str) -> None:
    """Saying them all again takes half a minute (`opinovi schema --check`); that they have not changed since, none."""
    told = json.loads((schema.FOLDER / f"{vendor}.json").read_text(encoding="utf-8"))
    assert told["migrations"] == schema.migrations_there(connection) and told["made_of"] == schema.made_of(), (
        "The migrations have changed. Write the schema anew: make schema"
    )


@pytest.mark.sqlite
def test_it_is_written_from_an_empty_database_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "opinovi.sqlite3") as there:
        there.execute("CREATE TABLE something (id INTEGER)")
    done = opinovi("schema", "--check", OPINOVI_HOME=str(tmp_path))
    assert done.returncode != 0 and "not empty" in done.stderr


@pytest.mark.django_db
def test_a_database_with_tables_is_left_as_it_is() -> None:
    assert schema.fill(connection) is False


@pytest.mark.django_db
def test_with_other_migrations_than_those_written_they_are_taken_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.loads(schema.file_of(connection).read_text(encoding="utf-8"))
    (tmp_path / f"{connection.vendor}.json").write_text(json.dumps(told | {"migrations": told["migrations"][1:]}))
    monkeypatch.setattr(schema, "FOLDER", tmp_path)
    monkeypatch.setattr(type(connection.introspection), "table_names", lambda self: [])
    with schema.listening(connection) as said:
        assert schema.fill(connection) is False
    assert said == []


@pytest.mark.django_db
def test_all_is_migrated() -> None:
    call_command("migrate", "--check", verbosity=0)
