"""A run of a source: fetch, read, check and compare; hold it where too much would vanish; then let it in.

Nothing of the directory changes before all was read and compared. What changes is written to files of the run, so
that letting it in needs no more memory than one batch; each batch is one transaction and tells what it did. A run that
was killed is gone on with from its files: what is in already is passed over.
"""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.reading import Problem
from opinovi.directory.actions import Record
from opinovi.directory.actions.take_in_batch import take_in_batch, withdraw_batch
from opinovi.interchange.models import Feed, Run, RunState, Taken
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.sources.fetching import CannotFetch, Fetcher, Limits
from opinovi.interchange.sources.shape import FORMATS, Format, Link, Raw, hash_of

log = logging.getLogger(__name__)
# How many records, and of how many bytes, are let in at a time.
BATCH, BATCH_BYTES = 400, 2_000_000
# How many are compared at a time.
PART = 100
# Of what a source gave before, at most so large a share may vanish in one run unless a person says so.
MOST_VANISH = 0.20
# Of what came, at most so large a share may be unreadable.
MOST_BAD = 0.20
FEW = 5
SHOWN = 200
WHY = {
    "private": gettext_noop("Osoite vie suljettuun verkkoon: sieltä emme hae."),
    "not-web": gettext_noop("Osoite ei ole verkko-osoite."),
    "password-in-address": gettext_noop("Osoitteessa on salasana. Poista se."),
    "unknown-host": gettext_noop("Osoitetta ei löydy."),
    "no-answer": gettext_noop("Lähde ei vastaa."),
    "slow": gettext_noop("Lähde vastaa liian hitaasti."),
    "broken-off": gettext_noop("Vastaus katkesi kesken."),
    "too-much": gettext_noop("Lähteestä tulee liikaa tietoa."),
    "packing": gettext_noop("Vastausta ei voi purkaa."),
    "redirects": gettext_noop("Lähde ohjaa aina eteenpäin."),
    "status": gettext_noop("Lähde vastasi virheellä."),
    "unreadable": gettext_noop("Vastausta ei voi lukea."),
    "nothing": gettext_noop("Lähteestä ei tullut mitään."),
    "many-bad": gettext_noop("Liian moni tieto on viallinen."),
    "changed": gettext_noop("Lähde muuttui kesken lukemisen. Yritämme myöhemmin uudelleen."),
    "vanish": gettext_noop("Liian paljon katoaisi. Katso muutokset ja päätä itse."),
    "own-fault": gettext_noop("Meillä on vika. Vanhat tiedot ovat ennallaan."),
}


class Stop(Exception):
    """Why a run ends without letting anything in."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def folder_of(run: Run) -> Path:
    return Path(settings.OPINOVI_HOME) / "feeds" / str(run.feed_id) / str(run.id)


@dataclass
class Compared:
    """What a run would change, counted; the changed records stand in the run's files."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    # Of the problems, those for which a record could not be read at all; one that came twice could.
    unread: int = 0
    read: int = 0

    def problem(self, one: Problem, unread: bool = True) -> None:
        self.problem_count += 1
        self.unread += unread
        if len(self.problems) < SHOWN:
            self.problems.append(one)

    def count(self, kind: str, how: str, n: int = 1) -> None:
        of = self.counts.setdefault(kind, {})
        of[how] = of.get(how, 0) + n

    def change(self, kind: str, how: str, external_id: str, name: str) -> None:
        self.count(kind, how)
        if len(self.changes) < SHOWN:
            self.changes.append({"kind": kind, "how": how, "id": external_id, "name": name})

    @property
    def changed(self) -> int:
        return sum(n for of in self.counts.values() for how, n in of.items() if how != "unchanged")


def begin(feed: Feed, trial: bool = False, whole: bool = True) -> Run:
    """A run that waits for a worker; the one that is under way where there is one."""
    under_way = feed.runs.exclude(state__in=[*Run.OVER, RunState.READY, RunState.HELD]).first()
    return under_way or Run.objects.create(feed=feed, trial=trial, whole=whole or feed.known_until is None)


