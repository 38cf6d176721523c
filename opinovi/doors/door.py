"""One search result as a person sees it: a service, why it is shown, whether one can get in, and the ways in."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opinovi.base.clock import now
from opinovi.base.fresh import fresh
from opinovi.base.text import Piece, choose
from opinovi.directory.hours import soonest, state
from opinovi.directory.models import Service
from opinovi.directory.queries import services_by_id
from opinovi.directory.ways import Fact, Way, facts, opening_words, place_words, ways_in
from opinovi.doors import topics as vocabulary
from opinovi.doors.find import Found, Hit
from opinovi.doors.need import Need
from opinovi.doors.words import content, is_stop

OPEN, AJAR, SHUT = "open", "ajar", "shut"
WORDS_IN_REASON = 7


@dataclass
class Door:
    service: Service
    name: Piece
    who: Piece | None
    where: str
    reason: str
    light: str
    opening: str
    facts: list[Fact] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    address: str = ""
    # The forms of the words of its name, by which a need may have met it.
    forms: frozenset[str] = frozenset()
    # Its facts and first ways in as they stand on a page.
    facts_shown: str = ""
    ways_shown: str = ""


def doors_of(ids: Iterable[UUID]) -> list[Door]:
    """The doors of services in force, in the order of the ids; what is not there any more is left out."""
    language, wanted = get_language(), list(ids)

    def make(keys: list[tuple[str, str, UUID]]) -> dict[tuple[str, str, UUID], Door]:
        at = now()
        return {("door", str(language), one.id): door(one, at) for one in services_by_id(key[2] for key in keys)}

    found = fresh.get_many([("door", str(language), one) for one in wanted], make)
    return [found[key] for one in wanted if (key := ("door", str(language), one)) in found]


def for_need(found: Found, need: Need) -> list[Door]:
    """The doors that were found, each with the reason why it is shown."""
    hits = {hit.id: hit for hit in found.hits}
    doors = doors_of(hit.id for hit in found.hits)
    return [replace(one, reason=reason(one, need, hits[one.service.id])) for one in doors]


def door(service: Service, at: datetime) -> Door:
    """The door of a service at a moment. The service must come with its channels and points."""
    ways = ways_in(service, at)
    opening = soonest([way.state for way in ways] + [state(point.hours, at) for point in service.points.all()])
    made = Door(
        service=service,
        name=choose(service.name),
        who=choose(service.organisation.name) if service.organisation else None,
        where=place_words(service),
        reason="",
        light=OPEN if opening.open else AJAR,
        opening=opening_words(opening, at),
        facts=facts(service),
        ways=ways,
        address=reverse("service", args=[service.id]),
        forms=frozenset(form for lang, name in names(service) for word in content(name, lang) for form in word.forms),
    )
    shown = {"door": made, "LANG": get_language()}
    made.facts_shown = render_to_string("site/parts/door_facts.html", shown)
    made.ways_shown = render_to_string("site/parts/door_ways.html", shown)
    return made


def reason(door: Door, need: Need, hit: Hit) -> str:
    """Why the service is shown, in one line: the person's own words where they led to it, else the topic."""
    topics = dict.fromkeys(hit.topics)
    words = words_met(door, need, set(topics))
    if words:
        return _("Koska kirjoitit: %(words)s") % {"words": words}
    chosen = [met.topic for met in need.topics if not met.words and met.topic in topics]
    if chosen:
        return _("Koska valitsit: %(topic)s") % {"topic": label(chosen[0])}
    near = next((topic for topic in topics if is_near(topic, need)), "")
    return _("Liittyy aiheeseen: %(topic)s") % {"topic": label(near)} if near else _("Sopii siihen, mitä kerroit")


def label(topic: str) -> str:
    return choose(vocabulary.topics()[topic].label).text


def is_near(topic: str, need: Need) -> bool:
    """Whether a service's topic is related to one of the need's, or is above or below it."""
    known = vocabulary.topics()
    asked = [met.topic for met in need.topics]
    return topic in known and any(
        topic in known[one].related or topic in vocabulary.broader(one) or one in vocabulary.broader(topic)
        for one in asked
    )


def words_met(door: Door, need: Need, topics: set[str]) -> str:
    """The person's words by which the service was met, in their order; neighbours together, others after a comma.

    A word between two that says nothing is kept for the sense; such words alone are not told.
    """
    met = {surface for one in need.topics if one.topic in topics for surface in one.words}
    met |= {word.surface for word in need.words if word.bases & door.forms}
    read = [word.surface for word in need.read]
    groups: list[list[str]] = []
    last = -3
    for position, surface in enumerate(read):
        if surface not in met:
            continue
        between = read[last + 1 : position]
        if groups and len(between) < 2 and all(is_stop(one, need.language) for one in between):
            groups[-1] += [*between, surface]
        else:
            groups.append([surface])
        last = position
    telling = [group for group in groups if not all(is_stop(one, need.language) for one in group)] or groups
    said = dict.fromkeys(" ".join(group) for group in telling)
    return ", ".join(list(said)[:WORDS_IN_REASON])


def names(service: Service) -> Iterable[tuple[str, str]]:
    for lang, name in service.name.items():
        yield (lang.split("-")[0] if lang.split("-")[0] in vocabulary.LANGUAGES else "en"), name
