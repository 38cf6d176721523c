"""Guides ask colleagues about a case without a name."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.base.text import choose
from opinovi.contact.findings import marked
from opinovi.journeys.actions import consultations as actions
from opinovi.journeys.desk_clients import no_store, page_of
from opinovi.journeys.forms import ConsultForm
from opinovi.journeys.models import Consultation
from opinovi.network.models import Role
from opinovi.network.queries import current_network
from opinovi.network.standing import standing
from opinovi.network.views import me, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 30


def consultation_by_id(consultation_id: UUID) -> Consultation | None:
    rows = Consultation.objects.select_related("key", "network", "member__person", "member__organisation")
    return rows.filter(id=consultation_id, key__isnull=False).first()


@require_safe
@allow("journeys.consult")
def consultations(request: HttpRequest) -> HttpResponse:
    """What colleagues of the guide's networks have asked, the newest first."""
    theirs = standing(request.user).organisations(Role.GUIDE)
    page = page_of(request)
    rows = Consultation.objects.filter(network__members__in=theirs, key__isnull=False).distinct()
    rows = rows.select_related("key", "member__person", "member__organisation").prefetch_related("replies")
    found = list(rows[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    context = {
        "rows": [row_of(one) for one in found[:PER_PAGE]],
        "before": page - 1,
        "after": page + 1 if len(found) > PER_PAGE else 0,
    }
    return no_store(render(request, "journeys/consultations.html", context))


def row_of(one: Consultation) -> dict[str, Any]:
    told = one.key.unlock(one.locked) if one.key else {}
    who = f"{one.member}, {choose(one.member.organisation.name).text}"
    return {"id": one.id, "title": told.get("title", ""), "who": who, "at": one.moved_at,
            "replies": len(one.replies.all()), "closed": one.closed_at is not None}  # fmt: skip


@form_methods
@allow("journeys.consult")
def new_consultation(request: HttpRequest) -> HttpResponse:
    """A case is told without a name. What may tell who it is about is pointed at before it is sent."""
    form = ConsultForm(posted_or_none(request), initial={"once": uuid4()})
    marks: list[tuple[str, str]] = []
    network = current_network()
    if request.method == "POST" and form.is_valid() and network is not None:
        told = form.cleaned_data
        try:
            one = actions.ask(
                me(request), network, told["title"], told["text"], request.POST.get("looked") == "1", told["once"]
            )
            return HttpResponseRedirect(reverse("consultation", args=[one.id]))
        except actions.TellsWho as error:
            marks = marked(f"{told['title']}\n{told['text']}")
            form.add_error(None, error)
        except ValidationError as error:
            tell(form, error)
    context = {"form": form, "marks": marks}
    return no_store(render(request, "journeys/new_consultation.html", context, status=422 if form.errors else 200))


@form_methods
@allow("journeys.consult", of=consultation_by_id)
def consultation(request: HttpRequest, one: Consultation) -> HttpResponse:
    """One case and what colleagues thought."""
    marks: list[tuple[str, str]] = []
    why, text = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")[:4000]
        try:
            if request.POST.get("then") == "close":
                actions.close(me(request), one)
            else:
                actions.reply(me(request), one, text, request.POST.get("looked") == "1")
            return HttpResponseRedirect(request.path)
        except actions.TellsWho as error:
            marks, why = marked(text), " ".join(error.messages)
        except ValidationError as error:
            why = " ".join(error.messages)
    assert one.key is not None
    replies = one.replies.select_related("member__person", "member__organisation")
    context = {
        "one": one,
        "told": one.key.unlock(one.locked),
        "row": row_of(one),
        "replies": [
            {"text": one.key.unlock(row.locked), "at": row.at,
             "who": f"{row.member}, {choose(row.member.organisation.name).text}"}
            for row in replies
        ],
        "own": one.member.person_id == me(request).id,
        "marks": marks,
        "why": why,
        "text": text,
    }  # fmt: skip
    return no_store(render(request, "journeys/consultation.html", context, status=422 if why else 200))
