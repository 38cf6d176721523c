"""A survey as an employee meets it: by a code, without a name, on a phone; stopped and gone on with; and one's own
result."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.limits import allowed, machine_of
from opinovi.base.text import PLAIN_FINNISH, choose
from opinovi.contact.return_code import read_code
from opinovi.workplaces.actions import answering as actions
from opinovi.workplaces.models import CompetenceSurvey, SurveyItem, SurveySheet, SurveyState
from opinovi.workplaces.plain import chosen, reader
from opinovi.workplaces.queries import survey_by_code
from opinovi.workplaces.words import LEVELS

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_STEP = 5
# How many codes a machine may try in an hour: a whole workplace may stand behind one address.
TRIES_AN_HOUR = 400
OWN = "own-result"
OWN_HOURS = 2
LOW = 2


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def found(code: str) -> CompetenceSurvey:
    one = survey_by_code(code)
    if one is None or one.state == SurveyState.DRAFT:
        raise Http404
    return one


def cookie_of(one: CompetenceSurvey) -> str:
    return f"sheet-{one.code}"


def my_sheet(request: HttpRequest, one: CompetenceSurvey) -> SurveySheet | None:
    return actions.sheet_of(one, request.get_signed_cookie(cookie_of(one), default="") or "")


def remember(response: HttpResponse, one: CompetenceSurvey, secret: str) -> HttpResponse:
    """The secret stays in this browser alone, until the survey is over."""
    response.set_signed_cookie(
        cookie_of(one), secret, max_age=120 * 86_400, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@form_methods
@allow("workplaces.answer")
def survey_door(request: HttpRequest, survey_code: str) -> HttpResponse:
    """What is asked, who sees what, how long it takes; begin, or go on with one's own code."""
    one, why = found(survey_code), ""
    if (again := chosen(request)) is not None:
        return again
    sheet = my_sheet(request, one)
    if request.method == "POST" and one.state == SurveyState.OPEN:
        if not allowed("survey", machine_of(request), TRIES_AN_HOUR):
            why = _("Yrityksiä on tullut monta. Odota hetki.")
        else:
            secret, why = secret_of(request, one)
            if secret:
                begun = HttpResponseRedirect(reverse("survey-step", args=[one.code, 1]))
                return private(remember(begun, one, secret))
    items = one.items.count()
    context = {
        "one": one,
        "workplace": one.workplace,
        "open": one.state == SurveyState.OPEN,
        "sheet": sheet,
        "count": items,
        "minutes": max(1, round(items / 6)),
        "plain": reader(request) == PLAIN_FINNISH,
        "why": why,
    }
    return private(render(request, "workplaces/survey_door.html", context, status=422 if why else 200))


def secret_of(request: HttpRequest, one: CompetenceSurvey) -> tuple[str, str]:
    """The secret by which somebody answers, or why they cannot: their own code, or a new one."""
    typed = request.POST.get("own", "").strip()
    if not typed and not one.by_slip:
        return actions.begin(one), ""
    read = read_code(typed[:40])
    if read is None:
        return "", _("Koodissa on kirjoitusvirhe. Siinä on kaksitoista merkkiä.") if typed else _(
            "Kirjoita koodi lapusta."
        )
    if actions.sheet_of(one, read) is None:
        return "", _("Koodi ei kuulu tähän kartoitukseen.")
    return read, ""


