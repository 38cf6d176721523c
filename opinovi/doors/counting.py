"""Counting needs without making anyone wait: a find never waits for a write.

Counts gather in memory and are written together every few seconds. A host that is killed loses at most those few
seconds of statistics, never anything that a person was told is saved.
"""

import atexit
import logging
import threading
from uuid import UUID

from django.db import DatabaseError, close_old_connections

from opinovi.doors.actions import count_needs
from opinovi.doors.models import NeedCount

log = logging.getLogger(__name__)
EVERY = 5.0
MOST = 20_000


class Counter:
    """Gathers counts, and writes them from a thread of its own once there are any."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: list[NeedCount] = []
        self.opened: set[UUID] = set()
        self.timer: threading.Timer | None = None

    def looked_for(self, count: NeedCount) -> None:
        with self.lock:
            if len(self.counts) < MOST:
                self.counts.append(count)
            self.wake()

    def door_opened(self, need_id: UUID) -> None:
        with self.lock:
            if len(self.opened) < MOST:
                self.opened.add(need_id)
            self.wake()

    def wake(self) -> None:
        if self.timer is None:
            self.timer = threading.Timer(EVERY, self.flush_apart)
            self.timer.daemon = True
            self.timer.start()

    def flush(self) -> None:
        """Write what has gathered. What can't be written now is kept for the next time."""
        with self.lock:
            counts, opened = self.counts, self.opened
            self.counts, self.opened, self.timer = [], set(), None
        if not counts and not opened:
            return
        try:
            count_needs(counts, opened)
        except DatabaseError:
            log.warning("the counts of %d needs wait for the database", len(counts))
            with self.lock:
                self.counts = [*counts, *self.counts][:MOST]
                self.opened |= opened
                self.wake()

    def flush_apart(self) -> None:
        try:
            self.flush()
        finally:
            close_old_connections()


counter = Counter()
atexit.register(counter.flush)
