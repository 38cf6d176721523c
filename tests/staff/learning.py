"""What the tests of the staff room share."""

from datetime import timedelta
from typing import Any

from opinovi.base.clock import today
from opinovi.network.actions import make_person, place
from opinovi.network.models import Member, Network, Organisation, Person, Role, Team
from opinovi.network.queries import member_in
from opinovi.staff.actions import profiles, training
from opinovi.staff.models import CompetenceProfile, Training

SECRET = "Minulla on salainen suunnitelma"


def a_profile(by: Person, network: Network, plan: str = SECRET, **levels: int) -> CompetenceProfile:
    return profiles.assess(by, network, levels or {"client": 3, "digital": 1}, ["digital"], plan)


def a_training(by: Person, network: Network, **told: Any) -> Training:
    """In five days, once, for three hours; of digital guidance."""
    member = member_in(by, network)
    team = Team.objects.get(members=member)
    plan = {"day": f"{today() + timedelta(days=5)}", "begins": "13:00", "ends": "16:00", "count": told.pop("count", 1)}
    session = {"name": {"fi": "Videolla"}, "summary": {"fi": "Kokeillaan."}, "plan": plan, "places": told.pop("places", 2),
               "link": "https://kokous.example/v", "leader": member, "languages": ["fi"], "kind": "education"}  # fmt: skip
    given: dict[str, Any] = {"areas": ["digital"], "practices": []}
    return training.save_training(by, network, team, None, session, **given | told)


def crowd(house: Organisation, count: int) -> list[Person]:
    """So many more people of a house."""
    found = []
    for number in range(count):
        person = make_person(f"vaki{number}@staff.example", f"Väki {number}")
        place(person, house, [(Role.EDITOR, None)])
        found.append(person)
    return found


def of(by: Person, network: Network) -> Member:
    return member_in(by, network)
