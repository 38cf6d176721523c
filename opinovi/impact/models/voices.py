"""What people say of what they got: feedback without a name, complaints with an answer, and who they say they are."""

from django.db import models
from django.db.models import F, Q

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id
from opinovi.base.models import DataKey
from opinovi.contact.models.enquiries import Confidential
from opinovi.journeys.models import Client
from opinovi.network.models import Member, Network, Organisation, Team

ITEMS = ("heard", "got", "next", "again")


class Given(models.Model):
    """That feedback of one contact was given: a keyed hash, by which nobody finds from the feedback to the contact."""

    hashed = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.hashed[:8]


class Feedback(models.Model):
    """What somebody thought of a contact: one to three, four plain items if they like, and a sentence. No name, no link
    to the contact, no time of day. The sentence is locked with a key of its own and read by the team alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="feedback")
    channel = models.CharField(max_length=6)
    language = models.CharField(max_length=10, default="fi")
    score = models.PositiveSmallIntegerField()
    items = models.JSONField(default=dict, blank=True)
    key = models.OneToOneField(DataKey, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField(blank=True)
    day = models.DateField(default=today)
    # Who read a low one, so that it does not wait on everybody's desk.
    read_by = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team", "day"], name="feedback_of_team")]
        constraints = [
            models.CheckConstraint(name="feedback_one_to_three", condition=Q(score__range=(1, 3))),
            models.CheckConstraint(name="feedback_words_have_a_key", condition=Q(locked="") | Q(key__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.score}"

    @property
    def words(self) -> str:
        return (self.key.unlock(self.locked) if self.key and self.locked else "") or ""


class ComplaintState(models.TextChoices):
    WAITING = "waiting"
    ANSWERED = "answered"


class Complaint(Confidential):
    """Somebody was treated badly and says so: to the organisation, which answers within a time limit. Locked: {"words",
    "mail", "answer", "code"}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="complaints")
    language = models.CharField(max_length=10, default="fi")
    state = models.CharField(max_length=8, choices=ComplaintState, default=ComplaintState.WAITING)
    made_at = models.DateTimeField(default=now)
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    member = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    # Whether the coordinators were told that it was not answered in time.
    late_at = models.DateTimeField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "answer_by"], name="complaint_due")]
        constraints = [
            models.CheckConstraint(name="complaint_answered_later", condition=Q(answer_by__gte=F("made_at"))),
            models.CheckConstraint(
                name="complaint_answered_tells_when",
                condition=Q(state="waiting", answered_at=None) | Q(state="answered", answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Background(models.Model):
    """Who a client says they are, for the figures alone, in so far as they like. Locked with the client's key:
    {"municipality", "groups"}. The client sees, changes and takes it away."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="background", primary_key=True)
    locked = models.TextField()
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.client_id)
