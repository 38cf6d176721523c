"""What the network's people talk of among themselves, by topic. Nothing about clients."""

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.contact.models.enquiries import Confidential
from opinovi.network.models import Member, Network


class Thread(Confidential):
    """One matter. Locked: {"title"}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="threads")
    # An area of competence, or nothing for all else.
    area = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["-moved_at"]
        indexes = [models.Index(fields=["network", "area", "-moved_at"], name="threads_by_area")]

    def __str__(self) -> str:
        return str(self.id)


class Post(models.Model):
    """What somebody said. Locked with the thread's key; nothing once it is taken away."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts")
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    locked = models.TextField(blank=True)
    mentions = models.ManyToManyField(Member, related_name="+", blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class Rhythm(models.TextChoices):
    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class Following(models.Model):
    """How often somebody wants to hear that there is something new."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="following", primary_key=True)
    rhythm = models.CharField(max_length=6, choices=Rhythm, default=Rhythm.WEEKLY)
    # Up to when they have been told.
    told_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.rhythm
