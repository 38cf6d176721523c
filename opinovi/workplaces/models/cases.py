"""What a workplace asks of the network, followed until it is answered: the request, what is said of it, and the joint
offer of several organisations."""

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.contact.models.enquiries import Confidential
from opinovi.directory.models import Service
from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.workplaces.models.workplaces import Workplace


class WorkplaceTeamPlace(models.Model):
    """Somebody of the network's workplace team, which answers workplaces together from several organisations."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="workplace_team")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "member"], name="in_the_workplace_team_once")]

    def __str__(self) -> str:
        return str(self.member)


class Ask(models.TextChoices):
    """What a workplace asks for."""

    PEOPLE = "people"
    TRAINING = "training"
    APPRENTICE = "apprentice"
    SURVEY = "survey"
    VISIT = "visit"
    CHANGES = "changes"
    FUNDING = "funding"
    OTHER = "other"


class CaseState(models.TextChoices):
    NEW = "new"
    OPEN = "open"
    OFFERED = "offered"
    AGREED = "agreed"
    DONE = "done"
    CLOSED = "closed"


class EndedWhy(models.TextChoices):
    HELPED = "helped"
    DIRECTED = "directed"
    CHANGED_MIND = "changed_mind"
    SILENT = "silent"
    NOT_OURS = "not_ours"


C = CaseState


class Case(Confidential):
    """One request of a workplace. Locked: {"house" (the workplace as they wrote it), "name", "mail", "phone", "need",
    "token"}: a need may tell of dismissals before the staff know."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # By which people speak of it.
    number = models.PositiveIntegerField(unique=True)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    workplace = models.ForeignKey(Workplace, models.SET_NULL, related_name="cases", null=True, blank=True)
    ask = models.CharField(max_length=10, choices=Ask, default=Ask.OTHER)
    municipality = models.CharField(max_length=3, blank=True)
    people = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=10, default="fi")
    state = FSMField(max_length=7, choices=CaseState, default=C.NEW)
    responsible = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    asked_at = models.DateTimeField(default=now)
    # Until somebody takes it: by when they should. Then: by when the next step is to be taken.
    due_at = models.DateTimeField(null=True, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    # How often somebody was told that it was not.
    reminded = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=12, choices=EndedWhy, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["network", "state", "due_at"], name="case_waits")]
        constraints = [
            models.CheckConstraint(
                name="case_ended_tells_when_and_why",
                condition=Q(state__in=["done", "closed"], ended_at__isnull=False, due_at=None) & ~Q(ended_why="")
                | ~Q(state__in=["done", "closed"]) & Q(ended_at=None, ended_why=""),
            ),
            models.CheckConstraint(
                name="case_waits_by_a_day", condition=Q(state__in=["done", "closed"]) | Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def ended(self) -> bool:
        return self.state in (C.DONE, C.CLOSED)

    @transition(field=state, source=C.NEW, target=C.OPEN)
    def taken(self) -> None:
        """Somebody of the team has it."""

    @transition(field=state, source=[C.NEW, C.OPEN], target=C.OFFERED)
    def offered(self) -> None:
        """A joint offer is with the workplace."""

    @transition(field=state, source=C.OFFERED, target=C.OPEN)
    def unanswered(self) -> None:
        """The offer was declined, withdrawn, or its day went by."""

    @transition(field=state, source=C.OFFERED, target=C.AGREED)
    def agreed(self) -> None:
        """The workplace took the offer."""

    @transition(field=state, source=[C.OPEN, C.AGREED], target=C.DONE)
    def done(self) -> None:
        """They got what they asked for, or the way to it."""

    @transition(field=state, source=[C.NEW, C.OPEN, C.OFFERED, C.AGREED], target=C.CLOSED)
    def closed(self) -> None:
        """It came to nothing."""

    @transition(field=state, source=[C.DONE, C.CLOSED], target=C.OPEN)
    def reopened(self) -> None:
        """It goes on after all."""

    @transition(field=state, source=[C.DONE, C.CLOSED], target=C.NEW)
    def asked_again(self) -> None:
        """It goes on after all, and nobody had it."""


class CaseMessage(models.Model):
    """What was said between a workplace and the team. Locked with the case's key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    # Who of the team wrote; nobody where the workplace did.
    member = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    from_workplace = models.BooleanField(default=False)
    locked = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class OfferState(models.TextChoices):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Offer(models.Model):
    """One joint offer: parts of several organisations, taken whole by one press. Once sent it does not change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="offers")
    state = FSMField(max_length=9, choices=OfferState, default=OfferState.DRAFT)
    # What it is all about, in words for the workplace. Locked with the case's key.
    locked = models.TextField(blank=True)
    valid_until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Who of the workplace answered, where they were signed in.
    answered_by = models.ForeignKey(Person, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["draft", "sent", "accepted"]), name="one_offer_at_a_time"
            ),
            models.CheckConstraint(
                name="sent_offer_has_a_day",
                condition=Q(state="draft") | Q(sent_at__isnull=False, valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="answered_offer_tells_when",
                condition=~Q(state__in=["accepted", "declined"]) | Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.state

    @transition(field=state, source=OfferState.DRAFT, target=OfferState.SENT)
    def sent(self) -> None:
        """It is with the workplace, and does not change any more."""

    @transition(field=state, source=OfferState.SENT, target=OfferState.ACCEPTED)
    def accepted(self) -> None:
        """Taken whole."""

    @transition(field=state, source=OfferState.SENT, target=OfferState.DECLINED)
    def declined(self) -> None:
        """Not taken."""

    @transition(field=state, source=OfferState.SENT, target=OfferState.WITHDRAWN)
    def withdrawn(self) -> None:
        """The team took it back."""

    @transition(field=state, source=OfferState.SENT, target=OfferState.EXPIRED)
    def expired(self) -> None:
        """Its day went by."""


class OfferPart(models.Model):
    """What one organisation does, when and at what price. Only that house says that it is ready."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    # Who sees to it in that house, if the offer is taken.
    contact = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    what = models.CharField(max_length=500, blank=True)
    begins = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    # In cents; 0 where it costs nothing.
    price = models.PositiveIntegerField(null=True, blank=True)
    funding = models.CharField(max_length=200, blank=True)
    ready = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = [F("begins").asc(nulls_last=True), "made_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="ready_part_tells_what_and_when",
                condition=Q(ready=False) | (~Q(what="") & Q(begins__isnull=False, price__isnull=False)),
            ),
            models.CheckConstraint(
                name="part_in_order", condition=Q(ends=None) | Q(begins__isnull=True) | Q(ends__gte=F("begins"))
            ),
        ]

    def __str__(self) -> str:
        return self.what or str(self.organisation)
