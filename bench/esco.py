"""An ESCO release of 3,000 occupations, 14,000 skills and 130,000 relations in three languages: loaded, loaded again
without change, and searched as one types.

`python -m bench.esco`, with OPINOVI_HOME naming a folder that was set up. The release is made (bench/esco_files.py).
"""

import tempfile
import time
from pathlib import Path
from statistics import median

import django

django.setup()

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.esco_files import make
from opinovi.esco.actions import Changes, load
from opinovi.esco.models import Concept
from opinovi.esco.queries import find
from opinovi.esco.reading import read_release

SIZES = (3_000, 14_000, 130_000)
TYPED = ("hi", "hits", "hitsata", "hitsata pu", "leivottiin leipää", "koneita 77", "xyzzy")


def main() -> None:
    print("| what | seconds | changed |\n| --- | ---: | --- |")
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), *SIZES)
        for what in ("load", "load again"):
            begun = time.perf_counter()
            made = loaded(Path(folder))
            told = (
                f"{made.new + made.changed + made.gone} concepts, {made.new_relations + made.gone_relations} relations"
            )
            print(f"| {what} | {time.perf_counter() - begun:.1f} | {told} |")
    print("\n| typed | found | queries | ms |\n| --- | ---: | ---: | ---: |")
    for typed in TYPED:
        times = []
        for _time in range(9):
            begun = time.perf_counter()
            with CaptureQueriesContext(connection) as asked:
                found = find(typed, "skill", "fi")
            times.append(time.perf_counter() - begun)
        print(f"| {typed} | {len(found)} | {len(asked)} | {1000 * median(times):.0f} |")
    Concept.objects.filter(uri__startswith="http://data.europa.eu/esco/").delete()


def loaded(folder: Path) -> Changes:
    release = read_release(folder)
    assert not release.problems, release.problems[:3]
    return load(release)


if __name__ == "__main__":
    main()
