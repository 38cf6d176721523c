"""A change ahead is known to those who see to it, and told at the door once the people know; places are found by anyone
and filled by a referral, of which the workplace sees nothing; and the year in figures."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.clock import today
from opinovi.base.models import Letter
from opinovi.directory.models import Service
from opinovi.doors.topics import topics
from opinovi.journeys.models import Referral
from opinovi.network.models import Network, Person
from opinovi.workplaces import tasks
from opinovi.workplaces.actions import changes, offers, placements
from opinovi.workplaces.fields import package
from opinovi.workplaces.models import Change, Placement, PlacementReferral, Workplace
from tests.journeys.guiding import begin
from tests.workplaces.asking import a_workplace
from tests.workplaces.cases import a_case, a_team, an_offer, fresh

As = Callable[[str], Client]
Who = Callable[[str], Person]
Letters = Callable[[], list[Letter]]


@pytest.fixture
def workplace(person: Who, region: Network) -> Workplace:
    return a_workplace(person("oona"), region, "Kokoonpano", "Varasto", "Toimisto")


def a_change(by: Person, workplace: Workplace) -> Change:
    units = list(workplace.units.filter(name__in=["Kokoonpano", "Varasto"]))
    return changes.begin_change(
        fresh(by), workplace, name="Tuotanto siirtyy", begins=today() + timedelta(days=30), people=40, units=units
    )


def a_place(by: Person, workplace: Workplace, service: Service | None, **told: Any) -> Placement:
    given = {"kind": "apprenticeship", "title": "Leipurin oppisopimus", "text": "Aamuvuoro", "municipality": "398",
             "count": 2, "begins": None, "until": today() + timedelta(days=30)}  # fmt: skip
    return placements.save_placement(fresh(by), workplace, None, **given | told, service=service)


def test_the_package_is_whole_in_every_language() -> None:
    assert all({"fi", "sv", "en"} <= set(step["name"]) for step in package()["steps"].values())
    for door in package()["doors"]:
        assert {"fi", "fi-simple", "sv", "en"} <= set(door["name"])
        assert door["topics"] and all(topic in topics() for topic in door["topics"])


def test_it_is_begun_with_a_step_for_everything_and_the_team_is_told(
    as_person: As, person: Who, region: Network, workplace: Workplace, letters: Letters
) -> None:
    a_team(region, person("nelli"))
    told = {"name": "Tuotanto siirtyy", "begins": f"{today() + timedelta(days=30)}", "people": "40",
            "units": [str(unit.id) for unit in workplace.units.all()[:2]]}  # fmt: skip
    answer = as_person("timo").post(f"/desk/workplaces/{workplace.id}/changes/new", told)
    one = Change.objects.get()
    assert answer["Location"] == f"/desk/changes/{one.id}"
    assert set(one.steps.values_list("key", flat=True)) == set(package()["steps"])
    assert all(step.by_day >= today() for step in one.steps.all())
    assert letters()[-1].to == "nelli@example.example" and "Tuotanto" not in letters()[-1].body
    page = as_person("timo").get(f"/desk/changes/{one.id}").content.decode()
    assert "Infotilaisuus kaikille" in page and "Kokoonpano, Varasto" in page


def test_it_is_known_to_those_who_see_to_it_alone_until_the_people_know(
    as_person: As, visitor: Client, person: Who, region: Network, workplace: Workplace
) -> None:
    a_team(region, person("nelli"))
    one = a_change(person("timo"), workplace)
    for name in ("oona", "ville", "kaisa", "eetu", "tarja"):
        assert as_person(name).get(f"/desk/changes/{one.id}").status_code == 404, name
    assert "Tuotanto siirtyy" not in as_person("oona").get(f"/desk/workplaces/{workplace.id}").content.decode()
    assert "Tuotanto siirtyy" in as_person("nelli").get(f"/desk/workplaces/{workplace.id}").content.decode()
    door = f"/t/{workplace.code}"
    assert "Muutos työssäsi" not in visitor.get(door).content.decode()
    as_person("timo").post(f"/desk/changes/{one.id}", {"then": "tell"})
    page = visitor.get(door).content.decode()
    assert "Muutos työssäsi" in page and "t=jobseeker-registration" in page and "Tuotanto" not in page
    assert "Ilmoita että etsit työtä" in visitor.get(f"{door}?plain=1", follow=True).content.decode()
    assert "Register as a jobseeker" in visitor.get(f"/en{door}").content.decode()
    as_person("timo").post(f"/desk/changes/{one.id}", {"then": "end"})
    assert "Muutos työssäsi" not in visitor.get(door).content.decode()


def test_steps_are_done_added_changed_and_reminded_of_once(
    as_person: As, person: Who, region: Network, workplace: Workplace, letters: Letters, still: time_machine.Traveller
) -> None:
    a_team(region, person("nelli"))
    one = a_change(person("timo"), workplace)
    step = one.steps.get(key="info")
    timo = as_person("timo")
    timo.post(f"/desk/changes/{one.id}", {"then": "done", "step": str(step.id)})
    step.refresh_from_db()
    assert step.done_at is not None
    timo.post(f"/desk/changes/{one.id}/steps/new", {"text": "Puhutaan pomon kanssa", "by_day": f"{today()}"})
    assert one.steps.count() == len(package()["steps"]) + 1
    assert timo.post(f"/desk/changes/{one.id}/steps/new", {"text": "", "by_day": f"{today()}"}).status_code == 422
    # The package's own words stay in every language where they are left as they were.
    other = one.steps.get(key="visits")
    form = timo.get(f"/desk/change-steps/{other.id}").content.decode()
    assert "Ohjaajan päivät työpaikalla" in form
    timo.post(f"/desk/change-steps/{other.id}", {"text": "Ohjaajan päivät työpaikalla: jokainen varaa oman aikansa",
                                                 "who": "Pirjo", "by_day": f"{today()}"})  # fmt: skip
    other.refresh_from_db()
    assert (other.text, other.who) == ("", "Pirjo")
    assert "guide&#x27;s days" in timo.get(f"/en/desk/changes/{one.id}").content.decode()
    before = len(letters())
    still.shift(timedelta(days=2))
    for _round in range(2):
        tasks.follow_cases()
    assert [letter.to for letter in letters()[before:]] == ["nelli@example.example"] * 2


def test_a_place_is_told_of_opened_by_a_guide_and_found(
    as_person: As, visitor: Client, person: Who, region: Network, workplace: Workplace, career_guidance: Service,
    letters: Letters,
) -> None:  # fmt: skip
    a_team(region, person("nelli"))
    told = {"kind": "apprenticeship", "title": "Leipurin oppisopimus", "municipality": "398", "count": "2",
            "until": f"{today() + timedelta(days=30)}", "service": str(career_guidance.id)}  # fmt: skip
    as_person("timo").post(f"/desk/workplaces/{workplace.id}/places/new", told)
    one = Placement.objects.get()
    # An employer does not say who arranges it.
    assert (one.state, one.service) == ("told", None) and letters()[-1].to == "nelli@example.example"
    assert visitor.get(f"/workplaces/places/{one.id}").status_code == 404
    as_person("oona").post(f"/desk/places/{one.id}", told)
    one.refresh_from_db()
    assert one.state == "open"
    assert "Leipurin oppisopimus" in visitor.get("/workplaces/places?kind=apprenticeship&where=398").content.decode()
    assert "Leipurin oppisopimus" not in visitor.get("/workplaces/places?kind=tryout").content.decode()
    page = visitor.get(f"/workplaces/places/{one.id}").content.decode()
    assert f"service={career_guidance.id}" in page and "Ohjaa asiakas" not in page
    # Beside the doors of who looks for one, and of nobody else.
    assert "Leipurin oppisopimus" in visitor.get("/doors?q=oppisopimuspaikka").content.decode()
    assert "Leipurin oppisopimus" not in visitor.get("/doors?q=lukio").content.decode()


def test_places_are_filled_freed_and_close_by_their_day(
    as_person: As, visitor: Client, person: Who, workplace: Workplace, career_guidance: Service,
    still: time_machine.Traveller,
) -> None:  # fmt: skip
    one = a_place(person("oona"), workplace, career_guidance)
    timo = as_person("timo")
    for _time in range(3):
        timo.post(f"/desk/places/{one.id}", {"then": "fill"})
    one.refresh_from_db()
    assert (one.taken, one.state) == (2, "filled") and visitor.get(f"/workplaces/places/{one.id}").status_code == 410
    timo.post(f"/desk/places/{one.id}", {"then": "free"})
    one.refresh_from_db()
    assert (one.taken, one.state) == (1, "open")
    with pytest.raises(ValidationError, match="täytetty enemmän"):
        placements.save_placement(fresh(person("oona")), workplace, one, kind="tryout", title="x", text="",
                                  municipality="", count=0, begins=None, until=today(), service=None)  # fmt: skip
    still.shift(timedelta(days=31))
    assert "Leipurin" not in visitor.get("/workplaces/places").content.decode()
    tasks.follow_cases()
    one.refresh_from_db()
    assert one.state == "closed"


def test_a_client_goes_to_a_place_by_a_referral_of_their_own(
    as_person: As, person: Who, workplace: Workplace, career_guidance: Service
) -> None:
    nelli = person("nelli")
    client = begin(fresh(nelli), name="Salla Salainen", mail="salla@asiakas.example")
    one = a_place(person("oona"), workplace, career_guidance)
    browser = as_person("nelli")
    page = browser.get(f"/desk/places/{one.id}/refer").content.decode()
    assert "Salla Salainen" in page
    assert browser.post(f"/desk/places/{one.id}/refer", {"client": "x"}).status_code == 422
    answer = browser.post(f"/desk/places/{one.id}/refer", {"client": str(client.id)})
    referral = Referral.objects.get()
    assert answer["Location"] == f"/desk/clients/{client.id}/refer?draft={referral.id}"
    assert referral.state == "drafted" and "Leipurin oppisopimus, Leipomo" in referral.words["hope"]
    assert PlacementReferral.objects.get().placement == one
    # The workplace sees neither who nor that somebody was referred; guides see that somebody is on the way.
    guidance = f"/desk/workplaces/{workplace.id}/guidance"
    assert "1 ohjaus kesken" in browser.get(guidance).content.decode()
    assert "ohjaus kesken" not in as_person("timo").get(guidance).content.decode()
    timo = as_person("timo")
    assert timo.get(f"/desk/places/{one.id}/refer").status_code == 404
    for path in (f"/desk/places/{one.id}", f"/desk/workplaces/{workplace.id}/guidance", f"/workplaces/places/{one.id}"):
        text = timo.get(path).content.decode()
        assert "Salla" not in text and str(referral.number) not in text
    # Who guides nobody refers nobody.
    with pytest.raises(PermissionDenied):
        placements.refer(fresh(person("eetu")), one, client)


def test_the_year_tells_what_was_done_and_of_nobody(
    as_person: As, person: Who, region: Network, workplace: Workplace, career_guidance: Service
) -> None:
    case = a_case(region, workplace, person("timo"))
    offer = an_offer(person("oona"), case)
    offers.accept(case, offer.id, fresh(person("timo")))
    a_place(person("oona"), workplace, career_guidance)
    page = as_person("timo").get(f"/desk/workplaces/{workplace.id}/year").content.decode().replace("\xa0", " ")
    assert "480,00 €" in page and "sovittu" in page and "osia tehty 0/2" in page
    assert "täytetty 0" in page
    for year in ("2019", "2031", "x", ""):
        assert (
            "vuosi 2027" in as_person("timo").get(f"/desk/workplaces/{workplace.id}/year?year={year}").content.decode()
        )
    assert "480,00" not in as_person("timo").get(f"/desk/workplaces/{workplace.id}/year?year=2026").content.decode()
