import sys
import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from opinovi.base.clock import months_on, now, today
from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.base.models import Event
from opinovi.impact.counting import count_anew
from opinovi.impact.example import teams_of
from opinovi.impact.simulation.comparing import compare
from opinovi.impact.simulation.lives import World
from opinovi.impact.simulation.making import make_world
from opinovi.impact.simulation.writing import write
from opinovi.network.models import Membership, Network, Organisation
from opinovi.network.models import Team as TeamRow
from opinovi.network.queries import first_network

HOUSES, TEAMS = 20, 3


class Command(BaseCommand):
    help = "Write a simulated network's Events into the log of an example installation (docs/simulation.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, default=1000)
        parser.add_argument("--years", type=int, default=3)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--begins", type=date.fromisoformat, default=None, help="the first day (YYYY-MM-DD)")
        parser.add_argument(
            "--check", action="store_true", help="in a network of its own; count its figures and compare with the truth"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        first = first_network()
        if first is None or not (first.example and settings.EXAMPLE):
            raise CommandError(
                "Only an example installation is simulated: what is simulated stays in the log for good."
            )
        if options["clients"] < 1 or not 1 <= options["years"] <= 20:
            raise CommandError("At least one client, and one to twenty years.")
        network = own_network(first) if options["check"] else first
        begins = options["begins"] or months_on(today(), -12 * options["years"])
        told = options["clients"], options["years"], options["seed"], begins, now()
        world = make_world(str(network.id), teams_of(network), *told)
        if Event.objects.filter(subject_type="client", subject_id=world.lives[0].id).exists():
            raise CommandError("These very lives are in the log already: take another seed.")
        begin = time.perf_counter()
        count = write(world, lambda done: self.say(f"\r{done:,} Events"))
        self.stdout.write(f"\r{count:,} Events written in {time.perf_counter() - begin:.0f} s")
        if options["check"]:
            self.check_figures(world)

    def check_figures(self, world: World) -> None:
        begin = time.perf_counter()
        count = count_anew(lambda kind, done: self.say(f"\r{kind}: {done:,}") if done % 5000 < 3 else None, still=False)
        self.stdout.write(f"\r{count:,} Events counted in {time.perf_counter() - begin:.0f} s")
        houses = sorted({team.house for team in world.teams})
        scopes = [world.network, *houses, *(team.id for team in world.teams)]
        values, wrong = compare(world, scopes, [world.network, *houses[:3]], lambda code: self.say(f"\r{code:40}"))
        for one in wrong[:20]:
            self.stderr.write(one)
        if wrong:
            raise CommandError(f"{len(wrong):,} of {values:,} values are not the truth.")
        self.stdout.write(f"\r{values:,} values are the truth, every one.")

    def say(self, text: str) -> None:
        if sys.stdout.isatty():
            self.stdout.write(text, ending="")
            self.stdout.flush()


@transaction.atomic
def own_network(beside: Network) -> Network:
    """A network where nothing else has happened, with houses and teams of its own."""
    slug = f"simulated-{new_id().hex[-8:]}"
    houses = [
        Organisation.objects.create(name={"fi": f"Simuloitu talo {n}"}, source="simulation", external_id=f"{slug}-{n}")
        for n in range(HOUSES)
    ]
    network = Network.objects.create(
        slug=slug,
        path=slug,
        name={"fi": "Simuloitu verkosto"},
        region=beside.region,
        coordinator=houses[0],
        example=True,
    )
    Membership.objects.bulk_create([Membership(network=network, organisation=house) for house in houses])
    TeamRow.objects.bulk_create(
        [TeamRow(organisation=house, name=f"Tiimi {n}") for house in houses for n in range(TEAMS)]
    )
    record("found", "network", network.id, simulated=True)
    return network
