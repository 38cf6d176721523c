"""Training for the network's own people: arranged, found, registered for, attended, shown by a certificate that stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from opinovi.base.clock import today
from opinovi.base.models import Letter
from opinovi.contact.actions import groups
from opinovi.contact.models import Registration
from opinovi.directory.models import GroupSession
from opinovi.network.models import Network, Organisation, Person, Team
from opinovi.staff.actions import training as actions
from opinovi.staff.models import Certificate, Training, TrainingPlace
from tests.staff.learning import a_training, crowd, of

As = Callable[[str], Client]
Who = Callable[[str], Person]


@pytest.fixture
def training(person: Who, region: Network) -> Training:
    return a_training(person("ville"), region)


def attend(by: Person, who: Person, one: Training, came: bool = True) -> None:
    place = TrainingPlace.objects.get(training=one, member__person=who)
    assert place.registration is not None
    for meeting in one.session.meetings.all():
        groups.mark(by, place.registration, meeting, came=came)


def test_a_guide_arranges_one_on_the_page(as_person: As, person: Who, region: Network) -> None:
    ville = as_person("ville")
    team = Team.objects.get(members__person=person("ville"))
    new = f"/desk/teams/{team.id}/trainings/new"
    sent = {"name_fi": "Selkopuhe", "summary_fi": "Puhutaan selkeästi.", "day": f"{today() + timedelta(days=9)}", "begins": "09:00",
            "ends": "12:00", "count": "2", "every": "1", "link": "https://kokous.example/s", "languages": ["fi"], "places": "8"}  # fmt: skip
    bare = ville.post(new, sent)
    assert (
        bare.status_code == 422 and "mitä osaamista" in bare.content.decode() and "Selkopuhe" in bare.content.decode()
    )
    page = ville.post(new, sent | {"areas": ["diversity"], "needed": "3"})
    assert page.status_code == 422 and "Kertoja on vähemmän" in page.content.decode() and not Training.objects.exists()
    ville.post(new, sent | {"areas": ["diversity"], "needed": "1"})
    one = Training.objects.get()
    assert (one.areas, one.needed, one.session.for_staff, one.session.places) == (["diversity"], 1, True, 8)
    form = ville.get(f"/desk/trainings/{one.id}/edit").content.decode()
    assert "Selkopuhe" in form and 'value="1"' in form
    ville.post(f"/desk/trainings/{one.id}/edit", sent | {"areas": ["client", "diversity"], "name_fi": "Selkeä puhe"})
    one.refresh_from_db()
    assert one.areas == ["client", "diversity"] and str(one) == "Selkeä puhe" and Training.objects.count() == 1
    assert as_person("oona").get(f"/desk/trainings/{one.id}/edit").status_code in (403, 404)
    assert as_person("oona").get(new).status_code in (403, 404)


def test_it_is_found_by_area_and_one_comes_by_one_press(
    as_person: As, person: Who, training: Training, letters: Callable[[], list[Letter]]
) -> None:
    oona = as_person("oona")
    assert "Videolla" in oona.get("/desk/trainings?area=digital").content.decode()
    assert "Videolla" not in oona.get("/desk/trainings?area=ethics").content.decode()
    path = f"/desk/trainings/{training.id}"
    # The link is for those who have a place.
    assert "kokous.example" not in oona.get(path).content.decode()
    page = oona.post(path, {"then": "come"}, follow=True).content.decode()
    assert "Paikkasi on varattu" in page and "kokous.example" in page
    oona.post(path, {"then": "come"})
    own = Registration.objects.filter(session=training.session)
    assert own.get().told()["name"] == "Oona Ohjaaja" and len(letters()) == 1
    oona.post(path, {"then": "leave"})
    training.session.refresh_from_db()
    assert training.session.taken == 0
    oona.post(path, {"then": "come"})
    training.session.refresh_from_db()
    assert training.session.taken == 1 and TrainingPlace.objects.count() == 1


def test_where_it_is_full_one_waits_and_gets_the_place_that_comes_free(
    as_person: As, person: Who, region: Network, training: Training
) -> None:
    for name in ("oona", "nelli"):
        actions.come(person(name), training)
    eetu = as_person("eetu")
    page = eetu.post(f"/desk/trainings/{training.id}", {"then": "come"}, follow=True).content.decode()
    assert "Olet jonossa" in page and "kokous.example" not in page
    actions.leave(person("nelli"), training)
    assert "olet tulossa" in eetu.get(f"/desk/trainings/{training.id}").content.decode()


def test_who_attends_gets_a_certificate(
    as_person: As, person: Who, training: Training, still: time_machine.Traveller, letters: Callable[[], list[Letter]]
) -> None:
    oona, ville = person("oona"), person("ville")
    actions.come(oona, training)
    still.shift(timedelta(days=6))
    Letter.objects.all().delete()
    attend(ville, oona, training)
    paper = Certificate.objects.get()
    assert (paper.who, paper.minutes, paper.days, paper.areas) == ("Oona Ohjaaja", 180, ["2027-02-14"], ["digital"])
    # It is told of, in no more words than that something waits.
    assert ["Oona" in one.key or "certificate" in one.key for one in letters()] == [True]
    browser = as_person("oona")
    assert "Todistuksesi on valmis" in browser.get(f"/desk/trainings/{training.id}").content.decode()
    answer = browser.get(f"/desk/certificates/{paper.id}.pdf")
    assert (
        answer.status_code == 200 and answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    )
    assert as_person("ville").get(f"/desk/certificates/{paper.id}.pdf").status_code == 404
    # Marked wrong and put right: no certificate of what was not attended.
    attend(ville, oona, training, came=False)
    assert not Certificate.objects.exists()


def test_part_of_the_times_may_be_enough(person: Who, region: Network, still: time_machine.Traveller) -> None:
    one = a_training(person("ville"), region, count=3, needed=2)
    actions.come(person("oona"), one)
    still.shift(timedelta(days=30))
    place = TrainingPlace.objects.get().registration
    assert place is not None
    meetings = list(one.session.meetings.all())
    groups.mark(person("ville"), place, meetings[0], came=True)
    assert not Certificate.objects.exists()
    groups.mark(person("ville"), place, meetings[2], came=True)
    assert Certificate.objects.get().minutes == 360


def test_it_stands_when_the_registration_and_the_training_are_gone(
    as_person: As, person: Who, training: Training, still: time_machine.Traveller
) -> None:
    actions.come(person("oona"), training)
    still.shift(timedelta(days=6))
    attend(person("ville"), person("oona"), training)
    still.shift(timedelta(days=120))
    assert groups.erase_old() >= 1 and Registration.objects.filter(session=training.session).get().state == "erased"
    paper = Certificate.objects.get()
    assert "Videolla" in as_person("oona").get("/desk/competence").content.decode()
    Registration.objects.filter(session=training.session).delete()
    training.session.delete()
    assert as_person("oona").get(f"/desk/certificates/{paper.id}.pdf").status_code == 200


def test_it_is_no_door_for_the_public(
    visitor: Client, as_person: As, person: Who, training: Training, own_index: Any
) -> None:
    key = str(training.session_id)
    own_index().build()
    assert visitor.get(f"/groups/{key}").status_code == 404
    for path in (
        "/groups",
        "/groups.ics",
        "/sitemap-groups.xml",
        "/search?q=videolla",
        "/?q=videolla",
        "/search?q=koulutus",
    ):
        assert key not in visitor.get(path, follow=True).content.decode(), path
    # Nor may anybody register for it as for a public group.
    assert visitor.post(f"/groups/{key}", {"name": "Joku", "mail": "joku@b.example"}).status_code == 404
    assert not Registration.objects.filter(session=training.session).exists()
    # Nor is a client handed on to it.
    assert key not in as_person("oona").get("/desk/refer").content.decode()


def test_one_of_no_house_of_the_network_does_not_come(person: Who, training: Training) -> None:
    for name in ("timo", "assi"):
        with pytest.raises(PermissionDenied):
            actions.come(person(name), training)


def test_the_pages_ask_at_most_twelve(
    as_person: As, person: Who, region: Network, salpaus: Organisation, in_service: None, django_assert_max_num_queries: Any
) -> None:  # fmt: skip
    for number in range(12):
        one = a_training(person("ville"), region, places=40, count=2)
        if number < 3:
            for by in crowd(salpaus, 3) if number == 0 else []:
                actions.come(by, one)
            actions.come(person("oona"), one)
    ville, oona = as_person("ville"), as_person("oona")
    paths = ["/desk/trainings", f"/desk/trainings/{one.id}"]
    for client in (ville, oona):
        for path in paths:
            with django_assert_max_num_queries(12):
                assert client.get(path).status_code == 200
    for path in (f"/desk/trainings/{one.id}/edit", f"/desk/teams/{one.session.team_id}/trainings/new"):
        with django_assert_max_num_queries(12):
            assert ville.get(path).status_code == 200
    assert GroupSession.objects.filter(for_staff=True).count() == 12 and of(person("ville"), region)
