"""Who may see which figures, and who may answer for what is said of the guidance."""

from typing import Any

import rules

from opinovi.contact.access import guides_team
from opinovi.impact.models import Complaint, Feedback, SavedQuery
from opinovi.impact.queries import administrators_of
from opinovi.network.access import administers, coordinates, is_colleague, is_member, is_of
from opinovi.network.models import Network, Role, Team
from opinovi.network.standing import standing


@rules.predicate
def follows(user: Any, network: Network | None = None) -> bool:
    """One of the network's own people, or one who looks at it from outside: figures tell of nobody."""
    theirs = standing(user).networks(Role.AUDITOR, Role.NETWORK_ADMINISTRATOR, Role.COORDINATOR)
    if network is None:
        return bool(theirs) or standing(user).is_member
    return network.id in theirs or is_of(user, network)


@rules.predicate
def follows_team(user: Any, team: Team | None = None) -> bool:
    """A guide of the team, or the administrator of its organisation."""
    return bool(guides_team(user, team) or administers(user, team))


@rules.predicate
def reads_feedback(user: Any, one: Feedback | None = None) -> bool:
    return bool(guides_team(user, one.team if one is not None else None))


@rules.predicate
def answers_complaint(user: Any, one: Complaint | None = None) -> bool:
    """The administrator of the organisation that it is about; where it has none, who coordinates the network."""
    if one is None:
        return bool(administers(user) or coordinates(user))
    if administers(user, one.organisation):
        return True
    return bool(coordinates(user, one.network)) and not administrators_of(one.organisation).exists()


@rules.predicate
def owns_query(user: Any, one: SavedQuery | None = None) -> bool:
    return one is not None and one.person_id == user.pk


@rules.predicate
def reads_query(user: Any, one: SavedQuery | None = None) -> bool:
    """Its keeper; and where it is shared, whoever may see the figures it asks for."""
    if one is None:
        return bool(follows(user))
    return one.person_id == user.pk or (one.shared and bool(follows(user, one.network)))


rules.add_rule("impact.read", rules.always_allow)
rules.add_rule("impact.give_feedback", rules.always_allow)
rules.add_rule("impact.complain", rules.always_allow)
rules.add_rule("impact.see_network", follows)
rules.add_rule("impact.see_own", is_member)
rules.add_rule("impact.see_house", is_colleague)
rules.add_rule("impact.see_team", follows_team)
rules.add_rule("impact.read_feedback", reads_feedback)
rules.add_rule("impact.answer_complaint", answers_complaint)
rules.add_rule("impact.read_query", reads_query)
rules.add_rule("impact.own_query", owns_query)
rules.add_rule("impact.run", coordinates)
rules.add_rule("impact.run_house", administers)
