"""What came of it, in one click from a letter; nothing has to be told."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import months_on, today
from opinovi.journeys.actions import outcomes as actions
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.forms import ConfidenceForm
from opinovi.journeys.models import Outcome
from opinovi.journeys.words import MONTHS_ON, OUTCOMES

ANSWERED_MONTHS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@allow("journeys.tell_outcome")
def tell_outcome(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a letter's link. A link with an answer in it sends its own form: one click for the person, none for a
    mail program that opens links. Nothing that was kept of the person is shown here."""
    outcome = actions.outcome_of_token(token)
    if outcome is None or months_on(outcome.due, ANSWERED_MONTHS) < today():
        return no_store(render(request, "journeys/outcome_over.html", status=410))
    if request.method == "POST":
        return take(request, outcome)
    wanted = request.GET.get("v", "")
    known = wanted if wanted in OUTCOMES else ""
    context = {"choices": OUTCOMES.items(), "wanted": known, "done": request.GET.get("done"),
               "wanted_words": OUTCOMES.get(wanted, ""), "when": MONTHS_ON[outcome.months],
               "answered": outcome.what, "confidence": ConfidenceForm()}  # fmt: skip
    return no_store(render(request, "journeys/outcome.html", context))


def take(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    if request.POST.get("then") == "confidence":
        form = ConfidenceForm(request.POST)
        if not form.is_valid():
            context = {"choices": OUTCOMES.items(), "done": "1", "answered": outcome.what, "confidence": form,
                       "when": MONTHS_ON[outcome.months]}  # fmt: skip
            return no_store(render(request, "journeys/outcome.html", context, status=422))
        actions.set_confidence(outcome.journey.client, form.values(), after=True)
        return HttpResponseRedirect(f"{request.path}?done=2")
    what = request.POST.get("what", "")
    if what in OUTCOMES:
        actions.tell(outcome, what, request.POST.get("why", "")[:1000])
        return HttpResponseRedirect(f"{request.path}?done=1")
    return HttpResponseRedirect(request.path)
