"""What people say: feedback by one tap, a complaint with its answer, and who they say they are."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.limits import allowed, machine_of
from opinovi.base.posted import posted_or_none, whole_number
from opinovi.contact.return_code import hash_of
from opinovi.doors.forms import uuid_or_none
from opinovi.impact.actions import background, complaints, feedback
from opinovi.impact.forms import AnswerForm, BackgroundForm, ComplaintForm, MoreForm
from opinovi.impact.models import Complaint, Feedback
from opinovi.journeys.models import Client
from opinovi.journeys.own import own_client
from opinovi.network.models import Team
from opinovi.network.queries import current_network
from opinovi.network.views import answer as page
from opinovi.network.views import me, team_by_id, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_HOUR = 30


@form_methods
@allow("impact.give_feedback")
def give_feedback(request: HttpRequest, token: str) -> HttpResponse:
    """One tap. Then, if one likes, more."""
    contact = feedback.contact_of(token) if allowed("feedback", machine_of(request), PER_HOUR * 4) else None
    if contact is None:
        return render(request, "impact/feedback_over.html", status=410)
    if request.method == "POST":
        try:
            one = feedback.give(contact, whole_number(request.POST.get("score", ""), 3) or 0)
        except ValidationError as error:
            return render(request, "impact/feedback.html", {"token": token, "why": error.messages[0]}, status=422)
        there = reverse("more-feedback", args=[feedback.more_token(one)]) if one else reverse("feedback-thanks")
        return HttpResponseRedirect(there)
    return render(request, "impact/feedback.html", {"token": token})


@form_methods
@allow("impact.give_feedback")
def more_feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Four plain items and a sentence."""
    one = feedback.feedback_of(token)
    if one is None:
        return render(request, "impact/feedback_over.html", status=410)
    form = MoreForm(posted_or_none(request))
    if request.method == "POST" and form.is_valid():
        feedback.tell_more(one, form.cleaned_data["words"], form.items())
        return HttpResponseRedirect(reverse("feedback-thanks"))
    return page(request, "impact/more_feedback.html", form, low=one.score == feedback.LOW)


@form_methods
@allow("impact.give_feedback")
def feedback_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "impact/feedback_thanks.html")


def feedback_by_id(feedback_id: UUID) -> Feedback | None:
    return Feedback.objects.select_related("team").filter(id=feedback_id).first()


@form_methods
@allow("contact.guide_team", of=team_by_id)
def team_feedback(request: HttpRequest, team: Team) -> HttpResponse:
    """What did not go well, newest first, each marked read by whoever reads it."""
    rows = Feedback.objects.filter(team=team, score__lt=3).select_related("key", "read_by__person")
    if request.method == "POST":
        one_id = uuid_or_none(request.POST.get("feedback", ""))
        one = rows.select_related("team").filter(id=one_id).first() if one_id else None
        if one is not None:
            feedback.read(me(request), one)
        return HttpResponseRedirect(request.path)
    told = list(rows.order_by("read_at", "-day", "id")[:100])
    return render(request, "impact/team_feedback.html", {"team": team, "rows": told, "low": feedback.LOW})


@form_methods
@allow("impact.complain")
def new_complaint(request: HttpRequest) -> HttpResponse:
    """Somebody was treated badly: to whom it goes, and by when it is answered."""
    network = current_network()
    if network is None:
        raise Http404
    initial = {"once": uuid4(), "house": request.GET.get("house", "")}
    form = ComplaintForm(posted_or_none(request), network=network, initial=initial)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"] or not allowed("complaint", machine_of(request), PER_HOUR):
            form.add_error(None, _("Viestejä on tullut monta. Odota hetki ja lähetä uudelleen."))
            return render(request, "impact/new_complaint.html", {"form": form}, status=429)
        told = {name: form.cleaned_data[name] for name in ("words", "mail", "once")}
        try:
            one = complaints.complain(
                network, form.cleaned_data["house"], complaints.Told(**told, language=get_language() or "fi")
            )
            return HttpResponseRedirect(reverse("own-complaint", args=[one.told()["token"]]) + "?new=1")
        except ValidationError as error:
            tell(form, error)
    return page(request, "impact/new_complaint.html", form, days=complaints.COMPLAINT_DAYS)


@form_methods
@allow("impact.complain")
def own_complaint(request: HttpRequest, token: str) -> HttpResponse:
    """One's own complaint behind its secret address: where it is, and the answer."""
    rows = Complaint.objects.select_related("key", "organisation").filter(token_hash=hash_of(token))
    one = rows.first() if allowed("own-complaint", machine_of(request), 300) else None
    if one is None:
        return render(request, "impact/feedback_over.html", status=410)
    if request.method == "POST":
        complaints.erase(one)
        return HttpResponseRedirect(reverse("erased"))
    told = one.told()
    context = {"one": one, "words": told.get("words", ""), "answer": told.get("answer", ""), "mail": told.get("mail"),
               "new": request.GET.get("new") == "1"}  # fmt: skip
    response = render(request, "impact/own_complaint.html", context)
    response["Cache-Control"] = "no-store"
    return response


def complaint_by_id(complaint_id: UUID) -> Complaint | None:
    return Complaint.objects.select_related("key", "organisation", "network").filter(id=complaint_id).first()


@form_methods
@allow("impact.answer_complaint", of=complaint_by_id)
def complaint(request: HttpRequest, one: Complaint) -> HttpResponse:
    """A complaint as the organisation reads and answers it."""
    told = one.told()
    form = AnswerForm(posted_or_none(request), initial={"text": told.get("answer", "")})
    if request.method == "POST" and form.is_valid():
        try:
            complaints.answer(me(request), one, form.cleaned_data["text"])
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    return page(request, "impact/complaint.html", form, one=one, words=told.get("words", ""), erased=one.key is None)


@form_methods
@allow("journeys.own", at="my-start")
def my_background(request: HttpRequest) -> HttpResponse:
    """Who one says one is, for the figures alone."""
    client: Client = own_client(request)
    told: dict[str, Any] = background.background_of(client)
    form = BackgroundForm(posted_or_none(request), network=client.network, initial=told)
    if request.method == "POST" and request.POST.get("then") == "forget":
        background.forget_background(me(request), client)
        return HttpResponseRedirect(request.path + "?forgotten=1")
    if request.method == "POST" and form.is_valid():
        try:
            background.tell_background(
                me(request), client, form.cleaned_data["municipality"], form.cleaned_data["groups"]
            )
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    return page(request, "impact/my_background.html", form, told=bool(told))
