"""Services, the points where they are given, and the channels by which one gets in: as PTV and HSDS know them."""

from datetime import date
from uuid import UUID, uuid5

from django.db import models
from django.db.models import Q

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.network.models import Member, Organisation, Team

GIVEN = UUID("8c0a1d52-6b1f-5f0e-9a55-2f5a1c1f7a10")


class Source(models.TextChoices):
    """Where a record's facts come from, and who owns them."""

    EXAMPLE = "example"
    OWN = "own"
    PTV = "ptv"
    HSDS = "hsds"
    KOUTA = "kouta"
    LINKED_EVENTS = "linkedevents"
    ICAL = "ical"
    SHEET = "sheet"


# Those that are kept here; what comes from elsewhere is changed there.
OWN_SOURCES = (Source.OWN, Source.EXAMPLE)
EVENT_SOURCES = (Source.LINKED_EVENTS, Source.ICAL)
# After this many days past its date a record sinks in ranking and says so on its page.
LONG_OVERDUE_DAYS = 90


class State(models.TextChoices):
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    # Its source has it, and it is shown as a part of another source's record of the same.
    JOINED = "joined"


class Kind(models.TextChoices):
    INFORMATION = "information"
    ADVICE = "advice"
    GUIDANCE = "guidance"
    EDUCATION = "education"
    ASSESSMENT = "assessment"
    SUPPORT = "support"
    EMPLOYER = "employer"


class Charge(models.TextChoices):
    FREE = "free"
    CHARGEABLE = "chargeable"
    UNKNOWN = "unknown"


class Kept(models.Model):
    """What every record of the directory has so that it stays true: an owner, and a date by which they confirm it."""

    owner = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    confirm_months = models.PositiveSmallIntegerField(default=6)
    confirm_by = models.DateField(null=True, blank=True, db_index=True)
    verified_on = models.DateField(null=True, blank=True)
    # Counts the changes; a draft and a confirmation's link are for the version that they were made of.
    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_confirmed_in_time", condition=Q(confirm_months__gte=1, confirm_months__lte=24)
            )
        ]

    def overdue_days(self, day: date | None = None) -> int:
        """How many days past its date, 0 if it is in time or has none."""
        return max(0, ((day or today()) - self.confirm_by).days) if self.confirm_by else 0

    @property
    def long_overdue(self) -> bool:
        return self.overdue_days() > LONG_OVERDUE_DAYS


