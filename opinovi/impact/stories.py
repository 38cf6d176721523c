"""What Events tell for figures. A story is all Events of one subject, in order; its facts are what is counted of it.

A fact stands in the month of that which it tells of, not of when it was written down: an answer counts in the month of
its question, a meeting in that of its day, an outcome in that of when it was asked. So what comes late or is put right
changes the right month, and no other: the whole story is told anew, and only the difference is added to the figures.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from opinovi.impact.groups import GROUPS

ZONE = ZoneInfo("Europe/Helsinki")
# What became of one who was told of good things: the outcomes that count as good.
GOOD = frozenset({"work", "education", "qualification", "plan"})
DIGITAL = frozenset({"web", "chat", "video"})
FACE = frozenset({"visit", "group"})
# Within how many days a complaint is answered.
COMPLAINT_DAYS = 14


class Happening(NamedTuple):
    """One Event, as a story is told of it."""

    at: datetime
    verb: str
    data: dict[str, Any]


class Whose(NamedTuple):
    """Of which network, organisation and team; "" where nobody knows."""

    network: str = ""
    organisation: str = ""
    team: str = ""


Breakdowns = tuple[tuple[str, str], ...]


class Fact(NamedTuple):
    """So many of one thing, in a month; `by` are its breakdowns as (name, value), each of them one partition but
    "topic" and "group", of which one may have several."""

    name: str
    month: int
    whose: Whose
    by: Breakdowns = ()
    bucket: int = 0
    n: int = 1


def month_of(at: datetime) -> int:
    local = at.astimezone(ZONE)
    return local.year * 100 + local.month


def month_of_day(day: str) -> int:
    return int(day[:4]) * 100 + int(day[5:7])


def hours_between(begin: datetime, end: datetime) -> int:
    """Whole hours, rounded down."""
    return max(0, int((end - begin).total_seconds() // 3600))


def days_between(begin: datetime, end: datetime) -> int:
    """Days of the calendar."""
    return max(0, (end.astimezone(ZONE).date() - begin.astimezone(ZONE).date()).days)


Story = Sequence[Happening]
# The organisation of a team, by its id.
Houses = dict[str, str]


def whose(network: str, team: str, houses: Houses) -> Whose:
    return Whose(network, houses.get(team, ""), team)


def contact_by(channel: str, language: str) -> Breakdowns:
    return (("channel", channel), ("language", language))


def contact(month: int, of: Whose, by: Breakdowns, channel: str) -> Iterator[Fact]:
    """A person was helped by somebody: in which way."""
    yield Fact("contact", month, of, by)
    if channel in DIGITAL:
        yield Fact("contact_digital", month, of, by)
    if channel in FACE:
        yield Fact("contact_face", month, of, by)


def needs(story: Story, houses: Houses) -> Iterator[Fact]:
    """What people looked for: whether there was a good door, and whether one was opened."""
    for one in story:
        for name, rows in (("need", one.data.get("rows", ())), ("need_opened", one.data.get("opened_rows", ()))):
            for network, day, language, municipality, topics, served, count in rows:
                topical = tuple(("topic", topic) for topic in topics)
                by = (("language", language), ("municipality", municipality or "-"), *topical)
                month, of = month_of_day(day), Whose(network)
                yield Fact(name, month, of, by, n=count)
                if name == "need" and served:
                    yield Fact("need_served", month, of, by, n=count)


def enquiry(story: Story, houses: Houses) -> Iterator[Fact]:
    """A question: when it was answered, and whether within what was promised. What was joined to another one, looked
    like a machine's or was unwanted is not counted; one that was handed over is its new team's."""
    team = network = channel = language = why = ""
    topics: Sequence[str] = ()
    begin: datetime | None = None
    answered: datetime | None = None
    kept = suspected = broken = written = False
    for one in story:
        told, verb = one.data, one.verb
        if verb in ("ask", "write_down"):
            begin, team, network = one.at, told.get("team", ""), told.get("network", "")
            channel, language, topics = told.get("channel", ""), told.get("language", ""), told.get("topics", ())
            suspected, why = told.get("suspected", False), told.get("why", "")
            written = verb == "write_down"
            if written and why:
                answered, kept = one.at, True
        elif verb == "believe":
            suspected = False
        elif verb == "hand_over" and answered is None:
            team = told.get("to", team)
        elif verb == "reply" and answered is None:
            answered, kept = one.at, bool(told.get("in_time"))
        elif verb == "break_promise":
            broken = True
        elif verb == "close" and (why := told.get("why", "")) and why != "silent" and written and answered is None:
            answered, kept = one.at, not broken
        elif verb == "merge":
            return
    if begin is None or suspected or why == "unwanted" or not network:
        return
    of, month = whose(network, team, houses), month_of(begin)
    by = (*contact_by(channel, language), *(("topic", topic) for topic in topics))
    yield Fact("asked", month, of, by)
    if answered is not None or broken:
        yield Fact("answer_due", month, of, by)
    if answered is not None:
        yield Fact("answer_hours", month, of, by, bucket=hours_between(begin, answered))
        yield from contact(month, of, by, channel)
        if kept:
            yield Fact("answer_kept", month, of, by)


def appointment(story: Story, houses: Houses) -> Iterator[Fact]:
    """A booked time: how long one waited for it, and whether one came. The last that was said of it holds."""
    begin: datetime | None = None
    told: dict[str, Any] = {}
    came = ""
    for one in story:
        if one.verb in ("book", "move"):
            begin, told = begin or one.at, {**told, **one.data}
        elif one.verb in ("cancel", "meet", "miss"):
            came = one.verb
    if begin is None or not told.get("network") or not told.get("day"):
        return
    of = whose(told["network"], told.get("team", ""), houses)
    by, month = contact_by(told.get("mode", ""), told.get("language", "")), month_of_day(told["day"])
    yield Fact("booked", month_of(begin), of, by)
    waited = (date.fromisoformat(told["day"]) - begin.astimezone(ZONE).date()).days
    yield Fact("time_days", month_of(begin), of, by, bucket=max(0, waited))
    if came == "meet":
        yield Fact("time_met", month, of, by)
        yield from contact(month, of, by, told.get("mode", ""))
    elif came == "miss":
        yield Fact("time_missed", month, of, by)


def group_session(story: Story, houses: Houses) -> Iterator[Fact]:
    """Who came to a group: each person and meeting once, as it was marked last. Training of staff is no guidance."""
    marks = {
        (one.data.get("registration"), one.data.get("meeting")): one
        for one in story
        if one.verb in ("attend", "miss") and one.data.get("network") and not one.data.get("for_staff")
    }
    for one in marks.values():
        told = one.data
        channel = "video" if told.get("online") else "group"
        of, month = whose(told["network"], told.get("team", ""), houses), month_of_day(told["day"])
        yield Fact("group_came" if one.verb == "attend" else "group_missed", month, of, (("channel", channel),))
        if one.verb == "attend":
            yield from contact(month, of, (("channel", channel),), channel)


def feedback(story: Story, houses: Houses) -> Iterator[Fact]:
    """What somebody without a name thought of a contact: one tap, and four plain items where they went on."""
    items: dict[str, int] = {}
    first: Happening | None = None
    for one in story:
        if one.verb == "give":
            first = one
        items |= one.data.get("items", {})
    if first is None:
        return
    told, month = first.data, month_of(first.at)
    of = whose(told.get("network", ""), told.get("team", ""), houses)
    by = (("channel", told.get("channel", "")), ("language", told.get("language", "")))
    yield Fact("feedback", month, of, by)
    if told["score"] == 3:
        yield Fact("feedback_good", month, of, by)
    for name, value in items.items():
        yield Fact(f"item_{name}", month, of, by)
        if value == 3:
            yield Fact(f"item_{name}_yes", month, of, by)


def complaint(story: Story, houses: Houses) -> Iterator[Fact]:
    first: Happening | None = None
    answered: datetime | None = None
    for one in story:
        if one.verb == "complain":
            first = one
        elif one.verb == "answer" and answered is None:
            answered = one.at
    if first is None:
        return
    of, month = Whose(first.data.get("network", ""), first.data.get("house", "")), month_of(first.at)
    yield Fact("complaint", month, of)
    if answered is not None:
        yield Fact("complaint_done", month, of)
        if days_between(first.at, answered) <= COMPLAINT_DAYS:
            yield Fact("complaint_kept", month, of)


# What a stock holds, and whether each of its figures is a number or a list of sizes.
STOCK = ("services", "fresh", "points", "guides", "assessed")
STOCK_SIZES = ("free_days", "promise_hours")


def stock(story: Story, houses: Houses) -> Iterator[Fact]:
    """What there was to be found in a month, as it was last taken down."""
    newest: dict[str, dict[str, Any]] = {}
    for one in story:
        newest[one.data["month"]] = one.data
    for told in newest.values():
        of, month = Whose(told.get("network", ""), told.get("house", "")), int(told["month"])
        for name in STOCK:
            if name in told:
                yield Fact(name, month, of, n=told[name])
        if "open_minutes" in told:
            # Hours when one at least is there: those of a network are no sum of its houses'.
            alone = Whose("", of.organisation) if of.organisation else of
            yield Fact("open_taken", month, alone)
            yield Fact("open_minutes", month, alone, n=told["open_minutes"])
        for name in STOCK_SIZES:
            for size in told.get(name, ()):
                yield Fact(name, month, of, bucket=size)
        for municipality, km in told.get("near_km", {}).items():
            yield Fact("near_km", month, of, (("municipality", municipality),), bucket=km)


def entry(story: Story, houses: Houses) -> Iterator[Fact]:
    """Hours of staff that were confirmed, in minutes, in the month of their day."""
    last: Happening | None = None
    for one in story:
        if one.verb in ("confirm", "send_back", "enter", "drop"):
            last = one
    if last is not None and last.verb == "confirm" and last.data.get("minutes"):
        told = last.data
        yield Fact("minutes", month_of_day(told["day"]), Whose(told["network"], told["house"]), n=told["minutes"])


def groups_of(told: Iterable[str]) -> Breakdowns:
    return tuple(("group", name) for name in told if name in GROUPS)
