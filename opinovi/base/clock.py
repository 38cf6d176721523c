"""The one clock. Everything asks it, so that a test can stop time in one place."""

from calendar import monthrange
from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    return timezone.localdate()


def day_of(moment: datetime) -> date:
    """The day that people had on the wall then: in UTC it is yesterday's until two or three in the morning."""
    return timezone.localdate(moment)


def months_on(day: date, months: int) -> date:
    """The same day of the month so many months on; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
