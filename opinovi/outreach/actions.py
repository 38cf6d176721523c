"""Every change of outreach: planned, gone to, written down in the field."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.door_code import new_code
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.network.standing import standing
from opinovi.outreach.models import FieldNote, Group, Met, OutreachAction, OutreachPlan

CODE_LENGTH = 7
MOST_NOTES = 500
# However wrong a phone's clock is, a note has not lain longer than this.
LONGEST_LAIN = timedelta(days=60)


@transaction.atomic
def save_plan(
    by: Person, network: Network, organisation: Organisation, one: OutreachPlan | None, **fields: Any
) -> OutreachPlan:
    """Plan where to go, for whom and why; or change it."""
    if one is None:
        require("outreach.plan_for", by, organisation)
        one = OutreachPlan(network=network, organisation=organisation)
    else:
        one = OutreachPlan.objects.select_for_update().get(id=one.id)
        require("outreach.go", by, one)
    if not network.members.filter(id=organisation.id).exists():
        raise ValidationError(_("Organisaatio ei ole mukana verkostossa."))
    for name, value in fields.items():
        setattr(one, name, mask(value)[0].strip() if name in ("name", "where", "why", "material") else value)
    one.save()
    record("save", "outreach_plan", one.id, str(by.id))
    return one


@transaction.atomic
def save_action(
    by: Person, plan: OutreachPlan, one: OutreachAction | None, day: date, begins: time, ends: time,
    members: list[Member],
) -> OutreachAction:  # fmt: skip
    """Set a time to go, with a code of its own; or move it. The code stays, since it may hang on a wall."""
    require("outreach.go", by, plan)
    if ends <= begins:
        raise ValidationError({"ends": _("Loppuaika on ennen alkua.")})
    ids = {member.id for member in members}
    if plan.network.members.filter(staff__in=ids).distinct().count() == 0 and ids:
        raise ValidationError({"members": _("Kaikki eivät ole mukana verkostossa.")})
    one = OutreachAction(plan=plan, code=new_code(CODE_LENGTH)) if one is None else one
    one.day, one.begins, one.ends = day, begins, ends
    one.save()
    one.members.set(list(members))
    record("save", "outreach", one.id, str(by.id))
    return one


@dataclass(frozen=True)
class Told:
    """A note as a phone sends it. `lain` is how long the phone says it has kept it, by its own clock."""

    id: UUID
    revision: int
    text: str
    met: dict[str, int] = field(default_factory=dict)
    lain: timedelta = timedelta()


@transaction.atomic
def keep_note(by: Person, action: OutreachAction, told: Told) -> FieldNote:
    """Keep a note of the field. The same note sent twice, by whatever way, is kept once; a later revision of it takes
    the place of an earlier one, whichever comes first. Raises ValidationError for what is no note."""
    require("outreach.go", by, action)
    held = OutreachAction.objects.select_for_update(of=("self",)).select_related("plan").get(id=action.id)
    one = FieldNote.objects.select_for_update(of=("self",)).select_related("key", "member").filter(id=told.id).first()
    if one is not None and (one.action_id != held.id or one.member.person_id != by.id):
        raise ValidationError(_("Muistiinpano on jonkun muun."))
    if one is not None and one.revision >= told.revision:
        return one
    met = {group: count for group, count in told.met.items() if group in Group.values and 0 < count <= 1000}
    text = mask(told.text)[0].strip()[:4000]
    if not met and not text and one is None:
        raise ValidationError(_("Kirjoita muistiinpano tai monenko ihmisen tapasit."))
    if one is None:
        if held.notes.count() >= MOST_NOTES:
            raise ValidationError(_("Muistiinpanoja on jo liikaa."))
        lain = min(max(told.lain, timedelta()), LONGEST_LAIN)
        one = FieldNote(id=told.id, action=held, member=member_for(by, held), key=DataKey.objects.create(),
                        written_at=now() - lain)  # fmt: skip
    assert one.key is not None
    one.revision, one.locked, one.came_at = told.revision, one.key.lock(text), now()
    one.save()
    one.met.all().delete()
    Met.objects.bulk_create(Met(note=one, group=group, count=count) for group, count in met.items())
    record("note", "outreach", held.id, str(by.id), note=str(one.id), revision=told.revision)
    return one


def member_for(by: Person, action: OutreachAction) -> Member:
    rows = Member.objects.filter(id__in=standing(by).members())
    own = rows.filter(organisation=action.plan.organisation).first() or rows.order_by("since").first()
    assert own is not None
    return own


@transaction.atomic
def forget_note(by: Person, one: FieldNote) -> None:
    """Its writer takes a note back."""
    require("outreach.go", by, one.action)
    if one.member.person_id != by.id:
        raise ValidationError(_("Muistiinpano on jonkun muun."))
    key, action_id = one.key, one.action_id
    record("forget_note", "outreach", action_id, str(by.id), note=str(one.id))
    one.delete()
    if key is not None:
        key.delete()


@transaction.atomic
def cancel(by: Person, action: OutreachAction) -> None:
    """It is not gone to after all. Its code still opens the door."""
    require("outreach.go", by, action)
    one = OutreachAction.objects.select_for_update().get(id=action.id)
    if one.cancelled_at is None:
        one.cancelled_at = now()
        one.save()
        record("cancel", "outreach", one.id, str(by.id))


def lain_of(written: Any, sent: Any) -> timedelta:
    """How long a note has lain, by the phone's own clock, in milliseconds at both ends; nothing where it makes no
    sense, as after the clock was set back."""
    try:
        return max(timedelta(milliseconds=float(sent) - float(written)), timedelta())
    except (TypeError, ValueError, OverflowError):
        return timedelta()
