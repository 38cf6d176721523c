"""Group sessions: set up, registered for, left, reminded of. The first in line gets the place that comes free."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import task

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.mail import drop, out_of_quiet
from opinovi.base.masking import mask
from opinovi.base.models import DataKey, Letter
from opinovi.contact import hooks
from opinovi.contact.actions import letters
from opinovi.contact.actions.letters import tell
from opinovi.contact.actions.reading import remember
from opinovi.contact.calendars import group_calendar
from opinovi.contact.models import Attendance, Registration
from opinovi.contact.models.groups import RegistrationState
from opinovi.contact.return_code import hash_of
from opinovi.directory.hours import ZONE
from opinovi.directory.models import GroupSession, Meeting, State
from opinovi.network.models import Network, Person, Team

REMIND_BEFORE = timedelta(hours=24)
KEPT_DAYS = 90
MOST_MEETINGS = 60
# What each letter says, by why it is written.
LETTERS = {
    "placed": (
        gettext_noop("Paikkasi on varattu"),
        gettext_noop("Paikkasi ryhmässä on varattu. Katso tai peru: %(link)s"),
    ),
    "waits": (
        gettext_noop("Olet jonossa"),
        gettext_noop("Olet ryhmän jonossa. Kerromme, jos paikka vapautuu: %(link)s"),
    ),
    "got": (gettext_noop("Sait paikan"), gettext_noop("Sait paikan ryhmässä. Katso tai peru: %(link)s")),
    "out": (gettext_noop("Paikkasi on peruttu"), gettext_noop("Paikkasi ryhmässä on peruttu. Katso: %(link)s")),
    "moved": (
        gettext_noop("Ryhmän aika muuttui"),
        gettext_noop("Ryhmän aika muuttui. Katso uusi aika: %(link)s"),
    ),
    "off": (gettext_noop("Ryhmä on peruttu"), gettext_noop("Ryhmä on peruttu. Katso, mitä voit tehdä: %(link)s")),
}
REMINDER_SUBJECT = gettext_noop("Muistutus ryhmästä")
REMINDER = gettext_noop("Muistutus: ryhmä kokoontuu pian. Katso tai peru: %(link)s")


@dataclass(frozen=True)
class Coming:
    """What one tells who wants to come."""

    name: str = ""
    mail: str = ""
    phone: str = ""
    note: str = ""
    remind: str = ""
    language: str = "fi"
    once: UUID | None = None


def meeting_times(plan: dict[str, Any]) -> list[tuple[datetime, datetime]]:
    """The meetings of a plan by the clock on the wall: {"day", "begins", "ends", "count", "every", "without"}."""
    day, without = date.fromisoformat(plan["day"]), set(plan.get("without", ()))
    begins, ends = time.fromisoformat(plan["begins"]), time.fromisoformat(plan["ends"])
    days = [day + timedelta(weeks=plan.get("every", 1) * number) for number in range(plan.get("count", 1))]
    return [
        (datetime.combine(one, begins, ZONE), datetime.combine(one, ends, ZONE))
        for one in days
        if one.isoformat() not in without
    ]


@transaction.atomic
def save_session(by: Person, team: Team, session: GroupSession | None, **fields: Any) -> GroupSession:
    """Set up a group session, or change it. Those who have a place are told when its times change; when places are
    added, those who wait get them."""
    require("contact.guide_team", by, team)
    new = session is None
    if session is None:
        session = GroupSession(team=team, organisation=team.organisation)
    else:
        session = GroupSession.objects.select_for_update(of=("self",)).get(id=session.id)
        if session.team_id != team.id:
            raise ValidationError(_("Ryhmä on toisen tiimin."))
    for name, value in fields.items():
        setattr(session, name, value)
    check(session)
    times = meeting_times(session.plan)
    if not 1 <= len(times) <= MOST_MEETINGS:
        raise ValidationError({"count": _("Kertoja on oltava vähintään yksi.")})
    session.starts_at, session.ends_at = times[0][0], times[-1][1]
    if session.point is not None:
        session.municipality = session.point.municipality
    moved = not new and set(session.meetings.values_list("begins_at", "ends_at")) != set(times)
    session.sequence += moved
    session.save()
    if new or moved:
        session.meetings.exclude(begins_at__in=[begins for begins, _ends in times]).delete()
        for begins, ends in times:
            Meeting.objects.update_or_create(session=session, begins_at=begins, defaults={"ends_at": ends})
    record("save", "group_session", session.id, str(by.id), team=str(team.id), moved=moved)
    if moved:
        tell_later(session, "moved")
    promote(session)
    return session


def check(session: GroupSession) -> None:
    """What the database would refuse, in words."""
    if session.places is not None and session.places < session.taken:
        raise ValidationError({"places": _("Paikkoja on jo annettu enemmän.")})
    if session.leader is not None and not session.team.members.filter(id=session.leader.id).exists():
        raise ValidationError({"leader": _("Hän ei ole tässä tiimissä.")})
    for name in ("service", "point"):
        one = getattr(session, name)
        if one is not None and one.organisation_id != session.organisation_id:
            raise ValidationError({name: _("Se on toisen organisaation.")})


def coming(session: GroupSession) -> list[Registration]:
    """Those who have a place or wait for one, in line."""
    rows = Registration.objects.filter(session=session, state__in=[RegistrationState.PLACED, RegistrationState.WAITING])
    return list(rows.select_related("key", "network", "session").order_by("since", "id"))


@transaction.atomic
def call_off(by: Person, session: GroupSession) -> None:
    """The group does not meet: all who would have come are told."""
    session = GroupSession.objects.select_for_update(of=("self",)).select_related("team").get(id=session.id)
    require("contact.guide_team", by, session.team)
    if session.state == State.WITHDRAWN:
        return
    session.state = State.WITHDRAWN
    session.sequence += 1
    session.save()
    tell_later(session, "off")
    record("call_off", "group_session", session.id, str(by.id))


def held(session_id: UUID) -> GroupSession:
    """The session, with whoever else registers for it waiting for this to end."""
    return GroupSession.objects.select_for_update(of=("self",)).select_related("team").get(id=session_id)


@transaction.atomic
def register(network: Network, session: GroupSession, told: Coming, by: Person | None = None) -> Registration:
    """A place where there is room, else one in the line. A form sent twice registers once."""
    if told.once and (same := Registration.objects.select_related("key").filter(once=told.once).first()):
        return same
    session = held(session.id)
    if by is not None:
        require("contact.lead_group", by, session)
    elif not session.open_now():
        raise ValidationError(_("Tähän ryhmään ei voi enää ilmoittautua."))
    token = secrets.token_urlsafe(16)
    one = Registration(
        network=network, session=session, language=told.language, token_hash=hash_of(token), once=told.once,
        remind=told.remind if (told.mail if told.remind == Letter.Kind.MAIL else told.phone) else "",
        key=DataKey.objects.create(),
    )  # fmt: skip
    details = {"name": mask(told.name)[0], "mail": told.mail, "phone": told.phone, "note": mask(told.note)[0]}
    one.keep({**details, "token": token})
    if session.left is None or session.left > 0:
        one.placed()
        GroupSession.objects.filter(id=session.id).update(taken=F("taken") + 1)
    one.save()
    record("register", "group_session", session.id, str(by.id) if by else "", state=one.state)
    if one.state == RegistrationState.PLACED:
        tell_one(one, "placed")
    else:
        tell_one(one, "waits")
    return one


@transaction.atomic
def leave(one: Registration, by: Person | None = None) -> None:
    """Give up a place, or the line; the first who waits gets the place at once."""
    session = held(one.session_id)
    if by is not None:
        require("contact.lead_group", by, session)
    one = (
        Registration.objects.select_for_update(of=("self",)).select_related("key", "network", "session").get(id=one.id)
    )
    if one.state not in (RegistrationState.PLACED, RegistrationState.WAITING):
        return
    had = one.state == RegistrationState.PLACED
    one.cancelled()
    one.save()
    drop([f"group {one.id} waits"])
    if had:
        GroupSession.objects.filter(id=session.id).update(taken=F("taken") - 1)
    record("leave", "group_session", session.id, str(by.id) if by else "", had_place=had)
    if by is not None:
        tell_one(one, "out")
    promote(session)


def promote(session: GroupSession) -> None:
    """Give the places that are free to those who have waited longest. Within the caller's transaction, which holds the
    session."""
    if session.state != State.PUBLISHED or session.ends_at <= now():
        return
    taken = GroupSession.objects.values_list("taken", flat=True).get(id=session.id)
    rows = Registration.objects.filter(session=session, state=RegistrationState.WAITING).select_related(
        "key", "network", "session"
    )
    free = None if session.places is None else session.places - taken
    for one in rows.order_by("since", "id")[:free]:
        one.placed()
        one.save()
        GroupSession.objects.filter(id=session.id).update(taken=F("taken") + 1)
        record("place", "group_session", session.id, registration=str(one.id))
        tell_one(one, "got")


def tell_one(one: Registration, why: str) -> None:
    """A letter to one who comes or waits, with their calendar file where they have, or had, a place."""
    subject, body = LETTERS[why]
    calendar = None if one.state == RegistrationState.WAITING else group_calendar
    change = f" {one.session.sequence}" if why in ("moved", "off") else ""
    about = one.session.organisation_id
    tell(one, f"group {one.id} {why}{change}", subject, body, "registration", about, calendar,
         at_once=why in ("placed", "waits"))  # fmt: skip


def tell_all(session_id: UUID, why: str) -> None:
    """Tell everyone who comes or waits that the times changed or that the group is off. Run by the worker, which may
    do it twice: a letter is written once."""
    session = GroupSession.objects.prefetch_related("meetings").get(id=session_id)
    with transaction.atomic():
        for one in coming(session):
            one.session = session
            tell_one(one, why)


@task()
def tell_group(session_id: str, why: str) -> None:
    """The same in the background."""
    tell_all(UUID(session_id), why)


def tell_later(session: GroupSession, why: str) -> None:
    """Let a worker tell them: a task, in the caller's transaction."""
    tell_group.enqueue(str(session.id), why)


