"""A hundred thousand random walks with hand-overs: what docs/continuum.md says never happens, does not.

`python -m bench.walks [trees]` with OPINOVI_HOME set to an empty folder, and DATABASE_URL for PostgreSQL, where two
processes walk at once. A tree is some 4,000 walks (tests/journeys/walking.py). Prints a row.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter

# One writes at a time on SQLite.
WORKERS = 2 if os.environ.get("DATABASE_URL") else 1


def work(seed: int, trees: int) -> None:
    """One process's share; prints the states in which its walks ended."""
    import django

    django.setup()
    from opinovi.network.models import Person
    from tests.journeys.walking import walk_on

    people = {name: Person.objects.get(email=f"{name}@example.example") for name in ("oona", "nelli", "ella", "paivi")}
    ends = walk_on(people, random.Random(seed), trees)
    print(" ".join(f"{state}={count}" for state, count in sorted(ends.items())))


def main() -> None:
    trees = int(sys.argv[1]) if len(sys.argv) > 1 else 26
    environment = {**os.environ, "OPINOVI_URL": "http://127.0.0.1:8000"}
    subprocess.run([sys.executable, "-m", "opinovi", "setup"], env=environment, check=True, capture_output=True)
    begun = time.monotonic()
    share = trees // WORKERS
    command = [sys.executable, "-m", "bench.walks", "--work"]
    workers = [
        subprocess.Popen([*command, str(seed), str(share)], env=environment, stdout=subprocess.PIPE, text=True)
        for seed in range(WORKERS)
    ]
    told = [one.communicate()[0].strip() for one in workers]
    if any(one.returncode for one in workers):
        sys.exit("an invariant was broken, or a walk failed")
    ends: Counter[str] = Counter()
    for line in told:
        for pair in line.split():
            state, count = pair.split("=")
            ends[state] += int(count)
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    where = ", ".join(f"{state} {count}" for state, count in sorted(ends.items()))
    print(f"| {database} | {sum(ends.values())} | {where} | 0 | {time.monotonic() - begun:.0f} s |")


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[1] == "--work":
        work(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
