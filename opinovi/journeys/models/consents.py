"""What a client allowed: to whom, what, what for, until when."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id
from opinovi.base.text import TextField
from opinovi.directory.models import Service
from opinovi.journeys.models.clients import Client, Journey
from opinovi.network.models import Member, Organisation, Team


class Piece(models.TextChoices):
    """What of a client can be shared, piece by piece."""

    CONTACT = "contact"
    NEED = "need"
    PLAN = "plan"
    NOTES = "notes"


class ConsentState(models.TextChoices):
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    # What it was for is over, or the question was taken back.
    ENDED = "ended"


class How(models.TextChoices):
    """How a client said yes or no."""

    OWN_DEVICE = "own_device"
    GUIDES_DEVICE = "guides_device"
    PAPER = "paper"
    SPOKEN = "spoken"


class ConsentText(models.Model):
    """One version of the words by which consent is asked, in each language. Never changed."""

    version = models.PositiveSmallIntegerField(primary_key=True)
    text = TextField()
    since = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"version {self.version}"


class Consent(models.Model):
    """A client's yes to one receiver, asked or given. Only what is in force lets anybody see anything.

    Locked with the client's key: {"shown" (the words as shown), "why", "receiver" (one outside), "witness"}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="consents")
    journey = models.ForeignKey(Journey, models.SET_NULL, related_name="+", null=True, blank=True)
    # To whom: a team for its service, or the whole organisation; neither for one outside the network.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, blank=True)
    service = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", null=True, blank=True)
    pieces = models.JSONField(default=list)
    # Notes from this day on; all of them where it is empty.
    notes_from = models.DateField(null=True, blank=True)
    until = models.DateField()
    state = FSMField(max_length=9, choices=ConsentState, default=ConsentState.ASKED)
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    locked = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=now)
    asked_by = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=13, choices=How, blank=True)
    # Who wrote it down, where the client did not press the button themselves.
    recorded_by = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    # When it was withdrawn or what it was for was over.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [models.Index(fields=["team", "state", "until"], name="consent_of_team")]
        constraints = [
            models.CheckConstraint(
                name="given_consent_tells_how",
                condition=Q(state__in=["asked", "ended"]) | (Q(answered_at__isnull=False) & ~Q(how="")),
            ),
            models.CheckConstraint(
                name="ended_consent_tells_when",
                condition=Q(state__in=["withdrawn", "ended"], ended_at__isnull=False)
                | (~Q(state__in=["withdrawn", "ended"]) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="consent_ended_after_given",
                condition=Q(ended_at=None) | Q(answered_at=None) | Q(ended_at__gte=F("answered_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"

    @transition(state, source=ConsentState.ASKED, target=ConsentState.GIVEN)
    def given(self) -> None:
        """The client said yes."""

    @transition(state, source=ConsentState.ASKED, target=ConsentState.REFUSED)
    def refused(self) -> None:
        """The client said no."""

    @transition(state, source=ConsentState.GIVEN, target=ConsentState.WITHDRAWN)
    def withdrawn(self) -> None:
        """The client took it back."""

    @transition(state, source=[ConsentState.ASKED, ConsentState.GIVEN], target=ConsentState.ENDED)
    def ended(self) -> None:
        """What it was for is over."""

    def told(self) -> dict[str, Any]:
        return self.client.unlock(self.locked) or {}

    def in_force(self, day: date | None = None) -> bool:
        return self.state == ConsentState.GIVEN and self.until >= (day or today())
