"""Every change of networks, organisations and people: one function each, with its Event."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.base.mail import post
from opinovi.network.models import (
    Absence,
    Agreement,
    Invitation,
    Member,
    MemberRole,
    Membership,
    Network,
    Organisation,
    Person,
    Role,
    Signature,
    Team,
)
from opinovi.network.models.people import NETWORK_ROLES
from opinovi.network.standing import standing

INVITATION_DAYS = 7
Roles = Iterable[tuple[str, UUID | None]]


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    by: Person,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Roles,
    team: Team | None,
    link: str,
    language: str,
) -> Invitation:
    """Invite an address to an organisation. `link` has a `{token}` in it; an earlier open invitation is withdrawn."""
    require("network.invite", by, organisation)
    roles = list(roles)
    refuse_roles_not_to_give(by, organisation, roles)
    if team is not None and team.organisation_id != organisation.id:
        raise ValidationError(_("Tiimi on toisesta organisaatiosta."))
    earlier = organisation.invitations.filter(email__iexact=email, accepted_at=None, withdrawn_at=None)
    for one in earlier:
        withdraw_invitation(by, one)
    return send_invitation(by, organisation, email, name, roles, team, link, language)


def send_invitation(
    by: Person,
    organisation: Organisation,
    email: str,
    name: str,
    roles: list[tuple[str, UUID | None]],
    team: Team | None,
    link: str,
    language: str,
) -> Invitation:
    """The invitation's row and letter, within the caller's transaction and by its permission."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        name=name,
        roles=[[role, str(network) if network else ""] for role, network in roles],
        team=team,
        token_hash=hashed(token),
        invited_by=by,
        expires_at=now() + timedelta(days=INVITATION_DAYS),
    )
    record("invite", "invitation", invitation.id, str(by.id), organisation=str(organisation.id))
    with override(language):
        body = _(
            "Hei!\n\nSinut on kutsuttu Opin oven työpöydälle. Avaa kutsu tästä:\n\n%(link)s\n\n"
            "Linkki toimii seitsemän päivää, yhden kerran. Jos et odottanut kutsua, voit jättää viestin huomiotta."
        ) % {"link": link.replace("{token}", token)}
        post(f"invitation {invitation.id}", email, _("Kutsu Opin oveen"), body)
    return invitation


def refuse_roles_not_to_give(by: Person, organisation: Organisation, roles: list[tuple[str, UUID | None]]) -> None:
    """An administrator gives their organisation's roles; a network's role only its own administrator, to members."""
    if not roles:
        raise ValidationError(_("Valitse ainakin yksi rooli."))
    for role, network in roles:
        if role not in Role.values or (role in NETWORK_ROLES) != (network is not None):
            raise ValidationError(_("Tällaista roolia ei ole."))
        if network is not None and not may_give(by, organisation, network):
            raise ValidationError(_("Verkoston roolin antaa verkoston pääkäyttäjä."))


def may_give(by: Person, organisation: Organisation, network: UUID) -> bool:
    mine = network in standing(by).networks(Role.NETWORK_ADMINISTRATOR)
    return mine and Membership.objects.filter(network_id=network, organisation=organisation).exists()


@transaction.atomic
def withdraw_invitation(by: Person, invitation: Invitation) -> None:
    require("network.invite", by, invitation)
    close_invitation(by, invitation)


def close_invitation(by: Person, invitation: Invitation) -> None:
    """It opens nothing any more. Within the caller's transaction and by its permission."""
    invitation.withdrawn_at = now()
    invitation.save(update_fields=["withdrawn_at"])
    record("withdraw", "invitation", invitation.id, str(by.id))


def invitation_of(token: str) -> Invitation | None:
    """The open invitation behind a link; None where it is used, withdrawn, over, or was never made."""
    found = Invitation.objects.select_related("organisation", "invited_by").filter(token_hash=hashed(token)).first()
    return found if found and found.open() else None


