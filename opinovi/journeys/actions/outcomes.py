"""A journey ends, and what came of it is asked: then, and after 3, 6 and 12 months."""

import secrets
from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import months_on, now, today
from opinovi.base.events import record
from opinovi.base.mail import out_of_quiet, post
from opinovi.base.masking import mask
from opinovi.base.models import Letter
from opinovi.contact.actions.letters import spoken, way_to
from opinovi.contact.return_code import hash_of
from opinovi.directory.hours import ZONE
from opinovi.journeys.access import own_client_id
from opinovi.journeys.actions.clients import hold, moved
from opinovi.journeys.actions.letters import drop_letters, key_of
from opinovi.journeys.models import Client, Confidence, Journey, Outcome, Referral
from opinovi.journeys.models.outcomes import MONTHS, What
from opinovi.journeys.words import OUTCOMES
from opinovi.network.models import Member, Person
from opinovi.network.queries import address_in

ASK_AT = time(10)
SUBJECT = gettext_noop("Miten sinulla menee?")
BODY = gettext_noop(
    "Hei!\n\nMiten sinulla menee nyt? Vastaa yhdellä painalluksella:\n\n%(links)s\n\nVoit myös jättää vastaamatta."
)
SHORT = gettext_noop("Miten sinulla menee? Vastaa yhdellä painalluksella: %(link)s")


@transaction.atomic
def end_journey(by: Person, journey: Journey) -> None:
    """The guidance ends for now. What came of it is asked then, and in 3, 6 and 12 months."""
    client = hold(journey.client_id)
    journey = Journey.objects.select_related("client__key", "team").get(id=journey.id)
    journey.client = client
    require("journeys.lead", by, journey)
    if journey.ended_at is not None:
        return
    journey.ended_at = now()
    journey.save(update_fields=["ended_at"])
    plan_outcomes(journey)
    moved(client)
    record("end", "client", client.id, str(by.id), journey=str(journey.id))


@transaction.atomic
def go_on(by: Person, journey: Journey) -> None:
    """It goes on after all: what was to be asked is asked later."""
    client = hold(journey.client_id)
    journey.client = client
    require("journeys.lead", by, journey)
    if journey.ended_at is None:
        return
    Journey.objects.filter(id=journey.id).update(ended_at=None)
    journey.outcomes.filter(asked_at=None).delete()
    drop_letters(client, "outcome")
    record("go_on", "client", client.id, str(by.id), journey=str(journey.id))


def plan_outcomes(journey: Journey) -> None:
    """What is asked when: those times that are not planned yet. Within the caller's transaction."""
    there = set(journey.outcomes.values_list("months", flat=True))
    for months in MONTHS:
        if months not in there:
            Outcome.objects.create(journey=journey, months=months, due=months_on(today(), months))


def outcome_of_referral(one: Referral, what: str, words: str) -> None:
    """What the receiver tells when their part is done is the journey's outcome at its end; later ones are asked."""
    journey = one.journey
    plan_outcomes(journey)
    row = journey.outcomes.get(months=0)
    row.referral, row.what, row.answered_at, row.member = one, what, now(), one.receiver
    row.locked = one.client.lock({"why": mask(words)[0]}) if words else ""
    row.save()


def ask_due() -> int:
    """Ask those whose time has come. Run often; each is asked once."""
    rows = Outcome.objects.filter(due__lte=today(), asked_at=None, answered_at=None, journey__client__state="active")
    ids = list(rows.values_list("id", flat=True)[:500])
    return sum(ask(one) for one in ids)


@transaction.atomic
def ask(outcome_id: UUID) -> bool:
    """A letter with one link an answer, or a text message with one link."""
    row = Outcome.objects.select_for_update(of=("self",)).select_related("journey").get(id=outcome_id)
    if row.asked_at is not None or row.answered_at is not None:
        return False
    client = hold(row.journey.client_id)
    token = secrets.token_urlsafe(16)
    row.token_hash, row.asked_at = hash_of(token), now()
    row.save()
    way = way_to(client.told())
    sent = way is not None and client.letters and not client.on_paper
    if sent and way is not None:
        kind, to = way
        with translation.override(spoken(client.language)):
            link = address_in(client.network, "tell-outcome", [token])
            links = "\n\n".join(f"{words}: {link}?v={what}" for what, words in OUTCOMES.items())
            text = gettext(SHORT) % {"link": link} if kind == Letter.Kind.SMS else gettext(BODY) % {"links": links}
            at = out_of_quiet(datetime.combine(row.due, ASK_AT, ZONE))
            post(key_of(client, f"outcome {row.id}"), to, gettext(SUBJECT), text, kind=kind, not_before=max(at, now()))
    record("ask_outcome", "client", client.id, months=row.months, sent=sent, journey=str(row.journey_id))
    return sent


def outcome_of_token(token: str) -> Outcome | None:
    """The question behind a letter's link; None where the client is gone."""
    rows = Outcome.objects.select_related("journey__client__key", "journey__client__network")
    return rows.filter(token_hash=hash_of(token), journey__client__state="active").first()


@transaction.atomic
def tell(outcome: Outcome, what: str, why: str = "", by: Person | None = None) -> None:
    """The client tells what came of it, or a guide who sees them does. It may be told again; nothing has to be."""
    client = hold(outcome.journey.client_id)
    member = None
    if by is not None and own_client_id(by) != client.id:
        require("journeys.see_client", by, client)
        member = Member.objects.filter(person=by, ended_at=None).first()
    if what not in What.values:
        raise ValidationError({"what": _("Valitse yksi vaihtoehto.")})
    row = Outcome.objects.select_for_update(of=("self",)).get(id=outcome.id)
    row.what, row.answered_at, row.member = what, now(), member
    row.locked = client.lock({"why": mask(why)[0]}) if why else ""
    row.save()
    drop_letters(client, f"outcome {row.id}")
    moved(client)
    told = {"months": row.months, "journey": str(row.journey_id), "what": what}
    record("tell_outcome", "client", client.id, str(by.id) if by else str(client.person_id), **told)


@transaction.atomic
def set_confidence(client: Client, values: Sequence[int], after: bool, by: Person | None = None) -> None:
    """Four answers from 1 to 5: before guidance, and after it."""
    client = hold(client)
    if by is not None and own_client_id(by) != client.id:
        require("journeys.see_client", by, client)
    if len(values) != 4 or not all(1 <= one <= 5 for one in values):
        raise ValidationError(_("Vastaa jokaiseen neljään."))
    told = {"locked": client.lock(list(values)), "total": sum(values), "at": now()}
    Confidence.objects.update_or_create(client=client, after=after, defaults=told)
    actor = str(by.id) if by else str(client.person_id)
    record("set_confidence", "client", client.id, actor, after=after, total=sum(values))
