"""Opening hours as a person tells them: weekly hours, seasons, holidays and exceptions; to and from the grammar."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EVERY, EVEN, ODD = "", "even", "odd"
WEEKS = {EVERY: "", EVEN: "week 02-52/2 ", ODD: "week 01-53/2 "}
Span = tuple[int, int]


@dataclass(frozen=True)
class Weekly:
    """Days of the week (0 is Monday) and when one gets in: minutes from midnight; an end before its begin is past it.

    No spans means closed. `weeks` narrows to the even or the odd weeks of the year.
    """

    days: tuple[int, ...]
    spans: tuple[Span, ...]
    weeks: str = EVERY


@dataclass(frozen=True)
class Season:
    """A part of every year with weekly hours of its own: (month, day) to (month, day)."""

    begins: tuple[int, int]
    ends: tuple[int, int]
    weekly: tuple[Weekly, ...]


@dataclass(frozen=True)
class Exception_:
    """Days that differ: closed, or other hours, and why."""

    begins: date
    ends: date
    spans: tuple[Span, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Plan:
    weekly: tuple[Weekly, ...] = ()
    seasons: tuple[Season, ...] = ()
    closed_on_holidays: bool = True
    exceptions: tuple[Exception_, ...] = field(default=())


# To the grammar


def to_osm(plan: Plan) -> str:
    """The plan in the OpenStreetMap grammar; later rules stand over earlier ones. Empty where nothing is told."""
    rules = [weekly_osm(one) for one in plan.weekly]
    for season in plan.seasons:
        span = f"{month_day(season.begins)}-{month_day(season.ends)}"
        rules.append(f"{span} off")
        rules += [f"{span} {weekly_osm(one)}" for one in season.weekly]
    if plan.closed_on_holidays and rules:
        rules.append("PH off")
    rules += [exception_osm(one) for one in plan.exceptions]
    return "; ".join(rules)


def weekly_osm(one: Weekly) -> str:
    return f"{WEEKS[one.weeks]}{days_osm(one.days)} {spans_osm(one.spans)}"


def days_osm(days: tuple[int, ...]) -> str:
    """Days in ranges: three or more in a row as Mo-We."""
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 1 else DAYS[run[0]] for run in runs]
    return ",".join(parts)


def spans_osm(spans: tuple[Span, ...]) -> str:
    return ",".join(f"{time_osm(begin)}-{time_osm(end)}" for begin, end in spans) or "off"


def time_osm(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def month_day(pair: tuple[int, int]) -> str:
    return f"{MONTHS[pair[0] - 1]} {pair[1]:02d}"


def exception_osm(one: Exception_) -> str:
    first = f"{one.begins.year} {month_day((one.begins.month, one.begins.day))}"
    last = f"{one.ends.year} {month_day((one.ends.month, one.ends.day))}"
    when = first if one.begins == one.ends else f"{first}-{last}"
    why = one.why.replace('"', "”").strip()
    return f"{when} {spans_osm(one.spans)}" + (f' "{why}"' if why else "")


# From the grammar

DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
TIME = r"\d{2}:\d{2}"
MONTH_DAY = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{2}"
SPANS = rf"off|closed|{TIME}-{TIME}(?:,{TIME}-{TIME})*"
WEEKLY = re.compile(
    rf"(?P<weeks>week 0[12]-5[23]/2 )?(?P<days>{DAY}(?:-{DAY})?(?:,{DAY}(?:-{DAY})?)*) (?P<spans>{SPANS})"
)
SEASON = re.compile(rf"(?P<begins>{MONTH_DAY})-(?P<ends>{MONTH_DAY}) (?P<rest>.+)")
EXCEPTION = re.compile(
    rf"(?P<year>\d{{4}}) (?P<begins>{MONTH_DAY})(?:-(?P<year_2>\d{{4}}) (?P<ends>{MONTH_DAY}))? "
    rf'(?P<spans>{SPANS})(?: "(?P<why>[^"]*)")?'
)


def from_osm(hours: str) -> Plan | None:
    """The plan that the hours say; None for hours that a plan can't say."""
    weekly: list[Weekly] = []
    seasons: list[Season] = []
    exceptions: list[Exception_] = []
    holidays = False
    rules = [one.strip() for one in split_rules(hours) if one.strip()]
    for rule in rules:
        if rule in ("PH off", "PH closed"):
            holidays = True
        elif found := EXCEPTION.fullmatch(rule):
            exceptions.append(read_exception(found))
        elif found := SEASON.fullmatch(rule):
            if not add_season(found, seasons):
                return None
        elif (one := read_weekly(rule)) and not seasons and not exceptions and not holidays:
            weekly.append(one)
        else:
            return None
    plan = Plan(tuple(weekly), tuple(seasons), holidays or not rules, tuple(exceptions))
    return plan if not rules or to_osm(plan) == "; ".join(rules).replace("closed", "off") else None


