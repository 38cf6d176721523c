"""Clients, and their journeys through guidance."""

from typing import Any

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.models import DataKey
from opinovi.network.models import Member, Network, Organisation, Person, Team


class ClientState(models.TextChoices):
    ACTIVE = "active"
    ERASED = "erased"


class Client(models.Model):
    """A person whose guidance is kept, known by what they choose to give.

    Locked: {"name", "mail", "phone", "address"}. A client who is the same person as another is joined to that one:
    both keep what is theirs, and can be parted again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    key = models.OneToOneField(DataKey, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField(blank=True)
    # How they sign in. Its address tells nothing: what is theirs is locked here.
    person = models.OneToOneField(Person, models.SET_NULL, related_name="client", null=True, blank=True)
    # Keyed hashes by which one who signs in is found, and likely duplicates.
    mail_hash = models.CharField(max_length=64, blank=True, db_index=True)
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    # Whether the mail address was shown to be theirs.
    mail_verified = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="fi")
    # Served on paper: nothing is sent, everything is printed.
    on_paper = models.BooleanField(default=False)
    letters = models.BooleanField(default=True)
    state = models.CharField(max_length=6, choices=ClientState, default=ClientState.ACTIVE)
    joined_to = models.ForeignKey("self", models.SET_NULL, related_name="joined", null=True, blank=True)
    began_at = models.DateTimeField(default=now)
    # When anything last happened: retention counts from it.
    moved_at = models.DateTimeField(default=now)
    once = models.UUIDField(unique=True, null=True, blank=True)
    example = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["state", "moved_at"], name="client_for_retention"),
            # Few are joined: an index with the others' emptiness in it would not be used.
            models.Index(name="client_joined", fields=["joined_to"], condition=models.Q(joined_to__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="erased_client_keeps_nothing",
                condition=~Q(state="erased") | Q(locked="", mail_hash="", phone_hash="", person=None, key=None),
            ),
            models.CheckConstraint(name="nobody_is_joined_to_themselves", condition=~Q(joined_to=models.F("id"))),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def told(self) -> dict[str, Any]:
        """What they gave of themselves; nothing once it is erased."""
        return self.unlock(self.locked) or {}

    def keep(self, told: dict[str, Any]) -> None:
        self.locked = self.lock({name: value for name, value in told.items() if value})

    def lock(self, told: Any) -> str:
        assert self.key is not None
        return self.key.lock(told)

    def unlock(self, locked: str) -> Any:
        return self.key.unlock(locked) if self.key and locked else None

    @property
    def erased(self) -> bool:
        return self.state == ClientState.ERASED


class Beginning(models.TextChoices):
    """From what a journey began."""

    ENQUIRY = "enquiry"
    APPOINTMENT = "appointment"
    WALK_IN = "walk_in"
    OUTREACH = "outreach"
    SELF = "self"


class Journey(models.Model):
    """One client's guidance across organisations, from its beginning until what came of it is known.

    Locked with the client's key: {"need", "hope"}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="journeys")
    # Where it began and who is the client's contact; nobody where a client began by themselves.
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True, blank=True)
    guide = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    began_from = models.CharField(max_length=11, choices=Beginning)
    # The enquiry or the booked time that it began from.
    enquiry_id = models.UUIDField(null=True, blank=True)
    appointment_id = models.UUIDField(null=True, blank=True)
    locked = models.TextField(blank=True)
    began_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["began_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enquiry_id"], name="one_journey_from_an_enquiry"),
            models.UniqueConstraint(fields=["appointment_id"], name="one_journey_from_a_time"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def told(self) -> dict[str, Any]:
        return self.client.unlock(self.locked) or {}


class SignInCode(models.Model):
    """A code sent to a client's own address or number: it lets them in, once, soon."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="sign_in_codes")
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.client_id)
