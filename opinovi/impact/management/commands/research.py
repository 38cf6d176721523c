from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.impact.research import write
from opinovi.network.models import Network


class Command(BaseCommand):
    help = "Write what happened, without persons, for researchers: opinovi research NETWORK FILE --agreement 'number'."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("network", help="the network's slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--agreement", required=True, help="under which agreement; it is noted in the log")

    def handle(self, *args: Any, **options: Any) -> None:
        network = Network.objects.filter(slug=options["network"]).first()
        if network is None:
            raise CommandError(f"There is no network {options['network']}.")
        if not options["agreement"].strip():
            raise CommandError("An agreement is needed.")
        self.stdout.write(f"{write(network, options['agreement'].strip(), options['file']):,} rows written.")
