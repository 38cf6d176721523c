"""Who may do what with the directory."""

from typing import Any

import rules

from opinovi.directory.models import (
    BulkLoad,
    ContactCard,
    Draft,
    ErrorReport,
    Offering,
    Pair,
    Service,
    ServicePoint,
    Version,
)
from opinovi.network.access import at_desk, is_member, is_oneself, runs
from opinovi.network.models import Network, Organisation, Role
from opinovi.network.standing import standing, stood_in_for

EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
Record = Service | ServicePoint | Offering | Draft | ErrorReport | Organisation | BulkLoad | Version


@rules.predicate
def edits(user: Any, one: Record | None = None) -> bool:
    """Editor or administrator of the record's organisation; of a record without one, whoever runs the network."""
    place = standing(user)
    if one is None:
        return place.has(*EDITORS, Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR)
    organisation = one.id if isinstance(one, Organisation) else one.organisation_id
    if organisation is None:
        return place.has(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR)
    return organisation in place.organisations(*EDITORS)


@rules.predicate
def confirms(user: Any, one: Record | None = None) -> bool:
    """Who edits a record, or owns it, may say that it is still true."""
    owner = getattr(one, "owner_id", None)
    if edits(user, one) or owner is None:
        return edits(user, one)
    return owner in standing(user).members() or owner in stood_in_for(standing(user))


@rules.predicate
def handles_report(user: Any, report: ErrorReport | None = None) -> bool:
    """Who edits the record that the report is of, or owns it."""
    from opinovi.directory.records import find_record

    if report is None:
        return False
    return edits(user, report) or confirms(user, find_record(report.record_type, report.record_id))


@rules.predicate
def withdraws_card(user: Any, card: ContactCard | None = None) -> bool:
    """The person whose card it is, or who edits their organisation's directory; showing is the person's alone."""
    return card is not None and (
        is_oneself(user, card.member) or card.organisation_id in standing(user).organisations(*EDITORS)
    )


@rules.predicate
def reads_freshness(user: Any, network: Network | None = None) -> bool:
    theirs = standing(user).networks(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR, Role.AUDITOR)
    return bool(theirs) if network is None else network.id in theirs


# What is published is for everyone, and anyone may say that it is wrong.
@rules.predicate
def joins(user: Any, one: Network | Pair | None = None) -> bool:
    """Who coordinates or administers the network in whose directory something is told twice."""
    return bool(runs(user, one.network if isinstance(one, Pair) else one))


rules.add_rule("directory.join", joins)
rules.add_rule("directory.read", rules.always_allow)
rules.add_rule("directory.report_error", rules.always_allow)
# The signed link of a letter is its own permission, for one version of one record.
rules.add_rule("directory.confirm_by_link", rules.always_allow)
rules.add_rule("directory.desk", at_desk)
rules.add_rule("directory.colleagues", is_member)
rules.add_rule("directory.edit", edits)
rules.add_rule("directory.confirm", confirms)
rules.add_rule("directory.bring_back", edits)
rules.add_rule("directory.handle_report", handles_report)
rules.add_rule("directory.own_card", is_oneself)
rules.add_rule("directory.withdraw_card", withdraws_card)
rules.add_rule("directory.freshness", reads_freshness)
rules.add_rule("directory.bulk", edits)
