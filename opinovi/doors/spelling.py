"""Typed errors: only an unknown word is corrected, against the words of the index and the vocabulary."""

from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from opinovi.doors import finnish
from opinovi.doors.index import current
from opinovi.doors.stopwords import STOPWORDS
from opinovi.doors.topics import lexicon
from opinovi.doors.words import fold


def known(surface: str, language: str) -> bool:
    if any(character.isdigit() for character in surface) or len(surface) < 4:
        return True
    if surface in STOPWORDS[language] or surface in lexicon(language).surfaces:
        return True
    return bool(finnish.analyses(surface)) if language == "fi" else surface in current().known_surfaces


@lru_cache(maxsize=8)
def candidates(language: str, version: object) -> tuple[tuple[str, ...], dict[str, str]]:
    """The words to correct to, commonest first, and the same by their folded form."""
    counts = dict(current().known_surfaces) if language == "fi" else {}
    for surface in lexicon(language).surfaces:
        counts[surface] = counts.get(surface, 0) + 5
    words = sorted((word for word in counts if len(word) > 3), key=lambda word: (-counts[word], word))
    folded: dict[str, str] = {}
    for word in words:
        folded.setdefault(fold(word), word)
    return tuple(words), folded


def allowed(surface: str) -> int:
    """How many errors a word may have: one in a short word, two in a longer one, three in a very long one."""
    return 1 if len(surface) < 6 else 2 if len(surface) < 14 else 3


@lru_cache(maxsize=20_000)
def correct_in(surface: str, language: str, version: object) -> str | None:
    words, folded = candidates(language, version)
    if same := folded.get(fold(surface)):
        return same
    if language == "fi" and (written := finnish.spoken(surface)):
        return written
    limit = allowed(surface) - (language != "fi" and len(surface) < 8 and len(surface) > 5)
    near = extract(surface, words, scorer=OSA.distance, score_cutoff=limit, limit=8)
    if not near:
        return None
    best = min(near, key=lambda one: (one[1], one[0][0] != surface[0], abs(len(one[0]) - len(surface)), one[2]))
    return str(best[0])


def correct(surface: str, language: str) -> str | None:
    """The likeliest known word for an unknown one; None for a known word, or where nothing is near."""
    if known(surface, language):
        return None
    return correct_in(surface, language, current().folder)
