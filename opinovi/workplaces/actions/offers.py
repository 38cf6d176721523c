"""One joint offer of several organisations: each writes its own part and says that it is ready; sent, it does not
change; taken whole by one press."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.journeys.actions.letters import tell_members
from opinovi.journeys.limits import working_days_on
from opinovi.network.models import Member, Person
from opinovi.network.queries import member_in, own_people
from opinovi.workplaces.access import is_of_house
from opinovi.workplaces.actions import cases
from opinovi.workplaces.actions.cases import STEP_DAYS, held, move, tell_workplace
from opinovi.workplaces.models import Case, Offer, OfferPart
from opinovi.workplaces.models.cases import OfferState

MOST_PARTS = 20


def offer_of(one: Case, *states: str) -> Offer:
    """The case's offer in one of these states, the case being held. Raises ValidationError where there is none."""
    found = one.offers.filter(state__in=states).first()
    if found is None:
        raise ValidationError(_("Tämä ei käy enää. Joku on jo muuttanut tilaa."))
    return found


@transaction.atomic
def begin(by: Person, one: Case) -> Offer:
    """A new joint offer, or the one that is being written; after one that came to nothing, with its parts."""
    require("workplaces.handle", by, one)
    one = held(one.id)
    there = one.offers.filter(state=OfferState.DRAFT).first()
    if there is not None:
        return there
    if one.ended or one.offers.filter(state__in=["sent", "accepted"]).exists():
        raise ValidationError(_("Tarjous on jo lähetetty."))
    before = one.offers.first()
    made = Offer.objects.create(case=one, by=member_in(by, one.network), locked=before.locked if before else "")
    if before is not None:
        rows = list(before.parts.all())
        for row in rows:
            row.pk, row.offer, row.ready, row.done_at = None, made, False, None
        fields = ("organisation", "service", "contact", "what", "begins", "ends", "price", "funding")
        OfferPart.objects.bulk_create(
            OfferPart(offer=made, **{name: getattr(row, name) for name in fields}) for row in rows
        )
    record("begin", "offer", made.id, str(by.id), case=str(one.id))
    return made


@transaction.atomic
def save_words(by: Person, one: Case, text: str, valid_until: date) -> None:
    """What the offer is about, and until when it holds."""
    require("workplaces.handle", by, one)
    one = held(one.id)
    offer = offer_of(one, OfferState.DRAFT)
    if valid_until <= today():
        raise ValidationError({"valid_until": _("Valitse tuleva päivä.")})
    if one.key is None:
        raise ValidationError(_("Tekstit on poistettu. Kysykää uudelleen."))
    offer.locked, offer.valid_until = one.key.lock(mask(text)[0].strip()[:3000]), valid_until
    offer.save()
    record("save", "offer", offer.id, str(by.id))


@transaction.atomic
def ask_house(by: Person, one: Case, contact: Member) -> OfferPart:
    """Ask somebody of the network for their organisation's part; they are told."""
    require("workplaces.handle", by, one)
    one = held(one.id)
    offer = offer_of(one, OfferState.DRAFT)
    if not own_people(one.network).filter(id=contact.id).exists():
        raise ValidationError({"contact": _("Kaikki eivät ole mukana verkostossa.")})
    if offer.parts.count() >= MOST_PARTS:
        raise ValidationError(_("Osia on jo liikaa."))
    part = OfferPart.objects.create(offer=offer, organisation_id=contact.organisation_id, contact=contact)
    tell_members([contact], f"offer part {part.id}", "case", [one.id], by.id)
    record("ask_house", "offer", offer.id, str(by.id), part=str(part.id))
    return part


def held_part(by: Person, part: OfferPart) -> tuple[Case, OfferPart]:
    """A part of a draft, its case held; who may write it is of its house, or whose case it is."""
    require("workplaces.write_part", by, part)
    one = held(part.offer.case_id)
    found = OfferPart.objects.select_related("offer", "organisation").filter(id=part.id).first()
    if found is None or found.offer.state != OfferState.DRAFT:
        raise ValidationError(_("Tarjous on jo lähetetty. Osaa ei voi enää muuttaa."))
    return one, found


@transaction.atomic
def save_part(by: Person, part: OfferPart, *, ready: bool, **told: Any) -> OfferPart:
    """What a house does, when, at what price (cents). Only its own people say that it is ready; a change by another
    takes that back."""
    one, part = held_part(by, part)
    contact, service = told.get("contact"), told.get("service")
    if contact is not None and contact.organisation_id != part.organisation_id:
        raise ValidationError({"contact": _("Hän on toisesta organisaatiosta.")})
    if service is not None and service.organisation_id != part.organisation_id:
        raise ValidationError({"service": _("Palvelu on toisen organisaation.")})
    if told["begins"] and told["ends"] and told["ends"] < told["begins"]:
        raise ValidationError({"ends": _("Viimeinen päivä on ennen ensimmäistä.")})
    for name, value in told.items():
        setattr(part, name, mask(value)[0].strip() if isinstance(value, str) else value)
    part.ready = ready and bool(is_of_house(by, part))
    if part.ready:
        missing = {
            name: _("Tämä puuttuu vielä.") for name in ("what", "begins", "price") if getattr(part, name) in ("", None)
        }
        if missing:
            raise ValidationError(missing)
    part.save()
    record("save", "offer_part", part.id, str(by.id), ready=part.ready)
    if part.ready and not part.offer.parts.filter(ready=False).exists():
        tell_members(cases.handlers(one), f"offer {part.offer_id} ready {now():%Y%m%d%H%M}", "case", [one.id], by.id)
    return part


