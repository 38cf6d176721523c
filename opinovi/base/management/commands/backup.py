"""Write a backup that forgets what is erased later: opinovi backup FOLDER."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from opinovi.base.backup import backup


class Command(BaseCommand):
    help = "Write the database without its data keys, and the keys beside it, into a folder. The site may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        count = backup(options["folder"])
        self.stdout.write(f"The database, and {count} keys beside it. Keep the newest keys only; the master key apart.")
