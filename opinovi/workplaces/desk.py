"""Workplaces and their surveys, as their representatives and the network's guides run them."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.door_code import picture
from opinovi.base.figures import few
from opinovi.base.languages import WHOLE
from opinovi.base.posted import posted_or_none
from opinovi.directory.codes import municipality_name
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Network
from opinovi.network.queries import address_in, current_network
from opinovi.network.views import answer, me, tell
from opinovi.workplaces.access import cases_of, changes_of, represents, serves
from opinovi.workplaces.actions import surveys as actions
from opinovi.workplaces.forms import GoalForm, NewSurveyForm, OpenForm, WorkplaceForm, goal_initial
from opinovi.workplaces.guidance_queries import door_address
from opinovi.workplaces.models import CompetenceSurvey, PlanGoal, SurveyState, SurveyWords, Unit, WordState, Workplace
from opinovi.workplaces.queries import goal_by_id, rows_of, survey_by_id, workplace_by_id, workplaces_of
from opinovi.workplaces.words import (
    ASKS,
    CASES,
    GOALS,
    IMPORTANCE,
    LEVELS,
    SURVEYS,
)

form_methods = require_http_methods(["GET", "HEAD", "POST"])
# Empty lines for new competences on the page where one says what is asked.
MORE = 3


def survey_row(one: CompetenceSurvey) -> dict[str, Any]:
    word, tone = SURVEYS[one.state]
    return {"one": one, "word": word, "tone": tone}


@require_safe
@allow("workplaces.take_part")
def workplaces(request: HttpRequest) -> HttpResponse:
    """One's own workplaces, or all that the network serves, with their surveys."""
    network = current_network()
    rows = [
        {"one": one, "where": municipality_name(one.municipality) if one.municipality else "",
         "surveys": [survey_row(survey) for survey in one.surveys.all()]}
        for one in (workplaces_of(request.user, network) if network else ())
    ]  # fmt: skip
    context = {"rows": rows, "serves": network is not None and serves(request.user, network)}
    return render(request, "workplaces/workplaces.html", context)


@form_methods
@allow("workplaces.serve", of=current_network)
def new_workplace(request: HttpRequest, network: Network) -> HttpResponse:
    return save(request, network, None)


@form_methods
@allow("workplaces.take_part", of=workplace_by_id)
def edit_workplace(request: HttpRequest, one: Workplace) -> HttpResponse:
    return save(request, one.network, one)


