"""A workplace asks its people: a survey is made, opened, closed, counted once; words are read first; a plan comes of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client, RequestFactory

from opinovi.base.clock import today
from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.network.sign_in import Accounts
from opinovi.workplaces import tasks
from opinovi.workplaces.actions import surveys
from opinovi.workplaces.fields import items_of, read
from opinovi.workplaces.models import CompetenceSurvey, PlanGoal, SurveyAnswer, SurveyItem, SurveyWords, Workplace
from tests.workplaces.asking import WORDS, a_survey, a_workplace, answered, counted

As = Callable[[str], Client]
Who = Callable[[str], Person]


@pytest.fixture
def workplace(person: Who, region: Network) -> Workplace:
    return a_workplace(person("oona"), region, "Leipomo", "Myymälä", "Kuljetus")


def test_ready_surveys_are_in_every_language_and_keys_are_their_own() -> None:
    for field in read()["fields"]:
        items = items_of(field)
        assert len({one["key"] for one in items}) == len(items) >= 8
        assert all({"fi", "sv", "en", "fi-simple"} <= set(one["name"]) for one in items)


def test_a_guide_writes_a_workplace_down_and_its_employer_makes_a_survey(
    as_person: As, person: Who, region: Network
) -> None:
    oona, timo = as_person("oona"), as_person("timo")
    assert timo.get("/desk/workplaces/new").status_code == 404
    oona.post(
        "/desk/workplaces/new", {"name": "Leipomo", "municipality": "398", "people": "12", "units": "Leipomo\nMyymälä"}
    )
    one = Workplace.objects.get()
    assert [unit.name for unit in one.units.all()] == ["Leipomo", "Myymälä"]
    # Nobody's representative yet.
    assert timo.get(f"/desk/workplaces/{one.id}").status_code == 404
    one.organisation_id = Member.objects.get(person=person("timo")).organisation_id
    one.save()
    assert "Leipomo" in timo.get("/desk/workplaces").content.decode()
    answer = timo.post(f"/desk/workplaces/{one.id}", {"name_fi": "Mitä osaamme", "field": "bakery"})
    survey = CompetenceSurvey.objects.get()
    assert answer.headers["Location"] == f"/desk/surveys/{survey.id}/items" and survey.items.count() == 10
    page = timo.get(f"/desk/surveys/{survey.id}/items").content.decode()
    assert "Teen taikinat" in page
    sent = {"name-0": "Teen taikinat reseptin mukaan", "key-0": "dough", "now-0": "1", "later-0": "3",
            "name-1": "Leivon ruisleipää", "key-1": "", "now-1": "9", "later-1": "2", "name-2": "", "key-2": "hygiene"}  # fmt: skip
    timo.post(f"/desk/surveys/{survey.id}/items", sent)
    items = list(survey.items.all())
    assert [(item.key, item.now, item.later) for item in items] == [("dough", 1, 3), ("own leivon ruisleipää", 2, 2)]
    assert items[0].name["en"] == "I make doughs by the recipe"
    bare = timo.post(f"/desk/surveys/{survey.id}", {"then": "open", "closes_on": f"{today()}"})
    assert bare.status_code == 422
    timo.post(f"/desk/surveys/{survey.id}", {"then": "open", "closes_on": f"{today() + timedelta(days=9)}"})
    survey.refresh_from_db()
    assert survey.state == "open" and "outing-code" in timo.get(f"/desk/surveys/{survey.id}").content.decode()
    # What people answer to is not changed under them.
    with pytest.raises(ValidationError, match="avattu"):
        surveys.save_items(person("timo"), survey, [])


def test_slips_are_printed_once(as_person: As, person: Who, workplace: Workplace) -> None:
    one = surveys.make_survey(person("oona"), workplace, {"fi": "Lapuilla"}, "shop")
    sent = {"then": "open", "closes_on": f"{today() + timedelta(days=9)}", "slips": "3"}
    page = as_person("timo").post(f"/desk/surveys/{one.id}", sent)
    assert (
        page.status_code == 200 and page.content.decode().count("Koodisi:") == 3 and page["Cache-Control"] == "no-store"
    )
    assert "Koodisi:" not in as_person("timo").get(f"/desk/surveys/{one.id}").content.decode()


def test_what_is_shown_comes_once_and_the_answers_are_gone(as_person: As, person: Who, workplace: Workplace) -> None:
    one, timo = a_survey(person("oona"), workplace), as_person("timo")
    for unit, count, level in (("Leipomo", 6, 2), ("Myymälä", 7, 3), ("Kuljetus", 5, 4)):
        for _person in range(count):
            answered(one, level, unit)
    page = timo.get(f"/desk/surveys/{one.id}").content.decode()
    assert "Vastauksia: 20" in page and "heat" not in page
    counted(person("timo"), one)
    assert not SurveyAnswer.objects.exists() and not one.sheets.exists()
    page = timo.get(f"/desk/surveys/{one.id}").content.decode()
    assert "Noin 20 vastasi" in page and "Teen taikinat" in page and "puuttuu" in page
    # Asked again, it says the same: there is nothing left to count.
    surveys.count(one)
    with pytest.raises(ValidationError):
        surveys.close_survey(person("oona"), one)
    before = one.result
    one.refresh_from_db()
    assert one.result == before


def test_four_answers_are_no_result(as_person: As, person: Who, workplace: Workplace) -> None:
    one = a_survey(person("oona"), workplace)
    for _person in range(4):
        answered(one, 1, "Leipomo")
    assert "Vastauksia: alle 5" in as_person("timo").get(f"/desk/surveys/{one.id}").content.decode()
    counted(person("oona"), one)
    page = as_person("timo").get(f"/desk/surveys/{one.id}").content.decode()
    assert "liian vähän" in page and "heat" not in page


def test_it_closes_by_itself_when_its_day_is_over(
    person: Who, workplace: Workplace, still: time_machine.Traveller
) -> None:
    one = a_survey(person("oona"), workplace)
    for _person in range(6):
        answered(one, 2, "Leipomo")
    still.shift(timedelta(days=14))
    tasks.close_due()
    one.refresh_from_db()
    assert one.state == "open"
    still.shift(timedelta(days=1))
    tasks.close_due()
    one.refresh_from_db()
    assert one.state == "counted" and one.result is not None and one.result["people"] == 5


def test_words_are_read_by_a_guide_before_the_employer(as_person: As, person: Who, workplace: Workplace) -> None:
    one = a_survey(person("oona"), workplace)
    for number in range(6):
        answered(one, 2, "Leipomo", f"{WORDS} {number}")
    counted(person("oona"), one)
    timo, oona = as_person("timo"), as_person("oona")
    assert WORDS not in timo.get(f"/desk/surveys/{one.id}").content.decode()
    assert timo.get(f"/desk/surveys/{one.id}/words").status_code == 404
    assert WORDS in oona.get(f"/desk/surveys/{one.id}/words").content.decode()
    first, second = list(SurveyWords.objects.all())[:2]
    oona.post(f"/desk/surveys/{one.id}/words", {"which": str(first.id), "then": "show"})
    oona.post(f"/desk/surveys/{one.id}/words", {"which": str(second.id), "then": "hide"})
    assert timo.get(f"/desk/surveys/{one.id}").content.decode().count(WORDS) == 1
    second.refresh_from_db()
    assert second.locked == ""
    with pytest.raises(PermissionDenied):
        surveys.judge_words(person("timo"), first, show=True)


def test_a_year_later_the_change_is_shown(as_person: As, person: Who, workplace: Workplace) -> None:
    first = a_survey(person("oona"), workplace)
    for _person in range(8):
        answered(first, 2, "Leipomo")
    counted(person("oona"), first)
    second = a_survey(person("oona"), workplace, before=first, field="")
    assert second.items.count() == first.items.count()
    for _person in range(8):
        answered(second, 3, "Leipomo")
    counted(person("oona"), second)
    assert "+1,0" in as_person("timo").get(f"/desk/surveys/{second.id}").content.decode()


def test_a_plan_comes_of_it(as_person: As, person: Who, workplace: Workplace) -> None:
    one = a_survey(person("oona"), workplace)
    for _person in range(8):
        answered(one, 2, "Leipomo")
    counted(person("oona"), one)
    timo, item = as_person("timo"), SurveyItem.objects.filter(survey=one)[0]
    assert str(item) in timo.get(f"/desk/surveys/{one.id}/goals/new?item={item.id}").content.decode()
    sent = {
        "text": "Taikinakurssi",
        "who": "Mestari",
        "by_day": f"{today() + timedelta(days=60)}",
        "cost": "1 250,50",
        "state": "open",
    }
    wrong = timo.post(f"/desk/surveys/{one.id}/goals/new?item={item.id}", sent | {"cost": "paljon"})
    assert wrong.status_code == 422 and "Taikinakurssi" in wrong.content.decode()
    timo.post(f"/desk/surveys/{one.id}/goals/new?item={item.id}", sent | {"cost": "1250,50"})
    goal = PlanGoal.objects.get()
    assert (goal.cost, goal.item_id) == (125_050, item.id)
    timo.post(f"/desk/goals/{goal.id}/edit", sent | {"cost": "", "state": "done"})
    page = timo.get(f"/desk/surveys/{one.id}").content.decode()
    assert "Taikinakurssi" in page and "tehty" in page


@pytest.mark.parametrize("name", ["eetu", "paivi", "kaisa", "tarja", "assi", "veikko"])
def test_others_see_nothing_of_it(name: str, as_person: As, person: Who, workplace: Workplace) -> None:
    one, client = a_survey(person("oona"), workplace), as_person(name)
    for path in (
        "/desk/workplaces",
        f"/desk/workplaces/{workplace.id}",
        f"/desk/surveys/{one.id}",
        f"/desk/surveys/{one.id}/words",
    ):
        assert client.get(path).status_code in (302, 403, 404), path


def test_a_guide_of_another_network_sees_no_workplace(as_person: As, person: Who, workplace: Workplace) -> None:
    hame = Network.objects.get(slug="hame")
    hame.members.set([])
    oona = person("oona")
    house = Organisation.objects.create(name={"fi": "Muualla"}, source="own", external_id="muualla")
    hame.members.add(house)
    Member.objects.filter(person=oona).update(organisation=house)
    client = as_person("oona")
    page = client.get("/desk/workplaces").content.decode()
    assert "Leipomo" not in page and "Uusi työpaikka" not in page
    assert client.get("/desk/workplaces/new").status_code == 404
    assert client.get(f"/desk/workplaces/{workplace.id}").status_code == 404


def test_the_result_of_five_thousand_is_as_quick_as_that_of_fifty(
    as_person: As, person: Who, workplace: Workplace, in_service: None, django_assert_max_num_queries: Any
) -> None:
    """One row holds it: within twelve queries, whatever the size (bench/surveys.py has the times)."""
    one = a_survey(person("oona"), workplace)
    rows = [
        {"key": f"k{number}", "name": {"fi": f"Osaaminen {number}"}, "now": 2, "later": 3, "topics": []}
        for number in range(60)
    ]
    SurveyItem.objects.filter(survey=one).delete()
    SurveyItem.objects.bulk_create(SurveyItem(survey=one, position=place, **row) for place, row in enumerate(rows))
    units = [str(unit) for unit in one.units.values_list("id", flat=True)]
    assert one.key is not None
    items = [str(item) for item in one.items.values_list("id", flat=True)]
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            survey=one, locked=one.key.lock({"unit": units[number % 3], "levels": dict.fromkeys(items, 1 + number % 4)})
        )
        for number in range(500)
    )
    counted(person("oona"), one)
    timo = as_person("timo")
    with django_assert_max_num_queries(12):
        assert "Osaaminen 59" in timo.get(f"/desk/surveys/{one.id}").content.decode()
    for path in ("/desk/workplaces", f"/desk/workplaces/{workplace.id}", f"/desk/surveys/{one.id}/items"):
        with django_assert_max_num_queries(12):
            assert timo.get(path).status_code == 200


def test_an_employer_begins_at_their_workplace(person: Who, visitor: Client, rf: RequestFactory) -> None:
    answer = visitor.post("/sign-in/example", {"person": str(person("timo").id)})
    assert answer.headers["Location"] == "/desk/workplaces"
    for name, page in (("timo", "/desk/workplaces"), ("oona", "/desk"), ("kaisa", "/desk")):
        request = rf.get("/")
        request.user = person(name)
        assert Accounts(request).get_login_redirect_url(request) == page
    assert "Työpaikkani" in visitor.get("/").content.decode()


def test_the_employers_door_is_for_everybody(visitor: Client) -> None:
    page = visitor.get("/workplaces").content.decode()
    assert 'name="for" value="employer"' in page and "Osaamiskartoitus" in page
    found = visitor.get("/doors?q=koulutusta henkilöstölle&for=employer").content.decode()
    assert "Salpaus" in found
