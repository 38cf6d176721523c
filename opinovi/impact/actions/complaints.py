"""Somebody was treated badly and says so. The organisation answers within a time limit, and the coordinator sees if it
does not."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.ids import spoken_number
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.contact.actions.letters import tell
from opinovi.contact.return_code import hash_of
from opinovi.impact.models import Complaint
from opinovi.impact.models.voices import ComplaintState
from opinovi.impact.queries import administrators_of
from opinovi.impact.stories import COMPLAINT_DAYS
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Member, Membership, Network, Organisation, Person
from opinovi.network.queries import coordinators_of

SUBJECT = gettext_noop("Sinulle on viesti")
GOT = gettext_noop("Viestisi on perillä, ja siihen vastataan. Katso tästä: %(link)s")
ANSWERED = gettext_noop("Sinulle on vastattu. Lue tästä: %(link)s")
# So long after the answer are the words kept.
KEPT_DAYS = 365
MOST = 5000


@dataclass(frozen=True)
class Told:
    """What somebody tells of what went wrong."""

    words: str
    mail: str = ""
    language: str = "fi"
    once: UUID | None = None


@transaction.atomic
def complain(network: Network, house: Organisation, told: Told) -> Complaint:
    """Say what went wrong. A form sent twice says it once."""
    if told.once and (same := Complaint.objects.filter(once=told.once).first()):
        return same
    if not Membership.objects.filter(network=network, organisation=house).exists():
        raise ValidationError({"house": _("Valitse, ketä asia koskee.")})
    words = mask(told.words)[0].strip()[:MOST]
    if not words:
        raise ValidationError({"words": _("Kerro omin sanoin, mitä tapahtui.")})
    token, key = secrets.token_urlsafe(16), DataKey.objects.create()
    one = Complaint(
        network=network, organisation=house, number=spoken_number(Complaint.objects), language=told.language, key=key,
        answer_by=now() + timedelta(days=COMPLAINT_DAYS), token_hash=hash_of(token), once=told.once,
    )  # fmt: skip
    one.keep({"words": words, "mail": told.mail, "token": token})
    one.save()
    record("complain", "complaint", one.id, network=str(network.id), house=str(house.id))
    tell(one, f"complaint {one.id}", SUBJECT, GOT, "own-complaint", house.id, at_once=True)
    keepers = list(administrators_of(house)) or list(coordinators_of(network))
    tell_members(keepers, f"complaint {one.id} told", "complaint", [one.id], None)
    return one


@transaction.atomic
def answer(by: Person, one: Complaint, text: str) -> None:
    """The organisation answers. Answered again, the newer answer stands."""
    one = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("key", "network", "organisation")
        .get(id=one.id)
    )
    require("impact.answer_complaint", by, one)
    text = mask(text)[0].strip()[:MOST]
    if not text:
        raise ValidationError({"text": _("Kirjoita vastaus.")})
    if one.key is None:
        raise ValidationError(_("Tiedot on poistettu."))
    first = one.answered_at is None
    one.keep(one.told() | {"answer": text})
    one.state, one.answered_at = ComplaintState.ANSWERED, one.answered_at or now()
    one.member = Member.objects.filter(person=by, organisation=one.organisation, ended_at=None).first()
    one.save()
    record("answer", "complaint", one.id, str(by.id))
    if first:
        tell(one, f"complaint {one.id} answered", SUBJECT, ANSWERED, "own-complaint", one.organisation_id)


@transaction.atomic
def erase(one: Complaint, why: str = "asked") -> None:
    """The words are gone, and the address leads nowhere; that there was a complaint stays."""
    one = Complaint.objects.select_for_update(of=("self",)).select_related("key").get(id=one.id)
    key, one.key, one.locked, one.token_hash = one.key, None, "", None
    one.save(update_fields=["key", "locked", "token_hash"])
    if key is not None:
        key.delete()
    record("erase", "complaint", one.id, why=why)


def watch() -> None:
    """The coordinators are told once of a complaint that was not answered in time. Run often."""
    late = Complaint.objects.filter(state=ComplaintState.WAITING, answer_by__lte=now(), late_at=None)
    for one in late.select_related("network")[:100]:
        with transaction.atomic():
            if not Complaint.objects.filter(id=one.id, late_at=None).update(late_at=now()):
                continue
            tell_members(
                coordinators_of(one.network), f"complaint {one.id} late", "network-impact", [one.network_id], None
            )
            record("late", "complaint", one.id)


def forget_old() -> int:
    """Run every day."""
    rows = Complaint.objects.filter(answered_at__lt=now() - timedelta(days=KEPT_DAYS)).exclude(key=None)
    ids = list(rows.values_list("id", flat=True)[:500])
    for one in ids:
        erase(Complaint(id=one), "old")
    return len(ids)
