"""Before a draft is published: the page as a person will see it, and what could be better in it."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.text import PLAIN_FINNISH, choose
from opinovi.directory.actions.upkeep import form_for, set_draft_values
from opinovi.directory.by_id import draft_by_id, report_of
from opinovi.directory.models import Draft, Offering, Service, ServicePoint
from opinovi.directory.preview import preview
from opinovi.directory.public import offering_context
from opinovi.directory.records import find_record
from opinovi.directory.views import place_context
from opinovi.doors import topics as vocabulary
from opinovi.doors.service_page import tell_of
from opinovi.doors.writing import advice_on, gaps, likely_duplicates, reading, suggested_topics
from opinovi.network.views import me

MOST_TOPICS = 12


@require_http_methods(["GET", "HEAD", "POST"])
@allow("directory.edit", of=draft_by_id)
def review(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The draft as a page, with advice. A POST adds a topic or takes one away."""
    if request.method == "POST":
        change_topics(request, draft)
        return HttpResponseRedirect(reverse("review", args=[draft.id]) + "#topics")
    if draft.organisation is not None:
        # Its networks are asked for by the form, the checks and the page.
        prefetch_related_objects([draft.organisation], "networks")
    found = find_record(draft.record_type, draft.id)
    form = form_for(draft, found, check=True)
    if not form.is_valid():
        return HttpResponseRedirect(reverse("draft", args=[draft.id]) + "?check=1")
    before = choose(found.name, "fi").text if found is not None else ""
    record = preview(draft, form, found)
    name = choose(record.name, "fi").text
    data = form.record_data() | {"topics": draft.data.get("topics", list(getattr(record, "topics", ())))}
    text = " ".join(
        str(data.get(name, {}).get("fi", "")) + ". "
        for name in ("summary", "description", "requirements", "instructions")
    )
    known = vocabulary.topics()
    context = {
        "draft": draft,
        "page": page_of(record),
        "title": choose(record.name).text,
        "advice": [] if form.source_owned else advice_on(text),
        "gaps": [] if form.source_owned else gaps(draft.record_type, data),
        "reading": reading(text),
        "plain_reading": reading(str(record.description.get(PLAIN_FINNISH, "")))
        if hasattr(record, "description")
        else None,
        "topics": [(one, choose(known[one].label).text) for one in data["topics"] if one in known]
        if has_topics(draft)
        else None,
        "suggested": [(one, choose(known[one].label).text) for one in suggested_topics(texts_of(record) | data)],
        "all_topics": sorted(
            ((one.id, choose(one.label).text) for one in known.values()), key=lambda pair: pair[1].lower()
        ),
        "duplicates": likely_duplicates(draft.id, name, draft.organisation_id)
        if draft.record_type == "service" and name != before
        else [],
        "new": record._state.adding,
        "report": report_of(request),
    }
    return render(request, "doors/review.html", context)


def has_topics(draft: Draft) -> bool:
    return draft.record_type in ("service", "offering")


def texts_of(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("name", "summary", "description")}


def change_topics(request: HttpRequest, draft: Draft) -> None:
    """Add a topic of the vocabulary, or take one away."""
    found = find_record(draft.record_type, draft.id)
    topics = list(draft.data.get("topics", getattr(found, "topics", [])))
    added, gone = request.POST.get("add", ""), request.POST.get("drop", "")
    if added in vocabulary.topics() and added not in topics and len(topics) < MOST_TOPICS:
        topics.append(added)
    if gone in topics:
        topics.remove(gone)
    set_draft_values(me(request), draft, topics=topics)


def page_of(record: Any) -> SafeString:
    """The record's page as a person will see it, without its head and foot."""
    if isinstance(record, Service):
        told = tell_of(record)
        return under_title(told.top + told.about)
    if isinstance(record, ServicePoint):
        return under_title(render_to_string("directory/place_about.html", place_context(record)))
    assert isinstance(record, Offering)
    return under_title(render_to_string("directory/offering_about.html", offering_context(record)))


def under_title(page: str) -> SafeString:
    """A page within another, whose one main heading is its own. Made by templates that escape."""
    return mark_safe(page.replace("<h1>", '<h2 class="h1">').replace("</h1>", "</h2>"))
