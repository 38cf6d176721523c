import time
from typing import Any

from django.core.management.base import BaseCommand

from opinovi.doors.index import current


class Command(BaseCommand):
    help = "Make the search index anew from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        begin = time.perf_counter()
        count = current().build()
        self.stdout.write(f"{count} services indexed in {time.perf_counter() - begin:.1f} s")
