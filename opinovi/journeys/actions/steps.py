"""The steps of a referral, each with its Event: within the transaction of an action, the client held."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.contact.actions import appointments, groups
from opinovi.contact.models import Appointment, Registration
from opinovi.contact.models.appointments import AppointmentState
from opinovi.contact.models.groups import RegistrationState
from opinovi.journeys.actions.clients import hold, moved
from opinovi.journeys.actions.letters import drop_letters, tell_receivers, tell_senders
from opinovi.journeys.limits import limit
from opinovi.journeys.models import Consent, Referral
from opinovi.journeys.models.consents import ConsentState
from opinovi.journeys.models.referrals import ReferralState

S = ReferralState


class Over(ValidationError):
    """The referral is not any more where somebody thought it was."""


def held(referral: Referral) -> Referral:
    """The referral as it is now, with its client held until the transaction ends. Raises Over where the client is
    erased: then there is nothing to do anything with."""
    client = hold(referral.client_id)
    if client.erased:
        raise Over(_("Tiedot on poistettu."))
    rows = Referral.objects.select_for_update(of=("self",)).select_related(
        "consent", "to_team", "journey", "sender", "session"
    )
    found = rows.get(id=referral.id)
    found.client, found.network = client, client.network
    if found.consent is not None:
        found.consent.client = client
    return found


def step(one: Referral, transition: Callable[[], None], verb: str, actor: str, **data: Any) -> None:
    """Take a step, if it may be taken from where the referral stands; one Event. Saves."""
    if not can_proceed(transition):
        raise Over(over_words(one))
    transition()
    at = now()
    one.reminded = 0
    one.due_at = None if one.over else limit(one.state, one.urgency, at)
    if one.over:
        one.over_at = at
    one.save()
    moved(one.client)
    record(verb, "client", one.client_id, actor, referral=str(one.id), **data)


def over_words(one: Referral) -> str:
    """Why a step can't be taken any more, in words that one may be told."""
    return {
        S.WITHDRAWN: _("Asiakas on perunut ohjaamisen."),
        S.ACCEPTED: _("Tämä on jo otettu vastaan."),
        S.MET: _("Asiakas on jo tavattu."),
        S.DECLINED: _("Tästä on jo kieltäydytty."),
        S.COMPLETED: _("Tämä on jo valmis."),
        S.EXPIRED: _("Tämän aika ehti loppua."),
    }.get(S(one.state), _("Tätä ei voi tehdä nyt."))


def answered_by_client(consent: Consent, yes: bool) -> None:
    """The client's yes sends the referral on, their no ends it. Within the transaction of the answer, client held."""
    row = Referral.objects.filter(consent=consent).first()
    if row is None:
        return
    one = held(row)
    actor = str(one.client.person_id)
    if not yes:
        if can_proceed(one.withdrawn):
            step(one, one.withdrawn, "withdraw_referral", actor)
            tell_senders(one, "refused")
        return
    one.sent_at = now()
    house = str(one.to_team.organisation_id) if one.to_team is not None else ""
    teams = {"to": str(one.to_team_id or ""), "of": str(one.from_team_id or ""), "house": house}
    step(one, one.sent, "send_referral", actor, **teams)
    tell_receivers(one, "sent")
    tell_senders(one, "sent")


def consent_withdrawn(consent: Consent) -> None:
    """The client took the consent back: the referral that stood on it ends in the same moment."""
    row = Referral.objects.filter(consent=consent).first()
    if row is None:
        return
    one = held(row)
    if can_proceed(one.withdrawn):
        end_for_client(one, str(one.client.person_id))


def end_for_client(one: Referral, actor: str) -> None:
    was_sent = one.sent_at is not None
    step(one, one.withdrawn, "withdraw_referral", actor)
    forget_meeting(one)
    if was_sent:
        tell_receivers(one, "withdrawn")
    tell_senders(one, "withdrawn")


def forget_meeting(one: Referral) -> None:
    """The first meeting is called off if it is ahead, the place in a group given up, and what their pages tell of the
    client is gone."""
    forget_place(one)
    meeting = Appointment.objects.filter(id=one.appointment_id).first() if one.appointment_id else None
    if meeting is None or meeting.state == AppointmentState.ERASED:
        return
    if meeting.state == AppointmentState.BOOKED:
        appointments.cancel(meeting)
    appointments.erase(meeting, why="referral")


def forget_place(one: Referral) -> None:
    place = (
        Registration.objects.select_related("session").filter(id=one.registration_id).first()
        if one.registration_id
        else None
    )
    if place is None or place.state == RegistrationState.ERASED:
        return
    if place.session.starts_at > now():
        groups.leave(place)
    groups.erase(place, why="referral")


def end_consent(one: Referral) -> None:
    """What the consent was for is over: by it nobody sees anything any more."""
    consent = one.consent
    if consent is None or consent.state not in (ConsentState.ASKED, ConsentState.GIVEN):
        return
    consent.ended()
    consent.ended_at = now()
    consent.save()
    drop_letters(one.client, f"consent {consent.id}")


def about_of(one: Referral) -> UUID | None:
    return one.to_team.organisation_id if one.to_team else None
