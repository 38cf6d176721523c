"""Guidance at the workplace: a guide's day, groups, a learning buddy."""

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.contact.actions import appointments, groups, times
from opinovi.contact.actions.groups import Coming
from opinovi.contact.models import Appointment, Attendance, Registration
from opinovi.contact.models.groups import RegistrationState
from opinovi.directory.models import GroupSession, Service, State
from opinovi.network.models import Member, Network, Person, Team
from opinovi.workplaces.actions.surveys import acting
from opinovi.workplaces.models import LearningBuddy, Unit, VisitDay, Workplace, WorkplaceSession

# Between two times, so that nobody meets the one before at the door.
BUFFER_MINUTES = 10


def at_workplace(workplace: Workplace, place: str) -> str:
    return f"{workplace.name}, {place}" if place else workplace.name


@transaction.atomic
def save_visit(
    by: Person, workplace: Workplace, team: Team, one: VisitDay | None, *, day: date, begins: time, ends: time,
    place: str, member: Member, service: Service, minutes: int, modes: list[str], languages: list[str],
) -> VisitDay:  # fmt: skip
    """A day when a guide of a team sits at a workplace, with times that its people book; or a change of one, as long as
    nobody has booked."""
    require("workplaces.serve", by, workplace)
    if day < today():
        raise ValidationError({"day": _("Päivä on jo mennyt.")})
    if ends <= begins:
        raise ValidationError({"ends": _("Loppuaika on ennen alkua.")})
    if one is None:
        one = VisitDay(workplace=workplace, by=acting(by, workplace))
    else:
        one = VisitDay.objects.select_for_update(of=("self",)).select_related("rule__team").get(id=one.id)
        if one.cancelled_at is not None:
            raise ValidationError(_("Päivä on peruttu."))
        if one.rule is not None and booked(one).exists():
            raise ValidationError(_("Aikoja on jo varattu. Peru päivä ja tee uusi, niin varanneille kerrotaan."))
    place = mask(place)[0].strip()[:120]
    one.rule = times.save_rule(
        by, team, one.rule, member=member, service=service, point=None, by_code=True,
        at=at_workplace(workplace, place), modes=modes, languages=languages, hours=f"Mo-Su {begins:%H:%M}-{ends:%H:%M}",
        begins=day, ends=day, minutes=minutes, buffer_minutes=BUFFER_MINUTES, notice_hours=0, ahead_days=365,
        per_day=40,
    )  # fmt: skip
    one.day, one.begins, one.ends, one.place = day, begins, ends, place
    one.save()
    record("save", "visit", one.id, str(by.id), workplace=str(workplace.id))
    return one


def booked(one: VisitDay) -> Any:
    return Appointment.objects.filter(rule=one.rule_id, state="booked")


@transaction.atomic
def call_off_visit(by: Person, one: VisitDay) -> None:
    """The guide does not come: whoever has booked is told, and can book another time."""
    one = VisitDay.objects.select_for_update(of=("self",)).select_related("rule__team", "workplace__network").get(
        id=one.id
    )  # fmt: skip
    require("workplaces.serve", by, one.workplace)
    if one.cancelled_at is not None:
        return
    rule = one.rule
    if rule is not None:
        require("contact.guide_team", by, rule.team)
        for each in list(booked(one)):
            appointments.cancel(each, by)
    one.cancelled_at, one.rule = now(), None
    one.save()
    if rule is not None:
        times.delete_rule(by, rule)
    record("call_off", "visit", one.id, str(by.id))


@transaction.atomic
def save_session(
    by: Person, workplace: Workplace, team: Team, one: WorkplaceSession | None, place: str, **fields: Any
) -> WorkplaceSession:
    """An info session or a group for the people of a workplace alone."""
    require("workplaces.serve", by, workplace)
    session = groups.save_session(
        by, team, one.session if one else None, **fields, by_code=True, municipality=workplace.municipality,
        at=at_workplace(workplace, mask(place)[0].strip()[:70]),
    )  # fmt: skip
    one, _new = WorkplaceSession.objects.get_or_create(session=session, defaults={"workplace": workplace})
    record("save", "workplace_session", session.id, str(by.id), workplace=str(workplace.id))
    return one


@transaction.atomic
def save_buddy(
    by: Person, workplace: Workplace, one: LearningBuddy | None, name: str, reach: str, unit: Unit | None
) -> LearningBuddy:
    """Who at the workplace helps the others to learn; they have said yes to it, and how they wish to be found."""
    require("workplaces.take_part", by, workplace)
    if unit is not None and unit.workplace_id != workplace.id:
        raise ValidationError({"unit": _("Yksikkö on toisesta työpaikasta.")})
    one = one or LearningBuddy(workplace=workplace)
    one.name, one.reach, one.unit = mask(name)[0].strip()[:120], mask(reach)[0].strip()[:200], unit
    if not one.name:
        raise ValidationError({"name": _("Kirjoita nimi.")})
    one.save()
    record("save", "learning_buddy", one.id, str(by.id))
    return one


@transaction.atomic
def drop_buddy(by: Person, one: LearningBuddy) -> None:
    """Not a buddy any more: the name is gone, and so is a place in a training that is ahead."""
    require("workplaces.take_part", by, one.workplace)
    registration = one.registration
    record("drop", "learning_buddy", one.id, str(by.id))
    one.delete()
    if registration is not None and registration.session.starts_at > now():
        groups.leave(registration)


def trainings_for_buddies(network: Network) -> Any:
    """What a buddy can be sent to: the network's own trainings that are ahead."""
    rows = GroupSession.objects.filter(
        for_staff=True, state=State.PUBLISHED, starts_at__gt=now(), organisation__networks=network
    )
    return rows.select_related("organisation").order_by("starts_at", "id")


@transaction.atomic
def send_to_training(by: Person, one: LearningBuddy, session: GroupSession) -> None:
    """A place in one of the network's trainings, or in its line."""
    require("workplaces.serve", by, one.workplace)
    one = LearningBuddy.objects.select_for_update(of=("self",)).select_related("registration").get(id=one.id)
    network = one.workplace.network
    if not trainings_for_buddies(network).filter(id=session.id).exists():
        raise ValidationError({"session": _("Valitse verkoston koulutus, joka on vasta edessä.")})
    before = one.registration
    if before is not None and before.state in (RegistrationState.PLACED, RegistrationState.WAITING):
        if before.session_id == session.id:
            return
        if before.session.starts_at > now():
            groups.leave(before)
    one.registration = groups.register(network, session, Coming(name=one.name, language=get_language() or "fi"))
    one.session, one.trained_on = session, None
    one.save()
    record("send_to_training", "learning_buddy", one.id, str(by.id), session=str(session.id))


def look_at_attendance(registration: Registration) -> None:
    """Who has come to their training is trained; where the mark was wrong, not. Within the transaction of the mark."""
    one = LearningBuddy.objects.filter(registration=registration).first()
    if one is None:
        return
    came = Attendance.objects.filter(Q(registration=registration), came=True).select_related("meeting")
    last = max((row.meeting.begins_at for row in came), default=None)
    one.trained_on = timezone.localtime(last).date() if last else None
    one.save()
    record("trained" if last else "not_trained", "learning_buddy", one.id)
