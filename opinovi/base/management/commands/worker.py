"""The worker: tasks as they come, and the rounds that come again and again."""

import logging
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connections

from opinovi.base.rounds import begin

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send letters, do tasks, and go the rounds. Any number of workers may run side by side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks for tasks")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        rounds = begin(stop)
        try:
            self.work(options["interval"], stop)
        finally:
            stop.set()
            rounds.join(timeout=10)

    def work(self, interval: float, stop: threading.Event) -> None:
        """Until told to end. A database that is gone, or another that takes its place, is waited for."""
        while True:
            try:
                call_command("db_worker", interval=interval, verbosity=0, startup_delay=False)
                return
            except (OperationalError, InterfaceError):
                log.warning("the worker waits for the database")
                connections.close_all()
                stop.wait(1.0)