@transaction.atomic
def accept_invitation(token: str, person: Person | None, name: str = "", language: str = "fi") -> Member:
    """Take up an invitation, once. Without a `person` one is made of the invited address, which must be new.

    Raises ValidationError where the invitation is over, or belongs to another address.
    """
    invitation = invitation_of(token)
    if invitation is None or not Invitation.objects.select_for_update().get(id=invitation.id).open():
        raise ValidationError(_("Kutsu on jo käytetty tai vanhentunut."))
    if person is None:
        if Person.objects.filter(email__iexact=invitation.email).exists():
            raise ValidationError(_("Kirjaudu ensin sisään osoitteella, johon kutsu tuli."))
        person = make_person(invitation.email, name or invitation.name, language)
    elif person.email.lower() != invitation.email.lower():
        raise ValidationError(_("Kutsu on toiselle osoitteelle. Kirjaudu sisään sillä osoitteella, johon kutsu tuli."))
    invitation.accepted_at = now()
    invitation.save(update_fields=["accepted_at"])
    roles = [(role, UUID(network) if network else None) for role, network in invitation.roles]
    member = place(person, invitation.organisation, roles)
    if invitation.team is not None:
        invitation.team.members.add(member)
    record("accept", "invitation", invitation.id, str(person.id), member=str(member.id))
    return member


def make_person(email: str, name: str, language: str = "", example: bool = False) -> Person:
    """A person whose address is known to be theirs."""
    person = Person.objects.create(email=email.lower(), name=name, language=language, example=example)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def place(person: Person, organisation: Organisation, roles: Roles) -> Member:
    """The person's place in the organisation, with these roles beside those it has."""
    member, _new = Member.objects.get_or_create(person=person, organisation=organisation, ended_at=None)
    for role, network in roles:
        MemberRole.objects.get_or_create(member=member, role=role, network=network_of(network))
    return member


def network_of(network_id: UUID | None) -> Network | None:
    return Network.objects.get(id=network_id) if network_id else None


@transaction.atomic
def set_roles(by: Person, member: Member, roles: Roles) -> None:
    """Make a member's roles these. The last administrator of an organisation stays one."""
    require("network.manage_member", by, member)
    wanted = {(role, network) for role, network in roles}
    has = {(one.role, one.network_id) for one in member.roles.all()}
    refuse_roles_not_to_give(by, member.organisation, sorted(wanted - has, key=str) or list(wanted))
    for role, network in has - wanted:
        if role == Role.ADMINISTRATOR:
            refuse_to_leave_without_administrator(member)
        if network is not None and not may_give(by, member.organisation, network):
            raise ValidationError(_("Verkoston roolin poistaa verkoston pääkäyttäjä."))
        member.roles.filter(role=role, network=network_of(network)).delete()
    for role, network in wanted - has:
        MemberRole.objects.create(member=member, role=role, network_id=network)
    record("set_roles", "member", member.id, str(by.id), roles=sorted(role for role, _network in wanted))


def refuse_to_leave_without_administrator(member: Member) -> None:
    others = MemberRole.objects.filter(
        role=Role.ADMINISTRATOR, member__organisation=member.organisation, member__ended_at=None
    ).exclude(member=member)
    if not others.exists():
        raise ValidationError(_("Organisaatiolla pitää olla pääkäyttäjä. Anna rooli ensin toiselle."))


@transaction.atomic
def end_place(by: Person, member: Member) -> None:
    """A member leaves an organisation: their roles, teams and sign-ins there end; what they did stays theirs."""
    require("network.set_absence", by, member)
    end_place_of(by, member)


def end_place_of(by: Person, member: Member) -> None:
    """The same within the caller's transaction and by its permission."""
    if member.ended_at is not None:
        return
    if member.roles.filter(role=Role.ADMINISTRATOR).exists():
        refuse_to_leave_without_administrator(member)
    member.ended_at = now()
    member.save(update_fields=["ended_at"])
    member.roles.all().delete()
    member.teams.clear()
    member.stands_in.update(substitute=None)
    if not member.person.places.filter(ended_at=None).exists():
        end_sessions(member.person)
    record("leave", "member", member.id, str(by.id))


def end_sessions(person: Person) -> None:
    """Sign a person out everywhere."""
    from allauth.usersessions.models import UserSession

    keys = list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=person).delete()


@transaction.atomic
def set_absence(by: Person, member: Member, begins: date, ends: date, substitute: Member | None) -> Absence:
    require("network.set_absence", by, member)
    if substitute is not None and (substitute.organisation_id != member.organisation_id or substitute.ended_at):
        raise ValidationError(_("Sijaisen pitää olla samasta organisaatiosta."))
    absence = Absence.objects.create(member=member, begins=begins, ends=ends, substitute=substitute)
    record("be_absent", "member", member.id, str(by.id), absence=str(absence.id))
    return absence


@transaction.atomic
def end_absence(by: Person, absence: Absence) -> None:
    require("network.set_absence", by, absence.member)
    record("return", "member", absence.member_id, str(by.id), absence=str(absence.id))
    absence.delete()


