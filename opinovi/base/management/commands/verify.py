"""Whether a backup could be brought back: opinovi verify FOLDER [--keys FILE] [--identity FILE]."""

from pathlib import Path

from opinovi.base.backup import verify
from opinovi.base.management.of_backup import OfBackup


class Command(OfBackup):
    help = "Open the newest backup of a folder and look at all of it: each table's rows, and each key."

    def open(self, folder: Path, keys: Path | None, identity: Path | None) -> None:
        found = verify(folder, keys, identity)
        self.stdout.write(f"Whole: of {found.at}, {found.rows} rows, {found.keys} keys that the master key opens.")
