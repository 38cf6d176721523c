"""Who may read, write and decide what the network aims at. A published strategy is for everyone."""

from typing import Any

import rules

from opinovi.network.models import Network, Role
from opinovi.network.standing import standing


def network_of(one: Any) -> Network:
    """The network that a strategy, its parts, a meeting, a gap or a network itself belongs to."""
    for way in ("strategy", "theme", "objective", "measure", "meeting"):
        if hasattr(one, f"{way}_id"):
            return network_of(getattr(one, way))
    return one if isinstance(one, Network) else one.network


def is_of(user: Any, network: Network) -> bool:
    """Whether somebody is one of the people of a network's organisations."""
    place = standing(user)
    return place.is_member and network.members.filter(id__in=place.organisations()).exists()


@rules.predicate
def runs(user: Any, one: Any = None) -> bool:
    """Coordinates the network."""
    theirs = standing(user).networks(Role.COORDINATOR)
    return bool(theirs) if one is None else network_of(one).id in theirs


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


@rules.predicate
def is_colleague(user: Any, organisation: Any = None) -> bool:
    """Works in the organisation."""
    theirs = standing(user).organisations()
    return bool(theirs) if organisation is None else organisation.id in theirs


rules.add_rule("strategy.read", rules.always_allow)
rules.add_rule("strategy.see", takes_part | audits)
rules.add_rule("strategy.take_part", takes_part)
rules.add_rule("strategy.run", runs)
rules.add_rule("strategy.assess", is_colleague)
rules.add_rule("strategy.act", is_responsible | runs)
