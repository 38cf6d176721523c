"""A backup is brought back, and what was erased after it was made stays erased; the master key is changed while the
site runs, and nothing becomes unreadable."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).parents[2]
# Made, asked and changed by the project's own commands, as an operator would, each in a process of its own.
MAKE = """
from tests.journeys.pressing import example
from tests.journeys.guiding import begin, sent
from opinovi.network.models import Person
from opinovi.journeys.actions import notes, plans
example()
oona = Person.objects.get(email="oona@example.example")
for name in ("Pysyvä Merkki", "Katoava Merkki"):
    client = begin(oona, name=name, mail=f"{name.split()[0].lower()}@merkki.example", need=f"{name} tarve")
    notes.write_note(Person.objects.get(id=oona.id), client, "journey", f"{name} muistio")
    plans.add_goal(Person.objects.get(id=oona.id), client, f"{name} tavoite")
    sent(Person.objects.get(id=oona.id), client, why=f"{name} syy")
"""
ERASE = """
from opinovi.journeys.models import Client
from opinovi.journeys.actions import erasing
[erasing.erase(one) for one in Client.objects.all() if one.told().get("name", "").startswith("Katoava")]
"""
TELL = """
import json
from opinovi.journeys.models import Client, Consent, Note, Referral
from opinovi.network.models import Person
def told(one):
    return [one.told(), [one.unlock(n.locked) for n in one.notes.all()], [one.unlock(g.locked) for g in one.goals.all()],
            [r.words for r in one.referrals.all()]]
print(json.dumps({"names": sorted(str(one.told().get("name", "")) for one in Client.objects.all()),
    "all": json.dumps([told(one) for one in Client.objects.all()], ensure_ascii=False),
    "states": sorted(Client.objects.values_list("state", flat=True)),
    "accounts": Person.objects.filter(email__endswith="@client.invalid").count(),
    "left": Note.objects.count() + Consent.objects.exclude(locked="").count()}))
"""


def own_postgres() -> str:
    """A new database on the PostgreSQL of the tests; none on SQLite."""
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        return ""
    import psycopg

    name = f"backup_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"'.encode())
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


class Site:
    """An installation of its own, asked by the project's commands."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "OPINOVI_HOME": str(home), "PYTHONPATH": str(ROOT)}
        self.new_database()

    def new_database(self) -> None:
        if address := own_postgres():
            self.environment["DATABASE_URL"] = address

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "opinovi", *command], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-1500:]
        return done.stdout

    def do(self, code: str) -> str:
        return self.run("shell", "--no-imports", "-c", code)

    def told(self) -> dict[str, object]:
        return json.loads(self.do(TELL))

    def bytes(self) -> bytes:
        """All that lies in the installation's folder but its master key."""
        return b"".join(one.read_bytes() for one in self.home.rglob("*") if one.is_file() and one.name != "master-key")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One for all: each test leaves it readable for the next."""
    home = tmp_path_factory.mktemp("home")
    site = Site(home)
    site.run("migrate", "--verbosity", "0")
    site.do(MAKE)
    return site


def test_a_backup_opens_nothing_by_itself(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    site.run("backup", str(folder))
    database = (folder / "database").read_bytes()
    keys = json.loads((folder / "keys.json").read_text())
    assert len(keys) >= 2 and b"Merkki" not in database
    assert not [one for one in keys.values() if one.encode() in database]
    assert oct((folder / "keys.json").stat().st_mode & 0o777) == "0o600"


def test_the_master_key_changes_and_all_is_read_as_before(site: Site) -> None:
    before, key = site.told(), (site.home / "master-key").read_text().strip()
    assert "0 under an old key" in site.run("keys", "rotate")
    now = (site.home / "master-key").read_text().split()
    assert len(now) == 2 and now[1] == key and site.told() == before
    site.run("keys", "drop")
    assert (site.home / "master-key").read_text().split() == now[:1] and site.told() == before


def test_what_was_erased_stays_erased_in_an_older_backup(site: Site, tmp_path: Path) -> None:
    assert site.told()["names"] == ["Katoava Merkki", "Pysyvä Merkki"]
    old, new = tmp_path / "old", tmp_path / "new"
    site.run("backup", str(old))
    site.do(ERASE)
    after = site.told()
    assert after["names"] == ["", "Pysyvä Merkki"] and "Katoava" not in str(after["all"])
    assert after["states"] == ["active", "erased"] and after["accounts"] == 1
    assert b"Katoava" not in site.bytes() and b"katoava@" not in site.bytes()
    site.run("backup", str(new))
    # The older database, the newest keys: the one comes back whole, the other does not come back at all.
    site.new_database()
    site.run("restore", str(old), "--keys", str(new / "keys.json"))
    back = site.told()
    assert back == after
    assert "Pysyvä Merkki muistio" in str(back["all"]) and "Pysyvä Merkki syy" in str(back["all"])


def test_every_sealed_column_is_known_to_who_changes_the_key() -> None:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name in ("sealed", "wrapped") and isinstance(field, (models.TextField, models.CharField)):
                assert field.name in getattr(model, "SEALED", {}), model
