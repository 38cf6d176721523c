"""The simulated lives as Events, as the product would have written them, in the order of time."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from opinovi.base.ids import new_id
from opinovi.impact.simulation.lives import Asking, Booking, Group, HandOver, Life, World

# Moment, kind of subject, subject, verb, data.
Line = tuple[datetime, str, str, str, dict[str, Any]]
INSERT = (
    "INSERT INTO base_event (id, at, verb, subject_type, subject_id, actor, data) VALUES (%s, %s, %s, %s, %s, '', %s)"
)
AT_ONCE = 20_000


def of_asking(one: Asking, network: str) -> Iterator[Line]:
    def line(at: datetime, verb: str, **data: Any) -> Line:
        return at, "enquiry", one.id, verb, data

    told = {"team": one.team.id, "network": network, "language": one.language, "channel": one.channel}
    if one.written:
        at_once = one.closed is not None and one.closed[0] == one.at
        yield line(one.at, "write_down", **told, why=one.closed[1] if at_once and one.closed else "")
        if one.closed is not None and not at_once:
            yield line(one.closed[0], "close", why=one.closed[1])
        return
    yield line(one.at, "ask", **told, topics=one.topics, suspected=one.suspected)
    if one.believed:
        yield line(one.believed, "believe")
    if one.merged:
        yield line(one.merged, "merge", into="")
    if one.handed:
        yield line(one.handed[0], "hand_over", to=one.handed[1].id, of=one.team.id)
    if one.broken:
        yield line(one.broken, "break_promise", team=one.team.id)
    for number, at in enumerate(one.replies):
        yield line(at, "read", organisation=one.team.house)
        in_time = one.broken is None or number > 0
        yield line(at, "reply", once=f"{one.id}{number}", closed=False, in_time=in_time)
        yield line(at, "see")
    if one.closed:
        yield line(one.closed[0], "close", why=one.closed[1])


def of_booking(one: Booking, network: str) -> Iterator[Line]:
    def line(at: datetime, verb: str, **data: Any) -> Line:
        return at, "appointment", one.id, verb, data

    told = {"network": network, "mode": one.mode, "language": one.language}
    yield line(one.at, "book", service="", team=one.team.id, day=one.day.isoformat(), **told)
    if one.moved:
        at, day, team = one.moved
        yield line(at, "move", team=team.id, day=day.isoformat(), **told)
    for at, verb in one.marks:
        yield line(at, "read", organisation=one.team.house)
        yield line(at, verb)


def of_group(one: Group, network: str) -> Iterator[Line]:
    for (person, number), marks in one.marks.items():
        for at, came in marks:
            told: dict[str, Any] = {
                "registration": person,
                "meeting": f"{one.id[:8]}{number}",
                "day": one.days[number].isoformat(),
            }
            told |= {"team": one.team.id, "network": network, "online": one.online, "for_staff": one.for_staff}
            yield at, "group_session", one.id, "attend" if came else "miss", told


def of_life(one: Life, network: str) -> Iterator[Line]:
    def line(at: datetime, verb: str, **data: Any) -> Line:
        return at, "client", one.id, verb, data

    team = {"team": one.team.id} if one.team else {}
    yield line(one.began, "make")
    told = {"journey": one.journey, "network": network, "language": one.language, "came": one.came}
    yield line(one.began, "begin", **told, **team)
    yield line(one.began, "ask_consent", consent="")
    yield line(one.began, "consent", consent="", how="together")
    for _ in range(one.reads):
        yield line(one.began, "read", organisation="", pieces=["need"])
    if one.told:
        yield line(one.told, "tell_background", municipality=one.municipality, groups=one.groups, answered=True)
    if one.planned:
        yield line(one.planned, "add_goal", goal="", steps=0)
    for number, marks in enumerate(one.steps):
        for at, state in marks:
            yield line(at, "mark_step", step=f"{number}", state=state)
    for after, rows in ((False, [one.before] if one.before else []), (True, one.after)):
        for at, total in rows:
            yield line(at, "set_confidence", after=after, total=total)
    for row in one.hand_overs:
        yield from of_hand_over(row, one, line)
    for question in one.questions:
        if question.asked:
            yield line(question.asked, "ask_outcome", months=question.months, sent=True, journey=one.journey)
        for at, what in question.answers:
            # What a hand-over came to is told as it is completed.
            if any(row.completed == (at, what) for row in one.hand_overs):
                continue
            yield line(at, "tell_outcome", months=question.months, journey=one.journey, what=what)


def of_hand_over(row: HandOver, one: Life, line: Callable[..., Line]) -> Iterator[Line]:
    of = {"referral": row.id}
    yield line(row.drafted, "draft_referral", **of)
    if row.asked:
        yield line(row.asked, "ask_referral", **of)
    if row.sent:
        sender = one.team.id if one.team else ""
        yield line(row.sent, "send_referral", **of, to=row.to.id, house=row.to.house, of=sender)
    if row.read:
        yield line(row.read, "see_referral", **of)
        yield line(row.read, "read", organisation=row.to.house, pieces=["need", "contact"], **of)
    if row.accepted:
        yield line(row.accepted, "accept_referral", **of, booked=False)
    if row.met:
        yield line(row.met, "meet_referral", **of)
    if row.completed:
        yield line(row.completed[0], "complete_referral", **of, what=row.completed[1], journey=one.journey)
    if row.ended:
        verb = {"refused": "withdraw_referral", "withdrew": "withdraw_referral", "declined": "decline_referral",
                "waited": "expire_referral", "not_reached": "expire_referral"}[row.ended[1]]  # fmt: skip
        yield line(row.ended[0], verb, **of)


def of_the_rest(world: World) -> Iterator[Line]:
    for one in world.opinions:
        told = {"network": world.network, "team": one.team.id, "channel": one.channel, "language": one.language}
        yield one.at, "feedback", one.id, "give", {**told, "score": one.score}
        if one.items:
            yield one.at, "feedback", one.id, "tell_more", {"items": one.items}
    for wrong in world.grievances:
        yield wrong.at, "complaint", wrong.id, "complain", {"network": world.network, "house": wrong.house}
        if wrong.answered:
            yield wrong.answered, "complaint", wrong.id, "answer", {}
    for stock in world.stocks:
        at = datetime(stock.month // 100, stock.month % 100, 28, 12, tzinfo=world.begins.tzinfo)
        month = f"{stock.month}"
        taken = {"network": world.network, "house": stock.house, "month": month, "open_minutes": stock.open_minutes,
                 "near_km": stock.near_km, **stock.numbers, **stock.sizes}  # fmt: skip
        yield at, "stock", stock.house or world.network, "take_stock", taken
    for work in world.works:
        for at, verb in work.marks:
            hours = {
                "minutes": work.minutes,
                "house": work.house,
                "network": world.network,
                "day": work.day.isoformat(),
            }
            yield at, "entry", work.id, verb, hours if verb == "confirm" else {}
    for row in world.searches:
        yield noon(row.day, world), "needs", row.id, "count", searched(row, world.network)


def searched(row: Any, network: str) -> dict[str, Any]:
    cell = [network, row.day.isoformat(), row.language, row.municipality, row.topics, row.served]
    opened = [[*cell, row.opened]] if row.opened else []
    return {"needs": row.count, "opened": row.opened, "rows": [[*cell, row.count]], "opened_rows": opened}


def noon(day: date, world: World) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=world.begins.tzinfo)


def lines(world: World) -> Iterator[Line]:
    """Every Event; those of one subject in the order of what happened."""
    for asking in world.askings:
        yield from of_asking(asking, world.network)
    for booking in world.bookings:
        yield from of_booking(booking, world.network)
    for group in world.groups:
        yield from of_group(group, world.network)
    for life in world.lives:
        yield from of_life(life, world.network)
    yield from of_the_rest(world)


def letters(of: Iterable[tuple[datetime, str]]) -> Iterator[Line]:
    """The letters that go out beside: no figure is made of them, but they are in the log."""
    for at, subject in of:
        for verb in ("post", "send"):
            yield at, "letter", subject, verb, {}


def write(world: World, progress: Callable[[int], None] = lambda done: None, post: bool = True) -> int:
    """Write the Events into the log, the oldest first. Returns how many there are."""
    # Held as text: a dictionary each would take four times the memory.
    rows = [(at, kind, subject, verb, json.dumps(data)) for at, kind, subject, verb, data in lines(world)]
    if post:
        sent = ((at, subject) for at, kind, subject, _verb, _data in list(rows) if kind in ("enquiry", "appointment"))
        rows += [(at, kind, subject, verb, "{}") for at, kind, subject, verb, _data in letters(sent)]
    rows.sort(key=lambda row: row[0])
    for begin in range(0, len(rows), AT_ONCE):
        part = rows[begin : begin + AT_ONCE]
        with transaction.atomic(), connection.cursor() as cursor:
            adapt = connection.ops.adapt_datetimefield_value
            told = [(as_id(), adapt(at), verb, kind, subject, data) for at, kind, subject, verb, data in part]
            cursor.executemany(INSERT, told)
        progress(begin + len(part))
    return len(rows)


def as_id() -> str:
    """An id as this database keeps it."""
    one = new_id()
    return str(one) if connection.features.has_native_uuid_field else one.hex
