"""The code by which a receiver outside the network opens what is shared, and that they read it."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.mail import post
from opinovi.base.models import Letter
from opinovi.contact.return_code import hash_of
from opinovi.journeys.actions.clients import CODE_MINUTES, CODE_TRIES
from opinovi.journeys.actions.steps import held
from opinovi.journeys.models import Referral


@transaction.atomic
def send_code(referral: Referral) -> str:
    """Six digits to the receiver's phone where messages are sent, else to their address. Returns which way."""
    one = held(referral)
    receiver = one.words.get("receiver") or {}
    code = f"{secrets.randbelow(10**6):06d}"
    until = now() + timedelta(minutes=CODE_MINUTES)
    one.locked = one.client.lock({**one.words, "code": {"hash": hash_of(code), "until": until.isoformat(), "tries": 0}})
    one.save(update_fields=["locked"])
    by_phone = bool(receiver.get("phone")) and settings.SMS_OFFERED
    kind, to = (Letter.Kind.SMS, receiver["phone"]) if by_phone else (Letter.Kind.MAIL, receiver["mail"])
    with translation.override(settings.LANGUAGE_CODE):
        body = _("Koodi, jolla sivu aukeaa: %(code)s. Se on voimassa 10 minuuttia.") % {"code": code}
        key = f"client {one.client_id} outside code {secrets.token_hex(6)}"
        post(key, to, _("Koodi ohjattuun asiakkaaseen"), body, kind=kind)
    record("send_code", "client", one.client_id, "outside", referral=str(one.id))
    return str(kind)


@transaction.atomic
def open_by_code(referral: Referral, code: str) -> bool:
    """Whether the code is the one that was sent; a right one is used up, and a wrong one counts."""
    one = held(referral)
    told = one.words.get("code")
    if not told or told["tries"] >= CODE_TRIES or not still(parse_datetime(told["until"])):
        return False
    right = secrets.compare_digest(told["hash"], hash_of(code.strip().replace(" ", "")))
    left = {name: value for name, value in one.words.items() if name != "code"}
    one.locked = one.client.lock(left if right else {**left, "code": {**told, "tries": told["tries"] + 1}})
    one.save(update_fields=["locked"])
    if right:
        record("open", "client", one.client_id, "outside", referral=str(one.id))
    return right


def still(until: datetime | None) -> bool:
    return until is not None and until > now()


@transaction.atomic
def read(referral: Referral, pieces: Iterable[str]) -> None:
    """The receiver outside reads what is shared: an Event each time."""
    record("read", "client", referral.client_id, "outside", pieces=sorted(pieces), referral=str(referral.id))
