"""A version is changed while people use it, forwards and backwards: nobody is refused, and no row is lost.

`python -m bench.upgrade COMMIT` with DATABASE_URL for PostgreSQL (or through scripts/on_postgres.py). The old version, as
of the commit, is set up and serves a crowd (bench/crowd.py) all the while; the new one changes the tables at a third of the
time, changes them back at two thirds, forwards again near the end, and then serves the same people itself. Prints a row;
ends with 1 where a request failed or a table has fewer rows.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.load import MIX, PREPARE, SIGNED_IN

ROOT = Path(__file__).parent.parent
PEOPLE, LASTS, PORT = (
    int(os.environ.get(name, told)) for name, told in (("PEOPLE", 60), ("LASTS", 90), ("PORT", 8769))
)
LEAVES = """
import json
from django.db import connection
from django.db.migrations.loader import MigrationLoader
print("LEAVES" + json.dumps(sorted(MigrationLoader(connection).graph.leaf_nodes())))
"""
ROWS = """
import json
from django.apps import apps
print("ROWS" + json.dumps({one._meta.label: one._default_manager.count() for one in apps.get_models() if one._meta.managed}))
"""


class Version:
    """The code of one version, and its commands."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment | {"PYTHONPATH": str(folder)}

    def run(self, *command: str, told: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "opinovi", *command],
            env=self.environment,
            cwd=self.folder,
            text=True,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout[done.stdout.index(told) + len(told) :] if told else done.stdout

    def shell(self, code: str, told: str) -> Any:
        return json.loads(self.run("shell", "-v0", "-c", code, told=told))

    def serve(self) -> "subprocess.Popen[bytes]":
        server = subprocess.Popen(
            [sys.executable, "-m", "opinovi", "serve", "--port", str(PORT)],
            env=self.environment, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert server.stdout is not None
        while b"Opin ovi" not in server.stdout.readline():
            assert server.poll() is None
        return server


def crowd(plan: Path, log: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "bench.crowd", str(plan), str(log)], env=environment, cwd=ROOT)


def failed(log: Path) -> tuple[int, list[str]]:
    """How many requests there were, and what went wrong."""
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    wrong = [f"{row[1]}: {row[3]}" for row in rows if row[2] == "wrong"]
    return len(rows) - len(wrong), wrong + [str(row) for row in rows if row[2] != "wrong" and row[4] not in (200, 302)]


def main() -> int:
    commit = sys.argv[1]
    with tempfile.TemporaryDirectory() as aside:
        home, old_folder = Path(aside) / "home", Path(aside) / "old"
        subprocess.run(
            ["git", "worktree", "add", "--detach", str(old_folder), commit], cwd=ROOT, check=True, capture_output=True
        )
        try:
            # The old version has no crowd of its own.
            shutil.rmtree(old_folder / "bench")
            shutil.copytree(ROOT / "bench", old_folder / "bench")
            return change(home, old_folder)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(old_folder)], cwd=ROOT, check=True)


def change(home: Path, old_folder: Path) -> int:
    home.mkdir()
    environment = os.environ | {
        "OPINOVI_HOME": str(home), "OPINOVI_URL": f"http://127.0.0.1:{PORT}", "TIMES": "1", "SIGNED_IN": json.dumps(SIGNED_IN),
        "OPINOVI_API_READS": "100000000", "DJANGO_SETTINGS_MODULE": "opinovi.settings",
    }  # fmt: skip
    old, new = Version(old_folder, environment), Version(ROOT, environment)
    old.run("setup")
    plan: dict[str, Any] = old.shell(PREPARE, "PLAN")
    people = {kind: round(PEOPLE * share / 100) for kind, share in MIX.items()}
    plan |= {"port": PORT, "seconds": LASTS, "pause": (0.5, 2.0), "people": people}
    (home / "plan.json").write_text(json.dumps(plan))
    before = old.shell(ROWS, "ROWS")
    newest = new.shell(LEAVES, "LEAVES")
    leaves = [one for one in old.shell(LEAVES, "LEAVES") if one not in newest]
    server, took = old.serve(), []
    try:
        many = crowd(home / "plan.json", home / "log", environment)
        for way in ("forwards", "backwards", "forwards"):
            time.sleep(LASTS * 0.28)
            begin = time.monotonic()
            if way == "forwards":
                new.run("migrate")
            else:
                for app, name in leaves:
                    new.run("migrate", app, name)
            took.append(f"{way} {time.monotonic() - begin:.1f} s")
        many.wait()
    finally:
        server.terminate()
        server.wait()
    asked, wrong = failed(home / "log")
    new.run("setup")
    server = new.serve()
    try:
        # Those who book have booked every time.
        plan |= {"seconds": LASTS / 3, "people": people | {"booker": 0}}
        (home / "plan.json").write_text(json.dumps(plan))
        crowd(home / "plan.json", home / "log", environment).wait()
    finally:
        server.terminate()
        server.wait()
    more, wrong_after = failed(home / "log")
    after = new.shell(ROWS, "ROWS")
    fewer = {name: (count, after[name]) for name, count in before.items() if after.get(name, 0) < count}
    # What sessions and tasks end by themselves is not lost.
    fewer = {name: counts for name, counts in fewer.items() if not name.startswith(("sessions.", "django_tasks"))}
    for line in (wrong + wrong_after)[:10]:
        print("  ", line[:300])
    database = "PostgreSQL" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    print(
        f"| {database} | {PEOPLE} | {asked} | {'; '.join(took)} | {len(wrong)} | {more} | {len(wrong_after)} | {len(fewer)} |",
        flush=True,
    )
    return int(bool(wrong or wrong_after or fewer))


if __name__ == "__main__":
    sys.exit(main())
