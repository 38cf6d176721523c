"""Consents at the desk: a client answers in a guide's presence, on paper or on the phone."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.posted import posted_or_none
from opinovi.base.text import choose
from opinovi.contact.actions.letters import spoken
from opinovi.journeys.access import is_first
from opinovi.journeys.actions import clients as client_actions
from opinovi.journeys.actions import consents
from opinovi.journeys.actions.consents import receiver_name
from opinovi.journeys.content import preview
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.forms import RecordedForm
from opinovi.journeys.models import Consent
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import ConsentState, How
from opinovi.journeys.queries import newest_need
from opinovi.network.views import me, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def consent_by_id(consent_id: UUID) -> Consent | None:
    rows = Consent.objects.select_related(
        "client__key",
        "client__network",
        "client__person",
        "journey__team",
        "organisation",
        "service",
        "team",
        "asked_by",
        "text",
        "referral",
        "recorded_by__person",
    ).defer("service__source_record")
    found = (
        rows.annotate(need_locked=newest_need("client_id"))
        .filter(id=consent_id, client__state=ClientState.ACTIVE)
        .first()
    )
    if found is not None:
        found.client.need_locked = found.need_locked  # type: ignore[attr-defined]
    return found


@form_methods
@allow("journeys.record_consent", of=consent_by_id)
def record_consent(request: HttpRequest, consent: Consent) -> HttpResponse:
    """A client answers in a guide's presence: on this device, on paper, or on the phone. The page is in the client's
    language, since it is the client who reads it."""
    form = RecordedForm(posted_or_none(request), initial={"how": request.GET.get("how", How.GUIDES_DEVICE)})
    if request.method == "POST" and form.is_valid():
        try:
            yes, first = request.POST.get("answer") == "yes", is_first(consent)
            consents.answer(
                consent, yes, form.cleaned_data["how"], me(request), form.cleaned_data["witness"], chosen(request)
            )
            return HttpResponseRedirect(reverse("clients") if first and not yes else after_answer(consent))
        except ValidationError as error:
            tell(form, error)
    client_actions.read(me(request), consent.client, consent.pieces, organisation_of(consent))
    context = consent_context(consent) | {"form": form, "how": request.GET.get("how", "")}
    response = render(request, "journeys/record_consent.html", context, status=422 if form.errors else 200)
    return no_store(response)


def organisation_of(consent: Consent) -> UUID | None:
    """The organisation of the guide who asks."""
    return consent.asked_by.organisation_id if consent.asked_by else consent.organisation_id


def after_answer(consent: Consent) -> str:
    row = getattr(consent, "referral", None)
    return reverse("referral", args=[row.id]) if row else reverse("client", args=[consent.client_id])


def chosen(request: HttpRequest) -> list[str] | None:
    """The pieces that the client left ticked; None where the page asked of none."""
    return request.POST.getlist("pieces") if request.POST.get("limited") else None


def consent_context(consent: Consent) -> dict[str, Any]:
    """What is asked, in the words that were kept, and exactly what would be seen, in the client's language."""
    client, told = consent.client, consent.told()
    language = spoken(client.language)
    with translation.override(language):
        shown = preview(client, consent.pieces, consent.notes_from)
    return {
        "consent": consent,
        "client": client,
        "who": receiver_name(consent, client.language),
        "own_team": consent.journey is not None and consent.team_id == consent.journey.team_id,
        "words": told.get("shown") or choose(consent.text.text, client.language).text,
        "reason": told.get("why", ""),
        "shown": shown,
        "language": language,
        "asked": consent.state == ConsentState.ASKED,
        "over": consent.until < today(),
    }


@require_safe
@allow("journeys.record_consent", of=consent_by_id)
def consent_paper(request: HttpRequest, consent: Consent) -> HttpResponse:
    """The question on paper, in the client's language, to be signed."""
    client_actions.read(me(request), consent.client, consent.pieces, organisation_of(consent))
    context = consent_context(consent)
    with translation.override(context["language"]):
        return no_store(render(request, "journeys/consent_paper.html", context))
