"""A record as its keeper sees it: how fresh, what was said of it, how it came to be so."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.directory.access import EDITORS
from opinovi.directory.actions import freshness, reports, upkeep
from opinovi.directory.by_id import EDITED, public_address, record_by_id, report_by_id
from opinovi.directory.desk_items import what_is_wrong
from opinovi.directory.labels import field_label, value_words
from opinovi.directory.models import (
    Draft,
    ErrorReport,
    Offering,
    Service,
    ServicePoint,
    State,
    Version,
)
from opinovi.directory.records import MODELS, find_record, source_owns, type_of
from opinovi.network.models import Network, Organisation, Role
from opinovi.network.queries import networks
from opinovi.network.standing import standing
from opinovi.network.views import me, network_by_id

PER_PAGE = 50
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def confirmable(record_type: str, record_id: UUID) -> Any:
    return find_record(record_type, record_id)


def version_by_id(version_id: UUID) -> Version | None:
    return Version.objects.select_related("by").filter(id=version_id).first()


def figures_for(place: Any) -> list[Network]:
    ids = place.networks(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR, Role.AUDITOR)
    return [one for one in networks() if one.id in ids]


@require_safe
@allow("directory.edit")
def records(request: HttpRequest, record_type: str) -> HttpResponse:
    """The records of one kind that a person's organisations have, those that wait for a look first."""
    if record_type not in (*EDITED, "card"):
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
        rows = rows.filter(named(record_type, words))
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


def named(record_type: str, words: str) -> Q:
    """Whose name has the words in it."""
    if record_type == "card":
        return Q(member__person__name__icontains=words)
    return Q(name__fi__icontains=words) | Q(name__sv__icontains=words) | Q(name__en__icontains=words)


def not_shown(record_type: str) -> list[str]:
    return ["source_record"] if record_type in ("service", "point") else []


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
        "edits": place.has(*EDITORS, Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR),
        "source_owns": source_owns(record),
        "withdrawn": record.state == State.WITHDRAWN,
        "public": public_address(record),
    }
    return render(request, "directory/record.html", context)


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
