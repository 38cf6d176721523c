"""A few hundred phrases in languages that the vocabulary is not written in: who writes so finds a door all the same.

Their words are met by their beginnings, without analysis: elsewhere.yaml holds them, and an editor may add a language.
"""

from functools import cache
from pathlib import Path

import yaml

from opinovi.doors.topics import Match, topics
from opinovi.doors.words import surfaces

FILE = Path(__file__).parent / "elsewhere.yaml"
# Who writes in a script may write any of its languages, whichever language the page has.
OF_SCRIPT = (("\u0400", "\u052f", ("uk", "ru")), ("\u0600", "\u06ff", ("ar",)))
# What Arabic joins to the beginning of a word: and, by, for, the.
JOINED = ("وال", "بال", "لل", "ال", "و", "ب", "ل")

Phrases = dict[str, dict[str, tuple[tuple[str, ...], ...]]]


@cache
def phrases(part: str) -> Phrases:
    """Of "topics" or "danger": each name, language and phrase, as the beginnings of its words."""
    told = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)[part]
    return {
        name: {language: tuple(tuple(surfaces(str(one))) for one in said) for language, said in by_language.items()}
        for name, by_language in told.items()
    }


def languages_of(text: str, hint: str) -> tuple[str, ...]:
    """The languages that a text may be in: those of its script, else the page's."""
    for low, high, languages in OF_SCRIPT:
        if any(low <= character <= high for character in text):
            return languages
    return (hint.split("-")[0],)


def forms(surface: str) -> tuple[str, ...]:
    return (surface, *(surface.removeprefix(one) for one in JOINED if surface.startswith(one)))


def met(part: str, text: str, hint: str) -> list[Match]:
    """What a text tells of, those of most words first; each with the words that told it."""
    known, languages, found = {one: forms(one) for one in surfaces(text)[:300]}, languages_of(text, hint), []
    for name, by_language in phrases(part).items():
        best: tuple[str, ...] = ()
        for language in languages:
            for phrase in by_language.get(language, ()):
                words = [
                    next((word for word, said in known.items() if any(form.startswith(begin) for form in said)), "")
                    for begin in phrase
                ]
                if all(words) and len(words) > len(best):
                    best = tuple(words)
        if best:
            found.append(Match(name, 1.0, best))
    return sorted(found, key=lambda one: -len(one.words))


def topics_met(text: str, hint: str) -> list[Match]:
    """The topics of a need; where one is told by more words, those told by a part of the same words are left out."""
    found: list[Match] = []
    for one in met("topics", text, hint):
        if one.topic in topics() and not any(set(one.words) < set(other.words) for other in found):
            found.append(one)
    return found
