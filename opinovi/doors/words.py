"""From text to words that can be compared: one interface for every language."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from opinovi.doors import finnish
from opinovi.doors.stopwords import STOP_LEMMAS, STOPWORDS

WORD = re.compile(r"[^\W_]+(?:[-'’:][^\W_]+)*")
STEMMERS = {"sv": snowballstemmer.stemmer("swedish"), "en": snowballstemmer.stemmer("english")}
MAX_CHARACTERS = 1000
MAX_WORDS = 60


@dataclass(frozen=True)
class Word:
    """A word of a text: as written, its base forms, and the weaker forms by which it may also be met."""

    surface: str
    bases: frozenset[str]
    parts: frozenset[str]

    @property
    def forms(self) -> frozenset[str]:
        return self.bases | self.parts


def surfaces(text: str) -> list[str]:
    """The words of a text in lower case, in order."""
    return [match.lower().replace("’", "'") for match in WORD.findall(unicodedata.normalize("NFC", text))]


def fold(word: str) -> str:
    """A word without its accents and joints, as one writes it on a foreign keyboard."""
    decomposed = unicodedata.normalize("NFD", word.replace("-", ""))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=300_000)
def word(surface: str, language: str) -> Word:
    """One word analysed. An unknown Finnish word keeps its own form as its base."""
    if language in STEMMERS:
        stem = STEMMERS[language].stemWord(surface.replace("-", ""))
        pieces = surface.split("-") if "-" in surface else []
        return Word(surface, frozenset({stem}), frozenset(STEMMERS[language].stemWord(piece) for piece in pieces))
    readings = finnish.analyses(surface)
    bases = frozenset(base for base, _, _ in readings) or frozenset({finnish.key(surface)})
    weak = {form for _, parts, stems in readings for form in (*parts, *stems) if len(form) > 2}
    return Word(surface, bases, frozenset(weak - bases))


def is_stop(surface: str, language: str) -> bool:
    """Whether a word says nothing of what is needed."""
    if surface in STOPWORDS.get(language, ()):
        return True
    if language != "fi":
        return False
    readings = finnish.analyses(surface)
    return bool(readings) and all(base in STOP_LEMMAS for base, _, _ in readings)


def content(text: str, language: str) -> list[Word]:
    """The words of a text that say something, analysed, in order."""
    return [word(one, language) for one in surfaces(text) if not is_stop(one, language)]
