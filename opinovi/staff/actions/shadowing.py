"""Job shadowing: a house opens its door, a colleague asks for a day, comes, and tells what they learned."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Network, Person
from opinovi.network.queries import member_in
from opinovi.network.standing import standing
from opinovi.staff.models import ShadowDay, ShadowOffer, ShadowState


@transaction.atomic
def save_offer(
    by: Person, network: Network, one: ShadowOffer | None, text: str, begins: date, ends: date, most: int
) -> ShadowOffer:
    """Open one's house to colleagues, or change how."""
    if one is None:
        require("staff.take_part", by, network)
        host = member_in(by, network)
        one = ShadowOffer(network=network, host=host, organisation=host.organisation)
    else:
        one = ShadowOffer.objects.select_for_update(of=("self",)).get(id=one.id)
        require("staff.host", by, one)
    if ends < begins:
        raise ValidationError({"ends": _("Viimeinen päivä on ennen ensimmäistä.")})
    one.text, one.begins, one.ends, one.most = mask(text)[0].strip()[:1000], begins, ends, most
    one.save()
    record("save", "shadow_offer", one.id, str(by.id))
    return one


@transaction.atomic
def end_offer(by: Person, one: ShadowOffer) -> None:
    """No more asking; days that were agreed stand."""
    require("staff.host", by, one)
    ShadowOffer.objects.filter(id=one.id, ended_at=None).update(ended_at=now())
    record("end", "shadow_offer", one.id, str(by.id))


@transaction.atomic
def ask_day(by: Person, one: ShadowOffer, day: date, message: str) -> ShadowDay:
    """Ask for a day. The same day asked twice is asked once."""
    require("staff.take_part", by, one)
    one = ShadowOffer.objects.select_for_update(of=("self",)).select_related("network", "host__person").get(id=one.id)
    member = member_in(by, one.network)
    if one.ended_at is not None or day <= today() or not one.begins <= day <= one.ends:
        raise ValidationError({"day": _("Valitse tuleva päivä, jolloin ovi on auki.")})
    if member.organisation_id == one.organisation_id:
        raise ValidationError(_("Tutustumispäivä on toisessa organisaatiossa."))
    taken = one.days.filter(day=day, state__in=[ShadowState.ASKED, ShadowState.AGREED])
    if same := taken.filter(guest=member).first():
        return same
    if taken.count() >= one.most:
        raise ValidationError({"day": _("Päivä on jo varattu. Valitse toinen.")})
    found = ShadowDay.objects.create(offer=one, guest=member, day=day, message=mask(message)[0].strip()[:500])
    tell_members([one.host], f"shadow {found.id}", "shadow", [one.id], by.id)
    record("ask", "shadow_day", found.id, str(by.id))
    return found


@transaction.atomic
def move(by: Person, day: ShadowDay, then: str, text: str = "") -> None:
    """Agree, decline, cancel; or tell that it was held and what was learned. By the host or the guest, as each may."""
    rows = ShadowDay.objects.select_for_update(of=("self",)).select_related(
        "offer__network", "offer__host__person", "guest__person"
    )
    day = rows.get(id=day.id)
    mine = standing(by).members()
    host, guest = day.offer.host_id in mine, day.guest_id in mine
    require("staff.take_part", by, day.offer)
    allowed = {"agreed": host, "declined": host, "cancelled": host or guest, "held": guest}
    if not allowed.get(then, False):
        raise ValidationError(_("Tämä ei ole sinun päätettävissäsi."))
    text = mask(text)[0].strip()
    step = getattr(day, then)
    if not can_proceed(step):
        raise ValidationError(_("Tämä ei käy enää. Joku on jo muuttanut tilaa."))
    if then == "declined" and not text:
        raise ValidationError({"answer": _("Kerro, miksi ei, tai ehdota toista päivää.")})
    if then == "held" and day.day > today():
        raise ValidationError(_("Päivä on vasta edessä."))
    if then == "held":
        day.learned = text[:2000]
    else:
        day.answer = text[:500]
    step()
    day.save()
    tell_members([day.offer.host, day.guest], f"shadow {day.id} {then}", "shadow", [day.offer_id], by.id)
    record(then, "shadow_day", day.id, str(by.id))
