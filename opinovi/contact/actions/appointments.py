"""Booking, moving and cancelling times. No time is ever given twice."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_fsm import can_proceed

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.mail import drop, out_of_quiet
from opinovi.base.masking import mask
from opinovi.base.models import DataKey, Letter
from opinovi.contact.actions.cells import TimeGone, hold_guides, take_cells
from opinovi.contact.actions.letters import remind, tell, tell_guides
from opinovi.contact.actions.reading import remember
from opinovi.contact.actions.times import freshen
from opinovi.contact.actions.waiting import end_waiting, offer_freed
from opinovi.contact.availability import takers
from opinovi.contact.calendars import calendar_file
from opinovi.contact.models import Appointment, TimeRule, WaitingForTime
from opinovi.contact.models.appointments import AppointmentState, Mode, WaitingState
from opinovi.contact.return_code import hash_of
from opinovi.network.models import Member, Network, Person

REMIND_BEFORE = (timedelta(hours=24), timedelta(hours=2))
# Guides are written to about times that are so near.
SOON = timedelta(days=2)
KEPT_DAYS = 90
BOOKED_SUBJECT = gettext_noop("Aikasi on varattu")
BOOKED = gettext_noop("Aikasi on varattu. Katso, siirrä tai peru se: %(link)s")
REMINDER_SUBJECT = gettext_noop("Muistutus ajastasi")
REMINDER = gettext_noop("Muistutus: sinulla on aika. Katso, siirrä tai peru: %(link)s")
OFF_SUBJECT = gettext_noop("Aikasi on peruttu")
OFF = gettext_noop("Aikasi on peruttu. Varaa uusi: %(link)s")


@dataclass(frozen=True)
class Booking:
    """What a person tells when they book."""

    mode: str
    name: str = ""
    mail: str = ""
    phone: str = ""
    note: str = ""
    remind: str = ""
    language: str = "fi"
    once: UUID | None = None


@transaction.atomic
def book(
    network: Network, rule: TimeRule, begins: datetime, told: Booking, waiting: WaitingForTime | None = None
) -> Appointment:
    """Book a time of a rule. A form sent twice books once. Raises TimeGone for a time that is not free any more."""
    if told.once and (same := Appointment.objects.filter(once=told.once).first()):
        return same
    if told.mode not in rule.modes:
        raise ValidationError({"mode": _("Valitse, miten tapaatte.")})
    hold_guides(one.id for one in rule.team.guides)  # type: ignore[attr-defined]
    free = takers(rule, begins, waiting.id if waiting else None)
    if not free:
        raise TimeGone
    if waiting is not None:
        waiting.taken.all().delete()
    appointment = new_appointment(network, rule, begins, rule.minutes, told, [free[0]])
    take_cells([free[0]], begins, rule.minutes + rule.buffer_minutes, appointment=appointment)
    record("book", "appointment", appointment.id, service=str(rule.service_id), **counted(appointment))
    tell_of_booking(appointment)
    tell_if_near(appointment, free[:1])
    freshen(appointment.service_id)
    return appointment


def counted(one: Appointment) -> dict[str, str]:
    """What figures need to know of a time: whose it is, how and when; nothing of the person."""
    day = localdate(one.begins_at).isoformat()
    return {"team": str(one.team_id), "network": str(one.network_id), "mode": one.mode, "language": one.language,
            "day": day}  # fmt: skip


def new_appointment(
    network: Network, rule: TimeRule, begins: datetime, minutes: int, told: Booking, members: list[UUID]
) -> Appointment:
    token, key = secrets.token_urlsafe(16), DataKey.objects.create()
    appointment = Appointment(
        network=network,
        team=rule.team,
        rule=rule,
        service=rule.service,
        point=rule.point if told.mode == Mode.VISIT else None,
        mode=told.mode,
        language=told.language,
        begins_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        remind=told.remind if (told.mail if told.remind == Letter.Kind.MAIL else told.phone) else "",
        token_hash=hash_of(token),
        once=told.once,
        room=secrets.token_hex(16) if told.mode == Mode.VIDEO else "",
        key=key,
    )
    details = {"name": mask(told.name)[0], "mail": told.mail, "phone": told.phone, "note": mask(told.note)[0]}
    appointment.keep({**details, "token": token})
    appointment.save()
    appointment.members.set(Member.objects.filter(id__in=members))
    return appointment


def tell_of_booking(appointment: Appointment) -> None:
    """The confirmation with its calendar file, and the reminder, which waits for its hour."""
    about = appointment.team.organisation_id
    tell(appointment, f"booked {appointment.id} {appointment.sequence}", BOOKED_SUBJECT, BOOKED, "own-time", about,
         calendar_file, at_once=True)  # fmt: skip
    at = reminder_at(appointment.begins_at)
    if appointment.remind and at is not None:
        remind(appointment, reminder_key(appointment), REMINDER_SUBJECT, REMINDER, "own-time", about, at)


def reminder_at(begins: datetime) -> datetime | None:
    """When one is reminded of a time: a day before it, else two hours before; out of the quiet hours. None where it
    would come too late."""
    moments = (out_of_quiet(begins - before) for before in REMIND_BEFORE)
    return next((at for at in moments if now() < at < begins), None)


def tell_if_near(appointment: Appointment, members: Iterable[UUID], by: Person | None = None) -> None:
    """Tell the guides of a change of a time that is so near that they may not see it on their desk."""
    if appointment.begins_at <= now() + SOON:
        tell_guides(members, by)


def reminder_key(appointment: Appointment) -> str:
    return f"remind {appointment.id} {appointment.sequence}"


def held(appointment: Appointment) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related(
        "key", "team", "rule", "network", "service"
    )
    return rows.get(id=appointment.id)


@transaction.atomic
def cancel(appointment: Appointment, by: Person | None = None) -> None:
    """The person cancels, or a guide (then the person is told). The time is free at once, and offered to who waits."""
    appointment = held(appointment)
    if by is not None:
        require("contact.guide_appointment", by, appointment)
    if appointment.state != AppointmentState.BOOKED:
        return
    appointment.cancelled()
    appointment.save()
    members = list(appointment.members.values_list("id", flat=True))
    appointment.taken.all().delete()
    drop([reminder_key(appointment)])
    record("cancel", "appointment", appointment.id, str(by.id) if by else "")
    if by is not None:
        about = appointment.team.organisation_id
        tell(appointment, f"cancelled {appointment.id}", OFF_SUBJECT, OFF, "own-time", about, calendar_file)
    tell_if_near(appointment, members, by)
    if len(members) == 1:
        offer_freed(appointment, members[0])
    freshen(appointment.service_id)


@transaction.atomic
def move(appointment: Appointment, rule: TimeRule, begins: datetime) -> None:
    """To another time of the same service: the old one is given up only when the new one is had."""
    appointment = held(appointment)
    if not appointment.ahead:
        raise ValidationError(_("Tätä aikaa ei voi enää siirtää."))
    if rule.service_id != appointment.service_id or appointment.mode not in rule.modes:
        raise ValidationError(_("Valitse saman palvelun aika."))
    before = list(appointment.members.values_list("id", flat=True))
    if len(before) > 1:
        raise ValidationError(_("Tässä ajassa on monta ohjaajaa. Sovi uusi aika heidän kanssaan."))
    hold_guides([*before, *(one.id for one in rule.team.guides)])  # type: ignore[attr-defined]
    freed = Appointment(rule=appointment.rule, service=appointment.service, begins_at=appointment.begins_at)
    appointment.taken.all().delete()
    # Its own time counts as free, and as none of the guide's for that day.
    Appointment.objects.filter(id=appointment.id).update(state=AppointmentState.CANCELLED)
    free = takers(rule, begins)
    if not free:
        raise TimeGone
    take_cells([free[0]], begins, rule.minutes + rule.buffer_minutes, appointment=appointment)
    drop([reminder_key(appointment)])
    appointment.begins_at, appointment.ends_at = begins, begins + timedelta(minutes=rule.minutes)
    appointment.rule, appointment.team, appointment.sequence = rule, rule.team, appointment.sequence + 1
    appointment.point = rule.point if appointment.mode == Mode.VISIT else None
    appointment.save()
    appointment.members.set(Member.objects.filter(id=free[0]))
    record("move", "appointment", appointment.id, **counted(appointment))
    tell_of_booking(appointment)
    tell_if_near(freed, before)
    tell_if_near(appointment, free[:1])
    for member in before:
        offer_freed(freed, member)
    freshen(appointment.service_id)


@transaction.atomic
def read(by: Person, appointment: Appointment) -> None:
    """Reading who comes is remembered: once a reader a day."""
    require("contact.guide_appointment", by, appointment)
    remember(by, "appointment", appointment.id, appointment.team.organisation_id)


@transaction.atomic
def mark(by: Person, appointment: Appointment, came: bool) -> None:
    """They met, or the person did not come."""
    appointment = held(appointment)
    require("contact.guide_appointment", by, appointment)
    if appointment.begins_at > now():
        raise ValidationError(_("Aika on vasta edessä."))
    step = appointment.met if came else appointment.absent
    if appointment.state == (AppointmentState.MET if came else AppointmentState.ABSENT):
        return
    if not can_proceed(step):
        raise ValidationError(_("Tämä aika on peruttu."))
    step()
    appointment.save()
    record("meet" if came else "miss", "appointment", appointment.id, str(by.id))


@transaction.atomic
def stop_reminding(appointment: Appointment) -> None:
    appointment = held(appointment)
    drop([reminder_key(appointment)])
    appointment.remind = ""
    appointment.save(update_fields=["remind"])
    record("stop_reminding", "appointment", appointment.id)


@transaction.atomic
def book_joint(
    by: Person, network: Network, rule: TimeRule, begins: datetime, minutes: int, members: list[Member], told: Booking
) -> Appointment:
    """One time with several guides, also of several organisations: booked for all of them or for none."""
    require("contact.guide_team", by, rule.team)
    ids = [one.id for one in members]
    hold_guides(ids)
    appointment = new_appointment(network, rule, begins, minutes, told, ids)
    take_cells(ids, begins, minutes, appointment=appointment)
    record("book", "appointment", appointment.id, str(by.id), joint=len(ids), **counted(appointment))
    tell_of_booking(appointment)
    freshen(appointment.service_id)
    tell_guides(ids, by)
    return appointment


@transaction.atomic
def take_offer(one: WaitingForTime, rule: TimeRule) -> Appointment:
    """The one who waited takes the time that was held for them."""
    one = WaitingForTime.objects.select_for_update(of=("self",)).select_related("key", "network").get(id=one.id)
    if one.state != WaitingState.OFFERED or one.begins_at is None or (one.held_until or now()) <= now():
        raise TimeGone
    told = one.told()
    mode = one.mode or rule.modes[0]
    remind = Letter.Kind.MAIL if told.get("mail") else Letter.Kind.SMS
    booking = Booking(
        mode=mode, mail=told.get("mail", ""), phone=told.get("phone", ""), remind=remind, language=one.language
    )
    appointment = book(one.network, rule, one.begins_at, booking, waiting=one)
    end_waiting(one, WaitingState.BOOKED)
    return appointment


# The end


@transaction.atomic
def erase(appointment: Appointment, why: str = "old") -> None:
    """Its words are gone; that there was a time, and whether they met, stays."""
    appointment = held(appointment)
    key = appointment.key
    came = appointment.state
    appointment.taken.all().delete()
    drop([reminder_key(appointment)])
    appointment.erased()
    appointment.key, appointment.locked, appointment.token_hash, appointment.room = None, "", None, ""
    appointment.save()
    if key is not None:
        key.delete()
    record("erase", "appointment", appointment.id, why=why, was=came)


def erase_old() -> int:
    """Erase what was over long ago. Run every day."""
    old = Appointment.objects.filter(ends_at__lt=now() - timedelta(days=KEPT_DAYS)).exclude(
        state=AppointmentState.ERASED
    )
    ids = list(old.values_list("id", flat=True)[:1000])
    for one in ids:
        erase(Appointment(id=one))
    return len(ids)
