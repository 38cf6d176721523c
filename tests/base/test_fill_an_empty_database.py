"""An empty database is filled at once, with exactly what migrating it step by step makes."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from opinovi.base import schema


def opinovi(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | environment
    return subprocess.run(
        [sys.executable, "-m", "opinovi", *command], env=told, capture_output=True, text=True, check=False
    )


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database beside the one in use, by its settings."""
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        yield {"OPINOVI_HOME": str(tmp_path)}
        return
    before, question, after = address.partition("?")
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("CREATE DATABASE stepped")
        try:
            other = before.rsplit("/", 1)[0] + "/stepped" + question + after
            yield {"OPINOVI_HOME": str(tmp_path), "DATABASE_URL": other}
        finally:
            server.execute("DROP DATABASE stepped WITH (FORCE)")


def test_what_is_written_is_what_the_migrations_say(empty: dict[str, str]) -> None:
    done = opinovi("schema", "--check", **empty)
    assert done.returncode == 0, done.stderr


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