@transaction.atomic
def drop_part(by: Person, part: OfferPart) -> None:
    _one, part = held_part(by, part)
    record("drop", "offer_part", part.id, str(by.id), offer=str(part.offer_id))
    part.delete()


@transaction.atomic
def send(by: Person, one: Case) -> Offer:
    """To the workplace: whole, with what each does, when and for how much; nothing of it changes from now on."""
    require("workplaces.handle", by, one)
    one = held(one.id)
    offer = offer_of(one, OfferState.DRAFT)
    parts = list(offer.parts.all())
    if not parts:
        raise ValidationError(_("Lisää tarjoukseen ensin osa."))
    if any(not part.ready for part in parts):
        raise ValidationError(_("Kaikki osat eivät ole vielä valmiita. Jokainen organisaatio merkitsee omansa."))
    if offer.valid_until is None or offer.valid_until <= today():
        raise ValidationError(_("Kirjoita, mihin asti tarjous on voimassa."))
    offer.sent_at = now()
    offer.sent()
    offer.save()
    one.due_at = cases.end_of(offer.valid_until)
    if one.responsible is None:
        one.responsible = member_in(by, one.network)
    move(one, one.offered, "send_offer", str(by.id), offer=str(offer.id), parts=len(parts))
    tell_workplace(one, f"offer {offer.id}")
    return offer


@transaction.atomic
def take_back(by: Person, one: Case) -> None:
    """The team takes a sent offer back, to write it better."""
    require("workplaces.handle", by, one)
    end_offer(held(one.id), "withdrawn", str(by.id))


@transaction.atomic
def accept(one: Case, offer_id: Any, by: Person | None = None) -> None:
    """The workplace takes the offer it saw, by one press; each house is told. Twice is once."""
    if by is not None:
        require("workplaces.answer_offer", by, one)
    one = held(one.id)
    offer = one.offers.select_for_update().filter(id=offer_id).first()
    if offer is not None and offer.state == OfferState.ACCEPTED:
        return
    if offer is None or not can_proceed(offer.accepted):
        raise ValidationError(_("Tämä tarjous ei ole enää voimassa. Kysykää uutta."))
    if offer.valid_until is not None and offer.valid_until < today():
        raise ValidationError(_("Tarjouksen viimeinen päivä on mennyt. Kysykää uutta."))
    offer.answered_at, offer.answered_by = now(), by
    offer.accepted()
    offer.save()
    one.due_at = working_days_on(now(), STEP_DAYS)
    move(one, one.agreed, "accept_offer", str(by.id) if by else "", offer=str(offer.id))
    contacts = [part.contact for part in offer.parts.select_related("contact__person") if part.contact]
    told = {member.id: member for member in [*contacts, *cases.handlers(one)] if member.ended_at is None}
    tell_members(told.values(), f"offer {offer.id} accepted", "case", [one.id])


@transaction.atomic
def decline(one: Case, offer_id: Any, by: Person | None = None) -> None:
    """The workplace does not take it; the team goes on from there."""
    if by is not None:
        require("workplaces.answer_offer", by, one)
    one = held(one.id)
    if not one.offers.filter(id=offer_id, state=OfferState.SENT).exists():
        raise ValidationError(_("Tämä tarjous ei ole enää voimassa. Kysykää uutta."))
    end_offer(one, "declined", str(by.id) if by else "", by)
    tell_members(cases.handlers(one), f"offer {offer_id} declined", "case", [one.id])


def end_offer(one: Case, how: str, actor: str, by: Person | None = None) -> None:
    """A sent offer comes to nothing, and the case goes on. Within the transaction that holds the case."""
    offer = offer_of(one, OfferState.SENT)
    if how == "declined":
        offer.answered_at, offer.answered_by = now(), by
    getattr(offer, how)()
    offer.save()
    one.due_at = working_days_on(now(), STEP_DAYS)
    move(one, one.unanswered, f"{how}_offer", actor, offer=str(offer.id))


@transaction.atomic
def finish_part(by: Person, part: OfferPart) -> None:
    """A house has done its part of what was agreed. Once all have, whose case it is hears of it."""
    require("workplaces.write_part", by, part)
    one = held(part.offer.case_id)
    part = OfferPart.objects.select_related("offer").get(id=part.id)
    if part.offer.state != OfferState.ACCEPTED:
        raise ValidationError(_("Työpaikka ei ole vielä hyväksynyt tarjousta."))
    if part.done_at is not None:
        return
    part.done_at = now()
    part.save()
    record("finish", "offer_part", part.id, str(by.id))
    if not part.offer.parts.filter(done_at=None).exists():
        tell_members(cases.handlers(one), f"offer {part.offer_id} done", "case", [one.id], by.id)


# By the worker


def expire_offers() -> None:
    """An offer whose last day has gone by is over, and who has the case hears of it."""
    old = Offer.objects.filter(state=OfferState.SENT, valid_until__lt=today())
    for case_id in list(old.values_list("case", flat=True)[:500]):
        with transaction.atomic():
            one = held(case_id)
            offer = one.offers.filter(state=OfferState.SENT, valid_until__lt=today()).first()
            if offer is not None:
                end_offer(one, "expired", "")
                tell_members(cases.handlers(one), f"offer {offer.id} expired", "case", [one.id])
