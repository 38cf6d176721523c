"""Write a backup that forgets what is erased later: opinovi backup FOLDER."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from opinovi.base.backup import backup


class Command(BaseCommand):
    help = "Write the database without its data keys into a folder, and the keys beside it, sealed. The site may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, default=14, help="how many backups stay in the folder (14)")

    def handle(self, *args: Any, **options: Any) -> None:
        written = backup(options["folder"], max(1, options["keep"]))
        self.stdout.write(f"Written: {written}. Keep the master key and the backup key apart from it.")
