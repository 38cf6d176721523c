"""Who runs a survey, and who sees what of it. An employer never sees who answered what; a guide reads words first."""

from typing import Any

import rules

from opinovi.network.models import Network, Role
from opinovi.network.standing import standing
from opinovi.workplaces.models import CompetenceSurvey, PlanGoal, Workplace

Thing = Workplace | CompetenceSurvey | PlanGoal | Network


def workplace_of(one: Workplace | CompetenceSurvey | PlanGoal) -> Workplace:
    if isinstance(one, PlanGoal):
        return one.survey.workplace
    return one.workplace if isinstance(one, CompetenceSurvey) else one


@rules.predicate
def represents(user: Any, one: Thing | None = None) -> bool:
    """The workplace's own representative."""
    theirs = standing(user).organisations(Role.EMPLOYER)
    if one is None or isinstance(one, Network):
        return bool(theirs) and one is None
    house = workplace_of(one).organisation_id
    return house is not None and house in theirs


@rules.predicate
def serves(user: Any, one: Thing | None = None) -> bool:
    """A guide of one of the network's houses."""
    theirs = standing(user).organisations(Role.GUIDE)
    if one is None or not theirs:
        return bool(theirs)
    network = one if isinstance(one, Network) else workplace_of(one).network
    return network.members.filter(id__in=theirs).exists()


@rules.predicate
def takes_part(user: Any, one: Thing | None = None) -> bool:
    return bool(represents(user, one) or serves(user, one))


# Whoever has the code answers: the page asks for it itself.
rules.add_rule("workplaces.answer", rules.always_allow)
rules.add_rule("workplaces.take_part", takes_part)
rules.add_rule("workplaces.serve", serves)
