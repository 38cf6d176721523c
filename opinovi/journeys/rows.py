"""Consents and referrals as pages list them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from opinovi.base.clock import now
from opinovi.base.text import choose
from opinovi.base.when import soon
from opinovi.contact.booking import when_words
from opinovi.journeys.actions.consents import receiver_name
from opinovi.journeys.models import Client, Consent, Referral
from opinovi.journeys.models.consents import ConsentState, How, Piece
from opinovi.journeys.models.referrals import ReferralState, Urgency
from opinovi.journeys.queries import with_all
from opinovi.journeys.words import HOW, PIECES, STATES, URGENCIES


def consent_rows(consents: Iterable[Consent], client: Client) -> list[dict[str, Any]]:
    """Who may see what, and until when; those that wait for an answer and those that are over too."""
    return [consent_row(one, client) for one in consents]


def consent_row(one: Consent, client: Client) -> dict[str, Any]:
    one.client = client
    pieces = [str(PIECES[Piece(piece)]) for piece in one.pieces]
    return {
        "id": one.id,
        "who": receiver_name(one),
        "pieces": pieces,
        "notes_from": one.notes_from if Piece.NOTES in one.pieces else None,
        "until": one.until,
        "state": one.state,
        "in_force": one.in_force(),
        "asked": one.state == ConsentState.ASKED,
        "how": HOW[How(one.how)] if one.how else "",
        "by": str(one.recorded_by) if one.recorded_by else "",
        "words": consent_words(one),
        "answered_at": one.answered_at,
    }


def consent_words(one: Consent) -> str:
    """Its state, as people say it."""
    if one.in_force():
        return _("voimassa")
    return {
        ConsentState.ASKED: _("odottaa vastausta"),
        ConsentState.GIVEN: _("päättynyt"),
        ConsentState.REFUSED: _("asiakas sanoi ei"),
        ConsentState.WITHDRAWN: _("asiakas perui"),
        ConsentState.ENDED: _("päättynyt"),
    }[ConsentState(one.state)]


def referral_rows(rows: QuerySet[Referral], client: Client | None = None) -> list[dict[str, Any]]:
    return [referral_row(one, client) for one in with_all(rows).order_by("-drafted_at", "-id")]


def referral_row(one: Referral, client: Client | None = None) -> dict[str, Any]:
    """A referral without a word of whom it is about; with the client its receiver outside the network is named too."""
    words, light = STATES[ReferralState(one.state)]
    return {
        "id": one.id,
        "number": one.number,
        "to": to_words(one, client),
        "from": choose(one.from_team.organisation.name).text if one.from_team else _("asiakas itse"),
        "state": one.state,
        "words": words,
        "light": light,
        "urgency": URGENCIES[Urgency(one.urgency)] if one.urgency != Urgency.CALM else "",
        "urgent": one.urgency == Urgency.URGENT,
        "when": when_of(one),
        "due": due_words(one.due_at),
        "late": one.due_at is not None and one.due_at < now(),
        "meeting": when_words(one.appointment.begins_at) if one.appointment and not one.over else "",
        "over": one.over,
        "who": str(one.receiver) if one.receiver else "",
        "better": choose(one.better_door.name).text if one.better_door else "",
        "better_id": one.better_door_id,
    }


def to_words(one: Referral, client: Client | None = None) -> str:
    """To whom: the service with its organisation, or the receiver outside."""
    if one.session is not None:
        return choose(one.session.name).text
    if one.offering is not None:
        return choose(one.offering.name).text
    if one.to_team is not None:
        house = choose(one.to_team.organisation.name).text
        return f"{choose(one.service.name).text}, {house}" if one.service else house
    if client is not None:
        told = client.unlock(one.locked) or {}
        return str((told.get("receiver") or {}).get("name", "")) or _("verkoston ulkopuolelle")
    return _("verkoston ulkopuolelle")


def when_of(one: Referral) -> datetime:
    """When it came to where it is."""
    return one.over_at or one.met_at or one.accepted_at or one.sent_at or one.drafted_at


def due_words(due: datetime | None) -> str:
    if due is None:
        return ""
    return _("myöhässä") if due < now() else soon(due, now())
