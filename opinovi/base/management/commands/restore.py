"""Bring a backup back: opinovi restore FOLDER [--keys FILE] [--identity FILE]."""

from pathlib import Path

from django.core.management import call_command

from opinovi.base.backup import restore
from opinovi.base.management.of_backup import OfBackup


class Command(OfBackup):
    help = "Put a backup in the place of the database, with the newest keys; what was erased since stays erased."

    def open(self, folder: Path, keys: Path | None, identity: Path | None) -> None:
        forgotten = restore(folder, keys, identity)
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored. {forgotten} had been erased since and stay so. Now: opinovi index.")
