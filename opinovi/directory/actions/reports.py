"""Reports of errors: told by anyone, shown to who keeps the record, closed by them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from opinovi.base.access import require
from opinovi.base.clock import now, today
from opinovi.base.events import record as tell
from opinovi.base.mail import post
from opinovi.base.masking import mask
from opinovi.directory.actions.freshness import administrators_by_organisation, substitutes
from opinovi.directory.models import ErrorReport, Kept
from opinovi.directory.records import type_of
from opinovi.network.models import Member, Person

# A closed report is forgotten after this many days.
KEPT_DAYS = 90


@transaction.atomic
def report_error(record: Any, what: str, text: str) -> ErrorReport:
    """Somebody says what is wrong with a record; its keeper gets a letter that says only that there is a message."""
    report = ErrorReport.objects.create(
        record_type=type_of(record),
        record_id=record.pk,
        record_name=str(record)[:300],
        organisation_id=record.organisation_id,
        what=what,
        text=mask(text)[0],
    )
    tell("report_error", report.record_type, report.record_id, report=str(report.id), what=what)
    for member in keepers(record):
        with override(member.person.language or settings.LANGUAGE_CODE):
            body = _("Hei!\n\nJoku huomasi virheen tiedossa, jota pidät yllä. Katso työpöydältä:\n\n%(link)s")
            link = f"{settings.BASE_URL}{reverse('desk')}"
            post(f"report {report.id} {member.id}", member.person.email, _("Sinulle on viesti"), body % {"link": link})
    return report


def keepers(record: Kept) -> list[Member]:
    """Who keeps a record true: its owner or who stands in, else the organisation's administrators."""
    owner = record.owner or getattr(record, "member", None)
    if owner is not None and owner.ended_at is None:
        return [substitutes(today()).get(owner.id, owner)]
    organisation: UUID | None = getattr(record, "organisation_id", None)
    return administrators_by_organisation().get(organisation, []) if organisation else []


@transaction.atomic
def close_report(by: Person, report: ErrorReport, mended: bool) -> None:
    """The record was mended, or there was nothing to mend."""
    require("directory.handle_report", by, report)
    locked = ErrorReport.objects.select_for_update().get(id=report.id)
    if locked.state != ErrorReport.State.OPEN:
        return
    locked.state = ErrorReport.State.MENDED if mended else ErrorReport.State.DISMISSED
    locked.closed_by, locked.closed_at = by, now()
    locked.save()
    tell("close_report", locked.record_type, locked.record_id, str(by.id), report=str(locked.id), mended=mended)


@transaction.atomic
def forget_old_reports() -> int:
    """Delete the reports that were closed long ago, with what people wrote in them."""
    from datetime import timedelta

    old = ErrorReport.objects.filter(closed_at__lt=now() - timedelta(days=KEPT_DAYS))
    count = old.count()
    if count:
        old.delete()
        tell("forget", "reports", "", count=count)
    return count
