"""Finding records of different sources that seem to mean the same, without comparing each with each.

Only those are compared that share something rare: a number, an address, a business id, or a telling piece of their
names in the same place.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

from opinovi.directory.actions.same import Found
from opinovi.directory.models import OWN_SOURCES, Channel, GivenAt, Service, ServicePoint, Source, State
from opinovi.interchange.same.scoring import ASKED, judge
from opinovi.interchange.same.told import Told, atoms_of
from opinovi.network.models import Organisation

# What so many pairs of records share tells nothing of any of them.
MOST_SHARE = 400
# A service of many municipalities is looked for in so many of them.
MOST_PLACES = 30
# Which source's record is shown: those kept here, then those that say most.
ORDER = (*OWN_SOURCES, Source.PTV, Source.KOUTA, Source.HSDS)
NUMBERED = (Channel.Kind.PHONE,)
LINKED = (Channel.Kind.WEB, Channel.Kind.FORM)


@dataclass(frozen=True)
class Known:
    """A record that may mean the same as another: what it tells, and whose word it is."""

    id: UUID
    source: str
    told: Told
    # Whether people here keep it, so that it never stands behind another.
    kept: bool


def find_same(kinds: Iterable[str] = ("organisation", "point", "service")) -> list[Found]:
    """All pairs of different sources that seem to mean the same, surest first."""
    found = [one for kind in kinds for one in find_among(list(KNOWN[kind]()))]
    return sorted(found, key=lambda one: (-one.score, one.first, one.second))


def find_among(known: list[Known]) -> list[Found]:
    by_key: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(known):
        for key in keys_of(one.told):
            by_key[key].append(number)
    compared: set[tuple[int, int]] = set()
    found = []
    for numbers in by_key.values():
        for pair in crossing(known, numbers):
            if pair in compared:
                continue
            compared.add(pair)
            one, other = (known[number] for number in pair)
            verdict = judge(one.told, other.told)
            if verdict.score >= ASKED:
                first, second = sorted((one, other), key=rank)
                found.append(Found(one.told.kind, first.id, second.id, verdict.score, verdict.reasons, verdict.against))
    return found


def crossing(known: list[Known], numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs of different sources among those that share something, where it is rare; never two that are kept here."""
    by_source: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        by_source["kept" if known[number].kept else known[number].source].append(number)
    sources = sorted(by_source)
    for place, source in enumerate(sources):
        for other in sources[place + 1 :]:
            if len(by_source[source]) * len(by_source[other]) <= MOST_SHARE:
                for a, b in product(by_source[source], by_source[other]):
                    yield (a, b) if a < b else (b, a)


def keys_of(told: Told) -> Iterator[tuple[str, ...]]:
    """What a record may share with one of the same thing."""
    if told.business_id:
        yield ("business", told.business_id)
    for number in told.phones:
        yield ("phone", number)
    for link in told.links:
        yield ("link", link)
    if told.street:
        yield ("street", told.street, told.postcode[:2])
    places = sorted(told.places)[:MOST_PLACES] or [""]
    for name in told.names:
        telling = [one for one in atoms_of(name) if one.weight == 1.0 and not one.forms & told.around_place]
        # All telling pieces together, which stays rare where each is common, wherever that is: a place may be untold.
        for place in {"", *places}:
            yield ("all", place, *sorted(min(one.forms) for one in telling))
        for place in places:
            for one in telling:
                yield ("piece", place, min(one.forms))


def rank(one: Known) -> tuple[bool, int, UUID]:
    """Which of two is shown: what is kept here, then by source, then the older."""
    place = ORDER.index(Source(one.source)) if one.source in ORDER else len(ORDER)
    return (not one.kept, place, one.id)


def named(*texts: Any) -> list[str]:
    """All names in texts by language; of alternative ones there are lists."""
    return [
        name for text in texts if isinstance(text, dict) for value in text.values()
        for name in (value if isinstance(value, list) else [value]) if name
    ]  # fmt: skip


def services() -> Iterator[Known]:
    ways = ways_by("service")
    at: dict[UUID, set[str]] = defaultdict(set)
    rows = GivenAt.objects.filter(service__state=State.PUBLISHED).exclude(point__municipality="")
    for service_id, municipality in rows.values_list("service_id", "point__municipality").iterator(5_000):
        at[service_id].add(municipality)
    fields = ("id", "source", "name", "alternative_names", "municipalities", "nationwide",
              "organisation__name", "organisation__business_id", "organisation__municipality")  # fmt: skip
    for row in Service.objects.filter(state=State.PUBLISHED).values(*fields).iterator(2_000):
        places = {*row["municipalities"], *at.get(row["id"], ())}
        if not places and not row["nationwide"] and row["organisation__municipality"]:
            places = {row["organisation__municipality"]}
        phones, links = ways.get(row["id"], ((), ()))
        told = Told.make(
            "service", named(row["name"], row["alternative_names"]), named(row["organisation__name"]),
            row["organisation__business_id"] or "", phones, links, places=places,
        )  # fmt: skip
        yield Known(row["id"], row["source"], told, row["source"] in OWN_SOURCES)


def points() -> Iterator[Known]:
    ways = ways_by("point")
    fields = ("id", "source", "name", "street", "postcode", "municipality", "organisation__name",
              "organisation__business_id")  # fmt: skip
    for row in ServicePoint.objects.filter(state=State.PUBLISHED).values(*fields).iterator(2_000):
        phones, links = ways.get(row["id"], ((), ()))
        told = Told.make(
            "point", named(row["name"]), named(row["organisation__name"]), row["organisation__business_id"] or "",
            phones, links, next(iter(named(row["street"])), ""), row["postcode"], [row["municipality"]],
        )  # fmt: skip
        yield Known(row["id"], row["source"], told, row["source"] in OWN_SOURCES)


def organisations() -> Iterator[Known]:
    """Those that have something published, and members of networks, who are never put behind another."""
    members = set(Organisation.objects.exclude(networks=None).values_list("id", flat=True))
    staffed = set(Organisation.objects.exclude(staff=None).values_list("id", flat=True))
    busy = set(Service.objects.filter(state=State.PUBLISHED).values_list("organisation", flat=True))
    busy |= set(ServicePoint.objects.filter(state=State.PUBLISHED).values_list("organisation", flat=True))
    fields = ("id", "source", "name", "alternative_names", "business_id", "website", "municipality")
    for row in Organisation.objects.values(*fields).iterator(2_000):
        if row["id"] in busy or row["id"] in members:
            told = Told.make(
                "organisation", named(row["name"], row["alternative_names"]), (), row["business_id"], (),
                [row["website"]], places=[row["municipality"]],
            )  # fmt: skip
            yield Known(row["id"], row["source"], told, row["id"] in members or row["id"] in staffed)


def ways_by(owner: str) -> dict[UUID, tuple[list[str], list[str]]]:
    """The numbers and the addresses of pages by their owner."""
    found: dict[UUID, tuple[list[str], list[str]]] = {}
    rows = Channel.objects.filter(**{f"{owner}__state": State.PUBLISHED}, kind__in=(*NUMBERED, *LINKED))
    for owner_id, kind, value in rows.values_list(f"{owner}_id", "kind", "value").order_by().iterator(5_000):
        numbers, links = found.setdefault(owner_id, ([], []))
        (numbers if kind in NUMBERED else links).append(value)
    return found


KNOWN = {"service": services, "point": points, "organisation": organisations}
