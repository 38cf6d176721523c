"""CASES (20,000) questions of every kind to the whole API, in every phase, on either database.

`python -m bench.cases`, and on PostgreSQL `python scripts/on_postgres.py .venv/bin/python -m bench.cases`: sets up a fresh
folder, serves it, and lets schemathesis ask by a key that may book. Ends with 1 where there was a server error or an
answer that the description does not tell of.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASES = int(os.environ.get("CASES", 20_000))
# The rounds are as large as this until there were enough cases; each begins from another seed.
EXAMPLES = int(os.environ.get("EXAMPLES", 400))
CHECKS = ",".join((
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "use_after_free", "unsupported_method",
))  # fmt: skip
KEY = """
from datetime import timedelta
from opinovi.base.clock import today
from opinovi.interchange.actions.keys import make_key
from opinovi.network.models import Organisation, Person
house = Organisation.objects.get(source="example", external_id="salpaus")
by = Person.objects.get(email__startswith="paivi")
print("KEY", make_key(by, house, "cases", ["book"], today() + timedelta(days=30))[1])
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "OPINOVI_HOME": home, "DJANGO_SETTINGS_MODULE": "opinovi.settings",
                       "OPINOVI_API_READS": "100000000", "OPINOVI_API_WRITES": "100000000"}  # fmt: skip
        opinovi = [sys.executable, "-m", "opinovi"]
        subprocess.run([*opinovi, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        told = subprocess.run(
            [*opinovi, "shell", "-c", KEY], env=environment, check=True, capture_output=True, text=True
        )
        key = re.search(r"KEY (\S+)", told.stdout)[1]  # type: ignore[index]
        command = [*opinovi, "serve", "--no-worker", "--port", "8766"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                return ask(Path(home), key)
            finally:
                server.terminate()
                server.wait()


def ask(home: Path, key: str) -> int:
    cases, seed, begin = 0, 1, time.perf_counter()
    while cases < CASES:
        done = subprocess.run(
            [str(Path(sys.executable).parent / "st"), "run", "http://127.0.0.1:8766/api/openapi.json",
             "--max-examples", str(EXAMPLES), "--seed", str(seed), "--checks", CHECKS, "--wait-for-schema", "60",
             "-H", f"Authorization: Bearer {key}", "--continue-on-failure", "--warnings", "off"],
            cwd=home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = re.findall(r"([\d,]+) (?:test cases )?generated", done.stdout)
        cases += int(found[-1].replace(",", "")) if found else 0
        print(done.stdout[-4_000:] if done.returncode or not found else done.stdout[-600:], flush=True)
        if done.returncode or not found:
            print(f"after {cases} cases", flush=True)
            return 1
        seed += 1
    database = "PostgreSQL" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    print(f"{database}: {cases} cases in {time.perf_counter() - begin:.0f} s, all answered as described", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
