"""A small simulated network for the tests: its houses and teams stand in the database, its lives are known."""

from datetime import UTC, date, datetime

from opinovi.impact.example import teams_of
from opinovi.impact.management.commands.simulate import own_network
from opinovi.impact.models import Figure
from opinovi.impact.simulation.lives import World
from opinovi.impact.simulation.making import make_world
from opinovi.network.models import Network

UNTIL = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
Cell = tuple[str, str, int, str, str, int, int]


def small_world(region: Network, clients: int = 60, seed: int = 1, begins: date = date(2025, 3, 1)) -> World:
    network = own_network(region)
    return make_world(str(network.id), teams_of(network)[:12], clients, 2, seed, begins, UNTIL)


def figures() -> list[Cell]:
    return sorted(Figure.objects.values_list("scope", "count", "month", "by", "value", "bucket", "n"))
