"""Scoring the search on a file of needs. The formulas: see docs/architecture.md, "Measuring"."""

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from opinovi.base.text import choose
from opinovi.directory.models import Service
from opinovi.doors.find import find
from opinovi.doors.need import understand

DEPTH = 40


class NeedsFileError(Exception):
    """The needs file does not hold together; the text names line and reason."""


@dataclass(frozen=True)
class Judged:
    """A need with the names of the services that answer it."""

    id: str
    lang: str
    text: str
    relevant: frozenset[str]


def read_needs(path: Path) -> list[Judged]:
    needs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            needs.append(Judged(row["id"], row["lang"], row["text"], frozenset(row["relevant"])))
        except (ValueError, KeyError, TypeError) as error:
            raise NeedsFileError(f"{path.name}:{number}: {error!r}") from error
    return needs


def names_found(text: str, language: str, source: str) -> list[str]:
    """The names of the first DEPTH services, each once, the first occurrence kept."""
    found = find(understand(text, language), source=source, limit=DEPTH, cut=False)
    ids = [hit.id for hit in found.hits]
    services = Service.objects.only("id", "name").in_bulk(ids)
    return list(dict.fromkeys(choose(services[one].name, "fi").text for one in ids if one in services))


def ndcg(names: list[str], relevant: frozenset[str], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, binary gains, the ideal over min(depth, number of relevant)."""
    gain = sum(1 / math.log2(rank + 2) for rank, name in enumerate(names[:depth]) if name in relevant)
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(depth, len(relevant))))
    return gain / ideal if ideal else 0.0


def evaluate(path: Path, source: str = "") -> dict[str, Any]:
    """Scores by language, the latency of a find in milliseconds, and the needs missed in the first ten."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    times, misses = [], []
    for need in read_needs(path):
        begin = time.perf_counter()
        names = names_found(need.text, need.lang, source)
        times.append((time.perf_counter() - begin) * 1000)
        ranks = [rank for rank, name in enumerate(names, start=1) if name in need.relevant]
        first = ranks[0] if ranks else 0
        scores = (ndcg(names, need.relevant), 1 / first if first else 0.0, float(0 < first <= 3))
        rows.setdefault(need.lang, []).append(scores)
        if not 0 < first <= 10:
            misses.append({"id": need.id, "lang": need.lang, "text": need.text, "first": names[:3]})
    report: dict[str, Any] = {}
    for language in ("fi", "sv", "en", *sorted(set(rows) - {"fi", "sv", "en"})):
        if scored := rows.get(language):
            averages = [round(mean(column), 4) for column in zip(*scored, strict=True)]
            report[language] = {
                "n": len(scored),
                **dict(zip(("ndcg10", "mrr", "hit3"), averages, strict=True)),
            }
    cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else [*times] * 19
    report["latency_ms"] = {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2)} if times else {"p50": 0, "p95": 0}
    report["misses"] = misses
    return report
