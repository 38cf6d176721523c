"""Referrals: each step one function. All that is done to one client waits in line (the client's row is held first), so
that no order of clicks by any number of people breaks what docs/continuum.md says never happens."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.ids import new_id, spoken_number
from opinovi.base.masking import mask
from opinovi.contact.access import guide_of, team_rows
from opinovi.contact.actions.enquiries import staffed, team_for
from opinovi.contact.return_code import hash_of
from opinovi.directory.models import GroupSession, Offering, Service
from opinovi.journeys.access import Sight, sight
from opinovi.journeys.actions import consents
from opinovi.journeys.actions.clients import hold
from opinovi.journeys.actions.letters import tell_client, tell_receivers, tell_senders
from opinovi.journeys.actions.notes import current_journey
from opinovi.journeys.actions.steps import (
    Over,
    about_of,
    end_consent,
    end_for_client,
    forget_meeting,
    held,
    over_words,
    step,
)
from opinovi.journeys.limits import limit
from opinovi.journeys.models import Client, Consent, Journey, Referral
from opinovi.journeys.models.consents import How, Piece
from opinovi.journeys.models.referrals import ReferralState, Urgency
from opinovi.network.models import Member, Person, Team

S = ReferralState


@dataclass(frozen=True)
class Draft:
    """What a referral says: to whom, why, what is hoped for, what is shared, how urgent, who stays the contact."""

    service: Service | None = None
    why: str = ""
    hope: str = ""
    pieces: Iterable[str] = (Piece.CONTACT, Piece.NEED)
    notes_from: date | None = None
    until: date | None = None
    urgency: str = Urgency.CALM
    three_way: bool = False
    offering: Offering | None = None
    session: GroupSession | None = None
    together: UUID | None = None
    # A receiver outside the network: name, mail, phone.
    outside_name: str = ""
    outside_mail: str = ""
    outside_phone: str = ""
    once: UUID | None = None

    @property
    def is_outside(self) -> bool:
        """Whether the receiver is outside the network."""
        return self.service is None and self.session is None and self.offering is None


@transaction.atomic
def draft(by: Person | None, client: Client, journey: Journey, told: Draft) -> Referral:
    """A guide who sees the client's need writes a referral, or the client does (`by` is None)."""
    if told.once and (same := Referral.objects.filter(once=told.once).first()):
        return same
    client = hold(client)
    if client.erased:
        raise ValidationError(_("Tiedot on poistettu."))
    from_team, sender = journey.team, None
    if by is not None:
        require("journeys.see_client", by, client)
        if not sight(by, client).has(Piece.NEED):
            raise ValidationError(_("Asiakas ei ole antanut lupaa nähdä asiaansa."))
        from_team, sender = sending(by, journey)
        told = within(told, sight(by, client))
    to_team = receiving_team(client, told)
    check_receiver(told, to_team, from_team)
    one = Referral(
        number=spoken_number(Referral.objects),
        network=client.network,
        client=client,
        journey=journey,
        sender=sender,
        from_team=from_team if by is not None else None,
        service=told.service,
        to_team=to_team,
        offering=told.offering,
        session=told.session,
        together=told.together,
        urgency=told.urgency,
        contact=sender,
        three_way=told.three_way,
        once=told.once,
        due_at=limit(S.DRAFTED, told.urgency, now()),
    )
    keep_words(one, told)
    one.save()
    record("draft_referral", "client", client.id, str(by.id if by else client.person_id), referral=str(one.id))
    return one


def within(told: Draft, may: Sight) -> Draft:
    """Nobody passes on what they may not see themselves: pieces, and notes from before the day they see them from."""
    days = [day for day in (told.notes_from, may.notes_from) if day]
    pieces = tuple(piece for piece in told.pieces if may.has(piece))
    return replace(told, pieces=pieces, notes_from=max(days, default=None))


def sending(by: Person, journey: Journey) -> tuple[Team, Member]:
    """The team for which a guide refers, and their place in it: the journey's where they guide there, else theirs."""
    teams = team_rows(by)
    team = next((one for one in teams if one.id == journey.team_id), teams[0])
    member = guide_of(by, team) or Member.objects.filter(person=by, ended_at=None).first()
    assert member is not None
    return team, member


def receiving_team(client: Client, told: Draft) -> Team | None:
    """The team of the group, one of the course's house, else the service's; none where the receiver is outside."""
    if told.session is not None:
        return told.session.team
    if told.offering is not None:
        return staffed(organisation=told.offering.organisation_id)
    return team_for(client.network, told.service, None) if told.service else None


def check_receiver(told: Draft, to_team: Team | None, from_team: Team | None) -> None:
    if told.is_outside and not (told.outside_name and told.outside_mail):
        raise ValidationError({"service": _("Valitse palvelu, tai kirjoita vastaanottajan nimi ja osoite.")})
    if not told.is_outside and to_team is None:
        raise ValidationError({"service": _("Tällä palvelulla ei ole vielä ketään vastaanottamassa. Soita sinne.")})
    if to_team is not None and from_team is not None and to_team.id == from_team.id:
        raise ValidationError({"service": _("Tämä palvelu on omalla tiimilläsi. Jatka itse.")})


def keep_words(one: Referral, told: Draft) -> None:
    words: dict[str, Any] = {"why": mask(told.why)[0], "hope": mask(told.hope)[0]}
    if told.is_outside:
        token = secrets.token_urlsafe(24)
        one.token_hash = hash_of(token)
        words["receiver"] = {
            "name": told.outside_name,
            "mail": told.outside_mail,
            "phone": told.outside_phone,
            "token": token,
        }
    one.locked = one.client.lock({**one.words, **{name: value for name, value in words.items() if value}})


