"""What a team and its organisation set up: calls written down, duty, ready answers, the promise, failed letters."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.mail import try_again
from opinovi.base.models import Letter
from opinovi.base.posted import posted_or_none
from opinovi.contact.access import my_teams, team_rows
from opinovi.contact.actions import desk as actions
from opinovi.contact.forms import CallForm, PromiseForm, TemplateForm
from opinovi.contact.models import AnswerTemplate, Enquiry
from opinovi.contact.models.enquiries import EnquiryState
from opinovi.directory.hours_plan import from_osm
from opinovi.directory.hours_words import weekly_words
from opinovi.network.models import Organisation, Team
from opinovi.network.views import me, organisation_by_id, team_by_id, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def template_by_id(template_id: UUID) -> AnswerTemplate | None:
    return AnswerTemplate.objects.select_related("organisation").filter(id=template_id).first()


@dataclass(frozen=True)
class FailedLetter:
    organisation_id: UUID
    letter: Letter


def failed_letter(organisation_id: UUID, letter_id: UUID) -> FailedLetter | None:
    letter = Letter.objects.filter(id=letter_id, about=str(organisation_id), state=Letter.State.FAILED).first()
    return FailedLetter(organisation_id, letter) if letter else None


@form_methods
@allow("contact.guide")
def write_down(request: HttpRequest) -> HttpResponse:
    """A phone call or a walk-in, in three fields and twenty seconds."""
    teams = Team.objects.filter(id__in=my_teams(request.user)).order_by("name")
    form = CallForm(posted_or_none(request), teams=teams, initial={"team": next(iter(team_rows(request.user)), None)})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            enquiry = actions.write_down(
                me(request), told["team"], told["channel"], told["text"], told["why"], told["phone"]
            )
        except ValidationError as error:
            tell(form, error)
        else:
            done = reverse("desk") + "?done=written"
            return HttpResponseRedirect(done if told["why"] else reverse("enquiry", args=[enquiry.id]))
    context = {"form": form, "several": len(teams) > 1, "teams": teams}
    return render(request, "contact/write_down.html", context, status=422 if form.errors else 200)


@require_POST
@allow("contact.guide_team", of=team_by_id)
def duty(request: HttpRequest, team: Team) -> HttpResponse:
    """On duty for so many hours, or not any more."""
    hours = request.POST.get("hours", "")
    if hours.isascii() and hours.isdigit() and 1 <= int(hours[:3]) <= actions.LONGEST_DUTY_HOURS:
        actions.go_on_duty(me(request), team, int(hours))
    else:
        actions.end_duty(me(request), team)
    return HttpResponseRedirect(reverse("desk"))


@form_methods
@allow("contact.write_templates", of=organisation_by_id)
def templates(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The organisation's ready answers, and a form for a new one."""
    return save_template(request, organisation, None)


@form_methods
@allow("contact.write_templates", of=template_by_id)
def template(request: HttpRequest, template: AnswerTemplate) -> HttpResponse:
    if request.POST.get("then") == "delete":
        actions.delete_template(me(request), template)
        return HttpResponseRedirect(reverse("answer-templates", args=[template.organisation_id]))
    return save_template(request, template.organisation, template)


def save_template(request: HttpRequest, organisation: Organisation, one: AnswerTemplate | None) -> HttpResponse:
    initial = {"name": one.name, **{f"text_{code}": text for code, text in one.text.items()}} if one else {}
    form = TemplateForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        text = {code: told[f"text_{code}"] for code in ("fi", "sv", "en") if told[f"text_{code}"]}
        try:
            actions.save_template(me(request), organisation, one, told["name"], text)
        except ValidationError as error:
            tell(form, error)
        else:
            return HttpResponseRedirect(reverse("answer-templates", args=[organisation.id]) + "?saved=1")
    context = {"form": form, "organisation": organisation, "one": one, "rows": organisation.answer_templates.all()}
    return render(request, "contact/templates.html", context, status=422 if form.errors else 200)


@form_methods
@allow("contact.set_promise", of=team_by_id)
def team_figures(request: HttpRequest, team: Team) -> HttpResponse:
    """How a team keeps its promise, and what it promises: figures for its administrator, and no word of anybody's."""
    plan = from_osm(team.hours)
    initial = {"hours": weekly_words(plan.weekly) if plan else "", "promise_hours": team.promise_hours}
    form = PromiseForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.set_promise(me(request), team, form.cleaned_data["hours"], form.cleaned_data["promise_hours"])
        return HttpResponseRedirect(request.path + "?saved=1")
    context = {"form": form, "team": team, "figures": figures_of(team)}
    return render(request, "contact/team_figures.html", context, status=422 if form.errors else 200)


def figures_of(team: Team) -> dict[str, Any]:
    """What waits and how long it took, over the last thirty days: one query."""
    month = now() - timedelta(days=30)
    recent = Q(asked_at__gte=month)
    return Enquiry.objects.filter(team=team, suspected=False).aggregate(
        waiting=Count("id", Q(state=EnquiryState.WAITING)),
        late=Count("id", Q(state=EnquiryState.WAITING, answer_by__lt=now())),
        asked=Count("id", recent),
        answered=Count("id", recent & Q(first_answered_at__isnull=False)),
        broken=Count("id", recent & Q(broken_at__isnull=False)),
    )


@require_safe
@allow("contact.see_failed_letters", of=organisation_by_id)
def failed_letters(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """The letters that did not get through, however often they were tried: to whom is not said, only what and why."""
    rows = Letter.objects.filter(about=str(organisation.id), state=Letter.State.FAILED).order_by("-created_at")[:200]
    return render(request, "contact/failed_letters.html", {"organisation": organisation, "letters": rows})


@require_POST
@allow("contact.see_failed_letters", of=failed_letter)
def send_again(request: HttpRequest, failed: FailedLetter) -> HttpResponse:
    try_again(failed.letter, str(me(request).id))
    return HttpResponseRedirect(reverse("failed-letters", args=[failed.organisation_id]))
