"""The open API against a bare Django view that returns the same bytes, on the same server.

`python -m bench.api`, with OPINOVI_HOME naming a folder that was set up. Each address is asked again and again, and
services one after another, so that most are asked for the first time.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle
from statistics import median

import django

django.setup()

from bench import pages as other
from opinovi.directory.models import Service

ROUNDS = 5


def main() -> None:
    ids = [str(one) for one in Service.objects.filter(state="published").values_list("id", flat=True)]
    one = next(str(row.id) for row in Service.objects.filter(source="example", external_id="salpaus-uraohjaus"))
    fresh_ones = cycle(ids)
    asked: dict[str, Callable[[], str]] = {
        "100 services": lambda: "/api/services?per_page=100",
        "100 services in full": lambda: "/api/services?per_page=100&full=true",
        "one service": lambda: f"/api/services/{one}",
        "one service after another": lambda: f"/api/services/{next(fresh_ones)}",
        "doors for a need": lambda: "/api/doors?q=uusi+ammatti",
    }
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.bare_settings", "OPINOVI_API_READS": "100000000"}
    command = [sys.executable, "-m", "opinovi", "serve", "--no-worker", "--port", str(other.PORT)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            other.wait()
            for name, path in asked.items():
                same = f"/-/same?path={path().replace('?', '%3F').replace('&', '%26')}"
                other.rate(path), other.rate(lambda same=same: same)
                pairs = [(other.rate(path), other.rate(lambda same=same: same)) for _ in range(ROUNDS)]
                own, bare = (median(column) for column in zip(*pairs, strict=True))
                share = median(mine / bare_one for mine, bare_one in pairs)
                print(f"| {name} | {own:.0f} | {bare:.0f} | {share:.2f} |", flush=True)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
