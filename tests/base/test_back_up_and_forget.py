"""A backup is brought back, and what was erased after it was made stays erased; the master key is changed while the
site runs, and nothing becomes unreadable; a drill: back up while people write, lose everything, bring it back."""

import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from django.apps import apps
from django.db import models

from opinovi.base.backup import DATABASE, KEYS, TOLD, moments, opened
from tests.base.own import own_postgres

pytestmark = pytest.mark.both
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
WORDS = """
import json
from opinovi.contact.models import Enquiry
print(json.dumps([one.told().get("subject") for one in Enquiry.objects.exclude(once=None)], ensure_ascii=False))
"""
BREAK = """
import base64, json
from pathlib import Path
import pyrage
from django.test import override_settings
from opinovi.base.backup import DATABASE, TOLD, moments, restore, verify
folder, said = Path("FOLDER"), {}
def why(what, do):
    try:
        do()
        said[what] = ""
    except Exception as error:
        said[what] = str(error) or type(error).__name__
[one] = moments(folder)
other = folder.parent / "other"
other.write_text(str(pyrage.x25519.Identity.generate()))
why("opened by another", lambda: verify(folder, identity=other))
with override_settings(MASTER_KEY_FILE="", MASTER_KEYS=[base64.urlsafe_b64encode(b"x" * 32).decode()]):
    why("another master key", lambda: verify(folder))
told = json.loads((one / TOLD).read_text())
(one / TOLD).write_text(json.dumps(told | {"rows": told["rows"] | {"base_event": 0}}))
why("rows that are missing", lambda: verify(folder))
(one / TOLD).write_text(json.dumps(told | {"migrations": [*told["migrations"], "base.9999_of_tomorrow"]}))
why("of tomorrow's version", lambda: restore(folder))
(one / TOLD).write_text(json.dumps(told))
whole = (one / DATABASE).read_bytes()
(one / DATABASE).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
why("a byte that fell over", lambda: verify(folder))
why("the same, to be brought back", lambda: restore(folder))
print(json.dumps(said))
"""
COUNTED = """
import json
from django.db import connection
with connection.cursor() as cursor:
    def count(table):
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        return cursor.fetchone()[0]
    print(json.dumps({one: count(one) for one in connection.introspection.table_names() if one != "base_datakey"}))
"""
SENT = {"Cookie": "csrftoken=" + "c" * 32, "X-CSRFToken": "c" * 32}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(address: str) -> None:
    """Until it answers: each try waits for as long as a connection takes."""
    transport = httpx.HTTPTransport(retries=12)
    with httpx.Client(transport=transport) as client:
        assert client.get(address).status_code == 200


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

    def fails(self, *command: str, **changes: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "opinovi", *command], cwd=ROOT, env={**self.environment, **changes},
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr[-1500:]
        return done.stderr

    def do(self, code: str) -> str:
        return self.run("shell", "--no-imports", "-c", code)

    def told(self) -> dict[str, object]:
        return json.loads(self.do(TELL))

    def restore(self, folder: Path, *command: str) -> str:
        """With the home folder's keys, into a new database."""
        self.new_database()
        return self.run("restore", str(folder), *command)

    def bytes(self) -> bytes:
        """All that lies in the installation's folder but its keys."""
        lying = (one for one in self.home.rglob("*") if one.is_file() and one.name not in ("master-key", "backup-key"))
        return b"".join(one.read_bytes() for one in lying)


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
    [one] = moments(folder)
    for sealed in (one / DATABASE, folder / KEYS):
        assert sealed.read_bytes().startswith(b"age-encryption.org/v1") and sealed.stat().st_mode & 0o777 == 0o600
    # Nor is a key of a person's in the database that whoever has the backup key sees.
    with opened(folder / KEYS, site.home / "backup-key") as plain:
        keys = json.loads(plain.read_text())
    with opened(one / DATABASE, site.home / "backup-key") as plain:
        database = plain.read_bytes()
    assert len(keys) >= 2 and b"Merkki" not in database
    assert not [one for one in keys.values() if one.encode() in database]
    assert not [one for one in site.home.rglob("*") if "plain" in one.name]


