"""What a version changes in the tables can be changed back, and forwards again, with the rows that are there.

Under load, on both databases: bench/upgrade.py."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

# Each room's newest change back and forth, where something lies in the tables.
THERE_AND_BACK = """
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from opinovi.base.models import DataKey
from opinovi.network.models import Network, Organisation
house = Organisation.objects.create(name={"fi": "Talo"})
Network.objects.create(slug="koe", name={"fi": "Koe"}, coordinator=house)
DataKey.objects.create()
executor = MigrationExecutor(connection)
graph = executor.loader.graph
own = {one.label for one in apps.get_app_configs() if one.name.startswith("opinovi.")}
before = [one.key for leaf in graph.leaf_nodes() if leaf[0] in own for one in graph.node_map[leaf].parents if one.key[0] == leaf[0]]
assert len(before) > 8
executor.migrate(before)
executor = MigrationExecutor(connection)
executor.migrate(executor.loader.graph.leaf_nodes())
assert Network.objects.filter(slug="koe").exists() and DataKey.objects.count() == 1
"""


def test_every_change_can_be_taken_back() -> None:
    own = {one.label for one in apps.get_app_configs() if one.name.startswith("opinovi.")}
    found = {key: one for key, one in MigrationLoader(None).disk_migrations.items() if key[0] in own}
    assert len(found) > 30
    assert [
        f"{app}.{name}" for (app, name), one in found.items() for each in one.operations if not each.reversible
    ] == []


def described(home: Path) -> list[str]:
    """Every table and index, as the database tells of them."""
    with sqlite3.connect(home / "opinovi.sqlite3") as there:
        rows = there.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        return sorted(str(row) for row in rows)


@pytest.mark.sqlite
def test_there_and_back_again_all_is_as_it_was(tmp_path: Path) -> None:
    environment = {**os.environ, "OPINOVI_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)

    def opinovi(*command: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "opinovi", *command], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    opinovi("migrate")
    before = described(tmp_path)
    opinovi("shell", "-v0", "--no-imports", "-c", THERE_AND_BACK)
    assert described(tmp_path) == before and len(before) > 200
