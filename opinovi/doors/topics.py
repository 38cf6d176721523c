"""The need vocabulary: topics with everyday expressions in every language, and how they are met in text."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from opinovi.directory.codes import service_classes, target_groups
from opinovi.doors.words import Word, content, surfaces, word

FOLDER = Path(__file__).parent / "vocabulary"
LANGUAGES = ("fi", "sv", "en")
FIELDS = {*LANGUAGES, "classes", "groups", "broader", "related"}


class VocabularyError(Exception):
    """The vocabulary does not hold together; each line names file, topic and reason."""


@dataclass(frozen=True)
class Topic:
    """A concept of the need vocabulary. The first expression of a language is its label."""

    id: str
    expressions: dict[str, tuple[str, ...]]
    classes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    broader: str = ""
    related: tuple[str, ...] = ()

    @property
    def label(self) -> dict[str, str]:
        return {language: said[0] for language, said in self.expressions.items()}


@dataclass(frozen=True)
class Expression:
    topic: str
    text: str
    words: tuple[Word, ...]
    weight: float


@dataclass
class Match:
    """A topic met in a text: how surely (0 to 1), and the words by which."""

    topic: str
    weight: float
    words: tuple[str, ...]


@dataclass
class Lexicon:
    """The expressions of one language, reachable from any form of any of their words."""

    by_form: dict[str, list[Expression]] = field(default_factory=lambda: defaultdict(list))
    surfaces: set[str] = field(default_factory=set)


def read_file(path: Path) -> dict[str, Topic]:
    raw: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {
        topic_id: Topic(
            id=topic_id,
            expressions={language: tuple(map(str, entry.get(language, ()))) for language in LANGUAGES},
            classes=tuple(entry.get("classes", ())),
            groups=tuple(entry.get("groups", ())),
            broader=entry.get("broader", ""),
            related=tuple(entry.get("related", ())),
        )
        for topic_id, entry in raw.items()
    }


@cache
def topics() -> dict[str, Topic]:
    """Every topic by its id, in the order of the files."""
    return {topic_id: topic for path in sorted(FOLDER.glob("*.yaml")) for topic_id, topic in read_file(path).items()}


def problems() -> list[str]:
    """What is wrong with the vocabulary, a line each: file, topic, reason."""
    found: list[str] = []
    seen: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for topic_id, entry in raw.items():
            if topic_id in seen:
                found.append(f"{path.name}: {topic_id}: also in {seen[topic_id]}")
            seen[topic_id] = path.name
            found += [f"{path.name}: {topic_id}: {reason}" for reason in problems_of(topic_id, entry)]
    labels: dict[tuple[str, str], str] = {}
    for topic in topics().values():
        for language, label in topic.label.items():
            other = labels.setdefault((language, label.lower()), topic.id)
            if other != topic.id:
                found.append(f"{seen[topic.id]}: {topic.id}: the {language} label is also that of {other}")
    return found


def problems_of(topic_id: str, entry: dict[str, Any]) -> Iterable[str]:
    if unknown := set(entry) - FIELDS:
        yield f"unknown field {', '.join(sorted(unknown))}"
    for language in LANGUAGES:
        said = entry.get(language) or []
        if not said:
            yield f"nothing in {language}"
        if any(not isinstance(one, str) or not one.strip() for one in said):
            yield f"an expression in {language} is not a text"
        elif len({one.lower() for one in said}) < len(said):
            yield f"an expression in {language} stands twice"
    yield from (f"unknown service class {code}" for code in entry.get("classes", ()) if code not in service_classes())
    yield from (f"unknown target group {code}" for code in entry.get("groups", ()) if code not in target_groups())
    linked = [*entry.get("related", ()), *([entry["broader"]] if entry.get("broader") else [])]
    yield from (f"unknown topic {other}" for other in linked if other not in topics())
    if topic_id in linked:
        yield "linked to itself"
    if circular(topic_id):
        yield "its broader topics go round in a circle"


def circular(topic_id: str) -> bool:
    seen = {topic_id}
    while topic_id := topics()[topic_id].broader if topic_id in topics() else "":
        if topic_id in seen:
            return True
        seen.add(topic_id)
    return False


def broader(topic_id: str) -> list[str]:
    """The topics above a topic, nearest first."""
    above: list[str] = []
    while (topic_id := topics()[topic_id].broader) and topic_id not in above:
        above.append(topic_id)
    return above


@cache
def lexicon(language: str) -> Lexicon:
    """The expressions of a language. One that many topics share says less of each of them."""
    shared: dict[frozenset[str], set[str]] = defaultdict(set)
    made: list[tuple[str, str, tuple[Word, ...]]] = []
    for topic in topics().values():
        for text in topic.expressions.get(language, ()):
            words = tuple(content(text, language)) or tuple(word(one, language) for one in surfaces(text))
            made.append((topic.id, text, words))
            shared[frozenset(min(one.bases) for one in words)].add(topic.id)
    lexicon = Lexicon()
    for topic_id, text, words in made:
        holders = len(shared[frozenset(min(one.bases) for one in words)])
        expression = Expression(topic_id, text, words, (0.8 if len(words) == 1 else 1.0) / holders**0.5)
        lexicon.surfaces.update(surfaces(text))
        for form in words[0].bases if len(words) == 1 else rarest(words).forms:
            lexicon.by_form[form].append(expression)
        if len(words) == 1:
            for form in words[0].parts:
                lexicon.by_form[form].append(expression)
    return lexicon


def rarest(words: tuple[Word, ...]) -> Word:
    """The word by which an expression is looked up: the longest, as it is the rarest."""
    return max(words, key=lambda one: len(one.surface))


def closeness(wanted: Word, met: Word) -> float:
    """How nearly two words are the same: base form 1, derivation of one stem 0.8, part of a compound 0.5."""
    if wanted.bases & met.bases:
        return 1.0
    if wanted.bases & met.parts:
        return 0.5
    if wanted.parts & met.bases:
        return 0.4 if len(wanted.surface) > len(met.surface) + 3 else 0.7
    if wanted.parts & met.parts:
        return 0.25
    return 0.0


def match(words: list[Word], language: str) -> list[Match]:
    """The topics whose expressions stand in the words, surest first."""
    by_form = lexicon(language).by_form
    candidates = {id(one): one for met in words for form in met.forms for one in by_form.get(form, ())}
    found: dict[str, Match] = {}
    for expression in candidates.values():
        weight, met_words = strength(expression, words)
        known = found.get(expression.topic)
        if weight >= 0.3 and (known is None or weight > known.weight):
            found[expression.topic] = Match(expression.topic, weight, met_words)
    return sorted(found.values(), key=lambda one: (-one.weight, one.topic))


def strength(expression: Expression, words: list[Word]) -> tuple[float, tuple[str, ...]]:
    """How surely an expression stands in the words: its weight by its worst-met word; 0 if one is not met."""
    worst, met_words = 1.0, []
    for wanted in expression.words:
        near, best = max(((closeness(wanted, met), met) for met in words), key=lambda pair: pair[0])
        if not near:
            return 0.0, ()
        worst = min(worst, near)
        met_words.append(best.surface)
    return expression.weight * worst, tuple(dict.fromkeys(met_words))
