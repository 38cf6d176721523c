"""Answering without a name: a sheet behind a secret, an answer that is nobody's, a result that is one's own.

Events tell that a survey was answered, and when; an answer knows of no time, so the two cannot be put together.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.masking import mask
from opinovi.contact.return_code import hash_of, new_code
from opinovi.workplaces.models import (
    CompetenceSurvey,
    KeptResult,
    SurveyAnswer,
    SurveySheet,
    SurveyState,
    SurveyWords,
    WordState,
)
from opinovi.workplaces.own_key import lock, unlock

KEPT_DAYS = 365
Levels = dict[str, int]


def begin(one: CompetenceSurvey) -> str:
    """A new sheet of a survey that is answered by its code: returns the secret by which one goes on with it."""
    if one.by_slip:
        raise ValidationError(_("Tähän vastataan lapulla, jossa on oma koodi."))
    if one.state != SurveyState.OPEN:
        raise ValidationError(_("Kartoitus on päättynyt."))
    code = new_code()
    SurveySheet.objects.create(survey=one, secret_hash=hash_of(code))
    return code


def sheet_of(one: CompetenceSurvey, secret: str) -> SurveySheet | None:
    """The sheet that a secret opens, unless the survey is over."""
    if not secret or one.state != SurveyState.OPEN:
        return None
    return SurveySheet.objects.filter(survey=one, secret_hash=hash_of(secret)).first()


def told_of(one: CompetenceSurvey, sheet: SurveySheet) -> dict[str, Any]:
    return (one.key.unlock(sheet.locked) if one.key and sheet.locked else None) or {"unit": "", "levels": {}}


@transaction.atomic
def save_sheet(one: CompetenceSurvey, sheet: SurveySheet, unit: str | None, levels: Levels) -> dict[str, Any]:
    """Keep what has been filled so far."""
    sheet = SurveySheet.objects.select_for_update().get(id=sheet.id)
    if sheet.sent:
        raise ValidationError(_("Olet jo vastannut. Kiitos."))
    told = told_of(one, sheet)
    known = {str(item) for item in one.items.values_list("id", flat=True)}
    units = {str(each) for each in one.units.values_list("id", flat=True)}
    if unit is not None:
        told["unit"] = unit if unit in units else ""
    told["levels"] |= {item: level for item, level in levels.items() if item in known and level in (1, 2, 3, 4)}
    assert one.key is not None
    sheet.locked = one.key.lock(told)
    sheet.save()
    return told


@transaction.atomic
def send(one: CompetenceSurvey, sheet: SurveySheet, words: str = "") -> Levels:
    """Send the sheet: it becomes an answer among the others and is emptied. Returns what was said, for its owner."""
    one = CompetenceSurvey.objects.select_for_update(of=("self",)).select_related("key").get(id=one.id)
    if one.state != SurveyState.OPEN or one.key is None:
        raise ValidationError(_("Kartoitus on päättynyt."))
    sheet = SurveySheet.objects.select_for_update().get(id=sheet.id)
    if sheet.sent:
        raise ValidationError(_("Olet jo vastannut. Kiitos."))
    told = told_of(one, sheet)
    if not told["levels"]:
        raise ValidationError(_("Vastaa ainakin yhteen kohtaan."))
    if one.units.exists() and not told["unit"]:
        raise ValidationError(_("Valitse, missä työskentelet."))
    mix_in(SurveyAnswer, one, one.key.lock(told))
    if text := mask(words)[0].strip()[:1000]:
        mix_in(SurveyWords, one, one.key.lock(text), state=WordState.WAITING)
    sheet.locked, sheet.sent = "", True
    sheet.save()
    record("answer", "survey", one.id)
    levels: Levels = told["levels"]
    return levels


def mix_in(model: type[SurveyAnswer] | type[SurveyWords], one: CompetenceSurvey, locked: str, **told: Any) -> None:
    """Put a row among the others so that no order tells which it is: it takes the place of one drawn by lot, which
    moves to the new row (an inside-out shuffle: every order is as likely). The caller holds the survey."""
    rows = model.objects.filter(survey=one, **told)
    there = list(rows.order_by("id").values_list("id", flat=True))
    place = secrets.randbelow(len(there) + 1)
    if place < len(there):
        other = rows.get(id=there[place])
        other.locked, locked = locked, other.locked
        other.save()
    model.objects.create(survey=one, locked=locked, **told)


@transaction.atomic
def keep_own(levels: Levels, names: dict[str, dict[str, str]]) -> str:
    """Keep one's own result for a year, because one wishes. Returns the code that alone opens it; it is kept
    nowhere."""
    code = new_code()
    until = today() + timedelta(days=KEPT_DAYS)
    KeptResult.objects.create(
        code_hash=hash_of(code), locked=lock(code, {"levels": levels, "names": names}), until=until
    )
    record("keep_own", "survey_result", "")
    return code


def open_own(code: str) -> dict[str, Any] | None:
    """One's own result by its code; None where there is none."""
    found = KeptResult.objects.filter(code_hash=hash_of(code), until__gte=today()).first()
    return unlock(code, found.locked) if found else None


@transaction.atomic
def forget_own(code: str) -> None:
    KeptResult.objects.filter(code_hash=hash_of(code)).delete()
    record("forget_own", "survey_result", "")
