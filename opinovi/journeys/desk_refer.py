"""A referral is written at the desk: for one client, or for several at once."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.posted import posted_or_none
from opinovi.directory.models import GroupSession, Offering, State
from opinovi.doors.forms import uuid_or_none
from opinovi.journeys.access import consents_for, sends, sight, sights
from opinovi.journeys.actions import clients as client_actions
from opinovi.journeys.actions import consents
from opinovi.journeys.actions import referrals as actions
from opinovi.journeys.content import name_of, preview
from opinovi.journeys.desk_clients import no_store, remember_names
from opinovi.journeys.desk_referrals import referral_by_id, services_for
from opinovi.journeys.forms import ReferForm, TogetherForm
from opinovi.journeys.models import Client, Referral
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import ConsentState, How, Piece
from opinovi.journeys.models.referrals import ReferralState
from opinovi.journeys.queries import client_by_id
from opinovi.journeys.rows import referral_row
from opinovi.network.account import ids_in
from opinovi.network.models import Network
from opinovi.network.queries import current_network
from opinovi.network.views import me, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
S = ReferralState


@form_methods
@allow("journeys.guide")
def refer_together(request: HttpRequest) -> HttpResponse:
    """Several clients to one training or group: each is asked on their own device, and goes by their own yes."""
    mine = consents_for(request.user).values_list("client_id", flat=True)
    clients = list(Client.objects.filter(id__in=mine, state=ClientState.ACTIVE).select_related("key", "network")[:100])
    seen = sights(request.user, [one.id for one in clients])
    clients = [one for one in clients if seen[one.id].has(Piece.NEED)]
    remember_names(request, clients, seen)
    network = current_network()
    assert network is not None
    names = [(str(one.id), name_of(one, seen[one.id])) for one in clients]
    form = TogetherForm(
        posted_or_none(request), clients=names, services=services_for(network), groups=groups_for(network),
        courses=courses_for(network),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        chosen = [one for one in clients if str(one.id) in told["clients"]]
        try:
            draft = actions.Draft(**{name: told[name] for name in ("service", "session", "offering", "why")})
            actions.refer_together(me(request), chosen, draft)
            return HttpResponseRedirect(reverse("referrals") + "?show=out")
        except ValidationError as error:
            tell(form, error)
    return no_store(render(request, "journeys/together.html", {"form": form}, status=422 if form.errors else 200))


def groups_for(network: Network) -> QuerySet[GroupSession]:
    """The groups ahead of the network's houses that have a team to receive."""
    rows = GroupSession.objects.filter(
        state=State.PUBLISHED,
        organisation__networks=network,
        team__isnull=False,
        ends_at__gt=now(),
        for_staff=False,
        by_code=False,
    )
    return rows.select_related("organisation").order_by("starts_at")


def courses_for(network: Network) -> QuerySet[Offering]:
    """The courses of the network's houses that have a guide to receive."""
    rows = Offering.objects.filter(
        state=State.PUBLISHED, organisation__networks=network, organisation__teams__members__roles__role="guide"
    )
    return rows.select_related("organisation").distinct().order_by("organisation_id", "id")


@form_methods
@allow("journeys.see_client", of=client_by_id)
def refer(request: HttpRequest, client: Client) -> HttpResponse:
    """A client is handed on: to whom, why, and what is shared, seen as the receiver will see it. With `draft` in the
    address one that was begun is gone on with."""
    may = sight(request.user, client)
    if not may.has(Piece.NEED):
        raise Http404
    before = begun(request, client)
    shown = preview(client, [one for one in Piece.values if may.has(one)], may.notes_from)
    pieces = [(one["piece"], one["name"]) for one in shown]
    form = ReferForm(
        posted_or_none(request), services=services_for(client.network), pieces=pieces, before=before,
        initial=initial_of(request, before),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            return asked(request, client, form, before)
        except ValidationError as error:
            tell(form, error)
    client_actions.read(me(request), client, may.pieces, next(iter(may.organisations), None))
    context = {
        "form": form,
        "client": client,
        "name": name_of(client, may),
        "shown": shown,
        "before": before,
        "to": referral_row(before, client)["to"] if before else "",
        "outside": before is None and bool(form["outside_name"].value() or form["outside_mail"].value()),
    }
    return no_store(render(request, "journeys/refer.html", context, status=422 if form.errors else 200))


def begun(request: HttpRequest, client: Client) -> Referral | None:
    """The draft, or the question to the client, that is gone on with."""
    one = next((referral_by_id(found) for found in ids_in(request.GET.get("draft", ""))), None)
    if one is None:
        return None
    if one.client_id != client.id or one.state not in (S.DRAFTED, S.ASKED) or not sends(request.user, one):
        raise Http404
    return one


def initial_of(request: HttpRequest, before: Referral | None) -> dict[str, Any]:
    if before is None:
        return {"service": uuid_or_none(request.GET.get("service", "")), "once": uuid4()}
    told = {name: before.words.get(name, "") for name in ("why", "hope")}
    if before.consent is not None:
        told |= {
            "pieces": before.consent.pieces,
            "notes_from": before.consent.notes_from,
            "until": before.consent.until,
        }
    return told | {"urgency": before.urgency, "three_way": before.three_way}


def asked(request: HttpRequest, client: Client, form: ReferForm, before: Referral | None) -> HttpResponse:
    """Write the referral, and put it before the client by the way that was chosen; or keep it as a draft."""
    told = form.cleaned_data
    fields = ["service", "why", "hope", "pieces", "notes_from", "until", "urgency", "three_way", "once"]
    fields += ["outside_name", "outside_mail", "outside_phone"]
    draft = actions.Draft(**{name: told[name] for name in fields if name in told})
    if request.POST.get("then") == "draft":
        kept = actions.write_draft(me(request), client, draft, before)
        return HttpResponseRedirect(reverse("referral", args=[kept.id]))
    consent = actions.draft_and_ask(me(request), client, draft, before)
    where = reverse("referral", args=[consent.referral.id])
    if consent.state != ConsentState.ASKED:
        return HttpResponseRedirect(where)
    if told["how"] == How.OWN_DEVICE:
        reached = consents.send_question(consent)
        return HttpResponseRedirect(where + ("?asked=1" if reached else "?asked=0"))
    return HttpResponseRedirect(reverse("record-consent", args=[consent.id]) + f"?how={told['how']}")
