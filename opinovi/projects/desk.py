"""Projects on the desk: what there is, what is planned and used, changes of the budget, periods and claims."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base import storage
from opinovi.base.access import allow
from opinovi.base.euros import euros
from opinovi.base.posted import posted_or_none, whole_number
from opinovi.base.text import choose
from opinovi.base.texts_form import initial_of
from opinovi.network.models import Network, Organisation
from opinovi.network.queries import current_network, siblings
from opinovi.network.views import answer, me, network_by_id, tell
from opinovi.projects.access import enters, runs
from opinovi.projects.actions import claiming, planning
from opinovi.projects.forms import DecideForm, PaidForm, PeriodForm, ProjectForm, project_initial
from opinovi.projects.models import BudgetLine, Change, ChangeState, Claim, CostType, Entry, EntryState, Period, Project
from opinovi.projects.money import cents_of
from opinovi.projects.queries import (
    Cells,
    Row,
    change_by_id,
    claim_by_id,
    grouped,
    period_by_id,
    planned_cells,
    project_by_id,
    used_cells,
)
from opinovi.projects.words import CHANGES, MODELS, ROUNDINGS, TYPES

form_methods = require_http_methods(["GET", "HEAD", "POST"])
NEW_LINES, LAST_YEAR = 12, 9999
MONEY_OR_WORK = {False: gettext_lazy("rahana"), True: gettext_lazy("omana työnä")}


@require_safe
@allow("projects.see", of=current_network)
def projects(request: HttpRequest, network: Network) -> HttpResponse:
    """The projects of the network, and of its siblings in the programme."""
    ids = {network.id, *(one.id for one in siblings(network))}
    rows = list(Project.objects.filter(network__in=ids).select_related("coordinator", "network", "programme"))
    planned = sums_by(BudgetLine.objects.filter(change__state=ChangeState.DECIDED), "change__project", rows)
    used = sums_by(Entry.objects.exclude(state=EntryState.RETURNED), "period__project", rows)
    told: list[dict[str, Any]] = [
        {
            "one": one,
            "row": Row("", planned.get(one.id, 0), used.get(one.id, 0)),
            "total": euros(planned.get(one.id, 0)),
            "own": one.network_id == network.id,
        }
        for one in rows
    ]
    context = {
        "network": network,
        "own": [one for one in told if one["own"]],
        "others": [one for one in told if not one["own"]],
        "all_planned": euros(sum(one["row"].planned for one in told)),
        "programme": choose(network.programme.name).text if network.programme else "",
        "runs": runs(request.user),
    }
    return render(request, "projects/projects.html", context)


def sums_by(rows: Any, way: str, among: list[Project]) -> dict[UUID, int]:
    found = rows.filter(**{f"{way}__in": [one.id for one in among]}).values_list(way).annotate(n=Sum("cents"))
    return dict(found.order_by(way))


@form_methods
@allow("projects.begin", of=network_by_id)
def new_project(request: HttpRequest, network: Network) -> HttpResponse:
    return save(request, network, None)


@form_methods
@allow("projects.run", of=project_by_id)
def edit_project(request: HttpRequest, one: Project) -> HttpResponse:
    return save(request, one.network, one)


def save(request: HttpRequest, network: Network, one: Project | None) -> HttpResponse:
    initial = project_initial(one) | initial_of(one, "name", "summary") if one else {}
    form = ProjectForm(posted_or_none(request), network=network, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        same = ("code", "begins", "ends", "coordinator", "cost_model", "flat_share", "rounding")
        fields = {name: told[name] for name in same} | {name: form.text(name) for name in ("name", "summary")}
        try:
            saved = planning.save_project(me(request), network, one, form.funders(), list(told["partners"]), **fields)
            return HttpResponseRedirect(reverse("project", args=[saved.id]) + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta hanketta") if one else _("Uusi hanke")
    back = reverse("project", args=[one.id]) if one else reverse("projects")
    return answer(request, "site/edit.html", form, title=title, back=back)


@form_methods
@allow("projects.see", of=project_by_id, change="projects.run")
def project(request: HttpRequest, one: Project) -> HttpResponse:
    """What is planned and what is used, by cost type, partner and year; periods and claims."""
    form, why = PeriodForm(posted_or_none(request)), ""
    if request.method == "POST" and form.is_valid():
        try:
            planning.add_period(me(request), one, **form.cleaned_data)
            return HttpResponseRedirect(request.path + "?saved=1#periods")
        except ValidationError as error:
            tell(form, error)
    planned, used = planned_cells(one), used_cells(one)
    partners = list(one.partners.select_related("organisation"))
    names = {row.organisation_id: choose(row.organisation.name).text for row in partners}
    whole = Row(_("Yhteensä"), sum(planned.values()), sum(used.values()))
    context = {
        "one": one,
        "model": MODELS[one.cost_model],
        "rounding": ROUNDINGS[one.rounding],
        "funders": list(one.funders.all()),
        "partners": partners,
        "whole": whole,
        "groups": [
            (_("Kululajit"), grouped(planned, used, lambda key: key[1], TYPES)),
            (_("Osapuolet"), grouped(planned, used, lambda key: key[0], names)),
            (_("Vuodet"), sorted(grouped(planned, used, lambda key: key[2], {}), key=lambda row: int(row.name))),
            (
                _("Raha ja oma työ"),
                grouped(planned, used, lambda key: key[3], MONEY_OR_WORK),
            ),
        ],
        "periods": list(one.periods.select_related("claim").defer("claim__sheet", "claim__paper")),
        "runs": runs(request.user, one),
        "enters": any(enters(request.user, row.organisation) for row in partners),
        "form": form,
        "why": why,
    }
    return render(request, "projects/project.html", context, status=422 if form.errors else 200)


@form_methods
@allow("projects.see", of=project_by_id, change="projects.run")
def budget(request: HttpRequest, one: Project) -> HttpResponse:
    """The budget cell by cell, its changes, and for who coordinates a change to ask for."""
    partners = list(one.partners.select_related("organisation"))
    wrong: list[str] = []
    lines = lines_of(request)
    if request.method == "POST":
        try:
            cells = cells_of(lines, {str(row.organisation_id): row.organisation for row in partners})
            change = planning.ask_change(me(request), one, request.POST.get("why", ""), cells)
            return HttpResponseRedirect(reverse("budget-change", args=[change.id]))
        except ValidationError as error:
            wrong = list(error.messages)
    planned = planned_cells(one)
    names = {row.organisation_id: choose(row.organisation.name).text for row in partners}
    years = range(one.begins.year, one.ends.year + 1)
    table = table_of(planned, names, years)
    context = {
        "one": one,
        "years": years,
        "table": table,
        "sums": [euros(sum(cents for key, cents in planned.items() if key[2] == year)) for year in years],
        "total": euros(sum(planned.values())),
        "changes": [
            {"one": row, "state": CHANGES[row.state][0], "tone": CHANGES[row.state][1]} for row in one.changes.all()
        ],
        "partners": partners,
        "types": list(TYPES.items()),
        "lines": lines,
        "why_text": request.POST.get("why", ""),
        "wrong": wrong,
        "runs": runs(request.user, one),
    }
    return render(request, "projects/budget.html", context, status=422 if wrong else 200)


def table_of(planned: Cells, names: dict[UUID, str], years: range) -> list[dict[str, Any]]:
    """The budget partner by partner: a line for each cost type, its years side by side, and the partner's sum."""
    found = []
    for house in sorted({key[0] for key in planned}, key=lambda one: names.get(one, "")):
        lines = []
        for kind, in_kind in sorted({(key[1], key[3]) for key in planned if key[0] == house}):
            cents = [planned.get((house, kind, year, in_kind), 0) for year in years]
            cells = [euros(one) if one else "" for one in cents]
            lines.append({"kind": TYPES[kind], "in_kind": in_kind, "cells": cells, "total": euros(sum(cents))})
        whole = sum(cents for key, cents in planned.items() if key[0] == house)
        found.append({"name": names.get(house, ""), "total": euros(whole), "lines": lines})
    return found


