"""Send a day's reminders of records to confirm, without waiting for the daily round."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi.directory.actions.freshness import send_reminders


class Command(BaseCommand):
    help = "Write the letters of a day (today, unless told) to those who have something to confirm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", default="", help="the day, as 2027-02-09")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = date.fromisoformat(options["day"]) if options["day"] else None
        except ValueError as error:
            raise CommandError(f"not a day: {options['day']}") from error
        self.stdout.write(str(send_reminders(day)))
