"""Many times the data of the example: services, and with them enquiries, clients, booked times and lines of the log."""

from datetime import timedelta

from django.db import connection

from bench import made
from opinovi.base.clock import now
from opinovi.base.models import DataKey, Event
from opinovi.contact.models import Appointment, Enquiry, Message
from opinovi.directory.models import Service
from opinovi.doors.index import current
from opinovi.journeys.models import Client, Journey
from opinovi.network.models import Network, Team

# Of one measure: what a region has in its first half year.
SERVICES, ENQUIRIES, CLIENTS, TIMES = 1_800, 400, 300, 400
PART = 1_000
TEAMS = ("Hakupalvelut", "Neuvontapiste")


def grow(times: int) -> None:
    """Make the data so many times as large. Once is the example with what a region's first half year leaves."""
    network = Network.objects.get(slug="paijat-hame")
    teams = list(Team.objects.filter(organisation__in=network.members.all()))
    if times > 1:
        made.add(SERVICES * (times - 1))
    for begin in range(0, ENQUIRIES * times, PART):
        enquiries(network, teams, begin, min(PART, ENQUIRIES * times - begin))
    for begin in range(0, CLIENTS * times, PART):
        clients(network, teams, begin, min(PART, CLIENTS * times - begin))
    for begin in range(0, TIMES * times, PART):
        booked(network, teams, begin, min(PART, TIMES * times - begin))
    lines = Event.objects.count()
    for _ in range(times - 1):
        more_lines(lines)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    current().build()


def keys(count: int) -> list[DataKey]:
    return DataKey.objects.bulk_create([DataKey() for _ in range(count)], batch_size=500)


def enquiries(network: Network, teams: list[Team], begin: int, count: int) -> None:
    """Most are answered and closed; one in twenty waits."""
    rows, messages = [], []
    for number, key in enumerate(keys(count), start=begin):
        asked = now() - timedelta(hours=number % 4_000 + 1)
        waits = number % 20 == 0
        one = Enquiry(
            network=network, team=teams[number % len(teams)], key=key, asked_at=asked, answer_by=asked + timedelta(days=2),
            state="waiting" if waits else "closed", first_answered_at=None if waits else asked + timedelta(days=1),
            closed_why="" if waits else "advised",
        )  # fmt: skip
        one.keep({"subject": f"Kysymys numero {number}", "name": "Esko Esimerkki"})
        rows.append(one)
        messages.append(Message(enquiry=one, author="person", locked=key.lock(f"Kysymys numero {number}, pitempi.")))
    Enquiry.objects.bulk_create(rows, batch_size=500)
    Message.objects.bulk_create(messages, batch_size=500)


def clients(network: Network, teams: list[Team], begin: int, count: int) -> None:
    rows, journeys = [], []
    for number, key in enumerate(keys(count), start=begin):
        one = Client(network=network, key=key, moved_at=now() - timedelta(hours=number % 4_000))
        one.keep({"name": f"Esimerkki {number}", "mail": f"esimerkki{number}@people.example"})
        rows.append(one)
        team = teams[number % len(teams)]
        journeys.append(
            Journey(
                client=one,
                team=team,
                organisation=team.organisation,
                began_from="enquiry",
                locked=key.lock({"need": "Mistä aloitan?"}),
            )
        )
    Client.objects.bulk_create(rows, batch_size=500)
    Journey.objects.bulk_create(journeys, batch_size=500)


def booked(network: Network, teams: list[Team], begin: int, count: int) -> None:
    """Most are over."""
    service, rows = Service.objects.filter(source="example").first(), []
    for number, key in enumerate(keys(count), start=begin):
        begins = now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=number % 4_000 + 1)
        one = Appointment(
            network=network, team=teams[number % len(teams)], service=service, mode="phone", begins_at=begins,
            ends_at=begins + timedelta(minutes=30), key=key, state="met",
        )  # fmt: skip
        one.keep({"name": "Esko Esimerkki", "phone": "0401234567"})
        rows.append(one)
    Appointment.objects.bulk_create(rows, batch_size=500)


def more_lines(count: int) -> None:
    """As many lines of the log again, of subjects that nothing is counted of."""
    fresh = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO base_event (id, at, verb, subject_type, subject_id, actor, data) SELECT {fresh}, at, verb, "
            "'grown', subject_id, actor, data FROM base_event ORDER BY seq LIMIT %s",
            [count],
        )