def lines_of(request: HttpRequest) -> list[dict[str, str]]:
    """The lines of a change as they were typed, with empty ones to spare."""
    names = ("house", "kind", "year", "in_kind", "cents")
    typed = [{name: request.POST.get(f"{name}_{row}", "") for name in names} for row in range(60)]
    filled = [one for one in typed if one["cents"].strip()]
    return filled + [dict.fromkeys(names, "") for _row in range(NEW_LINES)]


def cells_of(lines: list[dict[str, str]], houses: dict[str, Organisation]) -> dict[planning.Cell, int]:
    """The cells that the lines fill; two lines of one cell add up."""
    found: dict[planning.Cell, int] = {}
    for number, line in enumerate((one for one in lines if one["cents"].strip()), start=1):
        house = houses.get(line["house"])
        year = whole_number(line["year"], LAST_YEAR)
        if house is None or line["kind"] not in CostType.values or year is None:
            raise ValidationError(_("Rivi %(n)d: valitse osapuoli, kululaji ja vuosi.") % {"n": number})
        try:
            cents = cents_of(line["cents"])
        except ValidationError as error:
            raise ValidationError(_("Rivi %(n)d: %(why)s") % {"n": number, "why": error.messages[0]}) from error
        cell = (house, line["kind"], year, line["in_kind"] == "on")
        found[cell] = found.get(cell, 0) + cents
    return found


