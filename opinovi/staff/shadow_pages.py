"""Job shadowing on the desk: whose door is open, a day asked for, what was learned."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.posted import posted_or_none
from opinovi.doors.forms import uuid_or_none
from opinovi.network.models import Network
from opinovi.network.queries import current_network
from opinovi.network.standing import standing
from opinovi.network.views import answer, me, tell
from opinovi.staff.actions import shadowing as actions
from opinovi.staff.forms import ShadowDayForm, ShadowOfferForm
from opinovi.staff.models import ShadowDay, ShadowOffer, ShadowState
from opinovi.staff.queries import shadow_by_id, who
from opinovi.staff.words import SHADOW_DAYS

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST = 100
STEPS = ("agreed", "declined", "cancelled", "held")


@require_safe
@allow("staff.take_part", of=current_network)
def shadowing(request: HttpRequest, network: Network) -> HttpResponse:
    """Whose door is open to colleagues, one's own days, and what others learned."""
    mine = standing(request.user).members()
    rows = ShadowOffer.objects.filter(network=network, ended_at=None, ends__gte=today())
    days = ShadowDay.objects.filter(offer__network=network).select_related("offer__organisation", "guest__person")
    learned = days.filter(state=ShadowState.HELD).exclude(learned="").select_related("guest__organisation")
    context = {
        "offers": list(rows.select_related("organisation", "host__person")[:MOST]),
        "own": [day_row(one) for one in days.filter(guest__in=mine).order_by("-day")[:20]],
        "asked": [day_row(one) for one in days.filter(offer__host__in=mine, state=ShadowState.ASKED)[:20]],
        "learned": [{"one": one, "who": who(one.guest)} for one in learned.order_by("-day")[:10]],
    }
    return render(request, "staff/shadowing.html", context)


def day_row(one: ShadowDay) -> dict[str, Any]:
    word, tone = SHADOW_DAYS[one.state]
    return {"one": one, "word": word, "tone": tone}


@form_methods
@allow("staff.take_part", of=current_network)
def new_shadow(request: HttpRequest, network: Network) -> HttpResponse:
    return save(request, network, None)


@form_methods
@allow("staff.host", of=shadow_by_id)
def edit_shadow(request: HttpRequest, one: ShadowOffer) -> HttpResponse:
    if request.POST.get("then") == "drop":
        actions.end_offer(me(request), one)
        return HttpResponseRedirect(reverse("shadowing"))
    return save(request, one.network, one)


def save(request: HttpRequest, network: Network, one: ShadowOffer | None) -> HttpResponse:
    initial = {name: getattr(one, name) for name in ("text", "begins", "ends", "most")} if one else {}
    form = ShadowOfferForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_offer(me(request), network, one, **form.cleaned_data)
            return HttpResponseRedirect(reverse("shadow", args=[saved.id]))
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta tutustumispäiviä") if one else _("Avaa ovi kollegoille")
    back = reverse("shadow", args=[one.id]) if one else reverse("shadowing")
    return answer(request, "site/edit.html", form, title=title, back=back, droppable=one is not None)


@form_methods
@allow("staff.take_part", of=shadow_by_id)
def shadow(request: HttpRequest, one: ShadowOffer) -> HttpResponse:
    """One open door: a day asked for by one who would come, answered by the host, told of afterwards."""
    then, why = request.POST.get("then", ""), ""
    form = ShadowDayForm(request.POST if then == "ask" else None)
    if request.method == "POST":
        try:
            if act(request, one, then, form):
                return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            if then == "ask":
                tell(form, error)
            else:
                why = " ".join(error.messages)
    mine = standing(request.user).members()
    host = one.host_id in mine
    days = one.days.select_related("guest__person", "guest__organisation")
    shown = [row for row in days if host or row.guest_id in mine]
    context = {
        "one": one,
        "host": host,
        "colleague": one.organisation_id in standing(request.user).organisations(),
        "days": [
            {**day_row(row), "who": who(row.guest), "guest": row.guest_id in mine, "come": row.day <= today()}
            for row in shown
        ],
        "open": one.ended_at is None and one.ends > today(),
        "form": form,
        "why": why,
    }
    return render(request, "staff/shadow.html", context, status=422 if why or form.errors else 200)


def act(request: HttpRequest, one: ShadowOffer, then: str, form: ShadowDayForm) -> bool:
    """What was pressed; whether it was done."""
    if then == "ask":
        if not form.is_valid():
            return False
        actions.ask_day(me(request), one, **form.cleaned_data)
        return True
    which = uuid_or_none(request.POST.get("which", ""))
    day = one.days.filter(id=which).first() if which else None
    if day is None or then not in STEPS:
        return False
    actions.move(me(request), day, then, request.POST.get("text", ""))
    return True
