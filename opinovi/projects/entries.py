"""Hours and costs on the desk: written by the partners, confirmed by those who may."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.euros import euros
from opinovi.base.figures import SMALLEST, to_fives
from opinovi.base.posted import posted_or_none
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Organisation, Role
from opinovi.network.standing import standing
from opinovi.network.views import answer, me, tell
from opinovi.projects.access import confirms, entries_seen, runs
from opinovi.projects.actions import claiming, entering, reporting
from opinovi.projects.forms import AfterForm, EntryForm, ParticipantForm
from opinovi.projects.models import Entry, Participant, Project
from opinovi.projects.money import hours
from opinovi.projects.queries import entry_by_id, participant_by_id, project_by_id
from opinovi.projects.words import ENTRIES, TYPES

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 100


def own_houses(request: HttpRequest, project: Project) -> list[Organisation]:
    """The partners for which one may write."""
    theirs = standing(request.user).organisations(Role.GUIDE, Role.EDITOR, Role.ADMINISTRATOR)
    rows = project.partners.filter(organisation__in=theirs).select_related("organisation")
    return [one.organisation for one in rows]


def row_of(one: Entry) -> dict[str, Any]:
    return {"one": one, "sum": euros(one.cents), "hours": hours(one.minutes) if one.minutes else "",
            "kind": TYPES[one.cost_type], "state": ENTRIES[one.state][0], "tone": ENTRIES[one.state][1]}  # fmt: skip


@form_methods
@allow("projects.see", of=project_by_id, change="projects.confirm_some")
def entries(request: HttpRequest, project: Project) -> HttpResponse:
    """The hours and costs of a project that one may see; several are confirmed at once."""
    why = ""
    rows = entries_seen(request.user, project)
    if request.method == "POST":
        ids = [found for one in request.POST.getlist("one") if (found := uuid_or_none(one))]
        try:
            count = entering.confirm(me(request), list(rows.filter(id__in=ids)))
            return HttpResponseRedirect(f"{request.path}?confirmed={count}")
        except ValidationError as error:
            why = " ".join(error.messages)
    state, period = request.GET.get("state", ""), uuid_or_none(request.GET.get("period", ""))
    shown = rows.filter(state=state) if state in ENTRIES else rows
    shown = shown.filter(period=period) if period else shown
    shown = shown.select_related("organisation", "member__person", "period")
    pages = Paginator(shown.order_by("-day", "id"), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    place = standing(request.user)
    mine = place.organisations(Role.ADMINISTRATOR)
    may = runs(request.user, project)
    context = {
        "project": project,
        "rows": [{**row_of(one), "may": may or one.organisation_id in mine} for one in page],
        "page": page,
        "state": state,
        "states": [("", _("kaikki")), *((key, pair[0]) for key, pair in ENTRIES.items())],
        "period": period,
        "periods": list(project.periods.all()),
        "confirms": may or bool(mine),
        "enters": bool(own_houses(request, project)),
        "why": why,
        "confirmed": request.GET.get("confirmed", ""),
    }
    return render(request, "projects/entries.html", context, status=422 if why else 200)


@form_methods
@allow("projects.enter", of=project_by_id)
def new_entry(request: HttpRequest, project: Project) -> HttpResponse:
    houses = own_houses(request, project)
    mine = standing(request.user).members()
    initial = {"once": uuid4(), "organisation": houses[0].id if houses else "", "member": next(iter(mine), None)}
    return save(request, project, None, houses, initial)


@form_methods
@allow("projects.own_entry", of=entry_by_id)
def entry(request: HttpRequest, one: Entry) -> HttpResponse:
    """One entry: put right, confirmed, sent back, taken out."""
    then, why = request.POST.get("then", ""), ""
    back = reverse("entries", args=[one.period.project_id])
    try:
        if then == "confirm":
            entering.confirm(me(request), [one])
            return HttpResponseRedirect(request.path + "?saved=1")
        if then == "back":
            entering.send_back(me(request), one, request.POST.get("why", ""))
            return HttpResponseRedirect(request.path + "?saved=1")
        if then == "drop":
            entering.drop(me(request), one)
            return HttpResponseRedirect(back)
    except ValidationError as error:
        why = " ".join(error.messages)
    if request.method == "POST" and not then:
        return save(request, one.period.project, one, [one.organisation], {})
    context = {**row_of(one), "project": one.period.project, "confirms": confirms(request.user, one), "why": why,
               "open": one.period.closed_at is None}  # fmt: skip
    if context["open"] and one.state != "confirmed":
        context["form"] = EntryForm(None, houses=[one.organisation], initial=initial_of(one))
    return render(request, "projects/entry.html", context, status=422 if why else 200)


def initial_of(one: Entry) -> dict[str, Any]:
    found = entering.fields_of(one)
    return found | {"organisation": one.organisation_id, "member": one.member_id, "hour": one.hour_cents or None,
                    "cents": None if one.minutes else one.cents}  # fmt: skip


def save(
    request: HttpRequest, project: Project, one: Entry | None, houses: list[Organisation], initial: dict[str, Any]
) -> HttpResponse:
    form = EntryForm(posted_or_none(request), houses=houses, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            saved = entering.enter(
                me(request), project, one, told["organisation"], once=told["once"], **form.fields_of()
            )
            return HttpResponseRedirect(reverse("entry", args=[saved.id]) + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    back = reverse("entry", args=[one.id]) if one else reverse("entries", args=[project.id])
    return answer(request, "site/edit.html", form, title=_("Tunnit tai kulu"), back=back)


@form_methods
@allow("projects.enter", of=project_by_id)
def participants(request: HttpRequest, project: Project) -> HttpResponse:
    """Those who take part: one's own house's by name, the whole project's as a number."""
    houses = own_houses(request, project)
    form = ParticipantForm(posted_or_none(request), houses=houses)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        house, began_on, consent = (told.pop(name) for name in ("organisation", "began_on", "consent"))
        try:
            claiming.add_participant(me(request), project, house, began_on, consent, told)
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    rows = Participant.objects.filter(project=project, organisation__in=houses).select_related("key", "organisation")
    count = Participant.objects.filter(project=project).count()
    context = {
        "project": project,
        "rows": [{"one": one, "told": one.key.unlock(one.locked) if one.key else {}} for one in rows[:200]],
        "count": to_fives(count) if count >= SMALLEST else None,
        "houses": houses,
        "form": form,
    }
    response = render(request, "projects/participants.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@form_methods
@allow("projects.see_participant", of=participant_by_id)
def participant(request: HttpRequest, one: Participant) -> HttpResponse:
    """One who takes part: what was written, when it ended, forgotten when they take their yes back."""
    back = reverse("participants", args=[one.project_id])
    if request.method == "POST" and request.POST.get("then") == "forget":
        claiming.forget_participant(me(request), one)
        return HttpResponseRedirect(back)
    assert one.key is not None
    told = one.key.unlock(one.locked)
    # What was written in free words before is no choice of these, and waits for one.
    form = AfterForm(posted_or_none(request), initial={**told, "ended_on": one.ended_on})
    if request.method == "POST" and form.is_valid():
        said = {name: str(value or "") for name, value in form.cleaned_data.items() if name != "ended_on"}
        try:
            reporting.tell_after(me(request), one, form.cleaned_data["ended_on"], said)
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    context = {"one": one, "told": told, "back": back, "form": form}
    response = render(request, "projects/participant.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response
