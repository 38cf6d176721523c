"""What happens in the simulated network, as plain facts of lives: nothing of Events or figures is known here.

The behaviours and their likelihoods are described in docs/simulation.md. The same seed makes the same lives.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

# Where people live, how likely, and how much longer things take there.
PLACES = (("398", 35, 1.0), ("111", 30, 2.6), ("098", 10, 1.2), ("560", 8, 1.3), ("576", 5, 1.5), ("081", 4, 1.4),
          ("781", 3, 1.8), ("316", 5, 1.1))  # fmt: skip
LANGUAGES = (("fi", 74), ("ru", 7), ("en", 6), ("sv", 4), ("ar", 4), ("uk", 3), ("so", 2))
TOPICS = ("career-guidance", "apprenticeship", "language-studies", "study-finance", "work-trial", "digital-skills")
GROUPS = (("low_schooling", 24), ("over_55", 22), ("immigrant", 18), ("unemployed", 41), ("outside_work", 15),
          ("disabled", 9), ("rural", 27))  # fmt: skip
WHAT = (("work", 22), ("education", 27), ("qualification", 8), ("plan", 17), ("not_yet", 20), ("nothing_said", 6))
CAME = (("enquiry", 45), ("appointment", 25), ("walk_in", 15), ("outreach", 8), ("self", 7))
CHANNELS = (("web", 48), ("chat", 14), ("phone", 26), ("visit", 12))
MODES = (("visit", 50), ("phone", 25), ("video", 25))
REPLY_LIMIT_HOURS = 48


class Team(NamedTuple):
    id: str
    house: str


@dataclass
class Asking:
    """Somebody asks; `written` where a guide wrote down a call or a visit."""

    id: str
    at: datetime
    team: Team
    channel: str
    language: str
    topics: list[str]
    written: bool = False
    suspected: bool = False
    believed: datetime | None = None
    handed: tuple[datetime, Team] | None = None
    replies: list[datetime] = field(default_factory=list)
    broken: datetime | None = None
    closed: tuple[datetime, str] | None = None
    merged: datetime | None = None


@dataclass
class Booking:
    id: str
    at: datetime
    team: Team
    mode: str
    language: str
    day: date
    moved: tuple[datetime, date, Team] | None = None
    # What was said of it, in order: the last holds.
    marks: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass
class Group:
    id: str
    team: Team
    online: bool
    for_staff: bool
    days: list[date]
    # Of each who registered, by meeting: what was marked, in order.
    marks: dict[tuple[str, int], list[tuple[datetime, bool]]] = field(default_factory=dict)


@dataclass
class HandOver:
    id: str
    to: Team
    drafted: datetime
    asked: datetime | None = None
    sent: datetime | None = None
    read: datetime | None = None
    accepted: datetime | None = None
    met: datetime | None = None
    completed: tuple[datetime, str] | None = None
    # Why it ended before the meeting, and when.
    ended: tuple[datetime, str] | None = None


@dataclass
class Question:
    """What came of it, asked so many months later; each answer takes the place of the one before."""

    months: int
    asked: datetime | None
    answers: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass
class Life:
    id: str
    began: datetime
    came: str
    language: str
    team: Team | None
    journey: str
    municipality: str = ""
    groups: list[str] = field(default_factory=list)
    told: datetime | None = None
    planned: datetime | None = None
    # Of each step what was marked, in order.
    steps: list[list[tuple[datetime, str]]] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    before: tuple[datetime, int] | None = None
    after: list[tuple[datetime, int]] = field(default_factory=list)
    reads: int = 0


@dataclass
class Opinion:
    id: str
    at: datetime
    team: Team
    channel: str
    language: str
    score: int
    items: dict[str, int] = field(default_factory=dict)


@dataclass
class Grievance:
    id: str
    at: datetime
    house: str
    answered: datetime | None = None


@dataclass
class Stock:
    """What there was in a month; `house` is "" for the whole network."""

    house: str
    month: int
    open_minutes: int
    numbers: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, list[int]] = field(default_factory=dict)
    near_km: dict[str, int] = field(default_factory=dict)


@dataclass
class Work:
    id: str
    house: str
    day: date
    minutes: int
    # "confirm" and "send_back", in order.
    marks: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass
class Searches:
    """So many people looked for the same on a day."""

    id: str
    day: date
    language: str
    municipality: str
    topics: list[str]
    served: bool
    count: int
    opened: int


@dataclass
class World:
    """Everything that happens."""

    network: str
    teams: list[Team]
    begins: datetime
    ends: datetime
    lives: list[Life] = field(default_factory=list)
    askings: list[Asking] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    grievances: list[Grievance] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    searches: list[Searches] = field(default_factory=list)


class Fate:
    """Chance, from one seed."""

    def __init__(self, seed: int, network: str) -> None:
        self.random = Random(seed)
        # Two networks may live the same lives; they are not the same people.
        self.ids = Random(f"{network} {seed}")

    def id(self) -> str:
        bits = f"{self.ids.getrandbits(128):032x}"
        return f"{bits[:8]}-{bits[8:12]}-{bits[12:16]}-{bits[16:20]}-{bits[20:]}"

    def chance(self, per_cent: float) -> bool:
        return self.random.random() * 100 < per_cent

    def of(self, choices: tuple[tuple[str, int], ...]) -> str:
        return self.random.choices([name for name, _w in choices], [weight for _n, weight in choices])[0]

    def after(self, at: datetime, mean_hours: float) -> datetime:
        """A while later, in whole seconds."""
        return at + timedelta(seconds=60 + int(self.random.expovariate(1 / (mean_hours * 3600))))

    def between(self, begin: datetime, end: datetime) -> datetime:
        return begin + timedelta(seconds=self.random.randrange(max(1, int((end - begin).total_seconds()))))
