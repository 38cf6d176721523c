"""Figures counted from Events. They can be thrown away at any time: counting anew gives the same, to the digit."""

from django.db import models

from opinovi.base.clock import now
from opinovi.network.models import Network


class Figure(models.Model):
    """How many of one thing there were: of whom (a team, an organisation or a network), in which month, of which value
    of one breakdown ("" is the whole). What has a size, as hours waited, stands apart by it (`bucket`)."""

    scope = models.CharField(max_length=36)
    count = models.CharField(max_length=30)
    # The year and the month as one number: 202611.
    month = models.PositiveIntegerField()
    by = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=40, blank=True)
    bucket = models.IntegerField(default=0)
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "by", "count", "month", "value", "bucket"], name="figure_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.month} {self.by} {self.value}: {self.n}"


class Counted(models.Model):
    """Up to which Event the figures were counted; one row."""

    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.seq)


class Population(models.Model):
    """How large a part of a region's adults a group is, in tenths of a per cent, by a table whose source is told."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    group = models.CharField(max_length=20)
    permille = models.PositiveSmallIntegerField()
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "group", "year"], name="population_of_a_year_once"),
            models.CheckConstraint(name="population_is_a_part", condition=models.Q(permille__lte=1000)),
            models.CheckConstraint(name="population_tells_its_source", condition=~models.Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.year}"
