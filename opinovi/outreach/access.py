"""Who plans outreach, who goes, who sees what came of it. A door code is for everybody."""

from typing import Any

import rules

from opinovi.network.access import coordinates, is_of
from opinovi.network.models import Network, Organisation, Role
from opinovi.network.standing import standing
from opinovi.outreach.models import OutreachAction, OutreachPlan


def plan_of(one: Any) -> OutreachPlan:
    found: OutreachPlan = one.plan if isinstance(one, OutreachAction) else one
    return found


@rules.predicate
def goes_for(user: Any, one: Organisation | Network | OutreachPlan | OutreachAction | None = None) -> bool:
    """Guides, edits or administers in the organisation; or coordinates the network."""
    place = standing(user)
    theirs = place.organisations(Role.GUIDE, Role.EDITOR, Role.ADMINISTRATOR)
    if one is None:
        return bool(theirs) or place.has(Role.COORDINATOR)
    if isinstance(one, Organisation):
        return one.id in theirs
    if isinstance(one, Network):
        return coordinates(user, one) or (bool(theirs) and one.members.filter(id__in=theirs).exists())
    plan = plan_of(one)
    return plan.organisation_id in theirs or plan.network_id in place.networks(Role.COORDINATOR)


@rules.predicate
def sees(user: Any, one: Any = None) -> bool:
    """One of the network's own people: figures and plans, no notes."""
    place = standing(user)
    if one is None:
        return place.at_desk
    network = one if isinstance(one, Network) else plan_of(one).network
    over = place.networks(Role.COORDINATOR, Role.AUDITOR, Role.NETWORK_ADMINISTRATOR)
    return network.id in over or is_of(user, network)


rules.add_rule("outreach.open", rules.always_allow)
rules.add_rule("outreach.see", sees)
rules.add_rule("outreach.go", goes_for)
rules.add_rule("outreach.plan_for", goes_for)
