"""An employee answers by a code, without a name: stops, goes on, sends once, sees their own result; and nothing links them to
their answer."""

import secrets
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from opinovi.base.models import Event
from opinovi.network.models import Network, Person
from opinovi.workplaces import tasks
from opinovi.workplaces.actions import answering, surveys
from opinovi.workplaces.models import (
    CompetenceSurvey,
    KeptResult,
    SurveyAnswer,
    SurveySheet,
    SurveyWords,
    Unit,
)
from tests.workplaces.asking import WORDS, a_survey, a_workplace, answered

Who = Callable[[str], Person]


@pytest.fixture
def survey(person: Who, region: Network) -> CompetenceSurvey:
    return a_survey(person("oona"), a_workplace(person("oona"), region, "Leipomo", "Myymälä"))


def fill(client: Client, survey: CompetenceSurvey, level: int = 2, unit: str = "Leipomo") -> None:
    """Every step, as a person does it."""
    items = list(survey.items.all())
    place = str(Unit.objects.get(name=unit, workplace=survey.workplace).id)
    for step in range(1, -(-len(items) // 5) + 1):
        sent = {f"level-{item.id}": str(level) for item in items[(step - 1) * 5 : step * 5]}
        client.post(f"/s/{survey.code}/{step}", sent | ({"unit": place} if step == 1 else {}))


def test_from_the_code_on_the_wall_to_ones_own_result(visitor: Client, survey: CompetenceSurvey) -> None:
    door = f"/s/{survey.code}"
    page = visitor.get(door.upper().replace("/S/", "/s/")).content.decode()
    assert "Nimeä ei kysytä." in page and "vähintään viiden ihmisen" in page
    answer = visitor.post(door)
    assert answer.headers["Location"] == f"{door}/1" and answer["Cache-Control"] == "no-store"
    # Without saying where one works, one does not go on, and nothing is lost.
    item = survey.items.first()
    assert item is not None
    bare = visitor.post(f"{door}/1", {f"level-{item.id}": "3"})
    assert bare.status_code == 422 and "checked" in bare.content.decode()
    fill(visitor, survey)
    visitor.post(f"{door}/send", {"words": WORDS})
    own = visitor.get(f"{door}/own").content.decode()
    assert "osaan, kun joku auttaa" in own and "/doors?q=" in own and "/ask?q=" in own
    assert SurveyAnswer.objects.count() == SurveyWords.objects.count() == 1
    assert "Olet vastannut" in visitor.get(door).content.decode()


def test_in_english_and_in_swedish(visitor: Client, survey: CompetenceSurvey) -> None:
    visitor.post(f"/en/s/{survey.code}")
    assert "I make doughs by the recipe" in visitor.get(f"/en/s/{survey.code}/1").content.decode()
    assert "Jag gör degar efter recept" in visitor.get(f"/sv/s/{survey.code}/1").content.decode()


def test_one_stops_and_goes_on_here_and_on_another_device(survey: CompetenceSurvey) -> None:
    here, there = Client(), Client()
    here.post(f"/s/{survey.code}")
    items = list(survey.items.all())
    place = str(Unit.objects.get(name="Leipomo").id)
    page = here.post(f"/s/{survey.code}/1", {f"level-{items[0].id}": "4", "unit": place}, follow=True).content.decode()
    code = page.split("koodisi on")[1].split("<strong>")[1].split("<")[0]
    assert "checked" in here.get(f"/s/{survey.code}/1").content.decode()
    assert there.get(f"/s/{survey.code}/1").status_code == 302
    there.post(f"/s/{survey.code}", {"own": code.lower().replace("-", " ")})
    assert "checked" in there.get(f"/s/{survey.code}/1").content.decode()
    assert there.post(f"/s/{survey.code}", {"own": "VÄÄRÄ"}).status_code == 422


def test_a_slip_is_good_for_one_answer(person: Who, region: Network) -> None:
    workplace = a_workplace(person("oona"), region)
    one = surveys.make_survey(person("oona"), workplace, {"fi": "Lapuilla"}, "shop")
    codes = surveys.open_survey(person("oona"), one, one.made_at.date() + timedelta(days=9), slips=3)
    one.refresh_from_db()
    assert len(set(codes)) == 3 and not any(code in sheet.secret_hash for code in codes for sheet in one.sheets.all())
    client, other = Client(), Client()
    assert client.post(f"/s/{one.code}").status_code == 422
    client.post(f"/s/{one.code}", {"own": codes[0]})
    answered(one, 3, secret=codes[0])
    again = other.post(f"/s/{one.code}", {"own": codes[0]}, follow=True).content.decode()
    assert "Olet vastannut" in again
    sheet = answering.sheet_of(one, codes[0])
    assert sheet is not None and sheet.sent and sheet.locked == ""
    with pytest.raises(ValidationError):
        answering.send(one, sheet)
    with pytest.raises(ValidationError):
        answering.begin(one)
    assert SurveyAnswer.objects.count() == 1


def test_the_same_sheet_sent_twice_is_one_answer(visitor: Client, survey: CompetenceSurvey) -> None:
    visitor.post(f"/s/{survey.code}")
    fill(visitor, survey)
    for _time in range(2):
        visitor.post(f"/s/{survey.code}/send", {"words": ""})
    assert SurveyAnswer.objects.count() == 1


@pytest.mark.parametrize("level", ["0", "5", "kaksi", "", "2; DROP", "٢"])
def test_a_level_that_is_none_is_passed_over(level: str, visitor: Client, survey: CompetenceSurvey) -> None:
    visitor.post(f"/s/{survey.code}")
    item = survey.items.first()
    assert item is not None
    place = str(Unit.objects.get(name="Leipomo").id)
    visitor.post(f"/s/{survey.code}/1", {f"level-{item.id}": level, "unit": place})
    assert answering.told_of(survey, SurveySheet.objects.get())["levels"] == {}
    assert visitor.post(f"/s/{survey.code}/send", {"words": ""}).status_code == 422


def test_a_survey_that_is_a_draft_or_over_is_answered_by_nobody(
    visitor: Client, person: Who, survey: CompetenceSurvey
) -> None:
    draft = surveys.make_survey(person("oona"), survey.workplace, {"fi": "L"}, "shop")
    assert visitor.get(f"/s/{draft.code}").status_code == 404
    assert visitor.get("/s/ei-ole").status_code == 404
    visitor.post(f"/s/{survey.code}")
    surveys.close_survey(person("oona"), survey)
    assert "päättynyt" in visitor.get(f"/s/{survey.code}").content.decode()
    assert visitor.post(f"/s/{survey.code}/1", {}).status_code == 302
    assert not SurveySheet.objects.exists() and not SurveyAnswer.objects.exists()


def test_nothing_that_is_kept_tells_whose_an_answer_is(survey: CompetenceSurvey) -> None:
    """No name, no time, no number in a row; what is said is locked; no Event tells more than that somebody answered."""
    for level in (1, 2, 3):
        answered(survey, level, "Leipomo", WORDS)
    for model in (SurveyAnswer, SurveySheet, SurveyWords):
        kinds = {field.get_internal_type() for field in model._meta.get_fields() if hasattr(field, "get_internal_type")}
        assert not kinds & {"DateTimeField", "DateField", "AutoField", "BigAutoField"}, model
        # Ids are drawn by lot: a sorted id has its time in it.
        assert {row.id.version for row in model.objects.all()} == {4}
    with connection.cursor() as cursor:
        for table in ("surveyanswer", "surveysheet", "surveywords"):
            cursor.execute(f"select * from workplaces_{table}")
            rows = str(cursor.fetchall())
            assert WORDS not in rows and '"levels"' not in rows
    told = list(Event.objects.filter(verb="answer").values("subject_id", "actor", "data"))
    assert told == [{"subject_id": str(survey.id), "actor": "", "data": {}}] * 3


def test_no_order_of_rows_tells_who_came_when(survey: CompetenceSurvey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each order of three answers comes as often as another, whatever order the database keeps its rows in."""
    import random

    lot = random.Random(3)
    monkeypatch.setattr(secrets, "randbelow", lambda most: lot.randrange(most))
    assert survey.key is not None
    orders: Counter[str] = Counter()
    for _time in range(600):
        SurveyAnswer.objects.all().delete()
        made: list[Any] = []
        create = SurveyAnswer.objects.create
        monkeypatch.setattr(SurveyAnswer.objects, "create", lambda **told: made.append(create(**told)))  # noqa: B023
        for word in "abc":
            answering.mix_in(SurveyAnswer, survey, word)
        monkeypatch.undo()
        monkeypatch.setattr(secrets, "randbelow", lambda most: lot.randrange(most))
        rows = {row.id: row.locked for row in SurveyAnswer.objects.all()}
        orders["".join(rows[row.id] for row in made)] += 1
    assert set(orders) == {"abc", "acb", "bac", "bca", "cab", "cba"} and all(
        60 < count < 140 for count in orders.values()
    )


def test_ones_own_result_is_kept_by_a_code_that_is_kept_nowhere(
    visitor: Client, survey: CompetenceSurvey, still: time_machine.Traveller
) -> None:
    visitor.post(f"/s/{survey.code}")
    fill(visitor, survey, level=4)
    visitor.post(f"/s/{survey.code}/send", {"words": ""})
    page = visitor.post(f"/s/{survey.code}/own").content.decode()
    code = page.split('class="big">')[1].split("<")[0]
    kept = KeptResult.objects.get()
    assert code not in kept.code_hash and code not in kept.locked and "levels" not in kept.locked
    other = Client()
    assert "osaan ja voin opettaa muita" in other.post("/s/own", {"code": code.lower()}).content.decode()
    assert other.post("/s/own", {"code": "234A-567B-89CD"}).status_code == 422
    other.post("/s/own", {"code": code, "then": "forget"})
    assert not KeptResult.objects.exists()
    answering.keep_own({"dough": 2}, {"dough": {"fi": "Taikina"}})
    still.shift(timedelta(days=400))
    tasks.forget_kept()
    assert not KeptResult.objects.exists()


def test_ones_own_result_is_shown_in_ones_own_browser_alone(visitor: Client, survey: CompetenceSurvey) -> None:
    visitor.post(f"/s/{survey.code}")
    fill(visitor, survey)
    visitor.post(f"/s/{survey.code}/send", {"words": ""})
    assert Client().get(f"/s/{survey.code}/own").status_code == 302
    other = Client()
    other.cookies["own-result"] = f"{survey.code}:4444444444:forged"
    assert other.get(f"/s/{survey.code}/own").status_code == 302
