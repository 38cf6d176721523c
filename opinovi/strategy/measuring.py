"""The measures that take their value by themselves: each a function of a network, a measure and a day.

Values are in thousandths, so that they are exact: 12 days are 12 000, a half per cent 500. None where fewer than five
people, or searches, stand behind the figure.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count, Q
from django.utils.timezone import get_current_timezone

from opinovi.base.figures import SMALLEST, side, to_fives
from opinovi.contact.models import Enquiry
from opinovi.contact.models.enquiries import EnquiryState
from opinovi.directory.models import Service, ServicePoint, State
from opinovi.doors.models import NeedCount
from opinovi.journeys.models import Referral
from opinovi.network.models import Network
from opinovi.outreach.queries import reached as reached_between
from opinovi.strategy.models import Measure
from opinovi.strategy.models.plan import Source

DAYS = 90
YEAR = 365
Value = int | None


def tenths(thousandths: float) -> int:
    """No finer than one decimal: more would say what nobody knows."""
    return 100 * round(thousandths / 100)


def unserved(network: Network, measure: Measure, day: date) -> Value:
    """Per cent of the needs of the last ninety days that had no good door; of a topic and a place, if one is named."""
    rows = NeedCount.objects.filter(network=network, day__range=(day - timedelta(days=DAYS - 1), day))
    if measure.municipality:
        rows = rows.filter(municipality=measure.municipality)
    if not measure.topic:
        counts = rows.aggregate(needs=Count("id"), without=Count("id", filter=Q(served=False)))
        needs, without = counts["needs"], counts["without"]
    else:
        # What a JSON list holds is asked alike of every database by reading it.
        found = [served for topics, served in rows.values_list("topics", "served") if measure.topic in topics]
        needs, without = len(found), found.count(False)
    if needs < SMALLEST or side(without, needs) is None:
        return None
    return tenths(100_000 * without / needs)


def first_answer(network: Network, measure: Measure, day: date) -> Value:
    """The median of days from a question to its first answer, of what was asked in the last ninety days and answered.
    A question that is not answered yet counts by its age, so that leaving it does not make the figure better."""
    zone = get_current_timezone()
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    rows = Enquiry.objects.filter(network=network, asked_at__lt=end, asked_at__gte=end - timedelta(days=DAYS))
    rows = rows.filter(suspected=False).exclude(state=EnquiryState.MERGED)
    waits = [
        ((answered if answered and answered < end else end) - asked).total_seconds() / 86_400
        for asked, answered, state in rows.values_list("asked_at", "first_answered_at", "state")
        if answered or state == EnquiryState.WAITING
    ]
    return tenths(1000 * median(waits)) if len(waits) >= SMALLEST else None


def confirmed(network: Network, measure: Measure, day: date) -> Value:
    """Per cent of the services and places of the network's members that were confirmed in time."""
    counted = in_time = 0
    for model in (Service, ServicePoint):
        rows = model._default_manager.filter(organisation__networks=network, state=State.PUBLISHED)
        counts = rows.aggregate(all=Count("id"), fresh=Count("id", filter=Q(confirm_by__gte=day)))
        counted, in_time = counted + counts["all"], in_time + counts["fresh"]
    return tenths(100_000 * in_time / counted) if counted else None


def met(network: Network, measure: Measure, day: date) -> Value:
    """How many people met the one they were handed on to, in the last year; in fives."""
    rows = Referral.objects.filter(network=network, met_at__date__range=(day - timedelta(days=YEAR - 1), day))
    people = rows.values("client").distinct().count()
    return 1000 * to_fives(people) if people >= SMALLEST else None


def reached(network: Network, measure: Measure, day: date) -> Value:
    """How many people were met in outreach in the last year; in fives."""
    people = reached_between(network, day - timedelta(days=YEAR - 1), day)
    return 1000 * to_fives(people) if people >= SMALLEST else None


FORMULAS: dict[str, Callable[[Network, Measure, date], Value]] = {
    Source.UNSERVED: unserved,
    Source.FIRST_ANSWER: first_answer,
    Source.CONFIRMED: confirmed,
    Source.MET: met,
    Source.REACHED: reached,
}
