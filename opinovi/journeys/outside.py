"""A receiver outside the network: a secure page by a link and a code, without an account."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.limits import allowed, machine_of
from opinovi.contact.grants import grant, may_open
from opinovi.contact.return_code import hash_of
from opinovi.journeys.actions import outside as codes
from opinovi.journeys.actions import receiving
from opinovi.journeys.content import preview
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.desk_referrals import path_of, referral_by_id
from opinovi.journeys.forms import CodeForm, CompleteForm
from opinovi.journeys.models import Referral
from opinovi.journeys.models.referrals import WITH_RECEIVER, ReferralState
from opinovi.journeys.rows import referral_row

form_methods = require_http_methods(["GET", "HEAD", "POST"])
S = ReferralState


def referral_of(token: str) -> Referral | None:
    found = (
        Referral.objects.filter(token_hash=hash_of(token), client__state="active").values_list("id", flat=True).first()
    )
    return referral_by_id(found) if found else None


@form_methods
@allow("journeys.receive_outside")
def outside(request: HttpRequest, token: str) -> HttpResponse:
    """The code first; then what the client lets be seen, and what can be done with it."""
    one = referral_of(token)
    if one is None or one.consent is None or not one.consent.in_force() or one.state not in WITH_RECEIVER:
        return no_store(render(request, "journeys/outside_over.html", {"number": one.number if one else 0}, status=410))
    if not may_open(request, pass_of(one)):
        return ask_code(request, one)
    if request.method == "POST":
        return act(request, one)
    return page(request, one)


def pass_of(one: Referral) -> UUID:
    """What the browser holds once the code was right: the consent's, so that another consent asks anew."""
    assert one.consent_id is not None
    return one.consent_id


def ask_code(request: HttpRequest, one: Referral) -> HttpResponse:
    form = CodeForm(request.POST if "code" in request.POST else None)
    context: dict[str, Any] = {"form": form, "sent": request.GET.get("sent", "")}
    if request.method == "POST" and "code" not in request.POST:
        if not allowed("outside-code", one.id.hex, 6):
            context["why"] = _("Koodeja on lähetetty monta. Odota tunti ja yritä uudelleen.")
            return no_store(render(request, "journeys/outside_code.html", context, status=429))
        return HttpResponseRedirect(f"{request.path}?sent={codes.send_code(one)}")
    if request.method == "POST" and form.is_valid():
        if allowed("outside-try", machine_of(request), 60) and codes.open_by_code(one, form.cleaned_data["code"]):
            return grant(request, HttpResponseRedirect(request.path), pass_of(one))
        form.add_error("code", _("Koodi on väärä tai vanha. Lähetä uusi koodi."))
    context["sent"] = context["sent"] or ("mail" if form.errors else "")
    return no_store(render(request, "journeys/outside_code.html", context, status=422 if form.errors else 200))


def act(request: HttpRequest, one: Referral) -> HttpResponse:
    then = request.POST.get("then", "")
    try:
        if then == "accept":
            receiving.accept(None, one)
        elif then == "decline":
            receiving.decline(None, one, request.POST.get("reason", ""))
        elif then == "ask":
            receiving.ask_sender(None, one, request.POST.get("question", ""))
        elif then == "met":
            receiving.meet(None, one)
        elif then == "complete":
            receiving.complete(None, one, request.POST.get("what", ""), request.POST.get("why", ""))
    except ValidationError as error:
        fresh = referral_by_id(one.id)
        if fresh is None or fresh.consent is None or not fresh.consent.in_force():
            return HttpResponseRedirect(request.path)
        return page(request, fresh, " ".join(error.messages), status=422)
    return HttpResponseRedirect(request.path)


def page(request: HttpRequest, one: Referral, why: str = "", status: int = 200) -> HttpResponse:
    consent, client = one.consent, one.client
    assert consent is not None
    if one.state == S.SENT:
        receiving.see(None, one)
        one = referral_by_id(one.id) or one
    codes.read(one, ["referral", *consent.pieces])
    context = {
        "one": one,
        "row": referral_row(one, client),
        "words": one.words,
        "shared": preview(client, consent.pieces, consent.notes_from),
        "until": consent.until,
        "steps": path_of(one),
        "complete": CompleteForm(),
        "can_accept": one.state in (S.SENT, S.SEEN, S.QUESTION),
        "why": why,
    }
    return no_store(render(request, "journeys/outside.html", context, status=status))
