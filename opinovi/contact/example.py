"""The contact room's part of the example: a front desk, ready answers, and questions of invented people."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from opinovi.base.clock import months_on, now
from opinovi.base.events import record
from opinovi.base.models import DataKey, Letter
from opinovi.contact.actions.appointments import Booking, book
from opinovi.contact.actions.enquiries import say, subject_of
from opinovi.contact.actions.groups import Coming, register, save_session
from opinovi.contact.actions.times import find_next_free
from opinovi.contact.availability import free_times, rules_of
from opinovi.contact.models import AnswerTemplate, Enquiry, Message, TimeRule
from opinovi.contact.promises import promise
from opinovi.contact.return_code import hash_of, new_code
from opinovi.directory.models import Answer, Service, ServicePoint, State
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
    for row in told["groups"]:
        make_group(network, row)
    for row in told["answers"]:
        make_answer(organisations[row["org"]], row)
    for one in Service.objects.filter(time_rules__by_code=False).distinct():
        find_next_free(one)
    # Nobody is written to about what was always so.
    Letter.objects.filter(state=Letter.State.WAITING).delete()
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


def make_group(network: Network, row: dict[str, Any]) -> None:
    """A group that meets in so many days, on the weekday told, with people in it."""
    team = Team.objects.get(name=row["team"], organisation__source=SOURCE)
    leader = Member.objects.get(person__email=f"{row['leader']}@example.example")
    day = timezone.localdate() + timedelta(days=row["in_days"])
    day += timedelta(days=(row["weekday"] - day.weekday()) % 7)
    plan = {"day": day.isoformat(), "begins": row["begins"], "ends": row["ends"], "count": row["count"], "every": 1}
    session = save_session(
        leader.person, team, None, name=row["name"], summary=row["summary"], topics=row["topics"], plan=plan,
        places=row["places"], leader=leader, languages=row["languages"], source=SOURCE,
        point=ServicePoint.objects.get(source=SOURCE, external_id=row["point"]),
    )  # fmt: skip
    for name in row["people"]:
        register(network, session, Coming(name=name))


def make_answer(organisation: Organisation, row: dict[str, Any]) -> None:
    """A question that was answered, and approved by another."""
    day = timezone.localdate()
    writers = list(Member.objects.filter(organisation=organisation).order_by("person__email")[:2])
    answer = Answer.objects.create(
        organisation=organisation, source=SOURCE, name=row["name"], summary=row["summary"], topics=row["topics"],
        state=State.PUBLISHED, approved_at=now(), written_by=writers[0], owner=writers[0],
        approved_by=writers[1] if len(writers) > 1 else None, verified_on=day, confirm_by=months_on(day, 6), version=1,
    )  # fmt: skip
    record("publish", "answer", answer.id, example=True)


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
    told = {"team": str(team.id), "network": str(network.id), "channel": enquiry.channel, "language": enquiry.language}
    record("ask", "enquiry", enquiry.id, **told)
