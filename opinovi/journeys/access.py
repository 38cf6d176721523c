"""Who may see and do what with clients. A guide sees a client only through a consent that is in force, and only what it
covers; what they may not see is not there for them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import rules
from django.db.models import Q, QuerySet

from opinovi.base.clock import today
from opinovi.contact.access import guides, my_members, my_teams
from opinovi.journeys.models import Client, Consent, Consultation, Journey, Referral, Step
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import ConsentState, Piece
from opinovi.journeys.models.referrals import WITH_RECEIVER, ReferralState
from opinovi.journeys.queries import consents_of, kin, newest_need
from opinovi.network.models import Role, Team
from opinovi.network.standing import standing


@dataclass(frozen=True)
class Sight:
    """What a reader may see of a client."""

    pieces: frozenset[str] = frozenset()
    # Notes from this day on; every one where it is None.
    notes_from: date | None = None
    # The organisations for which the reader sees: theirs are the own notes.
    organisations: frozenset[UUID] = field(default_factory=frozenset)
    client_self: bool = False

    def __bool__(self) -> bool:
        return bool(self.pieces) or self.client_self

    def has(self, piece: str) -> bool:
        return self.client_self or piece in self.pieces


NOTHING = Sight()
EVERYTHING = Sight(frozenset(Piece.values), client_self=True)


def consents_for(user: Any) -> QuerySet[Consent]:
    """The consents in force that let a guide see something: to their teams, or to an organisation where they guide."""
    teams, organisations = my_teams(user), standing(user).organisations(Role.GUIDE)
    if not organisations:
        return Consent.objects.none()
    to_them = Q(team__in=teams) | Q(team=None, organisation__in=organisations)
    return Consent.objects.filter(to_them, state=ConsentState.GIVEN, until__gte=today())


def sights(user: Any, clients: list[UUID]) -> dict[UUID, Sight]:
    """What a person may see of each of these clients: one query."""
    found: dict[UUID, Sight] = {}
    rows = consents_for(user).filter(client__in=clients).values_list(
        "client_id", "pieces", "notes_from", "organisation_id"
    )  # fmt: skip
    for client, pieces, notes_from, organisation in rows:
        found[client] = wider(found.get(client), pieces, notes_from, organisation)
    return found


def wider(before: Sight | None, pieces: list[str], notes_from: date | None, organisation: UUID) -> Sight:
    """What two consents together let one see."""
    if before is None:
        return Sight(frozenset(pieces), notes_from, frozenset({organisation}))
    days = [notes_from] if Piece.NOTES in pieces else []
    days += [before.notes_from] if Piece.NOTES in before.pieces else []
    earliest = None if not days or None in days else min(one for one in days if one)
    return Sight(before.pieces | set(pieces), earliest, before.organisations | {organisation})


def sight(user: Any, client: Client) -> Sight:
    """What a person may see of a client, by the consents in force as they were read with this very row: one query, once
    a row and reader. An action holds the client anew, and so asks anew."""
    if client.state == ClientState.ERASED:
        return NOTHING
    if not guides(user):
        return EVERYTHING if own_client_id(user) == client.id else NOTHING
    if not hasattr(client, "_consents"):
        read: dict[Any, Sight] = client.__dict__.setdefault("_sights", {})
        if user.pk not in read:
            read[user.pk] = sights(user, [client.id]).get(client.id, NOTHING)
        found: Sight | None = read[user.pk] or None
        return found or (EVERYTHING if own_client_id(user) == client.id else NOTHING)
    found = None
    for one in consents_read(client):
        if one.in_force() and is_to(user, one):
            assert one.organisation_id is not None
            found = wider(found, one.pieces, one.notes_from, one.organisation_id)
    return found or (EVERYTHING if own_client_id(user) == client.id else NOTHING)


def is_to(user: Any, one: Consent) -> bool:
    """Whether a consent is to a guide: to a team of theirs, or to an organisation where they guide."""
    if one.team_id is not None:
        return one.team_id in my_teams(user)
    return one.organisation_id in standing(user).organisations(Role.GUIDE)


def consents_read(client: Client) -> list[Consent]:
    """Every consent of a client, the newest first, with whom it is to; read once with the row: one query."""
    if not hasattr(client, "_consents"):
        client._consents = consents_of([client.id])  # type: ignore[attr-defined]
        for one in client._consents:  # type: ignore[attr-defined]
            one.client = client
    found: list[Consent] = client._consents  # type: ignore[attr-defined]
    return found


def own_client_row(user: Any) -> Client | None:
    """The client that a signed-in person is; read once."""
    if user is None or not getattr(user, "is_authenticated", False):
        return None
    if not hasattr(user, "_client"):
        rows = Client.objects.select_related("key", "person", "network").annotate(
            need_locked=newest_need("id"), has_kin=kin()
        )
        user._client = rows.filter(person=user, state=ClientState.ACTIVE).first()
    found: Client | None = user._client
    return found


def own_client_id(user: Any) -> UUID | None:
    client = own_client_row(user)
    return client.id if client else None


@rules.predicate
def is_client(user: Any) -> bool:
    """One who has signed in to their own guidance."""
    return own_client_id(user) is not None


@rules.predicate
def sees_client(user: Any, client: Client | None = None) -> bool:
    """A guide to whom a consent in force lets something be seen; with none given, any guide."""
    if client is None:
        return guides(user)
    return guides(user) and client.state == ClientState.ACTIVE and bool(sight(user, client).pieces)


@rules.predicate
def knows_client(user: Any, client: Client | None = None) -> bool:
    """A guide who sees the client, or who asked for a consent that was not given or is not in force any more, or whose
    team began the guidance: they are told that, and nothing else."""
    if client is None:
        return guides(user)
    if not guides(user) or client.state == ClientState.ERASED:
        return False
    asked = any(is_to(user, one) for one in consents_read(client))
    return asked or Journey.objects.filter(client=client, team__in=my_teams(user)).exists()


@rules.predicate
def is_own(user: Any, one: Any = None) -> bool:
    """A client, of what is theirs."""
    mine = own_client_id(user)
    if one is None or mine is None:
        return mine is not None
    return (one.id if isinstance(one, Client) else one.client_id) == mine


@rules.predicate
def owns_step(user: Any, one: Step | None = None) -> bool:
    """The client whose plan it is in."""
    return own_client_id(user) is not None and (one is None or one.goal.client_id == own_client_id(user))


@rules.predicate
def sees_step(user: Any, one: Step | None = None) -> bool:
    """A guide whom the client lets see the plan."""
    if one is None:
        return guides(user)
    return guides(user) and Piece.PLAN in sight(user, one.goal.client).pieces


@rules.predicate
def sends(user: Any, one: Referral | None = None) -> bool:
    """The guide who sent the referral or stays the contact, one who stands in for them, or a guide of the sending
    team."""
    if one is None:
        return guides(user)
    return guides(user) and (
        one.from_team_id in my_teams(user) or bool({one.sender_id, one.contact_id} & my_members(user))
    )


@rules.predicate
def receives(user: Any, one: Referral | None = None) -> bool:
    """A guide of the team to which it was sent, once it was."""
    if one is None:
        return guides(user)
    never_sent = one.state in (ReferralState.DRAFTED, ReferralState.ASKED) or one.sent_at is None
    return guides(user) and not never_sent and one.to_team_id in my_teams(user)


sees_referral = sends | receives


def referral_shows(user: Any, one: Referral) -> bool:
    """Whether the words of a referral are shown to a guide: the receiver's by its own consent while it is under way or
    was completed, the sender's by what they may see of the client."""
    consent = one.consent
    if receives(user, one):
        under_way = one.state in (*WITH_RECEIVER, ReferralState.COMPLETED)
        return under_way and consent is not None and consent.in_force()
    return sends(user, one) and sight(user, one.client).has(Piece.NEED)


