"""The action plan: what is done, by whom, until when; and the measures that show whether it helps."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.base.texts_form import initial_of
from opinovi.doors.forms import uuid_or_none
from opinovi.network.views import answer, me, tell
from opinovi.strategy.access import is_responsible, runs
from opinovi.strategy.actions import planning
from opinovi.strategy.forms import ActionForm, EvidenceForm, MeasureForm, ReadingForm, measure_initial
from opinovi.strategy.gap_pages import gap_words
from opinovi.strategy.models import Action, Criterion, Gap, Measure, Objective, Strategy
from opinovi.strategy.queries import (
    action_by_id,
    action_row,
    measure_by_id,
    objective_by_id,
    progress,
    seen,
    source_words,
    strategy_by_id,
)
from opinovi.strategy.words import ACTIONS

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow("strategy.see", of=strategy_by_id)
def actions(request: HttpRequest, one: Strategy) -> HttpResponse:
    """Every action of a strategy, under its objective; by state, by house, or one's own house's."""
    rows = Action.objects.filter(objective__theme__strategy=one).select_related(
        "objective__theme", "organisation", "member__person"
    )
    every = list(rows.order_by("objective__theme__position", "objective__position", "ends", "id"))
    houses = sorted({row.organisation for row in every}, key=str)
    state, house = request.GET.get("state", ""), uuid_or_none(request.GET.get("house", ""))
    shown = [
        row
        for row in every
        if (house is None or row.organisation_id == house)
        and (row.late() if state == "late" else not state or row.state == state)
    ]
    by_objective: dict[Objective, list[dict[str, Any]]] = defaultdict(list)
    for row in shown:
        by_objective[row.objective].append(action_row(row))
    context = {
        "one": one,
        "groups": list(by_objective.items()),
        "progress": progress(every),
        "houses": houses,
        "house": house,
        "state": state,
        "states": [("", _("kaikki")), ("late", _("myöhässä")), *((key, pair[0]) for key, pair in ACTIONS.items())],
        "runs": runs(request.user, one),
    }
    return render(request, "strategy/actions.html", context)


@form_methods
@allow("strategy.run", of=strategy_by_id)
def new_action(request: HttpRequest, one: Strategy) -> HttpResponse:
    """A new action; with ?gap= or ?criterion= it grows out of one, with ?name= it has a name to begin with."""
    gap_id, criterion_id = (uuid_or_none(request.GET.get(name, "")) for name in ("gap", "criterion"))
    gap = Gap.objects.filter(network=one.network, id=gap_id).first() if gap_id else None
    rows = Criterion.objects.filter(network=one.network)
    criterion = rows.filter(id=criterion_id).first() if criterion_id else None
    return save(request, one, None, gap, criterion)


@form_methods
@allow("strategy.run", of=action_by_id)
def edit_action(request: HttpRequest, one: Action) -> HttpResponse:
    return save(request, one.objective.theme.strategy, one, one.gap, one.criterion)


def save(
    request: HttpRequest, strategy: Strategy, one: Action | None, gap: Gap | None, criterion: Criterion | None
) -> HttpResponse:
    objectives = Objective.objects.filter(theme__strategy=strategy).order_by("theme__position", "position")
    initial: dict[str, Any] = {"objective": request.GET.get("objective", "")}
    if one is not None:
        same = ("objective", "organisation", "member", "begins", "ends", "resources")
        initial = {name: getattr(one, name) for name in same} | initial_of(one, "name")
        initial |= {"partners": one.partners.all(), "waits_for": one.waits_for.all()}
    elif gap is not None:
        initial["name_fi"] = _("Parannetaan: %(what)s") % {"what": gap_words(gap)}
    elif criterion is not None:
        initial["name_fi"] = _("Vahvistetaan: %(what)s") % {"what": criterion}
    else:
        # What was found elsewhere names it, until it is written better.
        initial["name_fi"] = request.GET.get("name", "").replace("\x00", "")[:200]
    form = ActionForm(
        posted_or_none(request), network=strategy.network, objectives=objectives, one=one, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            saved = planning.save_action(
                me(request), told["objective"], one, name=form.text("name"), organisation=told["organisation"],
                member=told["member"], partners=list(told["partners"]), begins=told["begins"], ends=told["ends"],
                resources=told["resources"], waits_for=list(told["waits_for"]), gap=gap, criterion=criterion,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("action", args=[saved.id]) + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta toimenpidettä") if one else _("Uusi toimenpide")
    back = reverse("action", args=[one.id]) if one else reverse("strategy-actions", args=[strategy.id])
    return answer(request, "site/edit.html", form, title=title, back=back)


@form_methods
@allow("strategy.see", of=action_by_id, change="strategy.act")
def action(request: HttpRequest, one: Action) -> HttpResponse:
    """One action: how far it is, what it waits for, what shows that it was done."""
    may = is_responsible(request.user, one) or runs(request.user, one)
    form = EvidenceForm(posted_or_none(request), initial={"evidence": one.evidence})
    if request.method == "POST" and form.is_valid():
        then, evidence = request.POST.get("then", ""), form.cleaned_data["evidence"]
        try:
            if then == "tell":
                planning.tell_evidence(me(request), one, evidence)
            else:
                planning.move_action(me(request), one, then, evidence)
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    waits = [action_row(row) for row in one.waits_for.all()]
    context = {
        "one": one,
        **action_row(one),
        "strategy": one.objective.theme.strategy,
        "partners": list(one.partners.all()),
        "waits": waits,
        "waited": [action_row(row) for row in one.waited_by.all()],
        "blocked": any(row["action"].state in ("planned", "under_way") for row in waits),
        "gap_words": gap_words(one.gap) if one.gap else "",
        "may": may,
        "runs": runs(request.user, one),
        "form": form,
    }
    return render(request, "strategy/action.html", context, status=422 if form.errors else 200)


@form_methods
@allow("strategy.run", of=objective_by_id)
def new_measure(request: HttpRequest, one: Objective) -> HttpResponse:
    return save_measure(request, one, None)


@form_methods
@allow("strategy.run", of=measure_by_id)
def edit_measure(request: HttpRequest, one: Measure) -> HttpResponse:
    if request.POST.get("then") == "drop":
        planning.drop_measure(me(request), one)
        return HttpResponseRedirect(reverse("strategy-plan", args=[one.objective.theme.strategy_id]))
    return save_measure(request, one.objective, one)


def save_measure(request: HttpRequest, objective: Objective, one: Measure | None) -> HttpResponse:
    strategy = objective.theme.strategy
    form = MeasureForm(
        posted_or_none(request), network=strategy.network, initial=measure_initial(one) if one else {}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        saved = planning.save_measure(me(request), objective, one, **form.fields_of())
        return HttpResponseRedirect(reverse("measure", args=[saved.id]))
    title = _("Muuta mittaria") if one else _("Uusi mittari")
    back = reverse("measure", args=[one.id]) if one else reverse("strategy-plan", args=[strategy.id])
    return answer(request, "site/edit.html", form, title=title, back=back, droppable=one is not None)


@form_methods
@allow("strategy.see", of=measure_by_id, change="strategy.run")
def measure(request: HttpRequest, one: Measure) -> HttpResponse:
    """A measure's chart and table; a value by hand."""
    form = ReadingForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        try:
            planning.read_measure(me(request), one, **form.cleaned_data)
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    context = {
        "one": one,
        "seen": seen(one),
        "source": source_words(one),
        "strategy": one.objective.theme.strategy,
        "runs": runs(request.user, one),
        "form": form,
    }
    return render(request, "strategy/measure.html", context, status=422 if form.errors else 200)
