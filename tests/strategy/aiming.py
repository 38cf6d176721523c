"""What the tests of strategy work share: a strategy with one of everything under it."""

from datetime import date, timedelta
from typing import Any

from opinovi.base.clock import today
from opinovi.base.ids import new_id
from opinovi.doors.models import NeedCount
from opinovi.network.models import Network, Organisation, Person
from opinovi.strategy.actions import planning, writing
from opinovi.strategy.models import Action, Objective, Strategy, Theme

VISION = "Apu löytyy läheltä.\n\nKukaan ei putoa väliin."


def a_strategy(by: Person, network: Network) -> Strategy:
    return writing.save_strategy(
        by, network, None, name={"fi": "Ovi auki"}, vision={"fi": VISION}, begins=date(2027, 1, 1),
        ends=date(2029, 12, 31), review_months=6,
    )  # fmt: skip


def an_objective(by: Person, strategy: Strategy, name: str = "Apu löytyy") -> Objective:
    theme = writing.save_part(by, strategy, None, name={"fi": "Läheltä"}, text={"fi": "Kunnassa."})
    assert isinstance(theme, Theme)
    found = writing.save_part(by, theme, None, name={"fi": name}, text={"fi": "Ensin suurimmat aukot."})
    assert isinstance(found, Objective)
    return found


def an_action(
    by: Person, objective: Objective, house: Organisation, name: str = "Katsotaan aukot", **told: Any
) -> Action:
    given: dict[str, Any] = {
        "organisation": house, "member": None, "partners": [], "begins": today(), "ends": today() + timedelta(days=30),
        "resources": "", "waits_for": [],
    } | told  # fmt: skip
    return planning.save_action(by, objective, None, name={"fi": name}, **given)


def needs(network: Network, topic: str, served: int, unserved: int, place: str = "398", language: str = "fi") -> None:
    """So many needs of a topic, counted today."""
    NeedCount.objects.bulk_create(
        NeedCount(id=new_id(), network=network, language=language, municipality=place, topics=[topic],
                  doors=5 if number < served else 0, served=number < served)
        for number in range(served + unserved)
    )  # fmt: skip
