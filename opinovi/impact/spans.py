"""The spans of time that figures are shown by: calendar months, quarters and years, never others."""

from datetime import date

from django.utils.translation import gettext as _

from opinovi.base.clock import today
from opinovi.impact.shown import Span

STEPS = ("month", "quarter", "year")
LENGTH = {"month": 1, "quarter": 3, "year": 12}
# As many spans as make a year.
YEAR_BACK = {"month": 12, "quarter": 4, "year": 1}
ROMAN = ("I", "II", "III", "IV")


def span_of(day: date, step: str) -> Span:
    if step == "year":
        return Span(str(day.year), tuple(day.year * 100 + month for month in range(1, 13)))
    if step == "month":
        return Span(f"{day.month}/{day.year}", (day.year * 100 + day.month,))
    quarter = (day.month - 1) // 3
    name = _("%(year)d %(quarter)s") % {"year": day.year, "quarter": ROMAN[quarter]}
    return Span(name, tuple(day.year * 100 + quarter * 3 + month for month in (1, 2, 3)))


def spans_back(step: str, count: int, last: date | None = None) -> list[Span]:
    """So many spans, the oldest first; the newest is the one of a day."""
    day = last or today()
    found = []
    for _n in range(count):
        found.append(span_of(day, step))
        before = found[-1].months[0]
        year, month = divmod(before // 100 * 12 + before % 100 - 2, 12)
        day = date(year, month + 1, 1)
    return found[::-1]


def months_of(spans: list[Span]) -> list[int]:
    return [month for span in spans for month in span.months]


def last_whole(step: str) -> date:
    """A day of the last span that is over."""
    first = span_of(today(), step).months[0]
    year, month = divmod(first // 100 * 12 + first % 100 - 2, 12)
    return date(year, month + 1, 1)
