"""What a record tells by which it can be known again: names, house, numbers, addresses, each in one form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from opinovi.contact.phones import read_phone
from opinovi.directory.codes import municipalities, municipality_of
from opinovi.doors.words import Word, fold, surfaces, word

# Words that tell little of what something is: it is the others that make it this one.
PALE = frozenset(
    "palvelu palvelut toiminta hakeminen haku hakea piste toimipiste toimipaikka kampus kaupunki kunta kuntayhtymä "
    "osasto yksikkö asiakaspalvelu palvelupiste keskus liikelaitos säätiö liitto oy ab oyj ry rf osakeyhtiö "
    "järjestäminen tarjoaminen tuki saaminen suomi service services the of for and ja sekä och i för stad "
    "staden campus "
    "enhet entinen toimisto puhelin fi www sr yhtymä hanke muut muu eri".split()
)
# What a house of learning or work does: its name having it does not say it for what it does.
DONE = frozenset("työ koulutus oppi opinto lukio kurssi kieli neuvonta ohjaus".split())
# Short names by which everybody knows a house or a thing, and what they stand for.
SHORT = {
    "amk": "ammattikorkeakoulu", "ao": "ammattiopisto", "te": "työ elinkeino", "ely": "elinkeino liikenne ympäristö",
    "tepalvelu": "työ elinkeino palvelu", "tetoimisto": "työ elinkeino toimisto",
    "elykeskus": "elinkeino liikenne ympäristö keskus", "kela": "kansaneläkelaitos", "fpa": "kansaneläkelaitos",
    "dvv": "digi väestötieto virasto", "oph": "opetushallitus", "yk": "yhteiskoulu",
    "medborgarinstitut": "kansalaisopisto",
    "arbetarinstitut": "työväenopisto", "yrkeshögskola": "ammattikorkeakoulu", "folkhögskola": "kansanopisto",
    "rehabilitering": "kuntoutus", "rehabiliterande": "kuntoutus",
}  # fmt: skip
STREET = re.compile(r"^(.*?)\s*(\d+)\b")
BUSINESS = re.compile(r"(\d{7})-?(\d)$")


@dataclass(frozen=True)
class Atom:
    """A piece of a name: the forms by which it may be met, and how much it tells."""

    text: str
    forms: frozenset[str]
    weight: float
    # The code of the municipality that it names.
    place: str = ""


@cache
def place_words() -> dict[str, str]:
    """The names of municipalities in both languages, folded, and their codes."""
    return {
        fold(name.lower()): code
        for code, names in municipalities().items() for name in names.values() if " " not in name
    }  # fmt: skip


@lru_cache(maxsize=100_000)
def atoms_of(name: str) -> tuple[Atom, ...]:
    """The pieces of a name in order: compounds taken apart, each word in its base forms."""
    made: list[Atom] = []
    for surface in surfaces(name):
        for piece in pieces_of(surface):
            if not any(piece == one.text for one in made):
                made.append(atom(piece))
    return tuple(made)


@lru_cache(maxsize=100_000)
def pieces_of(surface: str) -> tuple[str, ...]:
    """The smallest parts of a compound; of a word that is none, itself."""
    whole = fold(surface)
    if whole in SHORT or "-" in surface:
        inner = SHORT[whole].split() if whole in SHORT else surface.split("-")
        return tuple(part for one in inner for part in ((one,) if one == surface else pieces_of(one)))
    parts = analysed(surface).parts
    least = [one for one in parts if not any(other != one and other in one and len(other) > 2 for other in parts)]
    # A noun comes with the verb that it is derived of: what stands in the word is kept.
    least = [one for one in least if one in surface or not any(o != one and o[:4] == one[:4] for o in least)]
    covered = sum(len(one) for one in least)
    found = sorted(least, key=lambda one: surface.find(one[:4])) if covered >= len(surface) * 0.6 else [surface]
    return tuple(found)


def analysed(surface: str) -> Word:
    """A word as Finnish; where Finnish does not know it, as Swedish."""
    finnish = word(surface, "fi")
    return word(surface, "sv") if finnish.bases == {surface} and not finnish.parts else finnish


@lru_cache(maxsize=100_000)
def atom(piece: str) -> Atom:
    met = analysed(piece)
    forms = frozenset(fold(one) for one in (piece, *met.bases, *met.stems))
    place = next((code for form in forms if (code := place_words().get(form))), "")
    pale = any(one in PALE for one in (piece, *met.bases)) or (len(piece) == 1 and not piece.isdigit())
    return Atom(piece, forms, 0.2 if pale else 1.0, place)


def phone_of(text: str) -> str:
    """A number in its one form; an empty text where it is none."""
    try:
        return read_phone(text)
    except ValidationError:
        return ""


def link_of(text: str) -> str:
    """An address of a page without what makes no difference."""
    parts = urlsplit(text.strip().lower())
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"


def street_of(text: str) -> str:
    """Street and number, written out and without marks."""
    found = STREET.match(text.split(",")[0].strip())
    if not found:
        return ""
    street = fold(found[1].strip().lower())
    street = re.sub(r"k\.$", "katu", re.sub(r"t\.$", "tie", street))
    return f"{re.sub(r'[^a-z0-9]', '', street)} {found[2]}"


def business_id_of(text: str) -> str:
    found = BUSINESS.search(text.strip())
    return f"{found[1]}-{found[2]}" if found else ""


@dataclass(frozen=True)
class Told:
    """A record as its source tells it; what is not told is empty."""

    kind: str
    names: tuple[str, ...]
    house: tuple[str, ...] = ()
    business_id: str = ""
    phones: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    street: str = ""
    postcode: str = ""
    places: frozenset[str] = frozenset()

    @classmethod
    def make(
        cls, kind: str, names: Iterable[str], house: Iterable[str] = (), business_id: str = "",
        phones: Iterable[str] = (), links: Iterable[str] = (), street: str = "", postcode: str = "",
        places: Iterable[str] = (),
    ) -> "Told":  # fmt: skip
        """Of texts as they were written; places by name or code."""
        return cls(
            kind,
            tuple(dict.fromkeys(name for name in names if name)),
            tuple(dict.fromkeys(name for name in house if name)),
            business_id_of(business_id),
            frozenset(number for text in phones if (number := phone_of(text))),
            frozenset(link for text in links if (link := link_of(text))),
            street_of(street),
            postcode,
            frozenset(code for place in places if (code := municipality_of(place) or place)),
        )

    @cached_property
    def around_place(self) -> frozenset[str]:
        """The forms of what its places are called: a name need not say it again."""
        return forms_of(name for code in self.places for name in municipalities().get(code, {}).values())

    @cached_property
    def around(self) -> frozenset[str]:
        """The same, with what its house is called."""
        return self.around_place | (forms_of(self.house) - DONE)

    @cached_property
    def streets(self) -> frozenset[str]:
        return forms_of([self.street.rpartition(" ")[0]])


def forms_of(names: Iterable[str]) -> frozenset[str]:
    return frozenset(form for name in names for one in atoms_of(name) for form in one.forms)