@form_methods
@allow("projects.see", of=change_by_id, change="projects.run")
def change(request: HttpRequest, one: Change) -> HttpResponse:
    """A change: what it adds and takes; and for who coordinates, what was decided of it."""
    form = DecideForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            planning.decide_change(
                me(request), one, request.POST.get("then") == "yes", told["decision"], told["decided_on"]
            )
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    lines = list(one.lines.select_related("organisation"))
    context = {
        "one": one,
        "state": CHANGES[one.state][0],
        "tone": CHANGES[one.state][1],
        "lines": [{"line": row, "kind": TYPES[row.cost_type], "sum": euros(row.cents)} for row in lines],
        "total": euros(sum(row.cents for row in lines)),
        "runs": runs(request.user, one),
        "form": form,
    }
    return render(request, "projects/change.html", context, status=422 if form.errors else 200)


@form_methods
@allow("projects.run", of=period_by_id)
def file_claim(request: HttpRequest, one: Period) -> HttpResponse:
    """What would be claimed of a period; and, with a press, it is filed and the period closed."""
    why = ""
    if request.method == "POST":
        try:
            claim = claiming.file_claim(me(request), one)
            return HttpResponseRedirect(reverse("claim", args=[claim.id]))
        except ValidationError as error:
            why = " ".join(error.messages)
    sums = claiming.sums_of(one)
    counts = {state: one.entries.filter(state=state).count() for state in ("entered", "returned")}
    context = {"one": one, "sums": sums, "total": euros(sums["total"]), "counts": counts, "why": why,
               "funders": [(choose(name).text, euros(cents)) for _id, name, cents in sums["funders"]]}  # fmt: skip
    return render(request, "projects/file_claim.html", context, status=422 if why else 200)


@form_methods
@allow("projects.see", of=claim_by_id, change="projects.run")
def claim(request: HttpRequest, one: Claim) -> HttpResponse:
    """A claim that was filed: its sums, its files once they are made, and what was paid."""
    form = PaidForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        try:
            claiming.tell_paid(me(request), one, form.cleaned_data["paid"], form.cleaned_data["paid_on"])
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    sums = one.sums
    ready = Claim.objects.filter(id=one.id, sheet__isnull=False).exists()
    context = {
        "one": one,
        "ready": ready,
        "rows": [(_("Rahana"), euros(sums["money"])), (_("Omana työnä"), euros(sums["in_kind"]))],
        "total": euros(sums["total"]),
        "funders": [(choose(name).text, euros(cents)) for _id, name, cents in sums["funders"]],
        "types": [(TYPES[kind], euros(cents)) for kind, cents in sums["types"].items()],
        "paid": euros(one.paid_cents) if one.paid_cents is not None else "",
        "runs": runs(request.user, one),
        "form": form,
    }
    return render(request, "projects/claim.html", context, status=422 if form.errors else 200)


@require_safe
@allow("projects.audit", of=claim_by_id)
def claim_sheet(request: HttpRequest, one: Claim) -> HttpResponse:
    return file_of(one, "sheet", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


@require_safe
@allow("projects.audit", of=claim_by_id)
def claim_paper(request: HttpRequest, one: Claim) -> HttpResponse:
    return file_of(one, "paper", "pdf", "application/pdf")


def file_of(one: Claim, name: str, ending: str, kind: str) -> HttpResponse:
    """A file of a claim; while it is being made, the claim's page says so."""
    content = Claim.objects.values_list(name, flat=True).get(id=one.id)
    if content is None:
        return HttpResponseRedirect(reverse("claim", args=[one.id]))
    response = HttpResponse(storage.fetch(content), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="claim-{one.number}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
