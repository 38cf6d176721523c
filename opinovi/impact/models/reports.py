"""Questions that people keep and share, and the words of the yearly report."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Network, Organisation, Person


class Rhythm(models.TextChoices):
    NEVER = ""
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class SavedQuery(models.Model):
    """A question to the figures that somebody keeps: which measure, by what, over which years; maybe shared with those
    who see the network's figures, maybe sent to its keeper by mail."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_queries")
    name = models.CharField(max_length=100)
    indicator = models.CharField(max_length=40)
    by = models.CharField(max_length=12, blank=True)
    # "quarter" or "year", and how many of them.
    step = models.CharField(max_length=7, default="quarter")
    spans = models.PositiveSmallIntegerField(default=8)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", null=True, blank=True)
    shared = models.BooleanField(default=False)
    rhythm = models.CharField(max_length=9, choices=Rhythm, blank=True)
    # The last span that was sent, so that each is sent once.
    sent_for = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_query_named_once"),
            models.CheckConstraint(name="saved_query_spans", condition=Q(spans__range=(1, 12))),
        ]

    def __str__(self) -> str:
        return self.name


class Annual(models.Model):
    """What the network, or one of its organisations, says of its year beside the figures. Published once it is
    ready."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", null=True, blank=True)
    year = models.PositiveSmallIntegerField()
    # {"done", "learned", "next"}: paragraphs, in the language of the writer.
    words = models.JSONField(default=dict, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # Where a part of the words was changed by two at once, the second is told.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "year"], condition=Q(organisation=None), name="annual_of_a_network_once"
            ),
            models.UniqueConstraint(fields=["network", "organisation", "year"], name="annual_of_a_house_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
