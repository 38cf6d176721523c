"""A survey of 5,000 employees and 60 competences beside one of 50: counting it, and the page of its results.

`python -m bench.surveys`, with OPINOVI_HOME naming a folder that was set up. What it makes is taken back.
"""

import random
import time
from datetime import timedelta
from statistics import median

import django

django.setup()

from django.conf import settings
from django.db import transaction
from django.test import Client

from opinovi.base.clock import today
from opinovi.network.models import Network, Person
from opinovi.workplaces.actions import surveys
from opinovi.workplaces.models import CompetenceSurvey, SurveyAnswer, SurveyItem

FEW, MANY, ITEMS, UNITS, TIMES = 50, 5_000, 60, 12, 15


def survey_of(by: Person, network: Network, people: int) -> tuple[CompetenceSurvey, float]:
    """A survey that so many have answered, counted; and how long the counting took."""
    names = [f"Yksikkö {number}" for number in range(UNITS)]
    workplace = surveys.save_workplace(by, network, None, name=f"{people}", municipality="", people=people, units=names)
    one = surveys.make_survey(by, workplace, {"fi": f"{people}"})
    SurveyItem.objects.bulk_create(
        SurveyItem(survey=one, key=f"k{number}", name={"fi": f"Osaaminen {number}"}, position=number)
        for number in range(ITEMS)
    )
    surveys.open_survey(by, one, today() + timedelta(days=9))
    one = CompetenceSurvey.objects.select_related("key").get(id=one.id)
    items = [str(item) for item in one.items.values_list("id", flat=True)]
    units, lot = [str(unit) for unit in one.units.values_list("id", flat=True)], random.Random(people)
    assert one.key is not None
    key = one.key
    rows = (
        SurveyAnswer(survey=one, locked=key.lock({"unit": lot.choice(units), "levels": {item: lot.randint(1, 4) for item in items}}))
        for _person in range(people)
    )  # fmt: skip
    SurveyAnswer.objects.bulk_create(rows, batch_size=500)
    surveys.close_survey(by, one)
    began = time.perf_counter()
    surveys.count(one)
    return one, time.perf_counter() - began


def shown(client: Client, one: CompetenceSurvey) -> float:
    """How long the page of results takes: the median of several, in seconds."""
    took = []
    for _time in range(TIMES):
        began = time.perf_counter()
        assert client.get(f"/desk/surveys/{one.id}").status_code == 200
        took.append(time.perf_counter() - began)
    return median(took)


def main() -> None:
    settings.ALLOWED_HOSTS = ["*"]
    with transaction.atomic():
        oona, network = Person.objects.get(email="oona@example.example"), Network.objects.get(slug="paijat-hame")
        client = Client()
        client.force_login(oona)
        few, many = (survey_of(oona, network, people) for people in (FEW, MANY))
        pages = [shown(client, one) for one, _took in (few, many)]
        print(f"counted: {FEW} in {few[1]:.2f} s, {MANY} in {many[1]:.2f} s")
        print(
            f"page: {FEW} in {1000 * pages[0]:.0f} ms, {MANY} in {1000 * pages[1]:.0f} ms, {pages[1] / pages[0]:.2f} times"
        )
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
