"""A run of a source: begun, taken as far as it goes by itself, held for a person, let in, or failed with a reason.

Nothing of the directory changes before all was read and compared. Then it is let in batch by batch, each one
transaction that tells what it did. A run that was killed is gone on with from its files: what is in already is passed
over.
"""

import logging
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.text import printable
from opinovi.directory.actions import Record
from opinovi.directory.actions.take_in_batch import check_record, houseless, take_in_batch, withdraw_batch
from opinovi.interchange.models import Feed, Run, RunState, Taken
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.sources.comparing import FEW, SHOWN, Compared, compare, problem_of, sound
from opinovi.interchange.sources.fetching import CannotFetch, Fetcher, Limits
from opinovi.interchange.sources.shape import FORMATS, Format, Link, Raw, Stop

log = logging.getLogger(__name__)
# How many records, and of how many bytes, are let in at a time.
BATCH, BATCH_BYTES = 400, 2_000_000
# Of what a source gave before, at most so large a share may vanish in one run unless a person says so.
MOST_VANISH = 0.20
# How often, in seconds, a run says how far it is.
TOLD_EVERY = 0.5


def folder_of(run: Run) -> Path:
    return Path(settings.OPINOVI_HOME) / "feeds" / str(run.feed_id) / str(run.id)


def begin(feed: Feed, trial: bool = False, whole: bool = True) -> Run:
    """A run that waits for a worker; the one that is under way where there is one."""
    with transaction.atomic():
        # Two who ask at once get one run.
        feed = Feed.objects.select_for_update(of=("self",)).get(id=feed.id)
        under_way = feed.runs.exclude(state__in=[*Run.OVER, RunState.READY, RunState.HELD]).first()
        return under_way or Run.objects.create(feed=feed, trial=trial, whole=whole or feed.known_until is None)


def go(run: Run, limits: Limits | None = None) -> Run:
    """Take a run as far as it goes by itself: let in, held for a person, or failed with a reason."""
    speaks = FORMATS[run.feed.format]
    try:
        if run.state != RunState.APPLYING or not folder_of(run).exists():
            compare_and_decide(run, speaks, limits)
        if run.state == RunState.APPLYING:
            apply(run, speaks)
    except (Stop, CannotFetch) as error:
        fail(run, error.code)
    except Exception:
        # The run's page tells that it failed; the log, why. What it had begun to let in is whole as far as it went.
        log.exception("a run of a source failed")
        fail(run, "broken-in" if run.state == RunState.APPLYING else "own-fault")
    return run


def compare_and_decide(run: Run, speaks: Format, limits: Limits | None) -> None:
    """Fetch, read and compare everything, changing nothing but the run; then let it in or hold it."""
    folder = folder_of(run)
    shutil.rmtree(folder, ignore_errors=True)
    tell(run, state=RunState.FETCHING, began_at=now())
    with Fetcher(folder, limits, progress(run)) as fetcher:
        came = speaks.fetch(run.feed, fetcher, None if run.whole else run.feed.known_until)
    tell(run, state=RunState.COMPARING, whole=came.whole, done=0, total=len(came.paths) * len(speaks.kinds))
    compared = Compared()
    try:
        compare(run.feed, speaks, came, folder, compared, progress(run))
    finally:
        problems = [vars(one) for one in compared.problems]
        tell(run, counts=compared.counts, changes=compared.changes, read=compared.read, problems=problems,
             problem_count=compared.problem_count)  # fmt: skip
    decide(run, compared)


def tell(run: Run, **fields: Any) -> None:
    """Say that the run is at work and how far, so that nobody else takes it up."""
    run.beat_at = now()
    for name, value in fields.items():
        setattr(run, name, value)
    run.save(update_fields=["beat_at", *fields])


def progress(run: Run) -> Callable[..., None]:
    """Tells how far a run is, but no more often than people look."""
    told_at = float("-inf")

    def beat(done: int = 0) -> None:
        nonlocal told_at
        run.done += done
        if time.monotonic() - told_at >= TOLD_EVERY:
            tell(run, done=run.done)
            told_at = time.monotonic()

    return beat


def fail(run: Run, code: str) -> None:
    run.state, run.why, run.ended_at = RunState.FAILED, code, now()
    finish(run)


@transaction.atomic
def finish(run: Run) -> None:
    """Write down how a run ended, once."""
    run.save()
    verb = {RunState.APPLIED: "take_in", RunState.UNCHANGED: "find_unchanged"}.get(
        RunState(run.state), "fail_to_take_in"
    )
    record(verb, "feed", run.feed_id, run=str(run.id), counts=run.counts, why=run.why)
    shutil.rmtree(folder_of(run), ignore_errors=True)


@transaction.atomic
def decide(run: Run, compared: Compared) -> None:
    """Let it in by itself, or hold it for a person."""
    gone = sum(of.get("withdrawn", 0) for of in run.counts.values())
    had = Taken.objects.filter(feed=run.feed, withdrawn=False).count()
    if not compared.changed:
        over(run, RunState.UNCHANGED)
    elif gone > max(FEW, had * MOST_VANISH) and not run.anyway:
        tell(run, state=RunState.HELD, why="vanish")
        record("hold", "feed", run.feed_id, run=str(run.id), gone=gone, had=had)
    elif run.trial and not run.anyway:
        tell(run, state=RunState.READY)
        record("make_ready", "feed", run.feed_id, run=str(run.id))
    else:
        tell(run, state=RunState.APPLYING, done=0, total=compared.changed)


