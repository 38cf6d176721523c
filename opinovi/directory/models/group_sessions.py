"""Group sessions and events: one meeting or a series, with places for so many."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.directory.models.services import Charge, Kind, Service, ServicePoint, Source, State
from opinovi.network.models import Member, Organisation, Team


class GroupSession(models.Model):
    """What a group meets for, who leads it, how many find room; when it first meets, and until when it last does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="group_sessions")
    source = models.CharField(max_length=20, choices=Source, default=Source.OWN)
    team = models.ForeignKey(Team, models.PROTECT, related_name="group_sessions")
    # Who alone sees who comes; without one, the team's guides do.
    leader = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    service = models.ForeignKey(Service, models.SET_NULL, related_name="group_sessions", null=True, blank=True)
    point = models.ForeignKey(ServicePoint, models.SET_NULL, related_name="group_sessions", null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.GUIDANCE)
    # Training for the network's own people: no door for the public.
    for_staff = models.BooleanField(default=False)
    # For the people of one workplace, who come by its code: no door for others; and where that is, in words.
    by_code = models.BooleanField(default=False)
    at = models.CharField(max_length=200, blank=True)
    name = TextField()
    summary = TextField()
    description = TextField()
    topics = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    municipality = models.CharField(max_length=3, blank=True)
    charge = models.CharField(max_length=10, choices=Charge, default=Charge.FREE)
    charge_info = TextField()
    # The link by which those who have a place take part; only they see it.
    link = models.URLField(max_length=500, blank=True)
    # No number means room for all who come.
    places = models.PositiveIntegerField(null=True, blank=True)
    # How many have a place; kept by those who keep the registrations.
    taken = models.PositiveIntegerField(default=0)
    # Until when one can register; without one, until the first meeting begins.
    register_until = models.DateTimeField(null=True, blank=True)
    # How the meetings were told: first day, times of day, how many, every how many weeks, without which days.
    plan = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Counts the changes of its times, as calendars want it.
    sequence = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(name="group_session_has_a_name", condition=~Q(name={})),
            models.CheckConstraint(name="group_session_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="group_session_has_room", condition=Q(places=None) | Q(places__gte=1)),
            models.CheckConstraint(
                name="group_session_not_over_full", condition=Q(places=None) | Q(taken__lte=F("places"))
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_at"], name="group_session_by_start")]

    def __str__(self) -> str:
        return choose(self.name).text

    @property
    def closes_at(self) -> datetime:
        return self.register_until or self.starts_at

    @property
    def left(self) -> int | None:
        """How many places are left; None where there is room for all."""
        return None if self.places is None else self.places - self.taken

    def open_now(self) -> bool:
        """Whether one can still register."""
        return self.state == State.PUBLISHED and self.closes_at > now()


class Meeting(models.Model):
    """One time that a group meets."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(GroupSession, models.CASCADE, related_name="meetings")
    begins_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["begins_at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "begins_at"], name="meeting_once"),
            models.CheckConstraint(name="meeting_in_order", condition=Q(ends_at__gt=F("begins_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.begins_at:%d.%m.%Y %H.%M}"
