"""A day beside a colleague of another house."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.network.models import Member, Network, Organisation


class ShadowOffer(models.Model):
    """A house's door is open to colleagues: who shows round, what one sees, between which days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="shadow_offers")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    host = models.ForeignKey(Member, models.CASCADE, related_name="+")
    text = models.CharField(max_length=1000)
    begins = models.DateField()
    ends = models.DateField()
    # How many guests a day.
    most = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["begins", "id"]
        constraints = [
            models.CheckConstraint(name="shadow_offer_in_order", condition=Q(ends__gte=F("begins"))),
            models.CheckConstraint(name="shadow_offer_has_room", condition=Q(most__gte=1)),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ShadowState(models.TextChoices):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    HELD = "held"


S = ShadowState


class ShadowDay(models.Model):
    """One guest on one day: asked, agreed, held; and what the guest took home."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(ShadowOffer, models.CASCADE, related_name="days")
    guest = models.ForeignKey(Member, models.CASCADE, related_name="+")
    day = models.DateField()
    message = models.CharField(max_length=500, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    learned = models.CharField(max_length=2000, blank=True)
    state = FSMField(max_length=9, choices=ShadowState, default=S.ASKED)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["day", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "guest", "day"], condition=Q(state__in=["asked", "agreed"]), name="one_shadow_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"

    @transition(field=state, source=S.ASKED, target=S.AGREED)
    def agreed(self) -> None:
        """By the host."""

    @transition(field=state, source=S.ASKED, target=S.DECLINED)
    def declined(self) -> None:
        """By the host, with a reason."""

    @transition(field=state, source=[S.ASKED, S.AGREED], target=S.CANCELLED)
    def cancelled(self) -> None:
        """By either, before the day."""

    @transition(field=state, source=S.AGREED, target=S.HELD)
    def held(self) -> None:
        """The day was; the guest tells what they learned."""
