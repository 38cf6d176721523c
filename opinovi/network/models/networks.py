"""The members of one region and their shared door."""

from django.conf import settings
from django.db import models
from django.db.models import Q

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
    # The number in the register of businesses, "1234567-8", by which the same house is known in every source.
    business_id = models.CharField(max_length=9, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="organisation_once_a_source")]

    def __str__(self) -> str:
        return choose(self.name).text


class Programme(models.Model):
    """Sibling networks that reach into each other's directories."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True)
    name = TextField()

    def __str__(self) -> str:
        return choose(self.name).text


class Look(models.TextChoices):
    """The one colour of a network's door; each is checked for contrast in site.css."""

    LAKE = "lake"
    FOREST = "forest"
    BERRY = "berry"
    STONE = "stone"


def every_language() -> list[str]:
    return [code for code, _ in settings.LANGUAGES]


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
    # Who answers what comes to the front desk.
    front_desk_team = models.ForeignKey("network.Team", models.SET_NULL, related_name="+", null=True, blank=True)
    project = TextField()
    example = models.BooleanField(default=False)
    programme = models.ForeignKey(Programme, models.SET_NULL, related_name="networks", null=True, blank=True)
    # Where its door is: a host of its own, else a first part of the path; neither for the installation's first network.
    host = models.CharField(max_length=253, blank=True)
    path = models.SlugField(blank=True)
    look = models.CharField(max_length=10, choices=Look, default=Look.LAKE)
    languages = models.JSONField(default=every_language)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="network_host_once"),
            models.UniqueConstraint(fields=["path"], condition=~Q(path=""), name="network_path_once"),
        ]

    def __str__(self) -> str:
        return choose(self.name).text

    @property
    def prefix(self) -> str:
        """What its addresses begin with: nothing, or a slash and its path."""
        return f"/{self.path}" if self.path and not self.host else ""

    @property
    def address(self) -> str:
        """The scheme and host of its door; its pages' paths, prefix and all, come after."""
        scheme = settings.BASE_URL.split("://", 1)[0]
        return f"{scheme}://{self.host}" if self.host else settings.BASE_URL


class Membership(models.Model):
    """An organisation's place in a network, from its beginning to its end."""

    network = models.ForeignKey(Network, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "organisation"], name="member_once")]


class Agreement(models.Model):
    """One version of a network's agreement; the text of a version never changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    text = TextField()
    published_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["network", "version"], name="agreement_version_once")]

    def __str__(self) -> str:
        return f"{self.network} {self.version}"


class Signature(models.Model):
    """Who signed which version of the agreement for an organisation, and when."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="signed_once")]
