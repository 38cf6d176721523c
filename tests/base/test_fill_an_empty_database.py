"""An empty database is filled at once, with exactly what migrating it step by step makes."""

import json
import os
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


@pytest.mark.sqlite
def test_what_is_written_is_what_the_migrations_say(tmp_path: Path) -> None:
    done = opinovi("schema", "--check", OPINOVI_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif("postgres" not in os.environ.get("DATABASE_URL", ""), reason="of PostgreSQL")
def test_what_is_written_for_postgresql_is_what_the_migrations_say(tmp_path: Path) -> None:
    import psycopg

    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("CREATE DATABASE stepped")
        try:
            before, question, after = address.partition("?")
            other = before.rsplit("/", 1)[0] + "/stepped" + question + after
            done = opinovi("schema", "--check", OPINOVI_HOME=str(tmp_path), DATABASE_URL=other)
            assert done.returncode == 0, done.stderr
        finally:
            server.execute("DROP DATABASE stepped WITH (FORCE)")


@pytest.mark.sqlite
def test_it_is_written_from_an_empty_database_alone(tmp_path: Path) -> None:
    assert opinovi("migrate", "--verbosity", "0", OPINOVI_HOME=str(tmp_path)).returncode == 0
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
