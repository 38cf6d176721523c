"""Projects: who pays, what is planned, what was used. Every sum is in whole cents."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.models import DataKey
from opinovi.base.text import TextField, choose
from opinovi.network.models import Member, Network, Organisation, Programme


class Rounding(models.TextChoices):
    """How the funder rounds what is calculated."""

    CENT = "cent"
    CENT_DOWN = "cent_down"
    EURO_DOWN = "euro_down"


class CostModel(models.TextChoices):
    # Every cost as it was.
    REAL = "real"
    # Other costs as a share of the staff's.
    FLAT = "flat"


class CostType(models.TextChoices):
    STAFF = "staff"
    SERVICES = "services"
    TRAVEL = "travel"
    ROOMS = "rooms"
    MATERIALS = "materials"
    OTHER = "other"
    # By a share of the staff's costs; nobody enters it.
    FLAT = "flat"


class Project(models.Model):
    """A piece of work with its own money."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="projects")
    programme = models.ForeignKey(Programme, models.SET_NULL, related_name="+", null=True, blank=True)
    # Of a programme that has no networks here.
    programme_name = TextField()
    name = TextField()
    summary = TextField()
    code = models.CharField(max_length=40, blank=True)
    coordinator = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    begins = models.DateField()
    ends = models.DateField()
    cost_model = models.CharField(max_length=4, choices=CostModel, default=CostModel.REAL)
    # The flat share of staff costs, in hundredths of a per cent.
    flat_share = models.PositiveIntegerField(default=0)
    rounding = models.CharField(max_length=9, choices=Rounding, default=Rounding.CENT)
    example = models.BooleanField(default=False)

    class Meta:
        ordering = ["-begins", "id"]
        constraints = [
            models.CheckConstraint(name="project_in_order", condition=Q(ends__gte=F("begins"))),
            models.CheckConstraint(name="flat_share_in_reason", condition=Q(flat_share__lte=10_000)),
            models.CheckConstraint(
                name="flat_model_has_a_share", condition=~Q(cost_model="flat") | Q(flat_share__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return choose(self.name).text


class Funder(models.Model):
    """Who pays which share. The last by position is the partners' own money: it bears what rounding leaves."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="funders")
    name = TextField()
    share = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(name="share_of_the_whole", condition=Q(share__lte=10_000))]

    def __str__(self) -> str:
        return choose(self.name).text


class Partner(models.Model):
    """An organisation that does a part of the work."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["project", "organisation"], name="partner_once")]

    def __str__(self) -> str:
        return str(self.organisation)


class ChangeState(models.TextChoices):
    ASKED = "asked"
    DECIDED = "decided"
    REFUSED = "refused"


class Change(models.Model):
    """A change of the budget: the first is the budget itself. It counts once it is decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    why = models.TextField()
    state = FSMField(max_length=7, choices=ChangeState, default=ChangeState.ASKED)
    asked_at = models.DateTimeField(default=now)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    # Who decided, when, under which number.
    decided_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="change_once"),
            models.CheckConstraint(
                name="decided_change_tells_how",
                condition=Q(state="asked") | Q(decided_on__isnull=False) & ~Q(decision=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @transition(field=state, source=ChangeState.ASKED, target=ChangeState.DECIDED)
    def decided(self) -> None:
        """It counts from now on."""

    @transition(field=state, source=ChangeState.ASKED, target=ChangeState.REFUSED)
    def refused(self) -> None:
        """It never counts."""


class BudgetLine(models.Model):
    """What a change adds to one cell of the budget, or takes from it."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="lines")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    cost_type = models.CharField(max_length=9, choices=CostType)
    year = models.PositiveSmallIntegerField()
    # Work and rooms that a partner gives, as against money.
    in_kind = models.BooleanField(default=False)
    cents = models.BigIntegerField()

    class Meta:
        ordering = ["organisation_id", "year", "cost_type", "in_kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "organisation", "cost_type", "year", "in_kind"], name="budget_cell_once_a_change"
            ),
            models.CheckConstraint(name="budget_line_of_something", condition=~Q(cents=0)),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.cost_type} {self.cents}"


class Period(models.Model):
    """A span that is reported at once. Closed for good when its claim is filed: the database refuses changes then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="periods")
    begins = models.DateField()
    ends = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["begins"]
        constraints = [
            models.UniqueConstraint(fields=["project", "begins"], name="period_once"),
            models.CheckConstraint(name="period_in_order", condition=Q(ends__gte=F("begins"))),
        ]

    def __str__(self) -> str:
        return f"{self.begins:%-d.%-m.%Y}–{self.ends:%-d.%-m.%Y}"


class EntryState(models.TextChoices):
    ENTERED = "entered"
    CONFIRMED = "confirmed"
    RETURNED = "returned"


class Entry(models.Model):
    """A cost, or working hours, of a partner on a day. What a month's hours were spent on is told in words, never about
    a client."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    period = models.ForeignKey(Period, models.PROTECT, related_name="entries")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    day = models.DateField()
    cost_type = models.CharField(max_length=9, choices=CostType)
    in_kind = models.BooleanField(default=False)
    text = models.CharField(max_length=300)
    # Who worked, for how long, at which price an hour; none of them for another cost.
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    hour_cents = models.PositiveIntegerField(default=0)
    cents = models.BigIntegerField()
    # The number of the voucher in the partner's books.
    voucher = models.CharField(max_length=40, blank=True)
    state = FSMField(max_length=9, choices=EntryState, default=EntryState.ENTERED)
    why_returned = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=now)
    confirmed_by = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["day", "id"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["period", "organisation", "state"], name="entry_of_period")]
        constraints = [
            models.CheckConstraint(name="entry_costs_something", condition=~Q(cents=0)),
            models.CheckConstraint(name="nobody_enters_the_flat_part", condition=~Q(cost_type="flat")),
            models.CheckConstraint(
                name="confirmed_entry_tells_by_whom",
                condition=~Q(state="confirmed") | Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="hours_have_a_worker", condition=Q(minutes=0) | Q(member__isnull=False, cost_type="staff")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.cents}"

    @transition(field=state, source=[EntryState.ENTERED, EntryState.RETURNED], target=EntryState.CONFIRMED)
    def confirmed(self, by: Member) -> None:
        self.confirmed_by, self.why_returned = by, ""

    @transition(field=state, source=[EntryState.ENTERED, EntryState.CONFIRMED], target=EntryState.RETURNED)
    def returned(self, why: str) -> None:
        self.confirmed_by, self.why_returned = None, why

    @transition(field=state, source=[EntryState.ENTERED, EntryState.RETURNED], target=EntryState.ENTERED)
    def entered(self) -> None:
        self.why_returned = ""


class Claim(models.Model):
    """What is asked of the funder for a period: its sums as they were, and its files once a worker has made them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    period = models.OneToOneField(Period, models.PROTECT, related_name="claim")
    number = models.PositiveIntegerField()
    filed_at = models.DateTimeField(default=now)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    # {"total", "money", "in_kind", "flat", "funders": [[name, cents]], "partners": ..., "types": ..., "entries"}
    sums = models.JSONField()
    sheet = models.BinaryField(null=True)
    paper = models.BinaryField(null=True)
    paid_cents = models.BigIntegerField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class Participant(models.Model):
    """A person who took part, as the funder's rules ask, with their consent. Locked with a key of its own: {"name",
    "born" (year), "gender", "work", "school"}. Ended consent erases it; that there was somebody stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.OneToOneField(DataKey, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField(blank=True)
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    # How they said yes, and who wrote it down.
    consent = models.CharField(max_length=200)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-began_on", "id"]
        constraints = [models.CheckConstraint(name="participant_said_yes", condition=~Q(consent=""))]

    def __str__(self) -> str:
        return str(self.id)


class Supported(models.Model):
    """A public service or a small enterprise that the project supported: counted as such by the funder's rules."""

    class Kind(models.TextChoices):
        PUBLIC = "public"
        ENTERPRISE = "enterprise"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="supported")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)
    began_on = models.DateField()
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["began_on", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "kind", "name"], name="supported_named_once")]

    def __str__(self) -> str:
        return self.name


class EsfReport(models.Model):
    """The common indicators of a project over a period, as they were when the report was filed. Sums alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="esf_reports")
    begins = models.DateField()
    ends = models.DateField()
    # {"rows": {indicator: [women, men, others, all]}, "missing": how many, "taken_back": how many}
    figures = models.JSONField(default=dict)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-ends", "-filed_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "begins", "ends"], name="esf_report_filed_once"),
            models.CheckConstraint(name="esf_report_ends_later", condition=Q(ends__gte=models.F("begins"))),
        ]

    def __str__(self) -> str:
        return f"{self.begins}–{self.ends}"
