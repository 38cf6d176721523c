"""The workplaces room's part of the example: a bakery with surveys, a request with an offer, a guide's day and places;
and a factory before a change."""

from datetime import time, timedelta
from typing import Any

from django.db import transaction

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.directory.codes import municipality_codes
from opinovi.directory.models import Service
from opinovi.network.example import SOURCE, house_named, member_named, person_named, read_example
from opinovi.network.models import Network, Person
from opinovi.workplaces.actions import answering, cases, changes, guidance, offers, placements, surveys
from opinovi.workplaces.models import CompetenceSurvey, Unit, Workplace


@transaction.atomic
def make_workplaces() -> None:
    """Make the example's workplaces; once."""
    if Workplace.objects.exists():
        return
    network = Network.objects.get(slug="paijat-hame")
    example = read_example("workplaces")
    cases.set_team(person_named("kaisa"), network, [member_named(name) for name in example["team"]])
    for row in example["workplaces"]:
        by = person_named(row["by"])
        place = municipality_codes()[row["municipality"].lower()]
        one = surveys.save_workplace(
            by, network, None, name=row["name"], municipality=place, people=row["people"], units=row["units"]
        )
        if row["organisation"]:
            one.organisation = house_named(row["organisation"])
            one.save()
        for told in row["surveys"]:
            make_survey(by, one, told)
        for told in row.get("cases", ()):
            make_case(one, told)
        make_guidance(one, row)
        for told in row.get("changes", ()):
            make_change(by, one, told)
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


def make_case(workplace: Workplace, row: dict[str, Any]) -> None:
    """A request of the workplace's representative; with a joint offer that waits for their answer, if one is told."""
    timo = person_named("timo")
    told = cases.Told(need=row["need"], ask=row["ask"], name=timo.name, mail=timo.email, people=workplace.people)
    one = cases.ask(workplace.network, told, workplace, timo)
    if "taken_by" not in row:
        return
    by = person_named(row["taken_by"])
    cases.take(by, one)
    offers.begin(by, one)
    for part in row["offer"]["parts"]:
        begins, ends = (None if days is None else today() + timedelta(days=days) for days in part["days"])
        writer = member_named(part["by"])
        asked = offers.ask_house(by, one, writer)
        offers.save_part(
            person_named(part["by"]), asked, ready=True, what=part["what"], begins=begins, ends=ends,
            price=part["price"], funding=part["funding"], contact=writer, service=None,
        )  # fmt: skip
    offers.save_words(by, one, row["offer"]["text"], today() + timedelta(days=30))
    offers.send(by, one)


def make_guidance(workplace: Workplace, row: dict[str, Any]) -> None:
    """A guide's day, learning buddies and places."""
    for told in row.get("visits", ()):
        member = member_named(told["by"])
        day = today() + timedelta(days=told["days"])
        guidance.save_visit(
            person_named(told["by"]), workplace, member.teams.all()[0], None,
            # Not on a Saturday or a Sunday.
            day=day + timedelta(days=max(0, 7 - day.weekday()) % 7 if day.weekday() > 4 else 0),
            begins=time.fromisoformat(told["begins"]), ends=time.fromisoformat(told["ends"]), place=told["place"],
            member=member, service=service_named(told["service"]), minutes=told["minutes"], modes=["visit", "phone"],
            languages=["fi", "en"],
        )  # fmt: skip
    oona = person_named("oona")
    for told in row.get("buddies", ()):
        unit = workplace.units.get(name=told["unit"])
        guidance.save_buddy(oona, workplace, None, told["name"], told["reach"], unit)
    for told in row.get("placements", ()):
        given = {name: told[name] for name in ("kind", "title", "text", "count")}
        placements.save_placement(
            oona, workplace, None, **given, municipality=workplace.municipality, begins=None,
            until=today() + timedelta(days=told["until"]), service=service_named(told["service"]),
        )  # fmt: skip


def make_change(by: Person, workplace: Workplace, row: dict[str, Any]) -> None:
    units = list(workplace.units.filter(name__in=row["units"]))
    begins = today() + timedelta(days=row["days"])
    one = changes.begin_change(by, workplace, name=row["name"], begins=begins, people=row["people"], units=units)
    for step in one.steps.filter(key__in=row["done"]):
        changes.mark_step(by, step, done=True)


def service_named(name: str) -> Service:
    return Service.objects.get(source=SOURCE, external_id=name)
