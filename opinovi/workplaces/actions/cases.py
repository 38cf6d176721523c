"""What a workplace asks is taken, answered, followed step by step, and ended; nobody is left waiting without a word."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_fsm import can_proceed

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.ids import spoken_number
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.contact.actions.letters import tell
from opinovi.contact.actions.reading import remember
from opinovi.contact.return_code import hash_of
from opinovi.directory.hours import ZONE
from opinovi.journeys.actions.letters import substitutes_of, tell_members
from opinovi.journeys.limits import PAUSES, working_days_on
from opinovi.network.models import Member, Network, Person, Role
from opinovi.network.queries import coordinators_of, member_in, own_people
from opinovi.workplaces.models import Case, CaseMessage, Workplace
from opinovi.workplaces.models.cases import Ask, CaseState, EndedWhy, OfferState, WorkplaceTeamPlace

LONGEST = 5000
# Working days: until somebody takes a request, until the first step, until an answer of the workplace is asked after.
TAKE_DAYS, STEP_DAYS = 2, 5
# How long the words of what is over are kept.
KEPT_DAYS = 730
HEARD_SUBJECT = gettext_noop("Pyyntönne on perillä")
HEARD = gettext_noop("Hei!\n\nPyyntönne on perillä. Seuratkaa sitä tästä:\n\n%(link)s")
NEWS_SUBJECT = gettext_noop("Teille on viesti")
NEWS = gettext_noop("Hei!\n\nTeille on viesti. Avatkaa se tästä:\n\n%(link)s")


@dataclass(frozen=True)
class Told:
    """What a workplace tells when it asks."""

    need: str
    house: str = ""
    ask: str = Ask.OTHER
    name: str = ""
    mail: str = ""
    phone: str = ""
    municipality: str = ""
    people: int | None = None
    language: str = "fi"
    once: UUID | None = None


@transaction.atomic
def ask(network: Network, told: Told, workplace: Workplace | None = None, by: Person | None = None) -> Case:
    """A workplace asks the network: signed in for one that is known, or by anybody. A form sent twice asks once."""
    if told.once and (same := Case.objects.select_related("key").filter(once=told.once).first()):
        return same
    if workplace is not None:
        assert by is not None
        require("workplaces.take_part", by, workplace)
    token = secrets.token_urlsafe(16)
    one = Case(
        number=spoken_number(Case.objects), network=network, workplace=workplace, municipality=told.municipality,
        people=told.people,
        ask=told.ask if told.ask in Ask.values else Ask.OTHER, language=told.language, once=told.once,
        token_hash=hash_of(token), key=DataKey.objects.create(), due_at=working_days_on(now(), TAKE_DAYS),
    )  # fmt: skip
    need = mask(told.need)[0].strip()[:LONGEST]
    if not need:
        raise ValidationError({"need": _("Kirjoittakaa, mitä tarvitsette.")})
    house = mask(told.house)[0].strip()[:120] or (workplace.name if workplace else "")
    one.keep({"house": house, "name": mask(told.name)[0].strip(), "mail": told.mail, "phone": told.phone, "need": need,
              "token": token})  # fmt: skip
    one.save()
    record("ask", "case", one.id, str(by.id) if by else "", ask=one.ask)
    tell(one, f"case {one.id} heard", HEARD_SUBJECT, HEARD, "own-case", network.coordinator_id, at_once=True)
    tell_members(team_of(network), f"case {one.id} new", "case", [one.id])
    return one


def team_of(network: Network) -> list[Member]:
    """The network's workplace team; where none is named, the guides of its front desk."""
    there = WorkplaceTeamPlace.objects.filter(network=network, member__in=own_people(network))
    team = [row.member for row in there.select_related("member__person")]
    if not team and network.front_desk_team is not None:
        rows = network.front_desk_team.members.filter(ended_at=None, roles__role=Role.GUIDE)
        team = list(rows.select_related("person").distinct())
    return team


