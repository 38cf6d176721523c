"""Published answers: what one person asked and others may wonder too, with nobody's name in it."""

import json

from django.db import models
from django.db.models import F, Q

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.secret import seal, unseal
from opinovi.base.text import TextField, choose
from opinovi.directory.models.services import Kept, Service, Source
from opinovi.network.models import Member, Organisation


class AnswerState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Answer(Kept):
    """A question and its answer. One writes it, another approves it; the owner confirms it by its review date."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="answers")
    source = models.CharField(max_length=20, choices=Source, default=Source.OWN)
    service = models.ForeignKey(Service, models.SET_NULL, related_name="answers", null=True, blank=True)
    # The question, as a person would ask it; and the answer. Empty until it is published.
    name = TextField()
    summary = TextField()
    # What is being written, {"name", "summary"}: sealed, since a person's own words may still be in it.
    sealed = models.TextField(blank=True)
    SEALED = {"sealed": "answer"}
    topics = models.JSONField(default=list, blank=True)
    written_by = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    approved_by = models.ForeignKey(Member, models.SET_NULL, related_name="+", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    # Since when what is being written waits for another's approval.
    proposed_at = models.DateTimeField(null=True, blank=True)
    # Why it was sent back, for its writer.
    remark = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.DRAFT)
    changed_at = models.DateTimeField(default=now)

    class Meta(Kept.Meta):
        abstract = False
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                name="answer_approved_by_another",
                condition=Q(approved_by=None) | Q(written_by=None) | ~Q(approved_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="answer_published_was_approved",
                condition=~Q(state="published") | (Q(approved_at__isnull=False) & ~Q(name={}) & ~Q(summary={})),
            ),
        ]
        indexes = [models.Index(fields=["state", "confirm_by"], name="answer_by_state")]

    def __str__(self) -> str:
        return choose(self.name).text

    def proposal(self) -> dict[str, dict[str, str]]:
        """What is being written, by language; what is published where nothing is."""
        if not self.sealed:
            return {"name": self.name, "summary": self.summary}
        found: dict[str, dict[str, str]] = json.loads(unseal(self.sealed, "answer"))
        return found

    def propose(self, name: dict[str, str], summary: dict[str, str]) -> None:
        self.sealed = seal(json.dumps({"name": name, "summary": summary}), "answer")
