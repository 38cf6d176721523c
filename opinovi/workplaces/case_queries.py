"""Reads of cases: found, listed, and shown with what was said and offered."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from opinovi.base.clock import now
from opinovi.contact.return_code import hash_of
from opinovi.network.models import Network
from opinovi.network.standing import standing
from opinovi.workplaces.access import cases_of
from opinovi.workplaces.models import Case, Offer, OfferPart
from opinovi.workplaces.models.cases import CaseState, OfferState
from opinovi.workplaces.words import ASKS, CASES, OFFERS, next_words

OPEN_STATES = [CaseState.NEW, CaseState.OPEN, CaseState.OFFERED, CaseState.AGREED]


def case_rows() -> QuerySet[Case]:
    return Case.objects.select_related("key", "network", "workplace", "responsible__person")


def case_by_id(case_id: UUID) -> Case | None:
    return case_rows().filter(id=case_id).first()


def case_by_token(token: str) -> Case | None:
    return case_rows().filter(token_hash=hash_of(token)).first()


def part_by_id(part_id: UUID) -> OfferPart | None:
    rows = OfferPart.objects.select_related("offer__case__network", "offer__case__key", "organisation", "contact")
    return rows.filter(id=part_id).first()


def cases_for(user: Any, network: Network, shown: str = "open") -> QuerySet[Case]:
    """The network's cases that are somebody's to handle, the one whose day is nearest first."""
    rows = cases_of(user, case_rows().filter(network=network))
    if shown == "mine":
        rows = rows.filter(responsible__in=standing(user).members())
    if shown == "all":
        return rows.order_by("-asked_at")
    if shown == "ended":
        return rows.filter(ended_at__isnull=False).order_by("-ended_at")
    return rows.filter(state__in=OPEN_STATES).order_by("due_at", "id")


def case_row(one: Case) -> dict[str, Any]:
    """A case as a list shows it."""
    word, tone = CASES[one.state]
    due = timezone.localtime(one.due_at) if one.due_at else None
    return {
        "one": one,
        "house": house_of(one),
        "ask": ASKS[one.ask],
        "word": word,
        "tone": tone,
        "next": next_words(one),
        "due": due,
        "late": bool(one.due_at and (one.due_at < now() or one.reminded)),
    }


def house_of(one: Case) -> str:
    """Who asks: the workplace as it is known, else as they wrote it."""
    return one.workplace.name if one.workplace else str(one.told().get("house", ""))


def offer_told(one: Case, offer: Offer) -> dict[str, Any]:
    """An offer with its parts and what it costs whole (cents)."""
    parts = list(offer.parts.select_related("organisation", "contact__person", "service"))
    word, tone = OFFERS[offer.state]
    return {
        "offer": offer,
        "word": word,
        "tone": tone,
        "text": one.key.unlock(offer.locked) if one.key and offer.locked else "",
        "parts": parts,
        "total": sum(part.price or 0 for part in parts),
        "ready": bool(parts) and all(part.ready for part in parts),
        "begins": min((part.begins for part in parts if part.begins), default=None),
        "done": sum(part.done_at is not None for part in parts),
    }


def shown_offer(one: Case) -> Offer | None:
    """What a workplace sees of offers: the one that waits or was taken, else the newest that was answered."""
    return one.offers.exclude(state__in=[OfferState.DRAFT, OfferState.WITHDRAWN]).first()


def thread_of(one: Case) -> list[dict[str, Any]]:
    """What was said, the oldest first. One query."""
    if one.key is None:
        return []
    rows = one.messages.select_related("member__person", "member__organisation")
    return [{"one": row, "text": one.key.unlock(row.locked)} for row in rows]