class ServicePoint(Kept):
    """A place, with its hours, its accessibility and the services given there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="points", null=True, blank=True)
    source = models.CharField(max_length=20, choices=Source)
    external_id = models.CharField(max_length=100)
    name = TextField()
    summary = TextField()
    description = TextField()
    street = TextField()
    postcode = models.CharField(max_length=5, blank=True)
    post_office = TextField()
    municipality = models.CharField(max_length=3, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # Opening hours in the OpenStreetMap grammar, and what they do not say in the person's words.
    hours = models.TextField(blank=True)
    hours_note = TextField()
    accessibility = TextField()
    # What the place has for those who need it: see ACCESS.
    access_features = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)
    source_hash = models.CharField(max_length=64, blank=True)
    # The whole record as its source gave it, so that nothing real is lost in import.
    source_record = models.JSONField(default=dict, blank=True)

    class Meta(Kept.Meta):
        abstract = False
        constraints = [
            *Kept.Meta.constraints,
            models.UniqueConstraint(fields=["source", "external_id"], name="point_once_a_source"),
            models.CheckConstraint(
                name="point_on_earth",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return choose(self.name).text


class Service(Kept):
    """What an organisation does for a person or a workplace."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="services", null=True, blank=True)
    source = models.CharField(max_length=20, choices=Source)
    external_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SUPPORT)
    name = TextField()
    alternative_names = TextField()
    summary = TextField()
    description = TextField()
    # What happens: what to do to get the service, step by step.
    instructions = TextField()
    requirements = TextField()
    target_groups = models.JSONField(default=list, blank=True)
    life_events = models.JSONField(default=list, blank=True)
    service_classes = models.JSONField(default=list, blank=True)
    ontology_terms = models.JSONField(default=list, blank=True)
    # Topics that an editor gave; the index adds those of the classes and of the text.
    topics = models.JSONField(default=list, blank=True)
    nationwide = models.BooleanField(default=False)
    municipalities = models.JSONField(default=list, blank=True)
    regions = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    charge = models.CharField(max_length=10, choices=Charge, default=Charge.UNKNOWN)
    charge_info = TextField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    points = models.ManyToManyField(ServicePoint, through="GivenAt", related_name="services", blank=True)
    # Who takes what comes to the service.
    team = models.ForeignKey(Team, models.SET_NULL, related_name="services", null=True, blank=True)
    # The first free time that one can book, where times are offered; kept fresh by those who keep the times.
    next_free_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)
    changed_at = models.DateTimeField(default=now)
    # When its source says that it changed.
    source_changed_at = models.DateTimeField(null=True, blank=True)
    source_form = models.CharField(max_length=10, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    source_record = models.JSONField(default=dict, blank=True)

    class Meta(Kept.Meta):
        abstract = False
        constraints = [
            *Kept.Meta.constraints,
            models.UniqueConstraint(fields=["source", "external_id"], name="service_once_a_source"),
            models.CheckConstraint(name="service_has_a_name", condition=~Q(name={})),
            models.CheckConstraint(
                name="service_validity_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "source"]),
            # By itself it tells how many are in force, whatever their number.
            models.Index(name="service_in_force", fields=["state", "valid_from", "valid_until"]),
        ]

    def __str__(self) -> str:
        return choose(self.name).text

    def in_force(self, day: date | None = None) -> bool:
        """Published, and within its validity on `day` (default today)."""
        day = day or today()
        begun = self.valid_from is None or self.valid_from <= day
        over = self.valid_until is not None and self.valid_until < day
        return self.state == State.PUBLISHED and begun and not over


def given_uid(service_id: UUID | None, point_id: UUID | None) -> UUID:
    """The same for the same service and place, wherever and whenever they are linked."""
    return uuid5(GIVEN, f"{service_id}/{point_id}")


class GivenUid(models.UUIDField):
    """Told by the service and the place alone, in whatever way the row is written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> UUID:
        value = given_uid(model_instance.service_id, model_instance.point_id)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, value)
        return value


class GivenAt(models.Model):
    """A service given at a point: when, where that is not the point's own hours, and whether one may just walk in."""

    service = models.ForeignKey(Service, models.CASCADE)
    point = models.ForeignKey(ServicePoint, models.CASCADE, db_column="servicepoint_id")
    hours = models.TextField(blank=True)
    drop_in = models.BooleanField(default=False)
    # By which others know it.
    uid = GivenUid(editable=False, unique=True, null=True)

    class Meta:
        db_table = "directory_service_points"
        constraints = [models.UniqueConstraint(fields=["service", "point"], name="given_at_once")]


class Channel(models.Model):
    """A way in: a number, an address, a form. It belongs to a service or to a point."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"
        WEB = "web"
        CHAT = "chat"
        VIDEO = "video"
        FORM = "form"
        VISIT = "visit"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.ForeignKey(Service, models.CASCADE, related_name="channels", null=True, blank=True, db_index=False)
    point = models.ForeignKey(
        ServicePoint, models.CASCADE, related_name="channels", null=True, blank=True, db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=500, blank=True)
    label = TextField()
    note = TextField()
    hours = models.TextField(blank=True)
    charge = models.CharField(max_length=10, choices=Charge, default=Charge.UNKNOWN)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        # Most channels have no point: an index with their emptiness in it would not be used.
        indexes = [
            models.Index(name="channel_of_service", fields=["service"], condition=Q(service__isnull=False)),
            models.Index(name="channel_of_point", fields=["point"], condition=Q(point__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="channel_has_one_owner",
                condition=Q(service__isnull=False, point__isnull=True) | Q(service__isnull=True, point__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"