@rules.predicate
def consults(user: Any, one: Consultation | None = None) -> bool:
    """A guide of the consultation's network."""
    if one is None:
        return guides(user)
    theirs = standing(user).organisations(Role.GUIDE)
    return bool(theirs) and one.network.members.filter(id__in=theirs).exists()


@rules.predicate
def runs_network(user: Any, one: Any = None) -> bool:
    """Coordinates a network: sees figures, never clients."""
    theirs = standing(user).networks(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR, Role.AUDITOR)
    return bool(theirs) if one is None else one.id in theirs


@rules.predicate
def guides_for(user: Any, team: Team | None = None) -> bool:
    return guides(user) if team is None else team.id in my_teams(user)


@rules.predicate
def records_consent(user: Any, one: Consent | None = None) -> bool:
    """While it waits for an answer: the guide who asked it or one who stands in for them, and a guide of the team from
    which it is asked. They see by another consent what this one is about; the very first, which asks whether anything
    may be kept at all, is shown by the guide who has just written it down."""
    if one is None:
        return guides(user)
    if not guides(user) or one.state != ConsentState.ASKED:
        return False
    from_team = one.journey.team_id if one.journey else None
    asked_by = one.asked_by_id is not None and one.asked_by_id in my_members(user)
    if not asked_by and from_team not in my_teams(user):
        return False
    seen = sight(user, one.client).pieces
    return set(one.pieces) <= seen or (asked_by and is_first(one))


