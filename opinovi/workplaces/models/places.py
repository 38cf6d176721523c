"""Apprenticeships and work try-outs that workplaces offer: found by people and guides, arranged as a referral."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.directory.models import Service
from opinovi.journeys.models import Referral
from opinovi.network.models import Member
from opinovi.workplaces.models.workplaces import Workplace


class PlacementKind(models.TextChoices):
    APPRENTICESHIP = "apprenticeship"
    TRYOUT = "tryout"


class PlacementState(models.TextChoices):
    # The workplace has told of it; a guide says which service arranges it.
    TOLD = "told"
    OPEN = "open"
    FILLED = "filled"
    CLOSED = "closed"


P = PlacementState


class Placement(models.Model):
    """So many places of one kind at a workplace, and the service of the network that arranges them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="placements")
    kind = models.CharField(max_length=14, choices=PlacementKind)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    municipality = models.CharField(max_length=3, blank=True)
    count = models.PositiveSmallIntegerField(default=1)
    # How many of them have been filled.
    taken = models.PositiveSmallIntegerField(default=0)
    begins = models.DateField(null=True, blank=True)
    # The last day on which one may ask for it.
    until = models.DateField()
    service = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    state = FSMField(max_length=6, choices=PlacementState, default=P.TOLD)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["until", "id"]
        indexes = [models.Index(fields=["state", "until"], name="placement_open")]
        constraints = [
            models.CheckConstraint(name="placement_of_some", condition=Q(count__range=(1, 100))),
            models.CheckConstraint(name="placement_not_over_full", condition=Q(taken__lte=F("count"))),
            models.CheckConstraint(
                name="filled_placement_is_full",
                condition=Q(state="filled", taken=F("count")) | ~Q(state="filled"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def left(self) -> int:
        return self.count - self.taken

    @transition(field=state, source=[P.TOLD, P.CLOSED], target=P.OPEN)
    def opened(self) -> None:
        """Anyone may find it."""

    @transition(field=state, source=P.OPEN, target=P.FILLED)
    def filled(self) -> None:
        """All its places have somebody."""

    @transition(field=state, source=P.FILLED, target=P.OPEN)
    def freed(self) -> None:
        """Somebody did not begin after all."""

    @transition(field=state, source=[P.TOLD, P.OPEN, P.FILLED], target=P.CLOSED)
    def closed(self) -> None:
        """Not offered any more."""


class PlacementReferral(models.Model):
    """That a referral is to a place: the workplace sees neither; only how many places are filled."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="referrals")
    referral = models.OneToOneField(Referral, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.referral_id)
