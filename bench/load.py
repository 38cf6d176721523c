"""PEOPLE (200) at once do what the stories tell, for LASTS seconds (600), on one machine that serves them and is them.

`python -m bench.load`, with DATABASE_URL for PostgreSQL (or through scripts/on_postgres.py). Sets up a fresh folder with a
region's first half year, serves it by the command that everyone uses, lets people in (bench/crowd.py), and tells how long
their requests took, what went wrong, and how much memory the server held over time. TIMES (1) makes the data so many
times as large. Ends with 1 where a request failed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

PEOPLE, LASTS, TIMES = (
    int(os.environ.get(name, told)) for name, told in (("PEOPLE", 200), ("LASTS", 600), ("TIMES", 1))
)
# How long one reads a page, from and to, in seconds.
PAUSE = (3.0, 9.0)
PORT = int(os.environ.get("PORT", 8768))
# Of a hundred, how many do what.
MIX = {
    "finder": 42,
    "asker": 8,
    "booker": 6,
    "reader": 8,
    "client": 10,
    "guide": 18,
    "editor": 3,
    "coordinator": 3,
    "machine": 2,
}
SIGNED_IN = {"client": ["assi"], "guide": ["oona"], "editor": ["eetu"], "coordinator": ["kaisa"]}
PREPARE = """
import json, os
from django.test import Client
from bench.faults import prepare
from bench.grown import grow
from opinovi.network.models import Person
grow(int(os.environ["TIMES"]))
times = prepare()
def session(name):
    client = Client()
    client.force_login(Person.objects.get(email=f"{name}@example.example"))
    return client.cookies["sessionid"].value
told = {kind: [session(name) for name in names for _ in range(40)] for kind, names in json.loads(os.environ["SIGNED_IN"]).items()}
print("PLAN" + json.dumps({"times": times, "sessions": told}))
"""
# As an installation is that has been in service: its log chained, its rounds made, its tasks done.
SETTLE = """
import time
from datetime import timedelta
from django.core.management import call_command
from opinovi.base.audit import chain_up
from opinovi.base.rounds import run_due
chain_up(timedelta(0))
run_due(time.monotonic())
call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
"""


def memory(pid: int) -> float:
    """MB that a process and all it began hold of their own, what they share counted once; files that are read lie elsewhere."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            found = re.search(r"^Pss_Anon:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / 1024


def watch(pid: int, held: list[tuple[float, float]], stop: threading.Event) -> None:
    begin = time.time()
    while not stop.wait(10):
        held.append((time.time() - begin, memory(pid)))


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000 if times else 0.0


def report(log: Path, held: list[tuple[float, float]], database: str) -> int:
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    asked = [row for row in rows if row[2] != "wrong"]
    begin = min(row[0] for row in asked)
    # Those who come in the first minute find the server cold.
    warm = [row for row in asked if row[0] - begin > min(60, LASTS / 10)]
    times = [row[5] for row in warm]
    pages: dict[str, list[float]] = defaultdict(list)
    for row in warm:
        pages[f"{row[2]} {row[3]}"].append(row[5])
    slow = sorted(pages.items(), key=lambda one: -percentile(one[1], 0.95))
    for page, of_page in [one for one in slow if len(one[1]) >= 10][:12]:
        print(
            f"  {page}: {len(of_page)} times, {median(of_page) * 1000:.0f} ms, 95 % {percentile(of_page, 0.95):.0f} ms"
        )
    failed = [row for row in asked if row[4] not in (200, 302)]
    wrong = [row for row in rows if row[2] == "wrong"]
    for row in wrong[:12]:
        print(f"  {row[1]}: {row[3][:220]}")
    for at, megabytes in held[:: max(1, len(held) // 12)]:
        print(f"  after {at / 60:.0f} min {megabytes:.0f} MB")
    early = [one for at, one in held if LASTS * 0.25 < at < LASTS * 0.4]
    late = [one for at, one in held if at > LASTS * 0.85]
    print(
        f"| {database} | {TIMES} | {PEOPLE} | {LASTS} s | {len(asked)} | {len(asked) / LASTS:.1f} | {median(times) * 1000:.0f} | "
        f"{percentile(times, 0.95):.0f} | {percentile(times, 0.99):.0f} | {max(times) * 1000:.0f} | {len(failed)} | {len(wrong)} | "
        f"{median(early) if early else 0:.0f} | {median(late) if late else 0:.0f} |",
        flush=True,
    )
    return int(bool(failed or wrong))


def make(opinovi: list[str], environment: dict[str, str], to: Path) -> None:
    """Set up, make the data as large as is asked, and chain what the log then holds: a region's log is chained as it grows."""
    subprocess.run([*opinovi, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
    told = subprocess.run(
        [*opinovi, "shell", "-v0", "-c", PREPARE], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    subprocess.run([*opinovi, "shell", "-v0", "-c", SETTLE], env=environment, check=True)
    to.write_text(told.stdout[told.stdout.index("PLAN") + 4 :])


def main() -> int:
    database = "PostgreSQL" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    with tempfile.TemporaryDirectory() as fresh:
        kept, folder = Path(os.environ.get("FOLDER", fresh)), Path(fresh) / "home"
        home = str(folder)
        environment = os.environ | {
            "OPINOVI_HOME": home, "OPINOVI_URL": f"http://127.0.0.1:{PORT}", "TIMES": str(TIMES), "SIGNED_IN": json.dumps(SIGNED_IN),
            "OPINOVI_API_READS": "100000000", "DJANGO_SETTINGS_MODULE": "opinovi.settings",
        }  # fmt: skip
        opinovi = [sys.executable, "-m", "opinovi"]
        if not (kept / "made.json").exists():
            make(opinovi, environment | {"OPINOVI_HOME": str(kept)}, kept / "made.json")
        if not LASTS:
            return 0
        # Whatever people do, the next run finds all as it was.
        shutil.copytree(kept, folder, ignore=shutil.ignore_patterns("home"))
        subprocess.run([*opinovi, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        plan: dict[str, Any] = json.loads((folder / "made.json").read_text())
        people = {kind: round(PEOPLE * share / 100) for kind, share in MIX.items()}
        # A day before it begins, a time can be booked no longer.
        soonest = (time.time() + LASTS) // 60 + 24 * 60
        plan["times"] = [one for one in plan["times"] if int(one.rsplit("/", 1)[1]) > soonest]
        plan |= {"port": PORT, "seconds": LASTS, "pause": PAUSE, "people": people}
        (folder / "log").unlink(missing_ok=True)
        (folder / "plan.json").write_text(json.dumps(plan))
        held: list[tuple[float, float]] = []
        stop = threading.Event()
        with subprocess.Popen(
            [*opinovi, "serve", "--port", str(PORT)], env=environment, stdout=subprocess.PIPE
        ) as server:
            try:
                assert server.stdout is not None
                while b"Opin ovi" not in server.stdout.readline():
                    continue
                watcher = threading.Thread(target=watch, args=(server.pid, held, stop))
                watcher.start()
                crowd = [sys.executable, "-m", "bench.crowd", str(folder / "plan.json"), str(folder / "log")]
                subprocess.run(crowd, env=environment, check=True)
            finally:
                stop.set()
                server.terminate()
                server.wait()
        return report(folder / "log", held, database)


if __name__ == "__main__":
    sys.exit(main())