def go(run: Run, limits: Limits | None = None) -> Run:
    """Take a run as far as it goes by itself: let in, held for a person, or failed with a reason."""
    speaks = FORMATS[run.feed.format]
    try:
        if run.state == RunState.APPLYING and folder_of(run).exists():
            apply(run, speaks)
            return run
        compared = compare(run, speaks, limits)
        decide(run, compared)
        if run.state == RunState.APPLYING:
            apply(run, speaks)
    except Stop as stop:
        fail(run, stop.code)
    except CannotFetch as error:
        fail(run, error.code)
    except Exception:
        # The run's page tells that it failed; the log, why. What it had begun to let in is whole as far as it went.
        log.exception("a run of a source failed")
        fail(run, "own-fault")
    return run


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


def compare(run: Run, speaks: Format, limits: Limits | None) -> Compared:
    """Fetch and read everything; change nothing but the run."""
    folder = folder_of(run)
    shutil.rmtree(folder, ignore_errors=True)
    run.state, run.began_at = RunState.FETCHING, now()
    run.save(update_fields=["state", "began_at"])
    with Fetcher(folder, limits, lambda: beat(run)) as fetcher:
        came = speaks.fetch(run.feed, fetcher, None if run.whole else run.feed.known_until)
    run.whole, run.state, run.total = came.whole, RunState.COMPARING, len(came.paths) * len(speaks.kinds)
    run.save(update_fields=["whole", "state", "total"])
    compared = Compared()
    seen: dict[str, dict[str, str]] = {}
    for kind in speaks.kinds:
        seen[kind] = compare_kind(run, speaks, kind, came.paths, compared, seen)
    if compared.problem_count and not compared.read:
        keep_told(run, compared)
        raise Stop("unreadable")
    if not compared.read and run.whole:
        raise Stop("nothing")
    keep_told(run, compared)
    if compared.unread > max(FEW, compared.read * MOST_BAD):
        raise Stop("many-bad")
    if run.whole and not compared.unread:
        vanished(run, speaks, seen, compared)
        keep_told(run, compared)
    return compared


def beat(run: Run, *fields: str) -> None:
    """Say that the run is at work, so that nobody else takes it up."""
    run.beat_at = now()
    run.save(update_fields=["beat_at", *fields])


def keep_told(run: Run, compared: Compared) -> None:
    run.counts, run.changes, run.read = compared.counts, compared.changes, compared.read
    run.problems = [vars(one) for one in compared.problems]
    run.problem_count = compared.problem_count
    run.save(update_fields=["counts", "changes", "problems", "problem_count", "read"])


def compare_kind(
    run: Run, speaks: Format, kind: str, paths: list[Path], compared: Compared, before: dict[str, dict[str, str]]
) -> dict[str, str]:
    """Compare every record of a kind with what was taken in before, and write what differs to the run's file. Gives
    the hash of each by its id."""
    seen: dict[str, str] = {}

    def rows() -> Iterator[Raw]:
        for path in paths:
            for one in speaks.read(path, kind):
                if isinstance(one, Problem):
                    compared.problem(one)
                elif one.external_id in seen:
                    if kind not in speaks.nested and seen[one.external_id] != one.hash:
                        again = f"{one.external_id[:60]} came before, and differs: the first is taken"
                        compared.problem(Problem(one.file, one.line, "id", again), unread=False)
                else:
                    seen[one.external_id] = one.hash
                    yield one
            run.done += 1
            beat(run, "done")

    found = rows()
    with (folder_of(run) / f"changed-{kind}.jsonl").open("wb") as file:
        while part := list(islice(found, PART)):
            compared.read += len(part)
            compare_batch(run, speaks, kind, part, compared, before, file)
    return seen


def compare_batch(
    run: Run, speaks: Format, kind: str, part: list[Raw], compared: Compared, before: dict[str, dict[str, str]],
    file: Any,
) -> None:  # fmt: skip
    hashes = {one.external_id: one.hash for one in part}
    stored = {
        row[0]: row[1:]
        for row in Taken.objects.filter(feed=run.feed, kind=kind, external_id__in=list(hashes)).values_list(
            "external_id", "hash", "links", "withdrawn"
        )
    }
    linked = {one.external_id: speaks.links(one) for one in part}
    others = hashes_of(run.feed, {link for links in linked.values() for link in links}, before)
    for one in part:
        links = hash_of([[*link, others.get(link, "")] for link in linked[one.external_id]])
        if stored.get(one.external_id) == (hashes[one.external_id], links, False):
            compared.count(kind, "unchanged")
            continue
        try:
            name = check(run.feed, speaks, kind, one)
        except BadRecord as bad:
            compared.problem(Problem(one.file, one.line, bad.field, f"{one.external_id[:60]}: {bad.reason}"))
            continue
        how = "updated" if one.external_id in stored else "added"
        compared.change(kind, how, one.external_id, name)
        row = {"id": one.external_id, "hash": hashes[one.external_id], "links": links, "data": one.data,
               "file": one.file, "line": one.line}  # fmt: skip
        file.write(orjson.dumps(row) + b"\n")


