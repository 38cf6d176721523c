"""The members of one region and their shared door."""

from django.db import models

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose


class Organisation(models.Model):
    """A member of a network, or a provider outside it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = TextField()
    alternative_names = TextField()
    description = TextField()
    website = models.URLField(blank=True)
    municipality = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="organisation_once_a_source")]

    def __str__(self) -> str:
        return choose(self.name).text


class Network(models.Model):
    """A region's members, their agreement and their shared door."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = TextField()
    region = models.CharField(max_length=2)
    municipalities = models.JSONField(default=list)
    coordinator = models.ForeignKey(Organisation, models.PROTECT, related_name="coordinates")
    members = models.ManyToManyField(Organisation, through="Membership", related_name="networks")
    # The front desk: whom a person reaches when no other door fits. {"phone", "email", "hours" (OSM grammar)}
    front_desk = models.JSONField(default=dict)
    project = TextField()
    example = models.BooleanField(default=False)

    def __str__(self) -> str:
        return choose(self.name).text


class Membership(models.Model):
    network = models.ForeignKey(Network, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "organisation"], name="member_once")]
