"""What came of outreach: who was met, and the steps from a code to a journey."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from opinovi.base.figures import SMALLEST, hide, to_fives
from opinovi.base.models import Event
from opinovi.journeys.models import Journey
from opinovi.network.models import Network
from opinovi.outreach.arrivals import OPENED
from opinovi.outreach.models import Arrival, Met, OutreachAction, OutreachPlan

STEPS = ("opened", "asked", "booked", "begun")


def steps_of(actions: list[OutreachAction]) -> dict[str, int]:
    """How often codes were opened, and how many asked, booked a time or a place, and began guidance: three queries."""
    rows = list(Arrival.objects.filter(action__in=[one.id for one in actions]).values_list("kind", "subject_id"))
    counts = Counter(kind for kind, _subject in rows)
    opened = Event.objects.filter(subject_type="outreach", subject_id__in=[str(one.id) for one in actions], verb=OPENED)
    asked = [subject for kind, subject in rows if kind == Arrival.Kind.ASKED]
    booked = [subject for kind, subject in rows if kind == Arrival.Kind.BOOKED]
    begun = Journey.objects.filter(Q(enquiry_id__in=asked) | Q(appointment_id__in=booked)).count() if rows else 0
    return {
        "opened": opened.count(),
        "asked": counts[Arrival.Kind.ASKED],
        "booked": counts[Arrival.Kind.BOOKED] + counts[Arrival.Kind.JOINED],
        "begun": begun,
    }


def shown_steps(steps: dict[str, int]) -> list[dict[str, Any]]:
    """The steps as they are shown: fewer than five people are not told of, and the others in fives, since each step is
    a part of the one before. An opened code is no person."""
    most = max(steps.values(), default=0) or 1
    shown = {name: count if name == "opened" or not count else None if count < SMALLEST else to_fives(count)
             for name, count in steps.items()}  # fmt: skip
    return [
        {"step": name, "count": shown[name], "bar": min(100, round(100 * (shown[name] or 0) / most))} for name in STEPS
    ]


def met_by_group(plans: Any) -> tuple[dict[str, int | None], int | None]:
    """How many were met, by group, with what tells of fewer than five hidden: one query."""
    rows = Met.objects.filter(note__action__plan__in=plans).values_list("group").annotate(n=Sum("count"))
    return hide(dict(rows.order_by("group")))


def met_here(action: OutreachAction) -> list[tuple[str, int]]:
    """What was counted on a day, for those who went: their own figures."""
    rows = Met.objects.filter(note__action=action).values_list("group").annotate(n=Sum("count"))
    return list(rows.order_by("-n", "group"))


def reached(network: Network, first: Any, last: Any) -> int:
    """How many people were met in a span."""
    rows = Met.objects.filter(note__action__plan__network=network, note__action__day__range=(first, last))
    return rows.aggregate(n=Sum("count"))["n"] or 0


def plans_of(network: Network) -> Any:
    return OutreachPlan.objects.filter(network=network).select_related("organisation").annotate(times=Count("actions"))


def plans_for(network: Network, topic: str, municipality: str) -> list[OutreachPlan]:
    """What is planned for one topic and place, and has not ended."""
    rows = OutreachPlan.objects.filter(network=network, topic=topic, municipality=municipality, ended_at=None)
    return list(rows.select_related("organisation"))


def plan_by_id(plan_id: UUID) -> OutreachPlan | None:
    rows = OutreachPlan.objects.select_related("network", "organisation", "service").defer("service__source_record")
    return rows.filter(id=plan_id).first()


def outing_by_id(outing_id: UUID) -> OutreachAction | None:
    rows = OutreachAction.objects.select_related("plan__network", "plan__organisation", "plan__service")
    return rows.defer("plan__service__source_record").filter(id=outing_id).first()
