"""Consent: asked, answered, withdrawn. Withdrawing works at once, also for what was shared before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import months_on, now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.base.text import choose
from opinovi.contact.access import guide_of
from opinovi.directory.models import Service
from opinovi.journeys.access import is_first, own_client_id
from opinovi.journeys.actions.clients import hold, moved
from opinovi.journeys.actions.erasing import erase
from opinovi.journeys.actions.letters import drop_letters, tell_client
from opinovi.journeys.actions.steps import answered_by_client, consent_withdrawn
from opinovi.journeys.consent_texts import text_in_force
from opinovi.journeys.models import Client, Consent, Journey
from opinovi.journeys.models.consents import ConsentState, How, Piece
from opinovi.network.models import Member, Organisation, Person, Team

USUAL_MONTHS = 6
MOST_MONTHS = 24


@dataclass(frozen=True)
class Asked:
    """What is asked of a client: who would see, what, what for, until when."""

    organisation: Organisation | None = None
    service: Service | None = None
    team: Team | None = None
    pieces: Iterable[str] = field(default=(Piece.CONTACT, Piece.NEED))
    notes_from: date | None = None
    until: date | None = None
    why: str = ""
    # The name of a receiver outside the network.
    receiver: str = ""


def ask(client: Client, journey: Journey | None, asked: Asked, by: Member | None) -> Consent:
    """Put a consent before a client, within the caller's transaction, client held, and permission asked."""
    pieces = [one for one in Piece.values if one in set(asked.pieces)]
    if not pieces:
        raise ValidationError({"pieces": _("Valitse ainakin yksi asia, joka jaetaan.")})
    until = asked.until or months_on(today(), USUAL_MONTHS)
    if not today() <= until <= months_on(today(), MOST_MONTHS):
        raise ValidationError({"until": _("Valitse päivä tästä päivästä enintään kahden vuoden päähän.")})
    text = text_in_force()
    consent = Consent(
        client=client,
        journey=journey,
        organisation=asked.organisation,
        service=asked.service,
        team=asked.team,
        pieces=pieces,
        notes_from=asked.notes_from,
        until=until,
        text=text,
        asked_by=by,
    )
    shown = choose(text.text, client.language).text
    told = {"shown": shown, "why": mask(asked.why)[0], "receiver": asked.receiver}
    consent.locked = client.lock({name: value for name, value in told.items() if value})
    consent.save()
    record("ask_consent", "client", client.id, str(by.person_id) if by else "", consent=str(consent.id))
    return consent


@transaction.atomic
def ask_own_team(by: Person, client: Client, journey: Journey, pieces: Iterable[str] = Piece.values) -> Consent:
    """A guide asks that their own team may keep and see the client's guidance."""
    require("journeys.guide_team", by, journey.team)
    client = hold(client)
    told = Asked(organisation=journey.organisation, team=journey.team, pieces=pieces, until=months_on(today(), 12))
    consent = ask(client, journey, told, guide_of(by, journey.team) if journey.team else None)
    return consent


@transaction.atomic
def give_own(client: Client, asked: Asked) -> Consent:
    """A client lets somebody see, of their own accord."""
    client = hold(client)
    consent = ask(client, client.journeys.first(), asked, None)
    answer(consent, True, How.OWN_DEVICE)
    consent.refresh_from_db()
    return consent


@transaction.atomic
def send_question(consent: Consent) -> bool:
    """A letter to the client that something waits for their answer. Returns whether there is a way to them."""
    return tell_client(consent.client, f"consent {consent.id}", "consent", [consent.id], consent.organisation_id)


@transaction.atomic
def answer(
    consent: Consent,
    yes: bool,
    how: str,
    by: Person | None = None,
    witness: str = "",
    pieces: Iterable[str] | None = None,
) -> Consent:
    """The client says yes or no. With `by` a guide writes it down in the client's presence, with how and who was there.

    A client may say yes to less than was asked: `pieces`. What was sent on by a yes goes on its way in the same moment.
    """
    client = hold(consent.client_id)
    consent = (
        Consent.objects.select_for_update(of=("self",))
        .select_related("team", "organisation", "journey__team", "asked_by")
        .get(id=consent.id)
    )
    consent.client = client
    if client.erased:
        raise ValidationError(_("Tiedot on poistettu."))
    if consent.state != ConsentState.ASKED:
        if (consent.state == ConsentState.GIVEN) == yes and consent.state != ConsentState.WITHDRAWN:
            return consent
        raise ValidationError(_("Tähän on jo vastattu."))
    recorder = recorder_of(by, consent) if by is not None else None
    if by is not None and how == How.OWN_DEVICE:
        raise ValidationError({"how": _("Kerro, miten asiakas vastasi.")})
    if yes and consent.until < today():
        raise ValidationError(_("Kysymys on vanhentunut. Pyydä uusi."))
    if yes and pieces is not None:
        chosen = [one for one in consent.pieces if one in set(pieces)]
        if not chosen:
            raise ValidationError({"pieces": _("Valitse ainakin yksi asia, tai vastaa ei.")})
        consent.pieces = chosen
    (consent.given if yes else consent.refused)()
    consent.answered_at, consent.how, consent.recorded_by = now(), how, recorder
    if witness:
        consent.locked = client.lock({**consent.told(), "witness": mask(witness)[0]})
    consent.save()
    drop_letters(client, f"consent {consent.id}")
    moved(client)
    actor = str(by.id) if by else str(client.person_id)
    record("consent" if yes else "refuse", "client", client.id, actor, consent=str(consent.id), how=how)
    answered_by_client(consent, yes)
    if not yes and is_first(consent):
        # Nothing may be kept: what was written down is gone in the same moment.
        erase(client, why="refused", asked_too=False)
    return consent


def recorder_of(by: Person, consent: Consent) -> Member:
    """The guide who writes down a client's answer, by their place in the team that asked where they have one."""
    require("journeys.record_consent", by, consent)
    team = consent.journey.team if consent.journey else None
    if team is not None and (member := guide_of(by, team)) is not None:
        return member
    found = Member.objects.filter(person=by, ended_at=None).first()
    assert found is not None
    return found


@transaction.atomic
def withdraw(consent: Consent, by: Person | None = None) -> None:
    """The client takes it back, or a guide whom it lets see writes down that they did: what went on by it ends too."""
    client = hold(consent.client_id)
    rows = Consent.objects.select_for_update(of=("self",)).select_related("team", "organisation", "journey")
    consent = rows.get(id=consent.id)
    consent.client = client
    if by is not None and own_client_id(by) != client.id:
        require("journeys.end_consent", by, consent)
    if consent.state == ConsentState.ASKED:
        answer(consent, False, How.OWN_DEVICE)
        return
    if consent.state != ConsentState.GIVEN:
        return
    consent.withdrawn()
    consent.ended_at = now()
    consent.save()
    moved(client)
    record("withdraw", "client", client.id, str(by.id) if by else str(client.person_id), consent=str(consent.id))
    consent_withdrawn(consent)


def receiver_name(consent: Consent, language: str | None = None) -> str:
    """To whom, in the reader's words: the service and its organisation, or the name of one outside."""
    if consent.organisation is None:
        return str(consent.told().get("receiver") or "")
    name = choose(consent.organisation.name, language).text
    return f"{choose(consent.service.name, language).text}, {name}" if consent.service else name
