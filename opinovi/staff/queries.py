"""Reads of the staff room that more than one caller needs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from opinovi.base.clock import now
from opinovi.base.text import choose
from opinovi.directory.models import State
from opinovi.network.models import Member, Network, Organisation
from opinovi.network.queries import current_network
from opinovi.practices.models import Practice, PracticeState
from opinovi.staff.models import (
    Certificate,
    Circle,
    CompetenceProfile,
    PeerOffer,
    PlaceState,
    ShadowOffer,
    Thread,
    Training,
)


def network_of(organisation: Organisation) -> Network:
    """The network in which a house does something: the one whose door this is, if it is in it, else its first."""
    here, theirs = current_network(), list(organisation.networks.order_by("id"))
    return here if here in theirs or not theirs else theirs[0]  # type: ignore[return-value]


def who(member: Member) -> str:
    return f"{member.person.name}, {choose(member.organisation.name).text}"


def profile_by_id(profile_id: UUID) -> CompetenceProfile | None:
    rows = CompetenceProfile.objects.select_related("key", "member__person", "member__organisation", "leader")
    return rows.filter(id=profile_id, member__ended_at=None).first()


def training_by_id(training_id: UUID) -> Training | None:
    rows = Training.objects.select_related(
        "network", "session__team__organisation", "session__organisation", "session__point", "session__leader__person"
    )
    return rows.defer("session__point__source_record").filter(id=training_id).first()


def certificate_by_id(certificate_id: UUID) -> Certificate | None:
    return Certificate.objects.select_related("network", "member").filter(id=certificate_id).first()


def circle_by_id(circle_id: UUID) -> Circle | None:
    rows = Circle.objects.select_related("key", "network").prefetch_related(
        "circle_places__member__person", "circle_places__member__organisation"
    )
    return rows.filter(id=circle_id).first()


def shadow_by_id(shadow_id: UUID) -> ShadowOffer | None:
    return ShadowOffer.objects.select_related("network", "organisation", "host__person").filter(id=shadow_id).first()


def thread_by_id(thread_id: UUID) -> Thread | None:
    return Thread.objects.select_related("key", "network", "by__person").filter(id=thread_id).first()


def trainings_ahead(network: Network) -> QuerySet[Training]:
    """Those one can still come to, the soonest first."""
    rows = Training.objects.filter(network=network, session__state=State.PUBLISHED, session__ends_at__gt=now())
    rows = rows.select_related("session__organisation", "session__point").defer("session__point__source_record")
    return rows.order_by("session__starts_at", "id")


def offers_of(network: Network) -> QuerySet[PeerOffer]:
    rows = PeerOffer.objects.filter(
        network=network, ended_at=None, member__ended_at=None, member__person__is_active=True
    )
    return rows.select_related("member__person", "member__organisation").order_by("area", "member__person__name")


def published_practices(network: Network) -> list[Practice]:
    rows = Practice.objects.filter(network=network, state=PracticeState.PUBLISHED)
    return list(rows.only("id", "name", "areas").order_by("-published_at"))


def circles_of(members: Iterable[UUID]) -> QuerySet[Circle]:
    rows = Circle.objects.filter(
        circle_places__member__in=list(members), circle_places__state__in=[PlaceState.ASKED, PlaceState.IN]
    )
    return rows.select_related("key").prefetch_related("circle_places__member__person").distinct()


def people_in(circle: Circle) -> list[dict[str, Any]]:
    """Those who are in or asked, as they were prefetched."""
    rows = [one for one in circle.circle_places.all() if one.state != PlaceState.OUT]
    return [{"place": one, "who": who(one.member)} for one in rows]
