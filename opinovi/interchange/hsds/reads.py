"""What the HSDS endpoints read: the rows that a question asks for, and each with all that its form shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from opinovi.base.clock import today
from opinovi.directory.codes import postcodes
from opinovi.directory.models import OWN_SOURCES, Channel, GivenAt, Pair, PairState, Service, ServicePoint, State
from opinovi.directory.points import centres, distance_km
from opinovi.directory.queries import in_force
from opinovi.doors.find import find
from opinovi.doors.need import understand
from opinovi.interchange.hsds import out
from opinovi.interchange.hsds.terms import BY_ID, terms_by_id
from opinovi.network.models import Network, Organisation

MOST_FOUND = 500
# How many are held in memory at a time where all are streamed.
CHUNK = 200


@dataclass(frozen=True)
class Asked:
    """The standard's parameters of services and of services at locations."""

    search: str = ""
    modified_after: datetime | None = None
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    organization_id: str = ""
    postcode: str = ""
    proximity: float | None = None


def services_asked(asked: Asked, language: str) -> Q:
    """Which services. Those withdrawn since a moment asked for are told too."""
    found = gone_since(asked.modified_after) if asked.modified_after else in_force()
    if asked.organization_id:
        found &= Q(organisation=None) if asked.organization_id == out.UNTOLD else Q(organisation=asked.organization_id)
    if asked.taxonomy_term_id:
        found &= of_term(asked.taxonomy_term_id)
    if asked.taxonomy_id:
        found &= of_taxonomy(asked.taxonomy_id)
    if asked.postcode:
        found &= near(asked.postcode, asked.proximity)
    if asked.search:
        found &= Q(id__in=searched(asked.search, language))
    return found


def gone_since(moment: datetime) -> Q:
    day = today()
    changed = Q(changed_at__gte=moment) | Q(valid_until__lt=day, valid_until__gte=moment.date())
    return changed & (Q(valid_from=None) | Q(valid_from__lte=day))


def of_term(term_id: str) -> Q:
    known = terms_by_id().get(term_id)
    if known is None:
        return Q(id__in=[])
    one, code = known
    # A list of codes is asked as it is written, which both databases can.
    return Q(kind=code) if one.field == "kind" else Q(**{f"{one.field}__icontains": f'"{code}"'})


def of_taxonomy(taxonomy_id: str) -> Q:
    one = BY_ID.get(taxonomy_id)
    if one is None:
        return Q(id__in=[])
    return Q() if one.field == "kind" else ~Q(**{one.field: []})


def near(postcode: str, metres: float | None) -> Q:
    """Services whose area has the postcode in it; with a distance, those given at a place so near its middle."""
    municipality = postcodes().get(postcode, "")
    if metres is None:
        if not municipality:
            return Q(id__in=[])
        regions = {
            region
            for places, region in Network.objects.values_list("municipalities", "region")
            if municipality in places
        }
        found = Q(nationwide=True) | Q(municipalities__icontains=f'"{municipality}"')
        for region in sorted(regions):
            found |= Q(regions__icontains=f'"{region}"')
        return found
    centre = centres().get(postcode) or centres().get(f"m{municipality}")
    if centre is None:
        return Q(id__in=[])
    rows = ServicePoint.objects.filter(state=State.PUBLISHED, latitude__isnull=False)
    close = [
        point for point, lat, lon in rows.values_list("id", "latitude", "longitude")
        if distance_km(centre, (float(lat or 0), float(lon or 0))) * 1000 <= metres
    ]  # fmt: skip
    given = GivenAt.objects.filter(point__in=close).values_list("service_id", flat=True)
    return Q(id__in=sorted(set(given)))


def searched(text: str, language: str) -> list[UUID]:
    """The services that the network's own search finds for the words."""
    need = understand(text, language)
    return [hit.id for hit in find(need, None, limit=MOST_FOUND).hits if hit.type == "service"]


WAYS = Channel.objects.order_by("position", "id")


def services_listed(found: Q) -> QuerySet[Service]:
    rows = Service.objects.filter(found).defer("source_record").order_by("id")
    return rows.select_related("organisation").prefetch_related(Prefetch("channels", WAYS))


