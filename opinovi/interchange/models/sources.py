"""Sources that are taken in: where each is, its runs, and what it has given."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Network, Organisation, Person


class Rhythm(models.TextChoices):
    """How often a source is asked by itself."""

    NEVER = "never"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class Feed(models.Model):
    """A source outside: what it speaks, where it is, and how often it is asked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="feeds")
    # Whose records these are, where the source does not tell.
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="feeds", null=True, blank=True)
    name = models.CharField(max_length=100)
    format = models.CharField(max_length=20)
    address = models.URLField(max_length=500)
    # What else its format asks: {"organisation": …, "area": …, "columns": {…}, "team": …}
    settings = models.JSONField(default=dict, blank=True)
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    # Until when what has changed at the source is known; none before the first whole run.
    known_until = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True)
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.CheckConstraint(name="feed_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name


class RunState(models.TextChoices):
    WAITING = "waiting"
    FETCHING = "fetching"
    COMPARING = "comparing"
    # Compared: a person looks at it and lets it in; held, because too much would vanish or a try-out.
    READY = "ready"
    HELD = "held"
    APPLYING = "applying"
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    DROPPED = "dropped"


class Run(models.Model):
    """One time that a source was asked: what came, what it would change, and whether it was let in."""

    OVER = (RunState.APPLIED, RunState.UNCHANGED, RunState.FAILED, RunState.DROPPED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    # Only to be looked at: nothing is let in by itself.
    trial = models.BooleanField(default=False)
    # A person looked at it and said that it is let in all the same.
    anyway = models.BooleanField(default=False)
    # All that the source has, or what has changed since the last.
    whole = models.BooleanField(default=True)
    began_at = models.DateTimeField(default=now)
    # When the worker that has it last said so; one that is silent has lost it.
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    read = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # {kind: {"added": n, "updated": n, "unchanged": n, "withdrawn": n}}
    counts = models.JSONField(default=dict)
    # The first of them: {kind, id, name, how, fields}
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    # Why it failed or is held, in words for people.
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["feed"],
                condition=Q(state__in=["waiting", "fetching", "comparing", "applying"]),
                name="feed_runs_once_at_a_time",
            )
        ]


class Taken(models.Model):
    """What a source has given: the hash of each record, and ours that was made of it. Lets a run tell what changed."""

    id = models.BigAutoField(primary_key=True)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="taken")
    kind = models.CharField(max_length=12)
    external_id = models.CharField(max_length=150)
    hash = models.CharField(max_length=64)
    # Of what it is linked to when it was taken in: a record is new when that is.
    links = models.CharField(max_length=64, blank=True)
    # The whole record, of kinds whose rows have no place for it; and what was made of it for others.
    record = models.JSONField(default=dict, blank=True)
    made = models.JSONField(default=dict, blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "kind", "external_id"], name="taken_once")]
