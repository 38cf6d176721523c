"""The contact room's part of the example: a front desk, ready answers, and questions of invented people."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.models import DataKey
from opinovi.contact.actions.appointments import Booking, book
from opinovi.contact.actions.enquiries import say, subject_of
from opinovi.contact.actions.times import find_next_free
from opinovi.contact.availability import free_times, rules_of
from opinovi.contact.models import AnswerTemplate, Enquiry, Message, TimeRule
from opinovi.contact.promises import promise
from opinovi.contact.return_code import hash_of, new_code
from opinovi.directory.models import Service, ServicePoint
from opinovi.network.example import SOURCE, read_example
from opinovi.network.models import Member, Network, Organisation, Team


@transaction.atomic
def make_contact() -> None:
    """Make the example's front desk, answer templates and enquiries; once."""
    network = Network.objects.get(slug=settings.DEFAULT_NETWORK)
    if network.front_desk_team_id:
        return
    told = read_example("contact")
    organisations = {one.external_id: one for one in Organisation.objects.filter(source=SOURCE)}
    desk = told["front_desk"]
    network.front_desk_team = Team.objects.get(organisation=organisations[desk["org"]], name=desk["team"])
    network.save(update_fields=["front_desk_team"])
    for row in told["templates"]:
        AnswerTemplate.objects.create(organisation=organisations[row["org"]], name=row["name"], text=row["text"])
    for row in told["enquiries"]:
        make_enquiry(network, row)
    for row in told["times"]:
        make_rule(row)
    for row in told["booked"]:
        make_booking(network, row)
    for one in Service.objects.filter(time_rules__isnull=False).distinct():
        find_next_free(one)
    record("found", "contact", "", example=True)


def make_rule(row: dict[str, Any]) -> None:
    """When one can book a time of an example service."""
    TimeRule.objects.create(
        team=Team.objects.get(name=row["team"], organisation__source=SOURCE),
        service=Service.objects.get(source=SOURCE, external_id=row["service"]),
        member=Member.objects.get(person__email=f"{row['member']}@example.example"),
        point=ServicePoint.objects.get(source=SOURCE, external_id=row["point"]),
        hours=row["hours"],
        modes=row["modes"],
        languages=row["languages"],
        minutes=row["minutes"],
        buffer_minutes=row["buffer"],
    )


def make_booking(network: Network, row: dict[str, Any]) -> None:
    """A time that an invented person has booked: so many free times ahead."""
    free = free_times(rules_of(service__source=SOURCE, service__external_id=row["service"]), mode=row["mode"])
    if len(free) > row["time"]:
        one = free[row["time"]]
        told = Booking(row["mode"], name=row["name"], phone=row["phone"], note=row.get("note", ""))
        book(network, one.rule, one.begins, told)


def make_enquiry(network: Network, row: dict[str, Any]) -> None:
    """One question as it would have come; how long ago is told in hours."""
    services, points = Service.objects.filter(source=SOURCE), ServicePoint.objects.filter(source=SOURCE)
    team = Team.objects.get(name=row["team"], organisation__source=SOURCE)
    at = now() - timedelta(hours=row["hours_ago"])
    code = new_code()
    enquiry = Enquiry(
        network=network,
        team=team,
        service=services.get(external_id=row["service"]) if "service" in row else None,
        point=points.get(external_id=row["point"]) if "point" in row else None,
        wish=row.get("wish", "here"),
        language=row.get("language", "fi"),
        asked_at=at,
        moved_at=at,
        answer_by=promise(team, at),
        code_hash=hash_of(code),
        key=DataKey.objects.create(),
    )
    told: dict[str, Any] = {name: row[name] for name in ("name", "phone", "when") if name in row}
    enquiry.keep({"subject": subject_of(row["text"]), "code": code} | told)
    enquiry.save()
    message = say(enquiry, Message.Author.PERSON, row["text"])
    Message.objects.filter(id=message.id).update(at=at)
    record("ask", "enquiry", enquiry.id, team=str(team.id), channel=enquiry.channel)
