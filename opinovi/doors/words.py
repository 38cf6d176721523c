"""From text to words that can be compared: one interface for every language."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache, lru_cache

import snowballstemmer

from opinovi.doors import finnish
from opinovi.doors.stopwords import STOP_LEMMAS, STOPWORDS
from opinovi.doors.topic_files import topics

WORD = re.compile(r"[^\W_]+(?:[-'’:][^\W_]+)*")
# How Finnish bends an abbreviation: yt:t, cv:n, tet:iin.
BENT = re.compile(r"([^\W\d_]{1,5}):[^\W\d_]{1,4}")
STEMMERS = {"sv": snowballstemmer.stemmer("swedish"), "en": snowballstemmer.stemmer("english")}
MAX_CHARACTERS = 1000
MAX_WORDS = 60


@dataclass(frozen=True, eq=False)
class Word:
    """A word of a text: as written, its base forms, and the weaker forms by which it may also be met.

    Words are made once each by `word`, so that one is compared by what it is, not by what is in it.
    """

    surface: str
    bases: frozenset[str]
    # Parts of a compound, and the shorter compounds within it.
    parts: frozenset[str] = frozenset()
    # What a word that is no compound derives from.
    stems: frozenset[str] = frozenset()

    forms: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "forms", self.bases | self.parts | self.stems)


def surfaces(text: str) -> list[str]:
    """The words of a text in lower case, in order."""
    found = [match.lower().replace("’", "'") for match in WORD.findall(unicodedata.normalize("NFC", text))]
    return [bent[1] if (bent := BENT.fullmatch(one)) else one for one in found]


def fold(word: str) -> str:
    """A word without its accents and joints, as one writes it on a foreign keyboard."""
    decomposed = unicodedata.normalize("NFD", word.replace("-", ""))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=300_000)
def word(surface: str, language: str) -> Word:
    """One word analysed. An unknown Finnish word keeps its own form as its base."""
    if language in STEMMERS:
        stem = STEMMERS[language].stemWord
        pieces = surface.split("-") if "-" in surface else []
        if language == "sv":
            pieces += swedish_parts(surface)
        bases = frozenset({stem(surface.replace("-", ""))})
        return Word(surface, bases, frozenset(stem(piece) for piece in pieces) - bases)
    readings = finnish.analyses(surface)
    if not readings and "-" in surface:
        split = [word(piece, "fi") for piece in surface.split("-") if len(piece) > 2]
        inner = frozenset(form for piece in split for form in piece.forms)
        return Word(surface, frozenset({finnish.key(surface)}), inner)
    bases = frozenset(base for base, _, _ in readings) or frozenset({finnish.key(surface)})
    parts = frozenset(part for _, found, _ in readings for part in found if len(part) > 2)
    stems = frozenset(stem for _, _, found in readings for stem in found if len(stem) > 2)
    return Word(surface, bases, parts - bases, stems - bases)


@cache
def swedish_words() -> frozenset[str]:
    """The Swedish words of the vocabulary, to find the parts of a compound by."""
    said = (text for topic in topics().values() for text in topic.expressions["sv"])
    return frozenset(one for text in said for one in surfaces(text) if len(one) > 4)


def swedish_parts(surface: str) -> list[str]:
    """The known words at either end of a Swedish compound."""
    heads = [surface[:at] for at in range(5, len(surface) - 3)]
    tails = [surface[at:] for at in range(4, len(surface) - 4)]
    return [piece for piece in (*heads, *tails) if piece in swedish_words() or piece.rstrip("s") in swedish_words()]


@lru_cache(maxsize=200_000)
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
