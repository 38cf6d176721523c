"""Addresses of other systems that are told of changes, and what each was told."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Member, Organisation


class Hook(models.Model):
    """An address to which changes of the directory are told, signed with a secret that both know."""

    SEALED = {"sealed": "hook"}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="hooks")
    address = models.URLField(max_length=500)
    sealed = models.TextField()
    # Of what kinds of records: ["service", "point", …]; of the organisation's own, or of everybody's.
    kinds = models.JSONField(default=list)
    own_only = models.BooleanField(default=False)
    # The number of the last Event that was looked at.
    seen = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True)
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Since when nothing has reached it; it is told no more once that has lasted.
    failing_since = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.address


class TellingState(models.TextChoices):
    WAITING = "waiting"
    # Taken by a worker; if it does not say more by `next_try_at`, it waits again.
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Telling(models.Model):
    """One change told to one address: what was said, how often it was tried, and what was answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hook = models.ForeignKey(Hook, models.CASCADE, related_name="tellings")
    # The number of the Event that it tells of; none for a trial.
    event = models.BigIntegerField(null=True, blank=True)
    body = models.JSONField()
    state = models.CharField(max_length=10, choices=TellingState, default=TellingState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=now)
    made_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    # What the other side answered the last time, or the code of why nothing was.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["waiting", "sending"]), name="telling_due")
        ]
        constraints = [models.UniqueConstraint(fields=["hook", "event"], name="told_once")]