def check(feed: Feed, speaks: Format, kind: str, one: Raw) -> str:
    """Whether a record can be taken in; gives its name. Raises BadRecord."""
    if kind in speaks.kept:
        speaks.keep(feed, one)
        return ""
    made = speaks.record(feed, one, {})
    name = made.fields.get("name") or {}
    return str(next(iter(name.values()), ""))[:120]


def hashes_of(feed: Feed, links: set[Link], before: dict[str, dict[str, str]]) -> dict[Link, str]:
    """The hashes of what is linked to: as it came in this run, else as it was taken in before."""
    found = {link: before[link[0]][link[1]] for link in links if link[1] in before.get(link[0], {})}
    by_kind: dict[str, list[str]] = {}
    for kind, external_id in links - set(found):
        by_kind.setdefault(kind, []).append(external_id)
    for kind, ids in by_kind.items():
        rows = Taken.objects.filter(feed=feed, kind=kind, external_id__in=ids, withdrawn=False)
        found |= {(kind, external_id): told for external_id, told in rows.values_list("external_id", "hash")}
    return found


def vanished(run: Run, speaks: Format, seen: dict[str, dict[str, str]], compared: Compared) -> None:
    """What the source gave before and has no more, to the run's files."""
    for kind in speaks.kinds:
        rows = Taken.objects.filter(feed=run.feed, kind=kind, withdrawn=False).values_list("external_id", flat=True)
        with (folder_of(run) / f"gone-{kind}.txt").open("w", encoding="utf-8") as file:
            for external_id in rows.iterator(5_000):
                if external_id not in seen[kind]:
                    compared.change(kind, "withdrawn", external_id, "")
                    file.write(external_id.replace("\n", " ") + "\n")


def decide(run: Run, compared: Compared) -> None:
    """Let it in by itself, or hold it for a person."""
    gone = sum(of.get("withdrawn", 0) for of in run.counts.values())
    had = Taken.objects.filter(feed=run.feed, withdrawn=False).count()
    if not compared.changed:
        run.state, run.ended_at = RunState.UNCHANGED, now()
        run.feed.known_until = run.began_at
        run.feed.save(update_fields=["known_until"])
        finish(run)
    elif gone > max(FEW, had * MOST_VANISH) and not run.anyway:
        run.state, run.why = RunState.HELD, "vanish"
        run.save(update_fields=["state", "why"])
    elif run.trial and not run.anyway:
        run.state = RunState.READY
        run.save(update_fields=["state"])
    else:
        run.state, run.done, run.total = RunState.APPLYING, 0, compared.changed
        run.save(update_fields=["state", "done", "total"])


# Letting in


def apply(run: Run, speaks: Format) -> None:
    run.done = 0
    for kind in speaks.kinds:
        for part in batches(folder_of(run) / f"changed-{kind}.jsonl"):
            apply_batch(run, speaks, kind, part)
            run.done += len(part)
            beat(run, "done")
    for kind in reversed(speaks.kinds):
        path = folder_of(run) / f"gone-{kind}.txt"
        gone = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for at in range(0, len(gone), BATCH):
            withdraw(run, speaks, kind, gone[at : at + BATCH])
    run.state, run.ended_at = RunState.APPLIED, now()
    run.feed.known_until = run.began_at
    run.feed.save(update_fields=["known_until"])
    finish(run)


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
        links = {raw.external_id: speaks.links(raw) for raw in raws}
        known = made_of(feed, speaks, {link for found in links.values() for link in found})
        records: list[Record] = [
            speaks.record(feed, raw, {link: known[link] for link in links[raw.external_id] if link in known})
            for raw in raws
        ]
        take_in_batch(kind, speaks.source, records, actor=f"feed:{feed.id}")
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
