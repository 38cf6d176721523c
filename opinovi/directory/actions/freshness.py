"""Keeping true: a record is confirmed by its owner in time, who is reminded, by a letter that needs no sign-in."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from opinovi.base.access import require
from opinovi.base.clock import months_on, today
from opinovi.base.events import record as tell
from opinovi.base.mail import post
from opinovi.base.models import Letter
from opinovi.base.text import choose
from opinovi.directory.models import Answer, ContactCard, Kept, Offering, Service, ServicePoint, State
from opinovi.directory.records import MODELS, find_record, type_of
from opinovi.network.models import Absence, Member, Role

SALT = "still true"
LINK_DAYS = 45
# Days before the date on which the owner is reminded.
REMINDERS = (30, 7)


def next_date(months: int) -> date:
    return months_on(today(), months)


def sign_link(record: Kept, member_id: UUID | None) -> str:
    """What a letter's link carries: one version of one record, and whom it was written to. Expires."""
    return signing.dumps(
        [type_of(record), str(record.pk), record.version, str(member_id or "")], salt=SALT, compress=True
    )


def read_link(token: str) -> tuple[Kept, int, str] | None:
    """The record, the version and the member that a link is for; None where it is false or has expired."""
    try:
        kind, record_id, version, member_id = signing.loads(token, salt=SALT, max_age=timedelta(days=LINK_DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    record = find_record(kind, UUID(record_id))
    return (record, int(version), member_id) if record is not None else None


@transaction.atomic
def confirm(by: Any, record: Any) -> None:
    """A signed-in editor or owner says that a record is still true."""
    require("directory.confirm", by, record)
    confirmed(record, str(by.id), "desk")


@transaction.atomic
def confirm_by_link(token: str) -> Kept:
    """The one who got the letter says that the record is still true. Raises ValidationError with the reason if it
    can't be: the link is over, or the record has changed since the letter."""
    found = read_link(token)
    if found is None:
        raise ValidationError(_("Linkki on vanhentunut. Kirjaudu sisään ja tarkista tieto työpöydällä."), code="over")
    record, version, member_id = found
    locked: Any = MODELS[type_of(record)]._default_manager.select_for_update().get(pk=record.pk)
    if locked.version != version or locked.state != State.PUBLISHED:
        raise ValidationError(_("Tietoa on muutettu viestin jälkeen. Kirjaudu sisään ja katso se."), code="changed")
    member = (
        Member.objects.filter(id__in=[member_id] if member_id else [], ended_at=None).select_related("person").first()
    )
    if member is None or not member.person.is_active:
        raise ValidationError(_("Linkki ei enää toimi, koska sen saaja ei ole mukana."), code="left")
    if locked.verified_on != today():
        confirmed(locked, str(member.person_id), "letter")
    return locked


def confirmed(record: Any, actor: str, how: str) -> None:
    record.verified_on, record.confirm_by = today(), next_date(record.confirm_months)
    record.save(update_fields=["verified_on", "confirm_by"])
    tell("confirm", type_of(record), record.pk, actor, how=how)


def due_on(day: date) -> list[tuple[Any, int]]:
    """The published records whose date is 30 or 7 days ahead or has gone, with the days left (0 for gone)."""
    found: list[tuple[Any, int]] = []
    models: tuple[Any, ...] = (Service, ServicePoint, Offering, ContactCard, Answer)
    for model in models:
        rows = model._default_manager.filter(state=State.PUBLISHED, confirm_by__lte=day + timedelta(days=REMINDERS[0]))
        for one in rows.exclude(organisation=None).order_by("pk"):
            left = (one.confirm_by - day).days
            if left in REMINDERS or left < 0:
                found.append((one, max(left, 0)))
    return found


@transaction.atomic
def send_reminders(day: date | None = None) -> int:
    """One letter a day to each who has something to confirm: the owner before the date, the administrators after it.

    Past the date the administrators are told a day after, and then every 30 days. Returns how many letters.
    """
    day = day or today()
    mine: dict[Member, list[Any]] = defaultdict(list)
    administrators = administrators_by_organisation()
    stand_ins = substitutes(day)
    for one, left in due_on(day):
        late = (day - one.confirm_by).days
        owner = one.owner or getattr(one, "member", None)
        if left or late == 0:
            people = [owner] if owner and owner.ended_at is None else administrators[one.organisation_id]
        elif late % 30 == 1:
            people = administrators[one.organisation_id]
        else:
            continue
        for person in people:
            mine[stand_ins.get(person.id, person)].append(one)
    sent = 0
    for member, records in mine.items():
        sent += write_reminder(member, list(dict.fromkeys(records)), day)
    return sent


def administrators_by_organisation() -> dict[UUID, list[Member]]:
    found: dict[UUID, list[Member]] = defaultdict(list)
    rows = Member.objects.filter(ended_at=None, roles__role=Role.ADMINISTRATOR, person__is_active=True)
    for member in rows.select_related("person").order_by("since", "id").distinct():
        found[member.organisation_id].append(member)
    return found


def substitutes(day: date) -> dict[UUID, Member]:
    """Who stands in for whom on a day."""
    rows = Absence.objects.filter(begins__lte=day, ends__gte=day, substitute__isnull=False, substitute__ended_at=None)
    return {one.member_id: one.substitute for one in rows.select_related("substitute__person") if one.substitute}


def write_reminder(member: Member, records: list[Any], day: date) -> int:
    """One letter with a link for each record; the same letter is written once a day. It tells no person's data."""
    with override(member.person.language or settings.LANGUAGE_CODE):
        lines = [
            f"{what_it_is(one)}\n{settings.BASE_URL}{reverse('still-true', args=[sign_link(one, member.id)])}"
            for one in records
        ]
        subject = ngettext("Tieto odottaa tarkistusta", "%(count)d tietoa odottaa tarkistusta", len(records))
        body = _(
            "Hei!\n\nOnko tämä yhä totta? Avaa linkki, niin tieto on tarkistettu. Kirjautua ei tarvitse.\n\n"
            "%(lines)s\n\nJos jokin on muuttunut, korjaa se työpöydällä: %(desk)s"
        )
        told = {"lines": "\n\n".join(lines), "desk": f"{settings.BASE_URL}{reverse('desk')}"}
        key = f"confirm {member.id} {day.isoformat()}"
        new = not Letter.objects.filter(key=key).exists()
        post(key, member.person.email, subject % {"count": len(records)}, body % told)
    return int(new)


def what_it_is(one: Any) -> str:
    """A record's public name; a contact card is only called so, since its name is a person's."""
    return _("Yhteystietokortti") if isinstance(one, ContactCard) else choose(one.name).text
