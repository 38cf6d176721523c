"""Those who wait for an earlier time: a freed one is held for the first of them, then for the next."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.mail import out_of_quiet
from opinovi.base.models import DataKey
from opinovi.contact.actions.cells import TimeGone, take_cells
from opinovi.contact.actions.letters import tell
from opinovi.contact.models import Appointment, WaitingForTime
from opinovi.contact.models.appointments import WaitingState
from opinovi.contact.return_code import hash_of
from opinovi.network.models import Network

HOLD = timedelta(hours=2)
WAITS_DAYS = 60
OFFER_SUBJECT = gettext_noop("Aika vapautui")
OFFER = gettext_noop("Aika vapautui. Se on varattu sinulle hetken. Ota se tai jätä väliin: %(link)s")


@transaction.atomic
def wait_for_time(network: Network, service: Any, mode: str, mail: str, phone: str, language: str) -> WaitingForTime:
    """Put somebody on the waiting list; a freed time is offered to the one who has waited longest."""
    if not mail and not phone:
        raise ValidationError(_("Kirjoita osoite tai numero, johon ilmoitamme."))
    token = secrets.token_urlsafe(16)
    one = WaitingForTime(
        network=network, service=service, mode=mode, language=language, token_hash=hash_of(token),
        key=DataKey.objects.create(),
    )  # fmt: skip
    one.keep({"mail": mail, "phone": phone, "token": token})
    one.save()
    record("wait", "service", service.id, waiting=str(one.id))
    return one


def offer_freed(freed: Appointment, member: UUID) -> None:
    """Offer a freed time to the first who waits for it, and hold it for them. Within the caller's transaction."""
    rule = freed.rule
    if (
        rule is None
        or rule.by_code
        or freed.begins_at <= now() + timedelta(hours=rule.notice_hours)
        or freed.service is None
    ):
        return
    waiting = WaitingForTime.objects.select_for_update(of=("self",)).select_related("key", "network")
    rows = waiting.filter(service=freed.service, state=WaitingState.WAITING, mode__in=["", *rule.modes])
    one = rows.order_by("since", "id").first()
    if one is None:
        return
    try:
        take_cells([member], freed.begins_at, rule.minutes + rule.buffer_minutes, waiting=one)
    except TimeGone:
        return
    one.state, one.rule, one.member_id, one.begins_at = WaitingState.OFFERED, rule, member, freed.begins_at
    one.held_until = min(out_of_quiet(now()) + HOLD, freed.begins_at - timedelta(hours=rule.notice_hours))
    one.save()
    record("offer", "service", freed.service.pk, waiting=str(one.id))
    key = f"offer {one.id} {one.begins_at:%m%d%H%M}"
    tell(one, key, OFFER_SUBJECT, OFFER, "offer", rule.team.organisation_id)


@transaction.atomic
def decline_offer(one: WaitingForTime, stay: bool) -> None:
    """Not this one: the next in line gets it; the person may stay in line."""
    one = WaitingForTime.objects.select_for_update(of=("self",)).select_related("key", "rule__team").get(id=one.id)
    if one.state not in (WaitingState.OFFERED, WaitingState.WAITING):
        return
    let_go(one, WaitingState.WAITING if stay else WaitingState.GONE)


def let_go(one: WaitingForTime, state: str) -> None:
    """Release what is held, and offer it to the next. Within the caller's transaction."""
    freed = Appointment(rule=one.rule, service=one.service, begins_at=one.begins_at) if one.begins_at else None
    member = one.member_id
    one.taken.all().delete()
    if state == WaitingState.WAITING:
        one.state, one.rule, one.member, one.begins_at, one.held_until = state, None, None, None, None
        # Behind those who have not been asked yet.
        one.since = now()
        one.save()
    else:
        end_waiting(one, state)
    record("let_go", "service", one.service_id, waiting=str(one.id))
    if freed is not None and member is not None:
        offer_freed(freed, member)


def end_waiting(one: WaitingForTime, state: str) -> None:
    key = one.key
    one.state, one.locked, one.token_hash, one.key = state, "", None, None
    one.begins_at = one.held_until = None
    one.save()
    if key is not None:
        key.delete()


def let_go_of_held() -> None:
    """Offers that nobody took in time go to the next. Run by the worker."""
    over = WaitingForTime.objects.filter(state=WaitingState.OFFERED, held_until__lte=now())
    for one_id in over.values_list("id", flat=True)[:200]:
        with transaction.atomic():
            rows = WaitingForTime.objects.select_for_update(of=("self",)).select_related("key", "rule__team", "service")
            one = rows.filter(id=one_id, state=WaitingState.OFFERED, held_until__lte=now()).first()
            if one is not None:
                let_go(
                    one, WaitingState.WAITING if now() - one.since < timedelta(days=WAITS_DAYS) else WaitingState.GONE
                )


@transaction.atomic
def forget_old() -> None:
    """Who has waited too long is forgotten. Run every day."""
    old = WaitingForTime.objects.filter(state=WaitingState.WAITING, since__lt=now() - timedelta(days=WAITS_DAYS))
    for one in old.select_related("key"):
        end_waiting(one, WaitingState.GONE)
        record("let_go", "service", one.service_id, waiting=str(one.id))
