"""The strategy room's part of the example: a strategy in force, what is done for it, and invented needs."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from opinovi.base.clock import now, today
from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.base.models import Letter
from opinovi.base.text import choose
from opinovi.directory.codes import municipality_codes
from opinovi.doors.models import NeedCount
from opinovi.network.example import house_named, member_named, person_named, read_example
from opinovi.network.models import Network, Person
from opinovi.practices.models import Practice
from opinovi.strategy.actions import assessing, deciding, planning, writing
from opinovi.strategy.models import Action, Measure, Meeting, Objective, Reading, Strategy, Theme
from opinovi.strategy.tasks import renew
from opinovi.strategy.words import OWN_UNITS


@transaction.atomic
def make_strategy() -> None:
    """Make the example's strategy; once."""
    network = Network.objects.get(slug="paijat-hame")
    if Strategy.objects.filter(network=network).exists():
        return
    told = read_example("strategy")
    kaisa = person_named("kaisa")
    one = writing.save_strategy(kaisa, network, None, **told["strategy"])
    actions: list[Action] = []
    for row in told["themes"]:
        make_theme(kaisa, one, row, actions)
    first, *others = told["meetings"]
    version = writing.keep_version(kaisa, one, "Kommentit otettu mukaan")
    held = make_meeting(kaisa, network, first)
    deciding.decide(kaisa, held, first["approve"], version, True)
    deciding.close(kaisa, held)
    one = writing.publish(kaisa, version)
    for row in others:
        make_meeting(kaisa, network, row)
    for row in told["comments"]:
        paragraph = choose(one.vision, "fi").text.split("\n\n")[row["part"]]
        writing.comment(person_named(row["by"]), one, "vision", paragraph, row["text"])
    review = one.reviews.get(held_on=None)
    type(review).objects.filter(id=review.id).update(due=today() + timedelta(days=told["review"]["days"]))
    words = {name: told["review"][name] for name in ("learned", "changes")}
    writing.hold_review(kaisa, review, today() + timedelta(days=told["review"]["days"]), **words)
    assessing.begin_criteria(kaisa, network)
    for row in told["assessed"]:
        make_assessment(network, row)
    make_needs(network, told["needs"])
    digital = Practice.objects.filter(network=network, topics=["digital-skills"], state="published").first()
    first_goal = Objective.objects.filter(theme__strategy=one).order_by("theme__position", "position").first()
    if digital is not None and first_goal is not None:
        first_goal.practices.add(digital)
    renew(network)
    # Nobody is written to about what was always so.
    Letter.objects.filter(state=Letter.State.WAITING).delete()
    record("found", "strategy", one.id, example=True)


def make_theme(by: Person, strategy: Strategy, row: dict[str, Any], actions: list[Action]) -> None:
    theme = writing.save_part(by, strategy, None, name=row["name"], text=row["text"])
    assert isinstance(theme, Theme)
    for goal in row["objectives"]:
        objective = writing.save_part(by, theme, None, name=goal["name"], text=goal["text"])
        assert isinstance(objective, Objective)
        for one in goal["measures"]:
            make_measure(by, objective, one)
        for one in goal["actions"]:
            actions.append(make_action(by, objective, one, actions))


def make_measure(by: Person, objective: Objective, row: dict[str, Any]) -> None:
    """With some readings of earlier quarters, by hand: what an example has behind it is invented."""
    begun = today() - timedelta(days=90 * len(row["past"]))
    one = Measure.objects.create(
        objective=objective, name=row["name"], source=row["source"], unit=row.get("unit") or OWN_UNITS[row["source"]],
        baseline=round(1000 * row["baseline"]), baseline_on=begun, target=round(1000 * row["target"]),
        target_on=objective.theme.strategy.ends, smaller_is_better=row.get("smaller", False),
    )  # fmt: skip
    record("save", "measure", one.id, str(by.id))
    Reading.objects.bulk_create(
        Reading(measure=one, on=begun + timedelta(days=90 * number), value=round(1000 * value), source="esimerkki",
                by=member_named("kaisa"))
        for number, value in enumerate(row["past"])
    )  # fmt: skip


def make_action(by: Person, objective: Objective, row: dict[str, Any], before: list[Action]) -> Action:
    begins, ends = (today() + timedelta(days=row[name]) for name in ("from", "to"))
    waits = [before[row["waits"]]] if "waits" in row else []
    one = planning.save_action(
        by, objective, None, name=row["name"], organisation=house_named(row["org"]), member=member_named(row["person"]),
        partners=[house_named(name) for name in row.get("partners", ())], begins=begins, ends=ends,
        resources=row.get("resources", ""), waits_for=waits,
    )  # fmt: skip
    if row["state"] == "under_way":
        return planning.move_action(by, one, "begin")
    return planning.move_action(by, one, "done", row["evidence"]) if row["state"] == "done" else one


def make_meeting(by: Person, network: Network, row: dict[str, Any]) -> Meeting:
    at = now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=row["days"])
    people = [member_named(name) for name in row["participants"]]
    return deciding.save_meeting(
        by, network, None, held_at=at, participants=people, name=row["name"], place=row["place"],
        agenda=row["agenda"], others="", minutes=row.get("minutes", ""),
    )  # fmt: skip


def make_assessment(network: Network, row: dict[str, Any]) -> None:
    organisation = house_named(row["org"]) if row["org"] else None
    criteria = list(network.criteria.all())
    answers = {one: (level, "") for one, level in zip(criteria, row["levels"], strict=True)}
    assessing.assess(person_named(row["by"]), network, organisation, today().year + row["year"], answers)


def make_needs(network: Network, rows: list[dict[str, Any]]) -> None:
    """Invented needs of the last ninety days, spread evenly, the same every time."""
    code_of = municipality_codes()
    made = []
    for row in rows:
        for number in range(row["count"]):
            without = (number * 37) % 100 < row["without"]
            place = row["places"][number % len(row["places"])]
            made.append(
                NeedCount(
                    id=new_id(), network=network, day=today() - timedelta(days=1 + number * 85 // row["count"]),
                    language=row["languages"][number % len(row["languages"])], municipality=code_of[place.lower()],
                    topics=[row["topic"]], doors=0 if without else 5, served=not without, opened=number % 2 == 0,
                )
            )  # fmt: skip
    NeedCount.objects.bulk_create(made)
