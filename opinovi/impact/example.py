"""The example network's part of this room: three years as they could have been (simulated, docs/simulation.md), and
shares of the population that are examples."""

from django.db import transaction

from opinovi.base.clock import months_on, now, today
from opinovi.base.events import record
from opinovi.impact.counting import count_anew
from opinovi.impact.models import Population
from opinovi.impact.simulation.lives import Team
from opinovi.impact.simulation.making import make_world
from opinovi.impact.simulation.writing import write
from opinovi.impact.stocktaking import take_stock
from opinovi.network.models import Network
from opinovi.network.models import Team as TeamRow
from opinovi.network.queries import first_network

CLIENTS, YEARS, SEED = 1800, 3, 1
# Invented, in tenths of a per cent: a real installation loads a table of the statistical office.
SHARES = {"low_schooling": 240, "over_55": 430, "immigrant": 75, "unemployed": 65, "outside_work": 210, "disabled": 110,
          "rural": 290}  # fmt: skip
SOURCE = "Esimerkki, ei tilasto"


def make_impact() -> None:
    network = first_network()
    assert network is not None
    load_example(network)


def load_example(network: Network, clients: int = CLIENTS) -> None:
    begins = months_on(today(), -12 * YEARS)
    write(make_world(str(network.id), teams_of(network), clients, YEARS, SEED, begins, now(), 0.2), post=False)
    with transaction.atomic():
        record("found", "impact", "", example=True)
        Population.objects.bulk_create(
            [
                Population(network=network, group=group, permille=share, year=today().year - 1, source=SOURCE)
                for group, share in SHARES.items()
            ]
        )
    take_stock(network)
    count_anew(still=False)


def teams_of(network: Network) -> list[Team]:
    rows = TeamRow.objects.filter(organisation__networks=network).order_by("id").values_list("id", "organisation")
    return [Team(str(team), str(house)) for team, house in rows]
