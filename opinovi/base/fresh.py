"""What was worked out of the database, remembered for as long as nothing has happened.

Every change of state records an Event. So what is remembered holds until there is a new Event, and at most to the end
of the minute, since opening hours go on by themselves. Each process remembers on its own.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from opinovi.base.clock import now
from opinovi.base.models import Event

Made = TypeVar("Made")
# How often, in seconds, the log is asked whether something has happened.
EVERY = 0.2
MOST = 5_000


class Fresh:
    def __init__(self) -> None:
        self.stamp: tuple[int, int] = (-1, -1)
        self.asked_at = float("-inf")
        self.remembered: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is remembered under the key, or what `make` makes of it now."""
        self.forget_what_is_over()
        remembered = self.remembered
        if key not in remembered:
            if len(remembered) >= MOST:
                remembered.clear()
            remembered[key] = make()
        found: Made = remembered[key]
        return found

    def get_many(self, keys: list[Hashable], make: Callable[[list[Any]], dict[Any, Made]]) -> dict[Any, Made]:
        """The same for many at once: `make` is asked for all that is not remembered, and may leave some out."""
        self.forget_what_is_over()
        remembered = self.remembered
        if missing := [key for key in keys if key not in remembered]:
            if len(remembered) >= MOST:
                remembered.clear()
                missing = keys
            remembered.update(make(missing))
        return {key: remembered[key] for key in keys if key in remembered}

    def forget_what_is_over(self) -> None:
        if time.monotonic() - self.asked_at < EVERY:
            return
        last = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        stamp = (last, int(now().timestamp() // 60))
        if stamp != self.stamp:
            self.remembered, self.stamp = {}, stamp
        self.asked_at = time.monotonic()

    def forget(self) -> None:
        self.remembered, self.stamp, self.asked_at = {}, (-1, -1), float("-inf")


fresh = Fresh()
