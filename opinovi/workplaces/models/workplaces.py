"""A workplace that the network serves: its units, and who represents it."""

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Member, Network, Organisation


class Workplace(models.Model):
    """An employer as the network knows it. Its representatives are of its organisation, if it has one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="workplaces")
    organisation = models.OneToOneField(Organisation, models.SET_NULL, related_name="workplace", null=True, blank=True)
    name = models.CharField(max_length=120)
    municipality = models.CharField(max_length=3, blank=True)
    # At the end of the address of its people's own door.
    code = models.CharField(max_length=12, unique=True)
    # About how many work there.
    people = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of a workplace whose people answer as one group."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="units")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name
