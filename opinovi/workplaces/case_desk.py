"""The workplace team's desk: what workplaces ask, step by step, and one joint offer of several organisations."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.directory.codes import municipality_name
from opinovi.directory.ways import phone
from opinovi.network.access import runs
from opinovi.network.models import Network
from opinovi.network.queries import current_network, own_people
from opinovi.network.views import answer, me, network_by_id, tell
from opinovi.workplaces.access import is_of_house
from opinovi.workplaces.actions import cases, offers
from opinovi.workplaces.case_forms import (
    EndForm,
    HouseForm,
    KnowForm,
    NextForm,
    OfferForm,
    PartForm,
    SayForm,
    offer_days,
    part_initial,
)
from opinovi.workplaces.case_queries import case_by_id, case_row, cases_for, offer_told, part_by_id, thread_of
from opinovi.workplaces.models import Case, OfferPart, WorkplaceTeamPlace
from opinovi.workplaces.models.cases import OfferState
from opinovi.workplaces.words import ENDS, next_words

form_methods = require_http_methods(["GET", "HEAD", "POST"])
SHOWS = ("open", "mine", "ended")
MOST = 200


@require_safe
@allow("workplaces.handle")
def case_list(request: HttpRequest) -> HttpResponse:
    """What waits, the nearest day first."""
    network = current_network()
    show = request.GET.get("show", "open") if request.GET.get("show") in SHOWS else "open"
    rows = [case_row(one) for one in cases_for(request.user, network, show)[:MOST]] if network else []
    context = {
        "rows": rows,
        "show": show,
        "network": network,
        "runs": network is not None and runs(request.user, network),
    }
    return render(request, "workplaces/cases.html", context)


@form_methods
@allow("workplaces.handle", of=case_by_id)
def case(request: HttpRequest, one: Case) -> HttpResponse:
    """One request: who asks and what, what was said, what is next, and the joint offer."""
    then = request.POST.get("then", "")
    forms: dict[str, Form] = {
        "say": SayForm(request.POST if then == "write" else None),
        "next": NextForm(request.POST if then == "next" else None, initial={"step": next_words(one)}),
        "end": EndForm(request.POST if then == "end" else None),
        "know": KnowForm(request.POST if then == "know" else None, network=one.network),
    }
    why = ""
    if request.method == "POST":
        try:
            gone = act(request, one, then, forms)
            if gone is not None:
                return gone
        except ValidationError as error:
            bound = next((form for form in forms.values() if form.is_bound), None)
            # Where the words are gone, so is the form to write in.
            if bound is not None and one.key is not None:
                tell(bound, error)
            else:
                why = " ".join(error.messages)
        one = case_by_id(one.id) or one
    else:
        cases.read(me(request), one)
    told = one.told()
    number, dial = phone(told["phone"]) if told.get("phone") else ("", "")
    every = list(one.offers.all()[:5])
    wrong = why or any(form.errors for form in forms.values())
    context = {
        **case_row(one),
        "told": told,
        "number": number,
        "dial": dial,
        "where": municipality_name(one.municipality) if one.municipality else "",
        "ended": ENDS.get(one.ended_why, ""),
        "thread": thread_of(one),
        "offers": [offer_told(one, offer) for offer in every[:1]],
        "earlier": [offer_told(one, offer) for offer in every[1:]],
        "may_offer": not one.ended and not any(offer.state in ("sent", "accepted") for offer in every),
        "mine": one.responsible is not None and one.responsible.person_id == me(request).id,
        "forms": forms,
        "why": why,
    }
    response = render(request, "workplaces/case.html", context, status=422 if wrong else 200)
    response["Cache-Control"] = "no-store"
    return response


def act(request: HttpRequest, one: Case, then: str, forms: dict[str, Form]) -> HttpResponse | None:
    """What was pressed; None where something in a form is wrong. Raises ValidationError for what can't be done."""
    by, done = me(request), HttpResponseRedirect(request.path + "?saved=1")
    bound = next((form for form in forms.values() if form.is_bound), None)
    if bound is not None:
        if not bound.is_valid():
            return None
        told = bound.cleaned_data
        if then == "write":
            cases.write(one, told["text"], by)
        elif then == "next":
            cases.set_next(by, one, told["step"], told["day"])
        elif then == "end":
            cases.end(by, one, told["why"])
        else:
            cases.know(by, one, told["workplace"])
    elif then == "take":
        cases.take(by, one)
    elif then == "offer":
        offers.begin(by, one)
        return HttpResponseRedirect(reverse("offer-draft", args=[one.id]))
    elif then == "take-back":
        offers.take_back(by, one)
    elif then == "erase":
        cases.erase(one, by, "asked")
        return HttpResponseRedirect(reverse("case-list"))
    return done


