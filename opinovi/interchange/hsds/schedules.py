"""Opening hours as schedules (recurrence rules of RFC 5545), and schedules as opening hours."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from opinovi.base.clock import today
from opinovi.base.when import short_date
from opinovi.directory.hours import ZONE
from opinovi.directory.hours_plan import EVEN, EVERY, ODD, Exception_, Plan, Span, Weekly, from_osm, time_osm, to_osm
from opinovi.interchange.hsds import part_id

BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKS_OF = {
    EVEN: ",".join(str(week) for week in range(2, 53, 2)),
    ODD: ",".join(str(week) for week in range(1, 54, 2)),
}
LONGEST_RULE = 2000


def zone_hours() -> float:
    """Finnish time's distance from UTC today, in hours."""
    offset = datetime.combine(today(), datetime.min.time(), ZONE).replace(hour=12).utcoffset()
    return offset.total_seconds() / 3600 if offset else 2


def schedules_of(hours: str, owner: str, note: str = "") -> list[dict[str, Any]]:
    """The hours of an owner (its id) as schedules; what rules can't say is said in words."""
    if not hours and not note:
        return []
    plan = from_osm(hours) if hours else Plan(closed_on_holidays=False)
    rows: list[dict[str, Any]] = []
    if plan is None:
        rows.append({"description": hours})
    else:
        rows += [row for one in plan.weekly for row in weekly_rows(one)]
        for season in plan.seasons:
            begins, ends = season_days(season.begins, season.ends)
            within = {"valid_from": begins.isoformat(), "valid_to": ends.isoformat()}
            told = [row for one in season.weekly for row in weekly_rows(one)] or [{"description": "closed"}]
            rows += [row | within for row in told]
        rows += [row for one in plan.exceptions for row in exception_rows(one)]
    if note:
        rows.append({"description": note})
    return [{"id": part_id("schedule", owner, place), **row} for place, row in enumerate(rows)]


def weekly_rows(one: Weekly) -> list[dict[str, Any]]:
    days = ",".join(BYDAY[day] for day in one.days)
    base: dict[str, Any] = {"freq": "WEEKLY", "wkst": "MO", "byday": days, "timezone": zone_hours()}
    if one.weeks != EVERY:
        base["byweekno"] = WEEKS_OF[one.weeks]
    return [base | {"opens_at": clock(begin), "closes_at": clock(end)} for begin, end in one.spans]


def exception_rows(one: Exception_) -> list[dict[str, Any]]:
    within: dict[str, Any] = {"valid_from": one.begins.isoformat(), "valid_to": one.ends.isoformat()}
    if one.why:
        within["notes"] = one.why
    if not one.spans:
        return [within | {"description": "closed"}]
    return [
        within | {"opens_at": clock(begin), "closes_at": clock(end), "timezone": zone_hours()}
        for begin, end in one.spans
    ]


def clock(minutes: int) -> str:
    return time_osm(minutes % (24 * 60))


def season_days(begins: tuple[int, int], ends: tuple[int, int]) -> tuple[date, date]:
    """The season that is on or comes next."""
    year = today().year
    first, last = day_of(year, begins), day_of(year + (ends < begins), ends)
    if last < today():
        first, last = day_of(year + 1, begins), day_of(year + 1 + (ends < begins), ends)
    return first, last


def day_of(year: int, pair: tuple[int, int]) -> date:
    try:
        return date(year, *pair)
    except ValueError:
        return date(year, 2, 28)


# From schedules


def osm_of(rows: Iterable[Any]) -> tuple[str, str]:
    """Opening hours in the OpenStreetMap grammar, and what schedules say in words alone."""
    weekly: dict[tuple[tuple[int, ...], str], list[Span]] = {}
    exceptions: list[Exception_] = []
    words: list[str] = []
    for row in rows:
        if not isinstance(row, dict):
            continue
        spans = span_of(row)
        days = tuple(BYDAY.index(day) for day in str(row.get("byday") or "").upper().split(",") if day in BYDAY)
        dates = dates_of(row)
        if days and spans and dates is None and str(row.get("freq") or "WEEKLY") == "WEEKLY":
            weeks = next((name for name, told in WEEKS_OF.items() if row.get("byweekno") == told), EVERY)
            weekly.setdefault((days, weeks), []).extend(spans)
        elif dates is not None and not days and (spans or row.get("description") == "closed"):
            exceptions.append(Exception_(*dates, spans, str(row.get("notes") or "").replace('"', "'")[:100]))
        else:
            words.append(in_words(row))
    plan = Plan(tuple(Weekly(days, tuple(spans), weeks) for (days, weeks), spans in weekly.items()), (), False,
                tuple(exceptions))  # fmt: skip
    return to_osm(plan) if weekly or exceptions else "", " ".join(one for one in words if one)[:LONGEST_RULE]


def span_of(row: dict[str, Any]) -> tuple[Span, ...]:
    begin, end = minutes_of(row.get("opens_at")), minutes_of(row.get("closes_at"))
    return ((begin, end),) if begin is not None and end is not None and begin != end else ()


def minutes_of(text: Any) -> int | None:
    """Minutes from midnight of "09:00", "09:00:00" or "09:00+02:00"; None for what is no time."""
    if not isinstance(text, str):
        return None
    head = text.strip()[:5]
    if len(head) == 5 and head[2] == ":" and head[:2].isdigit() and head[3:].isdigit():
        hour, minute = int(head[:2]), int(head[3:])
        return hour * 60 + minute if hour < 24 and minute < 60 else 24 * 60 if (hour, minute) == (24, 0) else None
    return None


def dates_of(row: dict[str, Any]) -> tuple[date, date] | None:
    """The days between which a schedule holds, where both ends are told."""
    try:
        begins, ends = date.fromisoformat(str(row["valid_from"])[:10]), date.fromisoformat(str(row["valid_to"])[:10])
    except (KeyError, ValueError):
        return None
    return (begins, ends) if begins <= ends else None


def in_words(row: dict[str, Any]) -> str:
    told = [str(row[name]).strip() for name in ("description", "notes") if row.get(name)]
    times = "–".join(str(row[name])[:5] for name in ("opens_at", "closes_at") if row.get(name))
    dates = dates_of(row)
    when = f"{short_date(dates[0])}–{short_date(dates[1])}" if dates else ""
    return " ".join(one for one in (when, str(row.get("byday") or ""), times, *told) if one)
