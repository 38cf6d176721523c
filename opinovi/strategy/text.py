"""The text of a strategy: its paragraphs, the whole as data, and what differs between two versions."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Prefetch, QuerySet

from opinovi.strategy.models import Objective, Strategy, Theme

BLANK = re.compile(r"\n\s*\n")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: an empty line parts them."""
    return [one.strip() for one in BLANK.split(text.replace("\r", "")) if one.strip()]


def themes_of(strategy: Strategy, objectives: QuerySet[Objective] | None = None) -> list[Theme]:
    """The themes with their objectives: two queries."""
    rows = Objective.objects.order_by("position", "id") if objectives is None else objectives
    return list(strategy.themes.prefetch_related(Prefetch("objectives", rows)))


def snapshot(strategy: Strategy) -> dict[str, Any]:
    """The whole text, as a version keeps it."""
    rows = Objective.objects.order_by("position", "id").prefetch_related("measures")
    return {
        "name": strategy.name,
        "vision": strategy.vision,
        "begins": strategy.begins.isoformat(),
        "ends": strategy.ends.isoformat(),
        "themes": [
            {
                "id": str(theme.id),
                "name": theme.name,
                "text": theme.text,
                "objectives": [
                    {"id": str(one.id), "name": one.name, "text": one.text,
                     "measures": [measure.name for measure in one.measures.all()]}
                    for one in theme.objectives.all()
                ],
            }
            for theme in themes_of(strategy, rows)
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A run of words: of both, of the old alone or of the new alone."""

    kind: str
    text: str


def lines_of(data: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """Every piece of a version's text in one language, each with the part it is of."""
    found = [("name", data["name"].get(language, "")), ("vision", data["vision"].get(language, ""))]
    for theme in data["themes"]:
        found += [(f"theme {theme['id']}", theme["name"].get(language, "")),
                  (f"theme {theme['id']} text", theme["text"].get(language, ""))]  # fmt: skip
        for one in theme["objectives"]:
            found += [(f"objective {one['id']}", one["name"].get(language, "")),
                      (f"objective {one['id']} text", one["text"].get(language, ""))]  # fmt: skip
            measures = "; ".join(each.get(language, "") for each in one["measures"] if each.get(language))
            found.append((f"objective {one['id']} measures", measures))
    return found


def compare(before: dict[str, Any], after: dict[str, Any], language: str) -> list[tuple[str, list[Change]]]:
    """What differs, piece by piece: the part, and its words with what is gone and what is new."""
    old, new = dict(lines_of(before, language)), dict(lines_of(after, language))
    order = [*new, *(one for one in old if one not in new)]
    return [
        (part, words_changed(old.get(part, ""), new.get(part, "")))
        for part in order
        if old.get(part, "") != new.get(part, "")
    ]


def words_changed(old: str, new: str) -> list[Change]:
    """Two texts as one: what stayed, what went, what came, word by word."""
    before, after = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Change("same", "".join(before[a:b])))
            continue
        if b > a:
            found.append(Change("gone", "".join(before[a:b])))
        if d > c:
            found.append(Change("new", "".join(after[c:d])))
    return found