def save(request: HttpRequest, network: Network, one: Workplace | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if one is not None:
        names = one.units.filter(retired_at=None).values_list("name", flat=True)
        initial = {"name": one.name, "municipality": one.municipality, "people": one.people, "units": "\n".join(names)}
    form = WorkplaceForm(posted_or_none(request), network=network, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        units = told.pop("units").splitlines()
        try:
            saved = actions.save_workplace(me(request), network, one, units=units, **told)
            return HttpResponseRedirect(reverse("workplace", args=[saved.id]) + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta työpaikkaa") if one else _("Uusi työpaikka")
    back = reverse("workplace", args=[one.id]) if one else reverse("workplaces")
    return answer(request, "site/edit.html", form, title=title, back=back)


@form_methods
@allow("workplaces.take_part", of=workplace_by_id)
def workplace(request: HttpRequest, one: Workplace) -> HttpResponse:
    """One workplace: its units, its surveys, and a new one."""
    surveys = list(one.surveys.all())
    counted = [each for each in surveys if each.state == SurveyState.COUNTED]
    form = NewSurveyForm(posted_or_none(request), before=counted)
    if request.method == "POST" and form.is_valid():
        field = form.cleaned_data["field"]
        as_before = uuid_or_none(field)
        before = one.surveys.filter(id=as_before).first() if as_before else None
        try:
            name = {"fi": form.cleaned_data["name_fi"]}
            made = actions.make_survey(me(request), one, name, "" if as_before else field, before)
            return HttpResponseRedirect(reverse("survey-items", args=[made.id]))
        except ValidationError as error:
            tell(form, error)
    rep = bool(represents(request.user, one))
    # The representative follows all of them where they were asked; a guide sees those that are theirs to handle.
    cases = one.cases.select_related("key") if rep else cases_of(request.user, one.cases.select_related("key"))
    context = {
        "one": one,
        "where": municipality_name(one.municipality) if one.municipality else "",
        "units": list(one.units.filter(retired_at=None)),
        "surveys": [survey_row(survey) for survey in surveys],
        "form": form,
        "guide": not rep,
        "address": door_address(one),
        "cases": [
            {"one": case, "ask": ASKS[case.ask], "word": CASES[case.state][0], "tone": CASES[case.state][1],
             "href": reverse("own-case", args=[case.told()["token"]]) if rep else reverse("case", args=[case.id])}
            for case in cases[:30] if case.key
        ],
        "changes": list(changes_of(request.user, one.changes.all())[:20]),
    }  # fmt: skip
    return render(request, "workplaces/workplace.html", context, status=422 if form.errors else 200)


@form_methods
@allow("workplaces.take_part", of=survey_by_id)
def survey(request: HttpRequest, one: CompetenceSurvey) -> HttpResponse:
    """One survey: made ready, open, being counted, or its results."""
    then, why = request.POST.get("then", ""), ""
    form = OpenForm(request.POST if then == "open" else None)
    if request.method == "POST":
        try:
            done = act(request, one, then, form)
            if done is not None:
                return done
        except ValidationError as error:
            if then == "open":
                tell(form, error)
            else:
                why = " ".join(error.messages)
    address, units = address_in(one.workplace.network, "survey-door", [one.code]), list(one.units.all())
    context = {
        **survey_row(one),
        "workplace": one.workplace,
        "items": list(one.items.all()) if one.state == SurveyState.DRAFT else [],
        "units": units,
        "address": address,
        "code": picture(address) if one.state == SurveyState.OPEN else "",
        "sent": few(one.answers.count()) if one.state == SurveyState.OPEN else "",
        "form": form,
        "why": why,
        # Whom the rule let in as a guide is one.
        "serves": serves(request.user),
        "waiting": one.words.filter(state=WordState.WAITING).count(),
    }
    if one.state == SurveyState.COUNTED:
        context |= results_told(one, units)
    wrong = why or form.errors
    return render(request, "workplaces/survey.html", context, status=422 if wrong else 200)


def act(request: HttpRequest, one: CompetenceSurvey, then: str, form: OpenForm) -> HttpResponse | None:
    """What was pressed; None where something in the form is wrong."""
    if then == "open":
        if not form.is_valid():
            return None
        slips = form.cleaned_data["slips"] or 0
        codes = actions.open_survey(me(request), one, form.cleaned_data["closes_on"], slips)
        if codes:
            # The only time that they are seen.
            context = {
                "one": one,
                "codes": codes,
                "address": address_in(one.workplace.network, "survey-door", [one.code]),
            }
            response = render(request, "workplaces/slips.html", context)
            response["Cache-Control"] = "no-store"
            return response
    elif then == "close":
        actions.close_survey(me(request), one)
    else:
        return None
    return HttpResponseRedirect(request.path + "?saved=1")


def results_told(one: CompetenceSurvey, units: list[Unit]) -> dict[str, Any]:
    result: dict[str, Any] = one.result or {}
    rows = rows_of(one, units)
    shown = one.words.filter(state=WordState.SHOWN).select_related("survey")
    return {
        "people": result.get("people"),
        "rows": rows,
        "columns": [{"unit": unit, "people": result.get("units", {}).get(str(unit.id))} for unit in units],
        "most": [row for row in rows if row["gap"]][:5],
        "strengths": [row for row in rows if row["strong"]][:5],
        "shown_words": [one.key.unlock(row.locked) for row in shown] if one.key else [],
        "goals": [{"one": goal, "word": GOALS[goal.state]} for goal in one.goals.all()],
        "scale": list(LEVELS.items()),
    }


@form_methods
@allow("workplaces.take_part", of=survey_by_id)
def survey_items(request: HttpRequest, one: CompetenceSurvey) -> HttpResponse:
    """What is asked: each competence with how important it is now and in three years; a few empty lines for one's
    own."""
    why = ""
    rows = [{"key": item.key, "name": item.name, "now": item.now, "later": item.later, "topics": item.topics}
            for item in one.items.all()]  # fmt: skip
    rows += [{"key": "", "name": {}, "now": 2, "later": 2, "topics": []} for _number in range(MORE)]
    if request.method == "POST":
        rows = typed_rows(request, {row["key"]: row for row in rows if row["key"]})
        try:
            actions.save_items(me(request), one, [row for row in rows if row["name"]])
            return HttpResponseRedirect(reverse("survey", args=[one.id]) + "?saved=1")
        except ValidationError as error:
            why = " ".join(error.messages)
    for row in rows:
        row["picks"] = [("now", row["now"], _("Kuinka tärkeä nyt")), ("later", row["later"], _("Kolmen vuoden päästä"))]
    context = {"one": one, "rows": list(enumerate(rows)), "importance": list(IMPORTANCE.items()), "why": why,
               "draft": one.state == SurveyState.DRAFT}  # fmt: skip
    return render(request, "workplaces/items.html", context, status=422 if why else 200)


def typed_rows(request: HttpRequest, known: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines as they were sent. A line without a Finnish name is none; a new one gets a key of its own."""
    found = []
    for number in range(actions.MOST_ITEMS + MORE):
        if f"name-{number}" not in request.POST:
            continue
        text, key = request.POST[f"name-{number}"].strip()[:200], request.POST.get(f"key-{number}", "")
        now, later = (request.POST.get(f"{name}-{number}", "") for name in ("now", "later"))
        old = known.get(key)
        # A new name in Finnish makes the other languages' old ones untrue.
        name = old["name"] if old and old["name"].get("fi") == text else {"fi": text} if text else {}
        found.append(
            {
                "key": key if old else f"own {text.lower()[:190]}",
                "name": name,
                "now": int(now) if now in tuple("0123") else 2,
                "later": int(later) if later in tuple("0123") else 2,
                "topics": old["topics"] if old else [],
            }
        )
    seen: dict[str, dict[str, Any]] = {}
    for row in found:
        seen.setdefault(row["key"], row)
    return list(seen.values())


@require_safe
@allow("workplaces.take_part", of=survey_by_id)
def survey_poster(request: HttpRequest, one: CompetenceSurvey) -> HttpResponse:
    """The door code on the wall."""
    address = address_in(one.workplace.network, "survey-door", [one.code])
    context = {
        "one": one,
        "address": address,
        "code": picture(address),
        "languages": list(WHOLE),
    }
    return render(request, "workplaces/poster.html", context)


@form_methods
@allow("workplaces.serve", of=survey_by_id)
def survey_words(request: HttpRequest, one: CompetenceSurvey) -> HttpResponse:
    """What people wrote in their own words: a guide reads each before the employer sees it."""
    if request.method == "POST":
        which = uuid_or_none(request.POST.get("which", ""))
        there = SurveyWords.objects.select_related("survey__workplace__network").filter(survey=one)
        row = there.filter(id=which).first() if which else None
        if row is not None and request.POST.get("then") in ("show", "hide"):
            actions.judge_words(me(request), row, request.POST["then"] == "show")
        return HttpResponseRedirect(request.path)
    assert one.key is not None
    rows = [
        {"id": row.id, "text": one.key.unlock(row.locked)} for row in one.words.filter(state=WordState.WAITING)[:200]
    ]
    response = render(request, "workplaces/words.html", {"one": one, "rows": rows})
    response["Cache-Control"] = "no-store"
    return response


@form_methods
@allow("workplaces.take_part", of=survey_by_id)
def new_goal(request: HttpRequest, one: CompetenceSurvey) -> HttpResponse:
    wanted = uuid_or_none(request.GET.get("item", ""))
    item = one.items.filter(id=wanted).first() if wanted else None
    return save_goal(request, one, None, {"text": str(item) if item else ""}, item.id if item else None)


@form_methods
@allow("workplaces.take_part", of=goal_by_id)
def edit_goal(request: HttpRequest, goal: PlanGoal) -> HttpResponse:
    return save_goal(request, goal.survey, goal, goal_initial(goal), goal.item_id)


def save_goal(
    request: HttpRequest, survey: CompetenceSurvey, one: PlanGoal | None, initial: dict[str, Any], item: UUID | None
) -> HttpResponse:
    form = GoalForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_goal(me(request), survey, one, item_id=item, **form.told())
            return HttpResponseRedirect(reverse("survey", args=[survey.id]) + "?saved=1#plan")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta tavoitetta") if one else _("Uusi tavoite")
    return answer(request, "site/edit.html", form, title=title, back=reverse("survey", args=[survey.id]), today=today())
