"""How many needs had no good door, against the services that there are. Counted by the worker, read by pages.

A need is a search, not a person; yet fewer than five are told of by no figure: what is smaller is hidden, and with it
what it could be worked out from, and all is in fives (`base/figures.py: hide`).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction

from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.figures import hide, side
from opinovi.directory.models import Service
from opinovi.directory.queries import in_force
from opinovi.doors.models import NeedCount
from opinovi.doors.topics import topics
from opinovi.network.models import Network
from opinovi.strategy.models import GapFigure

DAYS = 90
ANY = ""
# Topic, municipality and language; empty where it is of all.
Cell = tuple[str, str, str]


def count_gaps(network: Network) -> int:
    """Count the last ninety days anew. Returns how many figures there are. Nobody's writing waits while it counts."""
    needs, unserved = count_needs(network)
    figures = shown_of(needs, unserved)
    services = list(offered(network))
    rows = [GapFigure(network=network, topic=topic, municipality=place, language=language, needs=asked,
                      unserved=without, **of_services(services, topic, place, language), counted_at=now())
            for (topic, place, language), (asked, without) in figures.items()]  # fmt: skip
    with transaction.atomic():
        GapFigure.objects.filter(network=network).delete()
        GapFigure.objects.bulk_create(rows, batch_size=500)
        record("count_gaps", "network", network.id, figures=len(rows))
    return len(rows)


def count_needs(network: Network) -> tuple[Counter[Cell], Counter[Cell]]:
    """The needs of the network's door, and those without a good one, in every cell."""
    rows = NeedCount.objects.filter(network=network, day__gt=today() - timedelta(days=DAYS))
    needs: Counter[Cell] = Counter()
    unserved: Counter[Cell] = Counter()
    # What lies outside the network's municipalities is one place.
    inside = set(network.municipalities)
    for found, place, language, served in rows.values_list("topics", "municipality", "language", "served").iterator():
        place = place if place in inside else "-"
        for topic in {ANY, *found}:
            for cell in ((topic, ANY, ANY), (topic, place, ANY), (topic, ANY, language)):
                needs[cell] += 1
                unserved[cell] += not served
    return needs, unserved


def shown_of(needs: Counter[Cell], unserved: Counter[Cell]) -> dict[Cell, tuple[int, int | None]]:
    """What may be shown: of each topic the whole, its places and its languages, each of the two one partition."""
    found: dict[Cell, tuple[int, int | None]] = {}
    by_topic: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
    for (topic, place, language), count in needs.items():
        places, languages = by_topic.setdefault(topic, ({}, {}))
        if place:
            places[place] = count
        elif language:
            languages[language] = count
    for topic, (places, languages) in by_topic.items():
        whole = (topic, ANY, ANY)
        by_place, total = hide(places)
        by_language, _same = hide(languages)
        if total is None:
            continue
        cells: dict[Cell, int | None] = {whole: total}
        cells |= {(topic, one, ANY): shown for one, shown in by_place.items() if one != "-"}
        cells |= {(topic, ANY, one): shown for one, shown in by_language.items()}
        for cell, shown in cells.items():
            if shown is not None:
                found[cell] = (shown, side(unserved[cell], needs[cell]))
    return found


def offered(network: Network) -> Iterable[Service]:
    """The services that people of the network's region may use."""
    fields = ("topics", "nationwide", "regions", "municipalities", "languages", "confirm_by")
    for one in Service.objects.filter(in_force()).only(*fields):
        near = network.region in one.regions or set(one.municipalities) & set(network.municipalities)
        if one.nationwide or near:
            yield one


def of_services(services: list[Service], topic: str, place: str, language: str) -> dict[str, int]:
    """How many of the services are for a topic, a place and a language; and how many of them were confirmed in time."""
    wanted = {topic} | {one.id for one in topics().values() if topic and one.broader == topic}
    fitting = [
        one
        for one in services
        if (not topic or wanted & set(one.topics))
        and (not place or one.nationwide or not one.municipalities or place in one.municipalities)
        and (not language or language in one.languages)
    ]
    day = today()
    fresh = sum(one.confirm_by is not None and one.confirm_by >= day for one in fitting)
    return {"services": len(fitting), "fresh": fresh}


def figure_now(network: Network, cell: Cell) -> dict[str, Any] | None:
    """The figure of a cell as it is now; None where there are too few needs to tell."""
    topic, place, language = cell
    rows = GapFigure.objects.filter(network=network, topic=topic, municipality=place, language=language)
    found = rows.first()
    return {name: getattr(found, name) for name in ("needs", "unserved", "services", "fresh")} if found else None
