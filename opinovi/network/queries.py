"""Reads of the network that more than one caller needs."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils.translation import gettext as _

from opinovi.base.clock import now
from opinovi.base.fresh import fresh
from opinovi.network.models import (
    Absence,
    Invitation,
    Member,
    MemberRole,
    Membership,
    Network,
    Organisation,
    Person,
    Role,
    Team,
)
from opinovi.network.standing import standing

# The network whose address this request came to; set by the middleware.
here: ContextVar[Network | None] = ContextVar("network", default=None)


def address_in(network: Network, page: str, args: list[Any]) -> str:
    """A page's whole address in a network, whoever asks: a request of another network, or a worker."""
    before = get_script_prefix()
    set_script_prefix(f"{network.prefix}/")
    try:
        return network.address + reverse(page, args=args)
    finally:
        set_script_prefix(before)


def networks() -> list[Network]:
    """Every network of the installation."""
    return fresh.get("networks", lambda: list(Network.objects.select_related("programme").order_by("id")))


def first_network() -> Network | None:
    """The network at the installation's own address: that of the setting, else the oldest; None on an installation
    that has none yet."""
    own = next((one for one in networks() if one.slug == settings.DEFAULT_NETWORK), None)
    return own or next(iter(networks()), None)


def current_network() -> Network | None:
    """The network whose door this is."""
    return here.get() or first_network()


def siblings(network: Network | None) -> list[Network]:
    """The other networks of its programme."""
    if network is None or network.programme_id is None:
        return []
    return [one for one in networks() if one.programme_id == network.programme_id and one.id != network.id]


@dataclass
class Colleague:
    """A member as their organisation's list shows them."""

    member: Member
    roles: list[str] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)


def staff_of(organisation: Organisation) -> tuple[list[Colleague], list[Team]]:
    """The people of an organisation by name, and its teams with theirs: four queries."""
    teams = list(organisation.teams.prefetch_related("members").order_by("name"))
    absences = Absence.objects.select_related("substitute__person")
    rows = (
        MemberRole.objects.filter(member__organisation=organisation, member__ended_at=None)
        .select_related("member__person")
        .prefetch_related(Prefetch("member__absences", absences))
        .order_by("member__person__name", "member_id", "id")
    )
    staff: dict[UUID, Colleague] = {}
    for row in rows:
        staff.setdefault(row.member_id, Colleague(row.member)).roles.append(row.role)
    for team in teams:
        for member in team.members.all():
            if member.id in staff:
                staff[member.id].teams.append(team)
    return list(staff.values()), teams


def members() -> QuerySet[Member]:
    absences = Absence.objects.select_related("substitute__person")
    return (
        Member.objects.filter(ended_at=None, person__is_active=True)
        .select_related("person", "organisation")
        .prefetch_related("roles", "teams", Prefetch("absences", absences))
        .order_by("person__name", "id")
    )


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    return organisation.invitations.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now()).order_by(
        "created_at"
    )


def agreement_states(network: Network) -> list[dict[str, Any]]:
    """Each organisation of the network with the newest version it has signed: two queries."""
    newest = network.agreements.first()
    signed: dict[UUID, tuple[int, Any]] = {}
    for agreement in network.agreements.prefetch_related("signatures").order_by("version"):
        for one in agreement.signatures.all():
            signed[one.organisation_id] = (agreement.version, one.signed_at)
    rows = Membership.objects.filter(network=network).select_related("organisation").order_by("since", "id")
    return [
        {
            "organisation": row.organisation,
            "membership": row.id,
            "since": row.since,
            "version": signed.get(row.organisation_id, (None, None))[0],
            "signed_at": signed.get(row.organisation_id, (None, None))[1],
            "newest": newest is not None and signed.get(row.organisation_id, (None,))[0] == newest.version,
        }
        for row in rows
    ]


def people_of(network: Network) -> QuerySet[Member]:
    """The people of a network's organisations by name. An employer's representative is a guest, not one of them."""
    rows = Member.objects.filter(organisation__networks=network, ended_at=None, person__is_active=True)
    rows = rows.exclude(roles__role="employer").select_related("person", "organisation")
    return rows.order_by("person__name").distinct()


def own_people(network: Network) -> QuerySet[Member]:
    """Those of them who take part in what the network does among itself: not one who looks at its figures alone."""
    return people_of(network).filter(
        roles__role__in=[role for role in Role if role not in (Role.EMPLOYER, Role.AUDITOR)]
    )


def member_in(by: Person, network: Network, *roles: str) -> Member:
    """The place by which somebody acts in a network, the oldest first; of those roles, if any are named. Raises
    ValidationError for one who has none there."""
    place = standing(by)
    held = [one.member for one in place.counting if one.role in roles] if roles else list(place.members())
    rows = Member.objects.filter(id__in=held, organisation__networks=network).select_related("person", "organisation")
    found = rows.order_by("since").first()
    if found is None:
        raise ValidationError(_("Et ole mukana tässä verkostossa."))
    return found


def houses_of(user: Any, network: Network, *roles: str) -> list[Organisation]:
    """The network's organisations where a person holds one of the roles; any of an organisation, with none named."""
    theirs = standing(user).organisations(*roles)
    return list(network.members.filter(id__in=theirs).order_by("id")) if theirs else []


def coordinators_of(network: Network | UUID) -> QuerySet[Member]:
    """Who coordinates a network."""
    rows = Member.objects.filter(ended_at=None, roles__role=Role.COORDINATOR, roles__network=network)
    return rows.select_related("person").distinct()
