"""Raw stories for researchers under an agreement: what happened, without persons, in months, and only of kinds of
people of whom there are enough."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from random import SystemRandom
from typing import Any

from django.db import transaction

from opinovi.base.events import record
from opinovi.base.figures import SMALLEST
from opinovi.base.models import Event
from opinovi.impact.counting import COLUMNS
from opinovi.impact.stories import Happening, month_of
from opinovi.network.models import Network

# Which happenings are told; no ids, no words, no days.
VERBS = ("begin", "tell_background", "add_goal", "mark_step", "ask_referral", "send_referral", "accept_referral",
         "meet_referral", "complete_referral", "decline_referral", "expire_referral", "withdraw_referral",
         "set_confidence", "ask_outcome", "tell_outcome")  # fmt: skip
HEAD = ("story", "number", "month", "what", "detail", "language", "municipality")


def stories_of(network: Network) -> Iterator[list[Happening]]:
    """Each client's story in order, of a network."""
    rows = (
        Event.objects.filter(subject_type="client").order_by("subject_type", "subject_id", "seq").values_list(*COLUMNS)
    )
    for _subject, events in groupby(rows.iterator(chunk_size=5000), key=itemgetter(1)):
        story = [Happening(at, verb, data) for _kind, _id, _seq, at, verb, data in events if verb in VERBS]
        if any(one.verb == "begin" and one.data.get("network") == str(network.id) for one in story):
            yield story


def kind_of(story: list[Happening]) -> tuple[str, str]:
    """By what one could be known: language and municipality. Groups are not told at all."""
    language = municipality = ""
    for one in story:
        if one.verb == "begin":
            language = one.data.get("language", "")
        elif one.verb == "tell_background":
            municipality = one.data.get("municipality", "")
    return language, municipality


def detail(one: Happening) -> str:
    told = one.data
    if one.verb == "mark_step":
        return str(told.get("state", ""))
    if one.verb in ("tell_outcome", "ask_outcome"):
        return " ".join(str(told[name]) for name in ("months", "what") if name in told)
    return str(told.get("what", ""))


def rows_of(stories: Iterable[list[Happening]]) -> list[list[Any]]:
    """The rows, in an order drawn by lot. Language and municipality are left out where fewer than five share them,
    and the months of those whose first month is shared by fewer than five of their kind."""
    every = list(stories)
    kinds = Counter(kind_of(story) for story in every)
    begins = Counter(
        (kind_of(story) if kinds[kind_of(story)] >= SMALLEST else ("", ""), month_of(story[0].at)) for story in every
    )
    SystemRandom().shuffle(every)
    found: list[list[Any]] = []
    for number, story in enumerate(every, 1):
        kind = kind_of(story) if kinds[kind_of(story)] >= SMALLEST else ("", "")
        clear = begins[kind, month_of(story[0].at)] >= SMALLEST
        for at, one in enumerate((one for one in story if one.verb != "tell_background"), 1):
            month = month_of(one.at) if clear else month_of(one.at) // 100
            found.append([number, at, month, one.verb, detail(one), *kind])
    return found


def write(network: Network, agreement: str, path: Path) -> int:
    """Write the file and an Event that says under which agreement. Returns how many rows there are."""
    rows = rows_of(stories_of(network))
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(HEAD)
        writer.writerows(rows)
    with transaction.atomic():
        record("give_to_research", "network", network.id, agreement=agreement[:100], rows=len(rows))
    return len(rows)
