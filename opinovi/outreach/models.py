"""Outreach: guidance taken to where people are, what was met there, and what came of it by the door code."""

from django.db import models
from django.db.models import F, Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.models import DataKey
from opinovi.directory.models import Service
from opinovi.network.models import Member, Network, Organisation


class Place(models.TextChoices):
    WORKPLACE = "workplace"
    LIBRARY = "library"
    SHOP = "shop"
    PRISON = "prison"
    RECEPTION = "reception"
    ONLINE = "online"
    OTHER = "other"


class Group(models.TextChoices):
    """Whom one met, as one sees it without asking: the groups that seldom come by themselves."""

    LITTLE_SCHOOLING = "little_schooling"
    NEWCOMERS = "newcomers"
    UNEMPLOYED = "unemployed"
    AT_WORK = "at_work"
    AT_HOME = "at_home"
    OLDER = "older"
    YOUNG = "young"
    IN_PRISON = "in_prison"
    OTHER = "other"


class OutreachPlan(models.Model):
    """For whom, where, and with what."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="outreach_plans")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=16, choices=Group)
    place = models.CharField(max_length=10, choices=Place)
    where = models.CharField(max_length=200)
    municipality = models.CharField(max_length=3, blank=True)
    why = models.TextField(blank=True)
    material = models.CharField(max_length=500, blank=True)
    # The door that suits: a service, else what is looked for.
    service = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    topic = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=5, default="fi")
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name


class OutreachAction(models.Model):
    """One time that somebody goes: with a door code of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(OutreachPlan, models.CASCADE, related_name="actions")
    day = models.DateField()
    begins = models.TimeField()
    ends = models.TimeField()
    members = models.ManyToManyField(Member, related_name="+", blank=True)
    # What stands at the end of the short address.
    code = models.CharField(max_length=12, unique=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["day", "begins"]
        constraints = [models.CheckConstraint(name="outreach_in_order", condition=Q(ends__gt=F("begins")))]

    def __str__(self) -> str:
        return f"{self.plan} {self.day:%-d.%-m.%Y}"


class FieldNote(models.Model):
    """What was met in the field, written on a phone: kept there until it is sent, and once however often it is sent.

    Its text is locked with a key of its own. The phone's clock may be wrong: `written_at` is reckoned from when it
    came and how long the phone says it had lain.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    action = models.ForeignKey(OutreachAction, models.CASCADE, related_name="notes")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    # A note that was put right on the phone replaces itself; the greatest revision stands.
    revision = models.PositiveIntegerField(default=0)
    key = models.OneToOneField(DataKey, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField(blank=True)
    written_at = models.DateTimeField()
    came_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class Met(models.Model):
    """How many of a group were met, by a note."""

    note = models.ForeignKey(FieldNote, models.CASCADE, related_name="met")
    group = models.CharField(max_length=16, choices=Group)
    count = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "met"
        constraints = [
            models.UniqueConstraint(fields=["note", "group"], name="met_once_a_note"),
            models.CheckConstraint(name="met_somebody", condition=Q(count__gte=1, count__lte=1000)),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.count}"


class Arrival(models.Model):
    """Somebody who opened a code asked, booked or joined: which of them it was, and nothing of the person."""

    class Kind(models.TextChoices):
        ASKED = "asked"
        BOOKED = "booked"
        JOINED = "joined"

    action = models.ForeignKey(OutreachAction, models.CASCADE, related_name="arrivals")
    kind = models.CharField(max_length=6, choices=Kind)
    subject_id = models.UUIDField()
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="arrived_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
