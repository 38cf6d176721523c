"""What is counted of needs: never the words, only what the region must know to close its gaps."""

from django.db import models

from opinovi.base.clock import today
from opinovi.base.ids import new_id
from opinovi.network.models import Network


class NeedCount(models.Model):
    """One need that was looked for: its topics, place and language, how many doors it got, whether one was opened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="+", null=True, blank=True)
    day = models.DateField(default=today, db_index=True)
    language = models.CharField(max_length=8)
    municipality = models.CharField(max_length=3, blank=True)
    topics = models.JSONField(default=list)
    doors = models.PositiveIntegerField()
    # Whether a door was good enough, or the person was offered the front desk first.
    served = models.BooleanField()
    opened = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="served_by_a_door", condition=models.Q(served=False) | models.Q(doors__gt=0))
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.language} {self.doors}"
