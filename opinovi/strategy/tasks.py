"""What the worker does for the network's work, again and again."""

from datetime import timedelta

from django.db import transaction
from django_tasks import task

from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.rounds import every
from opinovi.journeys.actions.letters import tell_members
from opinovi.network.models import Network
from opinovi.network.queries import coordinators_of
from opinovi.strategy.actions import closing, planning
from opinovi.strategy.counting import count_gaps
from opinovi.strategy.models import Review

REMIND_BEFORE = timedelta(days=14)


def renew(network: Network) -> None:
    """Count needs and services anew, close what has closed, and let the measures take their values."""
    count_gaps(network)
    closing.look_at_gaps(network)
    planning.fill_all(network)


@every(seconds=6 * 3600)
def renew_all() -> None:
    for network in Network.objects.all():
        renew(network)


@task()
def renew_now(network_id: str) -> None:
    """The same for one network, when somebody asks for it."""
    renew(Network.objects.get(id=network_id))


@every(seconds=3600)
def remind() -> None:
    """Actions past their last day, and reviews that are near."""
    planning.remind_late()
    near = Review.objects.filter(held_on=None, reminded_at=None, due__lte=today() + REMIND_BEFORE)
    for one in near.select_related("strategy"):
        with transaction.atomic():
            if not Review.objects.filter(id=one.id, reminded_at=None).update(reminded_at=now()):
                continue
            coordinators = coordinators_of(one.strategy.network_id)
            tell_members(coordinators, f"review {one.id}", "strategy-plan", [one.strategy_id], None)
            record("remind", "review", one.id)
