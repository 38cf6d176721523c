"""Pages of the addresses that are told of changes: a new one, what each was told, and how to go on when it is deaf."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.interchange.actions import hooks as actions
from opinovi.interchange.forms import KIND_NAMES, HookForm
from opinovi.interchange.models import Hook, Telling, TellingState
from opinovi.interchange.sources.why import WHY
from opinovi.interchange.views import houses_of
from opinovi.network.views import me

form_methods = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 50


def hook_by_id(hook_id: UUID) -> Hook | None:
    return Hook.objects.select_related("organisation").filter(id=hook_id).first()


def telling_by_id(telling_id: UUID) -> Telling | None:
    return Telling.objects.select_related("hook__organisation").filter(id=telling_id).first()


def state_of(one: Hook) -> tuple[str, str]:
    """What its state is called, and the look of its tag."""
    if one.ended_at:
        return _("päätetty"), ""
    if one.paused_at:
        return _("tauolla: ei ole vastannut viiteen päivään"), "alert"
    return (_("ei vastaa juuri nyt"), "glow") if one.failing_since else (_("kertoo"), "open")


@form_methods
@allow("interchange.keep_hooks")
def hooks(request: HttpRequest) -> HttpResponse:
    """The addresses of one's organisations, and a new one, whose secret is shown this once."""
    houses = houses_of(request)
    form, secret = HookForm(posted_or_none(request), houses=houses), ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            _one, secret = actions.make_hook(
                me(request), told["organisation"], told["address"], told["kinds"], told["own_only"]
            )
            form = HookForm(houses=houses)
        except ValidationError as error:
            form.add_error(None, error)
    rows = Hook.objects.filter(organisation__in=houses).select_related("organisation")
    context = {"form": form, "secret": secret, "rows": [(one, *state_of(one)) for one in rows]}
    response = render(request, "interchange/hooks.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@form_methods
@allow("interchange.keep_hooks", of=hook_by_id)
def hook(request: HttpRequest, hook: Hook) -> HttpResponse:
    """One address: try it, end it; and what it was told."""
    error = ""
    then = request.POST.get("then") if request.method == "POST" else None
    try:
        if then == "try":
            actions.try_hook(me(request), hook)
            return HttpResponseRedirect(request.path + "?tried=1")
        if then == "end":
            actions.end_hook(me(request), hook)
            return HttpResponseRedirect(reverse("hooks"))
    except ValidationError as wrong:
        error = wrong.messages[0]
    words, look = state_of(hook)
    kinds = dict(KIND_NAMES)
    context = {
        "hook": hook, "words": words, "look": look, "error": error, "tried": request.GET.get("tried") == "1",
        "kinds": [kinds[one] for one in hook.kinds if one in kinds],
        "rows": [shown(one) for one in hook.tellings.all()[:SHOWN]],
    }  # fmt: skip
    return render(request, "interchange/hook.html", context, status=409 if error else 200)


def shown(one: Telling) -> dict[str, Any]:
    words = {
        TellingState.WAITING: (_("odottaa"), "") if not one.tries else (_("yritetään uudelleen"), "glow"),
        TellingState.SENDING: (_("kerrotaan"), ""),
        TellingState.SENT: (_("perillä"), "open"),
        TellingState.FAILED: (_("ei mennyt perille"), "alert"),
    }
    state, look = words[TellingState(one.state)]
    why = _(WHY[one.why]) if one.why in WHY else _("vastasi %(status)s") % {"status": one.status} if one.status else ""
    again = one.state in (TellingState.SENT, TellingState.FAILED) and one.hook.ended_at is None
    return {"one": one, "words": state, "look": look, "why": why, "again": again, "type": one.body.get("type", "")}


@require_POST
@allow("interchange.keep_hooks", of=telling_by_id)
def tell_again(request: HttpRequest, telling: Telling) -> HttpResponse:
    actions.tell_again(me(request), telling)
    return HttpResponseRedirect(reverse("hook", args=[telling.hook_id]) + "?tried=1")
