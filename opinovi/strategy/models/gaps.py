"""Needs without a good door: as they are counted now, and those that somebody has taken up."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Member, Network


class GapFigure(models.Model):
    """Of the needs of one topic, place and language in the last ninety days: how many had no good door; and what there
    is for them. Counted anew by the worker, in fives; fewer than five are not kept, nor what would tell of them."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    topic = models.CharField(max_length=60)
    # Empty where it is of all of them together, or is not known.
    municipality = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=8, blank=True)
    needs = models.PositiveIntegerField()
    # None where fewer than five found a door, or found none.
    unserved = models.PositiveIntegerField(null=True)
    services = models.PositiveIntegerField(default=0)
    # Of those services, how many were confirmed in time.
    fresh = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-unserved", "topic", "municipality", "language"]
        constraints = [
            models.UniqueConstraint(fields=["network", "topic", "municipality", "language"], name="gap_figure_once"),
            models.CheckConstraint(name="gap_figure_of_five", condition=Q(needs__gte=5)),
            models.CheckConstraint(name="gap_figure_within", condition=Q(unserved__lte=F("needs"))),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.municipality} {self.language}"

    @property
    def share(self) -> int | None:
        """Per cent of the needs that had no good door; None where it is not told."""
        return None if self.unserved is None else round(100 * self.unserved / self.needs)


class GapState(models.TextChoices):
    OPEN = "open"
    CLOSED = "closed"


class Gap(models.Model):
    """A gap that the network has taken up, with its figures as they were then; what is done about it hangs on it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="gaps")
    topic = models.CharField(max_length=60)
    municipality = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=8, blank=True)
    state = FSMField(max_length=6, choices=GapState, default=GapState.OPEN)
    needs_then = models.PositiveIntegerField()
    unserved_then = models.PositiveIntegerField(null=True)
    services_then = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=now)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    # The drafts of services that were begun for it, by id: a draft becomes a service of the same id.
    services = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["state", "-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "topic", "municipality", "language"],
                condition=Q(state="open"),
                name="open_gap_once",
            ),
            models.CheckConstraint(
                name="closed_gap_tells_when",
                condition=Q(state="closed", closed_at__isnull=False) | Q(state="open", closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.municipality} {self.language}"

    @property
    def share_then(self) -> int | None:
        known = self.unserved_then is not None and self.needs_then
        return round(100 * (self.unserved_then or 0) / self.needs_then) if known else None

    @transition(field=state, source=GapState.OPEN, target=GapState.CLOSED)
    def closed(self) -> None:
        self.closed_at = now()

    @transition(field=state, source=GapState.CLOSED, target=GapState.OPEN)
    def opened_again(self) -> None:
        self.closed_at = None
