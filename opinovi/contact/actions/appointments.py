"""Booking, moving and cancelling times, and who waits for an earlier one. No time is ever given twice."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.mail import drop, out_of_quiet, post
from opinovi.base.masking import mask
from opinovi.base.models import DataKey, Letter
from opinovi.contact.actions.reading import remember
from opinovi.contact.actions.times import freshen
from opinovi.contact.availability import takers
from opinovi.contact.calendars import calendar_file
from opinovi.contact.free_times import cells
from opinovi.contact.models import (
    Appointment,
    Taken,
    TimeRule,
    WaitingForTime,
)
from opinovi.contact.models.appointments import AppointmentState, Mode, WaitingState
from opinovi.contact.return_code import hash_of
from opinovi.network.models import Member, Network, Person

REMIND_BEFORE = timedelta(hours=24)
HOLD = timedelta(hours=2)
# Guides are written to about times that are so near.
SOON = timedelta(days=2)
WAITS_DAYS = 60
KEPT_DAYS = 90


class TimeGone(ValidationError):
    """Somebody else was quicker."""

    def __init__(self) -> None:
        super().__init__(_("Aika ehti juuri mennä toiselle. Valitse toinen aika."))


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


def hold_guides(members: Iterable[UUID]) -> None:
    """Whoever books these guides waits for the others who do, always in the same order."""
    people = Member.objects.filter(id__in=set(members)).values("person_id")
    list(Person.objects.select_for_update(no_key=True).filter(id__in=people).order_by("id").values_list("id"))


def take_cells(members: Iterable[UUID], begins: datetime, minutes: int, **of: Any) -> None:
    """Make the time theirs. Raises TimeGone where a cell of it is somebody else's."""
    people = set(Member.objects.filter(id__in=members).values_list("person_id", flat=True))
    rows = [Taken(person_id=person, cell=cell, **of) for person in people for cell in cells(begins, minutes)]
    try:
        with transaction.atomic():
            Taken.objects.bulk_create(rows)
    except IntegrityError as error:
        raise TimeGone from error


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
    record("book", "appointment", appointment.id, team=str(rule.team_id), service=str(rule.service_id), mode=told.mode)
    tell_of_booking(appointment)
    tell_guides(appointment, "booked", free[:1])
    freshen(appointment.service_id)
    return appointment


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


def own_link(appointment: Appointment) -> str:
    """The secret address by which its person sees, moves and cancels it."""
    return appointment.network.address + reverse("own-time", args=[appointment.told()["token"]])


def spoken(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else "en"


def tell_of_booking(appointment: Appointment) -> None:
    """The confirmation with its calendar file, and the reminder, which waits for its hour."""
    told, about = appointment.told(), str(appointment.team.organisation_id)
    with translation.override(spoken(appointment.language)):
        link = own_link(appointment)
        if told.get("mail"):
            body = _("Hei!\n\nAikasi on varattu. Katso, siirrä tai peru se tästä:\n\n%(link)s") % {"link": link}
            key = f"booked {appointment.id} {appointment.sequence}"
            file = calendar_file(appointment, link)
            post(key, told["mail"], _("Aikasi on varattu"), body, about=about, attachment=file)
        at = out_of_quiet(appointment.begins_at - REMIND_BEFORE)
        to = told.get("mail" if appointment.remind == Letter.Kind.MAIL else "phone", "")
        if appointment.remind and to and at > now():
            body = _("Muistutus: sinulla on aika. Katso, siirrä tai peru: %(link)s") % {"link": link}
            kind = Letter.Kind(appointment.remind)
            post(reminder_key(appointment), to, _("Muistutus ajastasi"), body, kind=kind, about=about, not_before=at)


def tell_guides(appointment: Appointment, why: str, members: Iterable[UUID], by: Person | None = None) -> None:
    """A letter to the guides whose time it is, if it is so soon that they may not see it on their desk."""
    if appointment.begins_at > now() + SOON:
        return
    for member in Member.objects.filter(id__in=members, person__letters=True).select_related("person"):
        if by is None or member.person_id != by.id:
            with translation.override(member.person.language or settings.LANGUAGE_CODE):
                link = settings.BASE_URL + reverse("own-times")
                body = _("Hei!\n\nLähipäivien ajoissasi on muutos. Katso ajat tästä:\n\n%(link)s") % {"link": link}
                key, about = f"guide {appointment.id} {why} {member.id}", str(member.organisation_id)
                post(key, member.person.email, _("Ajoissasi on muutos"), body, about=about)


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
    mail = appointment.told().get("mail")
    if by is not None and mail:
        with translation.override(spoken(appointment.language)):
            body = _("Hei!\n\nAikasi on peruttu. Varaa uusi tästä:\n\n%(link)s") % {"link": own_link(appointment)}
            file = calendar_file(appointment, own_link(appointment))
            about = str(appointment.team.organisation_id)
            post(f"cancelled {appointment.id}", mail, _("Aikasi on peruttu"), body, about=about, attachment=file)
    tell_guides(appointment, "cancelled", members, by)
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
    record("move", "appointment", appointment.id)
    tell_of_booking(appointment)
    tell_guides(appointment, f"moved {appointment.sequence}", {*before, free[0]})
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
    if came:
        appointment.met()
    else:
        appointment.absent()
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
    record("book", "appointment", appointment.id, str(by.id), team=str(rule.team_id), joint=len(ids))
    tell_of_booking(appointment)
    freshen(appointment.service_id)
    for member in members:
        if member.person_id != by.id and member.person.letters:
            with translation.override(member.person.language or settings.LANGUAGE_CODE):
                body = _("Hei!\n\nSinulle on varattu yhteinen aika. Katso se työpöydältä:\n\n%(link)s") % {
                    "link": settings.BASE_URL + reverse("desk")
                }
                key = f"joint {appointment.id} {member.id}"
                post(key, member.person.email, _("Sinulle on varattu aika"), body, about=str(member.organisation_id))
    return appointment


# Those who wait for an earlier time


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
    if rule is None or freed.begins_at <= now() + timedelta(hours=rule.notice_hours) or freed.service is None:
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
    told = one.told()
    kind = Letter.Kind.MAIL if told.get("mail") else Letter.Kind.SMS
    with translation.override(spoken(one.language)):
        link = one.network.address + reverse("offer", args=[told["token"]])
        body = _("Aika vapautui. Se on varattu sinulle hetken. Ota se tai jätä väliin: %(link)s") % {"link": link}
        to = told.get("mail") or told.get("phone", "")
        at = None if kind == Letter.Kind.MAIL else out_of_quiet(now())
        about = str(rule.team.organisation_id)
        post(
            f"offer {one.id} {one.begins_at:%m%d%H%M}",
            to,
            _("Aika vapautui"),
            body,
            kind=kind,
            about=about,
            not_before=at,
        )


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
    with transaction.atomic():
        for waiting in WaitingForTime.objects.select_related("key").filter(
            state=WaitingState.WAITING, since__lt=now() - timedelta(days=WAITS_DAYS)
        ):
            end_waiting(waiting, WaitingState.GONE)
            record("let_go", "service", waiting.service_id, waiting=str(waiting.id))
    return len(ids)
