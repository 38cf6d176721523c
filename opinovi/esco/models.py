"""Occupations and skills of ESCO, the European classification, as they were loaded from its official files."""

from django.db import models
from django.db.models import Q

from opinovi.base.text import TextField, choose


class ConceptKind(models.TextChoices):
    OCCUPATION = "occupation"
    SKILL = "skill"


class Concept(models.Model):
    """An occupation or a skill, known by its address; what a later release has no more is kept, marked as gone."""

    uri = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=ConceptKind)
    # Of an occupation: its code in ESCO, which begins with its ISCO-08 group.
    code = models.CharField(max_length=40, blank=True)
    name = TextField()
    # Other names: {language: [text, ...]}.
    others = models.JSONField(default=dict, blank=True)
    # All names of a language in lower case, a line each, with a line end before and after: for finding as one types.
    find_fi = models.TextField(blank=True)
    find_sv = models.TextField(blank=True)
    find_en = models.TextField(blank=True)
    gone = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="concept_has_a_name", condition=~Q(name={}))]

    def __str__(self) -> str:
        return choose(self.name).text


class SkillOf(models.Model):
    """A skill that an occupation needs, or may need."""

    occupation = models.ForeignKey(Concept, models.CASCADE, related_name="skills_of")
    skill = models.ForeignKey(Concept, models.CASCADE, related_name="+")
    essential = models.BooleanField()

    class Meta:
        verbose_name_plural = "skills of"
        constraints = [models.UniqueConstraint(fields=["occupation", "skill"], name="skill_of_occupation_once")]

    def __str__(self) -> str:
        return f"{self.occupation_id} {self.skill_id}"
