"""What came of guidance, and how sure of themselves people were before and after."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.journeys.models.clients import Client, Journey
from opinovi.journeys.models.referrals import Referral
from opinovi.network.models import Member

MONTHS = (0, 3, 6, 12)


class What(models.TextChoices):
    WORK = "work"
    EDUCATION = "education"
    QUALIFICATION = "qualification"
    PLAN = "plan"
    NOT_YET = "not_yet"
    NOTHING_SAID = "nothing_said"


class Outcome(models.Model):
    """What came of a journey, so many months after its end. Its words are locked with the client's key: why not yet.

    What it was, without the person, stays when the client is erased.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="outcomes")
    referral = models.ForeignKey(Referral, models.SET_NULL, related_name="outcomes", null=True, blank=True)
    months = models.PositiveSmallIntegerField()
    due = models.DateField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    what = models.CharField(max_length=13, choices=What, blank=True)
    # The guide who told it; nobody where the client did.
    member = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField(blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)

    class Meta:
        ordering = ["due", "months"]
        indexes = [models.Index(fields=["asked_at", "due"], name="outcome_to_ask")]
        constraints = [
            models.UniqueConstraint(fields=["journey", "months"], name="outcome_asked_once_a_time"),
            models.CheckConstraint(name="outcome_months", condition=Q(months__in=MONTHS)),
            models.CheckConstraint(
                name="outcome_answered_tells_what", condition=Q(answered_at=None, what="") | ~Q(what="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months} {self.what}"


class Confidence(models.Model):
    """Four own questions, each from 1 (not at all) to 5 (fully): before guidance and after it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="confidences")
    after = models.BooleanField(default=False)
    # Locked with the client's key: four numbers. Their sum stays without the person.
    locked = models.TextField(blank=True)
    total = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "after"], name="confidence_before_and_after")]

    def __str__(self) -> str:
        return "after" if self.after else "before"
