"""Times with a guide: the rules by which they are offered, what is booked, who waits, and what keeps guides busy."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id
from opinovi.contact.models.enquiries import Confidential
from opinovi.directory.models import Service, ServicePoint
from opinovi.network.models import Member, Network, Organisation, Person, Team

# Booked time is kept in cells of so many minutes, each of which a guide has once: no two bookings can share one.
CELL_MINUTES = 5


class Mode(models.TextChoices):
    VISIT = "visit"
    PHONE = "phone"
    VIDEO = "video"


class TimeRule(models.Model):
    """When a guide, or any guide of a team, may be booked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="time_rules")
    # Without one, any guide of the team.
    member = models.ForeignKey(Member, models.CASCADE, related_name="time_rules", null=True, blank=True)
    service = models.ForeignKey(Service, models.CASCADE, related_name="time_rules")
    point = models.ForeignKey(ServicePoint, models.SET_NULL, related_name="+", null=True, blank=True)
    # For those alone who come by a code of a workplace; and where that is, in words.
    by_code = models.BooleanField(default=False)
    at = models.CharField(max_length=200, blank=True)
    modes = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    # In the OpenStreetMap grammar, Finnish time.
    hours = models.TextField()
    begins = models.DateField(default=today)
    ends = models.DateField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=45)
    buffer_minutes = models.PositiveSmallIntegerField(default=15)
    # How long before a time it can still be booked, and how far ahead.
    notice_hours = models.PositiveSmallIntegerField(default=3)
    ahead_days = models.PositiveSmallIntegerField(default=42)
    # At most so many a guide a day.
    per_day = models.PositiveSmallIntegerField(default=8)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="time_rule_length", condition=Q(minutes__range=(10, 480))),
            models.CheckConstraint(name="time_rule_buffer", condition=Q(buffer_minutes__lte=240)),
            models.CheckConstraint(name="time_rule_ahead", condition=Q(ahead_days__range=(1, 365))),
            models.CheckConstraint(name="time_rule_per_day", condition=Q(per_day__range=(1, 100))),
            models.CheckConstraint(name="time_rule_in_order", condition=Q(ends=None) | Q(ends__gte=F("begins"))),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.hours}"


class AppointmentState(models.TextChoices):
    BOOKED = "booked"
    MET = "met"
    ABSENT = "absent"
    CANCELLED = "cancelled"
    ERASED = "erased"


class Appointment(Confidential):
    """A booked time. Locked: {"name", "mail", "phone", "note", "token"}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="appointments")
    rule = models.ForeignKey(TimeRule, models.SET_NULL, related_name="+", null=True, blank=True)
    service = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    point = models.ForeignKey(ServicePoint, models.SET_NULL, related_name="+", null=True, blank=True)
    members = models.ManyToManyField(Member, related_name="appointments")
    mode = models.CharField(max_length=5, choices=Mode)
    language = models.CharField(max_length=10, default="fi")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = FSMField(max_length=10, choices=AppointmentState, default=AppointmentState.BOOKED)
    remind = models.CharField(max_length=4, blank=True)
    booked_at = models.DateTimeField(default=now)
    # Counts the moves, as calendars want it.
    sequence = models.PositiveSmallIntegerField(default=0)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)
    # The name of the room at the organisation's provider of video.
    room = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team", "begins_at"], name="appointment_of_team")]
        constraints = [
            models.CheckConstraint(name="appointment_in_order", condition=Q(ends_at__gt=F("begins_at"))),
            models.CheckConstraint(
                name="appointment_erased_keeps_no_words", condition=~Q(state="erased") | Q(locked="", token_hash=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins_at:%d.%m.%Y %H.%M}"

    @transition(state, source=AppointmentState.BOOKED, target=AppointmentState.CANCELLED)
    def cancelled(self) -> None:
        """By the person or by the guide."""

    @transition(state, source=[AppointmentState.BOOKED, AppointmentState.ABSENT], target=AppointmentState.MET)
    def met(self) -> None:
        """They met."""

    @transition(state, source=[AppointmentState.BOOKED, AppointmentState.MET], target=AppointmentState.ABSENT)
    def absent(self) -> None:
        """The person did not come."""

    @transition(state, source="*", target=AppointmentState.ERASED)
    def erased(self) -> None:
        """Its words are gone."""

    @property
    def ahead(self) -> bool:
        return self.state == AppointmentState.BOOKED and self.begins_at > now()


class WaitingState(models.TextChoices):
    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    GONE = "gone"


class WaitingForTime(Confidential):
    """Somebody who would like an earlier time of a service; a freed time is held for them for a while.

    Locked: {"name", "mail", "phone", "token"}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    mode = models.CharField(max_length=5, choices=Mode, blank=True)
    language = models.CharField(max_length=10, default="fi")
    state = models.CharField(max_length=10, choices=WaitingState, default=WaitingState.WAITING)
    since = models.DateTimeField(default=now)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    # What is offered: a time of a rule with a guide, until when it is held, and what was offered before.
    rule = models.ForeignKey(TimeRule, models.SET_NULL, related_name="+", null=True, blank=True)
    member = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    begins_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "id"]

    def __str__(self) -> str:
        return f"{self.state} {self.id}"


class Taken(models.Model):
    """A cell of a guide's time that is booked, or held for one who waits. The database has each cell once.

    The time is the person's: one who guides in two organisations has it once.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="taken")
    # Which cell: minutes since 1970 (UTC), divided by CELL_MINUTES.
    cell = models.PositiveBigIntegerField()
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="taken", null=True, blank=True)
    waiting = models.ForeignKey(WaitingForTime, models.CASCADE, related_name="taken", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "cell"], name="no_two_bookings_of_one_time"),
            models.CheckConstraint(
                name="taken_for_one_reason",
                condition=Q(appointment__isnull=False, waiting__isnull=True)
                | Q(appointment__isnull=True, waiting__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.cell}"


class BusyCalendar(models.Model):
    """A calendar address that a guide gave; its busy times are read, and nothing else of it is kept."""

    SEALED = {"sealed": "calendar"}

    person = models.OneToOneField(Person, models.CASCADE, related_name="busy_calendar")
    # The address is a secret of the guide's: sealed.
    sealed = models.TextField()
    read_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.person)


class Busy(models.Model):
    """When a guide is busy elsewhere."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="busy")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "ends_at"], name="busy_of_person")]

    def __str__(self) -> str:
        return f"{self.begins_at:%d.%m. %H.%M}"


class CalendarFeed(models.Model):
    """The secret address of a guide's own calendar; names of clients only if they choose so."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    names = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.person)


class VideoProvider(models.Model):
    """Where an organisation's video meetings are held: a Jitsi server that takes signed tokens."""

    SEALED = {"sealed": "video"}

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="video")
    address = models.URLField()
    app_id = models.CharField(max_length=100)
    sealed = models.TextField()

    def __str__(self) -> str:
        return self.address
