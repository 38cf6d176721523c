"""A record's draft: its form that saves as it is typed, what to do when two change the same, publishing."""

import json
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from opinovi.base.access import allow
from opinovi.base.posted import whole_number
from opinovi.directory.actions import reports, upkeep
from opinovi.directory.by_id import EDITED, draft_by_id, draft_or_record, record_by_id, report_of
from opinovi.directory.desk_items import what_is_wrong
from opinovi.directory.forms import RecordForm
from opinovi.directory.labels import field_label, value_words
from opinovi.directory.models import (
    Draft,
    ErrorReport,
)
from opinovi.directory.records import find_record
from opinovi.network.models import Organisation
from opinovi.network.views import me, organisation_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
@allow("directory.edit", of=record_by_id)
def edit(request: HttpRequest, record: Any) -> HttpResponse:
    """Open the record's draft."""
    draft = upkeep.start_draft(me(request), record)
    address = reverse("draft", args=[draft.id])
    if report := report_of(request):
        address += f"?report={report.id}#{place_of(report)}"
    return HttpResponseRedirect(address)


def place_of(report: ErrorReport) -> str:
    """Where in the form of a record stands what a report says is wrong."""
    at_point = {"hours": "s-weekly_hours", "address": "s-postcode"} if report.record_type == "point" else {}
    return {"phone": "s-channel_0_kind", "hours": "s-channel_0_kind", "address": "s-given_0_point", **at_point}.get(
        report.what, "s-name_fi"
    )


