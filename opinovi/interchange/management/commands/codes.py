from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.interchange.code_lists import LISTS, BadList, take_codes


class Command(BaseCommand):
    help = "Take a newer official list into use: opinovi codes municipalities|regions|postcodes FILE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("list", choices=sorted(LISTS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--anyway", action="store_true", help="though records here use codes that are gone")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changes = take_codes(options["list"], options["file"], options["anyway"])
        except (BadList, OSError) as error:
            raise CommandError(f"Nothing was taken: {error}.") from error
        for how, found in changes.items():
            shown = f": {', '.join(found[:20])}{' …' if len(found) > 20 else ''}" if found else ""
            self.stdout.write(f"{how}: {len(found)}{shown}")
        self.stdout.write("Start the site and its workers anew, on each host that has the list.")
