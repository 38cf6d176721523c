"""Reading the need vocabulary: text files that an editor can read, a topic an entry."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "vocabulary"
LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Topic:
    """A concept of the need vocabulary. The first expression of a language is its label."""

    id: str
    expressions: dict[str, tuple[str, ...]]
    classes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    broader: str = ""
    related: tuple[str, ...] = ()
    # What an employer who speaks of it looks for.
    at_work: tuple[str, ...] = ()
    # Advice or guidance on anything: says little where the words say more.
    generic: bool = False

    @property
    def label(self) -> dict[str, str]:
        return {language: said[0] for language, said in self.expressions.items()}


def read_file(path: Path) -> dict[str, Topic]:
    raw: dict[str, dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    return {
        topic_id: Topic(
            id=topic_id,
            expressions={language: tuple(map(str, entry.get(language, ()))) for language in LANGUAGES},
            classes=tuple(entry.get("classes", ())),
            groups=tuple(entry.get("groups", ())),
            broader=entry.get("broader", ""),
            related=tuple(entry.get("related", ())),
            at_work=tuple(entry.get("at_work", ())),
            generic=bool(entry.get("generic", False)),
        )
        for topic_id, entry in raw.items()
    }


@cache
def topics() -> dict[str, Topic]:
    """Every topic by its id, in the order of the files."""
    return {topic_id: topic for path in sorted(FOLDER.glob("*.yaml")) for topic_id, topic in read_file(path).items()}
