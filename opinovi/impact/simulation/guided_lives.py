"""How a client's guidance goes in the simulated network."""

from datetime import datetime, timedelta

from opinovi.impact.simulation.lives import (
    CAME,
    GROUPS,
    LANGUAGES,
    PLACES,
    WHAT,
    Fate,
    HandOver,
    Life,
    Question,
    World,
)

SLOWNESS = {code: slow for code, _weight, slow in PLACES}
HOMES = tuple((code, weight) for code, weight, _slow in PLACES)
# Days in which a receiver must take what was sent to them.
LIMIT_DAYS = 21


def live(world: World, fate: Fate) -> Life:
    came = fate.of(CAME)
    began = fate.between(world.begins, world.ends)
    home = fate.of(HOMES)
    one = Life(
        id=fate.id(),
        began=began,
        came=came,
        language=fate.of(LANGUAGES),
        team=None if came == "self" else fate.random.choice(world.teams),
        journey=fate.id(),
    )
    if fate.chance(75):
        one.told = fate.after(began, 30)
        one.municipality = home
        one.groups = [name for name, likely in GROUPS if fate.chance(likely)]
    if fate.chance(45):
        one.before = fate.after(began, 24), fate.random.randint(4, 15)
    plan(one, fate)
    one.reads = fate.random.randrange(1, 8)
    if fate.chance(58):
        hand_on(world, one, fate, SLOWNESS[home])
    ask_later(one, fate)
    if one.before is not None and fate.chance(60):
        later = fate.after(began, 24 * 70)
        one.after.append((later, min(20, max(4, one.before[1] + fate.random.randint(-1, 7)))))
        if fate.chance(10):
            one.after.append((fate.after(later, 100), fate.random.randint(4, 20)))
    return one


def plan(one: Life, fate: Fate) -> None:
    if not fate.chance(54):
        return
    one.planned = fate.after(one.began, 24 * 9)
    for _ in range(fate.random.randint(1, 6)):
        at, marks = fate.after(one.planned, 24 * 40), []
        if fate.chance(62):
            marks.append((at, "done"))
            # One mark in twelve was a slip of the finger.
            if fate.chance(8):
                marks.append((fate.after(at, 5), "ahead"))
                if fate.chance(50):
                    marks.append((fate.after(marks[-1][0], 24 * 40), "done"))
        elif fate.chance(30):
            marks.append((at, "dropped"))
        one.steps.append(marks)


def hand_on(world: World, one: Life, fate: Fate, slow: float) -> None:
    """One hand-over, and another where the first did not reach."""
    at = fate.after(one.began, 24 * 4)
    for _ in range(3):
        row = hand_over(world, one, fate, at, slow)
        one.hand_overs.append(row)
        if row.ended is None or not fate.chance(45):
            return
        at = fate.after(row.ended[0], 24 * 2)


def hand_over(world: World, one: Life, fate: Fate, at: datetime, slow: float) -> HandOver:
    row = HandOver(fate.id(), fate.random.choice(world.teams), drafted=at)
    row.asked = fate.after(at, 3)
    if fate.chance(7):
        row.ended = fate.after(row.asked, 30), "refused"
        return row
    row.sent = fate.after(row.asked, 20)
    if fate.chance(80):
        row.read = fate.after(row.sent, 12)
    known = row.read or row.sent
    if fate.chance(6):
        row.ended = fate.after(known, 24), "declined"
        return row
    if fate.chance(2.5):
        row.ended = fate.after(known, 48), "withdrew"
        return row
    takes = fate.after(known, 30 * slow)
    # Where things are slow, more wait until the time is out.
    if fate.chance(5 * slow**2):
        row.ended = row.sent + timedelta(days=LIMIT_DAYS), "waited"
        return row
    row.accepted = takes
    if fate.chance(7):
        row.ended = fate.after(takes, 24 * 9), "not_reached"
        return row
    if fate.chance(4):
        return row
    row.met = fate.after(takes, 24 * 6 * slow)
    if fate.chance(83):
        row.completed = fate.after(row.met, 24 * 30), fate.of(WHAT)
    return row


def ask_later(one: Life, fate: Fate) -> None:
    """The guidance ends, and what came of it is asked then and later. Some say it again, and otherwise."""
    done = [row.completed for row in one.hand_overs if row.completed]
    end: datetime | None = None
    if done:
        end = done[0][0]
        one.questions.append(Question(0, None, [done[0]]))
    elif fate.chance(50):
        end = fate.after(one.began, 24 * 60)
        one.questions.append(Question(0, fate.after(end, 1)))
    if end is None:
        return
    for row in one.questions:
        if row.asked and fate.chance(55):
            row.answers.append((fate.after(row.asked, 24 * 3), fate.of(WHAT)))
    for months, likely in ((3, 44), (6, 37), (12, 30)):
        asked = end + timedelta(days=months * 30)
        row = Question(months, asked)
        if fate.chance(likely):
            row.answers.append((fate.after(asked, 24 * 3), fate.of(WHAT)))
            # What is told again months later still belongs to the month in which it was asked.
            if fate.chance(9):
                row.answers.append((fate.after(row.answers[-1][0], 24 * 50), fate.of(WHAT)))
        one.questions.append(row)
