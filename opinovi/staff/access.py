"""Who sees and does what among the network's own people. A competence profile is its owner's; a circle is its
members'."""

from typing import Any

import rules

from opinovi.contact.access import guides_team
from opinovi.network.access import coordinates, is_of, runs
from opinovi.network.models import Network, Team
from opinovi.network.standing import standing
from opinovi.staff.models import (
    Certificate,
    Circle,
    CompetenceProfile,
    PeerOffer,
    PlaceState,
    Post,
    ShadowOffer,
    Thread,
    Training,
)


@rules.predicate
def takes_part(user: Any, one: Any = None) -> bool:
    """One of the network's own people, or who coordinates or administers it."""
    if one is None:
        return standing(user).is_member
    network = one if isinstance(one, Network) else one.network
    return runs(user, network) or is_of(user, network)


@rules.predicate
def owns(user: Any, one: CompetenceProfile | PeerOffer | None = None) -> bool:
    """Their own."""
    return one is not None and standing(user).is_member and one.member_id in standing(user).members()


@rules.predicate
def earned(user: Any, one: Certificate | None = None) -> bool:
    """Whose certificate it is, in whichever house they work now."""
    return one is not None and standing(user).signed_in and one.member.person_id == standing(user).person


@rules.predicate
def began(user: Any, one: Thread | None = None) -> bool:
    """Who began the thread."""
    return one is not None and one.by_id in standing(user).members()


@rules.predicate
def reads_profile(user: Any, one: CompetenceProfile | None = None) -> bool:
    """Its owner, or the leader whom they chose: of the same house, while both are there."""
    if one is None or not standing(user).is_member:
        return False
    mine = standing(user).members()
    if one.member_id in mine:
        return True
    return (
        one.leader is not None
        and one.leader_id in mine
        and one.leader.organisation_id == one.member.organisation_id
        and one.member.ended_at is None
    )


@rules.predicate
def is_in(user: Any, one: Circle | None = None) -> bool:
    """In the circle, or asked to it."""
    if one is None or not standing(user).is_member:
        return False
    places = one.circle_places.filter(member__in=standing(user).members()).exclude(state=PlaceState.OUT)
    return places.exists()


@rules.predicate
def arranges(user: Any, one: Team | Training | None = None) -> bool:
    """A guide of the team that holds the training."""
    if one is None or isinstance(one, Team):
        return guides_team(user, one)
    return guides_team(user, one.session.team)


@rules.predicate
def hosts(user: Any, one: ShadowOffer | None = None) -> bool:
    return one is not None and standing(user).is_member and one.host_id in standing(user).members()


@rules.predicate
def may_remove(user: Any, one: Post | None = None) -> bool:
    """Who wrote it, or who coordinates the network."""
    if one is None:
        return False
    return one.by_id in standing(user).members() or coordinates(user, one.thread.network)


rules.add_rule("staff.take_part", takes_part)
rules.add_rule("staff.own", owns)
rules.add_rule("staff.own_certificate", earned)
rules.add_rule("staff.close_thread", began)
rules.add_rule("staff.read_profile", reads_profile)
rules.add_rule("staff.be_in_circle", is_in)
rules.add_rule("staff.arrange_training", arranges)
rules.add_rule("staff.host", hosts)
rules.add_rule("staff.remove_post", may_remove)