@form_methods
@allow("workplaces.handle", of=case_by_id)
def offer_draft(request: HttpRequest, one: Case) -> HttpResponse:
    """The joint offer while it is written: what it is about, each house's part, and off it goes."""
    draft = one.offers.filter(state=OfferState.DRAFT).first()
    if draft is None:
        return HttpResponseRedirect(reverse("case", args=[one.id]))
    then, why = request.POST.get("then", ""), ""
    told = offer_told(one, draft)
    initial = {"text": told["text"], "valid_until": draft.valid_until or offer_days()}
    form = OfferForm(request.POST if then in ("save", "send") else None, initial=initial)
    house = HouseForm(request.POST if then == "ask" else None, network=one.network)
    if request.method == "POST":
        try:
            by = me(request)
            if then == "ask" and house.is_valid():
                offers.ask_house(by, one, house.cleaned_data["contact"])
                return HttpResponseRedirect(request.path + "?saved=1")
            if then in ("save", "send") and form.is_valid():
                offers.save_words(by, one, **form.cleaned_data)
                if then == "send":
                    offers.send(by, one)
                    return HttpResponseRedirect(reverse("case", args=[one.id]) + "?sent=1")
                return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            if then == "ask":
                tell(house, error)
            else:
                why = " ".join(error.messages)
    context = {**told, **case_row(one), "form": form, "house_form": house, "why": why}
    wrong = why or form.errors or house.errors
    return render(request, "workplaces/offer_draft.html", context, status=422 if wrong else 200)


@form_methods
@allow("workplaces.write_part", of=part_by_id)
def offer_part(request: HttpRequest, part: OfferPart) -> HttpResponse:
    """One house's part: written while the offer is a draft, marked as done once it was taken."""
    one, ours = part.offer.case, bool(is_of_house(request.user, part))
    back = reverse("offer-draft", args=[one.id])
    if part.offer.state != OfferState.DRAFT:
        if request.method == "POST" and request.POST.get("then") == "finish":
            with suppress(ValidationError):
                offers.finish_part(me(request), part)
        return HttpResponseRedirect(reverse("case", args=[one.id]))
    if request.POST.get("then") == "drop":
        offers.drop_part(me(request), part)
        return HttpResponseRedirect(back)
    form = PartForm(posted_or_none(request), part=part, network=one.network, ours=ours, initial=part_initial(part))
    if request.method == "POST" and form.is_valid():
        try:
            offers.save_part(me(request), part, **form.told())
            return HttpResponseRedirect(back + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    return answer(request, "site/edit.html", form, title=str(part.organisation), back=back, droppable=True)


@form_methods
@allow("network.run", of=network_by_id)
def workplace_team(request: HttpRequest, network: Network) -> HttpResponse:
    """Who answers workplaces for the network."""
    people = list(own_people(network))
    there = set(WorkplaceTeamPlace.objects.filter(network=network).values_list("member", flat=True))
    if request.method == "POST":
        chosen = set(request.POST.getlist("member"))
        cases.set_team(me(request), network, [one for one in people if str(one.id) in chosen])
        return HttpResponseRedirect(request.path + "?saved=1")
    rows = [{"one": one, "there": one.id in there} for one in people]
    rows.sort(key=lambda row: not row["there"])
    late = Case.objects.filter(network=network, reminded__gt=0).exclude(state__in=["done", "closed"]).count()
    return render(request, "workplaces/team.html", {"network": network, "rows": rows, "late": late})
