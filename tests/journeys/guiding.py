"""What the tests of guidance do again and again: a client of Oona's, a consent, a hand-over to Nelli's team."""

from typing import Any

from opinovi.directory.models import Service
from opinovi.journeys.actions import clients, consents, referrals
from opinovi.journeys.actions.clients import Told
from opinovi.journeys.models import Client, Consent, Journey, Referral
from opinovi.journeys.models.clients import Beginning
from opinovi.journeys.models.consents import How, Piece
from opinovi.network.models import Person, Team

NEED = "Haluan vaihtaa alaa, mutta en tiedä mihin"


def fresh(person: Person) -> Person:
    """The person as a new request has them: nothing of their standing is remembered."""
    return Person.objects.get(id=person.id)


def begin(by: Person, name: str = "Aino Asiakas", **told: Any) -> Client:
    """A client of the guide's first team, who said yes to it on the guide's device."""
    team = Team.objects.filter(members__person=by).select_related("organisation").order_by("id")[0]
    details: dict[str, Any] = {"name": name, "mail": "aino@asiakas.example", "need": NEED} | told
    journey = clients.begin(by, team, Told(**details), Beginning.WALK_IN)
    consent = consents.ask_own_team(by, journey.client, journey)
    consents.answer(consent, True, How.GUIDES_DEVICE, by)
    return Client.objects.select_related("key", "person", "network").get(id=journey.client_id)


def te_service() -> Service:
    """The service of Nelli's team at the employment office."""
    return Service.objects.get(source="example", external_id="te-ammatinvalinta")


def asked(by: Person, client: Client, service: Service | None = None, **told: Any) -> Referral:
    """A hand-over that waits for the client's yes."""
    details: dict[str, Any] = {"service": service or te_service(), "why": "Hän miettii hoiva-alaa"} | told
    if details.get("outside_name"):
        details["service"] = None
    consent = referrals.draft_and_ask(by, client, referrals.Draft(**details))
    return Referral.objects.get(consent=consent)


def sent(by: Person, client: Client, service: Service | None = None, **told: Any) -> Referral:
    """The same, after the client's yes on their own device."""
    one = asked(by, client, service, **told)
    consents.answer(Consent.objects.get(id=one.consent_id), True, How.OWN_DEVICE)
    return Referral.objects.get(id=one.id)


def newest_journey(client: Client) -> Journey:
    return client.journeys.order_by("-began_at")[0]


EVERY_PIECE = list(Piece.values)
