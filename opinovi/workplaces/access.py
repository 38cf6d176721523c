"""Who runs a survey, and who sees what of it. An employer never sees who answered what; a guide reads words first."""

from typing import Any

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet

from opinovi.network.models import Membership, Network, Role
from opinovi.network.standing import standing
from opinovi.workplaces.models import Case, Change, ChangeStep, CompetenceSurvey, OfferPart, PlanGoal, Workplace
from opinovi.workplaces.models.cases import WorkplaceTeamPlace

Thing = Workplace | CompetenceSurvey | PlanGoal | Network


def workplace_of(one: Any) -> Workplace:
    """The workplace that something is of."""
    if isinstance(one, Workplace):
        return one
    found: Workplace = one.survey.workplace if isinstance(one, PlanGoal) else one.workplace
    return found


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


@rules.predicate
def is_of_house(user: Any, part: OfferPart | None = None) -> bool:
    """Who was asked for a part of an offer, or a guide of their house."""
    place = standing(user)
    if part is None or not place.is_member:
        return False
    return part.contact_id in place.members() or part.organisation_id in place.organisations(Role.GUIDE)


def answers(user: Any, network: str) -> Q:
    """Of a query's rows, those in whose network (found by that field) somebody answers workplaces: of its team, or
    where there is none a guide."""
    place = standing(user)
    mine = place.members() if place.is_member else set()
    team = WorkplaceTeamPlace.objects.filter(network=OuterRef(network))
    guided = Membership.objects.filter(network=OuterRef(network), organisation__in=place.organisations(Role.GUIDE))
    return Q(Exists(team.filter(member__in=mine))) | (~Exists(team) & Exists(guided))


def cases_of(user: Any, rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those of the cases that are somebody's to handle, in the same query: of their network's workplace team, their
    own, and those of which they or their house are asked for a part; where no team is named, of a guide of the
    network."""
    place = standing(user)
    mine = place.members() if place.is_member else set()
    houses = place.organisations(Role.GUIDE)
    asked = Q(organisation__in=houses) | Q(contact__in=mine)
    parts = OfferPart.objects.filter(asked, offer__case=OuterRef("id"))
    return rows.filter(Q(responsible__in=mine) | Exists(parts) | answers(user, "network"))


@rules.predicate
def handles(user: Any, one: Case | None = None) -> bool:
    """Whether a case is theirs to handle; with none given, whether any could be."""
    place = standing(user)
    if not place.is_member:
        return False
    if one is None:
        return bool(place.organisations(Role.GUIDE) or in_a_team(user))
    return cases_of(user, Case.objects.filter(id=one.id)).exists()


def changes_of(user: Any, rows: QuerySet[Change]) -> QuerySet[Change]:
    """What is ahead of a workplace is known to its representative and to those who answer workplaces, before others. In
    the same query."""
    place = standing(user)
    mine = place.members() if place.is_member else set()
    theirs = Q(workplace__organisation__in=place.organisations(Role.EMPLOYER)) | Q(by__in=mine)
    return rows.filter(theirs | answers(user, "workplace__network"))


@rules.predicate
def sees_change(user: Any, one: Any = None) -> bool:
    if one is None:
        return bool(takes_part(user))
    change = one.change_id if isinstance(one, ChangeStep) else one.id
    return changes_of(user, Change.objects.filter(id=change)).exists()


def in_a_team(user: Any) -> bool:
    """Whether somebody is in a workplace team. Read once."""
    if not hasattr(user, "_in_workplace_team"):
        mine = standing(user).members()
        user._in_workplace_team = bool(mine) and WorkplaceTeamPlace.objects.filter(member__in=mine).exists()
    return bool(user._in_workplace_team)


@rules.predicate
def writes_part(user: Any, part: OfferPart | None = None) -> bool:
    """The house whose part it is, or whoever has the case."""
    return part is not None and bool(is_of_house(user, part) or handles(user, part.offer.case))


@rules.predicate
def speaks_for(user: Any, one: Case | None = None) -> bool:
    """The representative of the workplace that asked; one without an account holds the case's secret address."""
    if one is None:
        return bool(represents(user))
    return one.workplace is not None and bool(represents(user, one.workplace))


# Whoever has the code answers: the page asks for it itself.
rules.add_rule("workplaces.answer", rules.always_allow)
rules.add_rule("workplaces.take_part", takes_part)
rules.add_rule("workplaces.serve", serves)
# Anybody may ask for their workplace; whoever has a case's secret address follows it: the page asks for that itself.
rules.add_rule("workplaces.ask", rules.always_allow)
rules.add_rule("workplaces.own_case", rules.always_allow)
rules.add_rule("workplaces.handle", handles)
rules.add_rule("workplaces.write_part", writes_part)
rules.add_rule("workplaces.answer_offer", speaks_for)
rules.add_rule("workplaces.see_change", sees_change)
