"""Guidance where people work: a guide's day at the workplace, groups, a learning buddy, and a change that is seen
through together."""

from django.db import models
from django.db.models import F, Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.contact.models import Registration, TimeRule
from opinovi.directory.models import GroupSession
from opinovi.network.models import Member
from opinovi.workplaces.models.workplaces import Unit, Workplace


class VisitDay(models.Model):
    """A day when a guide sits at the workplace. Its people book by themselves; nobody of the workplace sees who."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="visits")
    # How long, with whom, in which ways; gone once the day is called off.
    rule = models.OneToOneField(TimeRule, models.SET_NULL, related_name="+", null=True, blank=True)
    day = models.DateField()
    begins = models.TimeField()
    ends = models.TimeField()
    # Where at the workplace: a room where one is not seen coming.
    place = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["day", "begins"]
        constraints = [
            models.CheckConstraint(name="visit_in_order", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(
                name="visit_called_off_offers_no_times", condition=Q(cancelled_at=None) | Q(rule=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%-d.%-m.%Y}"


class WorkplaceSession(models.Model):
    """An info session, group guidance or training for the people of a workplace."""

    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="sessions")
    session = models.OneToOneField(GroupSession, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["session__starts_at"]

    def __str__(self) -> str:
        return str(self.session)


class LearningBuddy(models.Model):
    """Somebody at the workplace whom the others may ask about learning, trained for it by the network."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="buddies")
    unit = models.ForeignKey(Unit, models.SET_NULL, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=120)
    # How colleagues find them, as they wish it to be told at the workplace's own door.
    reach = models.CharField(max_length=200, blank=True)
    # The training that they go to, and their place in it.
    session = models.ForeignKey(GroupSession, models.SET_NULL, related_name="+", null=True, blank=True)
    registration = models.OneToOneField(Registration, models.SET_NULL, related_name="+", null=True, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    since = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "learning buddies"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """A change that is ahead of a workplace, dismissals perhaps: what is done for its people, step by step."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="changes")
    name = models.CharField(max_length=120)
    # When it begins to concern people: what is done is timed by it.
    begins = models.DateField()
    people = models.PositiveIntegerField(null=True, blank=True)
    units = models.ManyToManyField(Unit, related_name="+", blank=True)
    # Whether the workplace's own door tells of it: only once the workplace has told its people.
    told = models.BooleanField(default=False)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-begins"]

    def __str__(self) -> str:
        return self.name


class ChangeStep(models.Model):
    """One thing that is done: of the ready package (`key`, changes.yaml), or one's own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    change = models.ForeignKey(Change, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300, blank=True)
    who = models.CharField(max_length=120, blank=True)
    by_day = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["by_day", "id"]
        constraints = [
            models.CheckConstraint(name="change_step_says_what", condition=~Q(key="") | ~Q(text="")),
            models.UniqueConstraint(fields=["change", "key"], condition=~Q(key=""), name="step_of_package_once"),
        ]

    def __str__(self) -> str:
        return self.text or self.key
