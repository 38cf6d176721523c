"""A whole network moves to another installation, with what may leave and nothing else."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.core.management import call_command
from django.core.management.base import CommandError

from opinovi.base.models import Event
from opinovi.interchange.actions.moving import BLANK, MOVES, STAYS, CannotMove, move_in, move_out
from opinovi.network.models import Network, Person


def rows_in(path: Path) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(path) as archive:
        return {
            label: sorted((json.loads(line) for line in archive.read(f"{label}.jsonl").splitlines()),
                          key=lambda row: json.dumps(row["fields"], sort_keys=True))
            for label in MOVES
        }  # fmt: skip


def test_every_model_is_said_to_move_or_to_stay() -> None:
    ours = {one._meta.label for one in apps.get_models() if one.__module__.startswith("opinovi")}
    assert set(MOVES) | set(STAYS) == ours and not set(MOVES) & set(STAYS)
    # What is sealed under the master key leaves nowhere.
    for label in MOVES:
        sealed = getattr(apps.get_model(label), "SEALED", {})
        assert set(sealed) <= set(BLANK.get(label, {})), label


def test_the_archive_tells_nothing_of_clients_nor_any_secret(region: Network, tmp_path: Path) -> None:
    person = Person.objects.get(email__startswith="kaisa")
    person.set_password("salasana-jota-kukaan-ei-arvaa")
    person.save()
    path = tmp_path / "network.zip"
    moved = move_out(region, path)
    assert path.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(path) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert moved.counts["directory.Service"] > 100 and "Lähihoitajaksi aikuisena" in text
    assert person.password not in text and "argon2" not in text and "assi@" not in text
    for label, why in STAYS.items():
        assert why and f"{label}.jsonl" not in text
    assert Event.objects.filter(verb="move_out", subject_id=str(region.id)).count() == 1


@pytest.mark.once
@pytest.mark.sqlite
def test_what_another_installation_took_in_it_gives_out_the_same(region: Network, tmp_path: Path) -> None:
    path, again = tmp_path / "network.zip", tmp_path / "again.zip"
    move_out(region, path)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "OPINOVI_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "opinovi.settings",
    }  # fmt: skip
    script = (
        "import django, sys, time_machine; from datetime import datetime\n"
        "with time_machine.travel(datetime.fromisoformat(sys.argv[3]), tick=True):\n"
        "    django.setup(); from django.core.management import call_command\n"
        "    call_command('migrate', verbosity=0)\n"
        "    call_command('move', 'in', sys.argv[1]); call_command('move', 'out', 'paijat-hame', sys.argv[2])\n"
        "    from opinovi.doors.index import current; from opinovi.doors.need import understand\n"
        "    from opinovi.doors.find import find\n"
        "    print('found', find(understand('haluan vaihtaa alaa', 'fi'), None).total)\n"
    )
    from opinovi.base.clock import now

    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(again), now().isoformat()],
        env=environment, cwd=project.BASE_DIR, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    # Those who sign in there have no password; rows that a database numbers by itself are numbered anew.
    mine, theirs = rows_in(path), rows_in(again)
    for label, rows in mine.items():
        numbered = label in ("network.Membership", "network.MemberRole", "directory.GivenAt")
        for one in [*rows, *theirs[label]]:
            if numbered:
                one["pk"] = None
        assert rows == theirs[label], label
    assert "found 0" not in done.stdout and "found" in done.stdout


def test_what_is_here_already_is_not_taken_in_twice(region: Network, tmp_path: Path) -> None:
    path = tmp_path / "network.zip"
    move_out(region, path)
    before = Network.objects.count()
    with pytest.raises(CannotMove, match="here already"):
        move_in(path)
    assert Network.objects.count() == before
    with pytest.raises(CommandError, match="There is no network"):
        call_command("move", "out", "nowhere", str(path))


def changed(lines: bytes) -> bytes:
    return lines.replace(b"Salpaus", b"Salpeter")


@pytest.mark.parametrize("broken", [changed, lambda lines: b"", lambda lines: lines[:-40]])
def test_an_archive_that_was_changed_or_cut_moves_nothing(
    region: Network, tmp_path: Path, broken: Callable[[bytes], bytes]
) -> None:
    path, other = tmp_path / "network.zip", tmp_path / "broken.zip"
    move_out(region, path)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(other, "w") as made:
        for name in archive.namelist():
            content = archive.read(name)
            made.writestr(name, broken(content) if name == "network.Organisation.jsonl" else content)
    with pytest.raises(CannotMove, match="has changed since"):
        move_in(other)
    other.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(CannotMove, match="no whole archive"):
        move_in(other)
