"""What those who guide think of their own competence, and what the network may know of it together."""

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.figures import to_fives
from opinovi.base.ids import new_id
from opinovi.contact.models.enquiries import Confidential
from opinovi.network.models import Member, Network


class CompetenceProfile(Confidential):
    """One's own assessment: nobody else's to see, unless one has chosen a leader or to be counted.

    Locked: {"levels": {area: 1 to 4}, "wants": [area, ...], "plan": text, "before": [[day, levels], ...],
    "counted": {area: [level, wanted] as it stands in the network's sums}}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.OneToOneField(Member, models.CASCADE, related_name="competence")
    # Who may read it, of the same house; nobody, until one chooses.
    leader = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    # Whether it counts in the sums of the network.
    counted = models.BooleanField(default=False)
    assessed_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.id)


class CompetenceCount(models.Model):
    """The sums of a network as they were counted last; an area is counted anew once five people or more have changed
    theirs in it, so that no two counts differ by fewer."""

    network = models.OneToOneField(Network, models.CASCADE, related_name="competences", primary_key=True)
    counted_at = models.DateTimeField(default=now)
    # {area: {"levels": {"1": count or None, ...}, "total": count or None, "wants": count or None}}
    figures = models.JSONField()
    # Which profiles were counted, by their ids.
    basis = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.people}"

    @property
    def people(self) -> int:
        """About how many were counted, in fives."""
        return to_fives(len(self.basis))


class PeerOffer(models.Model):
    """ "Ask me": somebody who knows an area well and has time for a colleague."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="peer_offers")
    member = models.ForeignKey(Member, models.CASCADE, related_name="peer_offers")
    area = models.CharField(max_length=20)
    text = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["area", "made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "member", "area"], condition=Q(ended_at=None), name="one_offer_of_an_area_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.area
