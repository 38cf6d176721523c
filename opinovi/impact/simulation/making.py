"""A simulated world: so many clients, and what happens around them."""

from datetime import UTC, date, datetime, time

from opinovi.base.clock import months_on
from opinovi.impact.simulation import around, ending, guided_lives
from opinovi.impact.simulation.lives import Fate, Team, World


def make_world(
    network: str,
    teams: list[Team],
    clients: int,
    years: int,
    seed: int,
    begins: date,
    until: datetime,
    around_each: float = 1.0,
) -> World:
    """So many clients begin over so many years, and around each of them others ask, book and look for a door. Nothing
    happens after the last moment."""
    start = datetime(begins.year, begins.month, begins.day, tzinfo=UTC)
    world = World(network, teams, start, datetime.combine(months_on(begins, 12 * years), time(), UTC))
    fate = Fate(seed, network)
    for _ in range(clients):
        world.lives.append(guided_lives.live(world, fate))
    others = int(clients * around_each)
    around.ask(world, fate, others * 5 // 2)
    around.book(world, fate, others * 2)
    around.meet_in_groups(world, fate, max(4, others // 40))
    around.speak(world, fate, others * 3 // 2)
    around.look(world, fate, max(50, clients // 2))
    around.keep_stock(world, fate)
    around.work(world, fate, max(20, clients // 20))
    ending.end_at(world, until)
    return world