@transaction.atomic
def ask_client(by: Person | None, referral: Referral, told: Draft) -> Consent:
    """Put it before the client: who would see what, and why."""
    one = held(referral)
    if by is not None:
        require("journeys.send", by, one)
        require("journeys.see_client", by, one.client)
        told = within(told, sight(by, one.client))
    if not can_proceed(one.asked):
        raise Over(over_words(one))
    keep_words_again(one, told)
    receiver = one.words.get("receiver") or {}
    asked = consents.Asked(
        organisation=one.to_team.organisation if one.to_team else None,
        service=one.service,
        team=one.to_team,
        pieces=told.pieces,
        notes_from=told.notes_from,
        until=told.until,
        why=told.why,
        receiver=receiver.get("name", ""),
    )
    consent = consents.ask(one.client, one.journey, asked, one.sender)
    one.consent = consent
    step(one, one.asked, "ask_referral", str(by.id if by else one.client.person_id))
    return consent


def keep_words_again(one: Referral, told: Draft) -> None:
    words = {**one.words, "why": mask(told.why)[0], "hope": mask(told.hope)[0]}
    one.locked = one.client.lock({name: value for name, value in words.items() if value})
    one.urgency, one.three_way = told.urgency, told.three_way


@transaction.atomic
def write_draft(by: Person, client: Client, told: Draft, before: Referral | None = None) -> Referral:
    """Keep a referral as a draft, to go on with; `before` is one that is written anew, its question taken back."""
    if before is None:
        return draft(by, client, current_journey(client), told)
    if held(before).state == S.ASKED:
        take_back(by, before)
    one = held(before)
    require("journeys.send", by, one)
    if one.state != S.DRAFTED:
        raise Over(over_words(one))
    keep_words_again(one, within(told, sight(by, one.client)))
    one.save()
    record("draft_referral", "client", one.client_id, str(by.id), referral=str(one.id))
    return one


@transaction.atomic
def draft_and_ask(by: Person, client: Client, told: Draft, before: Referral | None = None) -> Consent:
    """Write a referral from the client's journey, or go on with a draft, and put it before the client, in one go."""
    one = write_draft(by, client, told, before)
    if one.consent_id is not None:
        return Consent.objects.select_related("client", "referral").get(id=one.consent_id)
    return ask_client(by, one, told)


@transaction.atomic
def refer_together(by: Person, clients: Iterable[Client], told: Draft) -> list[Consent]:
    """Several clients to one training or group: a referral of each, each by their own yes. All are written or none."""
    together = new_id()
    found = [draft_and_ask(by, one, replace(told, together=together, once=None)) for one in clients]
    for consent in found:
        consents.send_question(consent)
    return found


@transaction.atomic
def send_own(client: Client, journey: Journey, told: Draft) -> Referral:
    """The client sends themselves on to a service, and lets it see what they choose: one step, their own yes."""
    need = (client.unlock(journey.locked) or {}).get("need", "")
    told = replace(told, why=told.why or need)
    one = draft(None, client, journey, told)
    consent = ask_client(None, one, told)
    consents.answer(consent, True, How.OWN_DEVICE)
    return Referral.objects.get(id=one.id)


@transaction.atomic
def take_back(by: Person, referral: Referral) -> None:
    """The sender takes the question to the client back, to write it better."""
    one = held(referral)
    require("journeys.send", by, one)
    if not can_proceed(one.taken_back):
        raise Over(over_words(one))
    end_consent(one)
    one.consent = None
    step(one, one.taken_back, "take_back_referral", str(by.id))


@transaction.atomic
def withdraw(referral: Referral, by: Person | None = None) -> None:
    """The client ends it, at any point; or the sender does before it was sent. Its consent ends with it."""
    one = held(referral)
    if by is not None:
        require("journeys.send", by, one)
    if one.state == S.WITHDRAWN:
        return
    if not can_proceed(one.withdrawn):
        raise Over(over_words(one))
    consent = one.consent
    if consent is not None and consent.state == "given":
        # Ends the referral too.
        consents.withdraw(consent)
        return
    end_consent(one)
    end_for_client(one, str(by.id) if by else str(one.client.person_id))


@transaction.atomic
def answer_receiver(by: Person | None, referral: Referral, text: str) -> None:
    """The sender answers; or the client, where they sent it themselves."""
    one = held(referral)
    if by is not None:
        require("journeys.send", by, one)
    if not text.strip():
        raise ValidationError({"answer": _("Kirjoita vastaus.")})
    one.locked = one.client.lock({**one.words, "answer": mask(text)[0]})
    step(one, one.answered, "answer_referral", str(by.id if by else one.client.person_id))
    tell_receivers(one, f"answer {now():%H%M%S}", by.id if by else None)


@transaction.atomic
def expire(referral: Referral) -> None:
    """Nobody did anything for too long: the client may be seen no more by it, and sender and client hear of it."""
    one = held(referral)
    if not can_proceed(one.expired):
        return
    step(one, one.expired, "expire_referral", "")
    end_consent(one)
    forget_meeting(one)
    tell_senders(one, "expired")
    tell_client(one.client, f"expired {one.id}", "my", [], about_of(one))


@transaction.atomic
def change_contact(by: Person, referral: Referral, member: Member) -> None:
    """Who stays the client's contact until the other has met them."""
    one = held(referral)
    require("journeys.send", by, one)
    if one.from_team_id is None or not member.teams.filter(id=one.from_team_id).exists():
        raise ValidationError({"contact": _("Valitse oman tiimin ohjaaja.")})
    one.contact = member
    one.save(update_fields=["contact"])
    record("change_contact", "client", one.client_id, str(by.id), referral=str(one.id))
