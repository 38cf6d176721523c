"""Fifty people in fifty processes press for the same ten times at once. Run by itself, on a database of its own:
`python -m tests.contact.pressing` prints what each was answered, as JSON."""

import json
import multiprocessing
import os
import sys
from multiprocessing.synchronize import Barrier
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

PEOPLE, TIMES = 50, 10


def own_database() -> None:
    """A new, empty database on the same PostgreSQL; on SQLite the home is new already."""
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        return
    import psycopg

    name = f"pressing_{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"'.encode())
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def begin() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "opinovi.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def ten_times() -> list[str]:
    """The addresses of ten free times of one guide."""
    from datetime import timedelta

    from django.utils import timezone

    from opinovi.contact.availability import free_times, rules_of
    from opinovi.contact.models import TimeRule
    from opinovi.directory.models import Service
    from opinovi.network.actions import make_person, place
    from opinovi.network.models import Network, Organisation, Team

    house = Organisation.objects.create(name={"fi": "Talo"}, source="own", external_id="talo")
    network = Network.objects.create(slug="paijat-hame", name={"fi": "V"}, region="07", coordinator=house)
    network.members.add(house)
    member = place(make_person("guide@talo.example", "Guide"), house, [("guide", None)])
    team = Team.objects.create(organisation=house, name="Tiimi")
    team.members.add(member)
    service = Service.objects.create(organisation=house, source="own", external_id="p", name={"fi": "P"})
    TimeRule.objects.create(
        team=team, service=service, member=member, modes=["phone"], languages=["fi"], hours="00:00-24:00",
        begins=timezone.localdate() + timedelta(days=2), minutes=60, buffer_minutes=0, per_day=100,
    )  # fmt: skip
    found = free_times(rules_of(service=service), most=TIMES)
    return [f"/book/{one.rule.id}/{int(one.begins.timestamp()) // 60}" for one in found]


def press(address: str, at_once: Barrier, answers: "multiprocessing.Queue[tuple[int, str]]") -> None:
    from django.test import Client

    client = Client()
    told = {"mode": "phone", "phone": "040 123 4567", "language": "fi", "once": str(uuid4())}
    at_once.wait()
    response = client.post(address, told)
    clear = "Aika ehti juuri mennä toiselle" in response.content.decode()
    answers.put((response.status_code, "taken" if clear else response.headers.get("Location", "")[:7]))


def main() -> None:
    own_database()
    begin()
    addresses = ten_times()
    from django.db import connections
    from django.test import Client

    # What every page reads once is read before the processes part.
    Client().post(addresses[0].rsplit("/", 1)[0] + "/30000000", {"mode": "phone", "phone": "040 123 4567"})
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    at_once, answers = fork.Barrier(PEOPLE), fork.Queue()
    people = [
        fork.Process(target=press, args=(addresses[number % TIMES], at_once, answers)) for number in range(PEOPLE)
    ]
    for one in people:
        one.start()
    told = [answers.get(timeout=60) for _ in people]
    for one in people:
        one.join()
    from opinovi.contact.models import Appointment, Taken

    begun = Appointment.objects.filter(state="booked").values_list("begins_at", flat=True)
    json.dump(
        {"answers": told, "booked": len(begun), "different": len(set(begun)), "cells": Taken.objects.count()},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
