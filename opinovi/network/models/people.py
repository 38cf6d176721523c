"""People who sign in, their places in organisations, and how they come and go."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id
from opinovi.network.models.networks import Network, Organisation


class Role(models.TextChoices):
    """What a member does. The three last act in a network, the others in their own organisation."""

    GUIDE = "guide"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"
    EMPLOYER = "employer"
    COORDINATOR = "coordinator"
    NETWORK_ADMINISTRATOR = "network_administrator"
    AUDITOR = "auditor"


NETWORK_ROLES = (Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR, Role.AUDITOR)
# Who sees clients, or manages those who do, must have a second factor.
STRONG_ROLES = (Role.GUIDE, Role.ADMINISTRATOR, Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR)


class People(BaseUserManager["Person"]):
    def create(self, **fields: object) -> "Person":
        """A person without a password: they sign in by a code, a passkey or a provider."""
        person = self.model(**fields)
        person.set_unusable_password()
        person.save(using=self._db, force_insert=True)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Someone who signs in. Known by a mail address; what they may do comes from their places."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # In lower case, so that one address is one person.
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    # Whether a letter tells of what is new on the desk.
    letters = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    # An invented person of an example installation, offered by one click on the sign-in page.
    example = models.BooleanField(default=False)

    objects = People()
    USERNAME_FIELD = "email"

    class Meta:
        constraints = [models.CheckConstraint(name="person_email_in_lower_case", condition=Q(email=Lower("email")))]

    def __str__(self) -> str:
        return self.name or self.email


class Member(models.Model):
    """A person's place in an organisation. One who leaves keeps the row, with its end: what they did stays theirs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="places")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="staff")
    title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    # Working hours in the OpenStreetMap grammar.
    hours = models.TextField(blank=True)
    # What they know about: topics of the need vocabulary, languages, and their own words.
    topics = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    knows = models.CharField(max_length=500, blank=True)
    since = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(ended_at=None), name="one_place_in_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    def away(self, day: date | None = None) -> "Absence | None":
        """The absence that is on; read from what was prefetched."""
        day = day or today()
        return next((one for one in self.absences.all() if one.begins <= day <= one.ends), None)


class MemberRole(models.Model):
    """One role of a member; a network's role names its network."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=24, choices=Role)
    network = models.ForeignKey(Network, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "role", "network"], name="network_role_once"),
            models.UniqueConstraint(fields=["member", "role"], condition=Q(network=None), name="role_once"),
            models.CheckConstraint(
                name="network_role_names_its_network",
                condition=Q(role__in=NETWORK_ROLES, network__isnull=False)
                | (~Q(role__in=NETWORK_ROLES) & Q(network__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.role


class Team(models.Model):
    """People in one organisation who take what comes to certain services."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="teams")
    name = models.CharField(max_length=120)
    members = models.ManyToManyField(Member, related_name="teams", blank=True)
    # When the team works (OpenStreetMap grammar), and within how many of those hours it answers.
    hours = models.TextField(default="Mo-Fr 09:00-16:00; PH off")
    promise_hours = models.PositiveSmallIntegerField(default=14)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once"),
            models.CheckConstraint(name="promise_in_reason", condition=Q(promise_hours__range=(1, 400))),
        ]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """When a member is away, and who stands in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="absences")
    begins = models.DateField()
    ends = models.DateField()
    substitute = models.ForeignKey(Member, models.SET_NULL, related_name="stands_in", null=True, blank=True)

    class Meta:
        ordering = ["begins"]
        constraints = [
            models.CheckConstraint(name="absence_in_order", condition=Q(ends__gte=F("begins"))),
            models.CheckConstraint(
                name="nobody_stands_in_for_themselves",
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("member")),
            ),
        ]


class Invitation(models.Model):
    """A way in for one mail address, once, for a while. Only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    # [role, network's id or ""] pairs.
    roles = models.JSONField(default=list)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_is_used_or_withdrawn",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
            )
        ]

    def open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > now()
