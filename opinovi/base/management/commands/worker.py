"""The worker: tasks as they come, and the rounds that come again and again."""

import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from opinovi.base.rounds import begin


class Command(BaseCommand):
    help = "Send letters, do tasks, and go the rounds. Any number of workers may run side by side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks for tasks")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        rounds = begin(stop)
        try:
            call_command("db_worker", interval=options["interval"], verbosity=0, startup_delay=False)
        finally:
            stop.set()
            rounds.join(timeout=10)
