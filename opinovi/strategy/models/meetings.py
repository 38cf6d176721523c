"""Meetings of the network, and what they decide."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Member, Network
from opinovi.strategy.models.strategies import StrategyVersion


class Meeting(models.Model):
    """A meeting: what is on its agenda, who was there, what was said."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="meetings")
    name = models.CharField(max_length=200)
    held_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    agenda = models.TextField(blank=True)
    participants = models.ManyToManyField(Member, related_name="+", blank=True)
    others = models.CharField(max_length=500, blank=True)
    minutes = models.TextField(blank=True)
    # Once closed the minutes do not change.
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-held_at"]

    def __str__(self) -> str:
        return self.name


class Decision(models.Model):
    """What a meeting decided; of a strategy's version, whether it is approved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="decisions", null=True, blank=True)
    approved = models.BooleanField(default=True)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="decision_once"),
            models.CheckConstraint(name="decision_has_words", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.number} §"
