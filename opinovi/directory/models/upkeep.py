"""What keeps the directory true: drafts, versions, reports of errors, loads from a spreadsheet."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Organisation


def any_number() -> int:
    return secrets.randbelow(2**30) + 1


class RecordType(models.TextChoices):
    SERVICE = "service"
    POINT = "point"
    OFFERING = "offering"
    CARD = "card"


class Draft(models.Model):
    """A change that is not published: the whole record as it would be. One a record, shared by its editors.

    Its id is the record's, also of a record that does not exist yet; so nothing unpublished lies among what is public.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record_type = models.CharField(max_length=10, choices=RecordType)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="drafts", null=True, blank=True)
    data = models.JSONField(default=dict)
    # Counts the saves from a number of its own, so that two who edit at once do not overwrite each other, and a page
    # that was opened on an earlier draft of the record is never taken for one of this.
    revision = models.PositiveIntegerField(default=any_number)
    # The version of the record that the draft was made of; 0 for a new record.
    based_on = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    edited_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.record_type} {self.id}"


class Version(models.Model):
    """A record as it was published: who, when, and what changed. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record_type = models.CharField(max_length=10, choices=RecordType)
    record_id = models.UUIDField()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", null=True, blank=True)
    number = models.PositiveIntegerField()
    data = models.JSONField()
    changed = models.JSONField(default=list)
    # What was done: published, withdrawn, brought back, loaded, imported; "before" is the state before the first.
    how = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} v{self.number}"


class ErrorReport(models.Model):
    """Somebody says that a page is wrong. Told to the record's owner, and closed by them."""

    class What(models.TextChoices):
        PHONE = "phone"
        HOURS = "hours"
        ADDRESS = "address"
        GONE = "gone"
        TEXT = "text"
        OTHER = "other"

    class State(models.TextChoices):
        OPEN = "open"
        MENDED = "mended"
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record_type = models.CharField(max_length=10, choices=RecordType)
    record_id = models.UUIDField(db_index=True)
    # What the record was called when it was reported.
    record_name = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="reports", null=True, blank=True)
    what = models.CharField(max_length=10, choices=What)
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(default=now)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state"])]
        constraints = [
            models.CheckConstraint(
                name="closed_report_has_its_time",
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
            )
        ]


class BulkLoad(models.Model):
    """A spreadsheet that was sent in: read and compared by a task, looked at by a person, then made real or dropped."""

    class State(models.TextChoices):
        WAITING = "waiting"
        READING = "reading"
        READY = "ready"
        BROKEN = "broken"
        LOADING = "loading"
        LOADED = "loaded"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="loads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # Errors [{row, column, reason}] and changes [{row, id, name, kind, fields: {column: [old, new]}}].
    errors = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    unchanged = models.PositiveIntegerField(default=0)
