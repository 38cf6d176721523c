"""Actions: who does what, until when, what it waits for, what shows that it was done; and measures that fill."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.clock import now, today
from opinovi.base.models import DataKey
from opinovi.contact.models import Enquiry
from opinovi.network.models import Member, Organisation, Person, Team
from opinovi.strategy.actions import planning
from opinovi.strategy.models import Action, Measure, Objective
from opinovi.strategy.queries import seen
from opinovi.strategy.words import number
from tests.strategy.aiming import an_action, an_objective, needs

As = Callable[[str], Client]
Who = Callable[[str], Person]


def test_an_action_is_agreed_begun_and_done_with_evidence(
    as_person: As, person: Who, objective: Objective, salpaus: Organisation, letters: Any
) -> None:
    kaisa = as_person("kaisa")
    strategy = objective.theme.strategy
    oona = Member.objects.get(person=person("oona"))
    sent = {"name_fi": "Yhteyshenkilö", "objective": str(objective.id), "organisation": str(salpaus.id),
            "member": str(oona.id), "begins": "2027-02-01", "ends": "2027-03-01"}  # fmt: skip
    wrong = kaisa.post(f"/desk/strategies/{strategy.id}/actions/new", sent | {"ends": "2027-01-01"})
    assert wrong.status_code == 422 and "ennen ensimmäistä" in wrong.content.decode()
    before = len(letters())
    kaisa.post(f"/desk/strategies/{strategy.id}/actions/new", sent)
    one = Action.objects.get()
    assert len(letters()) == before + 1
    own = as_person("oona")
    own.post(f"/desk/actions/{one.id}", {"then": "begin"})
    bare = own.post(f"/desk/actions/{one.id}", {"then": "done", "evidence": ""})
    assert bare.status_code == 422 and "Kirjoita, mistä näkee" in bare.content.decode()
    own.post(f"/desk/actions/{one.id}", {"then": "done", "evidence": "Sovittu 9.2."})
    one.refresh_from_db()
    assert (one.state, one.evidence) == ("done", "Sovittu 9.2.")
    twice = own.post(f"/desk/actions/{one.id}", {"then": "stop"})
    assert twice.status_code == 422 and "jo muuttanut tilaa" in twice.content.decode()


def test_only_who_is_responsible_or_coordinates_moves_it(
    as_person: As, person: Who, objective: Objective, salpaus: Organisation
) -> None:
    one = an_action(person("kaisa"), objective, salpaus)
    nelli = as_person("nelli")
    page = nelli.get(f"/desk/actions/{one.id}").content.decode()
    assert "Katsotaan aukot" in page and 'value="begin"' not in page
    assert nelli.post(f"/desk/actions/{one.id}", {"then": "begin"}).status_code == 403
    with pytest.raises(PermissionDenied):
        an_action(person("oona"), objective, salpaus)


def test_an_action_waits_for_another_and_never_for_itself(
    person: Who, objective: Objective, salpaus: Organisation
) -> None:
    kaisa = person("kaisa")
    first = an_action(kaisa, objective, salpaus, "Eka")
    second = an_action(kaisa, objective, salpaus, "Toka", waits_for=[first])
    third = an_action(kaisa, objective, salpaus, "Kolmas", waits_for=[second])
    with pytest.raises(ValidationError, match="Tämä odottaa vielä: Eka"):
        planning.move_action(kaisa, second, "begin")
    told: dict[str, Any] = {"organisation": salpaus, "member": None, "partners": [], "begins": today(),
                            "ends": today(), "resources": "", "name": first.name}  # fmt: skip
    with pytest.raises(ValidationError, match="odottaisi itseään"):
        planning.save_action(kaisa, objective, first, **told, waits_for=[third])
    planning.move_action(kaisa, first, "done", "Tehty")
    assert planning.move_action(kaisa, second, "begin").state == "under_way"
    elsewhere = an_action(kaisa, an_objective(kaisa, objective.theme.strategy), salpaus, "Muualla")
    assert planning.save_action(kaisa, objective, first, **told, waits_for=[elsewhere]).waits_for.count() == 1


def test_a_late_action_shows_and_is_told_once(
    as_person: As, person: Who, objective: Objective, salpaus: Organisation, letters: Any
) -> None:
    oona = Member.objects.get(person=person("oona"))
    one = an_action(person("kaisa"), objective, salpaus, member=oona)
    Action.objects.update(begins=today() - timedelta(days=9), ends=today() - timedelta(days=1))
    before = len(letters())
    assert planning.remind_late() == 1 and planning.remind_late() == 0
    assert len(letters()) == before + 1 and "Katsotaan" not in letters()[-1].body
    strategy = objective.theme.strategy
    page = as_person("nelli").get(f"/desk/strategies/{strategy.id}/actions?state=late").content.decode()
    assert str(one) in page and "myöhässä" in page
    none = as_person("nelli").get(f"/desk/strategies/{strategy.id}/actions?state=done").content.decode()
    assert "Yhtään tällaista ei ole" in none


def test_a_value_by_hand_tells_where_it_is_from(as_person: As, objective: Objective) -> None:
    kaisa = as_person("kaisa")
    sent = {"name_fi": "Koulutuksiin osallistuneet", "source": "hand", "unit": "people", "baseline": "20",
            "baseline_on": "2026-12-31", "target": "120", "target_on": "2029-12-31"}  # fmt: skip
    kaisa.post(f"/desk/objectives/{objective.id}/measures/new", sent)
    one = Measure.objects.get()
    bare = kaisa.post(f"/desk/measures/{one.id}", {"on": "2027-02-01", "value": "35,5", "source": ""})
    assert bare.status_code == 422
    kaisa.post(f"/desk/measures/{one.id}", {"on": "2027-02-01", "value": "35,5", "source": "Osallistujalistat"})
    ahead = kaisa.post(f"/desk/measures/{one.id}", {"on": "2027-03-01", "value": "1", "source": "x"})
    assert ahead.status_code == 422 and "vasta edessä" in ahead.content.decode()
    page = as_person("nelli").get(f"/desk/measures/{one.id}").content.decode()
    assert "35,5 ihmistä" in page and "Osallistujalistat" in page and 'class="trend' in page
    assert as_person("nelli").post(f"/desk/measures/{one.id}", {"on": "2027-02-02", "value": "1", "source": "x"}).status_code == 403  # fmt: skip


def test_what_is_counted_here_has_its_unit_and_its_better_direction(as_person: As, objective: Objective) -> None:
    """Nobody can say that fewer needs without a door are worse."""
    needs(objective.theme.strategy.network, "digital-skills", 6, 18)
    sent = {
        "name_fi": "Digiapua vaille",
        "source": "unserved",
        "unit": "euros",
        "topic": "digital-skills",
        "target": "20",
    }
    as_person("kaisa").post(f"/desk/objectives/{objective.id}/measures/new", sent)
    one = Measure.objects.prefetch_related("readings").get()
    assert (one.unit, one.smaller_is_better, seen(one).reached) == ("percent", True, False)


def measure(person: Person, objective: Objective, source: str, **told: Any) -> Measure:
    return planning.save_measure(person, objective, None, name={"fi": "M"}, source=source, unit="percent", **told)


def newest(one: Measure) -> Any:
    return one.readings.get().value


def test_a_measure_of_needs_fills_by_itself_and_is_silent_of_few(person: Who, objective: Objective) -> None:
    kaisa, network = person("kaisa"), objective.theme.strategy.network
    needs(network, "digital-skills", 6, 18)
    needs(network, "finnish-course", 8, 0)
    assert newest(measure(kaisa, objective, "unserved", topic="digital-skills")) == 75_000
    assert newest(measure(kaisa, objective, "unserved")) == 56_200
    assert newest(measure(kaisa, objective, "unserved", topic="digital-skills", municipality="016")) is None
    needs(network, "apprenticeship", 3, 4)
    # Three found a door: the share would tell of them.
    assert newest(measure(kaisa, objective, "unserved", topic="apprenticeship")) is None


def test_the_median_wait_counts_those_who_still_wait(person: Who, objective: Objective, salpaus: Organisation) -> None:
    team, network = Team.objects.get(organisation=salpaus), objective.theme.strategy.network
    Enquiry.objects.all().delete()
    for days, wait in ((10, 1), (10, 2), (10, 3), (8, None)):
        key, asked = DataKey.objects.create(), now() - timedelta(days=days)
        answered = asked + timedelta(days=wait) if wait else None
        Enquiry.objects.create(network=network, team=team, key=key, asked_at=asked, answer_by=asked,
                               first_answered_at=answered, state="answered" if wait else "waiting")  # fmt: skip
    assert newest(measure(person("kaisa"), objective, "first_answer")) is None
    key, asked = DataKey.objects.create(), now() - timedelta(days=10)
    Enquiry.objects.create(network=network, team=team, key=key, asked_at=asked, answer_by=asked,
                           first_answered_at=asked + timedelta(days=2), state="closed")  # fmt: skip
    found = measure(person("kaisa"), objective, "first_answer")
    assert newest(found) == 2000


def test_a_month_has_one_value_of_its_own_and_the_hand_goes_before(
    person: Who, objective: Objective, still: Any
) -> None:
    kaisa = person("kaisa")
    one = measure(kaisa, objective, "confirmed")
    planning.fill_all(objective.theme.strategy.network)
    assert one.readings.count() == 1
    still.shift(timedelta(days=40))
    planning.fill_all(objective.theme.strategy.network)
    assert one.readings.count() == 2
    planning.read_measure(kaisa, one, today(), 50_000, "Laskettu käsin")
    planning.fill_all(objective.theme.strategy.network)
    by_hand = one.readings.get(on=today())
    assert by_hand.value == 50_000 and by_hand.source == "Laskettu käsin"


def test_the_way_of_a_measure_goes_by_what_is_better(objective: Objective) -> None:
    one = Measure.objects.create(objective=objective, name={"fi": "M"}, baseline=31_000, target=15_000,
                                 smaller_is_better=True, baseline_on=date(2026, 1, 1))  # fmt: skip
    one.readings.create(on=date(2027, 1, 1), value=14_000)
    found = seen(Measure.objects.prefetch_related("readings").get())
    assert (found.way, found.reached, len(found.points)) == ("better", True, 2)


@pytest.mark.parametrize(("thousandths", "told"), [(12_000, "12"), (500, "0,5"), (1_234_567, "1 234,567"), (0, "0")])
def test_a_number_has_no_more_decimals_than_it_needs(thousandths: int, told: str) -> None:
    assert number(thousandths).replace("\xa0", " ") == told
