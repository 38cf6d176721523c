"""A workplace's year with the network, in figures that tell of nobody: asked, offered, learned, arranged."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.figures import few
from opinovi.base.posted import whole_number
from opinovi.contact.models import Appointment, Attendance
from opinovi.contact.models.appointments import AppointmentState
from opinovi.directory.models import State
from opinovi.workplaces.models import (
    LearningBuddy,
    OfferPart,
    PlanGoal,
    PlanState,
    VisitDay,
    Workplace,
    WorkplaceSession,
)
from opinovi.workplaces.models.cases import OfferState
from opinovi.workplaces.queries import workplace_by_id
from opinovi.workplaces.words import CASES

FIRST = 2020


def year_asked(request: HttpRequest) -> int:
    """The year of the address, else this one."""
    asked = whole_number(request.GET.get("year", ""), 9999)
    return asked if asked and FIRST <= asked <= today().year else today().year


@require_safe
@allow("workplaces.take_part", of=workplace_by_id)
def workplace_year(request: HttpRequest, one: Workplace) -> HttpResponse:
    """The report of a year: for the employer to read, print and take to a meeting."""
    year = year_asked(request)
    zone = timezone.get_current_timezone()
    begin, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    first, last = date(year, 1, 1), date(year, 12, 31)
    placements = list(one.placements.filter(made_at__gte=begin, made_at__lt=end))
    counted = Workplace.objects.annotate(**counts_of(begin, end, first, last)).values(*COUNTS).get(id=one.id)
    context: dict[str, Any] = {
        "one": one,
        "year": year,
        "years": list(range(today().year, max(FIRST, timezone.localtime(one.made_at).year) - 1, -1)),
        "cases": [CASES[state][0] for state in asked_in(one, begin, end)],
        **offers_of(one, begin, end),
        "surveys": list(one.surveys.filter(opened_at__gte=begin, opened_at__lt=end)),
        **{name.removeprefix("n_"): count for name, count in counted.items()},
        "met": few(counted["n_met"]),
        "came": few(counted["n_came"]),
        "places": sum(each.count for each in placements),
        "filled": sum(each.taken for each in placements),
    }
    return render(request, "workplaces/year.html", context)


def asked_in(one: Workplace, begin: datetime, end: datetime) -> list[str]:
    return list(one.cases.filter(asked_at__gte=begin, asked_at__lt=end).values_list("state", flat=True))


def offers_of(one: Workplace, begin: datetime, end: datetime) -> dict[str, Any]:
    """Offers that were taken in the year: how many, for how much (cents), and how many parts of them are done."""
    rows = list(
        OfferPart.objects.filter(
            offer__case__workplace=one, offer__state=OfferState.ACCEPTED, offer__answered_at__gte=begin,
            offer__answered_at__lt=end,
        ).select_related("organisation")
    )  # fmt: skip
    return {
        "offers": len({part.offer_id for part in rows}),
        "cost": sum(part.price or 0 for part in rows),
        "parts": rows,
        "done": sum(part.done_at is not None for part in rows),
    }


COUNTS = ("n_goals", "n_goals_done", "n_visits", "n_met", "n_groups", "n_came", "n_trained")


def counts_of(begin: datetime, end: datetime, first: date, last: date) -> dict[str, Any]:
    """Of a workplace's year, in one query: goals whose day is in it; days when a guide sat there, and how many times
    somebody came, as long as what was booked is kept; groups that met, and how many people came to them; learning
    buddies who were trained."""
    goals = PlanGoal.objects.filter(survey__workplace=OuterRef("id"), by_day__range=(first, last))
    # This month's stand in it once the month is over: what grows by one while one looks on tells of one.
    over = today().replace(day=1)
    days: dict[str, Any] = {"day__gte": first, "day__lt": min(last + timedelta(days=1), over), "cancelled_at": None}
    visits = VisitDay.objects.filter(workplace=OuterRef("id"), **days)
    there = VisitDay.objects.filter(workplace=OuterRef(OuterRef("id")), **days).values("rule")
    times: dict[str, Any] = {
        "session__state": State.PUBLISHED, "session__starts_at__gte": begin, 
        "session__starts_at__lt": min(end, datetime(over.year, over.month, 1, tzinfo=begin.tzinfo)),
    }  # fmt: skip
    groups = WorkplaceSession.objects.filter(workplace=OuterRef("id"), **times)
    theirs = WorkplaceSession.objects.filter(workplace=OuterRef(OuterRef("id")), **times).values("session")
    return {
        "n_goals": how_many(goals),
        "n_goals_done": how_many(goals.filter(state=PlanState.DONE)),
        "n_visits": how_many(visits),
        "n_met": how_many(Appointment.objects.filter(rule__in=there, state=AppointmentState.MET)),
        "n_groups": how_many(groups),
        "n_came": how_many(Attendance.objects.filter(came=True, registration__session__in=theirs), "registration"),
        "n_trained": how_many(LearningBuddy.objects.filter(workplace=OuterRef("id"), trained_on__range=(first, last))),
    }


def how_many(rows: QuerySet[Any], of: str = "pk") -> Any:
    """How many rows, or how many different ones of a field, as part of another query."""
    counted = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(_n=Count(of, distinct=True)).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
