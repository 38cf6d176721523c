"""The one clock. Everything asks it, so that a test can stop time in one place."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    return timezone.localdate()
