"""The indicators as they are defined in indicators.yaml, and their exact values from the figures.

Exact values are for comparing and for the tests; what may be shown of them says `shown.py`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from opinovi.base.figures import SMALLEST
from opinovi.base.text import choose
from opinovi.impact.models import Figure

FILE = Path(__file__).parent / "indicators.yaml"
THEMES = ("availability", "quality", "effectiveness", "equity", "cost")
KINDS = ("share", "count", "median", "size", "mean", "sum", "part")
# How many counts a formula names.
NAMES = {"share": 2, "mean": 2, "part": 2}


@dataclass(frozen=True)
class Version:
    """How it is counted from a month on."""

    first: int
    kind: str
    counts: tuple[str, ...]
    per: int = 1


@dataclass(frozen=True)
class Indicator:
    code: str
    theme: str
    names: dict[str, str]
    telling: dict[str, str]
    unit: str
    by: tuple[str, ...]
    people: bool
    smallest: int
    period: tuple[str, ...]
    source: str
    versions: tuple[Version, ...]

    @property
    def name(self) -> str:
        return choose(self.names).text

    @property
    def tells(self) -> str:
        return choose(self.telling).text

    @property
    def kind(self) -> str:
        return self.versions[-1].kind

    def version(self, month: int) -> Version:
        return next(one for one in reversed(self.versions) if one.first <= month)

    @property
    def counts(self) -> set[str]:
        """The names of all that it is made of, in any version."""
        return {name for one in self.versions for name in one.counts[: 1 if one.kind == "part" else 2]}


def read_indicator(told: dict[str, Any]) -> Indicator:
    """Raises ValueError where the definition is not one."""
    versions = []
    for row in told["versions"]:
        kind = next((key for key in row if key in KINDS), "")
        counts = tuple(row.get(kind, ()))
        if not kind or len(counts) != NAMES.get(kind, 1):
            raise ValueError(f"{told['code']}: a formula is one of {', '.join(KINDS)} with its counts")
        versions.append(Version(row["from"], kind, counts, row.get("per", 1)))
    if len({one.kind for one in versions}) != 1 or versions != sorted(versions, key=lambda one: one.first):
        raise ValueError(f"{told['code']}: versions are of one kind, the oldest first")
    if told["theme"] not in THEMES or any(set(told[name]) != {"fi", "sv", "en"} for name in ("name", "tells")):
        raise ValueError(f"{told['code']}: a theme, and a name and what it tells in three languages")
    if told["people"] and told["smallest"] < SMALLEST:
        raise ValueError(f"{told['code']}: of people fewer than {SMALLEST} are never told")
    return Indicator(
        code=told["code"], theme=told["theme"], names=told["name"], telling=told["tells"], unit=told["unit"],
        by=tuple(told["by"]), people=told["people"], smallest=told["smallest"], period=tuple(told["period"]),
        source=told["source"], versions=tuple(versions),
    )  # fmt: skip


@lru_cache
def indicators() -> dict[str, Indicator]:
    rows = yaml.load(FILE.read_text(), Loader=yaml.CSafeLoader)
    found = {one.code: one for one in map(read_indicator, rows)}
    assert len(found) == len(rows), "each indicator is defined once"
    return found


# Sums of figures: (count, month, value of the breakdown) → {size: how many}.
Sums = dict[tuple[str, int, str], dict[int, int]]


def sums_of(scope: str, counts: Iterable[str], months: Sequence[int], by: str = "") -> Sums:
    """One question to the database, for all that a page shows of one breakdown."""
    return sums_of_many([scope], counts, months, by).get(scope, {})


def sums_of_many(scopes: Iterable[str], counts: Iterable[str], months: Sequence[int], by: str = "") -> dict[str, Sums]:
    rows = Figure.objects.filter(scope__in=list(scopes), by=by, count__in=list(counts))
    rows = rows.filter(month__gte=min(months), month__lte=max(months))
    found: dict[str, Sums] = {}
    for scope, count, month, value, bucket, n in rows.values_list("scope", "count", "month", "value", "bucket", "n"):
        found.setdefault(scope, {}).setdefault((count, month, value), {})[bucket] = n
    return found


@dataclass(frozen=True)
class Raw:
    """An indicator's value as it is counted: a part of a whole, a number, or sizes."""

    kind: str
    part: int = 0
    whole: int = 0
    per: int = 1
    sizes: tuple[tuple[int, int], ...] = ()

    @property
    def exact(self) -> Fraction | None:
        """The value, exactly; None where there is nothing to tell."""
        if self.kind == "count":
            return Fraction(self.part)
        if self.kind == "sum":
            return Fraction(self.part, self.per)
        if not self.whole:
            return None
        if self.kind == "median":
            return Fraction(median(self.sizes))
        if self.kind == "size":
            return Fraction(sum(size * n for size, n in self.sizes), self.whole)
        return Fraction(self.part, self.whole * self.per)


def median(sizes: Sequence[tuple[int, int]]) -> int:
    """The lower of the two middles, of sizes with how many there are of each."""
    middle, seen = (sum(n for _size, n in sizes) + 1) // 2, 0
    for size, n in sorted(sizes):
        seen += n
        if seen >= middle:
            return size
    raise ValueError("no sizes")


def total(sums: Sums, count: str, month: int, value: str) -> int:
    return sum(sums.get((count, month, value), {}).values())


def raw_value(one: Indicator, sums: Sums, months: Iterable[int], value: str = "", whole: Sums | None = None) -> Raw:
    """Its value over some months, each counted by the version that holds in it. For a part of a whole, `whole` has the
    sums without a breakdown."""
    part = base = 0
    sizes: defaultdict[int, int] = defaultdict(int)
    last = one.versions[-1]
    for month in months:
        version = one.version(month)
        first = version.counts[0]
        if version.kind in ("median", "size"):
            for size, n in sums.get((first, month, value), {}).items():
                sizes[size] += n
            continue
        part += total(sums, first, month, value)
        if version.kind == "part":
            base += total(whole or {}, first, month, "")
        elif len(version.counts) == 2:
            base += total(sums, version.counts[1], month, value)
    base = base or sum(sizes.values())
    return Raw(last.kind, part, base, last.per, tuple(sorted(sizes.items())))


def values_there(one: Indicator, sums: Sums) -> list[str]:
    """The values of a breakdown of which there is anything, in order."""
    return sorted(
        {value for (count, _month, value), sizes in sums.items() if count in one.counts and any(sizes.values())}
    )
