"""Who writes, reviews and takes up a practice. What is published is for everybody."""

from typing import Any

import rules

from opinovi.network.access import coordinates, is_of
from opinovi.network.models import Organisation, Role
from opinovi.network.standing import standing
from opinovi.practices.models import Practice


@rules.predicate
def takes_part(user: Any, one: Any = None) -> bool:
    """One of the network's own people, or who coordinates it."""
    if one is None:
        return standing(user).is_member
    network = one.network if isinstance(one, Practice) else one
    return coordinates(user, network) or is_of(user, network)


@rules.predicate
def owns(user: Any, one: Practice | Organisation | None = None) -> bool:
    """Works in the house whose practice it is; or coordinates the network."""
    place = standing(user)
    if one is None:
        return place.is_member
    if isinstance(one, Organisation):
        return one.id in place.organisations()
    return one.organisation_id in place.organisations() or one.network_id in place.networks(Role.COORDINATOR)


rules.add_rule("practices.read", rules.always_allow)
rules.add_rule("practices.take_part", takes_part)
rules.add_rule("practices.write", owns)
