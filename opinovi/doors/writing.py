"""Help for those who write: what makes a Finnish text hard to read, and what is missing of a record."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz import fuzz

from opinovi.directory.models import Service, State
from opinovi.doors import topics as vocabulary
from opinovi.doors.finnish import analyse, base_forms
from opinovi.doors.words import content

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
SENTENCE = re.compile(r"[.!?:]+(?:\s|$)|\n+")
LONG_SENTENCE, LONG_WORD = 15, 18
# How alike two names are, of 100, before a duplicate is suspected.
ALIKE = 88
SUGGESTIONS = 8


@dataclass(frozen=True)
class Advice:
    """One thing to look at: what is so, what would help, and how much it matters ("gap" or "word")."""

    text: str
    help: str = ""
    kind: str = "word"


@dataclass(frozen=True)
class Reading:
    """How hard a text is to read: LIX, and in words."""

    lix: int
    words: int

    @property
    def verdict(self) -> str:
        if self.lix <= 47:
            return _("helppo lukea, kuin selkoteksti")
        if self.lix <= 60:
            return _("tavallista yleiskieltä")
        return _("raskas lukea") if self.lix <= 75 else _("hyvin raskas lukea")


@cache
def jargon() -> dict[str, str]:
    """Office words by their base form, and what one says instead."""
    lines = (Path(__file__).parent / "jargon_fi.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(" = ", 1) for line in lines if line and not line.startswith("#"))
    return dict(pair for pair in pairs if len(pair) == 2)


def sentences(text: str) -> list[list[str]]:
    return [found for part in SENTENCE.split(text) if (found := WORD.findall(part))]


def reading(text: str) -> Reading | None:
    """LIX: words a sentence, plus the share in per cent of words longer than six letters (C. H. Björnsson, Läsbarhet,
    1968). Finnish words are longer than Swedish ones, so the bands are of Finnish texts: of the plain Finnish that
    comes with this project three quarters are below 47, of the 1,800 public services' summaries a quarter below 68.
    None for fewer than eight words, of which nothing can be said."""
    found = sentences(text)
    words = [word for sentence in found for word in sentence]
    if len(words) < 8:
        return None
    lix = round(len(words) / len(found) + 100 * sum(len(word) > 6 for word in words) / len(words))
    return Reading(lix, len(words))


def advice_on(text: str) -> list[Advice]:
    """What makes a Finnish text hard: long sentences and words, the passive, office words."""
    found: list[Advice] = []
    said = sentences(text)
    for sentence in said:
        if len(sentence) > LONG_SENTENCE:
            start = " ".join(sentence[:5])
            count = ngettext("%(count)d sana", "%(count)d sanaa", len(sentence)) % {"count": len(sentence)}
            found.append(
                Advice(
                    _("Pitkä lause: ”%(start)s …”, %(count)s.") % {"start": start, "count": count},
                    _("Tee siitä kaksi."),
                )
            )
    words = list(dict.fromkeys(word for sentence in said for word in sentence))
    for word in words:
        if len(word) >= LONG_WORD:
            found.append(Advice(_("Pitkä sana: %(word)s.") % {"word": word}, _("Sano samaa lyhyemmin.")))
    if passive := [word for word in words if is_passive(word)]:
        found.append(
            Advice(
                _("Kuka tekee? %(words)s.") % {"words": ", ".join(passive[:6])},
                _("Kirjoita, kuka tekee: ”autamme”, ”saat”."),
            )
        )
    for word in words:
        plainer = next((jargon()[base] for base in (word.lower(), *base_forms(word)) if base in jargon()), "")
        if plainer:
            found.append(
                Advice(
                    _("Virastosana: %(word)s.") % {"word": word}, _("Esimerkiksi: %(plainer)s.") % {"plainer": plainer}
                )
            )
    return found


def is_passive(word: str) -> bool:
    """Whether every verb reading of a word is in the passive, which Voikko calls the fourth person."""
    persons = [one.PERSON for one in analyse(word.lower()) if one.CLASS == "teonsana"]
    return bool(persons) and all(person == "4" for person in persons)


def gaps(record_type: str, data: dict[str, Any]) -> list[Advice]:
    """What a person would miss."""
    name, found = data.get("name", {}), []
    if not name.get("sv"):
        found.append(_("Ruotsinkielinen nimi puuttuu."))
    if not name.get("en"):
        found.append(_("Englanninkielinen nimi puuttuu."))
    kinds = {one["kind"]: one for one in data.get("channels", ())}
    if record_type == "service":
        if "phone" not in kinds:
            found.append(_("Puhelinnumero puuttuu."))
        elif not kinds["phone"].get("hours"):
            found.append(_("Milloin puhelimeen vastataan? Ajat puuttuvat."))
        if not data.get("description"):
            found.append(_("Kuvaus puuttuu."))
        if not data.get("instructions"):
            found.append(_("Kerro, mitä tapahtuu, kun tulee."))
        if not data.get("topics"):
            found.append(_("Aiheet puuttuvat. Niistä palvelu löytyy."))
        if data.get("charge") == "unknown":
            found.append(_("Maksaako tämä jotain? Hinta puuttuu."))
    if record_type == "point":
        if not data.get("hours"):
            found.append(_("Aukioloajat puuttuvat."))
        if not data.get("street"):
            found.append(_("Katuosoite puuttuu."))
        if not data.get("access_features") and not data.get("accessibility"):
            found.append(_("Esteettömyydestä ei kerrota."))
    if record_type == "offering" and not data.get("starts_on"):
        found.append(_("Milloin tämä alkaa? Päivä puuttuu."))
    return [Advice(text, kind="gap") for text in found]


def suggested_topics(data: dict[str, Any]) -> list[str]:
    """Topics that the record's own texts speak of and it does not have yet, surest first."""
    has = set(data.get("topics", ()))
    weights: dict[str, float] = {}
    for field, share in (("name", 1.0), ("summary", 0.8), ("description", 0.6)):
        for lang, text in data.get(field, {}).items():
            language = lang.split("-")[0]
            for part in str(text).split("."):
                for met in vocabulary.match(content(part, language), language):
                    weights[met.topic] = max(weights.get(met.topic, 0.0), met.weight * share)
    likely = sorted(
        (topic for topic, weight in weights.items() if weight >= 0.45 and topic not in has),
        key=lambda one: (-weights[one], one),
    )
    return likely[:SUGGESTIONS]


def likely_duplicates(record_id: Any, name: str, organisation_id: Any) -> list[tuple[Service, int]]:
    """Published services of a similar name, of one's own organisation first; with how alike they are, of 100."""
    if len(name) < 4:
        return []
    rows = Service.objects.filter(state=State.PUBLISHED).exclude(id=record_id).only("id", "name", "organisation_id")
    found = []
    for one in rows.exclude(organisation=None):
        alike = round(fuzz.token_sort_ratio(name.lower(), str(one.name.get("fi", "")).lower()))
        if alike >= ALIKE:
            found.append((one, alike))
    return sorted(found, key=lambda pair: (pair[0].organisation_id != organisation_id, -pair[1]))[:5]