def given_rows() -> QuerySet[GivenAt]:
    rows = GivenAt.objects.filter(point__state=State.PUBLISHED).order_by("point_id")
    return (
        rows.select_related("point").defer("point__source_record").prefetch_related(Prefetch("point__channels", WAYS))
    )


def services_whole(found: Q) -> QuerySet[Service]:
    return services_listed(found).prefetch_related(Prefetch("givenat_set", given_rows(), to_attr="given_rows"))


def links(found: Q, whole: bool) -> QuerySet[GivenAt]:
    """Services at locations, by the conditions of their services."""
    services = Service.objects.filter(found, in_force()).values("id")
    rows = GivenAt.objects.filter(service__in=services, point__state=State.PUBLISHED).order_by("uid")
    rows = rows.select_related("point", "service__organisation")
    rows = rows.defer("point__source_record", "service__source_record")
    of: list[Any] = [Prefetch("service__channels", WAYS)]
    if whole:
        of += [Prefetch("point__channels", WAYS),
               Prefetch("service__givenat_set", given_rows(), to_attr="given_rows")]  # fmt: skip
    return rows.prefetch_related(*of)


def told_service(one: Service, language: str, full: bool) -> dict[str, Any]:
    if not one.in_force():
        return out.withdrawn(one, language)
    return out.service_full(one, language) if full else out.service(one, language)


def told_link(row: GivenAt, language: str, full: bool) -> dict[str, Any]:
    if full:
        return out.at_location_full(row, language)
    return out.at_location_basic(row, language) | {
        "location": out.location_basic(row.point, language),
        "service": out.service(row.service, language),
    }


# Organisations


def organisations(asked: str = "") -> QuerySet[Organisation]:
    """Those that have anything in the directory, are members of a network, or came from a source."""
    own = OuterRef("id")
    serve = Q(Exists(Service.objects.filter(in_force(), organisation=own)))
    serve |= Q(Exists(ServicePoint.objects.filter(state=State.PUBLISHED, organisation=own)))
    behind = Pair.objects.filter(kind="organisation", state=PairState.JOINED).values("second")
    rows = Organisation.objects.filter(serve | Q(membership__isnull=False) | ~Q(source__in=OWN_SOURCES)).distinct()
    rows = rows.exclude(id__in=behind)
    if asked:
        folded = asked.lower()
        rows = rows.filter(id__in=[
            one.id for one in rows if any(folded in str(name).lower() for name in one.name.values())
        ])  # fmt: skip
    return rows.order_by("id")


def some_untold() -> bool:
    return Service.objects.filter(in_force(), organisation=None).exists()


def organisations_whole(
    rows: Iterable[Organisation | None], language: str, full_service: bool
) -> Iterator[dict[str, Any]]:
    """In full, with their places and services; four queries for all of them, seven with whole services."""
    rows = list(rows)
    ids = [one.id for one in rows if one is not None]
    which = Q(organisation__in=ids) | (Q(organisation=None) if None in rows else Q(id__in=[]))
    found = in_force() & which
    services: dict[UUID | None, list[dict[str, Any]]] = {}
    if full_service:
        for one in services_whole(found):
            services.setdefault(one.organisation_id, []).append(out.service_full(one, language))
    else:
        for one in Service.objects.filter(found).only("id", "name", "organisation").order_by("id"):
            services.setdefault(one.organisation_id, []).append(
                {"id": str(one.id), "name": out.choose(one.name, language).text, "status": "active"}
            )
    points: dict[UUID | None, list[ServicePoint]] = {}
    places = ServicePoint.objects.filter(state=State.PUBLISHED, organisation__in=ids).defer("source_record")
    for place in places.prefetch_related(Prefetch("channels", WAYS)).order_by("id"):
        points.setdefault(place.organisation_id, []).append(place)
    for one_house in rows:
        key = one_house.id if one_house is not None else None
        yield out.organization_full(one_house, language, services.get(key, []), points.get(key, []))


def chunks(rows: QuerySet[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """All rows, so many at a time, each with what is prefetched; by their keys, so that none is told twice."""
    key = "uid" if rows.model is GivenAt else "id"
    last = None
    while True:
        part = list((rows.filter(**{f"{key}__gt": last}) if last else rows)[:size])
        if not part:
            return
        yield part
        last = getattr(part[-1], key)