@form_methods
@allow("workplaces.answer")
def survey_step(request: HttpRequest, survey_code: str, step: int) -> HttpResponse:
    """A few competences at a time; what was chosen is kept at every step, so that one can stop and go on."""
    one = found(survey_code)
    sheet = my_sheet(request, one)
    if sheet is None or sheet.sent:
        return HttpResponseRedirect(reverse("survey-door", args=[one.code]))
    items, units = list(one.items.all()), list(one.units.all())
    steps = -(-len(items) // PER_STEP)
    step = min(max(1, step), steps)
    here = items[(step - 1) * PER_STEP : step * PER_STEP]
    why = ""
    if request.method == "POST":
        levels = {str(item.id): request.POST.get(f"level-{item.id}", "") for item in here}
        unit = request.POST.get("unit") if step == 1 and units else None
        chosen = {item: int(level) for item, level in levels.items() if level in tuple("1234")}
        told = actions.save_sheet(one, sheet, unit, chosen)
        if step == 1 and units and not told["unit"]:
            why = _("Valitse, missä työskentelet.")
        elif step < steps:
            return HttpResponseRedirect(reverse("survey-step", args=[one.code, step + 1]))
        else:
            return HttpResponseRedirect(reverse("survey-send", args=[one.code]))
        sheet.refresh_from_db()
    told = actions.told_of(one, sheet)
    context = {
        "one": one,
        "step": step,
        "steps": steps,
        "doors": ["open" if number < step else "ajar" if number == step else "shut" for number in range(1, steps + 1)],
        "rows": [
            {"item": item, "name": choose(item.name, reader(request)), "level": told["levels"].get(str(item.id))}
            for item in here
        ],
        "levels": list(LEVELS.items()),
        "units": units if step == 1 else [],
        "unit": told["unit"],
        "secret": request.get_signed_cookie(cookie_of(one), default=""),
        "why": why,
    }
    return private(render(request, "workplaces/survey_step.html", context, status=422 if why else 200))


@form_methods
@allow("workplaces.answer")
def survey_send(request: HttpRequest, survey_code: str) -> HttpResponse:
    """One's own words, if one likes, and the answer goes; then one's own result."""
    one, why = found(survey_code), ""
    sheet = my_sheet(request, one)
    if sheet is None or sheet.sent:
        return HttpResponseRedirect(reverse("survey-door", args=[one.code]))
    if request.method == "POST":
        try:
            levels = actions.send(one, sheet, request.POST.get("words", "")[:1000])
            response = HttpResponseRedirect(reverse("survey-own", args=[one.code]))
            response.set_signed_cookie(
                OWN, pack(one, levels), max_age=OWN_HOURS * 3600, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
            return private(response)
        except ValidationError as error:
            why = " ".join(error.messages)
    told = actions.told_of(one, sheet)
    context = {"one": one, "answered": len(told["levels"]), "count": one.items.count(), "why": why,
               "words": request.POST.get("words", "")}  # fmt: skip
    return private(render(request, "workplaces/survey_send.html", context, status=422 if why else 200))


def pack(one: CompetenceSurvey, levels: dict[str, int]) -> str:
    """One's own levels for this browser alone: a figure a competence, in their order."""
    return one.code + ":" + "".join(str(levels.get(str(item), 0)) for item in one.items.values_list("id", flat=True))


@form_methods
@allow("workplaces.answer")
def survey_own(request: HttpRequest, survey_code: str) -> HttpResponse:
    """What one answered, shown to nobody else: strengths, what to learn, the doors that fit, and a guide to ask."""
    one = found(survey_code)
    cookie = request.get_signed_cookie(OWN, default="", max_age=OWN_HOURS * 3600) or ""
    of, _colon, figures = cookie.partition(":")
    if of != one.code:
        return HttpResponseRedirect(reverse("survey-door", args=[one.code]))
    items = list(one.items.all())
    levels = {item.key: int(figure) for item, figure in zip(items, figures, strict=False) if figure != "0"}
    kept = ""
    if request.method == "POST":
        kept = actions.keep_own(levels, {item.key: item.name for item in items if item.key in levels})
    context = {
        "one": one,
        "rows": own_rows(items, levels, reader(request)),
        "kept": kept,
        "ask": ask_for(items, levels),
        # Whether a guide comes to the workplace, where one can book by oneself.
        "visits": one.workplace.visits.filter(day__gte=today(), cancelled_at=None).exists(),
    }
    return private(render(request, "workplaces/survey_own.html", context))


def own_rows(items: list[SurveyItem], levels: dict[str, int], language: str) -> list[dict[str, Any]]:
    """One's own levels, the lowest first, each with the doors that help."""
    rows = [
        {
            "name": choose(item.name, language).text,
            "level": levels[item.key],
            "words": LEVELS[levels[item.key]],
            "doors": ["open" if number <= levels[item.key] else "shut" for number in LEVELS],
            "help": "?" + urlencode([("q", choose(item.name).text), *(("t", topic) for topic in item.topics)])
            if levels[item.key] <= LOW
            else "",
        }
        for item in items
        if item.key in levels
    ]
    return sorted(rows, key=lambda row: row["level"])


def ask_for(items: list[SurveyItem], levels: dict[str, int]) -> str:
    """What one may want to ask a guide, as the beginning of a question that one changes as one likes."""
    low = [choose(item.name).text for item in items if levels.get(item.key, 4) <= LOW]
    return "?" + urlencode({"q": _("Haluaisin oppia: %(what)s") % {"what": ", ".join(low[:3])}}) if low else ""


@form_methods
@allow("workplaces.answer")
def kept_result(request: HttpRequest) -> HttpResponse:
    """One's own result again, by the code that one kept; or away with it."""
    typed, why, told = request.POST.get("code", ""), "", None
    if request.method == "POST":
        if not allowed("survey", machine_of(request), TRIES_AN_HOUR):
            why = _("Yrityksiä on tullut monta. Odota hetki.")
        else:
            read = read_code(typed[:40])
            told = actions.open_own(read) if read else None
            if told is None:
                why = _("Tällä koodilla ei löydy tulosta. Tarkista merkit.")
            elif request.POST.get("then") == "forget" and read:
                actions.forget_own(read)
                return private(render(request, "workplaces/kept_result.html", {"gone": True}))
    rows = [
        {"name": choose(told["names"][key]).text, "level": level, "words": LEVELS[level],
         "doors": ["open" if number <= level else "shut" for number in LEVELS]}
        for key, level in sorted(told["levels"].items(), key=lambda pair: pair[1])
    ] if told else []  # fmt: skip
    context = {"rows": rows, "why": why, "code": typed[:40], "language": get_language()}
    return private(render(request, "workplaces/kept_result.html", context, status=422 if why else 200))
