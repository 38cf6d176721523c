"""What somebody thought of a contact: kept without a name, told to the team the same day where it went badly."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.mail import out_of_quiet
from opinovi.base.masking import mask
from opinovi.base.models import DataKey, Letter
from opinovi.contact.access import my_members
from opinovi.contact.actions.letters import remind
from opinovi.contact.models import Appointment, Enquiry, Registration
from opinovi.contact.models.appointments import AppointmentState
from opinovi.impact.models import Feedback, Given
from opinovi.impact.models.voices import ITEMS
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Member, Network, Person, Role, Team

SALT, MORE_SALT = "feedback", "feedback-more"
# So long can a contact be told of, and one's own feedback be added to.
DAYS, MORE_HOURS = 60, 2
MOST = 500
# So many days after a meeting is one still asked.
ASKED_WITHIN = 2
SUBJECT = gettext_noop("Miten meni?")
BODY = gettext_noop("Miten tapaaminen meni? Yksi painallus riittää: %(link)s")
# So long are the words of feedback kept.
KEPT_DAYS = 365
LOW = 1


@dataclass(frozen=True)
class Contact:
    """A contact that feedback is about, as far as it needs to be known."""

    hashed: str
    network: Network
    team: Team
    channel: str
    language: str


def token_of(one: Enquiry | Appointment | Registration) -> str:
    return signing.dumps([type(one).__name__.lower(), one.id.hex], salt=SALT)


def hash_of(kind: str, one_id: UUID) -> str:
    """By which it is known that feedback was given; not from which contact a feedback is."""
    return salted_hmac("impact.given", f"{kind} {one_id.hex}", algorithm="sha256").hexdigest()


def contact_of(token: str) -> Contact | None:
    """The contact behind a token; None where it is over, or never was."""
    try:
        kind, told = signing.loads(token, salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return None
    one_id = UUID(told)
    hashed = hash_of(kind, one_id)
    if kind == "enquiry":
        asked = Enquiry.objects.select_related("network", "team").filter(id=one_id).first()
        return Contact(hashed, asked.network, asked.team, asked.channel, asked.language) if asked else None
    if kind == "appointment":
        time = Appointment.objects.select_related("network", "team").filter(id=one_id).first()
        return Contact(hashed, time.network, time.team, time.mode, time.language) if time else None
    place = Registration.objects.select_related("network", "session__team").filter(id=one_id).first()
    if place is None:
        return None
    channel = "video" if place.session.link else "group"
    return Contact(hashed, place.network, place.session.team, channel, place.language)


@transaction.atomic
def give(contact: Contact, score: int) -> Feedback | None:
    """One tap. None where it was given before: once for each contact."""
    if score not in (1, 2, 3):
        raise ValidationError(_("Valitse yksi kolmesta."))
    _given, new = Given.objects.get_or_create(hashed=contact.hashed)
    if not new:
        return None
    one = Feedback.objects.create(
        network=contact.network, team=contact.team, channel=contact.channel, language=contact.language, score=score
    )
    told = {"network": str(contact.network.id), "team": str(contact.team.id), "channel": contact.channel}
    record("give", "feedback", one.id, **told, language=contact.language, score=score)
    if score == LOW:
        tell_team(one)
    return one


def tell_team(one: Feedback) -> None:
    """A low score reaches the team's guides the same day."""
    guides = Member.objects.filter(teams=one.team, roles__role=Role.GUIDE, ended_at=None).select_related("person")
    tell_members(guides.distinct(), f"feedback {one.id}", "team-feedback", [one.team_id], None)


def more_token(one: Feedback) -> str:
    return signing.dumps(one.id.hex, salt=MORE_SALT)


def feedback_of(token: str) -> Feedback | None:
    try:
        told = signing.loads(token, salt=MORE_SALT, max_age=MORE_HOURS * 3600)
    except signing.BadSignature:
        return None
    return Feedback.objects.select_related("key", "network").filter(id=UUID(told)).first()


@transaction.atomic
def tell_more(one: Feedback, words: str, items: dict[str, int]) -> None:
    """A sentence and four plain items, each 1 (no) to 3 (yes), if one likes. What is sent again takes the old one's
    place."""
    one = Feedback.objects.select_for_update(of=("self",)).select_related("key").get(id=one.id)
    items = {name: value for name, value in items.items() if name in ITEMS and value in (1, 2, 3)}
    words = mask(words)[0].strip()[:MOST]
    if words:
        one.key = one.key or DataKey.objects.create()
        one.locked = one.key.lock(words)
    one.items = one.items | items
    one.save(update_fields=["key", "locked", "items"])
    record("tell_more", "feedback", one.id, items=items)


@transaction.atomic
def read(by: Person, one: Feedback) -> None:
    """A guide has read a low one: it waits on nobody's desk any more."""
    require("impact.read_feedback", by, one)
    one = Feedback.objects.select_for_update(of=("self",)).get(id=one.id)
    if one.read_at is not None:
        return
    one.read_at = now()
    one.read_by = Member.objects.filter(id__in=my_members(by), teams=one.team_id).first()
    one.save(update_fields=["read_at", "read_by"])
    record("read", "feedback", one.id, str(by.id))


def ask_after_meetings() -> int:
    """Those who met somebody since yesterday and let themselves be reminded are asked once how it went: a letter with a
    link to their time, where one tap is enough. Run often."""
    since = now() - timedelta(days=ASKED_WITHIN)
    rows = Appointment.objects.filter(state=AppointmentState.MET, ends_at__gte=since).exclude(remind="")
    asked = 0
    for one in rows.select_related("key", "team", "network")[:500]:
        key = f"how {one.id}"
        if (
            Letter.objects.filter(key=key).exists()
            or Given.objects.filter(hashed=hash_of("appointment", one.id)).exists()
        ):
            continue
        with transaction.atomic():
            remind(one, key, SUBJECT, BODY, "own-time", one.team.organisation_id, out_of_quiet(now()))
            asked += 1
    return asked


def forget_old() -> int:
    """The words of old feedback are forgotten. Run every day."""
    rows = Feedback.objects.filter(day__lt=today() - timedelta(days=KEPT_DAYS)).exclude(key=None)
    for one in list(rows.select_related("key")[:1000]):
        with transaction.atomic():
            forget(one)
    return rows.count()


def forget(one: Any) -> None:
    key, one.key, one.locked = one.key, None, ""
    one.save(update_fields=["key", "locked"])
    if key is not None:
        key.delete()
    record("forget", "feedback", one.id)
