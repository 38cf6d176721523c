"""Pairs and groups that learn from one another: begun, joined, met, written in, ended."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Member, Network, Person
from opinovi.network.queries import member_in, own_people
from opinovi.staff.models import Circle, CircleKind, CircleMeeting, CircleNote, CirclePlace, PeerOffer, PlaceState
from opinovi.staff.telling import checked, colleagues

MOST_PEOPLE = 30


@transaction.atomic
def begin(
    by: Person, network: Network, kind: str, *, name: str, text: str, area: str = "", people: list[Member],
    mentor: bool = False, open_to_all: bool = False, once: UUID | None = None,
) -> Circle:  # fmt: skip
    """Begin a pair or a group: the others are asked to it. In a pair one is the mentor: the one who begins it, or the
    other."""
    require("staff.take_part", by, network)
    if once and (same := Circle.objects.filter(once=once).first()):
        return same
    own = member_in(by, network)
    others = [one for one in people if one.person_id != by.id]
    if kind == CircleKind.MENTORING and len(others) != 1:
        raise ValidationError({"people": _("Valitse yksi: mentoripari on kahden.")})
    if kind == CircleKind.PEERS and not others and not open_to_all:
        raise ValidationError({"people": _("Valitse, ketkä kutsut, tai avaa ryhmä kaikille.")})
    if len(others) > MOST_PEOPLE:
        raise ValidationError({"people": _("Enintään %(n)d ihmistä.") % {"n": MOST_PEOPLE}})
    if not {one.id for one in others} <= set(own_people(network).values_list("id", flat=True)):
        raise ValidationError({"people": _("Hän ei ole mukana verkostossa.")})
    one = Circle(network=network, kind=kind, area=area, by=own, once=once, key=DataKey.objects.create())
    one.open = open_to_all and kind == CircleKind.PEERS
    one.keep({"name": mask(name)[0].strip()[:120], "text": mask(text)[0].strip()[:1000]})
    one.save()
    pair = kind == CircleKind.MENTORING
    rows = [CirclePlace(circle=one, member=own, state=PlaceState.IN, mentor=pair and mentor)]
    rows += [
        CirclePlace(circle=one, member=other, state=PlaceState.ASKED, mentor=pair and not mentor) for other in others
    ]
    CirclePlace.objects.bulk_create(rows)
    tell_members(others, f"circle {one.id}", "circle", [one.id], by.id)
    record("begin", "circle", one.id, str(by.id), kind=kind)
    return one


@transaction.atomic
def ask(
    by: Person, network: Network, offer: PeerOffer, text: str, looked: bool, once: UUID | None = None
) -> Circle:  # fmt: skip
    """Ask a colleague who offered help. The two have a page of their own; nobody else sees it."""
    require("staff.take_part", by, network)
    if once and (same := Circle.objects.filter(once=once).first()):
        return same
    if offer.ended_at is not None or offer.member.ended_at is not None:
        raise ValidationError(_("Hän ei enää auta tässä. Kysy joltain muulta."))
    if offer.member.person_id == by.id:
        raise ValidationError(_("Tämä on oma tarjouksesi."))
    text = checked(text, looked, colleagues(network))
    own = member_in(by, network)
    one = Circle(network=network, kind=CircleKind.ASK, area=offer.area, by=own, once=once, key=DataKey.objects.create())
    one.keep({"name": "", "text": ""})
    one.save()
    for member in (own, offer.member):
        CirclePlace.objects.create(circle=one, member=member, state=PlaceState.IN)
    assert one.key is not None
    CircleNote.objects.create(circle=one, member=own, locked=one.key.lock(text))
    tell_members([offer.member], f"circle {one.id}", "circle", [one.id], by.id)
    record("ask", "circle", one.id, str(by.id))
    return one


def place_of(by: Person, one: Circle) -> CirclePlace:
    """One's own place. Raises ValidationError where there is none."""
    found = one.circle_places.filter(member__person=by, member__ended_at=None).exclude(state=PlaceState.OUT).first()
    if found is None:
        raise ValidationError(_("Et ole mukana tässä."))
    return found


@transaction.atomic
def answer(by: Person, one: Circle, yes: bool) -> None:
    """Say yes to what one was asked to; or no, or leave it later."""
    require("staff.be_in_circle", by, one)
    place = place_of(by, one)
    place.state = PlaceState.IN if yes else PlaceState.OUT
    place.save()
    others = [row.member for row in one.circle_places.filter(state=PlaceState.IN).select_related("member__person")]
    tell_members(others, f"circle {one.id} {place.id} {place.state}", "circle", [one.id], by.id)
    record("join" if yes else "leave", "circle", one.id, str(by.id))


@transaction.atomic
def join(by: Person, one: Circle) -> None:
    """Join a group that is open to all."""
    require("staff.take_part", by, one)
    one = Circle.objects.select_for_update(of=("self",)).get(id=one.id)
    if not one.open or one.ended_at is not None:
        raise ValidationError(_("Tähän ryhmään ei voi liittyä."))
    if one.circle_places.filter(state=PlaceState.IN).count() >= MOST_PEOPLE:
        raise ValidationError(_("Ryhmä on täynnä."))
    member = member_in(by, one.network)
    CirclePlace.objects.update_or_create(circle=one, member=member, defaults={"state": PlaceState.IN})
    record("join", "circle", one.id, str(by.id))


def only_in(by: Person, one: Circle) -> Member:
    """The place of one who has said yes, in a circle that goes on."""
    require("staff.be_in_circle", by, one)
    place = place_of(by, one)
    if place.state != PlaceState.IN:
        raise ValidationError(_("Vastaa ensin, tuletko mukaan."))
    if Circle.objects.filter(id=one.id).exclude(ended_at=None).exists():
        raise ValidationError(_("Tämä on päättynyt."))
    return place.member


@transaction.atomic
def write(by: Person, one: Circle, text: str, looked: bool, once: UUID | None = None) -> None:
    """A note for those who are in."""
    member = only_in(by, one)
    if once and CircleNote.objects.filter(once=once).exists():
        return
    text = checked(text, looked, colleagues(one.network))
    assert one.key is not None
    note = CircleNote.objects.create(circle=one, member=member, locked=one.key.lock(text), once=once)
    others = [row.member for row in one.circle_places.filter(state=PlaceState.IN).select_related("member__person")]
    tell_members(others, f"circle note {note.id}", "circle", [one.id], by.id)
    record("write", "circle", one.id, str(by.id))


@transaction.atomic
def meet(by: Person, one: Circle, begins_at: datetime, where: str) -> None:
    """Agree on a meeting: the others hear of it."""
    only_in(by, one)
    if begins_at <= now():
        raise ValidationError({"day": _("Aika on jo mennyt.")})
    assert one.key is not None
    told = {"locked": one.key.lock(mask(where)[0].strip()[:300])}
    meeting, new = CircleMeeting.objects.update_or_create(circle=one, begins_at=begins_at, defaults=told)
    if new:
        others = [row.member for row in one.circle_places.filter(state=PlaceState.IN).select_related("member__person")]
        tell_members(others, f"circle meeting {meeting.id}", "circle", [one.id], by.id)
    record("meet", "circle", one.id, str(by.id))


@transaction.atomic
def end(by: Person, one: Circle) -> None:
    """It is over: what was written stays to be read by those who were in."""
    only_in(by, one)
    Circle.objects.filter(id=one.id, ended_at=None).update(ended_at=now(), open=False)
    record("end", "circle", one.id, str(by.id))
