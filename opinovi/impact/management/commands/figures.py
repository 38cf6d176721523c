import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from opinovi.base.models import Event
from opinovi.impact.counting import TELLERS, catch_up, count_anew


class Command(BaseCommand):
    help = "Count the figures from the log: what is new, or with --anew all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="throw the figures away and count all Events")

    def handle(self, *args: Any, **options: Any) -> None:
        begin = time.perf_counter()
        if not options["anew"]:
            self.stdout.write(f"{catch_up():,} new Events counted in {time.perf_counter() - begin:.1f} s")
            return
        whole = Event.objects.filter(subject_type__in=list(TELLERS)).count()
        shown = [-1]

        def progress(kind: str, done: int) -> None:
            share = 100 * done // max(1, whole)
            if share != shown[0]:
                shown[0] = share
                end = "\r" if sys.stdout.isatty() else "\n"
                self.stdout.write(f"{share} % ({kind})", ending=end)
                self.stdout.flush()

        count = count_anew(progress)
        self.stdout.write(f"{count:,} Events counted in {time.perf_counter() - begin:.1f} s")