@transaction.atomic
def set_team(by: Person, network: Network, members: list[Member]) -> None:
    """Who answers workplaces for the network."""
    require("network.run", by, network)
    allowed = set(own_people(network).values_list("id", flat=True))
    if any(member.id not in allowed for member in members):
        raise ValidationError(_("Kaikki eivät ole mukana verkostossa."))
    WorkplaceTeamPlace.objects.filter(network=network).delete()
    WorkplaceTeamPlace.objects.bulk_create(WorkplaceTeamPlace(network=network, member=one) for one in members)
    record("set_team", "network", network.id, str(by.id), members=len(members))


def held(case_id: UUID) -> Case:
    """The case, with whoever else changes it waiting for this to end."""
    rows = Case.objects.select_for_update(of=("self",))
    return rows.select_related("key", "network", "workplace", "responsible__person").get(id=case_id)


def move(one: Case, step: Callable[[], Any], verb: str, by: str, **data: Any) -> None:
    """A change of state with its Event; what is next is by its state until somebody says otherwise. Raises
    ValidationError where somebody was first."""
    if not can_proceed(step):
        raise ValidationError(_("Tämä ei käy enää. Joku on jo muuttanut tilaa."))
    step()
    one.reminded, one.next_step = 0, ""
    one.save()
    record(verb, "case", one.id, by, **data)


@transaction.atomic
def read(by: Person, one: Case) -> None:
    """Reading what a workplace wrote is remembered: once a reader a day."""
    require("workplaces.handle", by, one)
    remember(by, "case", one.id, one.network.coordinator_id)


@transaction.atomic
def take(by: Person, one: Case) -> None:
    """It is mine from now on."""
    require("workplaces.handle", by, one)
    one = held(one.id)
    one.responsible = member_in(by, one.network)
    one.due_at = working_days_on(now(), STEP_DAYS)
    if one.state == CaseState.NEW:
        move(one, one.taken, "take", str(by.id))
        return
    if one.ended:
        raise ValidationError(_("Tämä on jo päättynyt."))
    one.save()
    record("take", "case", one.id, str(by.id))


@transaction.atomic
def set_next(by: Person, one: Case, step: str, day: date) -> None:
    """What is done next, and by which day."""
    require("workplaces.handle", by, one)
    one = held(one.id)
    if one.ended:
        raise ValidationError(_("Tämä on jo päättynyt."))
    if day < today():
        raise ValidationError({"day": _("Päivä on jo mennyt.")})
    if one.responsible is None:
        one.responsible = member_in(by, one.network)
    if one.state == CaseState.NEW:
        move(one, one.taken, "take", str(by.id))
    one.next_step, one.due_at, one.reminded = mask(step)[0].strip()[:200], end_of(day), 0
    one.save()
    record("set_next", "case", one.id, str(by.id))


def end_of(day: date) -> datetime:
    """The end of a working day."""
    return datetime.combine(day, time(16), ZONE)


@transaction.atomic
def write(one: Case, text: str, by: Person | None = None) -> CaseMessage:
    """The team writes (`by` is who), or the workplace does."""
    if by is not None:
        require("workplaces.handle", by, one)
    one = held(one.id)
    text = mask(text)[0].strip()[:LONGEST]
    if not text:
        raise ValidationError({"text": _("Viesti on tyhjä.")})
    if one.key is None:
        raise ValidationError(_("Tekstit on poistettu. Kysykää uudelleen."))
    member = member_in(by, one.network) if by is not None else None
    said = CaseMessage.objects.create(case=one, member=member, from_workplace=by is None, locked=one.key.lock(text))
    if by is None:
        if one.ended:
            one.ended_at, one.ended_why, one.due_at = None, "", working_days_on(now(), TAKE_DAYS)
            move(one, one.reopened if one.responsible else one.asked_again, "reopen", "")
        tell_members(handlers(one), f"case {one.id} said {said.id}", "case", [one.id])
    else:
        if one.state == CaseState.NEW:
            one.responsible, one.due_at = member, working_days_on(now(), STEP_DAYS)
            move(one, one.taken, "take", str(by.id))
        tell_workplace(one, f"said {said.id}")
    record("write", "case", one.id, str(by.id) if by else "", message=str(said.id))
    return said


def tell_workplace(one: Case, what: str) -> None:
    tell(one, f"case {one.id} {what}", NEWS_SUBJECT, NEWS, "own-case", one.network.coordinator_id)


