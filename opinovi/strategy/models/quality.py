"""How the network looks at its own guidance, year by year."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.network.models import Member, Network, Organisation


class Element(models.TextChoices):
    """The four sides of quality on which European lifelong guidance networks agree (ELGPN, 2012)."""

    COMPETENCE = "competence"
    CITIZENS = "citizens"
    PROVISION = "provision"
    BENEFIT = "benefit"


class Criterion(models.Model):
    """One thing that is looked at, with four levels told in words. One that is given up keeps its old answers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="criteria")
    element = models.CharField(max_length=10, choices=Element)
    text = TextField()
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["element", "position", "id"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return choose(self.text).text


class Assessment(models.Model):
    """What an organisation, or with none the network together, thinks of its guidance in a year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="assessments")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", null=True, blank=True)
    year = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["network", "organisation", "year"], name="assessed_once_a_year"),
            models.UniqueConstraint(
                fields=["network", "year"], condition=Q(organisation=None), name="assessed_together_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Verdict(models.Model):
    """The level of one criterion, 1 to 4, and why."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="verdicts")
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="verdicts")
    level = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="verdict_once"),
            models.CheckConstraint(name="level_of_four", condition=Q(level__range=(1, 4))),
        ]

    def __str__(self) -> str:
        return str(self.level)
