"""Courses and study places that one can apply to, and the people who guide."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from opinovi.base.clock import now, today
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.directory.models.services import EVENT_SOURCES, Charge, Kept, Service, ServicePoint, Source, State
from opinovi.network.models import Member, Organisation


class Form(models.TextChoices):
    """The form of study."""

    DAY = "day"
    EVENING = "evening"
    WEEKEND = "weekend"
    ONLINE = "online"
    HYBRID = "hybrid"
    WORK = "work"
    OWN_PACE = "own_pace"


class Offering(Kept):
    """A course or a study place, with its dates and the time to apply."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="offerings")
    source = models.CharField(max_length=20, choices=Source, default=Source.OWN)
    external_id = models.CharField(max_length=100)
    service = models.ForeignKey(Service, models.SET_NULL, related_name="offerings", null=True, blank=True)
    point = models.ForeignKey(ServicePoint, models.SET_NULL, related_name="offerings", null=True, blank=True)
    name = TextField()
    summary = TextField()
    description = TextField()
    topics = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    form = models.CharField(max_length=10, choices=Form, default=Form.DAY)
    municipality = models.CharField(max_length=3, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # When it meets, in the person's words: "ma ja ke klo 17-19".
    times = TextField()
    # No first day means that one can apply at once, no last day that one can apply all the time.
    apply_from = models.DateField(null=True, blank=True)
    apply_until = models.DateField(null=True, blank=True)
    places = models.PositiveIntegerField(null=True, blank=True)
    charge = models.CharField(max_length=10, choices=Charge, default=Charge.UNKNOWN)
    price_cents = models.PositiveIntegerField(null=True, blank=True)
    link = models.URLField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)
    changed_at = models.DateTimeField(default=now)

    class Meta(Kept.Meta):
        abstract = False
        constraints = [
            *Kept.Meta.constraints,
            models.UniqueConstraint(fields=["source", "external_id"], name="offering_once_a_source"),
            models.CheckConstraint(name="offering_has_a_name", condition=~Q(name={})),
            models.CheckConstraint(
                name="offering_dates_in_order",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="offering_application_in_order",
                condition=Q(apply_from__isnull=True)
                | Q(apply_until__isnull=True)
                | Q(apply_until__gte=F("apply_from")),
            ),
            models.CheckConstraint(
                name="offering_free_has_no_price",
                condition=~Q(charge=Charge.FREE) | Q(price_cents__isnull=True) | Q(price_cents=0),
            ),
        ]
        indexes = [models.Index(fields=["state", "apply_until"])]

    def __str__(self) -> str:
        return choose(self.name).text

    @property
    def is_event(self) -> bool:
        """Something that one comes to on its day, told by another's calendar; nothing to apply to."""
        return self.source in EVENT_SOURCES

    def over(self, day: date | None = None) -> bool:
        """No longer to be applied to: the time to apply has gone, or with none set, it has begun or ended."""
        day = day or today()
        last = self.apply_until or self.ends_on or self.starts_on
        return last is not None and last < day

    def open_now(self, day: date | None = None) -> bool:
        day = day or today()
        return not self.over(day) and (self.apply_from is None or self.apply_from <= day)


class ContactCard(Kept):
    """Who guides on what, in which languages, at which points. Shows only what the person consented to show."""

    SHOWABLE = ("name", "title", "phone", "email", "hours")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.OneToOneField(Member, models.CASCADE, related_name="card")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="cards")
    shown = models.JSONField(default=list, blank=True)
    topics = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    about = TextField()
    points = models.ManyToManyField(ServicePoint, related_name="cards", blank=True)
    services = models.ManyToManyField(Service, related_name="cards", blank=True)
    # When the person consented to what is shown; empty means that nothing is.
    consented_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)

    class Meta(Kept.Meta):
        abstract = False
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                name="card_is_shown_by_consent", condition=Q(consented_at__isnull=False) | Q(shown=[])
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    def public(self) -> dict[str, str]:
        """What of the person is shown, by consent; empty for one who has left, or has consented to nothing."""
        member = self.member
        if self.consented_at is None or self.state != State.PUBLISHED or member.ended_at is not None:
            return {}
        told = {
            "name": member.person.name,
            "title": member.title,
            "phone": member.phone,
            "email": member.person.email,
            "hours": member.hours,
        }
        return {key: told[key] for key in self.SHOWABLE if key in self.shown and told[key]}
