"""Who may do what with enquiries, times and groups."""

from typing import Any
from uuid import UUID

import rules
from django.db.models import Max, Q

from opinovi.base.clock import now, today
from opinovi.contact.models import AnswerTemplate, Attachment
from opinovi.network.models import Member, Organisation, Role, Team
from opinovi.network.standing import standing, stood_in_for


def team_rows(user: Any) -> list[Team]:
    """The teams in which a person guides, and those of the guides for whom they stand in today, by name; each with
    `until`: the end of their duty, if they are on duty now. Read once."""
    place = standing(user)
    if not place.organisations(Role.GUIDE):
        return []
    if not hasattr(user, "_teams"):
        day = today()
        own = {one.member for one in place.counting if one.role == Role.GUIDE}
        on_duty = Q(on_duty__member__in=own, on_duty__until__gt=now())
        away = Q(members__absences__substitute__in=own, members__absences__begins__lte=day)
        rows = Team.objects.filter(Q(members__in=own) | (away & Q(members__absences__ends__gte=day)))
        rows = rows.annotate(until=Max("on_duty__until", filter=on_duty))
        user._teams = list(rows.select_related("organisation").order_by("name"))
    found: list[Team] = user._teams
    return found


def my_teams(user: Any) -> set[UUID]:
    return {one.id for one in team_rows(user)}


def my_members(user: Any) -> set[UUID]:
    """A guide's own places, and those for whom they stand in today; read once."""
    place = standing(user)
    if not place.organisations(Role.GUIDE):
        return set()
    if not hasattr(user, "_members"):
        user._members = {one.member for one in place.counting if one.role == Role.GUIDE} | stood_in_for(place)
    found: set[UUID] = user._members
    return found


@rules.predicate
def guides(user: Any, one: Any = None) -> bool:
    """A guide of the enquiry's team, or the one who has it; with none given, any guide."""
    if one is None:
        return bool(standing(user).organisations(Role.GUIDE))
    return one.team_id in my_teams(user) or (one.assignee_id is not None and one.assignee_id in my_members(user))


@rules.predicate
def guides_team(user: Any, team: Team | None = None) -> bool:
    return guides(user) if team is None else team.id in my_teams(user)


@rules.predicate
def opens_file(user: Any, one: Attachment | None = None) -> bool:
    return one is not None and guides(user, one.enquiry)


@rules.predicate
def writes_templates(user: Any, one: AnswerTemplate | Organisation | None = None) -> bool:
    """A guide or an administrator of the organisation."""
    theirs = standing(user).organisations(Role.GUIDE, Role.ADMINISTRATOR)
    if one is None:
        return bool(theirs)
    return (one.id if isinstance(one, Organisation) else one.organisation_id) in theirs


@rules.predicate
def administers_team(user: Any, team: Team | None = None) -> bool:
    theirs = standing(user).organisations(Role.ADMINISTRATOR)
    return bool(theirs) if team is None else team.organisation_id in theirs


@rules.predicate
def runs_organisation(user: Any, one: Any = None) -> bool:
    """Its administrator: who sees which letters failed for good."""
    theirs = standing(user).organisations(Role.ADMINISTRATOR)
    if one is None:
        return bool(theirs)
    return (one.id if isinstance(one, Organisation) else one.organisation_id) in theirs


def guide_id(user: Any, team: Team) -> UUID | None:
    """The place by which a person acts for a team: in its organisation as a guide."""
    held = standing(user).counting
    return next(
        (one.member for one in held if one.role == Role.GUIDE and one.organisation == team.organisation_id), None
    )


def guide_of(user: Any, team: Team) -> Member | None:
    """The same as a row."""
    found = guide_id(user, team)
    return Member.objects.select_related("person", "organisation").get(id=found) if found else None


# Anyone may ask, and who holds a conversation's code or link may read it: the view asks for that itself.
rules.add_rule("contact.ask", rules.always_allow)
rules.add_rule("contact.own_conversation", rules.always_allow)
rules.add_rule("contact.guide", guides)
rules.add_rule("contact.open_file", opens_file)
rules.add_rule("contact.guide_team", guides_team)
rules.add_rule("contact.write_templates", writes_templates)
rules.add_rule("contact.set_promise", administers_team)
rules.add_rule("contact.see_failed_letters", runs_organisation)


@rules.predicate
def guides_appointment(user: Any, one: Any = None) -> bool:
    """A guide whose time it is or who stands in for them, or any guide of its team."""
    if one is None:
        return guides(user)
    if one.team_id in my_teams(user):
        return True
    mine = my_members(user)
    return bool(mine) and one.members.filter(id__in=mine).exists()


@rules.predicate
def guides_rule(user: Any, one: Any = None) -> bool:
    return one is not None and one.team_id in my_teams(user)


@rules.predicate
def leads_group(user: Any, one: Any = None) -> bool:
    """Who leads it, or stands in for the leader; without a leader, the guides of its team."""
    if one is None:
        return guides(user)
    return one.leader_id in my_members(user) if one.leader_id else one.team_id in my_teams(user)


@rules.predicate
def writes_answers(user: Any, one: Any = None) -> bool:
    """A guide, an editor or an administrator of the answer's organisation."""
    theirs = standing(user).organisations(Role.GUIDE, Role.EDITOR, Role.ADMINISTRATOR)
    if one is None:
        return bool(theirs)
    return (one.id if isinstance(one, Organisation) else one.organisation_id) in theirs


rules.add_rule("contact.write_answer", writes_answers)
rules.add_rule("contact.join_group", rules.always_allow)
rules.add_rule("contact.own_registration", rules.always_allow)
rules.add_rule("contact.guide_group", guides_rule)
rules.add_rule("contact.lead_group", leads_group)
# The token that the gateway brings is the secret.
rules.add_rule("contact.sms_in", rules.always_allow)
rules.add_rule("contact.book", rules.always_allow)
# The secret address of a time, of an offer, of a calendar is its own permission.
rules.add_rule("contact.own_time", rules.always_allow)
rules.add_rule("contact.calendar_feed", rules.always_allow)
rules.add_rule("contact.guide_appointment", guides_appointment)
rules.add_rule("contact.guide_rule", guides_rule)
rules.add_rule("contact.set_video", runs_organisation)
