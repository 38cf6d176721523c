"""A strategy of the example's network, and an objective in it."""

from collections.abc import Callable

import pytest

from opinovi.network.models import Network, Person
from opinovi.strategy.models import Objective, Strategy
from tests.strategy.aiming import a_strategy, an_objective


@pytest.fixture
def strategy(person: Callable[[str], Person], region: Network) -> Strategy:
    return a_strategy(person("kaisa"), region)


@pytest.fixture
def objective(person: Callable[[str], Person], strategy: Strategy) -> Objective:
    return an_objective(person("kaisa"), strategy)
