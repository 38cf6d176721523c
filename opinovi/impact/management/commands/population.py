from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.impact.actions.population import load_table, read_table
from opinovi.network.models import Network


class Command(BaseCommand):
    help = "Load the shares of groups in a region's adults: a CSV with the columns group, share, year, source."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("network", help="the network's slug")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        network = Network.objects.filter(slug=options["network"]).first()
        if network is None:
            raise CommandError(f"There is no network {options['network']}.")
        try:
            table = read_table(options["file"].read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file'].name} can't be read as UTF-8 text.") from error
        for problem in table.problems:
            self.stderr.write(f"{options['file'].name}:{problem}")
        if table.problems or not table.rows:
            raise CommandError("Nothing was loaded.")
        self.stdout.write(f"{load_table(network, table)} shares loaded.")
