"""Two hundred actions: every page of the plan asks at most twelve queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from opinovi.directory.models import Service
from opinovi.network.models import Network, Person, Role
from opinovi.network.queries import member_in
from opinovi.strategy.actions import closing, writing
from opinovi.strategy.models import Action, Measure, Objective, Reading, Strategy, Theme
from opinovi.strategy.tasks import renew
from tests.strategy.aiming import an_action, needs
from tests.strategy.test_write_a_strategy import approve


@pytest.fixture
def large(person: Callable[[str], Person], strategy: Strategy, region: Network) -> Strategy:
    houses = list(region.members.all())
    for number in range(5):
        theme = Theme.objects.create(strategy=strategy, name={"fi": f"Teema {number}"}, position=number)
        for other in range(4):
            goal = Objective.objects.create(theme=theme, name={"fi": f"Tavoite {number}.{other}"}, position=other)
            one = Measure.objects.create(objective=goal, name={"fi": "Mittari"}, baseline=1000, target=9000)
            Reading.objects.bulk_create(
                Reading(measure=one, on=date(2026, 1, 1) + timedelta(days=30 * month), value=1000 * month)
                for month in range(12)
            )
            Action.objects.bulk_create(
                Action(objective=goal, name={"fi": f"Toimenpide {row}"}, organisation=houses[row % len(houses)],
                       begins=date(2027, 1, 1), ends=date(2027, 1, 1) + timedelta(days=30 * row))
                for row in range(10)
            )  # fmt: skip
    return strategy


def test_every_page_of_a_large_plan_asks_at_most_twelve(
    large: Strategy, person: Any, as_person: Callable[[str], Client], region: Network, in_service: None,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    by = person("kaisa")
    goal = Objective.objects.all()[0]
    waiting = an_action(by, goal, region.coordinator, waits_for=list(Action.objects.filter(objective=goal)[:5]))
    for number in range(40):
        writing.comment(by, large, "vision", "", f"Kommentti {number}")
        if number < 10:
            writing.keep_version(by, large, str(number))
    version = large.versions.all()[0]
    approve(by, version)
    writing.publish(by, version)
    needs(region, "digital-skills", 40, 60)
    renew(region)
    assert Action.objects.count() == 201
    kaisa = as_person("kaisa")
    pages = [f"/desk/strategies/{large.id}", f"/desk/strategies/{large.id}/actions", f"/desk/actions/{waiting.id}",
             f"/desk/actions/{waiting.id}/edit", f"/desk/strategies/{large.id}/actions/new", "/strategy", f"/desk/strategies/{large.id}/versions",
             f"/desk/networks/{region.id}/gaps", f"/desk/networks/{region.id}/quality",
             f"/desk/networks/{region.id}/meetings", f"/desk/strategy-versions/{version.id}", "/desk/strategies"]  # fmt: skip
    for path in pages:
        with django_assert_max_num_queries(12):
            assert kaisa.get(path).status_code == 200, path


def test_a_gap_with_all_that_is_done_about_it_asks_at_most_twelve(
    large: Strategy, person: Any, as_person: Callable[[str], Client], region: Network, in_service: None,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    """By who coordinates the network and edits a house of it, with drafts and services begun, actions and outreach."""
    by = person("kaisa")
    needs(region, "digital-skills", 40, 60)
    renew(region)
    gap = closing.take_up(by, region, ("digital-skills", "", ""))
    member_in(by, region).roles.create(role=Role.EDITOR)
    by = Person.objects.get(id=by.id)
    draft = closing.begin_service(by, gap, member_in(by, region).organisation)
    gap.services = [str(draft.id), str(Service.objects.filter(state="published")[0].id)]
    gap.save()
    an_action(by, Objective.objects.all()[0], region.coordinator, gap=gap)
    kaisa = as_person("kaisa")
    with django_assert_max_num_queries(12):
        page = kaisa.get(f"/desk/gaps/{gap.id}").content.decode()
    assert "Palvelun luonnos" in page and "Uusi palvelu" in page
