"""Referrals: a client handed on, warm, to another organisation's service."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.contact.models import Appointment, Registration
from opinovi.directory.models import GroupSession, Offering, Service
from opinovi.journeys.models.clients import Client, Journey
from opinovi.journeys.models.consents import Consent
from opinovi.network.models import Member, Network, Team


class ReferralState(models.TextChoices):
    DRAFTED = "drafted"
    ASKED = "asked"
    SENT = "sent"
    SEEN = "seen"
    QUESTION = "question"
    ACCEPTED = "accepted"
    MET = "met"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


S = ReferralState
# While the receiver may see what was shared, if the consent is in force.
WITH_RECEIVER = (S.SENT, S.SEEN, S.QUESTION, S.ACCEPTED, S.MET)
OPEN = (S.DRAFTED, S.ASKED, *WITH_RECEIVER)
OVER = (S.COMPLETED, S.DECLINED, S.WITHDRAWN, S.EXPIRED)


class Urgency(models.TextChoices):
    CALM = "calm"
    SOON = "soon"
    URGENT = "urgent"


class Referral(models.Model):
    """One hand-over of a client. See docs/continuum.md for its states and what never happens.

    Locked with the client's key: {"why", "hope", "question", "answer", "reason" (of declining), "receiver": {"name",
    "mail", "phone"} (of one outside the network), "outcome"}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # By which people speak of it without a name.
    number = models.PositiveIntegerField(unique=True)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, related_name="referrals")
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="referrals")
    # Who sent it; nobody where the client did.
    sender = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    from_team = models.ForeignKey(Team, models.PROTECT, related_name="+", null=True, blank=True)
    # To whom; no team where the receiver is outside the network.
    service = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    to_team = models.ForeignKey(Team, models.PROTECT, related_name="referrals", null=True, blank=True)
    # A training or a group that it is to, where several clients are referred at once.
    offering = models.ForeignKey(Offering, models.SET_NULL, related_name="+", null=True, blank=True)
    session = models.ForeignKey(GroupSession, models.SET_NULL, related_name="+", null=True, blank=True)
    together = models.UUIDField(null=True, blank=True, db_index=True)
    consent = models.OneToOneField(Consent, models.SET_NULL, related_name="referral", null=True, blank=True)
    urgency = models.CharField(max_length=6, choices=Urgency, default=Urgency.CALM)
    # Who stays the client's contact until the other has met them.
    contact = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    # Whether sender, receiver and client begin in one meeting.
    three_way = models.BooleanField(default=False)
    state = FSMField(max_length=9, choices=ReferralState, default=ReferralState.DRAFTED)
    locked = models.TextField(blank=True)
    receiver = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    appointment = models.ForeignKey(Appointment, models.SET_NULL, related_name="+", null=True, blank=True)
    # A place in the group that it is to.
    registration = models.ForeignKey(Registration, models.SET_NULL, related_name="+", null=True, blank=True)
    better_door = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    # Of the link to one outside the network.
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    drafted_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    # By when the next step is to be taken, and how often somebody was told that it was not.
    due_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["to_team", "state", "due_at"], name="referral_to_team"),
            models.Index(fields=["from_team", "state"], name="referral_from_team"),
            models.Index(fields=["state", "due_at"], name="referral_due"),
        ]
        constraints = [
            models.CheckConstraint(
                name="referral_out_has_a_consent",
                condition=Q(state__in=["drafted", "withdrawn", "expired"]) | Q(consent__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_accepted_once_sent",
                condition=Q(accepted_at=None) | Q(sent_at__isnull=False, accepted_at__gte=F("sent_at")),
            ),
            models.CheckConstraint(
                name="referral_met_once_accepted",
                condition=Q(met_at=None) | Q(accepted_at__isnull=False, met_at__gte=F("accepted_at")),
            ),
            models.CheckConstraint(
                name="referral_over_tells_when",
                condition=Q(state__in=[one.value for one in OVER], over_at__isnull=False, due_at=None)
                | (~Q(state__in=[one.value for one in OVER]) & Q(over_at=None)),
            ),
            models.CheckConstraint(
                name="accepted_referral_tells_when",
                condition=~Q(state__in=["accepted", "met", "completed"]) | Q(accepted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def words(self) -> dict[str, Any]:
        return self.client.unlock(self.locked) or {}

    @property
    def over(self) -> bool:
        return self.state in OVER

    @transition(state, source=S.DRAFTED, target=S.ASKED)
    def asked(self) -> None:
        """The client is asked."""

    @transition(state, source=S.ASKED, target=S.DRAFTED)
    def taken_back(self) -> None:
        """The question to the client was taken back, to write it better."""

    @transition(state, source=[S.DRAFTED, S.ASKED], target=S.SENT)
    def sent(self) -> None:
        """The client said yes: it is with the receiver."""

    @transition(state, source=S.SENT, target=S.SEEN)
    def seen(self) -> None:
        """Somebody of the receiver opened it."""

    @transition(state, source=[S.SENT, S.SEEN], target=S.QUESTION)
    def returned(self) -> None:
        """The receiver asks the sender something first."""

    @transition(state, source=S.QUESTION, target=S.SEEN)
    def answered(self) -> None:
        """The sender answered."""

    @transition(state, source=[S.SENT, S.SEEN, S.QUESTION], target=S.ACCEPTED)
    def accepted(self) -> None:
        """The receiver takes it."""

    @transition(state, source=[S.SENT, S.SEEN, S.QUESTION, S.ACCEPTED], target=S.DECLINED)
    def declined(self) -> None:
        """The receiver does not take it, or could not reach the client."""

    @transition(state, source=S.ACCEPTED, target=S.MET)
    def met(self) -> None:
        """The receiver has met the client."""

    @transition(state, source=S.MET, target=S.COMPLETED)
    def completed(self) -> None:
        """The receiver's part is done, with its outcome."""

    @transition(state, source=list(OPEN), target=S.WITHDRAWN)
    def withdrawn(self) -> None:
        """The client, or before the client was asked the sender, ended it."""

    @transition(state, source=[S.ASKED, S.SENT, S.SEEN, S.QUESTION, S.ACCEPTED], target=S.EXPIRED)
    def expired(self) -> None:
        """Nobody did anything for too long."""