@transaction.atomic
def over(run: Run, state: str) -> None:
    """What the source told until the run began is known now."""
    run.state, run.ended_at = state, now()
    run.feed.known_until = run.began_at
    run.feed.save(update_fields=["known_until"])
    finish(run)


# Letting in


def apply(run: Run, speaks: Format) -> None:
    run.done = 0
    for kind in speaks.kinds:
        for part in batches(folder_of(run) / f"changed-{kind}.jsonl"):
            apply_batch(run, speaks, kind, part)
            tell(run, done=run.done + len(part))
    for kind in reversed(speaks.kinds):
        path = folder_of(run) / f"gone-{kind}.txt"
        gone = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for at in range(0, len(gone), BATCH):
            withdraw(run, speaks, kind, gone[at : at + BATCH])
            tell(run)
    over(run, RunState.APPLIED)


def batches(path: Path) -> Iterator[list[dict[str, Any]]]:
    if not path.exists():
        return
    with path.open("rb") as file:
        part, size = [], 0
        for line in file:
            part.append(orjson.loads(line))
            size += len(line)
            if len(part) >= BATCH or size >= BATCH_BYTES:
                yield part
                part, size = [], 0
        if part:
            yield part


@transaction.atomic
def apply_batch(run: Run, speaks: Format, kind: str, part: list[dict[str, Any]]) -> None:
    """Some hundreds of records, and that they are taken in, in one transaction."""
    feed = run.feed
    there = {
        row.external_id: row
        for row in Taken.objects.filter(feed=feed, kind=kind, external_id__in=[one["id"] for one in part])
    }  # fmt: skip
    todo = [
        one for one in part
        if not (old := there.get(one["id"]))
        or (old.hash, old.links, old.withdrawn) != (one["hash"], one["links"], False)
    ]  # fmt: skip
    raws = [Raw(kind, one["id"], one["data"], one["file"], one["line"]) for one in todo]
    made: dict[str, dict[str, Any]] = {}
    if kind in speaks.kept:
        made = {raw.external_id: speaks.keep(feed, raw) for raw in raws}
    else:
        let = let_in(run, speaks, kind, raws)
        todo = [one for one in todo if one["id"] in let]
    keeps_record = kind in speaks.kept or kind in ("organisation", "offering", "session")
    Taken.objects.bulk_create(
        [
            Taken(feed=feed, kind=kind, external_id=one["id"], hash=one["hash"], links=one["links"],
                  record=one["data"] if keeps_record else {}, made=made.get(one["id"], {}))
            for one in todo
        ],
        batch_size=400,
        update_conflicts=True,
        unique_fields=["feed", "kind", "external_id"],
        update_fields=["hash", "links", "record", "made", "withdrawn"],
    )  # fmt: skip


def let_in(run: Run, speaks: Format, kind: str, raws: list[Raw]) -> set[str]:
    """Make the records what their source says, with what they are linked to; gives the ids of those that are let in.
    One that does not hold together with its links, though it did by itself, is told of and left as it was."""
    links = {raw.external_id: speaks.links(raw) for raw in raws}
    known = made_of(run.feed, speaks, {link for found in links.values() for link in found})
    records: dict[str, Record] = {}
    for raw in raws:
        linked = {link: known[link] for link in links[raw.external_id] if link in known}
        try:
            records[raw.external_id] = one = sound(speaks.record, run.feed, raw, linked)
            # What it is by itself was looked at before.
            if linked:
                sound(check_record, kind, speaks.source, one)
        except BadRecord as bad:
            records.pop(raw.external_id, None)
            left_out(run, raw, bad)
    alone = houseless(kind, speaks.source, records.values())
    for raw in raws:
        if raw.external_id in alone:
            del records[raw.external_id]
            left_out(run, raw, BadRecord("organisation", "is not known"))
    take_in_batch(kind, speaks.source, list(records.values()), actor=f"feed:{run.feed_id}")
    return set(records)


def left_out(run: Run, raw: Raw, bad: BadRecord) -> None:
    run.problem_count += 1
    run.problems = [*run.problems, printable(vars(problem_of(raw, bad)))][:SHOWN]


def made_of(feed: Feed, speaks: Format, links: set[Link]) -> dict[Link, dict[str, Any]]:
    """What was made of the kept ones among the links."""
    found: dict[Link, dict[str, Any]] = {}
    for kind in speaks.kept:
        ids = [external_id for of, external_id in links if of == kind]
        rows = Taken.objects.filter(feed=feed, kind=kind, external_id__in=ids, withdrawn=False)
        found |= {(kind, external_id): made for external_id, made in rows.values_list("external_id", "made")}
    return found


@transaction.atomic
def withdraw(run: Run, speaks: Format, kind: str, gone: list[str]) -> None:
    if kind not in speaks.kept:
        withdraw_batch(kind, speaks.source, gone, actor=f"feed:{run.feed_id}")
    Taken.objects.filter(feed=run.feed, kind=kind, external_id__in=gone).update(withdrawn=True)
