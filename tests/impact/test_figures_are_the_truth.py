"""Figures are right: equal to what is worked out from the same lives apart, whole or caught up, late or put right."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.ids import new_id
from opinovi.base.models import Event
from opinovi.impact.counting import catch_up, count_anew
from opinovi.impact.indicators import indicators
from opinovi.impact.models import Figure
from opinovi.impact.simulation import truth
from opinovi.impact.simulation.comparing import compare
from opinovi.impact.simulation.writing import lines, write
from opinovi.network.models import Network, Team
from tests.impact.simulated import figures, small_world

pytestmark = pytest.mark.django_db


def test_every_indicator_is_what_is_worked_out_apart(region: Network) -> None:
    world = small_world(region)
    write(world)
    count_anew(still=False)
    scopes = {world.network, *(team.house for team in world.teams), *(team.id for team in world.teams)}
    values, wrong = compare(world, scopes, [world.network, world.teams[0].house])
    assert wrong == [] and values > 5_000


def test_the_truth_knows_every_indicator_and_none_of_the_product() -> None:
    assert set(truth.OBSERVED) == set(indicators())
    told = Path(truth.__file__).read_text()
    assert "impact.stories" not in told and "impact.guided" not in told and "impact.indicators" not in told


@pytest.mark.parametrize("parts", [2, 7])
def test_caught_up_by_parts_is_as_counted_anew(region: Network, parts: int) -> None:
    """Whatever comes late goes to where it belongs: the log is written in parts that cut through every story."""
    world = small_world(region, clients=25, seed=parts)
    every = sorted(lines(world), key=lambda one: one[0])
    step = len(every) // parts + 1
    for begin in range(0, len(every), step):
        Event.objects.bulk_create(
            [
                Event(at=at, subject_type=kind, subject_id=subject, verb=verb, data=data)
                for at, kind, subject, verb, data in every[begin : begin + step]
            ]
        )
        catch_up(still=False)
    caught = figures()
    assert caught
    count_anew(still=False)
    assert figures() == caught
    # Once more comes to the same, and nothing new adds nothing.
    assert catch_up(still=False) <= 1 and figures() == caught


def story(region: Network) -> tuple[str, str]:
    return str(new_id()), str(Team.objects.filter(organisation__networks=region)[0].id)


def test_what_is_late_or_put_right_changes_its_own_month_and_no_other(
    region: Network, still: time_machine.Traveller
) -> None:
    client, team = story(region)
    of = {"journey": str(new_id()), "months": 3}

    def say(verb: str, **data: object) -> None:
        record(verb, "client", client, **data)
        catch_up(still=False)

    def of_month(month: int) -> dict[str, int]:
        rows = Figure.objects.filter(scope=str(region.id), month=month, by="", count__startswith="outcome3")
        return dict(rows.values_list("count", "n"))

    say("begin", network=str(region.id), team=team, came="walk_in", language="fi", journey=of["journey"])
    say("ask_outcome", **of, sent=True)
    asked_in = now().year * 100 + now().month
    assert of_month(asked_in)["outcome3_asked"] == 1
    still.shift(timedelta(days=70))
    later_in = now().year * 100 + now().month
    before = of_month(later_in)
    say("tell_outcome", **of, what="not_yet")
    assert of_month(asked_in) == {"outcome3_asked": 1, "outcome3_told": 1}
    say("tell_outcome", **of, what="work")
    assert of_month(asked_in) == {"outcome3_asked": 1, "outcome3_told": 1, "outcome3_good": 1}
    assert of_month(later_in) == before


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=30), st.integers(0, 3))
def test_any_order_of_new_events_comes_to_the_same(marks: list[int], cuts: int) -> None:
    """Times that are booked, moved, met, missed and put right in any order, caught up after any of them."""
    network = Network.objects.get(slug="paijat-hame")
    team = str(Team.objects.filter(organisation__networks=network)[0].id)
    ids = [str(new_id()) for _ in range(3)]
    verbs = ("book", "move", "meet", "miss", "cancel")
    for number, mark in enumerate(marks):
        month = 1 + (mark * 7 + number) % 12
        told = {
            "team": team,
            "network": str(network.id),
            "mode": "visit",
            "language": "fi",
            "day": f"2027-{month:02}-15",
        }
        verb = verbs[mark % 5]
        record(verb, "appointment", ids[mark % 3], **(told if verb in ("book", "move") else {}))
        if cuts and number % (cuts + 1) == 0:
            catch_up(still=False)
    catch_up(still=False)
    caught = figures()
    count_anew(still=False)
    assert figures() == caught
