"""All set-up but serving: database, texts, pages' files, example network, real services, search index."""

import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from opinovi.contact.example import make_contact
from opinovi.directory.codes import municipality_codes
from opinovi.directory.example import load_directory, load_upkeep
from opinovi.directory.models import Service, Source
from opinovi.directory.tasks import begin_daily_rounds
from opinovi.doors.index import current
from opinovi.impact.example import make_impact
from opinovi.impact.models import Population
from opinovi.journeys.example import make_journeys
from opinovi.journeys.models import Client
from opinovi.network.example import make_network, make_people
from opinovi.network.models import Network, Person
from opinovi.network.queries import first_network
from opinovi.outreach.example import make_outreach
from opinovi.practices.example import make_practices
from opinovi.projects.example import make_projects
from opinovi.projects.models import Project
from opinovi.site.management.commands.serve import refuse_wrong_key
from opinovi.staff.example import make_staff
from opinovi.staff.models import Thread
from opinovi.strategy.example import make_strategy
from opinovi.strategy.models import Strategy
from opinovi.workplaces.example import make_workplaces
from opinovi.workplaces.models import Workplace


class Command(BaseCommand):
    help = "Set everything up: what is done already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        self.step("Tietokanta (database)", lambda: call_command("migrate", verbosity=0))
        refuse_wrong_key()
        self.step("Tekstit (translations)", lambda: call_command("translations", "compile", verbosity=0))
        self.step(
            "Sivujen tiedostot (static files)",
            lambda: call_command("collectstatic", interactive=False, verbosity=0),
        )
        if settings.EXAMPLE and not Network.objects.exists():
            self.step("Esimerkkiverkosto (example network)", self.make_example)
        if settings.EXAMPLE and not Person.objects.filter(example=True).exists() and first_network() is not None:
            self.step("Esimerkkihenkilöt (example people)", self.make_people)
        people = Person.objects.filter(example=True)
        if settings.EXAMPLE and people.exists() and not Client.objects.filter(example=True).exists():
            self.step("Esimerkkiasiakkaat (example clients)", make_journeys)
        if settings.EXAMPLE and people.exists() and not Strategy.objects.exists():
            self.step("Esimerkkikäytännöt (example practices)", make_practices)
            # Before the strategy, whose measures count it.
            self.step("Esimerkki hakevasta toiminnasta (example outreach)", make_outreach)
            self.step("Esimerkkistrategia (example strategy)", make_strategy)
        if settings.EXAMPLE and people.exists() and not Thread.objects.exists():
            self.step("Esimerkkikoulutukset ja ryhmät (example training and groups)", make_staff)
        if settings.EXAMPLE and people.exists() and not Workplace.objects.exists():
            self.step("Esimerkkityöpaikka (example workplace)", make_workplaces)
        if settings.EXAMPLE and people.exists() and not Project.objects.exists():
            self.step("Esimerkkihanke (example project)", make_projects)
        if settings.EXAMPLE and people.exists() and not Population.objects.exists():
            self.step("Esimerkkivuodet lukuina (example years in figures)", make_impact)
        if settings.EXAMPLE and not Service.objects.filter(source=Source.PTV).exists():
            path = str(settings.DATA_DIR / "ptv_services.jsonl")
            self.step(
                "Oikeat palvelut (real services)",
                lambda: call_command("import", "ptv-list", path, verbosity=0, stdout=Quiet()),
            )
        begin_daily_rounds()
        if not current().ready():
            self.step("Hakemisto (search index)", lambda: current().build())

    def step(self, name: str, work: Callable[[], object]) -> None:
        self.stdout.write(f"  {name} ... ", ending="")
        self.stdout.flush()
        begin = time.perf_counter()
        work()
        self.stdout.write(f"{time.perf_counter() - begin:.1f} s")
        sys.stdout.flush()

    def make_example(self) -> None:
        make_network(municipality_codes())
        load_directory()

    def make_people(self) -> None:
        make_people(municipality_codes())
        load_upkeep()
        make_contact()


class Quiet:
    def write(self, text: str) -> None:
        """What a step says by itself is not progress."""

    def flush(self) -> None: ...
