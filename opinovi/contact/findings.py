"""What in a text may tell of somebody: names, places, numbers, dates. The program points at it; a person decides."""

import re
from dataclasses import dataclass

from opinovi.base.masking import MASK, PERSONAL_CODE
from opinovi.doors.finnish import proper_name

WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
# The longest first, so that a date is not taken for three numbers.
PATTERNS = (
    ("code", PERSONAL_CODE),
    ("code", re.compile(re.escape(MASK))),
    ("mail", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")),
    ("address", re.compile(r"https?://\S+|www\.\S+")),
    ("date", re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b")),
    (
        "date",
        re.compile(
            r"\b\d{1,2}\.?\s?(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\w*", re.I
        ),
    ),
    ("number", re.compile(r"\+?\d[\d\s-]*\d|\d")),
)
STREET = re.compile(r"(?:katu|kadu|tie|tien|polku|polu|kuja|väylä|gatan|vägen|street|road)\w*$", re.I)
ABBREVIATION = re.compile(r"[A-ZÅÄÖ]{2,}(?:-|$)")
SENTENCE_END = re.compile(r"[.!?:\n]\s*[\"”']?$")
# Names of what everyone knows, in their cases: not of anybody.
PUBLIC = re.compile(
    r"(?:kela|suome|opintopolu|opintopolku)(?:n|a|an|un|ssa|sta|lla|lta|lle|ksi|na)?$|(?:suomi|eu|te|opin|ovi|i)$"
    r"|(?:finlands?|finnish)$",
    re.I,
)


@dataclass(frozen=True)
class Finding:
    """A piece of a text, from and to which letter, and what it may be."""

    begin: int
    end: int
    kind: str
    text: str


def findings(text: str) -> list[Finding]:
    """Everything in a text that may tell of somebody, in order, none within another."""
    found: list[Finding] = []

    def add(begin: int, end: int, kind: str) -> None:
        if not any(one.begin < end and begin < one.end for one in found):
            found.append(Finding(begin, end, kind, text[begin:end]))

    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            add(match.start(), match.end(), kind)
    for match in WORD.finditer(text):
        if kind := name_or_place(match.group(), text[: match.start()]):
            add(match.start(), match.end(), kind)
    return sorted(found, key=lambda one: one.begin)


def name_or_place(word: str, before: str) -> str:
    """ "name", "place", or nothing, by the dictionary and by how it is written."""
    if PUBLIC.match(word) or len(word) < 2:
        return ""
    capital = word[0].isupper()
    first = not before.strip() or bool(SENTENCE_END.search(before.rstrip(" ")))
    if capital and not first and STREET.search(word):
        return "place"
    kind, only = proper_name(word)
    if kind and (only or (capital and not first)):
        return kind
    # A word that the dictionary does not know as a name, with a capital letter where none begins a sentence.
    return "name" if capital and not first and not ABBREVIATION.match(word) else ""


def marked(text: str, found: list[Finding] | None = None) -> list[tuple[str, str]]:
    """The text in pieces, each with what it may be or with nothing: for a page that shows it. Of the findings that are
    given, or of all."""
    pieces, at = [], 0
    for one in findings(text) if found is None else found:
        if one.begin > at:
            pieces.append((text[at : one.begin], ""))
        pieces.append((one.text, one.kind))
        at = one.end
    if at < len(text):
        pieces.append((text[at:], ""))
    return pieces
