"""One search result as a person sees it: a service, why it is shown, whether one can get in, and the ways in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from opinovi.base.clock import now
from opinovi.base.fresh import fresh
from opinovi.base.text import Piece, choose
from opinovi.base.when import soon
from opinovi.directory.codes import municipality_name
from opinovi.directory.hours import soonest, state
from opinovi.directory.models import Answer, Charge, GroupSession, Offering, Service
from opinovi.directory.public import facts_of, when_to_apply
from opinovi.directory.queries import answers_by_id, offerings_by_id, services_by_id, sessions_by_id
from opinovi.directory.ways import Fact, Way, facts, opening_words, place_words, ways_in
from opinovi.doors import topics as vocabulary
from opinovi.doors.find import Found, Hit
from opinovi.doors.indexed import Record
from opinovi.doors.need import Need
from opinovi.doors.words import content, is_stop

OPEN, AJAR, SHUT = "open", "ajar", "shut"
WORDS_IN_REASON = 7


@dataclass
class Door:
    record: Record
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

    @property
    def id(self) -> UUID:
        return self.record.id


def doors_of(ids: Iterable[UUID]) -> list[Door]:
    """The doors of services in force, in the order of the ids; what is not there any more is left out."""
    # The addresses on a door begin as the network's do.
    where, wanted = f"{get_language()} {get_script_prefix()}", list(ids)

    def make(keys: list[tuple[str, str, UUID]]) -> dict[tuple[str, str, UUID], Door]:
        at, ids = now(), [key[2] for key in keys]
        made: list[Door] = []
        for find_them, make_one in MAKERS:
            missing = {*ids} - {one.id for one in made}
            made += [make_one(one, at) for one in find_them(missing)] if missing else []
        return {("door", where, one.id): one for one in made}

    found = fresh.get_many([("door", where, one) for one in wanted], make)
    return [found[key] for one in wanted if (key := ("door", where, one)) in found]


def for_need(found: Found, need: Need) -> list[Door]:
    """The doors that were found, each with the reason why it is shown."""
    hits = {hit.id: hit for hit in found.hits}
    doors = doors_of(hit.id for hit in found.hits)
    return [replace(one, reason=reason(one, need, hits[one.id])) for one in doors]


def door(service: Service, at: datetime) -> Door:
    """The door of a service at a moment. The service must come with its channels and points."""
    ways = booking_way(service, at) + ways_in(service, at)
    opening = soonest([way.state for way in ways] + [state(point.hours, at) for point in service.points.all()])
    made = Door(
        record=service,
        name=choose(service.name),
        who=choose(service.organisation.name) if service.organisation else None,
        where=place_words(service),
        reason="",
        light=OPEN if opening.open else AJAR,
        opening=opening_words(opening, at),
        facts=[*facts(service), *([Fact(_("Tieto on vanha"), good=False)] if service.long_overdue else [])],
        ways=ways,
        address=reverse("service", args=[service.id]),
        forms=forms_of(service),
    )
    return with_parts(made)


def booking_way(service: Service, at: datetime) -> list[Way]:
    """The button by which a time is booked, where one is free; said with when the first one is."""
    if service.next_free_at is None or service.next_free_at <= at:
        return []
    when = soon(service.next_free_at, at)
    return [Way("book", _("Varaa aika: %(time)s") % {"time": when}, reverse("choose-time", args=[service.id]))]


def with_parts(made: Door) -> Door:
    """The door with its facts and ways in as they stand on a page."""
    shown = {"door": made, "LANG": get_language()}
    made.facts_shown = render_to_string("site/parts/door_facts.html", shown)
    made.ways_shown = render_to_string("site/parts/door_ways.html", shown)
    return made


def offering_door(one: Offering, at: datetime) -> Door:
    """The door of a course or a study place."""
    language = get_language() or "fi"
    apply = [Way("apply", _("Hae tänne"), one.link, one.link.split("//", 1)[-1].rstrip("/"))] if one.link else []
    return with_parts(
        Door(
            record=one,
            name=choose(one.name),
            who=choose(one.organisation.name),
            where=municipality_name(one.municipality) if one.municipality else "",
            reason="",
            light=OPEN if one.open_now() else AJAR,
            opening=when_to_apply(one),
            facts=[Fact(text, lang=language) for text in facts_of(one)],
            ways=apply if one.open_now() else [],
            address=reverse("offering", args=[one.id]),
            forms=forms_of(one),
        )
    )


def session_door(one: GroupSession, at: datetime) -> Door:
    """The door of a group: when it begins, and whether there is room."""
    full = one.left == 0
    address = reverse("group", args=[one.id])
    room = [Fact(_("Täynnä, pääset jonoon"), good=False)] if full else []
    room += [Fact(places_left(one.left))] if one.left else []
    return with_parts(
        Door(
            record=one,
            name=choose(one.name),
            who=choose(one.organisation.name),
            where=municipality_name(one.municipality) if one.municipality else "",
            reason="",
            light=AJAR if full else OPEN,
            opening=_("Alkaa %(time)s") % {"time": soon(one.starts_at, at)},
            facts=[*room, *([Fact(_("Maksuton"))] if one.charge == Charge.FREE else [])],
            ways=[Way("join", _("Jonoon") if full else _("Ilmoittaudu"), address)],
            address=address,
            forms=forms_of(one),
        )
    )


def answer_door(one: Answer, at: datetime) -> Door:
    """The door of a question that has been answered."""
    address = reverse("answer", args=[one.id])
    return with_parts(
        Door(
            record=one,
            name=choose(one.name),
            who=choose(one.organisation.name),
            where="",
            reason="",
            light=OPEN,
            opening=_("Vastattu kysymys"),
            ways=[Way("read", _("Lue vastaus"), address)],
            address=address,
            forms=forms_of(one),
        )
    )


def forms_of(one: Record) -> frozenset[str]:
    """The forms of the words of its name."""
    return frozenset(form for lang, name in names(one) for word in content(name, lang) for form in word.forms)


def places_left(count: int) -> str:
    return ngettext("%(count)d paikka vapaana", "%(count)d paikkaa vapaana", count) % {"count": count}


# How the doors of each kind are found by id, and made; the commonest kind first.
MAKERS: tuple[tuple[Callable[[Iterable[UUID]], list[Any]], Callable[[Any, datetime], Door]], ...] = (
    (services_by_id, door),
    (offerings_by_id, offering_door),
    (sessions_by_id, session_door),
    (answers_by_id, answer_door),
)


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


def names(service: Record) -> Iterable[tuple[str, str]]:
    for lang, name in service.name.items():
        yield (lang.split("-")[0] if lang.split("-")[0] in vocabulary.LANGUAGES else "en"), name
