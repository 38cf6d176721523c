"""What guides set up: rules of times, calendars in and out, video."""

import secrets
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.secret import seal, unseal
from opinovi.contact.availability import free_times, rules_of
from opinovi.contact.calendars import AHEAD, CalendarError, busy_spans, fetch
from opinovi.contact.models import Busy, BusyCalendar, CalendarFeed, TimeRule, VideoProvider
from opinovi.contact.return_code import hash_of
from opinovi.directory.models import Service
from opinovi.network.models import Organisation, Person, Team

# How far ahead a door tells of a free time.
DAYS_LOOKED = 60


@transaction.atomic
def save_rule(by: Person, team: Team, rule: TimeRule | None, **fields: Any) -> TimeRule:
    """Make a rule of times, or change it. What is booked already stays."""
    require("contact.guide_team", by, team)
    if rule is not None and rule.team_id != team.id:
        raise ValidationError(_("Sääntö on toisen tiimin."))
    member, service = fields.get("member"), fields["service"]
    if member is not None and not team.members.filter(id=member.id).exists():
        raise ValidationError({"member": _("Hän ei ole tässä tiimissä.")})
    if service.organisation_id != team.organisation_id:
        raise ValidationError({"service": _("Palvelu on toisen organisaation.")})
    rule = rule or TimeRule(team=team)
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.full_clean(exclude=["team", "member", "service", "point"])
    rule.save()
    record("save", "time_rule", rule.id, str(by.id), team=str(team.id))
    freshen(rule.service_id)
    return rule


@transaction.atomic
def delete_rule(by: Person, rule: TimeRule) -> None:
    require("contact.guide_team", by, rule.team)
    record("delete", "time_rule", rule.id, str(by.id), team=str(rule.team_id))
    service_id = rule.service_id
    rule.delete()
    freshen(service_id)


@transaction.atomic
def set_busy_calendar(person: Person, address: str) -> None:
    """The address from which a guide's busy times are read; an empty one ends the reading."""
    require("contact.guide", person)
    if not address:
        BusyCalendar.objects.filter(person=person).delete()
        Busy.objects.filter(person=person).delete()
    else:
        BusyCalendar.objects.update_or_create(
            person=person, defaults={"sealed": seal(address, "calendar"), "read_at": None, "error": ""}
        )
    record("set_busy_calendar", "person", person.id, str(person.id), given=bool(address))


def busy_address(one: BusyCalendar) -> str:
    return unseal(one.sealed, "calendar")


@transaction.atomic
def new_feed(person: Person, names: bool) -> str:
    """A new secret address of the guide's own calendar; an earlier one ends. Returns its token, which is not kept."""
    require("contact.guide", person)
    token = secrets.token_urlsafe(24)
    CalendarFeed.objects.update_or_create(person=person, defaults={"token_hash": hash_of(token), "names": names})
    record("new_feed", "person", person.id, str(person.id), names=names)
    return token


@transaction.atomic
def set_video(by: Person, organisation: Organisation, address: str, app_id: str, secret: str) -> None:
    """Where an organisation's video meetings are held; an empty address ends them. An empty secret keeps the old."""
    require("contact.set_video", by, organisation)
    if not address:
        VideoProvider.objects.filter(organisation=organisation).delete()
    else:
        before = VideoProvider.objects.filter(organisation=organisation).first()
        if not secret and before is None:
            raise ValidationError({"secret": _("Kirjoita palvelimen salaisuus.")})
        sealed = seal(secret, "video") if secret else before.sealed if before else ""
        VideoProvider.objects.update_or_create(
            organisation=organisation, defaults={"address": address, "app_id": app_id, "sealed": sealed}
        )
    record("set_video", "organisation", organisation.id, str(by.id), given=bool(address))


def find_next_free(service: Service) -> None:
    """Keep a service's first free time where its door shows it."""
    found = free_times(rules_of(service=service), days=DAYS_LOOKED, most=1)
    first = found[0].begins if found else None
    with transaction.atomic():
        if Service.objects.filter(id=service.id).exclude(next_free_at=first).update(next_free_at=first):
            record("find_free_time", "service", service.id)


@task()
def find_next_free_of(service_id: str) -> None:
    """The same in the background, once something was booked or freed."""
    find_next_free(Service.objects.get(id=UUID(service_id)))


def freshen(service_id: UUID | None) -> None:
    """Let a worker find a service's first free time anew. Within the caller's transaction."""
    if service_id is not None:
        find_next_free_of.enqueue(str(service_id))


def read_busy(one: BusyCalendar) -> None:
    """Read a guide's busy times anew. What can't be read keeps what was read before, and says why."""
    try:
        spans = busy_spans(fetch(busy_address(one)), now(), now() + AHEAD)
    except CalendarError as error:
        BusyCalendar.objects.filter(id=one.pk).update(error=str(error)[:200])
        return
    with transaction.atomic():
        Busy.objects.filter(person=one.person_id).delete()
        Busy.objects.bulk_create(
            Busy(person_id=one.person_id, begins_at=begins, ends_at=ends) for begins, ends in spans
        )
        BusyCalendar.objects.filter(id=one.pk).update(error="", read_at=now())


def read_all_busy() -> None:
    """Run by the worker."""
    for one in BusyCalendar.objects.filter(person__is_active=True):
        read_busy(one)
