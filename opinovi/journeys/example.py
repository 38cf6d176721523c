"""The journeys room's part of the example: invented clients in the middle of their guidance."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.models import DataKey, Letter
from opinovi.contact.availability import free_times, rules_of
from opinovi.directory.models import Service
from opinovi.journeys.actions import clients, consents, notes, plans, receiving, referrals
from opinovi.journeys.actions.clients import Told
from opinovi.journeys.models import Client, Consent, Consultation, ConsultationReply, Journey, Note, Referral
from opinovi.journeys.models.clients import Beginning
from opinovi.journeys.models.consents import How
from opinovi.network.example import SOURCE, member_named, person_named, read_example
from opinovi.network.models import Network, Person, Team


@transaction.atomic
def make_journeys() -> None:
    """Make the example's clients and what colleagues ask; once."""
    if Client.objects.filter(example=True).exists():
        return
    told = read_example("journeys")
    for row in told["clients"]:
        make_client(row)
    for row in told["consultations"]:
        make_consultation(row)
    # Nobody is written to about what was always so.
    Letter.objects.filter(state=Letter.State.WAITING).delete()
    record("found", "journeys", "", example=True)


def make_client(row: dict[str, Any]) -> None:
    by = person_named(row["guide"])
    team = Team.objects.get(name=row["team"], organisation__source=SOURCE)
    details = {name: row[name] for name in ("name", "mail", "phone", "need", "hope", "on_paper") if name in row}
    journey = clients.begin(by, team, Told(**details), Beginning.WALK_IN)
    consent = consents.ask_own_team(by, journey.client, journey)
    consents.answer(consent, True, How.PAPER if row.get("on_paper") else How.GUIDES_DEVICE, by)
    began = now() - timedelta(days=row["days_ago"])
    Client.objects.filter(id=journey.client_id).update(example=True, began_at=began)
    Journey.objects.filter(id=journey.id).update(began_at=began)
    Consent.objects.filter(id=consent.id).update(asked_at=began, answered_at=began)
    client = Client.objects.select_related("key", "person", "network").get(id=journey.client_id)
    if "person" in row:
        own_account(client, person_named(row["person"]))
    by = person_named(row["guide"])
    for one in row.get("notes", ()):
        note = notes.write_note(by, client, one["kind"], one["text"])
        Note.objects.filter(id=note.id).update(at=now() - timedelta(days=one["days_ago"]))
    for one in row.get("plan", ()):
        make_goal(by, client, one)
    for one in row.get("referrals", ()):
        make_referral(by, client, one)


def own_account(client: Client, person: Person) -> None:
    """The client signs in as one of the example's people."""
    before = client.person
    client.person = person
    client.save(update_fields=["person"])
    if before is not None:
        before.delete()


def make_goal(by: Person, client: Client, row: dict[str, Any]) -> None:
    goal = plans.add_goal(by, client, row["goal"])
    for one in row["steps"]:
        service = Service.objects.filter(source=SOURCE, external_id=one.get("service", "")).first()
        due = today() + timedelta(days=one["in_days"]) if "in_days" in one else None
        step = plans.add_step(by, goal, plans.StepTold(text=one["text"], due=due, service=service))
        if one.get("state"):
            plans.mark_step(by, step, one["state"])


def make_referral(by: Person, client: Client, row: dict[str, Any]) -> None:
    service = Service.objects.get(source=SOURCE, external_id=row["service"])
    draft = referrals.Draft(
        service=service, why=row["why"], hope=row.get("hope", ""), urgency=row.get("urgency", "calm")
    )
    consent = referrals.draft_and_ask(by, client, draft)
    consents.answer(consent, True, How.PAPER if client.on_paper else How.OWN_DEVICE, by if client.on_paper else None)
    one = Referral.objects.get(consent=consent)
    if row["state"] == "accepted":
        times = free_times(rules_of(team=one.to_team_id), days=28, most=4)
        first = times[2] if len(times) > 2 else None
        receiving.accept(person_named(row["to"]), one, first.rule if first else None, first.begins if first else None)


def make_consultation(row: dict[str, Any]) -> None:
    key = DataKey.objects.create()
    member = member_named(row["guide"])
    network = Network.objects.filter(members=member.organisation).order_by("id")[0]
    one = Consultation(network=network, member=member, key=key)
    one.locked = key.lock({"title": row["title"], "text": row["text"]})
    one.save()
    for reply in row["replies"]:
        ConsultationReply.objects.create(
            consultation=one, member=member_named(reply["guide"]), locked=key.lock(reply["text"])
        )