@transaction.atomic
def save_team(by: Person, organisation: Organisation, team: Team | None, name: str, people: Iterable[Member]) -> Team:
    """Make a team, or change its name and people; all are of its organisation."""
    require("network.manage_people", by, organisation)
    people = list(people)
    if any(one.organisation_id != organisation.id for one in people):
        raise ValidationError(_("Tiimin jäsenten pitää olla samasta organisaatiosta."))
    if organisation.teams.filter(name=name).exclude(id__in=[team.id] if team else []).exists():
        raise ValidationError({"name": _("Tämänniminen tiimi on jo.")})
    team = team or Team(organisation=organisation)
    team.name = name
    team.save()
    team.members.set(people)
    record("save", "team", team.id, str(by.id))
    return team


@transaction.atomic
def save_profile(member: Member, **fields: object) -> None:
    """A member tells of themselves: title, number, hours, languages, and what they know about."""
    allowed = {"title", "phone", "hours", "topics", "languages", "knows"}
    if unknown := set(fields) - allowed:
        raise ValueError(f"not a member's own: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(member, name, value)
    member.save(update_fields=list(fields))
    record("save_profile", "member", member.id, str(member.person_id))


@transaction.atomic
def save_person(person: Person, name: str, language: str, letters: bool) -> None:
    person.name, person.language, person.letters = name, language, letters
    person.save(update_fields=["name", "language", "letters"])
    record("save", "person", person.id, str(person.id))


@transaction.atomic
def add_organisation(
    by: Person, network: Network, name: dict[str, str], email: str, link: str, language: str
) -> Organisation:
    """A new organisation in a network; its first administrator is invited. `link` has a `{token}` in it."""
    require("network.set_up", by, network)
    if Organisation.objects.filter(networks=network, name__fi__iexact=name["fi"]).exists():
        raise ValidationError({"name_fi": _("Verkostossa on jo tämänniminen organisaatio.")})
    organisation = Organisation.objects.create(name=name, source="own", external_id=str(new_id()))
    Membership.objects.create(network=network, organisation=organisation)
    record("join", "organisation", organisation.id, str(by.id), network=str(network.id))
    send_invitation(by, organisation, email, "", [(Role.ADMINISTRATOR, None)], None, link, language)
    return organisation


@transaction.atomic
def end_membership(by: Person, membership: Membership) -> None:
    """An organisation leaves a network: its records leave the network's pages, and stay with the organisation."""
    require("network.set_up", by, membership.network)
    if membership.network.coordinator_id == membership.organisation_id:
        raise ValidationError(_("Koordinaattori ei voi lähteä verkostosta."))
    network, organisation = membership.network_id, membership.organisation_id
    MemberRole.objects.filter(network_id=network, member__organisation_id=organisation).delete()
    membership.delete()
    record("leave", "organisation", organisation, str(by.id), network=str(network))


@transaction.atomic
def publish_agreement(by: Person, network: Network, text: dict[str, str]) -> Agreement:
    """A new version of a network's agreement, to be signed by every organisation."""
    require("network.set_up", by, network)
    newest = network.agreements.first()
    agreement = Agreement.objects.create(network=network, version=newest.version + 1 if newest else 1, text=text)
    record("publish", "agreement", agreement.id, str(by.id), version=agreement.version)
    return agreement


@transaction.atomic
def sign_agreement(by: Person, agreement: Agreement, organisation: Organisation) -> Signature:
    """Sign the newest version for one's organisation, which belongs to the network."""
    require("network.sign_agreement", by, organisation)
    if not Membership.objects.filter(network=agreement.network, organisation=organisation).exists():
        raise ValidationError(_("Organisaatio ei kuulu verkostoon."))
    signature, new = Signature.objects.get_or_create(
        agreement=agreement, organisation=organisation, defaults={"person": by}
    )
    if new:
        record("sign", "agreement", agreement.id, str(by.id), organisation=str(organisation.id))
    return signature


@transaction.atomic
def set_up_network(by: Person, network: Network, **fields: object) -> None:
    """Change a network's name, look, languages, front desk. Its address is the operator's to set."""
    require("network.set_up", by, network)
    allowed = {"name", "look", "languages", "front_desk", "front_desk_team"}
    if unknown := set(fields) - allowed:
        raise ValueError(f"not to be set here: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(network, name, value)
    # What the operator set is not this person's to mend.
    network.full_clean(exclude={one.name for one in Network._meta.fields} - set(fields))
    network.save(update_fields=list(fields))
    record("set_up", "network", network.id, str(by.id), fields=sorted(fields))
