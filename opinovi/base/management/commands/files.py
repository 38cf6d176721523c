"""The files that people sent: move them to the store that OPINOVI_FILES names, or back; see that all are there."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.base import storage


class Command(BaseCommand):
    help = "opinovi files out | in | check | tidy"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["out", "in", "check", "tidy"])

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.FILES:
            raise CommandError("Files lie in the database. OPINOVI_FILES names a store: docs/operations.md.")
        try:
            {"out": self.out, "in": self.back, "check": self.see, "tidy": self.tidy}[options["what"]]()
        except storage.Away as error:
            raise CommandError("The store does not answer, or has not what a row names. See OPINOVI_FILES.") from error

    def out(self) -> None:
        self.stdout.write(f"{storage.move(out=True)} files moved to the store.")

    def back(self) -> None:
        self.stdout.write(f"{storage.move(out=False)} files moved to the database.")

    def see(self) -> None:
        gone = storage.missing()
        if gone:
            raise CommandError(f"{len(gone)} files are not in the store: {', '.join(gone[:5])}")
        self.stdout.write(f"All {len(storage.named())} files are there.")

    def tidy(self) -> None:
        self.stdout.write(f"{storage.tidy()} files that no row names were taken away.")
