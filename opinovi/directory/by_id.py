"""Records, drafts and reports by their ids, as the pages of upkeep ask for them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from opinovi.directory.models import (
    Answer,
    ContactCard,
    Draft,
    ErrorReport,
    Offering,
    Service,
    ServicePoint,
)
from opinovi.directory.records import find_record, raw_of, type_of

EDITED = ("service", "point", "offering")


def record_by_id(record_type: str, record_id: UUID) -> Any:
    return find_record(record_type, record_id) if record_type in EDITED else None


def draft_by_id(draft_id: UUID) -> Draft | None:
    return Draft.objects.select_related("organisation", "edited_by").filter(id=draft_id).first()


def draft_or_record(draft_id: UUID) -> Draft | None:
    """The draft; or where somebody has published it meanwhile, one as it would be made of the record, not saved."""
    found = draft_by_id(draft_id)
    if found is not None:
        return found
    record = next((one for kind in EDITED if (one := find_record(kind, draft_id)) is not None), None)
    if record is None:
        return None
    return Draft(id=record.id, record_type=type_of(record), organisation=record.organisation, data=raw_of(record))


def report_by_id(report_id: UUID) -> ErrorReport | None:
    return ErrorReport.objects.filter(id=report_id).first()


def report_of(request: HttpRequest) -> ErrorReport | None:
    """The report that led here, if the person may handle it."""
    import rules

    try:
        found = report_by_id(UUID(request.GET.get("report") or request.POST.get("report", "")))
    except ValueError:
        return None
    return found if found and rules.test_rule("directory.handle_report", request.user, found) else None


def public_address(record: Any) -> str:
    names = {Service: "service", ServicePoint: "place", Offering: "offering", ContactCard: "", Answer: "answer"}
    name = names[type(record)]
    return reverse(name, args=[record.pk]) if name else ""