def test_a_backup_says_whether_it_is_whole(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    site.run("backup", str(folder))
    assert re.search(r"Whole: of .*, \d+ rows, \d+ keys that the master key opens", site.run("verify", str(folder)))
    said = json.loads(site.do(BREAK.replace("FOLDER", str(folder))))
    assert "can't be opened" in said["opened by another"] and said["another master key"] == "InvalidTag"
    # Though the file is sealed as it was told.
    assert "not as many rows as were written in base_event" in said["rows that are missing"]
    assert "another version" in said["of tomorrow's version"]
    for what in ("a byte that fell over", "the same, to be brought back"):
        assert "is not as it was written" in said[what]
    # A backup that was cut off before its end.
    [one] = moments(folder)
    (one / TOLD).unlink()
    assert "no whole backup" in site.fails("restore", str(folder))
    assert site.told()["names"] == ["Katoava Merkki", "Pysyvä Merkki"]


def test_only_so_many_backups_are_kept_and_one_set_of_keys(tmp_path: Path, site: Site) -> None:
    folder = tmp_path / "copies"
    # Two that are old, and one that a clock that was wrong wrote far ahead.
    for moment in ("20010101T020000", "20020101T020000", "29990101T020000"):
        (folder / moment).mkdir(parents=True)
        (folder / moment / TOLD).write_text("{}")
    site.run("backup", str(folder), "--keep", "2")
    names = [one.name for one in moments(folder)]
    assert len(names) == 2 and "20010101T020000" not in names and "20020101T020000" not in names
    [new] = [one for one in moments(folder) if one.name != "29990101T020000"]
    assert (new / DATABASE).exists() and len([*folder.glob("**/keys.age")]) == 1
    site.run("backup", str(folder), "--keep", "1")
    [last] = moments(folder)
    assert (last / DATABASE).exists()


def test_the_drill(tmp_path: Path) -> None:
    """People write while it is backed up; the machine is lost; all that was answered before is there again."""
    site = Site(tmp_path / "home")
    site.run("migrate", "--verbosity", "0")
    site.do(MAKE)
    site.run("index")
    folder, address = tmp_path / "backups", f"http://127.0.0.1:{(port := free_port())}"
    said: list[str] = []
    enough, stop = threading.Event(), threading.Event()

    def write() -> None:
        for count in itertools.count():
            if stop.is_set():
                return
            once, words = str(uuid4()), f"Harjoitus {count} kelpaa"
            form = {"text": words, "wish": "here", "language": "fi", "sure": "1", "once": once}
            if httpx.post(f"{address}/ask", data=form, headers=SENT, timeout=30).status_code == 302:
                said.append(words)
            if len(said) == 5:
                enough.set()

    command = [sys.executable, "-m", "opinovi", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=site.environment, start_new_session=True, stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(f"{address}/-/health")
            person = threading.Thread(target=write)
            person.start()
            assert enough.wait(60)
            before = len(said)
            site.run("backup", str(folder))
            stop.set()
            person.join()
        finally:
            os.killpg(server.pid, signal.SIGKILL)
    assert len(said) >= before >= 5
    site.run("verify", str(folder))
    master, secret = (site.home / "master-key").read_text(), (site.home / "backup-key").read_text()
    shutil.rmtree(site.home)
    # A new machine: the two keys from where they are kept, and the newest backup.
    site.home.mkdir()
    (site.home / "master-key").write_text(master)
    (tmp_path / "identity").write_text(secret)
    site.restore(folder, "--identity", str(tmp_path / "identity"))
    words = json.loads(site.do(WORDS))
    assert set(said[:before]) <= set(words) <= set(said) | {None} and len(words) == len(set(words))
    assert "are as they were" in site.run("audit", "verify")
    told = json.loads((moments(folder)[-1] / TOLD).read_text())
    assert json.loads(site.do(COUNTED)) == {
        one: rows for one, rows in told["rows"].items() if one not in ("base_datakey", "sqlite_sequence")
    }


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
    site.restore(old, "--keys", str(new / KEYS))
    back = site.told()
    assert back == after
    assert "Pysyvä Merkki muistio" in str(back["all"]) and "Pysyvä Merkki syy" in str(back["all"])


def test_every_sealed_column_is_known_to_who_changes_the_key() -> None:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name in ("sealed", "wrapped") and isinstance(field, (models.TextField, models.CharField)):
                assert field.name in getattr(model, "SEALED", {}), model