def split_rules(hours: str) -> list[str]:
    """The rules between semicolons, but for those within a comment."""
    return re.findall(r'(?:[^;"]|"[^"]*")+', hours)


def read_weekly(rule: str) -> Weekly | None:
    found = WEEKLY.fullmatch(rule)
    if found is None:
        return None
    weeks = {None: EVERY, "week 02-52/2 ": EVEN, "week 01-53/2 ": ODD}.get(found["weeks"])
    if weeks is None:
        return None
    return Weekly(read_days(found["days"]), read_spans(found["spans"]), weeks)


def read_days(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in text.split(","):
        first, _dash, last = part.partition("-")
        begin = DAYS.index(first)
        end = DAYS.index(last) if last else begin
        found += range(begin, end + 1) if begin <= end else [*range(begin, 7), *range(end + 1)]
    return tuple(sorted(set(found)))


def read_spans(text: str) -> tuple[Span, ...]:
    if text in ("off", "closed"):
        return ()
    minutes = [[int(part[:2]) * 60 + int(part[3:]) for part in span.split("-")] for span in text.split(",")]
    return tuple((begin, end) for begin, end in minutes)


def read_month_day(text: str) -> tuple[int, int]:
    return MONTHS.index(text[:3]) + 1, int(text[4:])


def add_season(found: re.Match[str], seasons: list[Season]) -> bool:
    begins, ends = read_month_day(found["begins"]), read_month_day(found["ends"])
    if found["rest"] == "off":
        seasons.append(Season(begins, ends, ()))
        return True
    one = read_weekly(found["rest"])
    if one is None or not seasons or (seasons[-1].begins, seasons[-1].ends) != (begins, ends):
        return False
    seasons[-1] = Season(begins, ends, (*seasons[-1].weekly, one))
    return True


def read_exception(found: re.Match[str]) -> Exception_:
    month, day = read_month_day(found["begins"])
    begins = date(int(found["year"]), month, day)
    ends = begins
    if found["ends"]:
        month, day = read_month_day(found["ends"])
        ends = date(int(found["year_2"]), month, day)
    return Exception_(begins, ends, read_spans(found["spans"]), found["why"] or "")


# What a plan says of a moment: the same rules in plain steps, against which the grammar is tested.


def spans_on(plan: Plan, day: date, holiday: bool) -> tuple[Span, ...]:
    """When it is open on a day, as the plan says it."""
    for one in reversed(plan.exceptions):
        if one.begins <= day <= one.ends:
            return one.spans
    if holiday and plan.closed_on_holidays:
        return ()
    for season in reversed(plan.seasons):
        if in_season(season, day):
            return weekly_spans(season.weekly, day)
    return weekly_spans(plan.weekly, day)


def in_season(season: Season, day: date) -> bool:
    at = (day.month, day.day)
    if season.begins <= season.ends:
        return season.begins <= at <= season.ends
    return at >= season.begins or at <= season.ends


def weekly_spans(weekly: tuple[Weekly, ...], day: date) -> tuple[Span, ...]:
    even = day.isocalendar().week % 2 == 0
    for one in reversed(weekly):
        if day.weekday() in one.days and (one.weeks == EVERY or (one.weeks == EVEN) == even):
            return one.spans
    return ()


def over_before(plan: Plan, day: date) -> Plan:
    """The plan without the exceptions that were over a month before a day."""
    kept = tuple(one for one in plan.exceptions if one.ends >= day - timedelta(days=31))
    return Plan(plan.weekly, plan.seasons, plan.closed_on_holidays, kept)
