"""What guides write down."""

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.journeys.models.clients import Client, Journey
from opinovi.network.models import Member, Organisation


class NoteKind(models.TextChoices):
    # The client sees it, and those whom the client lets see notes.
    JOURNEY = "journey"
    # For the own organisation. The client sees that it exists, and can ask for it.
    OWN = "own"


class Note(models.Model):
    """A guide's note, locked with the client's key: its text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="notes")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=7, choices=NoteKind, default=NoteKind.JOURNEY)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField()
    at = models.DateTimeField(default=now)
    # An own note that was given to the client when they asked.
    given_at = models.DateTimeField(null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["client", "at"], name="note_of_client")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class NoteRequest(models.Model):
    """A client asks an organisation for its own notes of them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="note_requests")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Locked with the client's key: why, where they were not given.
    locked = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "organisation"],
                condition=models.Q(answered_at=None),
                name="one_open_request_for_notes",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
