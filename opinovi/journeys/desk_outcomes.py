"""What came of a client's guidance, at the desk: what they told, and what a guide heard."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.journeys.access import sight
from opinovi.journeys.actions import clients as client_actions
from opinovi.journeys.actions import outcomes as actions
from opinovi.journeys.content import name_of
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.forms import ConfidenceForm
from opinovi.journeys.models import Client, Outcome
from opinovi.journeys.queries import client_by_id
from opinovi.journeys.words import MONTHS_ON, OUTCOMES
from opinovi.network.views import me


@require_http_methods(["GET", "HEAD", "POST"])
@allow("journeys.see_client", of=client_by_id)
def client_outcomes(request: HttpRequest, client: Client) -> HttpResponse:
    """What came of it at each time, and how sure of themselves the client was before and after."""
    may, why, form = sight(request.user, client), "", ConfidenceForm()
    rows = list(Outcome.objects.filter(journey__client=client))
    if request.method == "POST":
        try:
            if request.POST.get("then") == "confidence":
                form = ConfidenceForm(request.POST)
                if form.is_valid():
                    after = request.POST.get("after") == "1"
                    actions.set_confidence(client, form.values(), after, me(request))
                    return HttpResponseRedirect(request.path)
                why = _("Vastaa jokaiseen neljään.")
            else:
                row = next((one for one in rows if str(one.id) == request.POST.get("outcome")), None)
                if row is None:
                    raise ValidationError(_("Valitse yksi vaihtoehto."))
                actions.tell(row, request.POST.get("what", ""), request.POST.get("why", ""), me(request))
                return HttpResponseRedirect(request.path)
        except ValidationError as error:
            why = " ".join(error.messages)
    client_actions.read(me(request), client, ["outcomes"], next(iter(may.organisations), None))
    context = {
        "client": client,
        "name": name_of(client, may),
        "rows": [row_of(client, one) for one in rows],
        "choices": OUTCOMES.items(),
        "confidences": [(one.after, client.unlock(one.locked), one.at) for one in client.confidences.all()],
        "form": form,
        "why": why,
    }
    return no_store(render(request, "journeys/outcomes.html", context, status=422 if why else 200))


def row_of(client: Client, one: Outcome) -> dict[str, Any]:
    """One time at which it is asked."""
    return {
        "id": one.id,
        "when": MONTHS_ON[one.months],
        "due": one.due,
        "asked": one.asked_at is not None,
        "what": OUTCOMES[one.what] if one.what else "",
        "why": (client.unlock(one.locked) or {}).get("why", ""),
    }
