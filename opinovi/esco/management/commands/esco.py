from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.esco.actions import load
from opinovi.esco.reading import read_release

SHOWN = 20


class Command(BaseCommand):
    help = "Take in an ESCO release: opinovi esco FOLDER, where its official CSV files lie (fi, sv, en)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--skip-bad", action="store_true", help="take in the good rows of broken files")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder.name} is not a folder.")
        release = read_release(folder)
        for problem in release.problems[:SHOWN]:
            self.stderr.write(str(problem))
        if len(release.problems) > SHOWN:
            self.stderr.write(f"... and {len(release.problems) - SHOWN} more")
        whole = release.concepts and not any(problem.line in (0, 1) for problem in release.problems)
        if release.problems and not (options["skip_bad"] and whole):
            raise CommandError(f"Nothing was loaded: {len(release.problems)} problem(s) in {folder.name}.")
        made = load(release)
        self.stdout.write(
            f"concepts: {made.new} new, {made.changed} changed, {made.gone} gone; "
            f"relations: {made.new_relations} new, {made.gone_relations} gone"
        )
        if release.problems:
            self.stdout.write(f"skipped: {len(release.problems)}")
