"""Free times: what the rules offer, less what is taken. Pure arithmetic of moments; no database."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from opinovi.contact.models.appointments import CELL_MINUTES
from opinovi.directory.hours import ZONE, parsed, spans_of


@dataclass(frozen=True)
class Offered:
    """What a rule offers, without whose it is. Times in Finnish time; lengths in minutes."""

    hours: str
    begins: date
    ends: date | None = None
    minutes: int = 45
    buffer: int = 15
    notice_hours: int = 3
    ahead_days: int = 42
    per_day: int = 8


def cell_of(moment: datetime) -> int:
    """The cell in which a moment lies."""
    return int(moment.timestamp()) // (CELL_MINUTES * 60)


def cells(begin: datetime, minutes: int) -> range:
    """The cells of a time from its begin on, the buffer after it counted in `minutes`."""
    first = cell_of(begin)
    return range(first, first + -(-minutes // CELL_MINUTES))


def moment_of(cell: int) -> datetime:
    return datetime.fromtimestamp(cell * CELL_MINUTES * 60, UTC)


def starts_on(one: Offered, day: date) -> Iterator[datetime]:
    """Every time that the rule offers on a day, free or not: in each stretch one after another, whole within it."""
    rule = parsed(one.hours)
    if rule is None or day < one.begins or (one.ends is not None and day > one.ends):
        return
    midnight = datetime.combine(day, time(), ZONE)
    for opens, closes, is_open, _why in spans_of(
        rule, midnight, datetime.combine(day + timedelta(days=1), time(), ZONE)
    ):
        if not is_open:
            continue
        # By cells, which are of even length also where the clocks change.
        cell, last = -(-int(opens.timestamp()) // (CELL_MINUTES * 60)), int(closes.timestamp())
        while (cell * CELL_MINUTES + one.minutes) * 60 <= last:
            start = moment_of(cell).astimezone(ZONE)
            if start >= midnight:
                yield start
            cell += -(-(one.minutes + one.buffer) // CELL_MINUTES)


def free_on(
    one: Offered, day: date, at: datetime, taken: Collection[int], booked: Mapping[date, int]
) -> Iterator[datetime]:
    """The times of a day that can be booked at a moment. `taken` are the guide's cells, `booked` how many times the
    guide has by day."""
    if booked.get(day, 0) >= one.per_day or day > at.astimezone(ZONE).date() + timedelta(days=one.ahead_days):
        return
    earliest = at + timedelta(hours=one.notice_hours)
    for start in starts_on(one, day):
        if start.timestamp() >= earliest.timestamp() and not any(
            cell in taken for cell in cells(start, one.minutes + one.buffer)
        ):
            yield start


def is_free(one: Offered, start: datetime, at: datetime, taken: Collection[int], booked: Mapping[date, int]) -> bool:
    """Whether a very time can be booked."""
    day = start.astimezone(ZONE).date()
    return any(found.timestamp() == start.timestamp() for found in free_on(one, day, at, taken, booked))
