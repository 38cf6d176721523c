"""A survey's competences are chosen from ESCO: by a word as one types, or by an occupation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from bench.esco_files import make, uri
from opinovi.network.models import Network, Person
from opinovi.workplaces.actions import surveys
from opinovi.workplaces.models import CompetenceSurvey
from tests.workplaces.asking import a_workplace
from tests.workplaces.cases import fresh

As = Callable[[str], Client]
Who = Callable[[str], Person]


@pytest.fixture
def survey(person: Who, region: Network) -> CompetenceSurvey:
    return surveys.make_survey(fresh(person("oona")), a_workplace(person("oona"), region), {"fi": "Kartoitus"})


@pytest.fixture
def release(db: None, tmp_path: Path) -> None:
    make(tmp_path / "esco", 10, 60, 80)
    call_command("esco", str(tmp_path / "esco"))


def test_without_a_release_it_says_so(as_person: As, survey: CompetenceSurvey) -> None:
    assert (
        "Ammatteja ei ole vielä ladattu" in as_person("timo").get(f"/desk/surveys/{survey.id}/skills").content.decode()
    )


def test_by_a_word_as_one_types(as_person: As, survey: CompetenceSurvey, release: None, in_service: None,
                                django_assert_max_num_queries: Any) -> None:  # fmt: skip
    timo, page = as_person("timo"), f"/desk/surveys/{survey.id}/skills"
    with django_assert_max_num_queries(12):
        assert "Hitsata koneita 7" in timo.get(page, {"q": "hitsa"}).content.decode()
    listed = timo.get(page, {"q": "hitsa", "part": "list"}).content.decode()
    assert "Hitsata koneita 7" in listed and "<html" not in listed
    assert "Weld machines 7" in timo.get(f"/en{page}", {"q": "weld"}).content.decode()
    assert "Ei löytynyt" in timo.get(page, {"q": "xyzzy"}).content.decode()
    timo.post(page, {"skill": [uri("skill", 7), uri("skill", 17), uri("skill", 7), "nothing"]})
    assert [item.name["en"] for item in survey.items.all()] == ["Weld machines 7", "Weld devices 17"]
    # What is asked already is not asked twice, and keeps its place.
    timo.post(page, {"skill": [uri("skill", 17), uri("skill", 27)]})
    assert [item.key for item in survey.items.all()] == [uri("skill", number) for number in (7, 17, 27)]
    assert "kysytään jo" in timo.get(page, {"q": "hitsa"}).content.decode()


def test_by_an_occupation_the_essential_first(as_person: As, survey: CompetenceSurvey, release: None) -> None:
    timo, page = as_person("timo"), f"/desk/surveys/{survey.id}/skills"
    assert (
        f"of={uri('occupation', 3)}".replace(":", "%3A").replace("/", "%2F")
        in timo.get(page, {"q": "hoitaja 3"}).content.decode()
    )
    listed = timo.get(page, {"of": uri("occupation", 3)}).content.decode()
    assert listed.count('name="skill"') == 8 and listed.count("tärkeä tässä ammatissa") == 4


def test_no_more_than_a_survey_holds_and_nothing_once_it_is_open(
    as_person: As, person: Who, survey: CompetenceSurvey, release: None
) -> None:
    timo, page = as_person("timo"), f"/desk/surveys/{survey.id}/skills"
    timo.post(page, {"skill": [uri("skill", number) for number in range(58)]})
    answer = timo.post(page, {"skill": [uri("skill", number) for number in range(58, 60)] + [uri("occupation", 1)]})
    assert answer.status_code == 302 and survey.items.count() == 60
    survey.items.first().delete()  # type: ignore[union-attr]
    rows = [{"key": f"own {number}", "name": {"fi": "x"}, "now": 2, "later": 2, "topics": []} for number in range(2)]
    with pytest.raises(Exception, match="enintään 60"):
        surveys.add_items(fresh(person("timo")), survey, rows)
    CompetenceSurvey.objects.filter(id=survey.id).update(state="open", closes_on="2027-03-01")
    assert timo.get(page).status_code == 302
    assert timo.post(page, {"skill": [uri("skill", 0)]}).status_code == 302 and survey.items.count() == 59
