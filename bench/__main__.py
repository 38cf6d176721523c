"""Every benchmark, one command: make bench. Writes bench/RESULTS.md.

Ratios are of one run, medians of several; times of different days or machines are not to be compared.
"""

import os
import platform
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

SIZES = (1_800, 50_000, 500_000)
ROOT = Path(__file__).parent.parent


def run(part: str, home: Path, *arguments: str, postgres: bool = False) -> list[str]:
    """A part of the benchmark in a process of its own; its lines of result."""
    home.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "OPINOVI_HOME": str(home),
        "OPINOVI_EXAMPLE": "1",
        "DJANGO_SETTINGS_MODULE": "opinovi.settings",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", f"bench.{part}", *arguments]
    if postgres:
        command = [sys.executable, "scripts/on_postgres.py", *command]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()


def main() -> None:
    lines = ["# Results", "", f"{datetime.now().astimezone():%Y-%m-%d}, {machine()}", "", *HEAD_SEARCH]
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            print(f"{size} services ...", flush=True)
            lines += run("search", Path(folder) / str(size), str(size))
        lines += ["", *HEAD_PAGES]
        print("pages ...", flush=True)
        lines += run("pages", Path(folder) / str(SIZES[0]))
        lines += ["", *HEAD_SHEETS]
        print("spreadsheets ...", flush=True)
        lines += run("sheets", Path(folder) / "sheets", "5000")
        lines += ["", *HEAD_DESK]
        print("the desk ...", flush=True)
        lines += run("desk", Path(folder) / "desk")
        lines += ["", *HEAD_SLOWEST]
        print("the slowest pages ...", flush=True)
        lines += run("slowest", Path(folder) / "slowest")
        lines += ["", *HEAD_FAULTS]
        for database in ("SQLite", "PostgreSQL"):
            print(f"faults on {database} ...", flush=True)
            told = run("faults", Path(folder) / "faults", *(["--postgres"] if database == "PostgreSQL" else []))
            lines += [line for line in told if line.startswith("|")]
        for part, head in (("rotation", HEAD_ROTATION), ("walks", HEAD_WALKS)):
            lines += ["", *head]
            for database in ("SQLite", "PostgreSQL"):
                print(f"{part} on {database} ...", flush=True)
                lines += run(part, Path(folder) / f"{part}-{database}", postgres=database == "PostgreSQL")
    (ROOT / "bench" / "RESULTS.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def machine() -> str:
    model = next(
        (one.split(":")[1].strip() for one in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in one), ""
    )
    return f"{os.cpu_count()} cores ({model or platform.machine()}), Python {platform.python_version()}, SQLite"


HEAD_SHEETS = [
    "## Spreadsheets",
    "",
    "Services by a spreadsheet: read, compared with what is stored and checked; then loaded, all or nothing. Seconds, medians",
    "of three.",
    "",
    "| rows | count | preview | load |",
    "| --- | ---: | ---: | ---: |",
]
HEAD_DESK = [
    "## The desk",
    "",
    "A guide's desk with so many open enquiries: the questions that it asks the database, and milliseconds of the page and",
    "of its list, in this process, medians of 41. The ratio is of the list's time to that with 50.",
    "",
    "| open | questions | page | list | ratio |",
    "| ---: | ---: | ---: | ---: | ---: |",
]
HEAD_FAULTS = [
    "## Faults",
    "",
    "Six people ask, answer, book and look without a pause while 200 things go wrong, half a second to three seconds apart:",
    "web and worker are killed (SIGKILL), the disk is full to the last byte for one to four seconds, the clock jumps by ten",
    "seconds, an hour or a day, PostgreSQL is ended at once and started (SQLite's file is held by another program for two to",
    "eight seconds), and all connections of people, of the database and of the mail server are cut. One who gets no answer",
    "presses again. Lost: acknowledged, and not there as it was sent. Twice: a message, an answer or a time that is there",
    "twice. Later: the page that says so (503). Cut off: the connection broke. Unclear: any other answer. Mails: letters that",
    "were due, handed to an SMTP server on loopback; missing: never came; repeated: came again, with the same Message-ID.",
    "",
    "| database | faults | acknowledged | lost | twice | answered | refused | later | cut off | unclear | mails | missing | repeated | time |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
]
HEAD_ROTATION = [
    "## The master key, changed while the site runs",
    "",
    "50,000 data keys and 50,000 letters are sealed anew under a new master key, while two guides read clients without a",
    "pause (the answers by status). Afterwards the old key is taken away and every text is read.",
    "",
    "| database | texts | told | answers meanwhile | unreadable after | time |",
    "| --- | ---: | --- | --- | ---: | ---: |",
]
HEAD_WALKS = [
    "## Random walks with hand-overs",
    "",
    "What docs/continuum.md says never happens, asserted after each step of walks by random people in random order. On",
    "PostgreSQL two processes walk at once.",
    "",
    "| database | walks | where they ended | broken | time |",
    "| --- | ---: | --- | ---: | ---: |",
]
HEAD_SLOWEST = [
    "## The slowest pages",
    "",
    "Of every page that the stories open (`tests/stories/pages.py`), as who opens it: what it asks of the database, and",
    "milliseconds in this process, medians of five.",
    "",
    "| page | questions | ms | why |",
    "| --- | ---: | ---: | --- |",
]
HEAD_SEARCH = [
    "## Search",
    "",
    "A whole find is analysis, ranking and reading ten services from the database, for the needs of `tests/data`. The bare",
    "query is the same expanded tokens asked of tantivy alone, in the same run. Services beyond the real 1,800 are made from",
    "them (`bench/made.py`). Milliseconds; ratio is of the medians; in the region is with its place and its counts.",
    "",
    "| services | index built | index size | bare p50 | bare p95 | find p50 | find p95 | ratio | in the region p50 | p95 | ratio |",
    "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
]
HEAD_PAGES = [
    "## Pages",
    "",
    "Pages a second of each page against a bare Django view (one query, a ten-row template, the same middleware) on the same",
    "server, asked in turn. Medians of the rounds. Over the wire: a first visit, everything included, as the server sends it.",
    "",
    "| page | a second | bare view a second | share | first visit |",
    "| --- | ---: | ---: | ---: | ---: |",
]

if __name__ == "__main__":
    main()
