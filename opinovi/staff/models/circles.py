"""People who learn from one another: a mentor and who is mentored, a group of peers, one who asks and one who helps."""

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.contact.models.enquiries import Confidential
from opinovi.network.models import Member, Network


class CircleKind(models.TextChoices):
    ASK = "ask"
    MENTORING = "mentoring"
    PEERS = "peers"


class Circle(Confidential):
    """A pair or a group with meetings and notes of its own. Locked: {"name", "text"}; of a group that others may join,
    name and purpose are told openly."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="circles")
    kind = models.CharField(max_length=9, choices=CircleKind)
    area = models.CharField(max_length=20, blank=True)
    # Whether anyone of the network may join.
    open = models.BooleanField(default=False)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.id)


class PlaceState(models.TextChoices):
    ASKED = "asked"
    IN = "in"
    OUT = "out"


class CirclePlace(models.Model):
    """One who is in a circle, is asked to it, or was."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="circle_places")
    member = models.ForeignKey(Member, models.CASCADE, related_name="circle_places")
    mentor = models.BooleanField(default=False)
    state = models.CharField(max_length=5, choices=PlaceState)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["circle", "member"], name="one_place_in_a_circle")]

    def __str__(self) -> str:
        return self.state


class CircleNote(models.Model):
    """What one of them wrote, for those who are in. Locked with the circle's key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="notes")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    locked = models.TextField()
    at = models.DateTimeField(default=now)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class CircleMeeting(models.Model):
    """When they meet. Where is locked with the circle's key: it may be a link."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="meetings")
    begins_at = models.DateTimeField()
    locked = models.TextField()

    class Meta:
        ordering = ["begins_at"]
        constraints = [models.UniqueConstraint(fields=["circle", "begins_at"], name="a_circle_meets_once_at_a_time")]

    def __str__(self) -> str:
        return f"{self.begins_at}"
