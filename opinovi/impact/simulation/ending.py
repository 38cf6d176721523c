"""The simulated network up to a moment: what comes after it has not happened yet."""

from datetime import datetime
from typing import Any

from opinovi.impact.simulation.lives import HandOver, Life, Question, World


def end_at(world: World, until: datetime) -> None:
    """Leave out all that happens after a moment."""

    def past(at: Any) -> bool:
        return at is not None and (at[0] if isinstance(at, tuple) else at) <= until

    def cut(one: Any, *names: str) -> None:
        for name in names:
            told = getattr(one, name)
            if isinstance(told, list):
                setattr(one, name, [row for row in told if past(row)])
            elif not past(told):
                setattr(one, name, None)

    def cut_hand_over(one: HandOver) -> None:
        cut(one, "asked", "sent", "read", "accepted", "met", "completed", "ended")

    def cut_question(one: Question) -> None:
        cut(one, "answers")

    def cut_life(one: Life) -> None:
        cut(one, "told", "planned", "before", "after")
        if one.told is None:
            one.municipality, one.groups = "", []
        one.steps = [[mark for mark in marks if past(mark)] for marks in one.steps]
        one.hand_overs = [row for row in one.hand_overs if past(row.drafted)]
        for row in one.hand_overs:
            cut_hand_over(row)
        for question in one.questions:
            cut_question(question)
        one.questions = [row for row in one.questions if (past(row.asked) if row.asked else row.answers)]

    for name in ("lives", "askings", "bookings", "opinions", "grievances"):
        setattr(world, name, [one for one in getattr(world, name) if past(one.began if name == "lives" else one.at)])
    for life in world.lives:
        cut_life(life)
    for asking in world.askings:
        cut(asking, "believed", "handed", "replies", "broken", "closed", "merged")
    for booking in world.bookings:
        cut(booking, "moved", "marks")
    for group in world.groups:
        group.marks = {key: [mark for mark in marks if past(mark)] for key, marks in group.marks.items()}
        group.marks = {key: marks for key, marks in group.marks.items() if marks}
    for wrong in world.grievances:
        cut(wrong, "answered")
    for work in world.works:
        cut(work, "marks")
    day = until.date()
    world.searches = [one for one in world.searches if one.day < day]
    world.stocks = [one for one in world.stocks if one.month < day.year * 100 + day.month]
