"""A workplace asks, and follows what comes of it behind a secret address: what was said, the offer, one press."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.limits import allowed, machine_of
from opinovi.base.masking import mask
from opinovi.base.posted import posted_or_none
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Role
from opinovi.network.queries import current_network
from opinovi.network.standing import standing
from opinovi.network.views import me, tell
from opinovi.workplaces.access import speaks_for
from opinovi.workplaces.actions import cases, offers
from opinovi.workplaces.case_forms import AskCaseForm, SayForm
from opinovi.workplaces.case_queries import case_by_token, house_of, offer_told, shown_offer, thread_of
from opinovi.workplaces.models import Case, Workplace
from opinovi.workplaces.models.cases import Ask, OfferState
from opinovi.workplaces.words import ASKS, ENDS, TO_WORKPLACE

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_HOUR = 20


@form_methods
@allow("workplaces.ask")
def new_case(request: HttpRequest) -> HttpResponse:
    """What a workplace needs, in its own words; one request, whichever organisations answer it."""
    network = current_network()
    represented = standing(request.user).organisations(Role.EMPLOYER)
    theirs = list(Workplace.objects.filter(network=network, organisation__in=represented)) if represented else []
    asked = request.GET.get("ask", "")
    initial: dict[str, Any] = {
        "once": uuid4(),
        "need": mask(request.GET.get("q", "").replace("\x00", "")[:500])[0],
        "ask": asked if asked in Ask.values else Ask.OTHER,
        "workplace": request.GET.get("workplace", ""),
    }
    if theirs:
        initial |= {"name": me(request).name, "mail": me(request).email}
    form = AskCaseForm(posted_or_none(request), network=network, theirs=theirs, initial=initial)
    if request.method == "POST" and form.is_valid() and network is not None:
        if form.cleaned_data["website"] or not allowed("workplace-ask", machine_of(request), PER_HOUR):
            form.add_error(None, _("Pyyntöjä on tullut monta. Odottakaa hetki ja lähettäkää uudelleen, tai soittakaa."))
            return render(request, "workplaces/new_case.html", {"form": form}, status=429)
        names = ("need", "ask", "house", "name", "mail", "phone", "municipality", "people", "once")
        told = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
        known = form.known()
        try:
            one = cases.ask(
                network, cases.Told(**told, language=get_language() or "fi"), known, me(request) if known else None
            )
            return HttpResponseRedirect(reverse("own-case", args=[one.told()["token"]]) + "?new=1")
        except ValidationError as error:
            tell(form, error)
    return render(request, "workplaces/new_case.html", {"form": form}, status=422 if form.errors else 200)


@form_methods
@allow("workplaces.own_case")
def own_case(request: HttpRequest, token: str) -> HttpResponse:
    """One's own request: where it is, what was said, and the offer, which is taken by one press."""
    one = case_by_token(token) if allowed("own-case", machine_of(request), 300) else None
    if one is None:
        return render(request, "workplaces/case_over.html", status=410)
    form, why = SayForm(), ""
    if request.method == "POST":
        try:
            form = act(request, one)
            if request.POST.get("then") == "erase":
                return HttpResponseRedirect(reverse("erased"))
            if not form.errors:
                return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            why = " ".join(error.messages)
            one = case_by_token(token) or one
    offer = shown_offer(one)
    told_offer = offer_told(one, offer) if offer else {}
    context = {
        "one": one,
        "house": house_of(one),
        "told": one.told(),
        "ask": ASKS[one.ask],
        "where_it_is": TO_WORKPLACE[one.state],
        "ended": ENDS.get(one.ended_why, ""),
        "thread": thread_of(one),
        "form": form,
        "why": why,
        "new": request.GET.get("new") == "1",
        "may": bool(speaks_for(request.user, one)),
        **told_offer,
        "offer_of": told_offer,
    }
    context["open"] = offer is not None and offer.state == OfferState.SENT and (offer.valid_until or today()) >= today()
    response = render(request, "workplaces/own_case.html", context, status=422 if why or form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def act(request: HttpRequest, one: Case) -> SayForm:
    """What the workplace pressed. Who is signed in as its representative acts by name; else whoever has the address."""
    by = me(request) if speaks_for(request.user, one) else None
    then, offer = request.POST.get("then", ""), uuid_or_none(request.POST.get("offer", ""))
    if then in ("accept", "decline") and offer is not None:
        (offers.accept if then == "accept" else offers.decline)(one, offer, by)
        return SayForm()
    if then in ("withdraw", "erase"):
        cases.withdraw(one, by)
        if then == "erase":
            cases.erase(one, why="asked")
        return SayForm()
    form = SayForm(request.POST)
    if form.is_valid():
        cases.write(one, form.cleaned_data["text"])
    return form
