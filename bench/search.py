"""Build time, index size and latencies of a find at one size. Run by bench.__main__ with the size."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles

import django

django.setup()

from django.conf import settings

from bench.made import add
from opinovi.directory.queries import services_by_id
from opinovi.doors import find as finding
from opinovi.doors.evaluate import read_needs
from opinovi.doors.index import current
from opinovi.doors.need import Need, understand
from opinovi.doors.where import whole_region
from opinovi.network.queries import current_network

ROUNDS = 5
REAL = 1_800
NEEDS = Path(__file__).parent.parent / "tests" / "data"


def build(size: int) -> float:
    """The database and the index of this size; the seconds that the index alone took."""
    # In a process of its own, so that no word is known yet when the index is built.
    subprocess.run([sys.executable, "-m", "opinovi", "setup"], check=True, stdout=sys.stderr)
    if size > REAL:
        add(size - REAL)
    begin = time.perf_counter()
    current().build()
    return time.perf_counter() - begin


def timed(work: object, *arguments: object) -> tuple[float, object]:
    begin = time.perf_counter()
    result = work(*arguments)  # type: ignore[operator]
    return (time.perf_counter() - begin) * 1000, result


def whole(text: str, language: str, where: finding.Where | None) -> Need:
    need = understand(text, language)
    found = finding.find(need, where)
    services_by_id(hit.id for hit in found.hits)
    return need


def bare(need: Need) -> float:
    query = finding.any_of(finding.terms(need))
    searcher = current().searcher()
    return timed(lambda: searcher.search(query, limit=10, count=False))[0]


def measure(where: finding.Where | None) -> tuple[list[float], list[float]]:
    """Milliseconds of each whole find, and of each bare query, in turn; the first round warms up."""
    needs = [need for name in ("dev", "own", "held") for need in read_needs(NEEDS / f"needs.{name}.jsonl")]
    finds, bares = [], []
    for round_number in range(ROUNDS + 1):
        for one in needs:
            spent, need = timed(whole, one.text, one.lang, where)
            alone = bare(need)  # type: ignore[arg-type]
            if round_number:
                finds.append(spent)
                bares.append(alone)
    return finds, bares


def cuts(values: list[float]) -> tuple[float, float]:
    return median(values), quantiles(values, n=20)[18]


def main() -> None:
    size = int(sys.argv[1])
    built = build(size)
    bytes_ = sum(one.stat().st_size for one in Path(settings.INDEX_DIR).rglob("*") if one.is_file())
    finds, bares = measure(None)
    local, bares_again = measure(whole_region(current_network()).where)
    (find50, find95), (bare50, bare95), (local50, local95) = cuts(finds), cuts(bares), cuts(local)
    row = [f"{size:,}", f"{built:.1f} s", f"{bytes_ / 1e6:.1f} MB", f"{bare50:.2f}", f"{bare95:.2f}"]
    row += [f"{find50:.2f}", f"{find95:.2f}", f"{find50 / bare50:.1f}"]
    row += [f"{local50:.2f}", f"{local95:.2f}", f"{local50 / median(bares_again):.1f}"]
    print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
