"""Keys by which an organisation's other systems write here."""

import secrets
from datetime import date, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.interchange.models import ApiKey, Scope
from opinovi.network.models import Member, Organisation, Person

LONGEST = timedelta(days=366)
MOST = 20


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@transaction.atomic
def make_key(by: Person, organisation: Organisation, name: str, scopes: list[str], ends_on: date) -> tuple[ApiKey, str]:
    """A new key and its text, which is told once and kept nowhere."""
    require("interchange.keep_keys", by, organisation)
    if not scopes or set(scopes) - set(Scope.values):
        raise ValidationError({"scopes": _("Valitse, mitä avaimella saa tehdä.")})
    if not today() <= ends_on <= today() + LONGEST:
        raise ValidationError({"ends_on": _("Avain voi olla voimassa enintään vuoden.")})
    if ApiKey.objects.filter(organisation=organisation, ended_at=None, ends_on__gte=today()).count() >= MOST:
        raise ValidationError(_("Talolla on jo monta avainta. Päätä ensin jokin."))
    text = f"oo_{secrets.token_urlsafe(32)}"
    member = Member.objects.filter(person=by, organisation=organisation, ended_at=None).first()
    one = ApiKey.objects.create(
        organisation=organisation, name=name.replace("\x00", "").strip(), begins=text[:8],
        hash=hash_of(text), scopes=sorted(scopes), made_by=member, ends_on=ends_on,
    )  # fmt: skip
    record("make", "api_key", one.id, str(by.id), scopes=one.scopes, ends=ends_on.isoformat())
    return one, text


@transaction.atomic
def end_key(by: Person, key: ApiKey) -> None:
    """From now on it opens nothing."""
    require("interchange.keep_keys", by, key.organisation)
    key = ApiKey.objects.select_for_update().get(id=key.id)
    if key.ended_at is None:
        key.ended_at = now()
        key.save(update_fields=["ended_at"])
        record("end", "api_key", key.id, str(by.id))


def note_use(key: ApiKey) -> None:
    """On which day it was last used: no more, so no Event."""
    if key.used_on != today():
        ApiKey.objects.filter(id=key.id).update(used_on=today())
