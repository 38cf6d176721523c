"""Guides ask colleagues of other organisations about a case without a name."""

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.models import DataKey
from opinovi.network.models import Member, Network


class Consultation(models.Model):
    """A case told without a name. Locked with a key of its own: {"title", "text"}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    key = models.OneToOneField(DataKey, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["-moved_at", "-id"]

    def __str__(self) -> str:
        return str(self.id)


class ConsultationReply(models.Model):
    """A colleague's thought, locked with the consultation's key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="replies")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    locked = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)
