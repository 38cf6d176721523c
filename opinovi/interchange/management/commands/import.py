from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.directory.actions import Changes
from opinovi.interchange.actions.take_in_file import FORMATS, import_file


class Command(BaseCommand):
    help = "Take in a file of services: opinovi import ptv-list FILE, or opinovi import ptv FILE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("format", choices=sorted(FORMATS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--skip-bad", action="store_true", help="take in the good records of a broken file")
        whole = parser.add_mutually_exclusive_group()
        whole.add_argument("--complete", action="store_const", const=True, dest="complete", default=None)
        whole.add_argument("--partial", action="store_const", const=False, dest="complete")

    def handle(self, *args: Any, **options: Any) -> None:
        report = import_file(options["format"], options["file"], options["skip_bad"], options["complete"])
        for problem in report.problems:
            self.stderr.write(str(problem))
        if not report.loaded:
            raise CommandError(f"Nothing was loaded: {len(report.problems)} problem(s) in {options['file'].name}.")
        for name, changes in (("services", report.services), ("points", report.points)):
            if line := summary(changes):
                self.stdout.write(f"{name}: {line}")
        if report.problems:
            self.stdout.write(f"skipped: {len(report.problems)}")


def summary(changes: Changes) -> str:
    counts = {name: len(found) for name, found in vars(changes).items() if found}
    return ", ".join(f"{count} {name}" for name, count in counts.items())
