"""Meetings: an agenda, those who are there, what is said and decided."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.network.models import Member, Network, Person
from opinovi.network.queries import member_in
from opinovi.strategy.models import Decision, Meeting, StrategyVersion


@transaction.atomic
def save_meeting(
    by: Person, network: Network, one: Meeting | None, *, held_at: datetime, participants: list[Member], **texts: Any
) -> Meeting:
    """Call a meeting, or write down what was said in it. `texts`: name, place, agenda, others, minutes."""
    require("strategy.run", by, network)
    one = Meeting(network=network) if one is None else held(one)
    refuse_closed(one)
    ids = {row.id for row in participants}
    if Member.objects.filter(id__in=ids, organisation__networks=network).distinct().count() != len(ids):
        raise ValidationError({"participants": _("Kaikki eivät ole mukana verkostossa.")})
    one.held_at = held_at
    for name, text in texts.items():
        setattr(one, name, mask(text)[0].strip())
    one.save()
    one.participants.set(participants)
    record("save", "meeting", one.id, str(by.id))
    return one


def held(one: Meeting) -> Meeting:
    return Meeting.objects.select_for_update().get(id=one.id)


def refuse_closed(one: Meeting) -> None:
    if one.closed_at is not None:
        raise ValidationError(_("Pöytäkirja on valmis, eikä sitä voi enää muuttaa."))


@transaction.atomic
def decide(by: Person, meeting: Meeting, text: str, version: StrategyVersion | None, approved: bool) -> Decision:
    """Write down a decision; with a version, whether it was approved."""
    require("strategy.run", by, meeting)
    meeting = held(meeting)
    refuse_closed(meeting)
    if meeting.held_at > now():
        raise ValidationError(_("Kokous on vasta edessä. Päätökset kirjataan, kun se on pidetty."))
    text = mask(text)[0].strip()
    if not text:
        raise ValidationError({"text": _("Kirjoita päätös.")})
    if version is not None and version.strategy.network_id != meeting.network_id:
        raise ValidationError({"version": _("Se on toisen verkoston strategia.")})
    last = meeting.decisions.aggregate(last=Max("number"))["last"] or 0
    one = Decision.objects.create(
        meeting=meeting, number=last + 1, text=text, version=version, approved=approved,
        by=member_in(by, meeting.network),
    )  # fmt: skip
    record("decide", "meeting", meeting.id, str(by.id), number=one.number)
    return one


@transaction.atomic
def close(by: Person, meeting: Meeting) -> Meeting:
    """The minutes are ready: from now on nobody changes them, and what was approved may be published."""
    require("strategy.run", by, meeting)
    meeting = held(meeting)
    refuse_closed(meeting)
    if meeting.held_at > now():
        raise ValidationError(_("Kokous on vasta edessä."))
    if not meeting.participants.exists() and not meeting.others:
        raise ValidationError({"participants": _("Kirjaa, keitä oli paikalla.")})
    meeting.closed_at = now()
    meeting.save()
    record("close", "meeting", meeting.id, str(by.id))
    return meeting
