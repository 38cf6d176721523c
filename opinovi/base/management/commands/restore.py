"""Bring a backup back: opinovi restore FOLDER [--keys FILE]."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from opinovi.base.backup import restore


class Command(BaseCommand):
    help = "Put a backup in the place of the database, with the newest keys; what was erased since stays erased."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keys", type=Path, help="the newest keys.json, where it is not the one in the folder")

    def handle(self, *args: Any, **options: Any) -> None:
        forgotten = restore(options["folder"], options["keys"])
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored. {forgotten} had been erased since and stay so. Now: opinovi index.")
