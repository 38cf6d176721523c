"""What people do with the product stands in the figures: each step by the action that takes it, counted by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from opinovi.base.clock import now, today
from opinovi.base.models import Event
from opinovi.contact.actions import desk
from opinovi.contact.actions.appointments import Booking, book, mark
from opinovi.contact.actions.enquiries import Asked, ask
from opinovi.contact.availability import free_times, rules_of
from opinovi.doors.actions import count_needs
from opinovi.doors.models import NeedCount
from opinovi.impact.counting import catch_up
from opinovi.impact.models import Figure
from opinovi.journeys.actions import outcomes, plans, receiving
from opinovi.network.models import Network, Person, Team
from tests.journeys.guiding import begin, fresh, newest_journey, sent

pytestmark = pytest.mark.django_db
Named = Callable[[str], Person]


def count(network: Network, name: str, by: str = "", value: str = "") -> int:
    rows = Figure.objects.filter(scope=str(network.id), count=name, by=by, value=value)
    return sum(rows.values_list("n", flat=True))


@pytest.fixture
def before(region: Network) -> Callable[[str], int]:
    """What stands in the figures of the example itself, so that only what a test does is looked at."""
    catch_up(still=False)
    counts: dict[str, int] = {}
    for name, n in Figure.objects.filter(scope=str(region.id), by="").values_list("count", "n"):
        counts[name] = counts.get(name, 0) + n
    return lambda name: counts.get(name, 0)


def test_a_question_answered_in_time(
    region: Network, person: Named, before: Callable[[str], int], still: time_machine.Traveller
) -> None:
    enquiry = ask(region, Asked(text="Mistä saan tietoa oppisopimuksesta?", topics=["apprenticeship"], language="sv"))
    guide = enquiry.team.members.filter(roles__role="guide")[0].person
    still.shift(timedelta(hours=3, minutes=50))
    desk.reply(fresh(guide), enquiry, "Hei! Tässä tietoa.")
    call = desk.write_down(fresh(guide), enquiry.team, "phone", "Kysyi lukiosta", "advised")
    assert call.state == "closed"
    catch_up(still=False)
    for name, more in (("asked", 2), ("answer_due", 2), ("answer_kept", 2), ("contact", 2), ("contact_digital", 1)):
        assert count(region, name) == before(name) + more, name
    assert count(region, "answer_hours", "language", "sv") == 1
    assert count(region, "asked", "topic", "apprenticeship") == 1
    hours = Figure.objects.get(scope=str(region.id), count="answer_hours", by="language", value="sv")
    assert hours.bucket == 3


def test_a_time_that_was_booked_and_met(
    region: Network, before: Callable[[str], int], still: time_machine.Traveller
) -> None:
    rule = next(one for one in rules_of() if "visit" in one.modes and one.service_id)
    one = free_times([rule])[0]
    booked = book(region, one.rule, one.begins, Booking(mode=rule.modes[0], name="Aino"))
    waited = (booked.begins_at.date() - today()).days
    still.move_to(booked.ends_at + timedelta(hours=1))
    guide = booked.members.all()[0].person
    mark(fresh(guide), booked, came=True)
    catch_up(still=False)
    assert count(region, "booked") == before("booked") + 1
    assert count(region, "time_met") == before("time_met") + 1
    assert Figure.objects.filter(scope=str(region.id), count="time_days", by="", bucket=waited).exists()
    # A slip of the finger, put right.
    mark(fresh(guide), booked, came=False)
    catch_up(still=False)
    assert count(region, "time_met") == before("time_met")
    assert count(region, "time_missed") == before("time_missed") + 1


def test_guided_to_another_house_and_further(
    region: Network, person: Named, before: Callable[[str], int], still: time_machine.Traveller
) -> None:
    oona, nelli = person("oona"), person("nelli")
    client = begin(oona)
    goal = plans.add_goal(fresh(oona), client, "Uusi ammatti")
    step = plans.add_step(fresh(oona), goal, plans.StepTold(text="Soita oppilaitokseen"))
    plans.mark_step(fresh(oona), step, "done")
    outcomes.set_confidence(client, [2, 2, 2, 2], after=False, by=fresh(oona))
    one = sent(oona, client)
    still.shift(timedelta(days=2))
    receiving.see(fresh(nelli), one)
    for act in (receiving.accept, receiving.meet):
        act(fresh(nelli), one)
    receiving.complete(fresh(nelli), one, "education")
    outcomes.set_confidence(client, [4, 4, 3, 3], after=True, by=fresh(oona))
    outcomes.end_journey(fresh(oona), newest_journey(client))
    still.shift(timedelta(days=100))
    outcomes.ask_due()
    asked = newest_journey(client).outcomes.get(months=3)
    outcomes.tell(asked, "work")
    catch_up(still=False)
    expected = {"began": 1, "planned": 1, "step_done": 1, "way_asked": 1, "way_sent": 1, "way_met": 1, "way_helped": 1,
                "received": 1, "received_taken": 1, "received_met": 1, "received_done": 1, "outcome0_told": 1,
                "outcome0_good": 1, "outcome3_asked": 1, "outcome3_told": 1, "outcome3_good": 1, "confidence": 1,
                "confidence_change": 6}  # fmt: skip
    assert {name: count(region, name) - before(name) for name in expected} == expected
    to = str(Team.objects.get(id=one.to_team_id).organisation_id)
    assert Figure.objects.get(scope=to, count="met_days", by="", bucket=2).n == 1


def test_needs_by_topic_and_place(region: Network, before: Callable[[str], int]) -> None:
    told = {"network": region, "language": "fi", "topics": ["apprenticeship"], "doors": 3, "served": True}
    one = NeedCount(municipality="398", **told)
    count_needs([one, NeedCount(municipality="111", **{**told, "served": False})], [])
    count_needs([], [one.id])
    count_needs([], [one.id])
    catch_up(still=False)
    assert count(region, "need") == before("need") + 2 and count(region, "need_served") == before("need_served") + 1
    assert count(region, "need_opened", "municipality", "398") == 1
    assert count(region, "need", "municipality", "111") == 1


def test_no_event_of_the_figures_names_a_person(region: Network, person: Named) -> None:
    begin(person("oona"), name="Aino Asiakas", mail="aino.asiakas@asiakas.example")
    ask(region, Asked(text="Minä olen Maija Meikäläinen", name="Maija", mail="maija@asiakas.example"))
    told = " ".join(str(data) for data in Event.objects.filter(at__gte=now()).values_list("data", flat=True))
    assert "Aino" not in told and "Maija" not in told and "@" not in told
