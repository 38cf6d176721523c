"""The event log and the mail that waits to be sent."""

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id


class Event(models.Model):
    """One line of the append-only log of what was done. The database itself refuses to change or delete one."""

    seq = models.BigAutoField(primary_key=True)
    id = models.UUIDField(default=new_id, unique=True, editable=False)
    at = models.DateTimeField(default=now, db_index=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    actor = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"


class Letter(models.Model):
    """A mail to send: written with the change that causes it, sent by a task, forgotten once it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    next_try_at = models.DateTimeField(default=now)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sent_letter_keeps_no_address",
                condition=~models.Q(state="sent") | models.Q(to="", body=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.state})"
