"""Who comes to a group session, who waits for a place in it, and who came."""

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.contact.models.enquiries import Confidential
from opinovi.directory.models import GroupSession, Meeting
from opinovi.network.models import Network


class RegistrationState(models.TextChoices):
    PLACED = "placed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ERASED = "erased"


class Registration(Confidential):
    """A place in a group session, or one in the line for it. Locked: {"name", "mail", "phone", "note", "token"}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    session = models.ForeignKey(GroupSession, models.PROTECT, related_name="registrations")
    state = FSMField(max_length=10, choices=RegistrationState, default=RegistrationState.WAITING)
    language = models.CharField(max_length=10, default="fi")
    remind = models.CharField(max_length=4, blank=True)
    since = models.DateTimeField(default=now)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["session", "state", "since"], name="registration_in_line")]
        constraints = [
            models.CheckConstraint(
                name="registration_erased_keeps_no_words", condition=~Q(state="erased") | Q(locked="", token_hash=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"

    @transition(state, source=RegistrationState.WAITING, target=RegistrationState.PLACED)
    def placed(self) -> None:
        """At once where there is room, or when somebody gave up a place."""

    @transition(state, source=[RegistrationState.PLACED, RegistrationState.WAITING], target=RegistrationState.CANCELLED)
    def cancelled(self) -> None:
        """By the person, or by the leader."""

    @transition(state, source="*", target=RegistrationState.ERASED)
    def erased(self) -> None:
        """Its words are gone."""


class Attendance(models.Model):
    """Whether one came to a meeting, as its leader marked it."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="attendances")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    came = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "meeting"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.came}"