def handlers(one: Case) -> list[Member]:
    """Who hears of a case: whose it is, else the team."""
    return [one.responsible] if one.responsible and one.responsible.ended_at is None else team_of(one.network)


@transaction.atomic
def end(by: Person, one: Case, why: str) -> None:
    """They were helped, or it came to nothing; the workplace is told."""
    require("workplaces.handle", by, one)
    if why not in EndedWhy.values:
        raise ValidationError({"why": _("Valitse, miten se päättyi.")})
    one = held(one.id)
    if one.offers.filter(state="sent").exists():
        raise ValidationError(_("Tarjous odottaa vastausta. Peru se ensin."))
    one.ended_at, one.ended_why, one.due_at = now(), why, None
    helped = why in (EndedWhy.HELPED, EndedWhy.DIRECTED) and one.state != CaseState.NEW
    move(one, one.done if helped else one.closed, "end", str(by.id), why=why)
    tell_workplace(one, f"ended {one.ended_at:%Y%m%d%H%M}")


@transaction.atomic
def withdraw(one: Case, by: Person | None = None) -> None:
    """The workplace needs it no more: an offer that waits is declined with it, and the team is told."""
    if by is not None:
        require("workplaces.answer_offer", by, one)
    one = held(one.id)
    if one.ended:
        return
    offer = one.offers.filter(state=OfferState.SENT).first()
    if offer is not None:
        offer.answered_at, offer.answered_by = now(), by
        offer.declined()
        offer.save()
        record("decline", "offer", offer.id, str(by.id) if by else "")
    one.ended_at, one.ended_why, one.due_at = now(), EndedWhy.CHANGED_MIND, None
    move(one, one.closed, "withdraw", str(by.id) if by else "")
    tell_members(handlers(one), f"case {one.id} withdrawn {one.ended_at:%Y%m%d%H%M}", "case", [one.id])


@transaction.atomic
def erase(one: Case, by: Person | None = None, why: str = "old") -> None:
    """The words of what is over, and who asked, are gone; that it was asked, and how it ended, stays. By the team
    (`by`), by who holds its secret address, or once it is old."""
    if by is not None:
        require("workplaces.handle", by, one)
    one = held(one.id)
    if not one.ended:
        raise ValidationError(_("Asia on vielä kesken."))
    key = one.key
    one.messages.all().delete()
    one.offers.update(locked="")
    one.key, one.locked, one.token_hash = None, "", None
    one.save()
    if key is not None:
        key.delete()
    record("erase", "case", one.id, str(by.id) if by else "", why=why)


@transaction.atomic
def know(by: Person, one: Case, workplace: Workplace) -> None:
    """Who asked is known as a workplace of the network's."""
    require("workplaces.handle", by, one)
    one = held(one.id)
    if workplace.network_id != one.network_id:
        raise ValidationError(_("Työpaikka on toisesta verkostosta."))
    one.workplace = workplace
    one.save()
    record("know", "case", one.id, str(by.id), workplace=str(workplace.id))


# By the worker


def remind_late() -> None:
    """A step that was not taken in time: its own person, then who stands in and the team, then the coordinators."""
    late = Case.objects.filter(due_at__lt=now(), reminded__lt=len(PAUSES)).exclude(state__in=["done", "closed"])
    for found in list(late.values_list("id", flat=True)[:500]):
        with transaction.atomic():
            one = held(found)
            if one.due_at is None or one.due_at >= now():
                continue
            round_ = one.reminded
            told, page, ids = handlers(one), "case", [one.id]
            if round_ == 1:
                told = [*substitutes_of(told), *team_of(one.network)]
            elif round_ == 2:
                # A coordinator does not read what was asked: they see to it that somebody answers.
                told, page, ids = list(coordinators_of(one.network)), "workplace-team", [one.network_id]
            tell_members(told, f"case {one.id} late {one.due_at:%Y%m%d%H%M} {round_}", page, ids)
            one.due_at, one.reminded = working_days_on(now(), PAUSES[round_]), round_ + 1
            one.save()
            record("remind", "case", one.id, round=round_)


def erase_old() -> None:
    """What is over long ago is forgotten."""
    old = Case.objects.filter(ended_at__lt=now() - timedelta(days=KEPT_DAYS)).exclude(key=None)
    for one in old[:500]:
        erase(one)
