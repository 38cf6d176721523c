"""Figures of millions of Events: all counted anew, a day's increment, and the dashboards on a small log and a large one.

`python -m bench.figures`, with OPINOVI_HOME naming a folder that was set up; SMALL and LARGE are numbers of clients to
simulate first (about 70 Events each). A log that holds so many already is used as it is. What a day adds is written, counted and left.
"""

import os
import statistics
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opinovi.base.clock import months_on, now, today
from opinovi.base.fresh import fresh
from opinovi.base.models import Event
from opinovi.impact.charts import drawn
from opinovi.impact.counting import catch_up, count_anew
from opinovi.impact.example import teams_of
from opinovi.impact.models import Figure
from opinovi.impact.simulation.making import make_world
from opinovi.impact.simulation.writing import lines, write
from opinovi.network.models import Network, Person

SMALL, LARGE = int(os.environ.get("SMALL", 500)), int(os.environ.get("LARGE", 75_000))
ROUNDS = 7


def pages(network: Network) -> dict[str, str]:
    here = f"/desk/networks/{network.id}"
    return {
        "network, availability": f"{here}/impact?theme=availability",
        "network, what comes of it": f"{here}/impact?theme=effectiveness",
        "network, who is reached": f"{here}/impact?theme=equity",
        "one indicator": f"{here}/impact/met",
        "the way of those handed on": f"{here}/path?by=municipality",
        "the public page": "/results",
    }


def ask(network: Network) -> dict[str, tuple[float, int]]:
    """Of each page the median of milliseconds and how many questions it asks; nothing is remembered but the charts'
    library itself."""
    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client()
    browser.force_login(Person.objects.get(email="kaisa@example.example"))
    found = {}
    for name, path in pages(network).items():
        times, queries = [], 0
        for _round in range(ROUNDS):
            fresh.forget()
            drawn.cache_clear()
            with CaptureQueriesContext(connection) as asked:
                begin = time.perf_counter()
                answer = browser.get(path)
                times.append(1000 * (time.perf_counter() - begin))
            assert answer.status_code == 200, (path, answer.status_code)
            queries = len(asked)
        found[name] = statistics.median(times), queries
    return found


def fill(network: Network, clients: int, seed: int) -> None:
    world = make_world(str(network.id), teams_of(network), clients, 3, seed, months_on(today(), -36), now())
    print(f"{write(world):,} Events written", file=sys.stderr)


def a_day(network: Network) -> int:
    """A day of the same network: as many new Events as a day of its three years has on average."""
    whole = Event.objects.count() // (3 * 365)
    world = make_world(
        str(network.id), teams_of(network), max(50, whole // 40), 1, 99, today() - timedelta(days=365), now()
    )
    rows = sorted(lines(world), key=lambda one: one[0])[-whole:]
    Event.objects.bulk_create(
        [Event(at=at, subject_type=kind, subject_id=who, verb=verb, data=data) for at, kind, who, verb, data in rows],
        batch_size=1000,
    )
    return len(rows)


def main() -> None:
    network = Network.objects.get(slug="paijat-hame")
    if Event.objects.count() < 20 * SMALL:
        fill(network, SMALL, 2)
    count_anew(still=False)
    small, before = Event.objects.count(), ask(network)
    if Event.objects.count() < 60 * LARGE:
        fill(network, LARGE, 3)
    begin = time.perf_counter()
    read = count_anew(still=False)
    anew = time.perf_counter() - begin
    large, after = Event.objects.count(), ask(network)
    rows = Figure.objects.count()
    added = a_day(network)
    begin = time.perf_counter()
    catch_up(still=False)
    day = time.perf_counter() - begin
    print(f"| {connection.vendor} | {large:,} | {read:,} | {anew:.0f} s | {rows:,} | {added:,} | {day:.1f} s |")
    for name, (slow, queries) in after.items():
        quick, _queries = before[name]
        print(f"| {name} | {quick:.0f} ms ({small:,}) | {slow:.0f} ms ({large:,}) | {slow / quick:.2f} | {queries} |")


if __name__ == "__main__":
    main()
