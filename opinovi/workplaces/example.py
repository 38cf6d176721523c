"""The workplaces room's part of the example: a bakery that knows what it can do, and one survey that is open."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.directory.codes import municipality_codes
from opinovi.network.example import house_named, person_named, read_example
from opinovi.network.models import Network, Person
from opinovi.workplaces.actions import answering, surveys
from opinovi.workplaces.models import CompetenceSurvey, Unit, Workplace


@transaction.atomic
def make_workplaces() -> None:
    """Make the example's workplaces; once."""
    if Workplace.objects.exists():
        return
    network = Network.objects.get(slug="paijat-hame")
    for row in read_example("workplaces")["workplaces"]:
        by = person_named(row["by"])
        place = municipality_codes()[row["municipality"].lower()]
        one = surveys.save_workplace(
            by, network, None, name=row["name"], municipality=place, people=row["people"], units=row["units"]
        )
        one.organisation = house_named(row["organisation"])
        one.save()
        for told in row["surveys"]:
            make_survey(by, one, told)
    record("found", "workplaces", "", example=True)


def make_survey(by: Person, workplace: Workplace, row: dict[str, Any]) -> None:
    one = surveys.make_survey(by, workplace, row["name"], row["field"])
    surveys.open_survey(by, one, today() + timedelta(days=row.get("open_for", 14)))
    if "answers" not in row:
        return
    one.refresh_from_db()
    words = list(row["words"])
    for unit, (count, level) in zip(workplace.units.all(), row["answers"], strict=True):
        for number in range(count):
            answer(one, unit, number, level, words.pop() if words else "")
    surveys.close_survey(by, one)
    surveys.count(one)
    one.refresh_from_db()
    for said in one.words.all()[: row["shown"]]:
        surveys.judge_words(by, said, show=True)
    for goal in row["goals"]:
        told = {name: goal[name] for name in ("text", "who", "cost", "funding")}
        surveys.save_goal(by, one, None, by_day=today() + timedelta(days=goal["days"]), state="open", **told)


def answer(one: CompetenceSurvey, unit: Unit, number: int, level: int, words: str) -> None:
    """One invented answer: about a level, some competences better and some worse."""
    sheet = answering.sheet_of(one, answering.begin(one))
    assert sheet is not None
    levels = {
        str(item.id): max(1, min(4, level + (place * 7 + number * 3) % 3 - 1))
        for place, item in enumerate(one.items.all())
    }
    answering.save_sheet(one, sheet, str(unit.id), levels)
    answering.send(one, sheet, words)
