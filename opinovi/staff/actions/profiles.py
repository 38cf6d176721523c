"""One's own competence: assessed, shared by choice, counted together, offered to colleagues."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import day_of, now, today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.base.models import DataKey
from opinovi.contact.actions.reading import remember
from opinovi.network.competences import LEVELS, areas
from opinovi.network.models import Member, Network, Person
from opinovi.network.queries import member_in
from opinovi.staff.models import CompetenceProfile, PeerOffer

MOST_BEFORE = 10


def own_profile(by: Person, network: Network) -> CompetenceProfile | None:
    rows = CompetenceProfile.objects.filter(member__person=by, member__ended_at=None)
    rows = rows.filter(member__organisation__networks=network).select_related("key", "member", "leader__person")
    return rows.order_by("member__since").first()


def check_said(levels: dict[str, int], wants: list[str]) -> None:
    """Something must be said. Raises ValidationError."""
    if not levels and not wants:
        raise ValidationError(_("Valitse taso ainakin yhteen kohtaan."))


@transaction.atomic
def assess(by: Person, network: Network, levels: dict[str, int], wants: list[str], plan: str) -> CompetenceProfile:
    """Say on which level one is in each area, and what one would like to learn. An area may be left out."""
    require("staff.take_part", by, network)
    known = areas()
    levels = {area: level for area, level in levels.items() if area in known and level in LEVELS}
    wants = [area for area in known if area in wants]
    check_said(levels, wants)
    one = own_profile(by, network)
    if one is None:
        one = CompetenceProfile(member=member_in(by, network), key=DataKey.objects.create())
    else:
        one = CompetenceProfile.objects.select_for_update(of=("self",)).select_related("key").get(id=one.id)
    told = one.told()
    before: list[Any] = told.get("before", [])
    # What was said on an earlier day is kept, so that one sees how one has come along.
    if told.get("levels") and day_of(one.assessed_at) != today() and told["levels"] != levels:
        before = [*before, [day_of(one.assessed_at).isoformat(), told["levels"]]][-MOST_BEFORE:]
    kept = {"levels": levels, "wants": wants, "plan": mask(plan)[0].strip()[:2000], "before": before}
    one.keep({**told, **kept})
    one.assessed_at = now()
    one.save()
    # Nothing of what was said: an Event is for others to read.
    record("assess", "competence", one.id, str(by.id))
    return one


@transaction.atomic
def share(by: Person, one: CompetenceProfile, leader: Member | None, counted: bool) -> None:
    """Choose who may read it, and whether it counts in the network's sums; take either back at once."""
    require("staff.own", by, one)
    one = CompetenceProfile.objects.select_for_update(of=("self",)).select_related("member", "key").get(id=one.id)
    if leader is not None:
        same = leader.organisation_id == one.member.organisation_id and leader.ended_at is None
        if not same or leader.person_id == by.id:
            raise ValidationError({"leader": _("Valitse joku muu omasta organisaatiostasi.")})
    told = one.told()
    if not counted and told.pop("counted", None):
        one.keep(told)
    one.leader, one.counted = leader, counted
    one.save()
    record("share", "competence", one.id, str(by.id), leader=leader is not None, counted=counted)


@transaction.atomic
def read_by_leader(by: Person, one: CompetenceProfile) -> None:
    """That the leader read it: its owner sees when."""
    require("staff.read_profile", by, one)
    remember(by, "competence", one.id, one.member.organisation_id)


@transaction.atomic
def forget(by: Person, one: CompetenceProfile) -> None:
    """Away with it, and with the key that opens it in any copy."""
    require("staff.own", by, one)
    erase(one)
    record("forget", "competence", one.id, str(by.id))


@transaction.atomic
def follow_or_forget(one: CompetenceProfile) -> None:
    """What becomes of the profile of a place that has ended: it goes along to another place of its owner's in the same
    network, seen by nobody there; else it is forgotten. By the worker."""
    networks = Network.objects.filter(members=one.member.organisation_id)
    rows = Member.objects.filter(person=one.member.person_id, ended_at=None, organisation__networks__in=networks)
    other = rows.filter(competence=None).order_by("since").first()
    if other is None:
        erase(one)
        record("forget", "competence", one.id)
        return
    one.member, one.leader = other, None
    one.save()
    record("follow", "competence", one.id)


def erase(one: CompetenceProfile) -> None:
    key = one.key
    one.delete()
    if key is not None:
        key.delete()


@transaction.atomic
def offer_help(by: Person, network: Network, area: str, text: str) -> PeerOffer:
    """Ask me: a colleague may ask of this area."""
    require("staff.take_part", by, network)
    if area not in areas():
        raise ValidationError({"area": _("Valitse, missä autat.")})
    member = member_in(by, network)
    told = {"text": mask(text)[0].strip()[:500]}
    one, _new = PeerOffer.objects.update_or_create(
        network=network, member=member, area=area, ended_at=None, defaults=told
    )
    record("offer_help", "peer_offer", one.id, str(by.id), area=area)
    return one


@transaction.atomic
def end_offer(by: Person, one: PeerOffer) -> None:
    require("staff.own", by, one)
    PeerOffer.objects.filter(id=one.id, ended_at=None).update(ended_at=now())
    record("end_offer", "peer_offer", one.id, str(by.id))
