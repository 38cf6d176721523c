"""Telling other systems of changes: addresses are added, tried and ended; what is to be told is gathered and sent.

Signed as Standard Webhooks 1.0 has it: the headers webhook-id, webhook-timestamp and webhook-signature, an HMAC-SHA256
of all three with the secret that was shown when the address was added.
"""

import base64
import hashlib
import hmac
import secrets
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.models import Event
from opinovi.base.secret import seal, unseal
from opinovi.interchange.changes import KINDS, changes_of, events
from opinovi.interchange.models import Hook, Telling, TellingState
from opinovi.interchange.sources.fetching import CannotFetch, answered
from opinovi.network.models import Member, Organisation, Person

MOST = 10
# After each failure, so long until the next try; after the last, it is given up.
WAITS = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
         timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24)]  # fmt: skip
TAKEN = timedelta(seconds=60)
# For how many seconds a round tells at most, so that the worker's other rounds come to their turn.
ROUND = 20.0
# How long nothing may reach an address before it is told no more.
PATIENCE = timedelta(days=5)
# More changes than this in one round are told as one, which says where to read them all.
AT_ONCE = 100
# A transaction may commit after one with a higher number: what is younger is looked at in the next round.
SETTLED = timedelta(seconds=5)
KEPT = timedelta(days=30)


@transaction.atomic
def make_hook(
    by: Person, organisation: Organisation, address: str, kinds: list[str], own_only: bool
) -> tuple[Hook, str]:
    """A new address, and the secret by which what it is told is signed; it is shown this once."""
    require("interchange.keep_hooks", by, organisation)
    if not kinds or set(kinds) - set(KINDS):
        raise ValidationError({"kinds": _("Valitse, mistä kerrotaan.")})
    if not address.startswith("https://") and urlsplit(address).netloc not in settings.FETCH_ALLOWED:
        raise ValidationError({"address": _("Osoitteen pitää alkaa https://.")})
    if Hook.objects.filter(organisation=organisation, ended_at=None).count() >= MOST:
        raise ValidationError(_("Talolla on jo monta osoitetta. Päätä ensin jokin."))
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
    one = Hook(
        organisation=organisation, address=address, kinds=sorted(kinds), own_only=own_only,
        sealed=seal(secret, "hook"), seen=Event.objects.aggregate(last=Max("seq"))["last"] or 0,
        made_by=Member.objects.filter(person=by, organisation=organisation, ended_at=None).first(),
    )  # fmt: skip
    one.full_clean(exclude=["made_by"])
    one.save()
    record("make", "hook", one.id, str(by.id), kinds=one.kinds)
    return one, secret


@transaction.atomic
def end_hook(by: Person, hook: Hook) -> None:
    """From now on it is told nothing."""
    require("interchange.keep_hooks", by, hook)
    hook = Hook.objects.select_for_update(of=("self",)).get(id=hook.id)
    if hook.ended_at is None:
        close(hook)
        record("end", "hook", hook.id, str(by.id))


@transaction.atomic
def try_hook(by: Person, hook: Hook) -> Telling:
    """Tell it something that means nothing, to see whether it hears; what was paused is told again from now on."""
    require("interchange.keep_hooks", by, hook)
    hook = Hook.objects.select_for_update(of=("self",)).get(id=hook.id)
    if hook.ended_at is not None:
        raise ValidationError(_("Osoite on jo päätetty."))
    if hook.paused_at is not None:
        hook.paused_at = hook.failing_since = None
        hook.seen = Event.objects.aggregate(last=Max("seq"))["last"] or 0
        hook.save()
    one = Telling.objects.create(hook=hook, body={"type": "trial", "at": now().isoformat()})
    record("try", "hook", hook.id, str(by.id))
    return one


@transaction.atomic
def tell_again(by: Person, telling: Telling) -> None:
    """Try once more what was given up, or was told already."""
    require("interchange.keep_hooks", by, telling)
    telling = Telling.objects.select_for_update(of=("self",)).get(id=telling.id)
    if telling.state in (TellingState.SENT, TellingState.FAILED):
        telling.state, telling.tries, telling.next_try_at = TellingState.WAITING, 0, now()
        telling.save()
        record("tell_again", "hook", telling.hook_id, str(by.id), telling=str(telling.id))


# By themselves


def gather() -> int:
    """Write down what each address is to be told of the changes since the last time. Gives how many are to be told."""
    made = 0
    for hook_id in Hook.objects.filter(ended_at=None, paused_at=None).values_list("id", flat=True):
        made += gather_for(hook_id)
    return made


