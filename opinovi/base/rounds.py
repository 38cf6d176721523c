"""What a worker does again and again, whatever happens: each round may be run by several workers, or twice, without
harm, since what it does it takes row by row."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, close_old_connections, connection

log = logging.getLogger(__name__)


@dataclass
class Round:
    work: Callable[[], object]
    seconds: float
    next_at: float = 0.0


ROUNDS: list[Round] = []


def every(seconds: float) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Let a worker call the function so often."""

    def add(work: Callable[[], object]) -> Callable[[], object]:
        ROUNDS.append(Round(work, seconds))
        return work

    return add


def run_due(at: float) -> None:
    """Run the rounds whose time has come. One that fails does not keep the others."""
    for one in ROUNDS:
        if one.next_at <= at:
            one.next_at = at + one.seconds
            try:
                one.work()
            except DatabaseError:
                log.warning("round %s: the database did not answer", one.work.__name__)
            except Exception:
                log.exception("round %s", one.work.__name__)


def begin(stop: threading.Event) -> threading.Thread:
    """Go round in a thread of its own until told to stop."""

    def work() -> None:
        while not stop.wait(1.0):
            close_old_connections()
            run_due(time.monotonic())
        connection.close()

    thread = threading.Thread(target=work, name="rounds", daemon=True)
    thread.start()
    return thread
