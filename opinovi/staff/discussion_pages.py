"""What the network's people talk of: threads by topic, mentions, and how often one wants to hear of it."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.contact.findings import marked
from opinovi.doors.forms import uuid_or_none
from opinovi.journeys.actions.consultations import TellsWho
from opinovi.network.competences import area_choices, area_names, areas
from opinovi.network.models import Network
from opinovi.network.queries import current_network
from opinovi.network.standing import standing
from opinovi.network.views import me, tell
from opinovi.staff.access import began, may_remove
from opinovi.staff.actions import discussion as actions
from opinovi.staff.forms import FollowForm, ThreadForm
from opinovi.staff.models import Following, Post, Rhythm, Thread
from opinovi.staff.profile_pages import private
from opinovi.staff.queries import thread_by_id, who
from opinovi.staff.telling import client_like, colleagues

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 30


@form_methods
@allow("staff.take_part", of=current_network)
def discussion(request: HttpRequest, network: Network) -> HttpResponse:
    """The threads, the newest word first; of one topic, if one asks."""
    area, mine = request.GET.get("area", ""), standing(request.user).members()
    if request.method == "POST":
        form = FollowForm(request.POST)
        if form.is_valid():
            actions.follow(me(request), network, form.cleaned_data["rhythm"])
            return HttpResponseRedirect(request.path + "?saved=1")
    else:
        found = Following.objects.filter(member__in=mine).first()
        form = FollowForm(initial={"rhythm": found.rhythm if found else Rhythm.NEVER})
    rows = Thread.objects.filter(network=network).select_related("key", "by__person", "by__organisation")
    rows = rows.filter(area=area) if area in areas() else rows
    rows = rows.annotate(said=Count("posts", filter=Q(posts__removed_at=None)))
    page = Paginator(rows.order_by("-moved_at", "-id"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [thread_row(one) for one in page],
        "area": area if area in areas() else "",
        "choices": area_choices(),
        "form": form,
    }
    return private(render(request, "staff/discussion.html", context, status=422 if form.errors else 200))


def thread_row(one: Thread) -> dict[str, Any]:
    return {"one": one, "title": one.told().get("title", ""), "who": who(one.by),
            "area": " ".join(area_names([one.area])), "replies": max(0, getattr(one, "said", 1) - 1)}  # fmt: skip


@form_methods
@allow("staff.take_part", of=current_network)
def new_thread(request: HttpRequest, network: Network) -> HttpResponse:
    """Begin one. What looks like a client is pointed at before it is sent."""
    marks: list[tuple[str, str]] = []
    form = ThreadForm(posted_or_none(request), initial={"once": uuid4(), "area": request.GET.get("area", "")})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            looked = request.POST.get("looked") == "1"
            one = actions.begin(me(request), network, told["area"], told["title"], told["text"], looked, told["once"])
            return HttpResponseRedirect(reverse("thread", args=[one.id]))
        except TellsWho as error:
            # Of the title and of the text, each as it was written.
            for part in ("title", "text"):
                marks += [*pointed_at(network, told[part]), ("\n", "")]
            form.add_error(None, error)
        except ValidationError as error:
            tell(form, error)
    context = {"form": form, "marks": marks}
    return private(render(request, "staff/new_thread.html", context, status=422 if form.errors else 200))


def pointed_at(network: Network, text: str) -> list[tuple[str, str]]:
    return marked(text, client_like(text, colleagues(network)))


@form_methods
@allow("staff.take_part", of=thread_by_id)
def thread(request: HttpRequest, one: Thread) -> HttpResponse:
    """One matter and all that was said of it."""
    why, marks, text = "", [], request.POST.get("text", "")[:4000]
    if request.method == "POST":
        try:
            act(request, one, text)
            return HttpResponseRedirect(request.path + "#end")
        except TellsWho as error:
            marks, why = marked(text, error.found), " ".join(error.messages)
        except ValidationError as error:
            why = " ".join(error.messages)
    assert one.key is not None
    posts = list(one.posts.select_related("by__person", "by__organisation"))
    for row in posts:
        row.thread = one
    context = {
        "one": one,
        "title": one.told().get("title", ""),
        "area": " ".join(area_names([one.area])),
        "posts": [
            {"id": row.id, "who": who(row.by), "at": row.at, "gone": row.removed_at is not None,
             "text": one.key.unlock(row.locked) if row.locked else "", "may_remove": may_remove(request.user, row)}
            for row in posts
        ],
        "own": began(request.user, one),
        "marks": marks,
        "why": why,
        "text": text,
        "once": request.POST.get("once") or uuid4(),
    }  # fmt: skip
    return private(render(request, "staff/thread.html", context, status=422 if why else 200))


def act(request: HttpRequest, one: Thread, text: str) -> None:
    """What was pressed."""
    then = request.POST.get("then", "")
    if then == "close":
        actions.close(me(request), one)
    elif then == "remove":
        which = uuid_or_none(request.POST.get("which", ""))
        post = Post.objects.select_related("thread__network").filter(id=which, thread=one).first() if which else None
        if post is not None:
            actions.remove(me(request), post)
    elif then == "reply":
        looked, once = request.POST.get("looked") == "1", uuid_or_none(request.POST.get("once", ""))
        actions.reply(me(request), one, text, looked, once)
    else:
        raise ValidationError(_("Valitse, mitä tehdään."))
