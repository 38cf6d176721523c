"""Who may do what with networks, organisations and people."""

from typing import Any

import rules
from django.conf import settings

from opinovi.network.models import Invitation, Member, Network, Organisation, Role, Team
from opinovi.network.standing import standing


@rules.predicate
def signed_in(user: Any) -> bool:
    return standing(user).signed_in


@rules.predicate
def is_member(user: Any) -> bool:
    """One of the network's own people, whatever their role."""
    return standing(user).is_member


@rules.predicate
def at_desk(user: Any) -> bool:
    """Anyone who has something on the desk, if only figures."""
    return standing(user).at_desk


@rules.predicate
def administers(user: Any, one: Organisation | Member | Team | Invitation | None = None) -> bool:
    """Administrator of the organisation that the object belongs to; with no object, of any."""
    theirs = standing(user).organisations(Role.ADMINISTRATOR)
    if one is None:
        return bool(theirs)
    return (one.id if isinstance(one, Organisation) else one.organisation_id) in theirs


@rules.predicate
def is_colleague(user: Any, one: Organisation | None = None) -> bool:
    """Holds a role in the organisation."""
    theirs = standing(user).organisations()
    return bool(theirs) if one is None else one.id in theirs


@rules.predicate
def administers_network(user: Any, network: Network | None = None) -> bool:
    """Administrator of the network; with none given, of any."""
    theirs = standing(user).networks(Role.NETWORK_ADMINISTRATOR)
    return bool(theirs) if network is None else network.id in theirs


@rules.predicate
def is_oneself(user: Any, member: Member | None = None) -> bool:
    """The member's own place, while it lasts."""
    return member is not None and member.id in standing(user).members()


@rules.predicate
def runs(user: Any, network: Network | None = None) -> bool:
    """Coordinates or administers the network."""
    theirs = standing(user).networks(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR)
    return bool(theirs) if network is None else network.id in theirs


@rules.predicate
def coordinates(user: Any, network: Network | None = None) -> bool:
    """Coordinates the network; with none given, any."""
    theirs = standing(user).networks(Role.COORDINATOR)
    return bool(theirs) if network is None else network.id in theirs


@rules.predicate
def is_of(user: Any, network: Network | None = None) -> bool:
    """One of the people of the network's organisations; with none given, of any."""
    place = standing(user)
    return place.is_member and (network is None or network.members.filter(id__in=place.organisations()).exists())


@rules.predicate
def may_be_absent(user: Any, member: Member | None = None) -> bool:
    """The member themselves, or their organisation's administrator."""
    return member is not None and (member.id in standing(user).members() or administers(user, member))


# Signing in is for everyone; what follows it, for those who are in.
rules.add_rule("network.sign_in", rules.always_allow)
rules.add_rule("network.sign_in_example", rules.predicate(lambda user: settings.EXAMPLE and not settings.PRODUCTION))
rules.add_rule("network.own_account", signed_in)
rules.add_rule("network.invite", administers)
rules.add_rule("network.manage_people", administers)
rules.add_rule("network.manage_member", administers)
rules.add_rule("network.set_absence", may_be_absent)
rules.add_rule(
    "network.end_absence",
    rules.predicate(lambda user, absence=None: absence is not None and may_be_absent(user, absence.member)),
)
rules.add_rule("network.own_place", is_oneself)
rules.add_rule("network.run", runs)
rules.add_rule("network.set_up", administers_network)
rules.add_rule(
    "network.end_membership",
    rules.predicate(lambda user, one=None: one is not None and administers_network(user, one.network)),
)
rules.add_rule("network.sign_agreement", administers)
