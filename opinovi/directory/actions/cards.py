"""Contact cards: a person decides what of them is shown, and can take it back at once."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record as tell
from opinovi.directory.actions.freshness import next_date
from opinovi.directory.models import ContactCard, Service, ServicePoint, State
from opinovi.network.models import Member, Person


@transaction.atomic
def save_card(
    by: Person,
    member: Member,
    shown: Iterable[str],
    about: dict[str, str],
    topics: list[str],
    languages: list[str],
    points: Iterable[ServicePoint],
    services: Iterable[Service],
) -> ContactCard:
    """Save one's own card. What is chosen to be shown is the consent; nothing chosen withdraws it."""
    require("directory.own_card", by, member)
    chosen = [one for one in ContactCard.SHOWABLE if one in set(shown)]
    card = ContactCard.objects.filter(member=member).first() or ContactCard(
        member=member, organisation=member.organisation
    )
    told: dict[str, Any] = {"topics": topics, "languages": languages, "about": about, "shown": chosen}
    for name, value in told.items():
        setattr(card, name, value)
    card.consented_at = now() if chosen else None
    card.state, card.version = State.PUBLISHED, card.version + 1
    card.verified_on, card.confirm_by = today(), next_date(card.confirm_months)
    card.save()
    card.points.set(points)
    card.services.set(services)
    tell("consent" if chosen else "withdraw_consent", "card", card.id, str(by.id), shown=chosen)
    return card


@transaction.atomic
def withdraw_card(by: Person, card: ContactCard) -> None:
    """Take a card out of what is public: the person's own consent withdrawn, or an editor's decision."""
    require("directory.withdraw_card", by, card)
    card.shown, card.consented_at, card.state = [], None, State.WITHDRAWN
    card.version += 1
    card.save()
    tell("withdraw", "card", card.id, str(by.id))
