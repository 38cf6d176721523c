"""Whether a backup could be brought back: opinovi verify FOLDER [--identity FILE]."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.base.backup import NotWhole, verify


class Command(BaseCommand):
    help = "Open the newest backup of a folder and look at all of it: each table's rows, and each key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder of backups (its newest is taken), or one backup in it")
        parser.add_argument("--keys", type=Path, help="the newest keys.age, where it is not the one in the folder")
        parser.add_argument("--identity", type=Path, help="the secret key that opens it, where it is not backup-key")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = verify(options["folder"], options["identity"], options["keys"])
        except NotWhole as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Whole: of {found.at}, {found.rows} rows, {found.keys} keys that the master key opens.")
