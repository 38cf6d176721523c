"""What there is, taken down week by week: services and how fresh they are, hours, free times, promises, distances. It
is not of people, and no Event of somebody's tells it; so an Event of its own does."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.models import Event
from opinovi.contact.availability import free_times, rules_of
from opinovi.directory.hours import ZONE, parsed, spans_of
from opinovi.directory.models import Service, ServicePoint, State
from opinovi.directory.points import centres, distance_km
from opinovi.network.models import Member, Network, Organisation, Role, Team
from opinovi.staff.models import CompetenceCount

EVERY = timedelta(days=6)
WEEK = timedelta(days=7)
FREE_DAYS = 60


def take_all_stock() -> int:
    """Of each network and each of its organisations, about once a week. Returns how many were taken."""
    taken = 0
    for network in Network.objects.all():
        stood = Event.objects.filter(subject_type="stock", subject_id=str(network.id), at__gt=now() - EVERY)
        if not stood.exists():
            taken += take_stock(network)
    return taken


@transaction.atomic
def take_stock(network: Network) -> int:
    """Take down what there is in a network's organisations today."""
    month = f"{today():%Y%m}"
    houses = list(network.members.all())
    points = list(ServicePoint.objects.filter(organisation__in=houses, state=State.PUBLISHED).defer("source_record"))
    teams = list(Team.objects.filter(organisation__in=houses, members__roles__role=Role.GUIDE).distinct())
    hours: dict[Any, list[str]] = {}
    told_hours = [(one.organisation_id, one.hours) for one in points] + [
        (one.organisation_id, one.hours) for one in teams
    ]
    for owner, words in told_hours:
        hours.setdefault(owner, []).append(words)
    free = first_free_of(houses)
    published = Service.objects.filter(organisation__in=houses, state=State.PUBLISHED).order_by().values("organisation")
    counts = published.annotate(all=Count("id"), fresh=Count("id", filter=Q(confirm_by__gte=today())))
    services: dict[Any, Any] = {row["organisation"]: row for row in counts}
    for house in houses:
        told: dict[str, Any] = {
            "services": services.get(house.id, {}).get("all", 0),
            "fresh": services.get(house.id, {}).get("fresh", 0),
            "points": sum(1 for one in points if one.organisation_id == house.id),
            "open_minutes": open_minutes(hours.get(house.id, [])),
            "promise_hours": [one.promise_hours for one in teams if one.organisation_id == house.id],
            "free_days": free.get(house.id, []),
        }
        record("take_stock", "stock", house.id, network=str(network.id), house=str(house.id), month=month, **told)
    guides = Member.objects.filter(organisation__in=houses, roles__role=Role.GUIDE, ended_at=None).distinct().count()
    counted = CompetenceCount.objects.filter(network=network).first()
    whole: dict[str, Any] = {
        "open_minutes": open_minutes([one for rows in hours.values() for one in rows]),
        "near_km": nearest(network, points),
        "guides": guides,
        # Those who let themselves be counted, as the network's sums tell it.
        "assessed": min(guides, counted.people) if counted is not None else 0,
    }
    record("take_stock", "stock", network.id, network=str(network.id), house="", month=month, **whole)
    return len(houses) + 1


def open_minutes(hours: Iterable[str]) -> int:
    """For how many minutes of the coming week at least one of them is open."""
    begin = now().astimezone(ZONE).replace(second=0, microsecond=0)
    stretches: list[tuple[datetime, datetime]] = []
    for one in set(hours):
        rule = parsed(one)
        if rule is not None:
            end = begin + WEEK
            stretches += [
                (max(start, begin), min(last, end))
                for start, last, is_open, _why in spans_of(rule, begin, end)
                if is_open
            ]
    minutes, reached = 0.0, begin
    for start, end in sorted(stretches):
        start = max(start, reached)
        if end > start:
            minutes += (end - start).total_seconds() / 60
            reached = end
    return round(minutes)


def first_free_of(houses: list[Organisation]) -> dict[Any, list[int]]:
    """Of each organisation, in how many days each of its services has its first free time; of those that have one."""
    found: dict[Any, list[int]] = {}
    by_service: dict[Any, list[Any]] = {}
    for rule in rules_of(team__organisation__in=houses):
        if rule.service_id:
            by_service.setdefault((rule.team.organisation_id, rule.service_id), []).append(rule)
    for (house, _service), rules in by_service.items():
        free = free_times(rules, days=FREE_DAYS, most=1)
        if free:
            found.setdefault(house, []).append((free[0].begins.date() - today()).days)
    return found


def nearest(network: Network, points: list[ServicePoint]) -> dict[str, int]:
    """Of each municipality how many kilometres it is from its middle to the nearest place, rounded down."""
    places = [(one.latitude, one.longitude) for one in points if one.latitude is not None and one.longitude is not None]
    found = {}
    for code in network.municipalities:
        middle = centres().get(f"m{code}")
        if middle is not None and places:
            found[code] = int(min(distance_km(middle, one) for one in places))
    return found
