"""The queue of a team with two thousand open referrals, and the page of a client with three hundred events, ask no more
than twelve queries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.fresh import fresh as remembered
from opinovi.journeys.actions import notes, plans
from opinovi.journeys.consent_texts import text_in_force
from opinovi.journeys.models import Client, Consent, Referral
from opinovi.network.models import Person
from tests.journeys.guiding import begin, newest_journey, sent, te_service

AsPerson = Callable[[str], Browser]
Named = Callable[[str], Person]


def queries(browser: Browser, path: str) -> int:
    """How many a page asks, cold."""
    remembered.forget()
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200, path
    return len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]])


@pytest.fixture
def many(person: Named) -> Client:
    """Two thousand hand-overs to Nelli's team."""
    client = begin(person("oona"))
    one = sent(person("oona"), client)
    told = {"client": client, "journey": newest_journey(client), "pieces": ["need"], "until": today() + timedelta(9),
            "text": text_in_force(), "state": "given", "answered_at": now(), "how": "paper", "team": one.to_team,
            "organisation": one.to_team.organisation if one.to_team else None}  # fmt: skip
    consents = Consent.objects.bulk_create([Consent(**told) for _number in range(2000)])
    Referral.objects.bulk_create(
        Referral(
            number=1_000_000 + number, network=client.network, client=client, journey=one.journey, consent=consent,
            service=te_service(), to_team=one.to_team, from_team=one.from_team, sender=one.sender, state="sent",
            sent_at=now(), due_at=now() + timedelta(hours=number), locked=client.lock({"why": "Syy"}),
        )
        for number, consent in enumerate(consents)
    )  # fmt: skip
    return client


def test_the_queue_of_two_thousand(as_person: AsPerson, many: Client, in_service: None) -> None:
    nelli = as_person("nelli")
    page = nelli.get("/desk/referrals").content.decode()
    assert "2001 ohjaamista" in page and page.count('<td><a href="/desk/referrals/') == 50
    for path in ("/desk/referrals", "/desk/referrals?page=30", "/desk/referrals?show=out", "/desk/referrals?show=over",
                 "/desk", "/desk?show=mine"):  # fmt: skip
        assert queries(nelli, path) <= 12, path
    assert queries(as_person("oona"), f"/desk/clients/{many.id}") <= 12


def test_the_page_of_a_client_with_three_hundred_events(as_person: AsPerson, person: Named, in_service: None) -> None:
    client = begin(person("oona"))
    one = sent(person("oona"), client)
    with transaction.atomic():
        for number in range(300):
            who = person("oona" if number % 2 else "nelli")
            house = one.from_team if number % 2 else one.to_team
            assert house is not None
            record("read", "client", client.id, str(who.id), organisation=str(house.organisation_id), pieces=["need"])
    for number in range(20):
        notes.write_note(person("oona"), client, "journey", f"Muistio {number}")
    goal = plans.add_goal(person("oona"), client, "Tavoite")
    for number in range(12):
        plans.add_step(person("oona"), goal, plans.StepTold(text=f"Askel {number}", due=today() + timedelta(number)))
    browser = Browser()
    assert client.person is not None
    browser.force_login(client.person)
    for path in ("/my", "/my/reads", "/my/notes", "/my/plan", "/my/plan?history=1", f"/my/referrals/{one.id}",
                 f"/my/consents/{one.consent_id}", "/my/contact", "/my/send"):  # fmt: skip
        assert queries(browser, path) <= 12, path
    assert browser.get("/my/reads").content.decode().count("Nelli Neuvoja") == 150
    for path in ("", "/plan", "/refer", "/outcomes", "/edit"):
        assert queries(as_person("oona"), f"/desk/clients/{client.id}{path}") <= 12, path
    assert queries(as_person("oona"), "/desk/clients?q=muistio") <= 12
    nelli = as_person("nelli")
    nelli.get(f"/desk/referrals/{one.id}")
    for path in ("", "/accept", "/decline"):
        assert queries(nelli, f"/desk/referrals/{one.id}{path}") <= 12, path
