"""A change ahead of a workplace: the ready package, step by step, and when its people's own door tells of it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.posted import posted_or_none
from opinovi.doors.forms import uuid_or_none
from opinovi.network.views import answer, me, tell
from opinovi.workplaces.access import serves
from opinovi.workplaces.actions import changes as actions
from opinovi.workplaces.fields import package
from opinovi.workplaces.guidance_forms import ChangeForm, ChangeStepForm
from opinovi.workplaces.guidance_queries import change_by_id, change_step_by_id, door_address, step_words
from opinovi.workplaces.models import Change, ChangeStep, Workplace
from opinovi.workplaces.queries import workplace_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
@allow("workplaces.take_part", of=workplace_by_id)
def new_change(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    form = ChangeForm(posted_or_none(request), workplace=workplace, initial={"begins": today()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            one = actions.begin_change(me(request), workplace, **told | {"units": list(told["units"])})
            return HttpResponseRedirect(reverse("change", args=[one.id]))
        except ValidationError as error:
            tell(form, error)
    back = reverse("workplace", args=[workplace.id])
    return answer(request, "site/edit.html", form, title=_("Muutos työpaikalla"), back=back)


@form_methods
@allow("workplaces.see_change", of=change_by_id)
def change(request: HttpRequest, one: Change) -> HttpResponse:
    """The package: what is done by when, what is done already, and the door of the workplace's people."""
    if request.method == "POST":
        then, which = request.POST.get("then", ""), uuid_or_none(request.POST.get("step", ""))
        step = one.steps.select_related("change__workplace__network").filter(id=which).first() if which else None
        if step is not None and then in ("done", "undone"):
            actions.mark_step(me(request), step, then == "done")
        elif then in ("tell", "quiet", "end", "go-on"):
            actions.save_change(me(request), one, told=then == "tell", ended=then == "end")
        return HttpResponseRedirect(request.path + "?saved=1")
    steps = list(one.steps.all())
    day = today()
    context = {
        "one": one,
        "units": list(one.units.all()),
        "steps": [
            {"one": step, "words": step_words(step), "does": package()["steps"].get(step.key, {}).get("does", ""),
             "late": step.done_at is None and step.by_day < day}
            for step in steps
        ],
        "done": sum(step.done_at is not None for step in steps),
        "address": door_address(one.workplace),
        "serves": bool(serves(request.user, one.workplace)),
    }  # fmt: skip
    return render(request, "workplaces/change.html", context)


@form_methods
@allow("workplaces.see_change", of=change_by_id)
def new_change_step(request: HttpRequest, one: Change) -> HttpResponse:
    return save_step(request, one, None)


@form_methods
@allow("workplaces.see_change", of=change_step_by_id)
def edit_change_step(request: HttpRequest, step: ChangeStep) -> HttpResponse:
    return save_step(request, step.change, step)


def save_step(request: HttpRequest, one: Change, step: ChangeStep | None) -> HttpResponse:
    initial = {"text": step_words(step), "who": step.who, "by_day": step.by_day} if step else {"by_day": today()}
    form = ChangeStepForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if step is not None and told["text"] == step_words(step):
            # The package's own words stay in every language.
            told["text"] = step.text
        try:
            actions.save_step(me(request), one, step, **told)
            return HttpResponseRedirect(reverse("change", args=[one.id]) + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta askelta") if step else _("Uusi askel")
    return answer(request, "site/edit.html", form, title=title, back=reverse("change", args=[one.id]))
