"""Apprenticeships and work try-outs: told of, opened, filled; a client goes to one by a referral of their own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.contact.actions.enquiries import staffed
from opinovi.directory.models import Service
from opinovi.journeys.actions import referrals
from opinovi.journeys.actions.letters import tell_members
from opinovi.journeys.actions.referrals import Draft
from opinovi.journeys.models import Client, Referral
from opinovi.network.models import Network, Person
from opinovi.workplaces.access import serves
from opinovi.workplaces.actions.cases import team_of
from opinovi.workplaces.actions.surveys import acting
from opinovi.workplaces.models import Placement, PlacementReferral, Workplace
from opinovi.workplaces.models.places import PlacementState
from opinovi.workplaces.words import PLACEMENTS


@transaction.atomic
def save_placement(by: Person, workplace: Workplace, one: Placement | None, **told: Any) -> Placement:
    """Tell of places, or change what was told. Anyone finds them once a guide has said which service arranges them."""
    require("workplaces.take_part", by, workplace)
    service, guide = told.pop("service", None), bool(serves(by, workplace))
    new = one is None
    if one is None:
        one = Placement(workplace=workplace, by=acting(by, workplace))
    else:
        one = Placement.objects.select_for_update(of=("self",)).get(id=one.id)
    if told["until"] < today():
        raise ValidationError({"until": _("Päivä on jo mennyt.")})
    if told["count"] < one.taken:
        raise ValidationError({"count": _("Paikkoja on jo täytetty enemmän.")})
    for name, value in told.items():
        setattr(one, name, mask(value)[0].strip() if name in ("title", "text") else value)
    if guide:
        one.service = service
        if service is not None:
            check_service(workplace.network, service)
            if one.state in (PlacementState.TOLD, PlacementState.CLOSED):
                one.opened()
    settle(one)
    one.save()
    record("save", "placement", one.id, str(by.id), state=one.state)
    if new and one.state == PlacementState.TOLD:
        tell_members(team_of(workplace.network), f"placement {one.id}", "edit-placement", [one.id], by.id)
    return one


def check_service(network: Network, service: Service) -> None:
    """It arranges places only where somebody receives those who are referred."""
    if not network.members.filter(id=service.organisation_id).exists():
        raise ValidationError({"service": _("Palvelu on toisesta verkostosta.")})
    if service.team_id is None and staffed(organisation=service.organisation_id) is None:
        raise ValidationError({"service": _("Tällä palvelulla ei ole vielä ketään vastaanottamassa.")})


def settle(one: Placement) -> None:
    """Full is filled, and not full is open again."""
    if one.state == PlacementState.OPEN and one.taken >= one.count:
        one.filled()
    elif one.state == PlacementState.FILLED and one.taken < one.count:
        one.freed()


@transaction.atomic
def fill(by: Person, one: Placement, more: int) -> None:
    """One place more has somebody, or one less: `more` is 1 or -1."""
    require("workplaces.take_part", by, one.workplace)
    one = Placement.objects.select_for_update(of=("self",)).get(id=one.id)
    if not 0 <= one.taken + more <= one.count or one.state not in (PlacementState.OPEN, PlacementState.FILLED):
        raise ValidationError(_("Tämä ei käy enää. Joku on jo muuttanut tilaa."))
    one.taken += more
    settle(one)
    one.save()
    record("fill" if more > 0 else "free", "placement", one.id, str(by.id))


@transaction.atomic
def close(by: Person | None, one: Placement) -> None:
    """Not offered any more; by the worker once its last day is over."""
    if by is not None:
        require("workplaces.take_part", by, one.workplace)
    one = Placement.objects.select_for_update(of=("self",)).get(id=one.id)
    if one.state != PlacementState.CLOSED:
        one.closed()
        one.save()
        record("close", "placement", one.id, str(by.id) if by else "")


@transaction.atomic
def refer(by: Person, one: Placement, client: Client) -> Referral:
    """Begin a referral of a client to the service that arranges the place. What is shared, the client decides; the
    workplace sees nothing of it."""
    require("workplaces.serve", by, one.workplace)
    one = Placement.objects.select_related("service", "workplace").get(id=one.id)
    if one.state != PlacementState.OPEN or one.service is None:
        raise ValidationError(_("Paikka ei ole enää haettavana."))
    hope = f"{PLACEMENTS[one.kind]}: {one.title}, {one.workplace.name}"
    found = referrals.write_draft(by, client, Draft(service=one.service, hope=hope))
    PlacementReferral.objects.get_or_create(referral=found, defaults={"placement": one})
    record("refer", "placement", one.id, str(by.id))
    return found


def open_placements(network: Network) -> QuerySet[Placement]:
    """What can be asked for now, the first to end first."""
    rows = Placement.objects.filter(workplace__network=network, state=PlacementState.OPEN, until__gte=today())
    return rows.select_related("workplace", "service__organisation").defer("service__source_record")


def close_old() -> None:
    """By the worker."""
    old = Placement.objects.filter(until__lt=today()).exclude(state=PlacementState.CLOSED)
    for one in old[:500]:
        close(None, one)
