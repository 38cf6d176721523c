"""What the commands that open a backup have in common: which one, with which keys, and what is wrong in words."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.base.backup import NotWhole


class OfBackup(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder of backups (its newest is taken), or one backup in it")
        parser.add_argument("--keys", type=Path, help="the newest keys.age, where it is not the one in the folder")
        parser.add_argument("--identity", type=Path, help="the secret key that opens it, where it is not backup-key")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.open(options["folder"], options["keys"], options["identity"])
        except NotWhole as error:
            raise CommandError(str(error)) from error

    def open(self, folder: Path, keys: Path | None, identity: Path | None) -> None:
        raise NotImplementedError
