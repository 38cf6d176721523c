"""Practices: what works in one house, told so that another can take it into use; and what came of that."""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.directory.models import Service
from opinovi.network.models import Member, Network, Organisation


class PracticeState(models.TextChoices):
    DRAFT = "draft"
    # Two other houses look at it.
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ENDED = "ended"


S = PracticeState


class Practice(models.Model):
    """The problem, the way, what it needs, what came of it, and who knows more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="practices")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = TextField()
    problem = TextField()
    way = TextField()
    needs = TextField()
    results = TextField()
    # Where the results can be seen.
    evidence = models.CharField(max_length=500, blank=True)
    contact = models.ForeignKey(Member, models.PROTECT, related_name="+")
    # Links to what helps in taking it up: [[name, address], ...]
    materials = models.JSONField(default=list, blank=True)
    topics = models.JSONField(default=list, blank=True)
    # Which competences of guides it strengthens.
    areas = models.JSONField(default=list, blank=True)
    services = models.ManyToManyField(Service, related_name="practices", blank=True)
    state = FSMField(max_length=9, choices=PracticeState, default=S.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-published_at", "-made_at"]
        indexes = [models.Index(fields=["network", "state"], name="practice_of_network")]
        constraints = [
            models.CheckConstraint(
                name="published_practice_tells_when", condition=~Q(state="published") | Q(published_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return choose(self.name).text

    @transition(field=state, source=S.DRAFT, target=S.IN_REVIEW)
    def offered(self) -> None:
        """Two other houses are asked to look at it."""

    @transition(field=state, source=S.IN_REVIEW, target=S.PUBLISHED)
    def published(self) -> None:
        self.published_at = now()

    @transition(field=state, source=[S.IN_REVIEW, S.PUBLISHED], target=S.DRAFT)
    def sent_back(self) -> None:
        """Something in it is to be put right, or it is being changed."""

    @transition(field=state, source=S.PUBLISHED, target=S.ENDED)
    def ended(self) -> None:
        """It is not used any more; its page stays, and says so."""


class PracticeReview(models.Model):
    """What one other house thinks of it as it stood at a revision."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="reviews")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    good = models.BooleanField()
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "organisation", "revision"], name="reviewed_once_a_revision"),
            models.CheckConstraint(name="what_is_not_good_is_told", condition=Q(good=True) | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Adoption(models.Model):
    """A house takes a practice into use: since when, how it changed it, what came of it there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="adoptions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    since = models.DateField()
    changed = models.TextField(blank=True)
    results = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["practice", "organisation"], name="adopted_once")]

    def __str__(self) -> str:
        return str(self.organisation)
