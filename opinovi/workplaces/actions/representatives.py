"""Who speaks for a workplace: invited by a guide of the network, and let go."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.network.actions import close_invitation, end_place_of, send_invitation
from opinovi.network.models import Invitation, Member, Organisation, Person, Role
from opinovi.network.queries import open_invitations
from opinovi.workplaces.models import Workplace


def representatives(one: Workplace) -> list[Member]:
    if one.organisation_id is None:
        return []
    rows = Member.objects.filter(organisation=one.organisation_id, ended_at=None, roles__role=Role.EMPLOYER)
    return list(rows.select_related("person").order_by("person__name"))


def invited(one: Workplace) -> list[Invitation]:
    return list(open_invitations(one.organisation)) if one.organisation else []


@transaction.atomic
def invite(by: Person, one: Workplace, email: str, name: str, link: str, language: str) -> Invitation:
    """Invite somebody to speak for a workplace. `link` has a `{token}` in it; an earlier open one is withdrawn."""
    require("workplaces.serve", by, one)
    one = Workplace.objects.select_for_update(of=("self",)).select_related("network", "organisation").get(id=one.id)
    house = one.organisation
    if house is None:
        # An employer is no member of the network: it has a house of its own, for its people alone.
        house = Organisation.objects.create(name={"fi": one.name}, source="own", external_id=str(new_id()))
        one.organisation = house
        one.save()
        record("found", "organisation", house.id, str(by.id), workplace=str(one.id))
    if house.networks.exists():
        raise ValidationError(_("Tämä työpaikka on verkoston organisaatio. Sen pääkäyttäjä kutsuu edustajan."))
    for earlier in house.invitations.filter(email__iexact=email, accepted_at=None, withdrawn_at=None):
        close_invitation(by, earlier)
    return send_invitation(by, house, email, name, [(Role.EMPLOYER, None)], None, link, language)


@transaction.atomic
def let_go(by: Person, one: Workplace, member: Member) -> None:
    """They do not speak for the workplace any more: signed out, if they have no other place."""
    require("workplaces.serve", by, one)
    if member.organisation_id != one.organisation_id or member.ended_at is not None:
        raise ValidationError(_("Hän ei edusta tätä työpaikkaa."))
    if member.roles.exclude(role=Role.EMPLOYER).exists():
        raise ValidationError(_("Hänellä on talossa muitakin rooleja. Sen pääkäyttäjä päättää niistä."))
    end_place_of(by, member)


@transaction.atomic
def withdraw(by: Person, one: Workplace, invitation: Invitation) -> None:
    require("workplaces.serve", by, one)
    if invitation.organisation_id != one.organisation_id or not invitation.open():
        raise ValidationError(_("Kutsu ei ole enää auki."))
    close_invitation(by, invitation)
