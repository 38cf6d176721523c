"""The client's plan: goals, steps, what was changed in them, and what short exercises told."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.directory.models import GroupSession, Offering, Service
from opinovi.journeys.models.clients import Client
from opinovi.network.models import Member


class GoalState(models.TextChoices):
    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class StepState(models.TextChoices):
    AHEAD = "ahead"
    DONE = "done"
    POSTPONED = "postponed"
    DROPPED = "dropped"


class Goal(models.Model):
    """What a client wants, in their own words: locked with their key, a text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="goals")
    locked = models.TextField()
    state = models.CharField(max_length=7, choices=GoalState, default=GoalState.OPEN)
    place = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField(default=now)

    class Meta:
        ordering = ["place", "since", "id"]

    def __str__(self) -> str:
        return str(self.id)


class Step(models.Model):
    """What a client will do, and by when. Locked with their key: {"text", "why" (postponed or dropped)}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="steps")
    locked = models.TextField()
    state = models.CharField(max_length=9, choices=StepState, default=StepState.AHEAD)
    due = models.DateField(null=True, blank=True)
    service = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    offering = models.ForeignKey(Offering, models.SET_NULL, related_name="+", null=True, blank=True)
    session = models.ForeignKey(GroupSession, models.SET_NULL, related_name="+", null=True, blank=True)
    # How the client wants to be reminded, and how many days before.
    remind = models.CharField(max_length=4, blank=True)
    remind_days = models.PositiveSmallIntegerField(default=1)
    place = models.PositiveSmallIntegerField(default=0)
    # Counts the changes, so that two who write at once are told.
    version = models.PositiveIntegerField(default=1)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.CheckConstraint(
                name="done_step_tells_when",
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class PlanLine(models.Model):
    """A line of the plan's history. Locked with the client's key: {"what", "before", "after"}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="plan_lines")
    goal_id = models.UUIDField(null=True, blank=True)
    step_id = models.UUIDField(null=True, blank=True)
    # The guide who wrote it; nobody where the client did.
    member = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.id)


class Exercise(models.Model):
    """What a client chose in a short exercise. Locked with their key: {"picked": [...], "own": "..."}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="exercises")
    name = models.CharField(max_length=20)
    locked = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "name"], name="exercise_once")]

    def __str__(self) -> str:
        return self.name
