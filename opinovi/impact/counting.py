"""Figures from Events, whole or by what is new.

What stands in the figures is the sum of the facts of all stories. To count anew is to tell all stories; to catch up
is to tell those that have new Events twice, as they were when they were counted and as they are now, and to add the
difference. Both come to the same figures, to the digit.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.models import Event
from opinovi.impact import stories
from opinovi.impact.guided import client
from opinovi.impact.models import Counted
from opinovi.impact.stories import Fact, Happening, Houses, Story
from opinovi.network.models import Team

Teller = Callable[[Story, Houses], Iterator[Fact]]
TELLERS: dict[str, Teller] = {
    "needs": stories.needs,
    "enquiry": stories.enquiry,
    "appointment": stories.appointment,
    "group_session": stories.group_session,
    "client": client,
    "feedback": stories.feedback,
    "complaint": stories.complaint,
    "stock": stories.stock,
    "entry": stories.entry,
}
# An Event of a change that is still being made may come a little after one with a higher number: what is this new
# waits.
# SQLite has one writer at a time, and need not wait.
STILL = timedelta(minutes=2)
# How many different facts are held before they are added to the figures' cells, and subjects asked for at once.
HELD = 200_000
AT_ONCE = 400
Cell = tuple[str, str, str, int, str, int]
Cells = defaultdict[Cell, int]
Key = tuple[str, int, stories.Whose, stories.Breakdowns, int]

ADD = (
    "INSERT INTO impact_figure (scope, {by}, count, month, value, bucket, n) VALUES (%s, %s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (scope, {by}, count, month, value, bucket) DO UPDATE SET n = impact_figure.n + excluded.n"
)

DROP = (
    'DELETE FROM impact_figure WHERE n = 0 AND scope = %s AND "by" = %s AND count = %s AND month = %s AND value = %s '
    "AND bucket = %s"
)


class Tally:
    """Facts as they come, the same ones together; and the cells of the figures that they add to."""

    def __init__(self) -> None:
        self.facts: defaultdict[Key, int] = defaultdict(int)
        self.cells: Cells = defaultdict(int)

    def add(self, facts: Iterable[Fact], sign: int = 1) -> None:
        held = self.facts
        for count, month, of, by, bucket, n in facts:
            held[count, month, of, by, bucket] += sign * n
        if len(held) > HELD:
            self.fold()

    def fold(self) -> None:
        cells = self.cells
        for (count, month, of, by, bucket), n in self.facts.items():
            if not n:
                continue
            for scope in of:
                if scope:
                    cells[scope, "", count, month, "", bucket] += n
                    for name, value in by:
                        if value:
                            cells[scope, name, count, month, value, bucket] += n
        self.facts.clear()

    def rows(self) -> list[tuple[Any, ...]]:
        self.fold()
        return [(*cell, n) for cell, n in self.cells.items() if n]


def houses_of_teams() -> Houses:
    return {str(team): str(house) for team, house in Team.objects.values_list("id", "organisation")}


def told(rows: Iterable[tuple[Any, ...]]) -> list[Happening]:
    return [Happening(at, verb, data) for _kind, _id, _seq, at, verb, data in rows]


COLUMNS = ("subject_type", "subject_id", "seq", "at", "verb", "data")


def events_of(kind: str, last: int) -> Any:
    """The Events of one kind of subject up to a number, subject by subject, each in order."""
    rows = Event.objects.filter(subject_type=kind, seq__lte=last)
    return rows.order_by("subject_type", "subject_id", "seq").values_list(*COLUMNS)


def count_anew(progress: Callable[[str, int], None] = lambda kind, done: None, still: bool = True) -> int:
    """Throw the figures away and count all Events. Returns how many Events were read. Whoever reads sees the old
    figures until the new ones stand."""
    last, houses, tally, done = last_still(still), houses_of_teams(), Tally(), 0
    for kind, tell in TELLERS.items():
        ordered = events_of(kind, last).iterator(chunk_size=5000)
        for _subject, rows in groupby(ordered, key=itemgetter(1)):
            story = told(rows)
            tally.add(tell(story, houses))
            done += len(story)
            progress(kind, done)
    cells = tally.rows()
    with transaction.atomic():
        hold()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM impact_figure")
        add_rows(cells)
        Counted.objects.update(seq=last, at=now())
        record("count_anew", "figures", "", figures=len(cells), up_to=last)
    return done


def last_still(still: bool = True) -> int:
    """The number of the newest Event that no other can come before any more; of the newest at all, if not `still`."""
    if not still or connection.vendor == "sqlite":
        return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    newer = Event.objects.filter(at__gt=now() - STILL).order_by("seq").values_list("seq", flat=True).first()
    rows = Event.objects.all() if newer is None else Event.objects.filter(seq__lt=newer)
    return rows.order_by("-seq").values_list("seq", flat=True).first() or 0


def hold() -> Counted:
    """The one row that says how far was counted, held: who counts at the same time waits."""
    Counted.objects.get_or_create(id=1)
    return Counted.objects.select_for_update().get(id=1)


def add_rows(rows: list[tuple[Any, ...]]) -> None:
    """Add to the figures' cells, or put them there; what comes to nought is no figure."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(ADD.format(by='"by"'), rows)
        # Only what was taken from can have come to nought.
        cursor.executemany(DROP, [row[:-1] for row in rows if row[-1] < 0])


@transaction.atomic
def catch_up(still: bool = True) -> int:
    """Add what is new since the figures were counted. Returns how many Events were new."""
    counted = hold()
    last = last_still(still)
    if last <= counted.seq:
        return 0
    new = Event.objects.filter(seq__gt=counted.seq, seq__lte=last, subject_type__in=list(TELLERS))
    subjects: dict[str, set[str]] = defaultdict(set)
    count = 0
    for kind, subject in new.values_list("subject_type", "subject_id").iterator():
        subjects[kind].add(subject)
        count += 1
    houses, tally = houses_of_teams(), Tally()
    for kind, ids in subjects.items():
        ordered = sorted(ids)
        for at in range(0, len(ordered), AT_ONCE):
            rows = events_of(kind, last).filter(subject_id__in=ordered[at : at + AT_ONCE])
            for _subject, of_one in groupby(rows, key=itemgetter(1)):
                retell(TELLERS[kind], list(of_one), counted.seq, houses, tally)
    add_rows(tally.rows())
    Counted.objects.update(seq=last, at=now())
    return count


def retell(tell: Teller, rows: list[tuple[Any, ...]], before: int, houses: Houses, tally: Tally) -> None:
    """A story as it was counted, taken away; and as it is now, added."""
    known = [row for row in rows if row[2] <= before]
    if known:
        tally.add(tell(told(known), houses), -1)
    tally.add(tell(told(rows), houses))
