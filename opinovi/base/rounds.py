"""What a worker does again and again, whatever happens: each round may be run by several workers, or twice, without
harm, since what it does it takes row by row. A worker that is started anew goes on where it was: what is done each day
is not done at each start."""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from opinovi.base.files import put

log = logging.getLogger(__name__)
# When a host's worker last made the long rounds, by name: in the home folder.
LAST = "rounds.json"
LONG = 3600.0


@dataclass
class Round:
    work: Callable[[], object]
    seconds: float
    next_at: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.work.__module__}.{self.work.__name__}"


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
                note(one, time.time())
            except DatabaseError:
                log.warning("round %s: the database did not answer", one.work.__name__)
            except Exception:
                log.exception("round %s", one.work.__name__)


def breathe(more: bool = True) -> None:
    """Let others write between the parts of a long work: SQLite has one writer at a time, and no line for who waits."""
    if more:
        time.sleep(0.05)


def last_made() -> dict[str, float]:
    """When each long round was last made here, in seconds of the clock; empty where nobody knows."""
    path = Path(settings.OPINOVI_HOME) / LAST
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): float(at) for name, at in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def go_on(at: float, clock: float) -> None:
    """Let each long round wait for what is left of its time since it was last made."""
    made = last_made()
    for one in ROUNDS:
        if one.seconds >= LONG and one.name in made:
            one.next_at = at + min(max(0.0, made[one.name] + one.seconds - clock), one.seconds)


def note(one: Round, clock: float) -> None:
    """Write down that a long round was made."""
    if one.seconds >= LONG:
        try:
            put(Path(settings.OPINOVI_HOME) / LAST, json.dumps(last_made() | {one.name: clock}))
        except OSError:
            log.warning("round %s: when it was made could not be written down", one.name)


def begin(stop: threading.Event) -> threading.Thread:
    """Go round in a thread of its own until told to stop."""

    go_on(time.monotonic(), time.time())

    def work() -> None:
        while not stop.wait(1.0):
            close_old_connections()
            run_due(time.monotonic())
        connection.close()

    thread = threading.Thread(target=work, name="rounds", daemon=True)
    thread.start()
    return thread
