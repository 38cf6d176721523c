"""Which language a need is written in: the words decide, the page's language is a hint."""

from opinovi.doors import finnish
from opinovi.doors.stopwords import STOPWORDS
from opinovi.doors.topics import LANGUAGES, lexicon
from opinovi.doors.words import surfaces

HINT = 0.6


def detect(text: str, hint: str = "fi") -> str:
    """The language (fi, sv or en) in which a need is most likely written."""
    scores = dict.fromkeys(LANGUAGES, 0.0)
    hint = hint.split("-")[0]
    if hint in scores:
        scores[hint] += HINT
    for surface in surfaces(text):
        for language in LANGUAGES:
            if surface in STOPWORDS[language]:
                scores[language] += 1.0
            elif surface in lexicon(language).surfaces:
                scores[language] += 0.9
        if finnish.analyses(surface) and surface not in STOPWORDS["sv"] and surface not in STOPWORDS["en"]:
            scores["fi"] += 0.8
        if "å" in surface:
            scores["sv"] += 0.8
    return max(LANGUAGES, key=lambda language: scores[language])
