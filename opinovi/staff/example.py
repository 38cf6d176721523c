"""The staff room's part of the example: what people learn from one another."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.models import Letter
from opinovi.contact.actions import groups
from opinovi.contact.actions.groups import Coming
from opinovi.network.example import member_named, person_named, read_example
from opinovi.network.models import Network, Team
from opinovi.practices.models import Practice
from opinovi.staff.actions import circles, discussion, profiles, shadowing, training
from opinovi.staff.models import Thread, TrainingPlace


@transaction.atomic
def make_staff() -> None:
    """Make the example's trainings, peers, circles, days and threads; once."""
    if Thread.objects.exists():
        return
    network, told = Network.objects.get(slug="paijat-hame"), read_example("staff")
    for row in told["profiles"]:
        by = person_named(row["who"])
        one = profiles.assess(by, network, row["levels"], row["wants"], row["plan"])
        if row.get("leader"):
            profiles.share(by, one, member_named(row["leader"]), counted=False)
    for row in told["trainings"]:
        make_training(network, row)
    for row in told["offers"]:
        profiles.offer_help(person_named(row["who"]), network, row["area"], row["text"])
    for row in told["circles"]:
        make_circle(network, row)
    for row in told["shadowing"]:
        begins = today() + timedelta(days=row["in_days"])
        ends = begins + timedelta(days=row["for_days"])
        shadowing.save_offer(person_named(row["by"]), network, None, row["text"], begins, ends, row["most"])
    for row in told["threads"]:
        thread = discussion.begin(person_named(row["by"]), network, row["area"], row["title"], row["text"], looked=True)
        for who, text in row["replies"]:
            discussion.reply(person_named(who), thread, text, looked=True)
    # Nobody is written to about what was always so.
    Letter.objects.filter(state=Letter.State.WAITING).delete()
    record("found", "staff", "", example=True)


def make_training(network: Network, row: dict[str, Any]) -> None:
    by, leader = person_named(row["by"]), member_named(row["by"])
    team = Team.objects.get(name=row["team"], organisation=leader.organisation)
    day = today() + timedelta(days=row["in_days"])
    plan = {"day": day.isoformat(), "begins": row["begins"], "ends": row["ends"], "count": row["count"], "every": 1}
    session = {"name": row["name"], "summary": row["summary"], "plan": plan, "places": row["places"],
               "link": row["link"], "leader": leader, "languages": ["fi"], "kind": "education"}  # fmt: skip
    practices = list(Practice.objects.filter(network=network, state="published", topics=[row.get("practice", "")]))
    one = training.save_training(by, network, team, None, session, areas=row["areas"], practices=practices)
    for name in row["comes"]:
        member = member_named(name)
        place = groups.register(network, one.session, Coming(name=member.person.name), by)
        TrainingPlace.objects.create(training=one, member=member, registration=place)
        for meeting in one.session.meetings.all():
            groups.mark(by, place, meeting, came=True)


def make_circle(network: Network, row: dict[str, Any]) -> None:
    by, people = person_named(row["by"]), [member_named(name) for name in row["people"]]
    one = circles.begin(by, network, row["kind"], name=row["name"], text=row["text"], area=row["area"], people=people,
                        open_to_all=row["open"])  # fmt: skip
    for member in people:
        circles.answer(member.person, one, yes=True)
    for who, text in row.get("notes", ()):
        circles.write(person_named(who), one, text, looked=True)
