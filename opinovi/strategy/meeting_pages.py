"""Meetings of the network: called, held, written down, decided in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.posted import posted_or_none
from opinovi.network.models import Network
from opinovi.network.views import answer, me, network_by_id, tell
from opinovi.strategy.access import runs
from opinovi.strategy.actions import deciding
from opinovi.strategy.forms import DecisionForm, MeetingForm
from opinovi.strategy.models import Meeting
from opinovi.strategy.queries import meeting_by_id
from opinovi.strategy.text import paragraphs

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST = 100
TEXTS = ("name", "place", "agenda", "others", "minutes")


@require_safe
@allow("strategy.see", of=network_by_id)
def meetings(request: HttpRequest, network: Network) -> HttpResponse:
    """The meetings ahead, and those that were held."""
    rows = list(network.meetings.prefetch_related("decisions")[:MOST])
    context = {
        "network": network,
        "ahead": [one for one in reversed(rows) if one.held_at > now()],
        "over": [one for one in rows if one.held_at <= now()],
        "runs": runs(request.user, network),
    }
    return render(request, "strategy/meetings.html", context)


@form_methods
@allow("strategy.run", of=network_by_id)
def new_meeting(request: HttpRequest, network: Network) -> HttpResponse:
    return save(request, network, None)


@form_methods
@allow("strategy.run", of=meeting_by_id)
def edit_meeting(request: HttpRequest, one: Meeting) -> HttpResponse:
    return save(request, one.network, one)


def save(request: HttpRequest, network: Network, one: Meeting | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if one is not None:
        at = timezone.localtime(one.held_at)
        initial = {name: getattr(one, name) for name in TEXTS} | {"day": at.date(), "time": at.time()}
        initial["participants"] = one.participants.all()
    form = MeetingForm(posted_or_none(request), network=network, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        texts = {name: told[name] for name in TEXTS}
        try:
            saved = deciding.save_meeting(me(request), network, one, held_at=form.held_at(),
                                          participants=list(told["participants"]), **texts)  # fmt: skip
            return HttpResponseRedirect(reverse("meeting", args=[saved.id]) + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta kokousta") if one else _("Uusi kokous")
    back = reverse("meeting", args=[one.id]) if one else reverse("meetings", args=[network.id])
    return answer(request, "site/edit.html", form, title=title, back=back)


@form_methods
@allow("strategy.see", of=meeting_by_id, change="strategy.run")
def meeting(request: HttpRequest, one: Meeting) -> HttpResponse:
    """One meeting: its agenda, who was there, what was decided; and for who coordinates, a decision to add."""
    form = DecisionForm(posted_or_none(request), network=one.network)
    why = ""
    if request.method == "POST":
        try:
            if request.POST.get("then") == "close":
                deciding.close(me(request), one)
                return HttpResponseRedirect(request.path + "?saved=1")
            if form.is_valid():
                deciding.decide(me(request), one, **form.cleaned_data)
                return HttpResponseRedirect(request.path + "?saved=1#decisions")
        except ValidationError as error:
            if request.POST.get("then") == "close":
                why = " ".join(error.messages)
            else:
                tell(form, error)
    if request.POST.get("then") == "close":
        form = DecisionForm(None, network=one.network)
    context = {
        "one": one,
        "agenda": paragraphs(one.agenda),
        "minutes": paragraphs(one.minutes),
        "participants": list(one.participants.select_related("person", "organisation")),
        "decisions": list(one.decisions.select_related("version__strategy").defer("version__data")),
        "ahead": one.held_at > now(),
        "runs": runs(request.user, one),
        "form": form,
        "why": why,
    }
    return render(request, "strategy/meeting.html", context, status=422 if why or form.errors else 200)
