"""A competence survey: what is asked, sheets that are being filled, answers that are nobody's, and what came of it.

Nothing here links a person to an answer: a sheet holds no name and no time, is emptied when it is sent and deleted
when the
survey closes; an answer's place among the others is drawn by lot; and answers themselves are deleted once they are
counted.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.text import TextField, choose
from opinovi.contact.models.enquiries import Confidential
from opinovi.network.models import Member
from opinovi.workplaces.models.workplaces import Unit, Workplace


class SurveyState(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"
    # No more answers; being counted.
    CLOSED = "closed"
    COUNTED = "counted"


S = SurveyState


class CompetenceSurvey(Confidential):
    """What a workplace asks its people, once. Its key locks what is being filled and what was written in words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="surveys")
    name = TextField()
    # By which one comes to it: in a link, or as a door code on the wall.
    code = models.CharField(max_length=12, unique=True)
    state = FSMField(max_length=7, choices=SurveyState, default=S.DRAFT)
    units = models.ManyToManyField(Unit, related_name="+", blank=True)
    # Whether one answers by a slip of paper of one's own, each good for one answer.
    by_slip = models.BooleanField(default=False)
    closes_on = models.DateField(null=True, blank=True)
    # The survey of an earlier year, with which this one is compared.
    before = models.ForeignKey("self", models.SET_NULL, related_name="+", null=True, blank=True)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    opened_at = models.DateTimeField(null=True, blank=True)
    # When its workplace was told that a year has gone by.
    repeat_told_at = models.DateTimeField(null=True, blank=True)
    # What may be shown of the answers (release.py); nothing until they are counted.
    result = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(name="open_survey_has_an_end", condition=Q(state="draft") |
            Q(closes_on__isnull=False)), models.CheckConstraint(
                name="counted_survey_has_a_result", condition=~Q(state="counted") | Q(result__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return choose(self.name).text

    @transition(field=state, source=S.DRAFT, target=S.OPEN)
    def opened(self) -> None:
        self.opened_at = now()

    @transition(field=state, source=S.OPEN, target=S.CLOSED)
    def closed(self) -> None:
        """Nobody answers any more."""

    @transition(field=state, source=S.CLOSED, target=S.COUNTED)
    def counted(self) -> None:
        """What may be shown is kept; the answers are gone."""


class SurveyItem(models.Model):
    """One competence that is asked of: how important it is now and in three years, 0 to 3."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    survey = models.ForeignKey(CompetenceSurvey, models.CASCADE, related_name="items")
    # What stays the same from year to year, so that the change can be shown.
    key = models.CharField(max_length=200)
    name = TextField()
    now = models.PositiveSmallIntegerField(default=2)
    later = models.PositiveSmallIntegerField(default=2)
    topics = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "key"], name="asked_once"),
            models.CheckConstraint(name="importance_of_three", condition=Q(now__lte=3) & Q(later__lte=3)),
        ]

    def __str__(self) -> str:
        return choose(self.name).text


class SurveySheet(models.Model):
    """What somebody is filling, behind a secret that only they have. Locked: {"unit", "levels": {item: 1 to 4}}."""

    # A random id: it tells nothing of when it was begun.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(CompetenceSurvey, models.CASCADE, related_name="sheets")
    secret_hash = models.CharField(max_length=64, unique=True)
    locked = models.TextField(blank=True)
    sent = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(name="sent_sheet_is_empty", condition=Q(sent=False) | Q(locked=""))]

    def __str__(self) -> str:
        return str(self.id)


class SurveyAnswer(models.Model):
    """What one of them said: of which unit, and on which level in each competence. Gone once it is counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(CompetenceSurvey, models.CASCADE, related_name="answers")
    # {"unit": id or "", "levels": {item: 1 to 4}}, locked with the survey's key.
    locked = models.TextField()

    def __str__(self) -> str:
        return str(self.id)


class WordState(models.TextChoices):
    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


class SurveyWords(models.Model):
    """What somebody wrote in their own words, apart from their answer; the employer sees it once a guide has read
    it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(CompetenceSurvey, models.CASCADE, related_name="words")
    locked = models.TextField()
    state = models.CharField(max_length=7, choices=WordState, default=WordState.WAITING)

    class Meta:
        # By lot.
        ordering = ["id"]

    def __str__(self) -> str:
        return self.state


class KeptResult(models.Model):
    """An employee's own result, kept because they wished: locked with their own code, which is kept nowhere."""

    code_hash = models.CharField(max_length=64, primary_key=True)
    locked = models.TextField()
    # When it is forgotten.
    until = models.DateField()

    def __str__(self) -> str:
        return str(self.until)


class PlanState(models.TextChoices):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class PlanGoal(models.Model):
    """One goal of a workplace's development plan: what, who, when, with what money."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    survey = models.ForeignKey(CompetenceSurvey, models.CASCADE, related_name="goals")
    item = models.ForeignKey(SurveyItem, models.SET_NULL, related_name="+", null=True, blank=True)
    text = models.CharField(max_length=500)
    who = models.CharField(max_length=120, blank=True)
    by_day = models.DateField(null=True, blank=True)
    # In cents.
    cost = models.PositiveIntegerField(null=True, blank=True)
    funding = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=PlanState, default=PlanState.OPEN)
    reminded_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = [F("by_day").asc(nulls_last=True), "made_at"]

    def __str__(self) -> str:
        return self.text
