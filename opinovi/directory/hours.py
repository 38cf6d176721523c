"""Opening hours in the OpenStreetMap grammar, read against a moment in Finnish time and with Finnish holidays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

ZONE = ZoneInfo("Europe/Helsinki")
# How far ahead an opening is worth telling.
HORIZON = timedelta(days=60)


@dataclass(frozen=True)
class OpenState:
    """Whether open at a moment, and the next change (Finnish time); None where nothing changes or nothing is known."""

    open: bool
    known: bool = True
    until: datetime | None = None
    opens: datetime | None = None

    @property
    def always(self) -> bool:
        return self.open and self.until is None


UNKNOWN = OpenState(open=False, known=False)


@lru_cache(maxsize=5000)
def parsed(hours: str) -> OpeningHours | None:
    """The hours as the library reads them; None for none, or for what it can't read."""
    try:
        return OpeningHours(hours, timezone=ZONE, country="FI") if hours.strip() else None
    except ParserError:
        return None


@lru_cache(maxsize=20_000)
def state_in(hours: str, minute: datetime) -> OpenState:
    rule = parsed(hours)
    if rule is None:
        return UNKNOWN
    change = rule.next_change(minute)
    if rule.is_open(minute):
        return OpenState(True, until=change)
    return OpenState(False, opens=change if change and change - minute < HORIZON else None)


def state(hours: str, at: datetime) -> OpenState:
    """Whether open at `at` (aware), to the minute."""
    return state_in(hours, at.astimezone(ZONE).replace(second=0, microsecond=0))


def opening_time(one: OpenState) -> datetime:
    assert one.opens is not None
    return one.opens


def soonest(states: Iterable[OpenState]) -> OpenState:
    """Of several ways in the one that lets in first: open longest, else opening soonest, else unknown."""
    known = [one for one in states if one.known]
    opened = [one for one in known if one.open]
    if opened:
        return max(opened, key=lambda one: (one.until is None, one.until))
    ahead = [one for one in known if one.opens]
    if ahead:
        return min(ahead, key=opening_time)
    return known[0] if known else UNKNOWN
