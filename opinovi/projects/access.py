"""Who sees a project, enters hours and costs in it, confirms them, and runs it."""

from typing import Any

import rules
from django.db.models import QuerySet

from opinovi.network.access import coordinates
from opinovi.network.models import Network, Organisation, Role
from opinovi.network.standing import standing
from opinovi.projects.models import Entry, Participant, Project


def project_of(one: Any) -> Project:
    """The project that a period, an entry, a claim, a change or a participant is of."""
    for way in ("project", "period"):
        if hasattr(one, f"{way}_id"):
            return project_of(getattr(one, way))
    assert isinstance(one, Project)
    return one


@rules.predicate
def runs(user: Any, one: Any = None) -> bool:
    """Coordinates the project's network."""
    return coordinates(user, None if one is None else project_of(one).network)


@rules.predicate
def audits(user: Any, one: Any = None) -> bool:
    """Looks at all of it, and changes nothing."""
    theirs = standing(user).networks(Role.AUDITOR, Role.COORDINATOR)
    if one is None:
        return bool(theirs)
    return (one.id if isinstance(one, Network) else project_of(one).network_id) in theirs


@rules.predicate
def is_partner(user: Any, one: Any = None) -> bool:
    """Works in one of the project's partners; of a network, in one of its houses."""
    theirs = standing(user).organisations(Role.GUIDE, Role.EDITOR, Role.ADMINISTRATOR)
    if one is None:
        return bool(theirs)
    if isinstance(one, Network):
        return bool(theirs) and one.members.filter(id__in=theirs).exists()
    return project_of(one).partners.filter(organisation__in=theirs).exists()


@rules.predicate
def enters(user: Any, organisation: Organisation | None = None) -> bool:
    """Writes down hours and costs of their own house."""
    theirs = standing(user).organisations(Role.GUIDE, Role.EDITOR, Role.ADMINISTRATOR)
    return bool(theirs) if organisation is None else organisation.id in theirs


@rules.predicate
def owns_entry(user: Any, one: Entry | None = None) -> bool:
    """Wrote it, administers the house whose cost it is, or coordinates."""
    if one is None:
        return enters(user)
    return one.entered_by_id in standing(user).members() or confirms(user, one)


@rules.predicate
def confirms(user: Any, one: Entry | None = None) -> bool:
    """The administrator of the house whose cost it is; or who coordinates."""
    theirs = standing(user).organisations(Role.ADMINISTRATOR)
    if one is None:
        return bool(theirs) or runs(user)
    return one.organisation_id in theirs or runs(user, one)


@rules.predicate
def sees_participant(user: Any, one: Participant | None = None) -> bool:
    """One of the house that wrote them down: nobody else reads who they are."""
    return enters(user) if one is None else enters(user, one.organisation)


def entries_seen(user: Any, project: Project) -> QuerySet[Entry]:
    """What one may see of a project's entries: all who coordinates or audits; one's house's who administers it; else
    what one wrote."""
    rows = Entry.objects.filter(period__project=project)
    if audits(user, project):
        return rows
    place = standing(user)
    whole = place.organisations(Role.ADMINISTRATOR)
    return rows.filter(organisation__in=whole) | rows.filter(entered_by__in=place.members())


rules.add_rule("projects.begin", coordinates)
rules.add_rule("projects.see", is_partner | audits)
rules.add_rule("projects.run", runs)
rules.add_rule("projects.enter", is_partner | runs)
rules.add_rule("projects.enter_for", enters)
rules.add_rule("projects.own_entry", owns_entry)


@rules.predicate
def confirms_some(user: Any, one: Project | None = None) -> bool:
    """Administers a partner, or coordinates: what they confirm is asked of each entry."""
    if one is None:
        return bool(standing(user).organisations(Role.ADMINISTRATOR)) or runs(user)
    theirs = standing(user).organisations(Role.ADMINISTRATOR)
    return runs(user, one) or (bool(theirs) and one.partners.filter(organisation__in=theirs).exists())


rules.add_rule("projects.confirm", confirms)
rules.add_rule("projects.confirm_some", confirms_some)
rules.add_rule("projects.audit", audits)
rules.add_rule("projects.see_participant", sees_participant)
