"""The event log, the letters that wait to be sent, the keys of what is confidential, and what was not sent in time."""

import base64
import json
from typing import Any

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.secret import WRAPPED_FOR, data_key, new_wrapped_key, open_bytes, seal, seal_bytes, unseal


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
    """A mail or a text message to send: written with the change that causes it, sent by a worker, forgotten once sent.

    To whom and what it says are sealed: {"to", "body", "attachment" (a calendar file) or none}.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        # Taken by a worker; if it does not say more by `next_try_at`, the letter waits again.
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        # Not needed any more: what it was to remind of was cancelled.
        DROPPED = "dropped"

    class Kind(models.TextChoices):
        MAIL = "mail"
        SMS = "sms"

    SEALED = {"sealed": "letter"}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.MAIL)
    subject = models.CharField(max_length=200)
    sealed = models.TextField(blank=True)
    # The organisation whose administrator sees it if it fails for good; its id, since rooms above are not known here.
    about = models.CharField(max_length=40, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    next_try_at = models.DateTimeField(default=now)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try_at"], name="letter_due")]
        constraints = [
            models.CheckConstraint(
                name="sent_letter_keeps_no_words",
                condition=~models.Q(state__in=["sent", "dropped"]) | models.Q(sealed=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.state})"

    def told(self) -> dict[str, str]:
        return json.loads(unseal(self.sealed, "letter")) if self.sealed else {}

    def tell(self, **told: str) -> None:
        self.sealed = seal(json.dumps(told, ensure_ascii=False), "letter")

    @property
    def to(self) -> str:
        return self.told().get("to", "")

    @property
    def body(self) -> str:
        return self.told().get("body", "")


class DataKey(models.Model):
    """The key of one conversation, booking or registration. Deleting it is forgetting all that was locked with it."""

    SEALED = {"wrapped": WRAPPED_FOR}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wrapped = models.CharField(max_length=200, default=new_wrapped_key)

    def __str__(self) -> str:
        return str(self.id)

    def lock(self, told: Any) -> str:
        """Anything that JSON can hold, locked."""
        content = json.dumps(told, ensure_ascii=False).encode()
        return base64.b64encode(self.lock_bytes(content)).decode()

    def unlock(self, locked: str) -> Any:
        return json.loads(self.unlock_bytes(base64.b64decode(locked))) if locked else None

    def lock_bytes(self, content: bytes) -> bytes:
        return seal_bytes(data_key(self.wrapped), content, str(self.id))

    def unlock_bytes(self, locked: bytes | memoryview) -> bytes:
        return open_bytes(data_key(self.wrapped), bytes(locked), str(self.id))


class Unsent(models.Model):
    """What somebody wrote in a form after their session had ended: kept for a day under a secret of their browser."""

    SEALED = {"sealed": "unsent"}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=300)
    sealed = models.TextField()
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.path


class AuditBlock(models.Model):
    """A stretch of the log of Events under one hash, which holds the hash of the stretch before: whoever changes a line
    of the log must change every hash after it, and the last of them is written down elsewhere."""

    number = models.BigAutoField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["number"]
        constraints = [
            # One block follows another: two who chain at once can't both.
            models.UniqueConstraint(fields=["before"], name="block_follows_once"),
            models.CheckConstraint(name="block_in_order", condition=models.Q(first__lte=models.F("last"))),
        ]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