@rules.predicate
def ends_consent(user: Any, one: Consent | None = None) -> bool:
    """A guide whom the consent lets see, or whose team asked for it and who sees the client: to write down that the
    client ended it."""
    if one is None:
        return guides(user)
    from_team = one.journey.team_id if one.journey else None
    return sees_client(user, one.client) and (is_to(user, one) or from_team in my_teams(user))


def is_first(one: Consent) -> bool:
    """Whether it is the first that was ever asked of a client, by the team where their guidance begins."""
    return one.journey is not None and one.team_id == one.journey.team_id and len(consents_read(one.client)) == 1


@rules.predicate
def guides_journey(user: Any, one: Journey | None = None) -> bool:
    """A guide of the team where it began who sees the client; where it began with no team, any who sees them."""
    if one is None:
        return guides(user)
    return (one.team_id is None or one.team_id in my_teams(user)) and sees_client(user, one.client)


@rules.predicate
def is_own_journey(user: Any, one: Journey | None = None) -> bool:
    """The client whose guidance it is."""
    return one is not None and own_client_id(user) == one.client_id


leads_journey = guides_journey | is_own_journey


# Who holds a link and its code, or answers what came of it, is asked by the view itself.
rules.add_rule("journeys.begin_own", rules.always_allow)
rules.add_rule("journeys.open_link", rules.always_allow)
rules.add_rule("journeys.receive_outside", rules.always_allow)
rules.add_rule("journeys.tell_outcome", rules.always_allow)
rules.add_rule("journeys.own", is_client)
rules.add_rule("journeys.own_one", is_own)
rules.add_rule("journeys.guide", sees_client)
rules.add_rule("journeys.guide_team", guides_for)
rules.add_rule("journeys.see_client", sees_client)
rules.add_rule("journeys.know_client", knows_client)
rules.add_rule("journeys.see_referral", sees_referral)
rules.add_rule("journeys.send", sends)
rules.add_rule("journeys.receive", receives)
rules.add_rule("journeys.consult", consults)
rules.add_rule("journeys.own_step", owns_step)
rules.add_rule("journeys.end_consent", ends_consent)
rules.add_rule("journeys.lead", leads_journey)
rules.add_rule("journeys.see_step", sees_step)
rules.add_rule("journeys.record_consent", records_consent)
rules.add_rule("journeys.see_figures", runs_network)
