"""A strategy as it is written together: its text, its versions, and what people say of its paragraphs."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.network.models import Member, Network


class StrategyState(models.TextChoices):
    # Written together; what was published before stays in force.
    DRAFT = "draft"
    # A decided version of it is what everybody can read.
    PUBLISHED = "published"
    # Another has taken its place.
    ENDED = "ended"


class Strategy(models.Model):
    """A network's strategy for a period. What is written here is what is being worked on; the public reads the version
    that a meeting approved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="strategies")
    name = TextField()
    vision = TextField()
    begins = models.DateField()
    ends = models.DateField()
    # How often what was learned is looked at together, in months.
    review_months = models.PositiveSmallIntegerField(default=6)
    state = FSMField(max_length=9, choices=StrategyState, default=StrategyState.DRAFT)
    published = models.ForeignKey("StrategyVersion", models.PROTECT, related_name="+", null=True, blank=True)
    # Counts the changes of name, vision and period, so that nobody overwrites another unseen.
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-begins", "-made_at"]
        verbose_name_plural = "strategies"
        constraints = [
            models.CheckConstraint(name="strategy_in_order", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(name="strategy_reviewed", condition=Q(review_months__range=(1, 24))),
            models.CheckConstraint(
                name="strategy_published_with_a_version",
                condition=~Q(state="published") | Q(published__isnull=False),
            ),
            models.UniqueConstraint(fields=["network"], condition=Q(state="published"), name="one_strategy_in_force"),
        ]

    def __str__(self) -> str:
        return choose(self.name).text

    @transition(field=state, source=[StrategyState.DRAFT, StrategyState.PUBLISHED], target=StrategyState.PUBLISHED)
    def published_as(self, version: "StrategyVersion") -> None:
        self.published = version

    @transition(field=state, source=StrategyState.PUBLISHED, target=StrategyState.ENDED)
    def ended(self) -> None:
        """Another takes its place; its text stays to be read."""


class StrategyVersion(models.Model):
    """The whole strategy as it stood, kept as it was: {"name", "vision", "begins", "ends", "themes": [...]}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["strategy", "number"], name="strategy_version_once")]

    def __str__(self) -> str:
        return f"{self.strategy} {self.number}"


class Comment(models.Model):
    """What somebody says of a paragraph. The paragraph is kept as it stood, so that a comment outlives a change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="comments")
    # What the paragraph is of: "vision", "theme <id>" or "objective <id>"; and the paragraph's own text.
    part = models.CharField(max_length=60)
    paragraph = models.CharField(max_length=2000, blank=True)
    text = models.TextField()
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["strategy", "part"], name="comment_of_part")]

    def __str__(self) -> str:
        return self.part
