"""Hours and costs: written down by the partners, confirmed, sent back; none once their period is closed."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Member, Organisation, Person
from opinovi.network.queries import member_in
from opinovi.projects.models import CostType, Entry, EntryState, Partner, Period, Project
from opinovi.projects.money import MOST_CENTS, price_of

DAY_MINUTES = 24 * 60
# A thousand euros an hour; more is a slip of the finger.
MOST_AN_HOUR = 100_000


def held(period: Period) -> Period:
    """The period, open; who closes it waits for this to end."""
    one = Period.objects.select_for_update(of=("self",)).select_related("project__network").get(id=period.id)
    if one.closed_at is not None:
        raise ValidationError(_("Kausi on suljettu. Sen kirjauksia ei voi muuttaa."))
    return one


def period_on(project: Project, day: date) -> Period:
    found = project.periods.filter(begins__lte=day, ends__gte=day).first()
    if found is None:
        raise ValidationError({"day": _("Tälle päivälle ei ole raportointikautta.")})
    return found


@transaction.atomic
def enter(
    by: Person, project: Project, one: Entry | None, organisation: Organisation, *, day: date, cost_type: str,
    in_kind: bool, text: str, cents: int = 0, minutes: int = 0, hour_cents: int = 0, member: Member | None = None,
    voucher: str = "", once: UUID | None = None,
) -> Entry:  # fmt: skip
    """Write down hours (minutes and the price of an hour) or a cost; or correct what is not confirmed. A form sent
    twice writes once."""
    require("projects.enter_for", by, organisation)
    if one is None and once and (same := Entry.objects.filter(once=once).first()):
        return same
    if not Partner.objects.filter(project=project, organisation=organisation).exists():
        raise ValidationError(_("Organisaatio ei ole hankkeen osapuoli."))
    period = held(period_on(project, day))
    if one is None:
        one = Entry(entered_by=member_in(by, period.project.network), once=once)
    else:
        one = Entry.objects.select_for_update().get(id=one.id)
        require("projects.own_entry", by, one)
        held(one.period)
        if one.state == EntryState.CONFIRMED:
            raise ValidationError(_("Tämä on jo vahvistettu. Pyydä se takaisin, jos siinä on virhe."))
        one.entered()
    if day > today():
        raise ValidationError({"day": _("Päivä on vasta edessä.")})
    if cost_type not in CostType.values or cost_type == CostType.FLAT:
        raise ValidationError({"cost_type": _("Tuntematon kululaji.")})
    if not 0 <= hour_cents <= MOST_AN_HOUR:
        raise ValidationError({"hour": _("Tunnin hinta on liian suuri.")})
    if minutes:
        check_hours(project, one, day, minutes, member, organisation)
        cost_type, cents = CostType.STAFF, price_of(minutes, hour_cents, project.rounding)
    else:
        member, hour_cents = None, 0
    if not cents or abs(cents) > MOST_CENTS:
        raise ValidationError({"cents": _("Kirjoita summa tai tunnit.")})
    one.period, one.organisation, one.day, one.cost_type, one.in_kind = period, organisation, day, cost_type, in_kind
    one.member, one.minutes, one.hour_cents, one.cents = member, minutes, hour_cents, cents
    one.text, one.voucher, one.entered_at = mask(text)[0].strip()[:300], mask(voucher)[0].strip()[:40], now()
    if not one.text:
        raise ValidationError({"text": _("Kirjoita, mistä kulu on.")})
    one.save()
    record("enter", "entry", one.id, str(by.id), project=str(project.id))
    return one


def check_hours(
    project: Project, one: Entry, day: date, minutes: int, member: Member | None, organisation: Organisation
) -> None:
    """Somebody of the house worked, and no more than a day has in it, in all projects together."""
    if member is None or member.organisation_id != organisation.id:
        raise ValidationError({"member": _("Valitse, kuka teki työn.")})
    others = Entry.objects.filter(member__person=member.person_id, day=day).exclude(id=one.id)
    if minutes + sum(others.values_list("minutes", flat=True)) > DAY_MINUTES:
        raise ValidationError({"minutes": _("Päivässä ei ole näin monta tuntia.")})


@transaction.atomic
def drop(by: Person, one: Entry) -> None:
    """Take out what was written down by mistake and is not confirmed."""
    one = Entry.objects.select_for_update().select_related("period__project").get(id=one.id)
    require("projects.own_entry", by, one)
    held(one.period)
    if one.state == EntryState.CONFIRMED:
        raise ValidationError(_("Tämä on jo vahvistettu. Pyydä se takaisin, jos siinä on virhe."))
    record("drop", "entry", one.id, str(by.id), cents=one.cents)
    one.delete()


@transaction.atomic
def confirm(by: Person, entries: list[Entry]) -> int:
    """Confirm several at once; what is confirmed already stays as it is. Nobody confirms their own hours."""
    count = 0
    ids = sorted(one.id for one in entries)
    rows = Entry.objects.select_for_update(of=("self",)).select_related("period__project__network", "member")
    for one in rows.filter(id__in=ids).order_by("id"):
        require("projects.confirm", by, one)
        held(one.period)
        if one.state == EntryState.CONFIRMED:
            continue
        if one.member is not None and one.member.person_id == by.id:
            raise ValidationError(_("Omat tunnit vahvistaa joku muu."))
        one.confirmed(member_in(by, one.period.project.network))
        one.save()
        record(
            "confirm", "entry", one.id, str(by.id), minutes=one.minutes, house=str(one.organisation_id),
            network=str(one.period.project.network_id), day=one.day.isoformat(),
        )  # fmt: skip
        count += 1
    return count


@transaction.atomic
def send_back(by: Person, one: Entry, why: str) -> None:
    """Ask who wrote it to put it right."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("period__project", "entered_by__person")
    one = rows.get(id=one.id)
    require("projects.confirm", by, one)
    held(one.period)
    why = mask(why)[0].strip()[:300]
    if not why:
        raise ValidationError({"why": _("Kirjoita, mitä pitää korjata.")})
    if one.state == EntryState.RETURNED:
        raise ValidationError(_("Tämä on jo palautettu."))
    one.returned(why)
    one.save()
    stamp = int(now().timestamp())
    tell_members([one.entered_by], f"entry {one.id} back {stamp}", "entry", [one.id], by.id)
    record("send_back", "entry", one.id, str(by.id))


def fields_of(one: Entry) -> dict[str, Any]:
    names = ("day", "cost_type", "in_kind", "text", "cents", "minutes", "hour_cents", "member", "voucher")
    return {name: getattr(one, name) for name in names}
