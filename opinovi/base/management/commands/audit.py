from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.base.audit import chain_up, head, verify


class Command(BaseCommand):
    help = "The log of what was done, in a chain of hashes: opinovi audit verify | head | chain."

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        looked = ways.add_parser("verify", help="whether the log still says what it said")
        looked.add_argument("--head", default="", help="one that was written down before, as NUMBER:HASH")
        ways.add_parser("head", help="the last hash, to be written down elsewhere")
        ways.add_parser("chain", help="chain what has settled, which the worker does by itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["way"] == "verify":
            told = verify(options["head"])
            if not told.whole:
                raise CommandError(f"The log is not what it was: {told.wrong}.")
            self.stdout.write(f"{told.events} Events in {told.blocks} blocks are as they were; {told.waiting} wait.")
        elif options["way"] == "head":
            last = head()
            self.stdout.write(str(last) if last else "nothing is chained yet")
        else:
            self.stdout.write(f"{chain_up()} blocks")
