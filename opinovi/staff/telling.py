"""Nothing about clients: what in a text looks like one is pointed at, and a person decides."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opinovi.base.masking import mask
from opinovi.contact.findings import Finding, findings
from opinovi.journeys.actions.consultations import TellsWho
from opinovi.network.models import Member, Network
from opinovi.network.queries import own_people

MENTION = "@"
# A number with so many figures may be somebody's phone.
LONG_NUMBER = 6


def colleagues(network: Network) -> list[Member]:
    """Everyone who can be mentioned."""
    return list(own_people(network))


def mentioned(text: str, people: list[Member]) -> list[Member]:
    """Whom a text mentions: @ and a whole name, however capitals are used. Nobody twice."""
    low = text.lower()
    return [
        one
        for one in {person.person_id: person for person in people}.values()
        if re.search(rf"@{re.escape(one.person.name.lower())}(?!\w)", low)
    ]


def client_like(text: str, people: list[Member]) -> list[Finding]:
    """What may tell of a client: names that are no colleague's, identity codes, mail addresses, phone numbers."""
    known = {part.lower() for one in people for part in one.person.name.split() if len(part) > 2}
    known |= {part.lower() for one in people for name in one.organisation.name.values() for part in name.split()}
    found: list[Finding] = []
    before: Finding | None = None
    for one in findings(text):
        # A surname may be the name of a place, too: right after a first name it is one.
        surname = one.kind == "place" and before in found and text[before.end : one.begin] == " " if before else False
        if surname or looks_like(one, known):
            found.append(one)
        before = one if one.kind == "name" else None
    return found


def looks_like(one: Finding, known: set[str]) -> bool:
    if one.kind == "name":
        word = one.text.lower()
        # A name in its cases begins as the name does.
        return not any(word.startswith(part[: max(3, len(part) - 1)]) for part in known if len(part) > 2)
    if one.kind == "number":
        return sum(letter.isdigit() for letter in one.text) >= LONG_NUMBER
    return one.kind in ("code", "mail")


def checked(text: str, looked: bool, people: list[Member]) -> str:
    """The text, if it tells of no client or its writer has looked at what may. Raises TellsWho; an identity code is
    never kept."""
    if not text.strip():
        raise ValidationError({"text": _("Kirjoita asia.")})
    found = client_like(text, people)
    if found and (not looked or any(one.kind == "code" for one in found)):
        raise TellsWho(found)
    return mask(text)[0].strip()