@transaction.atomic
def mark(by: Person, one: Registration, meeting: Meeting, came: bool) -> None:
    """Whether one came to a meeting that has begun."""
    require("contact.lead_group", by, one.session)
    if one.state != RegistrationState.PLACED:
        raise ValidationError(_("Hänellä ei ole paikkaa."))
    if meeting.session_id != one.session_id or meeting.begins_at > now() + timedelta(hours=1):
        raise ValidationError(_("Kerta on vasta edessä."))
    Attendance.objects.update_or_create(registration=one, meeting=meeting, defaults={"came": came})
    record(
        "attend" if came else "miss", "group_session", one.session_id, str(by.id), registration=str(one.id),
        meeting=str(meeting.id), day=localdate(meeting.begins_at).isoformat(), team=str(one.session.team_id),
        network=str(one.network_id), online=bool(one.session.link), for_staff=one.session.for_staff,
    )  # fmt: skip
    for tell_marked in hooks.marked:
        tell_marked(one)


@transaction.atomic
def read(by: Person, session: GroupSession) -> None:
    """Reading who comes is remembered: once a reader a day."""
    require("contact.lead_group", by, session)
    remember(by, "group_session", session.id, session.organisation_id)


def remind() -> None:
    """A day before each meeting, those who asked for it are reminded once, out of the quiet hours. By the worker."""
    soon = Meeting.objects.filter(
        begins_at__gt=now(), begins_at__lte=now() + REMIND_BEFORE, session__state=State.PUBLISHED
    )
    for meeting in soon:
        rows = Registration.objects.filter(session=meeting.session_id, state=RegistrationState.PLACED)
        # One who has just registered knows.
        rows = rows.exclude(remind="").filter(since__lt=meeting.begins_at - REMIND_BEFORE)
        keys = {one.id: f"remind {one.id} {meeting.id}" for one in rows}
        done = set(Letter.objects.filter(key__in=keys.values()).values_list("key", flat=True))
        for one in rows.select_related("key", "network", "session"):
            at = out_of_quiet(now())
            if keys[one.id] in done or at >= meeting.begins_at:
                continue
            with transaction.atomic():
                about = one.session.organisation_id
                letters.remind(one, keys[one.id], REMINDER_SUBJECT, REMINDER, "registration", about, at)


@transaction.atomic
def stop_reminding(one: Registration) -> None:
    Registration.objects.filter(id=one.id).update(remind="")
    drop(list(Letter.objects.filter(key__startswith=f"remind {one.id} ").values_list("key", flat=True)))
    record("stop_reminding", "group_session", one.session_id, registration=str(one.id))


@transaction.atomic
def erase(one: Registration, why: str = "old") -> None:
    """The words of a registration are gone; that there was one, and whether they came, stays."""
    one = Registration.objects.select_for_update(of=("self",)).select_related("key").get(id=one.id)
    key, was = one.key, one.state
    one.erased()
    one.key, one.locked, one.token_hash = None, "", None
    one.save()
    if key is not None:
        key.delete()
    record("erase", "group_session", one.session_id, why=why, registration=str(one.id), was=was)


def erase_old() -> int:
    """Erase who came to what was over long ago. Run every day."""
    old = Registration.objects.filter(session__ends_at__lt=now() - timedelta(days=KEPT_DAYS))
    rows = list(old.exclude(state=RegistrationState.ERASED)[:1000])
    for one in rows:
        erase(one)
    return len(rows)
