"""Networks and their organisations; people, their places in organisations, and how they come in."""

from opinovi.network.models.networks import Agreement, Look, Membership, Network, Organisation, Programme, Signature
from opinovi.network.models.people import Absence, Invitation, Member, MemberRole, Person, Role, Team

__all__ = [
    "Absence",
    "Agreement",
    "Invitation",
    "Look",
    "Member",
    "MemberRole",
    "Membership",
    "Network",
    "Organisation",
    "Person",
    "Programme",
    "Role",
    "Signature",
    "Team",
]
