"""What happens around guidance in the simulated network: questions, times, groups, opinions, searches, hours."""

from datetime import date, datetime, timedelta

from opinovi.impact.simulation.guided_lives import HOMES
from opinovi.impact.simulation.lives import (
    CHANNELS,
    LANGUAGES,
    MODES,
    REPLY_LIMIT_HOURS,
    TOPICS,
    Asking,
    Booking,
    Fate,
    Grievance,
    Group,
    Opinion,
    Searches,
    Stock,
    Work,
    World,
)

ITEMS = ("heard", "got", "next", "again")


def ask(world: World, fate: Fate, count: int) -> None:
    for _ in range(count):
        at, channel = fate.between(world.begins, world.ends), fate.of(CHANNELS)
        topics = fate.random.sample(TOPICS, fate.random.choice((0, 1, 1, 2)))
        team = fate.random.choice(world.teams)
        one = Asking(fate.id(), at, team, channel, fate.of(LANGUAGES), topics)
        if channel in ("phone", "visit"):
            one.written, one.topics = True, []
            # Most are over at once; for the others somebody calls back.
            if fate.chance(85):
                one.closed = at, "advised"
            elif fate.chance(70):
                one.closed = fate.after(at, 20), fate.of((("advised", 80), ("silent", 20)))
        else:
            go_on(one, world, fate)
        world.askings.append(one)


def go_on(one: Asking, world: World, fate: Fate) -> None:
    """A question in writing: answered, handed over, late, merged with another, or not a person's at all."""
    if fate.chance(3):
        one.suspected = True
        if fate.chance(30):
            one.believed = fate.after(one.at, 10)
    if fate.chance(2):
        one.merged = fate.after(one.at, 5)
        return
    if fate.chance(2):
        one.closed = fate.after(one.at, 6), "unwanted"
        return
    if fate.chance(12):
        one.handed = fate.after(one.at, 4), fate.random.choice(world.teams)
    limit = one.at + timedelta(hours=REPLY_LIMIT_HOURS)
    if fate.chance(96):
        begin = one.handed[0] if one.handed else one.at
        one.replies.append(fate.after(begin, 17))
        while fate.chance(35):
            one.replies.append(fate.after(one.replies[-1], 20))
        if fate.chance(60):
            one.closed = fate.after(one.replies[-1], 40), "advised"
    if not one.replies or one.replies[0] > limit:
        one.broken = limit


def book(world: World, fate: Fate, count: int) -> None:
    for _ in range(count):
        at = fate.between(world.begins, world.ends)
        day = at.date() + timedelta(days=fate.random.randint(1, 25))
        one = Booking(fate.id(), at, fate.random.choice(world.teams), fate.of(MODES), fate.of(LANGUAGES), day)
        if fate.chance(14):
            later = day + timedelta(days=fate.random.randint(1, 20))
            one.moved = fate.after(at, 10), later, fate.random.choice(world.teams)
            day = later
        end = datetime(day.year, day.month, day.day, 15, tzinfo=world.begins.tzinfo)
        if fate.chance(9):
            one.marks.append((end - timedelta(hours=30), "cancel"))
        elif fate.chance(90):
            one.marks.append((fate.after(end, 4), "miss" if fate.chance(8) else "meet"))
            # Marked wrong, and put right a while later, maybe in another month.
            if fate.chance(3):
                other = "meet" if one.marks[-1][1] == "miss" else "miss"
                one.marks.append((fate.after(one.marks[-1][0], 24 * 12), other))
        world.bookings.append(one)


def meet_in_groups(world: World, fate: Fate, count: int) -> None:
    for _ in range(count):
        first = fate.between(world.begins, world.ends).date()
        days = [first + timedelta(days=7 * week) for week in range(fate.random.randint(1, 5))]
        one = Group(fate.id(), fate.random.choice(world.teams), fate.chance(30), fate.chance(6), days)
        for _who in range(fate.random.randint(3, 14)):
            person = fate.id()
            for number, day in enumerate(days):
                if fate.chance(5):
                    continue
                at = datetime(day.year, day.month, day.day, 16, fate.random.randrange(60), tzinfo=world.begins.tzinfo)
                marks = [(at, fate.chance(82))]
                if fate.chance(2):
                    marks.append((fate.after(at, 24 * 15), not marks[0][1]))
                one.marks[person, number] = marks
        world.groups.append(one)


def speak(world: World, fate: Fate, count: int) -> None:
    """Feedback without a name, and now and then a complaint."""
    for _ in range(count):
        score = fate.random.choices((3, 2, 1), (71, 21, 8))[0]
        channel = fate.of((*CHANNELS, ("video", 8), ("group", 6)))
        at = fate.between(world.begins, world.ends)
        one = Opinion(fate.id(), at, fate.random.choice(world.teams), channel, fate.of(LANGUAGES), score)
        if fate.chance(40):
            one.items = {name: fate.random.choices((3, 2, 1), (66, 24, 10))[0] for name in ITEMS if fate.chance(92)}
        world.opinions.append(one)
        if fate.chance(0.7):
            wrong = Grievance(fate.id(), at, one.team.house)
            if fate.chance(93):
                wrong.answered = fate.after(at, 24 * 8)
            world.grievances.append(wrong)


def look(world: World, fate: Fate, count: int) -> None:
    for _ in range(count):
        day = fate.between(world.begins, world.ends).date()
        home = fate.of(HOMES) if fate.chance(70) else ""
        topics = fate.random.sample(TOPICS, fate.random.choice((0, 1, 1, 2)))
        number = fate.random.randint(1, 6)
        served = bool(topics) and fate.chance(60 if home == "111" else 86)
        opened = fate.random.randint(0, number) if served else 0
        world.searches.append(Searches(fate.id(), day, fate.of(LANGUAGES), home, topics, served, number, opened))


def keep_stock(world: World, fate: Fate) -> None:
    """At the end of each month, of each house and of the network."""
    months = [(year, month) for year in range(world.begins.year, world.ends.year + 1) for month in range(1, 13)]
    houses = sorted({team.house for team in world.teams})
    for year, month in months:
        at = year * 100 + month
        for house in houses:
            services = fate.random.randint(2, 30)
            guides = fate.random.randint(1, 12)
            numbers = {
                "services": services,
                "fresh": fate.random.randint(services // 2, services),
                "points": fate.random.randint(1, 6),
                "guides": guides,
                "assessed": fate.random.randint(0, guides),
            }
            sizes = {
                "free_days": [fate.random.randint(0, 21) for _ in range(fate.random.randint(0, 4))],
                "promise_hours": [fate.random.choice((8, 16, 24)) for _ in range(fate.random.randint(1, 3))],
            }
            world.stocks.append(Stock(house, at, fate.random.randint(900, 2400), numbers, sizes))
        near = {home: fate.random.randint(0, 30) for home, _weight in HOMES}
        world.stocks.append(Stock("", at, fate.random.randint(2600, 4200), near_km=near))


def work(world: World, fate: Fate, count: int) -> None:
    houses = sorted({team.house for team in world.teams})
    for _ in range(count):
        at = fate.between(world.begins, world.ends)
        day: date = at.date()
        one = Work(fate.id(), fate.random.choice(houses), day, fate.random.randrange(15, 480, 15))
        if fate.chance(92):
            one.marks.append((fate.after(at, 24 * 20), "confirm"))
            if fate.chance(6):
                one.marks.append((fate.after(one.marks[-1][0], 24 * 6), "send_back"))
                if fate.chance(80):
                    one.marks.append((fate.after(one.marks[-1][0], 24 * 9), "confirm"))
        world.works.append(one)
