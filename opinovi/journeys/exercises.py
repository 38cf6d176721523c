"""Templates of plans, and short exercises of our own: what is picked is told back in words, not as a score."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from rapidfuzz import process

from opinovi.base.text import choose
from opinovi.esco.queries import names_like

Texts = dict[str, str]


@dataclass(frozen=True)
class Template:
    """A goal with its first steps."""

    name: str
    title: Texts
    goal: Texts
    steps: tuple[Texts, ...]


@dataclass(frozen=True)
class ExerciseKind:
    name: str
    title: Texts
    ask: Texts
    items: dict[str, dict[str, str]]
    groups: dict[str, Texts]


@cache
def told() -> dict[str, Any]:
    with (Path(__file__).parent / "plan.yaml").open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
        return found


TEMPLATES = {
    name: Template(name, one["title"], one["goal"], tuple(one["steps"])) for name, one in told()["templates"].items()
}
EXERCISES = {
    name: ExerciseKind(name, one["title"], one["ask"], one["items"], one["groups"])
    for name, one in told()["exercises"].items()
}


def exercise_named(name: str) -> ExerciseKind | None:
    return EXERCISES.get(name)


def picked_words(one: ExerciseKind, picked: list[str]) -> list[str]:
    """What stands out in what was picked: the groups with the most, at most three, in the page's language."""
    counts = Counter(one.items[item]["group"] for item in picked if item in one.items)
    return [choose(one.groups[group]).text for group, _count in counts.most_common(3)]


def skills_named(one: ExerciseKind, said: dict[str, Any]) -> list[dict[str, str]]:
    """The skills that were told, named by ESCO concepts where the file was loaded: the nearest of each, if near."""
    words = [choose(one.items[item]).text for item in said.get("picked", []) if item in one.items]
    words += [part.strip() for part in said.get("own", "").replace("\n", ",").split(",") if part.strip()]
    names = names_like(words, get_language() or "fi")
    found = []
    for word in words:
        match = process.extractOne(word.lower(), names.keys(), score_cutoff=84) if names else None
        found.append(
            {"word": word, "uri": names[match[0]][0] if match else "", "name": names[match[0]][1] if match else ""}
        )
    return found
