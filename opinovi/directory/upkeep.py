"""The editor's pages: records of one's organisation, their drafts and versions, reports of errors, spreadsheets."""

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.limits import allowed
from opinovi.directory.access import EDITORS
from opinovi.directory.actions import bulk, freshness, reports, upkeep
from opinovi.directory.desk_items import items, what_is_wrong
from opinovi.directory.labels import field_label, value_words
from opinovi.directory.models import (
    BulkLoad,
    ContactCard,
    Draft,
    ErrorReport,
    Offering,
    Service,
    ServicePoint,
    State,
    Version,
)
from opinovi.directory.records import MODELS, find_record, source_owns, type_of
from opinovi.directory.sheet import LARGEST, write_csv, write_xlsx
from opinovi.network.models import Network, Organisation, Role
from opinovi.network.queries import networks
from opinovi.network.standing import standing
from opinovi.network.views import me, network_by_id, organisation_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])
EDITED = ("service", "point", "offering")
PER_PAGE = 50


def record_by_id(record_type: str, record_id: UUID) -> Any:
    return find_record(record_type, record_id) if record_type in EDITED else None


def confirmable(record_type: str, record_id: UUID) -> Any:
    return find_record(record_type, record_id)


def draft_by_id(draft_id: UUID) -> Draft | None:
    return Draft.objects.select_related("organisation", "edited_by").filter(id=draft_id).first()


def version_by_id(version_id: UUID) -> Version | None:
    return Version.objects.select_related("by").filter(id=version_id).first()


def report_by_id(report_id: UUID) -> ErrorReport | None:
    return ErrorReport.objects.filter(id=report_id).first()


def load_by_id(load_id: UUID) -> BulkLoad | None:
    return BulkLoad.objects.defer("content").select_related("organisation").filter(id=load_id).first()


@require_safe
@allow("directory.desk")
def desk(request: HttpRequest) -> HttpResponse:
    """Everything that waits, what is promised first at the top."""
    place = standing(request.user)
    found = items(place)
    only_mine = request.GET.get("show") == "mine"
    context = {
        "items": [one for one in found if one.mine or one.report] if only_mine else found,
        "count": len(found),
        "mine": sum(one.mine for one in found),
        "only_mine": only_mine,
        "edits": sorted(place.organisations(*EDITORS)),
        "figures": figures_for(place),
    }
    return render(request, "directory/desk.html", context)


def figures_for(place: Any) -> list[Network]:
    ids = place.networks(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR, Role.AUDITOR)
    return [one for one in networks() if one.id in ids]


