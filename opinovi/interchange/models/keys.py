"""Keys by which other systems write."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Member, Organisation


class Scope(models.TextChoices):
    """What a key may do."""

    BOOK = "book"


class ApiKey(models.Model):
    """A key by which an organisation's other systems write here. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    # The first letters, by which people tell keys apart.
    begins = models.CharField(max_length=8)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True)
    made_at = models.DateTimeField(default=now)
    # The last day on which it opens anything.
    ends_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.CheckConstraint(name="api_key_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name
