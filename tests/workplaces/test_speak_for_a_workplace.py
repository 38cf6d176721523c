"""A guide invites who speaks for a workplace, and lets them go; they see their own workplace and nothing else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.clock import today
from opinovi.base.models import Letter
from opinovi.network.models import Invitation, Member, Network, Organisation, Person
from opinovi.workplaces import tasks
from opinovi.workplaces.actions import representatives, surveys
from opinovi.workplaces.models import Workplace
from tests.workplaces.asking import a_survey, a_workplace, answered, counted
from tests.workplaces.cases import fresh

As = Callable[[str], Client]
Who = Callable[[str], Person]
Letters = Callable[[], list[Letter]]


@pytest.fixture
def workplace(person: Who, region: Network) -> Workplace:
    return surveys.save_workplace(
        fresh(person("oona")), region, None, name="Saha", municipality="398", people=30, units=["Saha", "Höyläämö"]
    )


def test_one_is_invited_comes_in_and_is_let_go(
    as_person: As, person: Who, workplace: Workplace, letters: Letters
) -> None:
    oona, page = as_person("oona"), f"/desk/workplaces/{workplace.id}/people"
    assert "ei ole vielä edustajaa" in oona.get(page).content.decode()
    assert oona.post(page, {"then": "invite", "email": "ei osoite"}).status_code == 422
    oona.post(page, {"then": "invite", "email": "sahuri@saha.example", "name": "Sami Sahuri"})
    letter = letters()[-1]
    link = re.search(r"http\S+", letter.body)
    assert letter.to == "sahuri@saha.example" and link is not None
    newcomer = Client()
    newcomer.post("/" + link[0].split("/", 3)[3], {"name": "Sami Sahuri", "language": "fi"})
    member = Member.objects.get(person__email="sahuri@saha.example")
    workplace.refresh_from_db()
    assert representatives.representatives(workplace) == [member]
    browser = Client()
    browser.force_login(member.person)
    assert browser.get(f"/desk/workplaces/{workplace.id}").status_code == 200
    # Their own, and nothing of the network's.
    assert "Leipomo" not in browser.get("/desk/workplaces").content.decode()
    for path in ("/desk", "/desk/clients", "/desk/cases", page, "/desk/together"):
        assert browser.get(path).status_code in (302, 403, 404), path
    assert "Sami Sahuri" in oona.get(page).content.decode()
    oona.post(page, {"then": "let-go", "which": str(member.id)})
    assert representatives.representatives(workplace) == []
    assert browser.get(f"/desk/workplaces/{workplace.id}").status_code in (302, 404)


def test_an_invitation_is_withdrawn_and_sent_again(as_person: As, workplace: Workplace) -> None:
    oona, page = as_person("oona"), f"/desk/workplaces/{workplace.id}/people"
    for _time in range(2):
        oona.post(page, {"then": "invite", "email": "a@saha.example"})
    assert Invitation.objects.filter(email="a@saha.example", withdrawn_at=None).count() == 1
    one = Invitation.objects.get(email="a@saha.example", withdrawn_at=None)
    oona.post(page, {"then": "withdraw", "which": str(one.id)})
    assert not Invitation.objects.filter(email="a@saha.example", withdrawn_at=None).exists()
    # The workplace got one house of its own, which is no member of the network.
    assert Organisation.objects.filter(name__fi="Saha").count() == 1
    assert not Organisation.objects.get(name__fi="Saha").networks.exists()


def test_only_guides_invite_and_never_into_a_house_of_the_network(
    person: Who, workplace: Workplace, salpaus: Organisation, region: Network
) -> None:
    for name in ("timo", "eetu", "kaisa", "paivi"):
        with pytest.raises(PermissionDenied):
            representatives.invite(fresh(person(name)), workplace, "a@b.example", "", "x{token}", "fi")
    workplace.organisation = salpaus
    workplace.save()
    with pytest.raises(ValidationError, match="pääkäyttäjä kutsuu"):
        representatives.invite(fresh(person("oona")), workplace, "a@b.example", "", "x{token}", "fi")
    other = a_workplace(fresh(person("oona")), region)
    timo = Member.objects.get(person=person("timo"))
    with pytest.raises(ValidationError, match="ei edusta"):
        representatives.let_go(fresh(person("oona")), workplace, timo)
    representatives.let_go(fresh(person("oona")), other, timo)
    assert Member.objects.get(id=timo.id).ended_at is not None


def test_goals_past_their_day_and_the_next_year_are_told_of_once(
    person: Who, region: Network, letters: Letters, still: time_machine.Traveller
) -> None:
    workplace = a_workplace(fresh(person("oona")), region)
    one = a_survey(fresh(person("oona")), workplace)
    for _person in range(6):
        answered(one, 2)
    one = counted(fresh(person("oona")), one)
    goal = surveys.save_goal(fresh(person("timo")), one, None, text="Kurssi", by_day=today() + timedelta(days=3))
    before = len(letters())
    for _day in range(3):
        still.shift(timedelta(days=4))
        tasks.follow_plans()
    assert [letter.to for letter in letters()[before:]] == ["timo@example.example"]
    assert "Kurssi" not in letters()[-1].body
    # A new day begins it anew.
    surveys.save_goal(fresh(person("timo")), one, goal, by_day=today() + timedelta(days=3))
    still.shift(timedelta(days=4))
    tasks.follow_plans()
    surveys.save_goal(fresh(person("timo")), one, goal, state="done")
    assert len(letters()) == before + 2
    still.shift(timedelta(days=380))
    for _day in range(2):
        tasks.follow_plans()
    assert [letter.to for letter in letters()[before + 2 :]] == ["timo@example.example"]
    # Where it was asked again already, nobody is told that it could be.
    again = counted(fresh(person("oona")), a_survey(fresh(person("oona")), workplace, before=one))
    still.shift(timedelta(days=1))
    a_survey(fresh(person("oona")), workplace, before=again)
    still.shift(timedelta(days=400))
    tasks.follow_plans()
    assert len(letters()) == before + 3