@require_safe
@allow("directory.edit")
def records(request: HttpRequest, record_type: str) -> HttpResponse:
    """The records of one kind that a person's organisations have, those that wait for a look first."""
    if record_type not in EDITED:
        raise Http404
    place = standing(request.user)
    organisations = list(Organisation.objects.filter(id__in=place.organisations(*EDITORS)).order_by("id"))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    theirs = Q(organisation__in=organisations)
    if place.has(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR):
        # What a source gave without saying whose it is: those who run the network may add topics and plain Finnish.
        theirs |= Q(organisation=None)
    rows: Any = MODELS[record_type]._default_manager.filter(theirs).defer(*not_shown(record_type))
    if words:
        rows = rows.filter(Q(name__fi__icontains=words) | Q(name__sv__icontains=words) | Q(name__en__icontains=words))
    page = (
        max(1, int(request.GET["page"]))
        if request.GET.get("page", "").isascii() and request.GET.get("page", "").isdigit()
        else 1
    )
    total = rows.count()
    page = min(page, max(1, -(-total // PER_PAGE)))
    shown = rows.select_related("owner__person", "organisation").order_by("state", "confirm_by", "id")[
        (page - 1) * PER_PAGE : page * PER_PAGE
    ]
    context = {
        "record_type": record_type,
        "records": shown,
        "total": total,
        "words": words,
        "page": page,
        "before": page - 1,
        "after": page + 1 if page * PER_PAGE < total else 0,
        "drafts": Draft.objects.filter(organisation__in=organisations, record_type=record_type).order_by("-edited_at"),
        "edits": organisations,
        "soon": today() + timedelta(days=30),
    }
    return render(request, "directory/records.html", context)


def not_shown(record_type: str) -> list[str]:
    return [] if record_type == "offering" else ["source_record"]


@require_safe
@allow("directory.confirm", of=confirmable)
def record(request: HttpRequest, record: Any) -> HttpResponse:
    """One record as its keeper sees it: how fresh, who owns it, what was said of it, and how it came to be so."""
    kind = type_of(record)
    versions = Version.objects.filter(record_type=kind, record_id=record.pk).select_related("by").defer("data")
    place = standing(request.user)
    context = {
        "record": record,
        "record_type": kind,
        "draft": Draft.objects.filter(id=record.pk).select_related("edited_by").first(),
        "versions": [(one, [field_label(kind, name) for name in one.changed[:6]]) for one in versions[:30]],
        "reports": [
            (one, what_is_wrong(one.what))
            for one in ErrorReport.objects.filter(record_id=record.pk, state=ErrorReport.State.OPEN).order_by("at")
        ],
        "may_edit": kind in EDITED
        and (record.organisation_id in place.organisations(*EDITORS) or record.organisation_id is None),
        "source_owns": source_owns(record),
        "withdrawn": record.state == State.WITHDRAWN,
        "public": public_address(record),
    }
    return render(request, "directory/record.html", context)


def public_address(record: Any) -> str:
    name = {Service: "service", ServicePoint: "place", Offering: "offering", ContactCard: ""}[type(record)]
    return reverse(name, args=[record.pk]) if name else ""


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
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@form_methods
@allow("directory.edit", of=draft_by_id)
def draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The form of a draft. It saves as it is typed; without scripts, by its button."""
    if request.method != "POST":
        return draft_page(request, draft, check=request.GET.get("check") == "1")
    by_script = request.headers.get("Accept") == "application/json"
    values = posted_values(draft, request)
    try:
        revision = number(request.POST.get("revision", ""))
        saved = upkeep.save_draft(me(request), draft, values, revision, began_with(request), alone=by_script)
    except upkeep.Collided as collided:
        if by_script:
            return JsonResponse({"collided": str(collided.draft.edited_by)}, status=409)
        return collision_page(request, collided, values)
    except ValidationError as error:
        if by_script:
            return JsonResponse({"error": " ".join(error.messages)}, status=422)
        return draft_page(request, draft, error=" ".join(error.messages))
    if by_script:
        return JsonResponse({"revision": saved.revision, "was": was_of(saved)})
    report = request.POST.get("report", "")
    if request.POST.get("then") == "publish":
        return publish_now(request, saved, report)
    if request.POST.get("then") == "review":
        return HttpResponseRedirect(reverse("review", args=[saved.id]) + (f"?report={report}" if report else ""))
    return HttpResponseRedirect(
        reverse("draft", args=[saved.id]) + "?saved=1" + (f"&report={report}" if report else "")
    )


def was_of(draft: Draft) -> str:
    """The draft's values as the page carries them, so that two who edit at once can be told apart."""
    form = upkeep.form_of(draft)
    return json.dumps({name: draft.data[name] for name in form.fields if name in draft.data}, ensure_ascii=False)


def draft_page(request: HttpRequest, draft: Draft, check: bool = False, error: str = "") -> HttpResponse:
    form = upkeep.form_of(draft, check=check)
    wrong = check and not form.is_valid()
    found = find_record(draft.record_type, draft.id)
    report = report_of(request)
    context = {
        "draft": draft,
        "form": form,
        "sections": list(form.sections()),
        "was": was_of(draft),
        "saved": request.GET.get("saved") == "1",
        "error": error,
        "wrong": wrong,
        "record": found,
        "source_owns": source_owns(found),
        "report": report,
        "report_words": what_is_wrong(report.what) if report else "",
        "title": draft.data.get("name_fi") or "",
    }
    return render(request, "directory/draft.html", context, status=422 if wrong or error else 200)


def report_of(request: HttpRequest) -> ErrorReport | None:
    """The report that led here, if the person may handle it."""
    import rules

    try:
        found = report_by_id(UUID(request.GET.get("report") or request.POST.get("report", "")))
    except ValueError:
        return None
    return found if found and rules.test_rule("directory.handle_report", request.user, found) else None


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


@require_POST
@allow("directory.confirm", of=confirmable)
def confirm(request: HttpRequest, record: Any) -> HttpResponse:
    freshness.confirm(me(request), record)
    return HttpResponseRedirect(reverse("record", args=[type_of(record), record.pk]) + "?confirmed=1")


@require_POST
@allow("directory.edit", of=record_by_id)
def withdraw(request: HttpRequest, record: Any) -> HttpResponse:
    try:
        upkeep.withdraw(me(request), record)
    except ValidationError as error:
        return render(
            request,
            "directory/refused.html",
            {"why": error.messages, "record": record, "record_type": type_of(record)},
            status=422,
        )
    return HttpResponseRedirect(reverse("record", args=[type_of(record), record.pk]))


@form_methods
@allow("directory.bring_back", of=version_by_id)
def version(request: HttpRequest, version: Version) -> HttpResponse:
    """One version against the one before it; and a button that brings it back."""
    record = find_record(version.record_type, version.record_id)
    if request.method == "POST":
        try:
            upkeep.bring_back(me(request), version)
        except ValidationError as error:
            context = {"why": error.messages, "record": record, "record_type": version.record_type}
            return render(request, "directory/refused.html", context, status=422)
        return HttpResponseRedirect(reverse("record", args=[version.record_type, version.record_id]) + "?published=1")
    before = Version.objects.filter(
        record_type=version.record_type, record_id=version.record_id, number__lt=version.number
    ).first()
    context = {
        "version": version,
        "record": record,
        "changes": changes_between(before.data if before else {}, version),
        "newest": record.version == version.number,
    }
    return render(request, "directory/version.html", context)


def changes_between(before: dict[str, Any], version: Version) -> list[tuple[str, str, str]]:
    """(what, before, after) of each thing that a version changed, in words."""
    found = []
    for name in version.changed:
        field, _dot, language = name.partition(".")
        old, new = before.get(field), version.data.get(field)
        if language:
            old, new = (old or {}).get(language), (new or {}).get(language)
        found.append((field_label(version.record_type, name), value_words(old), value_words(new)))
    return found


@require_POST
@allow("directory.handle_report", of=report_by_id)
def close_report(request: HttpRequest, report: ErrorReport) -> HttpResponse:
    reports.close_report(me(request), report, mended=request.POST.get("mended") == "1")
    return HttpResponseRedirect(reverse("desk"))


# Spreadsheets


@form_methods
@allow("directory.bulk", of=organisation_by_id)
def sheets(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Many services at once: take the sheet, change it, send it back, look at the changes."""
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            error = _("Valitse tiedosto.")
        elif file.size is None or file.size > LARGEST:
            error = _("Tiedosto on liian suuri. Suurin on 10 megatavua.")
        elif not allowed("sheet", str(me(request).id), 30):
            error = _("Tiedostoja on tullut tunnissa monta. Odota hetki.")
        else:
            load = bulk.send_in(me(request), organisation, file.name or "", file.read())
            return HttpResponseRedirect(reverse("load", args=[load.id]))
    context = {
        "organisation": organisation,
        "error": error,
        "loads": organisation.loads.defer("content", "changes").order_by("-at")[:10],
    }
    return render(request, "directory/sheets.html", context, status=422 if error else 200)


@require_safe
@allow("directory.bulk", of=organisation_by_id)
def sheet_xlsx(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(
        write_xlsx(bulk.sheet_of(organisation)),
        kind,
        headers={"Content-Disposition": 'attachment; filename="opinovi.xlsx"'},
    )


@require_safe
@allow("directory.bulk", of=organisation_by_id)
def sheet_csv(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    return HttpResponse(
        write_csv(bulk.sheet_of(organisation)),
        "text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="opinovi.csv"'},
    )


@form_methods
@allow("directory.bulk", of=load_by_id)
def load(request: HttpRequest, load: BulkLoad) -> HttpResponse:
    """What a file would change, before anything is changed; and while it is read, how far it has come."""
    if request.method == "POST":
        if request.POST.get("do") == "drop":
            bulk.drop_load(me(request), load)
            return HttpResponseRedirect(reverse("sheets", args=[load.organisation_id]))
        with suppress(ValidationError):
            bulk.start_loading(me(request), load)
        return HttpResponseRedirect(reverse("load", args=[load.id]))
    counts = {how: sum(one["how"] == how for one in load.changes) for how in ("add", "change", "remove")}
    working = load.state in (BulkLoad.State.WAITING, BulkLoad.State.READING, BulkLoad.State.LOADING)
    context = {
        "load": load,
        "counts": counts,
        "working": working,
        "changes": load.changes[:300],
        "more": max(0, len(load.changes) - 300),
    }
    return render(request, "directory/load.html", context)


# How fresh the network's records are


@require_safe
@allow("directory.freshness", of=network_by_id)
def freshness_page(request: HttpRequest, network: Network) -> HttpResponse:
    """How many of each organisation's records are in time, due soon, late, and long overdue."""
    rows = freshness_rows(network)
    total = {name: sum(row[name] for row in rows) for name in ("fresh", "soon", "late", "long", "unknown", "all")}
    context = {
        "network": network,
        "rows": rows,
        "total": total,
        "share": round(100 * (total["fresh"] + total["soon"]) / total["all"]) if total["all"] else None,
    }
    return render(request, "directory/freshness.html", context)


def freshness_rows(network: Network) -> list[dict[str, Any]]:
    """For each organisation of the network, its records by how fresh they are: four queries."""
    day = today()
    counts = {
        "fresh": Count("pk", filter=Q(confirm_by__gt=day + timedelta(days=30))),
        "soon": Count("pk", filter=Q(confirm_by__gte=day, confirm_by__lte=day + timedelta(days=30))),
        "late": Count("pk", filter=Q(confirm_by__lt=day, confirm_by__gte=day - timedelta(days=90))),
        "long": Count("pk", filter=Q(confirm_by__lt=day - timedelta(days=90))),
        "unknown": Count("pk", filter=Q(confirm_by=None)),
        "all": Count("pk"),
    }
    sums: dict[UUID, dict[str, int]] = {}
    models: tuple[Any, ...] = (Service, ServicePoint, Offering)
    for model in models:
        rows = model._default_manager.filter(state=State.PUBLISHED, organisation__networks=network)
        for row in rows.values("organisation").annotate(**counts):
            known = sums.setdefault(row["organisation"], dict.fromkeys(counts, 0))
            for name in counts:
                known[name] += row[name]
    organisations = network.members.order_by("membership__since", "id")
    found = [{"organisation": one, **sums.get(one.id, dict.fromkeys(counts, 0))} for one in organisations]
    return sorted(found, key=lambda row: (-row["long"], -row["late"], -row["all"]))
