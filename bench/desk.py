"""The desk of a guide with 50 open things and with 5,000: what it asks of the database, and its time."""

import io
import time
from datetime import timedelta
from statistics import median

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from opinovi.base.clock import now
from opinovi.base.models import DataKey
from opinovi.contact.models import Enquiry
from opinovi.network.models import Network, Person, Team

SIZES, ROUNDS = (50, 5_000), 41


def fill(team: Team, network: Network, count: int) -> None:
    """So many open enquiries, asked over the last days, a few of them late."""
    have = Enquiry.objects.filter(team=team).count()
    keys = DataKey.objects.bulk_create([DataKey() for _ in range(count - have)], batch_size=500)
    rows = []
    for number, key in enumerate(keys):
        one = Enquiry(
            network=network, team=team, key=key, asked_at=now() - timedelta(minutes=number + 60),
            answer_by=now() + timedelta(minutes=number - 30),
        )  # fmt: skip
        one.keep({"subject": f"Kysymys numero {number}, joka odottaa vastausta", "name": "Esko Esimerkki"})
        rows.append(one)
    Enquiry.objects.bulk_create(rows, batch_size=500)


def main() -> None:
    call_command("setup", verbosity=0, stdout=io.StringIO())
    oona = Person.objects.get(email="oona@example.example")
    team, network = Team.objects.get(name="Hakupalvelut"), Network.objects.get(slug="paijat-hame")
    client, first = Client(), 0.0
    client.force_login(oona)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for size in SIZES:
            fill(team, network, size)
            page, questions = measure(client, "/desk")
            spent, _of_list = measure(client, "/desk?part=list")
            first = first or spent
            print(f"| {size} | {questions} | {page:.1f} | {spent:.1f} | {spent / first:.2f} |")


def measure(client: Client, path: str) -> tuple[float, int]:
    """The median time in milliseconds, and how many questions the database was asked."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    questions = len(asked)
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - begin) * 1000)
    return median(times), questions


if __name__ == "__main__":
    main()