@transaction.atomic
def gather_for(hook_id: Any) -> int:
    hook = Hook.objects.select_for_update().get(id=hook_id)
    if hook.ended_at is not None or hook.paused_at is not None:
        return 0
    until = Event.objects.filter(at__lt=now() - SETTLED, seq__gt=hook.seen).aggregate(last=Max("seq"))["last"]
    if until is None:
        return 0
    rows = events(hook.kinds).filter(seq__gt=hook.seen, seq__lte=until).order_by("seq")
    told = list(rows[: AT_ONCE + 1])
    if len(told) > AT_ONCE and not hook.own_only:
        number = rows.count()
        address = f"{settings.BASE_URL}/api/changes?after={hook.seen}"
        bodies = [(told[-1].seq, {"type": "many", "at": now().isoformat(), "count": number, "changes": address})]
    else:
        changes = [
            one for one in changes_of(told if len(told) <= AT_ONCE else rows)
            if not hook.own_only or one.organisation == hook.organisation_id
        ]  # fmt: skip
        bodies = [(one.number, {"type": f"{one.kind}.{one.how}"} | one.told()) for one in changes]
    Telling.objects.bulk_create(
        [Telling(hook=hook, event=number, body=body) for number, body in bodies], batch_size=200, ignore_conflicts=True
    )
    hook.seen = until
    hook.save(update_fields=["seen"])
    if bodies:
        record("gather", "hook", hook.id, count=len(bodies))
    return len(bodies)


def send_due() -> int:
    """Tell what is to be told by now, each at its own address, the oldest first. Gives how many were heard."""
    open_states = [TellingState.WAITING, TellingState.SENDING]
    rows = Telling.objects.filter(state__in=open_states, next_try_at__lte=now(), hook__ended_at=None)
    heard, until = 0, time.monotonic() + ROUND
    for one in list(rows.order_by("made_at", "id").values_list("id", flat=True)[:500]):
        if time.monotonic() > until:
            break
        heard += send_one(one)
    return heard


def send_one(telling_id: Any) -> bool:
    open_states = [TellingState.WAITING, TellingState.SENDING]
    taken = Telling.objects.filter(id=telling_id, state__in=open_states, next_try_at__lte=now()).update(
        state=TellingState.SENDING, next_try_at=now() + TAKEN
    )
    if not taken:
        return False
    one = Telling.objects.select_related("hook").get(id=telling_id)
    status, why = tell(one)
    return heard(one, status, why)


def tell(one: Telling) -> tuple[int | None, str]:
    """What the other side answered: its status, or the code of why there was none."""
    body = orjson.dumps(one.body)
    stamp = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": f"msg_{one.id.hex}",
        "webhook-timestamp": stamp,
        "webhook-signature": signature(unseal(one.hook.sealed, "hook"), f"msg_{one.id.hex}", stamp, body),
    }
    try:
        return answered(one.hook.address, body, headers), ""
    except CannotFetch as error:
        return None, error.code
    except httpx.HTTPError:
        return None, "no-answer"


def signature(secret: str, message: str, stamp: str, body: bytes) -> str:
    """By Standard Webhooks: HMAC-SHA256 of "id.timestamp.body" under the secret, as v1,<base64>."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{message}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


@transaction.atomic
def heard(one: Telling, status: int | None, why: str) -> bool:
    """Write down what came of a try. An address that says 410 wants to be told no more."""
    hook = Hook.objects.select_for_update(of=("self",)).get(id=one.hook_id)
    one.tries, one.status, one.why = one.tries + 1, status, why
    if status is not None and 200 <= status < 300:
        one.state, one.sent_at, hook.failing_since = TellingState.SENT, now(), None
    else:
        over = one.tries > len(WAITS) or status == 410
        one.state = TellingState.FAILED if over else TellingState.WAITING
        one.next_try_at = now() + (timedelta(0) if over else WAITS[one.tries - 1])
        hook.failing_since = hook.failing_since or now()
        # What else waits for one that does not hear waits with it: no round is spent on it.
        waiting = hook.tellings.filter(state=TellingState.WAITING, next_try_at__lte=now()).exclude(id=one.id)
        waiting.update(next_try_at=now() + (WAITS[0] if over else WAITS[one.tries - 1]))
        if status == 410:
            close(hook)
        elif hook.paused_at is None and hook.failing_since < now() - PATIENCE:
            hook.paused_at = now()
            record("pause", "hook", hook.id)
    one.save()
    hook.save()
    if one.state in (TellingState.SENT, TellingState.FAILED):
        record("tell", "hook", hook.id, telling=str(one.id), heard=one.state == TellingState.SENT)
    return one.state == TellingState.SENT


def close(hook: Hook) -> None:
    hook.ended_at, hook.sealed = now(), seal("", "hook")
    hook.save()
    hook.tellings.filter(state=TellingState.WAITING).update(state=TellingState.FAILED, why="ended")


def forget_old() -> None:
    """What was told long ago."""
    Telling.objects.filter(state__in=[TellingState.SENT, TellingState.FAILED], made_at__lt=now() - KEPT).delete()
