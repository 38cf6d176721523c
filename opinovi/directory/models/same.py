"""Records of several sources that mean one thing: what was found, and what was decided of it."""

from django.db import models
from django.db.models import F, Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Network, Person


class PairState(models.TextChoices):
    """Found: a person is asked. Joined: the second stands behind the first. Apart: they are not the same."""

    FOUND = "found"
    JOINED = "joined"
    APART = "apart"


class Pair(models.Model):
    """Two records that seem to mean the same service, place or organisation."""

    KINDS = ("service", "point", "organisation")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Whose coordinator decides.
    network = models.ForeignKey(Network, models.CASCADE, related_name="pairs")
    kind = models.CharField(max_length=12)
    # The record that is shown when they are joined, and the one that stands behind it.
    first = models.UUIDField()
    second = models.UUIDField()
    # How surely they are the same, from 0 to 1, and the codes of what speaks for and against.
    score = models.FloatField()
    reasons = models.JSONField(default=list, blank=True)
    against = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=PairState, default=PairState.FOUND)
    # Of organisations: the records that came over to the first, {"service": [id], …}.
    moved = models.JSONField(default=dict, blank=True)
    found_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(name="pair_of_two", condition=~Q(first=F("second"))),
            # Behind one record at most.
            models.UniqueConstraint(fields=["second"], condition=Q(state="joined"), name="stands_behind_one"),
        ]
        indexes = [
            models.Index(fields=["network", "state"], name="pair_by_network"),
            models.Index(fields=["first"], condition=Q(state="joined"), name="pair_joined_by_first"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} = {self.second}"
