"""Apprenticeships and work try-outs: found by anyone, arranged by guides, seen to by workplaces."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.posted import posted_or_none
from opinovi.directory.codes import municipality_name
from opinovi.journeys.access import consents_for, sights
from opinovi.journeys.content import name_of
from opinovi.journeys.desk_clients import no_store, remember_names
from opinovi.journeys.models import Client
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import Piece
from opinovi.network.queries import current_network
from opinovi.network.views import answer, me, tell
from opinovi.workplaces.access import serves
from opinovi.workplaces.actions import placements as actions
from opinovi.workplaces.guidance_forms import PlacementForm, placement_initial
from opinovi.workplaces.guidance_queries import placement_by_id
from opinovi.workplaces.models import Placement, Workplace
from opinovi.workplaces.models.places import PlacementKind, PlacementState
from opinovi.workplaces.queries import workplace_by_id
from opinovi.workplaces.words import PLACEMENTS

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST = 200


def row_of(one: Placement) -> dict[str, Any]:
    return {
        "one": one,
        "kind": PLACEMENTS[one.kind],
        "where": municipality_name(one.municipality) if one.municipality else "",
    }


@require_safe
@allow("workplaces.answer")
def placements(request: HttpRequest) -> HttpResponse:
    """What can be asked for now: by kind and by place."""
    network = current_network()
    kind, where = request.GET.get("kind", ""), request.GET.get("where", "")
    rows = list(actions.open_placements(network)[:MOST]) if network else []
    places = sorted({one.municipality for one in rows if one.municipality}, key=municipality_name)
    shown = [
        row_of(one)
        for one in rows
        if (kind not in PlacementKind.values or one.kind == kind) and (where not in places or one.municipality == where)
    ]
    context = {
        "rows": shown,
        "kinds": list(PLACEMENTS.items()),
        "kind": kind,
        "places": [(code, municipality_name(code)) for code in places],
        "where": where,
    }
    return render(request, "workplaces/placements.html", context)


@require_safe
@allow("workplaces.answer")
def placement(request: HttpRequest, placement_id: Any) -> HttpResponse:
    """One place: what the work is, and a guide to ask; never the workplace, which sees nobody."""
    one = placement_by_id(placement_id)
    if one is None or one.state == PlacementState.TOLD:
        raise Http404
    asks = one.state == PlacementState.OPEN and one.until >= today()
    words = _("Kysyn paikasta: %(what)s, %(where)s.") % {"what": one.title, "where": one.workplace.name}
    told = {"q": words} | ({"service": str(one.service_id)} if one.service_id else {})
    context = {
        **row_of(one),
        "open": asks,
        "ask": urlencode(told),
        "serves": bool(serves(request.user, one.workplace)),
    }
    return render(request, "workplaces/placement.html", context, status=200 if asks else 410)


@form_methods
@allow("workplaces.take_part", of=workplace_by_id)
def new_placement(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    return save(request, workplace, None)


@form_methods
@allow("workplaces.take_part", of=placement_by_id)
def edit_placement(request: HttpRequest, one: Placement) -> HttpResponse:
    then, back = request.POST.get("then", ""), reverse("workplace-guidance", args=[one.workplace_id]) + "#placements"
    try:
        if then in ("fill", "free"):
            actions.fill(me(request), one, 1 if then == "fill" else -1)
            return HttpResponseRedirect(back)
        if then == "drop":
            actions.close(me(request), one)
            return HttpResponseRedirect(back)
    except ValidationError:
        return HttpResponseRedirect(back)
    return save(request, one.workplace, one)


def save(request: HttpRequest, workplace: Workplace, one: Placement | None) -> HttpResponse:
    guide = bool(serves(request.user, workplace))
    initial = placement_initial(one) if one else {"municipality": workplace.municipality}
    form = PlacementForm(posted_or_none(request), network=workplace.network, guide=guide, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_placement(me(request), workplace, one, **form.cleaned_data)
            return HttpResponseRedirect(reverse("workplace-guidance", args=[workplace.id]) + "?saved=1#placements")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta paikkaa") if one else _("Uusi oppisopimus- tai työkokeilupaikka")
    back = reverse("workplace-guidance", args=[workplace.id]) + "#placements"
    return answer(request, "site/edit.html", form, title=title, back=back, droppable=one is not None)


@form_methods
@allow("workplaces.serve", of=placement_by_id)
def refer_to_placement(request: HttpRequest, one: Placement) -> HttpResponse:
    """Which of one's clients goes to the place: a referral to the service that arranges it begins as a draft."""
    mine = consents_for(request.user).values_list("client_id", flat=True)
    rows = list(Client.objects.filter(id__in=mine, state=ClientState.ACTIVE).select_related("key", "network")[:100])
    seen = sights(request.user, [each.id for each in rows])
    clients = [each for each in rows if seen[each.id].has(Piece.NEED)]
    why = ""
    if request.method == "POST":
        client = next((each for each in clients if str(each.id) == request.POST.get("client", "")), None)
        try:
            if client is None:
                raise ValidationError(_("Valitse asiakas."))
            found = actions.refer(me(request), one, client)
            return HttpResponseRedirect(reverse("refer", args=[client.id]) + f"?draft={found.id}")
        except ValidationError as error:
            why = " ".join(error.messages)
    remember_names(request, clients, seen)
    names = sorted((name_of(each, seen[each.id]), each.id) for each in clients)
    context = {**row_of(one), "names": names, "why": why, "open": one.state == PlacementState.OPEN}
    return no_store(render(request, "workplaces/refer_to_placement.html", context, status=422 if why else 200))
