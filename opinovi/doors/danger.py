"""Words that tell of acute danger, in three languages; those who write them see the helplines before any door."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opinovi.doors import elsewhere
from opinovi.doors.topics import LANGUAGES, Lexicon, Match, build_lexicon, match
from opinovi.doors.words import Word, surfaces, word

FILE = Path(__file__).parent / "danger.yaml"
# As sure as this one must be that the words are meant. A needless helpline costs a line; a missing one may cost a life.
SURE = 0.6


@dataclass(frozen=True)
class Helpline:
    name: Promise
    number: str
    dial: str
    text: Promise


HELPLINES = {
    "emergency": Helpline(
        _("Hätänumero"), "112", "112", _("Jos henki on vaarassa nyt, soita heti. Puhelu ei maksa mitään.")
    ),
    "crisis": Helpline(
        _("MIELI Kriisipuhelin"),
        "09 2525 0111",
        "+358925250111",
        _("Voit puhua kriisityöntekijälle, nimeä ei tarvita."),
    ),
    "violence": Helpline(
        _("Nollalinja"),
        "080 005 005",
        "080005005",
        _("Apua väkivaltaan läheisissä suhteissa. Maksuton, auki aina."),
    ),
}


@cache
def entries() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


@cache
def lexicon(language: str) -> Lexicon:
    return build_lexicon(
        [(kind, text) for kind, entry in entries().items() for text in entry[language]], language, whole=True
    )


@dataclass(frozen=True)
class Danger:
    """What the words tell of: the helplines, and the topics under which there is help."""

    lines: tuple[Helpline, ...] = ()
    topics: tuple[Match, ...] = ()


def danger(text: str, corrected: list[Word], language: str, hint: str = "") -> Danger:
    """The danger that a need tells of; an empty one for most needs.

    The words are tried as written in every language, and as corrected in the need's own: a person in distress
    makes typing errors and mixes languages.
    """
    written = surfaces(text)[:300]
    tries = [(corrected, language), *(([word(one, lang) for one in written], lang) for lang in LANGUAGES)]
    kinds = {
        met.topic: met.words for words, lang in tries for met in match(words, lang, lexicon(lang)) if met.weight >= SURE
    }
    kinds = {one.topic: one.words for one in elsewhere.met("danger", text, hint)} | kinds
    met = {kind: entry for kind, entry in entries().items() if kind in kinds}
    names = {name for entry in met.values() for name in entry["lines"]}
    topics = tuple(Match(topic, 1.0, kinds[kind]) for kind, entry in met.items() for topic in entry["topics"])
    return Danger(tuple(line for name, line in HELPLINES.items() if name in names), topics)
