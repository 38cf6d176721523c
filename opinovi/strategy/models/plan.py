"""What a strategy aims at, how it is measured, and what is done for it."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.network.models import Member, Organisation
from opinovi.practices.models import Practice
from opinovi.strategy.models.gaps import Gap
from opinovi.strategy.models.strategies import Strategy


class Part(models.Model):
    """A piece of a strategy's text with its place among its kind."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = TextField()
    text = TextField()
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return choose(self.name).text


class Theme(Part):
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="themes")


class Objective(Part):
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="objectives")
    # What has been seen to help.
    practices = models.ManyToManyField(Practice, related_name="+", blank=True)


class Source(models.TextChoices):
    """Where a measure's value comes from."""

    HAND = "hand"
    UNSERVED = "unserved"
    FIRST_ANSWER = "first_answer"
    CONFIRMED = "confirmed"
    MET = "met"
    REACHED = "reached"


class Unit(models.TextChoices):
    PERCENT = "percent"
    DAYS = "days"
    PEOPLE = "people"
    COUNT = "count"
    EUROS = "euros"


class Measure(models.Model):
    """What shows whether an objective is being reached: from where it began to where it should be."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="measures")
    name = TextField()
    source = models.CharField(max_length=12, choices=Source, default=Source.HAND)
    unit = models.CharField(max_length=8, choices=Unit, default=Unit.COUNT)
    # Which needs a measure of needs counts; all where empty.
    topic = models.CharField(max_length=60, blank=True)
    municipality = models.CharField(max_length=3, blank=True)
    # In thousandths, so that sums and comparisons are exact in every database.
    baseline = models.BigIntegerField(null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = models.BigIntegerField(null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    smaller_is_better = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return choose(self.name).text


class Reading(models.Model):
    """A measure's value on a day: by itself, once a month; or by hand, with where it is from."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="readings")
    on = models.DateField()
    # In thousandths; none where too few people stand behind it to be told.
    value = models.BigIntegerField(null=True)
    source = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["measure", "on"], name="measure_read_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.value}"


class ActionState(models.TextChoices):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


A = ActionState


class Action(models.Model):
    """What somebody does for an objective, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="actions")
    name = TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True, blank=True)
    partners = models.ManyToManyField(Organisation, related_name="+", blank=True)
    begins = models.DateField()
    ends = models.DateField()
    state = FSMField(max_length=9, choices=ActionState, default=A.PLANNED)
    resources = models.CharField(max_length=500, blank=True)
    # What shows that it was done.
    evidence = models.TextField(blank=True)
    waits_for = models.ManyToManyField("self", symmetrical=False, related_name="waited_by", blank=True)
    gap = models.ForeignKey(Gap, models.SET_NULL, related_name="actions", null=True, blank=True)
    # The answer of a self-assessment that it grew out of.
    criterion = models.ForeignKey("strategy.Criterion", models.SET_NULL, related_name="actions", null=True, blank=True)
    changed_at = models.DateTimeField(default=now)
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["ends", "id"]
        indexes = [models.Index(fields=["objective", "state"], name="action_of_objective")]
        constraints = [
            models.CheckConstraint(name="action_in_order", condition=Q(ends__gte=F("begins"))),
            models.CheckConstraint(name="action_done_with_evidence", condition=~Q(state="done") | ~Q(evidence="")),
        ]

    def __str__(self) -> str:
        return choose(self.name).text

    def late(self, day: date | None = None) -> bool:
        return self.state in (A.PLANNED, A.UNDER_WAY) and self.ends < (day or today())

    @transition(field=state, source=[A.PLANNED, A.STOPPED], target=A.UNDER_WAY)
    def begun(self) -> None:
        """Somebody has begun it."""

    @transition(field=state, source=[A.PLANNED, A.UNDER_WAY], target=A.DONE)
    def done(self) -> None:
        """Its evidence says what came of it."""

    @transition(field=state, source=[A.PLANNED, A.UNDER_WAY], target=A.STOPPED)
    def stopped(self) -> None:
        """It is not done after all, or not now."""

    @transition(field=state, source=A.DONE, target=A.UNDER_WAY)
    def opened_again(self) -> None:
        """It was not done after all."""


class Review(models.Model):
    """A time at which the network looks at what was learned."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="reviews")
    due = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    learned = models.TextField(blank=True)
    # What is done otherwise because of it.
    changes = models.TextField(blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-due"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "due"], name="review_once"),
            models.CheckConstraint(name="review_held_with_words", condition=Q(held_on=None) | ~Q(learned="")),
        ]

    def __str__(self) -> str:
        return str(self.due)