@require_POST
@allow("directory.edit", of=organisation_by_id)
def new_record(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    kind = request.POST.get("record_type", "")
    if kind not in EDITED:
        raise BadRequest
    draft = upkeep.new_draft(me(request), kind, organisation)
    return HttpResponseRedirect(reverse("draft", args=[draft.id]))


def posted_values(draft: Draft, request: HttpRequest) -> dict[str, Any]:
    """What was typed, by the names that the draft's form knows; anything else in the request is not looked at."""
    form = upkeep.form_of(draft)
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        many = hasattr(field.widget, "allow_multiple_selected") and field.widget.allow_multiple_selected
        values = [one.replace("\x00", "") for one in request.POST.getlist(name)]
        found[name] = values if many else (values[0] if values else "")
    return found


def began_with(request: HttpRequest) -> dict[str, Any]:
    """What the typing began with, as the page sent it along."""
    try:
        was = json.loads(request.POST.get("was", "{}"))
    except ValueError:
        return {}
    return was if isinstance(was, dict) else {}


def number(text: str) -> int:
    return whole_number(text, 2_147_483_647) or 0


@form_methods
@allow("directory.edit", of=draft_or_record)
def draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The form of a draft. It saves as it is typed; without scripts, by its button."""
    gone = draft._state.adding
    if request.method != "POST":
        if gone:
            return HttpResponseRedirect(reverse("record", args=[draft.record_type, draft.id]))
        return draft_page(request, draft, check=request.GET.get("check") == "1")
    if gone:
        # Published under one who is still typing: what they typed becomes a new draft, merged with what is published.
        draft = upkeep.start_draft(me(request), find_record(draft.record_type, draft.id))
    by_script = request.headers.get("Accept") == "application/json"
    values = posted_values(draft, request)
    try:
        revision = 0 if gone else number(request.POST.get("revision", ""))
        saved = upkeep.save_draft(me(request), draft, values, revision, began_with(request), alone=by_script)
    except upkeep.Collided as collided:
        if by_script:
            return JsonResponse({"collided": str(collided.draft.edited_by)}, status=409)
        return collision_page(request, collided, values)
    except ValidationError as error:
        if by_script:
            return JsonResponse({"error": " ".join(error.messages)}, status=422)
        draft.data |= values
        return draft_page(request, draft, error=" ".join(error.messages))
    if by_script:
        return JsonResponse({"revision": saved.revision, "was": was_of(saved, upkeep.form_of(saved))})
    report = request.POST.get("report", "")
    if request.POST.get("then") == "publish":
        return publish_now(request, saved, report)
    if request.POST.get("then") == "review":
        return HttpResponseRedirect(reverse("review", args=[saved.id]) + (f"?report={report}" if report else ""))
    return HttpResponseRedirect(
        reverse("draft", args=[saved.id]) + "?saved=1" + (f"&report={report}" if report else "")
    )


def was_of(draft: Draft, form: RecordForm) -> str:
    """The draft's values as the page carries them, so that two who edit at once can be told apart."""
    return json.dumps({name: draft.data[name] for name in form.fields if name in draft.data}, ensure_ascii=False)


def draft_page(request: HttpRequest, draft: Draft, check: bool = False, error: str = "") -> HttpResponse:
    form = upkeep.form_of(draft, check=check)
    wrong = check and not form.is_valid()
    report = report_of(request)
    context = {
        "draft": draft,
        "form": form,
        "sections": list(form.sections()),
        "was": was_of(draft, form),
        "saved": request.GET.get("saved") == "1",
        "error": error,
        "wrong": wrong,
        "exists": draft.based_on > 0 or form.source_owned,
        "source_owns": form.source_owned,
        "report": report,
        "report_words": what_is_wrong(report.what) if report else "",
        "title": draft.data.get("name_fi") or "",
    }
    return render(request, "directory/draft.html", context, status=422 if wrong or error else 200)


def collision_page(request: HttpRequest, collided: upkeep.Collided, mine: dict[str, Any]) -> HttpResponse:
    """Two have changed the same fields: each is shown both ways, and the person chooses. Nothing is lost."""
    kind = collided.draft.record_type
    rows = [
        {
            "name": one.name,
            "label": field_label(kind, one.name),
            "mine": value_words(one.mine),
            "theirs": value_words(one.theirs),
            "mine_raw": json.dumps(one.mine, ensure_ascii=False),
            "theirs_raw": json.dumps(one.theirs, ensure_ascii=False),
        }
        for one in collided.collisions
    ]
    merged, _rest = upkeep.merge(began_with(request), mine, collided.draft.data)
    untroubled = {name: value for name, value in merged.items() if name not in {row["name"] for row in rows}}
    context = {
        "draft": collided.draft,
        "rows": rows,
        "merged": json.dumps(untroubled, ensure_ascii=False),
        "who": collided.draft.edited_by,
    }
    return render(request, "directory/collision.html", context, status=409)


@require_POST
@allow("directory.edit", of=draft_by_id)
def settle(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What the person chose of each field that two had changed."""
    names = set(upkeep.form_of(draft).fields)
    try:
        chosen = json.loads(request.POST.get("merged", "{}"))
        chosen |= {name[7:]: json.loads(request.POST[name]) for name in request.POST if name.startswith("choose_")}
    except (ValueError, TypeError):
        raise BadRequest from None
    fitting = {name: value for name, value in chosen.items() if name in names and is_raw(value)}
    saved = upkeep.settle(me(request), draft, fitting)
    return HttpResponseRedirect(reverse("draft", args=[saved.id]) + "?saved=1")


def is_raw(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) < 500 and all(isinstance(one, str) and len(one) < 200 for one in value)
    return isinstance(value, str) and len(value) <= upkeep.LONGEST


@require_POST
@allow("directory.edit", of=draft_by_id)
def discard(request: HttpRequest, draft: Draft) -> HttpResponse:
    upkeep.discard_draft(me(request), draft)
    found = find_record(draft.record_type, draft.id)
    if found is not None:
        return HttpResponseRedirect(reverse("record", args=[draft.record_type, draft.id]))
    return HttpResponseRedirect(reverse("records", args=[draft.record_type]))


@require_POST
@allow("directory.edit", of=draft_by_id)
def publish(request: HttpRequest, draft: Draft) -> HttpResponse:
    return publish_now(request, draft, request.POST.get("report", ""))


def publish_now(request: HttpRequest, draft: Draft, report_id: str) -> HttpResponse:
    """Publish; a report that led to it is closed with it."""
    try:
        done = upkeep.publish(me(request), draft)
    except upkeep.Collided as collided:
        return collision_page(request, collided, collided.draft.data)
    except ValidationError:
        return HttpResponseRedirect(
            reverse("draft", args=[draft.id]) + "?check=1" + (f"&report={report_id}" if report_id else "")
        )
    if report := report_of(request):
        reports.close_report(me(request), report, mended=True)
    return HttpResponseRedirect(reverse("record", args=[draft.record_type, done.pk]) + "?published=1")
