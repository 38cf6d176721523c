"""Training for the network's own people: arranged, found, registered for, attended, shown by a certificate that stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from opinovi.base.clock import now, today
from opinovi.base.models import Letter
from opinovi.contact.actions import groups
from opinovi.contact.models import Registration
from opinovi.directory.models import GroupSession
from opinovi.journeys.desk_refer import groups_for
from opinovi.network.actions import place
from opinovi.network.models import Member, Network, Organisation, Person, Role, Team
from opinovi.staff.actions import training as actions
from opinovi.staff.models import Certificate, Training, TrainingPlace
from tests.staff.learning import a_training, crowd

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
    (letter,) = letters()
    told = letter.body
    assert f"/desk/trainings/{training.id}" in told and "Videolla" not in told and "Oona" not in told
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


def shown_in(visitor: Client, key: str) -> list[str]:
    """Where the public meets a group session."""
    paths = ["/groups", "/groups.ics", "/sitemap-groups.xml", "/doors?q=zirkkaklubi", f"/groups/{key}"]
    answers = {path: visitor.get(path, follow=True) for path in paths}
    return [path for path, one in answers.items() if one.status_code == 200 and key in one.content.decode()]


def test_it_is_no_door_for_the_public(visitor: Client, training: Training, region: Network, own_index: Any) -> None:
    key = str(training.session_id)
    GroupSession.objects.filter(id=key).update(name={"fi": "Zirkkaklubi"})
    own_index().build()
    own_index().checked_at = float("-inf")
    assert shown_in(visitor, key) == [] and training.session not in groups_for(region)
    # Nor may anybody register for it as for a public group.
    assert visitor.post(f"/groups/{key}", {"name": "Joku", "mail": "joku@b.example"}).status_code == 404
    assert not Registration.objects.filter(session=training.session).exists()
    # The same session for the public is met in each of them.
    GroupSession.objects.filter(id=training.session_id).update(for_staff=False)
    own_index().build()
    own_index().checked_at = float("-inf")
    assert len(shown_in(visitor, key)) == 5 and training.session in groups_for(region)


def test_its_own_page_of_a_place_leads_nowhere_that_is_not_there(
    visitor: Client, person: Who, training: Training
) -> None:
    """The letter's link opens a page of the place: no way on it ends at a group that is not for the public."""
    kept = actions.come(person("oona"), training)
    page = visitor.get(f"/registrations/{kept.told()['token']}").content.decode()
    assert "Videolla" in page and f"/groups/{training.session_id}" not in page


def test_one_put_on_the_list_at_the_door_gets_a_certificate_too(
    as_person: As, person: Who, training: Training, still: time_machine.Traveller
) -> None:
    ville = as_person("ville")
    desk = f"/desk/groups/{training.session_id}"
    ville.post(desk, {"then": "add", "name": "Nelli", "mail": "Nelli@example.example"})
    ville.post(desk, {"then": "add", "name": "Joku muu", "mail": "muu@b.example"})
    still.shift(timedelta(days=6))
    for one in Registration.objects.filter(session=training.session):
        groups.mark(person("ville"), one, training.session.meetings.get(), came=True)
    assert [one.member.person for one in Certificate.objects.all()] == [person("nelli")]


def test_it_is_called_off_where_it_was_arranged(
    as_person: As, person: Who, training: Training, letters: Callable[[], list[Letter]]
) -> None:
    actions.come(person("oona"), training)
    ville = as_person("ville")
    # As a group of the public's it is not changed: what it strengthens would be lost.
    assert ville.get(f"/desk/groups/{training.session_id}/edit").status_code == 404
    ville.post(f"/desk/trainings/{training.id}/edit", {"then": "call-off"})
    assert "Peruttu" in as_person("oona").get(f"/desk/trainings/{training.id}").content.decode()
    assert "Videolla" not in as_person("nelli").get("/desk/trainings").content.decode()


def test_fewer_meetings_than_were_asked_for_are_all_that_can_be(
    person: Who, region: Network, still: time_machine.Traveller
) -> None:
    one = a_training(person("ville"), region, count=2, needed=2)
    actions.come(person("oona"), one)
    one.session.meetings.last().delete()  # type: ignore[union-attr]
    still.shift(timedelta(days=30))
    attend(person("ville"), person("oona"), one)
    assert Certificate.objects.count() == 1


def test_a_certificate_goes_along_to_another_house(
    as_person: As, person: Who, training: Training, still: time_machine.Traveller
) -> None:
    oona = person("oona")
    actions.come(oona, training)
    still.shift(timedelta(days=6))
    attend(person("ville"), oona, training)
    paper = Certificate.objects.get()
    Member.objects.filter(person=oona).update(ended_at=now())
    place(oona, person("nelli").places.get().organisation, [(Role.GUIDE, None)])
    assert as_person("oona").get(f"/desk/certificates/{paper.id}.pdf").status_code == 200


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
    assert GroupSession.objects.filter(for_staff=True).count() == 12
