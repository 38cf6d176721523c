"""Referrals as they are received: opened, asked about, taken with a first meeting, declined, met, completed. `by` is a
guide of the receiving team; none where the receiver is outside the network, whose link and code the page has asked."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.masking import mask
from opinovi.contact.access import guide_of
from opinovi.contact.actions.appointments import Booking, book, book_joint
from opinovi.contact.actions.groups import Coming, register
from opinovi.contact.models import Appointment, TimeRule
from opinovi.directory.models import Service
from opinovi.journeys.actions.letters import tell_client, tell_senders
from opinovi.journeys.actions.outcomes import outcome_of_referral
from opinovi.journeys.actions.steps import Over, about_of, end_consent, forget_meeting, held, over_words, step
from opinovi.journeys.models import Referral
from opinovi.journeys.models.consents import Piece
from opinovi.journeys.models.outcomes import What
from opinovi.journeys.models.referrals import ReferralState
from opinovi.network.models import Member, Person

S = ReferralState


def may_receive(by: Person | None, one: Referral) -> str:
    """Whether the receiver may act now: the rule, and a consent that is in force. Returns the actor."""
    if by is not None:
        require("journeys.receive", by, one)
    if one.consent is None or not one.consent.in_force():
        raise Over(_("Asiakkaan lupa ei ole enää voimassa."))
    return str(by.id) if by else "outside"


@transaction.atomic
def see(by: Person | None, referral: Referral) -> None:
    """Somebody of the receiver opened it for the first time."""
    one = held(referral)
    actor = may_receive(by, one)
    if one.state == S.SENT:
        step(one, one.seen, "see_referral", actor)


@transaction.atomic
def ask_sender(by: Person | None, referral: Referral, question: str) -> None:
    """The receiver asks the sender something before they can say."""
    one = held(referral)
    actor = may_receive(by, one)
    if not question.strip():
        raise ValidationError({"question": _("Kirjoita kysymys.")})
    one.locked = one.client.lock({**one.words, "question": mask(question)[0], "answer": ""})
    step(one, one.returned, "question_referral", actor)
    tell_senders(one, f"question {now():%H%M%S}", by.id if by else None)


@transaction.atomic
def accept(
    by: Person | None, referral: Referral, rule: TimeRule | None = None, begins: datetime | None = None, mode: str = ""
) -> Referral:
    """The receiver takes it, and books the first meeting in the same step where a time is given. Raises Over where it
    is not there to be taken, TimeGone where the time is not free any more: then nothing has changed."""
    one = held(referral)
    actor = may_receive(by, one)
    if not can_proceed(one.accepted):
        raise Over(over_words(one))
    if by is not None and one.to_team is not None:
        one.receiver = guide_of(by, one.to_team) or Member.objects.filter(person=by, ended_at=None).first()
    if rule is not None and begins is not None:
        one.appointment = first_meeting(by, one, rule, begins, mode)
    if one.session is not None:
        take_place(one)
    one.accepted_at = now()
    step(one, one.accepted, "accept_referral", actor, booked=one.appointment_id is not None)
    tell_senders(one, "accepted", by.id if by else None)
    tell_client(one.client, f"accepted {one.id}", "my", [], about_of(one))
    return one


def first_meeting(by: Person | None, one: Referral, rule: TimeRule, begins: datetime, mode: str) -> Appointment:
    """The first meeting: with the receiver, or with sender and receiver together."""
    if one.to_team_id != rule.team_id:
        raise ValidationError(_("Valitse vastaanottavan tiimin aika."))
    told = one.client.told() if one.consent and Piece.CONTACT in one.consent.pieces else {}
    mode = mode if mode in rule.modes else rule.modes[0]
    booking = Booking(
        mode=mode,
        # A desk lists times by name: this one opens behind the referral, and the client sees who opened it.
        name=_("Ohjattu asiakas %(number)s") % {"number": one.number},
        mail=told.get("mail", ""),
        phone=told.get("phone", ""),
        remind="mail" if told.get("mail") else "sms" if told.get("phone") else "",
        language=one.client.language,
    )
    contact = one.contact or one.sender
    if one.three_way and contact is not None and one.receiver is not None and by is not None:
        return book_joint(by, one.network, rule, begins, rule.minutes, [one.receiver, contact], booking)
    return book(one.network, rule, begins, booking)


def take_place(one: Referral) -> None:
    """A place in the group, or in its line: as if the client had registered themselves."""
    told = one.client.told() if one.consent and Piece.CONTACT in one.consent.pieces else {}
    assert one.session is not None
    if told.get("mail") or told.get("phone"):
        remind = "mail" if told.get("mail") else "sms"
        coming = Coming(
            told.get("name", ""),
            told.get("mail", ""),
            told.get("phone", ""),
            remind=remind,
            language=one.client.language,
        )
        one.registration = register(one.network, one.session, coming)


@transaction.atomic
def decline(by: Person | None, referral: Referral, reason: str, better: Service | None = None) -> None:
    """The receiver does not take it: why, and where a better door is."""
    one = held(referral)
    actor = may_receive(by, one)
    if not reason.strip():
        raise ValidationError({"reason": _("Kerro syy, jotta lähettäjä osaa ohjata eteenpäin.")})
    one.locked = one.client.lock({**one.words, "reason": mask(reason)[0]})
    one.better_door = better
    step(one, one.declined, "decline_referral", actor, better=str(better.id) if better else "")
    end_consent(one)
    forget_meeting(one)
    tell_senders(one, "declined", by.id if by else None)
    tell_client(one.client, f"declined {one.id}", "my", [], about_of(one))


@transaction.atomic
def meet(by: Person | None, referral: Referral) -> None:
    """The receiver has met the client; the contact's part is done."""
    one = held(referral)
    actor = may_receive(by, one)
    if one.state == S.MET:
        return
    one.met_at = now()
    step(one, one.met, "meet_referral", actor)
    tell_senders(one, "met", by.id if by else None)


@transaction.atomic
def complete(by: Person | None, referral: Referral, what: str, words: str = "") -> None:
    """The receiver's part is done; what came of it is told."""
    one = held(referral)
    actor = may_receive(by, one)
    if what not in What.values:
        raise ValidationError({"what": _("Valitse, mitä tästä seurasi.")})
    if one.state == S.COMPLETED:
        return
    one.locked = one.client.lock({**one.words, **({"outcome": mask(words)[0]} if words else {})})
    step(one, one.completed, "complete_referral", actor, what=what, journey=str(one.journey_id))
    outcome_of_referral(one, what, words)
    tell_senders(one, "completed", by.id if by else None)
    tell_client(one.client, f"completed {one.id}", "my", [], about_of(one))
