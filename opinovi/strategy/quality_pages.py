"""The quality cycle: every organisation looks at its guidance, and the network together; year on year."""

from statistics import median
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.posted import posted_or_none, whole_number
from opinovi.base.texts_form import initial_of
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Network
from opinovi.network.queries import houses_of
from opinovi.network.views import answer, me, network_by_id, tell
from opinovi.strategy.access import runs
from opinovi.strategy.actions import assessing
from opinovi.strategy.forms import CriterionForm
from opinovi.strategy.models import Assessment, Criterion, Strategy, StrategyState
from opinovi.strategy.words import ELEMENTS, LEVELS

form_methods = require_http_methods(["GET", "HEAD", "POST"])
YEARS = 5
LAST_YEAR = 9999
# What a criterion's median must be below to be called a gap.
WEAK = 2.5


def criterion_by_id(criterion_id: UUID) -> Criterion | None:
    return Criterion.objects.select_related("network").filter(id=criterion_id, retired_at=None).first()


@form_methods
@allow("strategy.see", of=network_by_id, change="strategy.run")
def quality(request: HttpRequest, network: Network) -> HttpResponse:
    """Every criterion, what the houses and the network together think of it, this year and those before."""
    if request.method == "POST":
        assessing.begin_criteria(me(request), network)
        return HttpResponseRedirect(request.path)
    assessments = list(network.assessments.filter(year__gt=today().year - YEARS).prefetch_related("verdicts"))
    years = sorted({one.year for one in assessments})
    asked = whole_number(request.GET.get("year", ""), LAST_YEAR)
    year = asked if asked in years else (years[-1] if years else today().year)
    criteria = list(network.criteria.filter(retired_at=None))
    context = {
        "network": network,
        "year": year,
        "years": years,
        "elements": by_element(criteria, assessments, year, years),
        "houses": houses_assessed(assessments, year),
        "own": houses_of(request.user, network) if criteria else [],
        "empty": not criteria,
        "runs": runs(request.user, network),
        "levels": list(LEVELS.items()),
        "strategy": Strategy.objects.filter(network=network).exclude(state=StrategyState.ENDED).first(),
    }
    return render(request, "strategy/quality.html", context)


def by_element(
    criteria: list[Criterion], assessments: list[Assessment], year: int, years: list[int]
) -> list[dict[str, Any]]:
    """The criteria by the side of quality that they look at, with their levels."""
    levels: dict[tuple[UUID, int], list[int]] = {}
    together: dict[tuple[UUID, int], int] = {}
    for each in assessments:
        for verdict in each.verdicts.all():
            if each.organisation_id is None:
                together[verdict.criterion_id, each.year] = verdict.level
            else:
                levels.setdefault((verdict.criterion_id, each.year), []).append(verdict.level)
    found = []
    for element, name in ELEMENTS.items():
        rows = []
        for one in criteria:
            if one.element != element:
                continue
            own = levels.get((one.id, year), [])
            middle = median(own) if own else None
            judged = together.get((one.id, year), middle)
            rows.append(
                {
                    "criterion": one,
                    "median": middle,
                    "counts": [own.count(level) for level in LEVELS],
                    "answers": len(own),
                    "together": together.get((one.id, year)),
                    "trend": [(when, together.get((one.id, when)) or middle_of(levels.get((one.id, when))))
                              for when in years],
                    "weak": judged is not None and judged < WEAK,
                }
            )  # fmt: skip
        found.append({"element": element, "name": name, "rows": rows})
    return found


def middle_of(levels: list[int] | None) -> float | None:
    return median(levels) if levels else None


def houses_assessed(assessments: list[Assessment], year: int) -> int:
    return sum(one.organisation_id is not None and one.year == year for one in assessments)


@form_methods
@allow("strategy.take_part", of=network_by_id)
def assess(request: HttpRequest, network: Network) -> HttpResponse:
    """One looks at one's own house; who coordinates writes down what the network thinks together."""
    own = houses_of(request.user, network)
    wanted = uuid_or_none(request.GET.get("house", ""))
    together = request.GET.get("house", "") == "together" and runs(request.user, network)
    house = None if together else next((one for one in own if one.id == wanted), own[0] if own else None)
    if house is None and not together:
        together = runs(request.user, network)
    criteria = list(network.criteria.filter(retired_at=None))
    text = request.POST.get("year", request.GET.get("year", ""))
    year = whole_number(text, LAST_YEAR) or today().year
    why = ""
    answers = {
        one: (int(level), request.POST.get(f"why-{one.id}", ""))
        for one in criteria
        if (level := request.POST.get(f"level-{one.id}", "")) in ("1", "2", "3", "4")
    }
    if request.method == "POST":
        try:
            assessing.assess(me(request), network, None if together else house, year, answers)
            return HttpResponseRedirect(reverse("quality", args=[network.id]) + f"?year={year}&saved=1")
        except ValidationError as error:
            why = " ".join(error.messages)
    before = network.assessments.filter(organisation=None if together else house, year=year).first()
    known = {one.criterion_id: (one.level, one.why) for one in before.verdicts.all()} if before else {}
    typed = {one.id: answers[one] for one in answers}
    context = {
        "network": network,
        "house": house,
        "together": together,
        "own": own,
        "runs": runs(request.user, network),
        "year": year,
        "elements": [
            {
                "name": name,
                "rows": [
                    {"criterion": one, "level": (typed.get(one.id) or known.get(one.id) or (0, ""))[0],
                     "why": (typed.get(one.id) or known.get(one.id) or (0, ""))[1]}
                    for one in criteria
                    if one.element == element
                ],
            }
            for element, name in ELEMENTS.items()
        ],
        "levels": list(LEVELS.items()),
        "why": why,
    }  # fmt: skip
    return render(request, "strategy/assess.html", context, status=422 if why else 200)


@form_methods
@allow("strategy.run", of=network_by_id)
def new_criterion(request: HttpRequest, network: Network) -> HttpResponse:
    return save_criterion(request, network, None)


@form_methods
@allow("strategy.run", of=criterion_by_id)
def edit_criterion(request: HttpRequest, one: Criterion) -> HttpResponse:
    if request.POST.get("then") == "drop":
        assessing.retire_criterion(me(request), one)
        return HttpResponseRedirect(reverse("quality", args=[one.network_id]))
    return save_criterion(request, one.network, one)


def save_criterion(request: HttpRequest, network: Network, one: Criterion | None) -> HttpResponse:
    initial = initial_of(one, "text") | {"element": one.element} if one else {}
    form = CriterionForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            assessing.save_criterion(me(request), network, one, form.cleaned_data["element"], form.text("text"))
            return HttpResponseRedirect(reverse("quality", args=[network.id]))
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta arvioinnin kohtaa") if one else _("Uusi arvioinnin kohta")
    back = reverse("quality", args=[network.id])
    return answer(request, "site/edit.html", form, title=title, back=back, droppable=one is not None)
