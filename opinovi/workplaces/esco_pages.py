"""What a survey asks, chosen from ESCO: by a skill as one types, or by an occupation with what it needs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.text import choose
from opinovi.esco.models import Concept, ConceptKind
from opinovi.esco.queries import by_uri, find, loaded, occupation_by_uri, skills_of
from opinovi.network.views import me
from opinovi.workplaces.actions import surveys as actions
from opinovi.workplaces.models import CompetenceSurvey, SurveyState
from opinovi.workplaces.queries import survey_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST_SHOWN = 60


@form_methods
@allow("workplaces.take_part", of=survey_by_id)
def survey_skills(request: HttpRequest, one: CompetenceSurvey) -> HttpResponse:
    """Skills to add: found by a word, or those of an occupation, the essential ones first."""
    if one.state != SurveyState.DRAFT:
        return HttpResponseRedirect(reverse("survey-items", args=[one.id]))
    why = ""
    if request.method == "POST":
        try:
            actions.add_items(me(request), one, [as_item(skill) for skill in by_uri(request.POST.getlist("skill"))])
            return HttpResponseRedirect(reverse("survey-items", args=[one.id]))
        except ValidationError as error:
            why = " ".join(error.messages)
    language, typed = get_language() or "fi", request.GET.get("q", "")[:100]
    of = request.GET.get("of", "")
    occupation = occupation_by_uri(of[:200]) if of else None
    there = set(one.items.values_list("key", flat=True))
    context: dict[str, Any] = {"one": one, "q": typed, "occupation": occupation, "why": why}
    if occupation is not None:
        rows = [(row.skill, row.essential) for row in skills_of(occupation)[:MOST_SHOWN]]
        context["skills"] = [skill_row(skill, there, essential) for skill, essential in rows]
    elif typed:
        context["skills"] = [skill_row(skill, there) for skill in find(typed, ConceptKind.SKILL, language)]
        context["occupations"] = find(typed, ConceptKind.OCCUPATION, language, most=6)
    if request.GET.get("part") == "list":
        return render(request, "workplaces/skill_list.html", context)
    context["loaded"] = loaded()
    return render(request, "workplaces/skills.html", context, status=422 if why else 200)


def skill_row(skill: Concept, there: set[str], essential: bool = False) -> dict[str, Any]:
    words = choose(skill.name)
    return {
        "uri": skill.uri,
        "words": words.text,
        "lang": words.lang,
        "there": skill.uri in there,
        "essential": essential,
    }


def as_item(skill: Concept) -> dict[str, Any]:
    """A skill as a survey asks it: with its names in every language, and known by its address from year to year."""
    name = {language: text[:1].upper() + text[1:] for language, text in skill.name.items()}
    return {"key": skill.uri, "name": name, "now": 2, "later": 2, "topics": []}
