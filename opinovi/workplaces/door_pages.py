"""A workplace's own door: what its people can do here and now, without the workplace seeing who did."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.door_code import picture
from opinovi.base.languages import WHOLE
from opinovi.base.limits import allowed, machine_of
from opinovi.base.text import PLAIN_FINNISH
from opinovi.workplaces.guidance_queries import (
    change_doors,
    door_address,
    open_surveys,
    sessions_of,
    times_at,
    workplace_by_code,
)
from opinovi.workplaces.models import Workplace
from opinovi.workplaces.plain import chosen, reader
from opinovi.workplaces.queries import workplace_by_id

TRIES_AN_HOUR = 600


def workplace_at(request: HttpRequest, door_code: str) -> Workplace:
    """Whose door it is; nobody tries codes one after another."""
    one = workplace_by_code(door_code) if allowed("workplace-door", machine_of(request), TRIES_AN_HOUR) else None
    if one is None:
        raise Http404
    return one


@require_safe
@allow("workplaces.answer")
def workplace_door(request: HttpRequest, door_code: str) -> HttpResponse:
    """Times with a guide who comes, groups, the survey, a colleague to ask, and the doors for a change that is on."""
    one = workplace_at(request, door_code)
    if (again := chosen(request)) is not None:
        return again
    change = one.changes.filter(told=True, ended_at=None).first()
    context = {
        "one": one,
        "visits": list(one.visits.filter(day__gte=today(), cancelled_at=None)[:8]),
        "sessions": sessions_of(one),
        "surveys": open_surveys(one),
        "buddies": list(one.buddies.select_related("unit")),
        "change": change,
        "plain": reader(request) == PLAIN_FINNISH,
        "doors": change_doors(reader(request)) if change else [],
    }
    response = render(request, "workplaces/workplace_door.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@allow("workplaces.answer")
def workplace_times(request: HttpRequest, door_code: str) -> HttpResponse:
    """The free times with a guide who comes to the workplace; who takes one is seen by that guide alone."""
    one = workplace_at(request, door_code)
    context = {"one": one, "days": times_at(one), "gone": request.GET.get("gone") == "1"}
    response = render(request, "workplaces/workplace_times.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@allow("workplaces.take_part", of=workplace_by_id)
def workplace_poster(request: HttpRequest, one: Workplace) -> HttpResponse:
    """The code of the workplace's own door, for the wall."""
    address = door_address(one)
    context = {
        "one": one,
        "address": address,
        "code": picture(address),
        "languages": list(WHOLE),
    }
    return render(request, "workplaces/workplace_poster.html", context)
