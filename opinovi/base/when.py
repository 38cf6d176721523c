"""Moments as a person says them, in the page's language and in Finnish time."""

from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _


def span(first: str, last: str) -> str:
    """From one to another; where a page runs from right to left, the figures keep their own order."""
    return f"\u2066{first}–{last}\u2069" if get_language_bidi() else f"{first}–{last}"


def clock(moment: datetime) -> str:
    """The time of day, its minutes only where there are any: 9, 9.30 (fi, sv), 9:30 (en)."""
    local = timezone.localtime(moment)
    # Translators: a full hour, for example "klo 9"
    whole = _("klo %(hour)d")
    # Translators: an hour and minutes, for example "klo 9.30"
    broken = _("klo %(hour)d.%(minute)02d")
    return (broken if local.minute else whole) % {"hour": local.hour, "minute": local.minute}


def bare_clock(moment: datetime) -> str:
    """The time of day alone, as tables have it: 9, 9.30 (fi, sv), 9:30 (en)."""
    local = timezone.localtime(moment)
    # Translators: an hour and minutes without "at", for example "9.30"
    return (
        _("%(hour)d.%(minute)02d") % {"hour": local.hour, "minute": local.minute} if local.minute else str(local.hour)
    )


def weekday(day: date) -> str:
    """The day of the week, short."""
    return (_("ma"), _("ti"), _("ke"), _("to"), _("pe"), _("la"), _("su"))[day.weekday()]


def short_date(day: date) -> str:
    """Day and month; the year too where it is not this one."""
    # Translators: day and month as numbers, for example "28.1." (Django's date format)
    with_year, without = _("j.n.Y"), _("j.n.")
    return dateformat.format(day, without if day.year == timezone.localdate().year else with_year)


def soon(moment: datetime, now: datetime) -> str:
    """A moment ahead: today by the clock, tomorrow said so, within a week by its weekday, else by its date."""
    day, today = timezone.localtime(moment).date(), timezone.localtime(now).date()
    days = (day - today).days
    time = clock(moment)
    if days == 0:
        return _("tänään %(time)s") % {"time": time}
    if days == 1:
        return _("huomenna %(time)s") % {"time": time}
    if days < 7:
        return f"{weekday(day)} {time}"
    return f"{weekday(day)} {short_date(day)} {time}"
