"""What the tests of requests and offers share: a team of two houses, a request, an offer of both."""

from datetime import timedelta
from typing import Any

from opinovi.base.clock import today
from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.workplaces.actions import cases, offers
from opinovi.workplaces.models import Case, Offer, OfferPart, Workplace

NEED = "tarviin hitsaajia, ja osa porukasta ei osaa lukea piirustuksia"


def fresh(person: Person) -> Person:
    """As a new request has them: nothing is remembered of what they may do."""
    return Person.objects.get(id=person.id)


def a_team(network: Network, *people: Person) -> None:
    kaisa = Person.objects.get(email="kaisa@example.example")
    cases.set_team(kaisa, network, list(Member.objects.filter(person__in=people)))


def a_case(network: Network, workplace: Workplace | None = None, by: Person | None = None, **told: Any) -> Case:
    given = {"need": NEED, "house": "Paja", "mail": "paja@tyopaikka.example", "ask": "training"} | told
    return cases.ask(network, cases.Told(**given), workplace, by)


def house(name: str) -> Organisation:
    return Organisation.objects.get(source="example", external_id=name)


def write_part(by: Person, one: Case, organisation: Organisation, price: int = 10_000, **told: Any) -> OfferPart:
    writer = Person.objects.filter(places__organisation=organisation, places__roles__role="guide").first() or by
    part = offers.ask_house(fresh(by), one, writer.places.get(organisation=organisation))
    given = {"what": "Kurssi", "begins": today() + timedelta(days=10), "ends": None, "price": price, "funding": "",
             "contact": None, "service": None}  # fmt: skip
    return offers.save_part(fresh(writer), part, ready=True, **given | told)


def an_offer(oona: Person, one: Case) -> Offer:
    """Of two houses, sent."""
    offers.begin(fresh(oona), one)
    write_part(oona, one, house("salpaus"), 48_000)
    write_part(oona, one, house("te-ph"), 0)
    offers.save_words(fresh(oona), one, "Näin autamme", today() + timedelta(days=14))
    return offers.send(fresh(oona), one)
