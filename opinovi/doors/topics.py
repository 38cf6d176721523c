"""The need vocabulary: topics with everyday expressions in every language, and how they are met in text."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from opinovi.directory.codes import service_classes, target_groups
from opinovi.doors.topic_files import FOLDER, LANGUAGES, topics
from opinovi.doors.words import Word, is_stop, surfaces, word

# How surely a topic must be met to count.
SURE = 0.45
# How surely an expression must be met to count among all the words by which its topic was met.
SURE_BY_ITSELF = 0.8
# A longer expression says more surely what is meant.
BY_LENGTH = {1: 0.8, 2: 1.0, 3: 1.1}
# A word of this many letters is a compound, and says as much as two.
LONG_WORD = 14
# What is left of advice on anything where a subject is met as well.
BESIDE_SUBJECT = 0.3
# What is left of a topic met only by words of a longer expression of another topic.
WITHIN_LONGER = 0.5
FIELDS = {*LANGUAGES, "classes", "groups", "broader", "related", "at_work", "generic"}


class VocabularyError(Exception):
    """The vocabulary does not hold together; each line names file, topic and reason."""


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

    by_form: defaultdict[str, list[Expression]] = field(default_factory=lambda: defaultdict(list))
    surfaces: set[str] = field(default_factory=set)


def problems() -> list[str]:
    """What is wrong with the vocabulary, a line each: file, topic, reason."""
    found: list[str] = []
    seen: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
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
    linked = [
        *entry.get("related", ()),
        *entry.get("at_work", ()),
        *([entry["broader"]] if entry.get("broader") else []),
    ]
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
    """The expressions of a language's topics."""
    said = [(topic.id, text) for topic in topics().values() for text in topic.expressions.get(language, ())]
    return build_lexicon(said, language)


def build_lexicon(said: Iterable[tuple[str, str]], language: str, whole: bool = False) -> Lexicon:
    """A lexicon of (id, expression) pairs. An expression that many ids share says less of each of them.

    With `whole` every word of an expression must be met, "not" and "I" too; else those that say something.
    """
    made = [(owner, text, every_word(text, language) if whole else words_of(text, language)) for owner, text in said]
    shared: dict[frozenset[str], set[str]] = defaultdict(set)
    for owner, _text, words in made:
        shared[frozenset(min(one.bases) for one in words)].add(owner)
    lexicon = Lexicon()
    for owner, text, words in made:
        holders = len(shared[frozenset(min(one.bases) for one in words)])
        expression = Expression(owner, text, words, telling_weight(words) / holders**0.5)
        lexicon.surfaces.update(surfaces(text))
        for form in rarest(words).forms:
            lexicon.by_form[form].append(expression)
    return lexicon


def telling_weight(words: tuple[Word, ...]) -> float:
    """How surely an expression says what is meant: the more words it has, and two for a long compound."""
    count = len(words) if len(words) != 1 or len(words[0].surface) < LONG_WORD else 2
    return BY_LENGTH[min(count, 3)]


def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words by which an expression is met: those that say something, or all where fewer than two do."""
    every = every_word(text, language)
    telling = tuple(one for one in every if not is_stop(one.surface, language))
    return telling if len({one.bases for one in telling}) > 1 else every


def every_word(text: str, language: str) -> tuple[Word, ...]:
    return tuple(word(one, language) for one in surfaces(text))


def rarest(words: tuple[Word, ...]) -> Word:
    """The word by which an expression is looked up: the longest, as it is the rarest."""
    return max(words, key=lambda one: len(one.surface))


def closeness(wanted: Word, met: Word) -> float:
    """How nearly two words are the same.

    Base form 1; one derived from the other 0.8, both derived from a third 0.6; a compound that has the wanted word
    in it 0.8 if that is a compound itself, else 0.5.
    """
    if wanted.bases & met.bases:
        return 1.0
    if wanted.stems & met.bases or wanted.bases & met.stems:
        return 0.8
    if wanted.bases & met.parts:
        return 0.8 if wanted.parts else 0.5
    if wanted.stems & met.stems:
        return 0.6
    return 0.0


def match(words: list[Word], language: str, within: Lexicon | None = None) -> list[Match]:
    """The topics (or the ids of another lexicon) whose expressions stand in the words, surest first."""
    by_form = (within or lexicon(language)).by_form
    words = list(dict.fromkeys(words))
    at_hand = frozenset().union(*(one.forms for one in words)) if words else frozenset()
    candidates = {
        id(one): one
        for form in at_hand & by_form.keys()
        for one in by_form[form]
        if len(one.words) == 1 or not any(wanted.forms.isdisjoint(at_hand) for wanted in one.words)
    }
    found: dict[str, Match] = {}
    every: dict[str, set[str]] = defaultdict(set)
    # Of equally sure expressions the one of more words speaks, then the first by the alphabet: never by chance.
    for expression in sorted(candidates.values(), key=lambda one: (-len(one.words), one.text)):
        weight, met_words = strength(expression, words)
        if weight < SURE:
            continue
        known = found.get(expression.topic)
        if known is None or weight > known.weight:
            found[expression.topic] = Match(expression.topic, weight, met_words)
        if weight >= SURE_BY_ITSELF:
            every[expression.topic] |= telling_words(met_words, language)
    told = {topic: every[topic] or telling_words(one.words, language) for topic, one in found.items()}
    # A longer expression decides over a shorter one within it, unless it is met less surely.
    sure = {topic: one.weight for topic, one in found.items()}
    for topic, one in found.items():
        if any(told[topic] < told[other] and sure[other] >= one.weight for other in told if other != topic):
            one.weight *= WITHIN_LONGER
    if any(not is_generic(one.topic) for one in found.values()):
        for one in found.values():
            one.weight *= BESIDE_SUBJECT if is_generic(one.topic) else 1.0
    return sorted(found.values(), key=lambda one: (-one.weight, -len(one.words), one.topic))


def telling_words(met_words: tuple[str, ...], language: str) -> set[str]:
    """Of the words by which a topic was met, those that say something; all where none does."""
    return {one for one in met_words if not is_stop(one, language)} or set(met_words)


def is_generic(topic_id: str) -> bool:
    return topic_id in topics() and topics()[topic_id].generic


def strength(expression: Expression, words: list[Word]) -> tuple[float, tuple[str, ...]]:
    """How surely an expression stands in words: its weight by its worst-met word; 0 if one is not met."""
    worst = 1.0
    left = list(words)
    met_words = []
    for wanted in expression.words:
        near, best = max(((closeness(wanted, met), met) for met in left), key=lambda pair: pair[0], default=(0.0, None))
        if not near or best is None:
            return 0.0, ()
        worst = min(worst, near)
        left.remove(best)
        met_words.append(best.surface)
    return expression.weight * worst, tuple(met_words)
