"""Enquiries: conversations that a person opened, and what the desk needs to answer them."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.models import DataKey
from opinovi.base.text import TextField
from opinovi.directory.models import Service, ServicePoint
from opinovi.network.models import Member, Network, Organisation, Team


class Channel(models.TextChoices):
    WEB = "web"
    CHAT = "chat"
    PHONE = "phone"
    VISIT = "visit"


class Wish(models.TextChoices):
    """How the person wants to be answered."""

    HERE = "here"
    MAIL = "mail"
    CALL = "call"


class EnquiryState(models.TextChoices):
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"
    ERASED = "erased"


class ClosedWhy(models.TextChoices):
    ADVISED = "advised"
    BOOKED = "booked"
    DIRECTED = "directed"
    SILENT = "silent"
    NOT_OURS = "not_ours"
    UNWANTED = "unwanted"


class Confidential(models.Model):
    """A row with a key of its own, and what is told in confidence locked with it."""

    key = models.OneToOneField(DataKey, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField(blank=True)

    class Meta:
        abstract = True

    def told(self) -> dict[str, Any]:
        """What was told: name, mail, phone and so on; nothing once it is erased."""
        return (self.key.unlock(self.locked) if self.key and self.locked else None) or {}

    def keep(self, told: dict[str, Any]) -> None:
        assert self.key is not None
        self.locked = self.key.lock({name: value for name, value in told.items() if value})


class Enquiry(Confidential):
    """A conversation that a person opened, anonymous or known.

    Locked: {"subject", "name", "mail", "phone", "when" (to call), "code" (the return code)}.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.SET_NULL, related_name="+", null=True, blank=True)
    point = models.ForeignKey(ServicePoint, models.SET_NULL, related_name="+", null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="enquiries")
    assignee = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.WEB)
    wish = models.CharField(max_length=5, choices=Wish, default=Wish.HERE)
    language = models.CharField(max_length=10, default="fi")
    state = FSMField(max_length=10, choices=EnquiryState, default=EnquiryState.WAITING)
    asked_at = models.DateTimeField(default=now)
    # When the last word came, whoever's it was: retention counts from it.
    moved_at = models.DateTimeField(default=now)
    # By when an answer was promised; it stays the same when the enquiry is handed over.
    answer_by = models.DateTimeField()
    first_answered_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=10, choices=ClosedWhy, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, related_name="+", null=True, blank=True)
    # Of the return code only a keyed hash is kept outside what is locked.
    code_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    # A form that was sent twice makes one enquiry.
    once = models.UUIDField(unique=True, null=True, blank=True)
    # Looks like a form-filling machine's: kept aside, nobody is told.
    suspected = models.BooleanField(default=False)
    notices = models.BooleanField(default=True)
    has_files = models.BooleanField(default=False)
    topics = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "state", "answer_by"], name="enquiry_of_team"),
            models.Index(fields=["state", "moved_at"], name="enquiry_for_retention"),
        ]
        constraints = [
            models.CheckConstraint(
                name="enquiry_erased_keeps_no_words", condition=~Q(state="erased") | Q(locked="", code_hash=None)
            ),
            models.CheckConstraint(name="enquiry_promise_after_asking", condition=Q(answer_by__gte=F("asked_at"))),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @transition(state, source=[EnquiryState.WAITING, EnquiryState.ANSWERED], target=EnquiryState.ANSWERED)
    def answered(self) -> None:
        """Somebody answered."""

    @transition(
        state,
        source=[EnquiryState.WAITING, EnquiryState.ANSWERED, EnquiryState.CLOSED],
        target=EnquiryState.WAITING,
    )
    def waits(self) -> None:
        """The person wrote again, or it was opened anew."""

    @transition(state, source=[EnquiryState.WAITING, EnquiryState.ANSWERED], target=EnquiryState.CLOSED)
    def closed(self) -> None:
        """Done, with its reason."""

    @transition(state, source=[EnquiryState.WAITING, EnquiryState.ANSWERED], target=EnquiryState.MERGED)
    def merged(self) -> None:
        """The same person's other enquiry goes on."""

    @transition(state, source="*", target=EnquiryState.ERASED)
    def erased(self) -> None:
        """Its words are gone."""

    @property
    def open(self) -> bool:
        return self.state in (EnquiryState.WAITING, EnquiryState.ANSWERED)

    def snoozed(self, at: datetime | None = None) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > (at or now())


class Message(models.Model):
    """One word in a conversation, locked with its key."""

    class Author(models.TextChoices):
        PERSON = "person"
        GUIDE = "guide"
        # What the network itself says: handed over, joined.
        DESK = "desk"
        # Only the guides see it.
        NOTE = "note"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="messages")
    author = models.CharField(max_length=6, choices=Author)
    member = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    locked = models.TextField()
    at = models.DateTimeField(default=now)
    # When the person saw it.
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.author} {self.id}"


class Attachment(models.Model):
    """A file of a conversation, made harmless and locked with its key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    locked_name = models.TextField()
    content = models.BinaryField()
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class AnswerDraft(models.Model):
    """An answer that is being written; it also tells a colleague that somebody is writing."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="drafts")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    locked = models.TextField()
    edited_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enquiry", "member"], name="answer_draft_once")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.member_id}"


class AnswerTemplate(models.Model):
    """A ready answer of an organisation in each language, with fields in braces: {nimi}, {palvelu}, {ohjaaja}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="answer_templates")
    name = models.CharField(max_length=80)
    text = TextField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="answer_template_once")]

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """A guide on duty for a team until a time: a person can talk to them at once."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="duty")
    team = models.ForeignKey(Team, models.CASCADE, related_name="on_duty")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.member} {self.until:%H.%M}"


class AccessCode(models.Model):
    """A code sent to the person's own address, which opens their conversation once."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="access_codes")
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.enquiry_id)
