"""Services made from the real ones by recombining their names and sentences, seeded: the same every time."""

import random
from collections.abc import Iterator

from django.db import connection

from opinovi.directory.codes import municipalities
from opinovi.directory.models import Channel, Kind, Service, Source

BATCH = 5000


def sentences() -> tuple[list[str], list[str]]:
    """The names, and the sentences of the summaries, of the real services."""
    names, told = [], []
    for name, summary in Service.objects.filter(source=Source.PTV, source_form="list").values_list("name", "summary"):
        names.append(name["fi"])
        told += [one.strip() + "." for one in summary.get("fi", "").split(". ") if len(one) > 20]
    return names, told


def made(count: int, seed: int = 7) -> Iterator[Service]:
    chance = random.Random(seed)
    names, told = sentences()
    places = list(municipalities())
    for number in range(count):
        name = f"{chance.choice(names)}, {chance.choice(names).lower()}" if number % 3 else chance.choice(names)
        yield Service(
            source=Source.OWN,
            external_id=f"made-{number}",
            kind=chance.choice(list(Kind)),
            name={"fi": name},
            summary={"fi": " ".join(chance.sample(told, 2))},
            description={"fi": " ".join(chance.sample(told, 3))},
            languages=["fi"] if number % 4 else ["fi", "sv", "en"],
            nationwide=number % 2 == 0,
            municipalities=[] if number % 2 == 0 else chance.sample(places, 2),
            charge="free" if number % 3 else "unknown",
        )


def add(count: int) -> None:
    """Put `count` made services in the database, each with a phone number."""
    batch: list[Service] = []
    for service in made(count):
        batch.append(service)
        if len(batch) == BATCH:
            store(batch)
            batch = []
    store(batch)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def store(batch: list[Service]) -> None:
    Service.objects.bulk_create(batch, batch_size=500)
    Channel.objects.bulk_create(
        [
            Channel(service=one, kind=Channel.Kind.PHONE, value="03 100 1000", hours="Mo-Fr 09:00-16:00")
            for one in batch
        ],
        batch_size=500,
    )
