from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.interchange.actions.moving import STAYS, CannotMove, move_in, move_out
from opinovi.network.models import Network


class Command(BaseCommand):
    help = "A whole network to another installation: opinovi move out SLUG FILE, then there opinovi move in FILE."

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        out = ways.add_parser("out", help="write what may leave to an archive")
        out.add_argument("slug")
        out.add_argument("file", type=Path)
        into = ways.add_parser("in", help="take in an archive, all of it or nothing")
        into.add_argument("file", type=Path)
        ways.add_parser("stays", help="say what does not leave, and why")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["way"] == "stays":
            for label, why in sorted(STAYS.items()):
                self.stdout.write(f"{label}: {why}")
            return
        try:
            if options["way"] == "out":
                network = Network.objects.filter(slug=options["slug"]).first()
                if network is None:
                    raise CommandError(f"There is no network {options['slug']} here.")
                moved = move_out(network, options["file"])
            else:
                moved = move_in(options["file"])
        except CannotMove as error:
            raise CommandError(f"Nothing was moved: {error}.") from error
        for label, count in moved.counts.items():
            if count or moved.known.get(label):
                here = f", {moved.known[label]} here already" if moved.known.get(label) else ""
                self.stdout.write(f"{label}: {count}{here}")
