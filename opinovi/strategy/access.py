"""Who may read, write and decide what the network aims at. A published strategy is for everyone."""

from typing import Any

import rules

from opinovi.network.access import coordinates, is_colleague, is_of
from opinovi.network.models import Network, Role
from opinovi.network.standing import standing


def network_of(one: Any) -> Network:
    """The network that a strategy, its parts, a meeting, a gap or a network itself belongs to."""
    for way in ("strategy", "theme", "objective", "measure", "meeting"):
        if hasattr(one, f"{way}_id"):
            return network_of(getattr(one, way))
    return one if isinstance(one, Network) else one.network


@rules.predicate
def runs(user: Any, one: Any = None) -> bool:
    """Coordinates the network."""
    return coordinates(user, None if one is None else network_of(one))


@rules.predicate
def audits(user: Any, one: Any = None) -> bool:
    """Looks at the network from outside: reads, and changes nothing."""
    theirs = standing(user).networks(Role.AUDITOR, Role.NETWORK_ADMINISTRATOR, Role.COORDINATOR)
    return bool(theirs) if one is None else network_of(one).id in theirs


@rules.predicate
def takes_part(user: Any, one: Any = None) -> bool:
    """One of the network's own people."""
    if one is None:
        return standing(user).is_member
    return runs(user, one) or is_of(user, network_of(one))


@rules.predicate
def is_responsible(user: Any, one: Any = None) -> bool:
    """Of an action: one of the organisation that is responsible for it."""
    if one is None:
        return standing(user).is_member
    return one.organisation_id in standing(user).organisations()


rules.add_rule("strategy.read", rules.always_allow)
rules.add_rule("strategy.see", takes_part | audits)
rules.add_rule("strategy.take_part", takes_part)
rules.add_rule("strategy.run", runs)
rules.add_rule("strategy.assess", is_colleague)
rules.add_rule("strategy.act", is_responsible | runs)
