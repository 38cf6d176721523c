"""What a run of a source would change: everything read and checked, and compared with what was taken in before.

Nothing but files of the run is written. What changes stands in them, so that letting it in needs no more memory than a
batch.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.core.exceptions import ValidationError

from opinovi.base.clock import today
from opinovi.base.reading import Problem
from opinovi.base.text import CONTROL, printable
from opinovi.directory.actions.take_in_batch import check_record
from opinovi.directory.models import Offering
from opinovi.interchange.models import Feed, Taken
from opinovi.interchange.reading import BadRecord
from opinovi.interchange.sources.shape import Came, Format, Link, Raw, Stop, hash_of

# How many are compared at a time.
PART = 100
LONGEST_ID = 150
# Of what came, at most so large a share may be unreadable, but for a few.
MOST_BAD, FEW = 0.20, 5
SHOWN = 200
# Tells how far it is, so that the run's page can say so.
Tell = Callable[..., None]


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
            self.problems.append(Problem(**printable(vars(one))))

    def count(self, kind: str, how: str, n: int = 1) -> None:
        of = self.counts.setdefault(kind, {})
        of[how] = of.get(how, 0) + n

    def change(self, kind: str, how: str, external_id: str, name: str) -> None:
        self.count(kind, how)
        if len(self.changes) < SHOWN:
            self.changes.append({"kind": kind, "how": how, "id": external_id, "name": printable(name)})

    @property
    def changed(self) -> int:
        return sum(n for of in self.counts.values() for how, n in of.items() if how != "unchanged")


def compare(feed: Feed, speaks: Format, came: Came, folder: Path, compared: Compared, tell: Tell) -> None:
    """Read and compare all that came. Raises Stop where it is not to be believed."""
    seen: dict[str, dict[str, str]] = {kind: {} for kind in speaks.kinds}
    for kind in speaks.kinds:
        changed_file(folder, kind).write_bytes(b"")
    for kind in speaks.kinds:
        compare_kind(feed, speaks, kind, came.paths, folder, compared, seen, tell)
    if compared.problem_count and not compared.read:
        raise Stop("unreadable")
    # A calendar may be empty for a while.
    if not compared.read and came.whole and not speaks.passing:
        raise Stop("nothing")
    if compared.unread > max(FEW, compared.read * MOST_BAD):
        raise Stop("many-bad")
    if came.whole and not compared.unread:
        vanished(feed, speaks, folder, seen, compared)


def changed_file(folder: Path, kind: str) -> Path:
    return folder / f"changed-{kind}.jsonl"


def compare_kind(
    feed: Feed, speaks: Format, kind: str, paths: list[Path], folder: Path, compared: Compared,
    seen: dict[str, dict[str, str]], tell: Tell,
) -> None:  # fmt: skip
    """Compare every record of a kind with what was taken in before, and write what differs to the run's file. The hash
    of each goes into `seen` by its kind and id. Where records of several kinds stand in one file, they come together
    when the first of the kinds is read, so that no file is read twice."""

    def rows() -> Iterator[Raw]:
        for path in paths:
            for one in speaks.read(path, kind):
                if isinstance(one, Problem):
                    compared.problem(one)
                elif CONTROL.search(one.external_id) or len(one.external_id) > LONGEST_ID:
                    compared.problem(
                        Problem(one.file, one.line, "id", "is too long, or has a sign in it that no id has")
                    )
                elif one.external_id in seen[one.kind]:
                    if one.kind not in speaks.nested and seen[one.kind][one.external_id] != one.hash:
                        again = f"{one.external_id[:60]} came before, and differs: the first is taken"
                        compared.problem(Problem(one.file, one.line, "id", again), unread=False)
                else:
                    seen[one.kind][one.external_id] = one.hash
                    yield one
            tell(done=1)

    found = rows()
    while part := list(islice(found, PART)):
        compared.read += len(part)
        for one in dict.fromkeys(raw.kind for raw in part):
            of_kind = [raw for raw in part if raw.kind == one]
            with changed_file(folder, one).open("ab") as file:
                compare_batch(feed, speaks, one, of_kind, compared, seen, file)


def compare_batch(
    feed: Feed, speaks: Format, kind: str, part: list[Raw], compared: Compared, before: dict[str, dict[str, str]],
    file: Any,
) -> None:  # fmt: skip
    hashes = {one.external_id: one.hash for one in part}
    stored = {
        row[0]: row[1:]
        for row in Taken.objects.filter(feed=feed, kind=kind, external_id__in=list(hashes)).values_list(
            "external_id", "hash", "links", "withdrawn"
        )
    }
    linked: dict[str, list[Link]] = {}
    for one in part:
        try:
            linked[one.external_id] = [link for link in sound(speaks.links, one) if not CONTROL.search(link[1])]
        except BadRecord as bad:
            compared.problem(problem_of(one, bad))
    others = hashes_of(feed, {link for links in linked.values() for link in links}, before)
    for one in (one for one in part if one.external_id in linked):
        links = hash_of([[*link, others.get(link, "")] for link in linked[one.external_id]])
        if stored.get(one.external_id) == (hashes[one.external_id], links, False):
            compared.count(kind, "unchanged")
            continue
        try:
            name = check(feed, speaks, kind, one)
        except BadRecord as bad:
            compared.problem(problem_of(one, bad))
            continue
        how = "updated" if one.external_id in stored else "added"
        compared.change(kind, how, one.external_id, name)
        row = {"id": one.external_id, "hash": hashes[one.external_id], "links": links, "data": one.data,
               "file": one.file, "line": one.line}  # fmt: skip
        line = orjson.dumps(row)
        # What no database keeps alike is left out of what is let in; the hash is of what came.
        file.write((orjson.dumps(printable(row)) if b"\\u00" in line else line) + b"\n")


def problem_of(one: Raw, bad: BadRecord) -> Problem:
    return Problem(one.file, one.line, bad.field, f"{one.external_id[:60]}: {bad.reason}")


def sound(make: Callable[..., Any], *told: Any) -> Any:
    """What is made of a record. Raises BadRecord for whatever is wrong with it: one record stops no others."""
    try:
        return make(*told)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise BadRecord("record", f"is of another shape ({type(error).__name__})") from error
    except ValidationError as error:
        field, why = (
            next(iter(error.message_dict.items())) if hasattr(error, "error_dict") else ("record", error.messages)
        )
        raise BadRecord(field, " ".join(why)[:200]) from error


def check(feed: Feed, speaks: Format, kind: str, one: Raw) -> str:
    """Whether a record can be taken in; gives its name. Raises BadRecord."""
    if kind in speaks.kept:
        sound(speaks.keep, feed, one)
        return ""
    made = sound(speaks.record, feed, one, {})
    sound(check_record, kind, speaks.source, made)
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


def vanished(feed: Feed, speaks: Format, folder: Path, seen: dict[str, dict[str, str]], compared: Compared) -> None:
    """What the source gave before and has no more, to the run's files."""
    for kind in speaks.kinds:
        rows = Taken.objects.filter(feed=feed, kind=kind, withdrawn=False).values_list("external_id", flat=True)
        if kind in speaks.passing:
            over = Offering.objects.filter(source=speaks.source, ends_on__lt=today()).values("external_id")
            rows = rows.exclude(external_id__in=over)
        with (folder / f"gone-{kind}.txt").open("w", encoding="utf-8") as file:
            for external_id in rows.iterator(5_000):
                if external_id not in seen[kind]:
                    compared.change(kind, "withdrawn", external_id, "")
                    file.write(external_id.replace("\n", " ") + "\n")
