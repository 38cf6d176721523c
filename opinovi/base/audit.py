"""The log of Events in a chain of hashes, and whether it still says what it said.

Each block holds SHA-256 of the block before and of its Events, line by line in their order. The database refuses to
change an Event; the chain tells of one who got around the database. Whoever could change the blocks too is found by the
head of the chain that was written down elsewhere (`opinovi audit head`; the worker writes it to its log each day).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from opinovi.base.clock import now
from opinovi.base.models import AuditBlock, Event

BEGINNING = "0" * 64
# How many Events a block holds at most.
MOST = 5_000
# A transaction may commit after one with a higher number: what is younger waits for the next block.
SETTLED = timedelta(minutes=15)
FIELDS = ("seq", "id", "at", "verb", "subject_type", "subject_id", "actor", "data")


@dataclass
class Verdict:
    """Whether the log is as it was chained: how much was looked at, what waits, and the first thing that is wrong."""

    blocks: int = 0
    events: int = 0
    waiting: int = 0
    wrong: str = ""

    @property
    def whole(self) -> bool:
        return not self.wrong


def line(row: tuple[Any, ...]) -> bytes:
    """An Event in one form, whatever database holds it."""
    seq, event_id, at, verb, subject_type, subject_id, actor, data = row
    moment = at.astimezone(UTC) if isinstance(at, datetime) else at
    told = [seq, str(event_id), moment.isoformat(timespec="microseconds"), verb, subject_type, subject_id, actor, data]
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def hash_of(before: str, rows: Iterator[tuple[Any, ...]] | list[tuple[Any, ...]]) -> str:
    told = hashlib.sha256(before.encode())
    for row in rows:
        told.update(line(row))
    return told.hexdigest()


def head() -> AuditBlock | None:
    return AuditBlock.objects.order_by("-number").first()


def chain_up(settled: timedelta = SETTLED, most: int = 0) -> int:
    """Chain what has settled since the last block, at most so many blocks where a number is given; gives how many were
    made. Two who chain at once make each block once."""
    made = 0
    # What is settled goes as far as the first that is not, so that no block has a hole in it.
    young = Event.objects.filter(at__gte=now() - settled).aggregate(first=Min("seq"))["first"]
    end = young if young is not None else (Event.objects.aggregate(last=Max("seq"))["last"] or 0) + 1
    while not most or made < most:
        last = head()
        begin, before = (last.last, last.hash) if last else (0, BEGINNING)
        rows = Event.objects.filter(seq__gt=begin, seq__lt=end)
        part = list(rows.order_by("seq").values_list(*FIELDS)[:MOST])
        if not part:
            return made
        block = AuditBlock(
            first=part[0][0], last=part[-1][0], count=len(part), before=before, hash=hash_of(before, part)
        )
        try:
            with transaction.atomic():
                block.save(force_insert=True)
        except IntegrityError:
            # Another chained it first.
            return made
        made += 1
    return made


def verify(known: str = "") -> Verdict:
    """Look at every block from the beginning. `known` is a head that was written down before, as NUMBER:HASH."""
    told, before, last, wanted = Verdict(), BEGINNING, 0, known.partition(":")
    found = not known
    for block in AuditBlock.objects.order_by("number").iterator(500):
        rows = list(Event.objects.filter(seq__gt=last, seq__lte=block.last).order_by("seq").values_list(*FIELDS))
        if block.before != before:
            told.wrong = f"block {block.number} does not follow the block before it"
        elif len(rows) != block.count:
            told.wrong = (
                f"block {block.number} had {block.count} Events and has {len(rows)} ({last + 1} to {block.last})"
            )
        elif hash_of(before, rows) != block.hash:
            told.wrong = f"an Event from {block.first} to {block.last} has changed since block {block.number} was made"
        if told.wrong:
            return told
        found = found or (str(block.number) == wanted[0] and block.hash == wanted[2])
        before, last = block.hash, block.last
        told.blocks, told.events = told.blocks + 1, told.events + block.count
    told.waiting = Event.objects.filter(seq__gt=last).count()
    if not found:
        told.wrong = f"the head {known[:24]}… that was written down is not on the chain: the log was written anew"
    return told
