"""Bring a backup back: opinovi restore FOLDER [--keys FILE] [--identity FILE]."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.base.backup import NotWhole, restore


class Command(BaseCommand):
    help = "Put a backup in the place of the database, with the newest keys; what was erased since stays erased."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder of backups (its newest is taken), or one backup in it")
        parser.add_argument("--keys", type=Path, help="the newest keys.age, where it is not the one in the folder")
        parser.add_argument("--identity", type=Path, help="the secret key that opens it, where it is not backup-key")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            forgotten = restore(options["folder"], options["keys"], options["identity"])
        except NotWhole as error:
            raise CommandError(str(error)) from error
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored. {forgotten} had been erased since and stay so. Now: opinovi index.")
