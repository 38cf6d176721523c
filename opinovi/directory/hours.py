"""Opening hours in the OpenStreetMap grammar, read against a moment in Finnish time and with Finnish holidays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]
from opening_hours import State as Now

ZONE = ZoneInfo("Europe/Helsinki")
# How far ahead an opening is worth telling.
HORIZON = timedelta(days=60)


@dataclass(frozen=True)
class OpenState:
    """Whether open at a moment, and the next change (Finnish time); None where nothing changes or nothing is known.

    `shut_today` says that it is closed for the whole of the day, and `why` what the hours say of it.
    """

    open: bool
    known: bool = True
    until: datetime | None = None
    opens: datetime | None = None
    shut_today: bool = False
    why: str = ""

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
    if rule.is_open(minute):
        return OpenState(True, until=closing(rule, minute))
    midnight = minute.replace(hour=0, minute=0)
    today = spans_of(rule, midnight, midnight + timedelta(days=1))
    shut = not any(is_open for _begin, _end, is_open, _why in today)
    ahead = spans_of(rule, minute, (minute.astimezone(UTC) + HORIZON).astimezone(ZONE))
    opens = next((begin for begin, _end, is_open, _why in ahead if is_open), None)
    return OpenState(False, opens=opens, shut_today=shut, why=next((why for *_rest, why in today if why), ""))


Stretch = tuple[datetime, datetime, bool, str]


def spans_of(rule: OpeningHours, begin: datetime, end: datetime) -> list[Stretch]:
    """The stretches of time between two moments: begin, end, whether open, and what the hours say of it."""
    return [
        (first, last, kind == Now.OPEN, why) for first, last, kind, why in rule.intervals(begin, end) if last > begin
    ]


def closing(rule: OpeningHours, minute: datetime) -> datetime | None:
    """When it closes; None if it never does. A change from open to open is none."""
    change = rule.next_change(minute)
    for _ in range(20):
        if change is None or not rule.is_open(change):
            return change
        change = rule.next_change(change)
    return change


def days_ahead(hours: str, at: datetime, count: int = 7) -> list[tuple[date, list[tuple[datetime, datetime]], str]]:
    """For each day from today on: the day, when it is open, and what the hours say of it. Empty where not known."""
    rule = parsed(hours)
    if rule is None:
        return []
    first = at.astimezone(ZONE).date()
    found = []
    for number in range(count):
        day = first + timedelta(days=number)
        begin = datetime.combine(day, time(), ZONE)
        stretches = spans_of(rule, begin, datetime.combine(day + timedelta(days=1), time(), ZONE))
        spans = [(start, end) for start, end, is_open, _why in stretches if is_open and start >= begin]
        found.append((day, spans, next((why for *_rest, why in stretches if why), "")))
    return found


def state(hours: str, at: datetime) -> OpenState:
    """Whether open at `at` (aware), to the minute."""
    # By way of UTC, so that an hour that the clocks skip is none.
    return state_in(hours, at.astimezone(UTC).astimezone(ZONE).replace(second=0, microsecond=0))


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
