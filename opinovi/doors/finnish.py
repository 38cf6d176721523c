"""Finnish words by Voikko: base forms, compound parts, and the stems of derivations.

The only module that knows which analyser is used.
"""

import re
from functools import lru_cache
from typing import Any

from opinovi.doors.stopwords import SPOKEN_WORDS

WITHOUT = re.compile(r"t[oö]n$")
WITHOUT_NESS = re.compile(r"tt([oö])m(?:uus|yys)$")
STEM = re.compile(r"\[Xp\]([^\[]+)\[X\]")


def analyse(word: str) -> list[Any]:
    """The analyser's readings. It is read when it is first asked: its words take a second and a quarter of a gigabyte,
    which those that ask none should not bear."""
    from pyvoikko import analyse as ask

    found: list[Any] = ask(word)
    return found


def key(form: str) -> str:
    """A form as the index writes it: lower case, without the analyser's joints."""
    return form.lower().replace("=", "").replace("-", "")


@lru_cache(maxsize=200_000)
def analyses(word: str) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """The readings of a word: (base form, compound parts, stem it derives from). A word has parts or a stem.

    Of several readings only those with the fewest parts are kept ("opinto-ohjaaja", not "opinto-ohja-aika").
    An unknown word has no reading.
    """
    word = SPOKEN_WORDS.get(word, word)
    found = analyse(word) or (analyse(word.capitalize()) if word.islower() else [])
    if not found:
        return ()
    fewest = min(len(one.COMPOUND_PARTS or ()) for one in found)
    readings = dict.fromkeys(reading(one) for one in found if len(one.COMPOUND_PARTS or ()) == fewest and one.BASEFORM)
    return tuple(readings)


def reading(one: Any) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    parts = one.COMPOUND_PARTS or ()
    if not parts:
        base = one.BASEFORM
        return key(base), (), derived_from(key(base), one.FSTOUTPUT or "")
    base = "".join(part.FORM for part in parts[:-1]) + (parts[-1].BASEFORM or parts[-1].FORM)
    pieces = [key(part.BASEFORM or part.FORM) for part in parts]
    pieces += [key(stem) for stem in STEM.findall(parts[-1].FSTOUTPUT or "")[-1:]]
    return key(base), (*pieces, *inner_compounds(parts)), ()


def derived_from(base: str, analysis: str) -> tuple[str, ...]:
    """The stem that a word derives from. One that says "without" (työtön) is no kin of what it is without (työ)."""
    if WITHOUT_NESS.search(base):
        return (WITHOUT_NESS.sub(lambda met: "ton" if met[1] == "o" else "tön", base),)
    if WITHOUT.search(base):
        return ()
    return tuple(key(stem) for stem in STEM.findall(analysis)[-1:])


def inner_compounds(parts: Any) -> list[str]:
    """The shorter compounds at either end of a long one: kansalaisopistotoiminta has a kansalaisopisto in it."""
    found = []
    for count in range(2, len(parts)):
        for some in (parts[:count], parts[-count:]):
            found.append(key("".join(part.FORM for part in some[:-1]) + (some[-1].BASEFORM or some[-1].FORM)))
    return found


def base_forms(word: str) -> list[str]:
    """The base forms of a word, the likeliest first; empty for an unknown word."""
    return list(dict.fromkeys(base for base, _, _ in analyses(word.lower())))


SPOKEN_ENDINGS = (
    (re.compile(r"(.*[^i])ii$"), (r"\1ia", r"\1iä", r"\1i")),
    (re.compile(r"(.*)uu$"), (r"\1ua", r"\1uun", r"\1u")),
    (re.compile(r"(.*)yy$"), (r"\1yä", r"\1yyn", r"\1y")),
    (re.compile(r"(.*)ee$"), (r"\1ea", r"\1eä", r"\1een")),
    (re.compile(r"(.*)oo$"), (r"\1oa", r"\1oon")),
    (re.compile(r"(.*)öö$"), (r"\1öä", r"\1öön")),
    (re.compile(r"(.*)isin$"), (r"\1aisin", r"\1äisin")),
    (re.compile(r"(.*)uun$"), (r"\1uan",)),
    (re.compile(r"(.*)(lla|llä|ssa|ssä)$"), (r"\1\2",)),
    (re.compile(r"(.*)ks$"), (r"\1ksi",)),
    (re.compile(r"(.*)st$"), (r"\1sta", r"\1stä")),
    (re.compile(r"(.*)lt$"), (r"\1lta", r"\1ltä")),
    (re.compile(r"(.*)s$"), (r"\1ssa", r"\1ssä")),
    (re.compile(r"(.*)l$"), (r"\1lla", r"\1llä")),
    (re.compile(r"(.*)n$"), (r"\1",)),
    (re.compile(r"(.*)aa$"), (r"\1aan", r"\1aa")),
    (re.compile(r"(.*)a$"), (r"\1at", r"\1an")),
)


@lru_cache(maxsize=50_000)
def spoken(word: str) -> str | None:
    """The written form of a spoken one ("duunii" → "duunia"), if the analyser then knows it."""
    for pattern, forms in SPOKEN_ENDINGS:
        if pattern.fullmatch(word):
            for form in forms:
                written = pattern.sub(form, word)
                if written != word and analyses(written):
                    return written
    return None


def proper_name(word: str) -> tuple[str, bool]:
    """Whether a word may be a person's name ("name") or a place's ("place"), and whether it can be nothing else."""
    found = {one.CLASS for one in analyse(word.lower())}
    kinds = {"etunimi": "name", "sukunimi": "name", "paikannimi": "place"}
    proper = [kinds[one] for one in found if one in kinds]
    if not proper:
        return "", False
    return "name" if "name" in proper else "place", found <= set(kinds)
