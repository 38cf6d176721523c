"""What a person is, for the rules: their roles, where each holds, and whether a second factor guards them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from opinovi.base.clock import today
from opinovi.network.models import Person, Role
from opinovi.network.models.people import NETWORK_ROLES, STRONG_ROLES


@dataclass(frozen=True)
class Held:
    """A role as it is held: by which member, in which organisation, and for a network's role in which network."""

    role: str
    member: UUID
    organisation: UUID
    network: UUID | None = None


@dataclass(frozen=True)
class Standing:
    """Everything the rules ask of a person. Roles that want a second factor do not count until there is one."""

    person: UUID | None = None
    held: tuple[Held, ...] = ()
    strong: bool = False
    # Who stands in for whom today: their own place, and the one who is away.
    stands_in: frozenset[tuple[UUID, UUID]] = frozenset()

    @cached_property
    def counting(self) -> tuple[Held, ...]:
        return self.held if self.strong else tuple(one for one in self.held if one.role not in STRONG_ROLES)

    @property
    def wants_second_factor(self) -> bool:
        return not self.strong and any(one.role in STRONG_ROLES for one in self.held)

    @property
    def signed_in(self) -> bool:
        return self.person is not None

    @property
    def is_member(self) -> bool:
        """Someone of the network's own people; an employer's representative or one who sees only figures is not."""
        return any(one.role not in (Role.EMPLOYER, Role.AUDITOR) for one in self.counting)

    @property
    def at_desk(self) -> bool:
        return any(one.role != Role.EMPLOYER for one in self.counting)

    @property
    def represents(self) -> bool:
        """Somebody's employer, or who speaks for one."""
        return self.has(Role.EMPLOYER)

    @property
    def home(self) -> str:
        """The name of the page where one begins. Those of an employer and a client stand in rooms above this one."""
        if self.is_member:
            return "desk"
        return "workplaces" if self.represents else "account" if self.held else "my"

    def has(self, *roles: str) -> bool:
        return any(one.role in roles for one in self.counting)

    def organisations(self, *roles: str) -> set[UUID]:
        """Where any of the roles is held; with none named, where any role of an organisation is."""
        return {
            one.organisation
            for one in self.counting
            if (one.role in roles if roles else one.role not in (*NETWORK_ROLES, Role.EMPLOYER))
        }

    def networks(self, *roles: str) -> set[UUID]:
        return {one.network for one in self.counting if one.role in roles and one.network}

    def members(self) -> set[UUID]:
        return {one.member for one in self.counting}

    @cached_property
    def stood_in(self) -> frozenset[UUID]:
        """The members whom a person stands in for today."""
        mine = self.members()
        return frozenset(away for own, away in self.stands_in if own in mine)


NOBODY = Standing()


def stood_in_for(place: Standing) -> set[UUID]:
    """The members whom a person stands in for today."""
    return set(place.stood_in)


def standing(user: Any) -> Standing:
    """The standing of a request's user, read once; nobody's for a visitor."""
    if user is None or not getattr(user, "is_authenticated", False):
        return NOBODY
    if not hasattr(user, "_standing"):
        user._standing = read_standing(user)
    found: Standing = user._standing
    return found


# Asked of every request of whoever is signed in: as it is written, since to make it anew each time took longer than
# the answer.
ROLES = """
SELECT held.role, held.member_id, own.organisation_id, held.network_id,
  EXISTS(SELECT 1 FROM mfa_authenticator WHERE mfa_authenticator.user_id = own.person_id), away.member_id
FROM network_memberrole held
  JOIN network_member own ON own.id = held.member_id
  LEFT JOIN network_absence away ON away.substitute_id = own.id AND away.begins <= %s AND away.ends >= %s
WHERE own.person_id = %s AND own.ended_at IS NULL
ORDER BY own.since, held.id
"""


def read_standing(person: Any) -> Standing:
    """One query."""
    day = connection.ops.adapt_datefield_value(today())
    who = Person._meta.pk.get_db_prep_value(person.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(ROLES, [day, day, who])
        rows = [(role, *map(as_id, ids), second, as_id(away)) for role, *ids, second, away in cursor.fetchall()]
    exempt = person.example and settings.EXAMPLE and not settings.PRODUCTION
    return Standing(
        person.id,
        tuple(dict.fromkeys(Held(*row[:4]) for row in rows)),
        strong=exempt or any(row[4] for row in rows),
        stands_in=frozenset((row[1], row[5]) for row in rows if row[5] is not None),
    )


def as_id(value: Any) -> UUID | None:
    """An id as the database gives it: one of the two has none of its own kind."""
    return UUID(value) if isinstance(value, str) else value
