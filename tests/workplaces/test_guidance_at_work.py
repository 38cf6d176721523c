"""A guide's day at a workplace, groups and learning buddies: the people book by themselves, and no page of the employer's
tells who."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from opinovi.base.clock import today
from opinovi.base.models import Letter
from opinovi.contact.actions import appointments, groups
from opinovi.contact.availability import free_times, rules_of
from opinovi.contact.models import Appointment, TimeRule
from opinovi.directory.models import GroupSession, Service
from opinovi.network.models import Member, Network, Person
from opinovi.site.matrix import addresses
from opinovi.workplaces.actions import guidance, surveys
from opinovi.workplaces.models import LearningBuddy, VisitDay, Workplace
from tests.staff.learning import a_training
from tests.workplaces.asking import a_workplace
from tests.workplaces.cases import fresh

As = Callable[[str], Client]
Who = Callable[[str], Person]
Letters = Callable[[], list[Letter]]
DAY = date(2027, 2, 16)
SECRET = "salainenasiakas"


@pytest.fixture
def workplace(person: Who, region: Network) -> Workplace:
    return a_workplace(person("oona"), region, "Leipomo", "Myymälä")


@pytest.fixture
def visit(as_person: As, workplace: Workplace, career_guidance: Service) -> VisitDay:
    oona = Member.objects.get(person__email="oona@example.example")
    told = {"day": f"{DAY}", "begins": "09:00", "ends": "12:00", "minutes": "30", "place": "kokoushuone 2",
            "modes": ["visit", "phone"], "member": str(oona.id), "service": str(career_guidance.id),
            "languages": ["fi", "en"]}  # fmt: skip
    answer = as_person("oona").post(f"/desk/workplaces/{workplace.id}/visits/new", told)
    assert answer.status_code == 302, answer.content.decode()
    return VisitDay.objects.select_related("rule", "workplace").get()


def first_time(visitor: Client, workplace: Workplace) -> str:
    page = visitor.get(f"/t/{workplace.code}/times").content.decode()
    return page.split('href="/book/')[1].split('"')[0]


def test_its_people_book_by_the_workplaces_own_door(
    visitor: Client, workplace: Workplace, visit: VisitDay, career_guidance: Service
) -> None:
    door = visitor.get(f"/t/{workplace.code}").content.decode()
    assert "tiistai 16.2." in door and "kokoushuone 2" in door
    time = first_time(visitor, workplace)
    page = visitor.get(f"/book/{time}").content.decode()
    assert "Leipomo, kokoushuone 2" in page and f"/t/{workplace.code}/times" in page
    answer = visitor.post(f"/book/{time}", {"mode": "visit", "phone": "040 123 4567", "name": SECRET})
    own = visitor.get(answer["Location"]).content.decode()
    assert "Leipomo, kokoushuone 2" in own
    # The time is gone, and there is no way to it but the code.
    assert time not in visitor.get(f"/t/{workplace.code}/times").content.decode()
    assert visit.rule is not None
    for path in ("/book", f"/book/services/{career_guidance.id}", f"/services/{career_guidance.id}", "/"):
        assert str(visit.rule.id) not in visitor.get(path).content.decode(), path
    # Moved, it stays at the workplace.
    token = answer["Location"].split("/times/")[1].split("?")[0]
    assert str(visit.rule.id) in visitor.get(f"/times/{token}/move").content.decode()
    other = visitor.get(f"/times/{token}/move").content.decode()
    assert other.count(str(visit.rule.id)) == other.count('name="time"')


def test_one_who_was_a_moment_late_comes_back_to_the_workplaces_times(
    visitor: Client, workplace: Workplace, visit: VisitDay
) -> None:
    time = first_time(visitor, workplace)
    told = {"mode": "phone", "phone": "040 123 4567"}
    assert "/times/" in visitor.post(f"/book/{time}", told)["Location"]
    late = visitor.post(f"/book/{time}", told)
    assert late["Location"] == f"/t/{workplace.code}/times?gone=1"
    assert "Aika ehti mennä toiselle" in visitor.get(late["Location"]).content.decode()


def test_the_employer_sees_no_one_on_any_page(
    as_person: As, visitor: Client, person: Who, workplace: Workplace, visit: VisitDay, region: Network
) -> None:
    answer = visitor.post(
        f"/book/{first_time(visitor, workplace)}", {"mode": "visit", "mail": f"{SECRET}@a.example", "name": SECRET}
    )
    token = answer["Location"].split("/times/")[1].split("?")[0]
    one = Appointment.objects.get(rule=visit.rule)
    session = a_session(person, workplace)
    groups.register(region, session, groups.Coming(name=SECRET, mail=f"{SECRET}@b.example"))
    timo = as_person("timo")
    ids = {"workplace_id": workplace.id, "visit_id": visit.id, "session_id": session.id, "door_code": workplace.code,
           "appointment_id": one.id, "network_id": region.id, "network_prefix": region.prefix}  # fmt: skip
    opened = 0
    for address in addresses():
        path = address.path(ids)
        if "<" in path or "sign-out" in path:
            continue
        answer = timo.get(path)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        opened += answer.status_code == 200
        assert SECRET.encode() not in text and token.encode() not in text, path
    assert opened > 30
    # Nor how many there are.
    page = timo.get(f"/desk/workplaces/{workplace.id}/guidance").content.decode()
    assert "Ohjaajan päivä" in page and "varattu" not in page
    assert timo.get(f"/desk/visits/{visit.id}").status_code == 404
    # Her guide does.
    assert SECRET in as_person("oona").get("/desk/times").content.decode()


def test_the_guide_has_no_other_times_that_day(visit: VisitDay, person: Who, career_guidance: Service) -> None:
    assert visit.rule is not None
    team = visit.rule.team
    oona = Member.objects.get(person__email="oona@example.example")
    TimeRule.objects.filter(by_code=False).delete()
    TimeRule.objects.create(team=team, member=oona, service=career_guidance, modes=["phone"], languages=["fi"],
                            hours="Mo-Su 08:00-16:00")  # fmt: skip
    days = {one.begins.date() for one in free_times(rules_of(service=career_guidance), days=14)}
    assert DAY not in days and DAY - timedelta(days=1) in days


def test_it_is_called_off_and_who_booked_is_told(
    as_person: As, visitor: Client, workplace: Workplace, visit: VisitDay, letters: Letters
) -> None:
    visitor.post(f"/book/{first_time(visitor, workplace)}", {"mode": "visit", "mail": "a@b.example"})
    # Once somebody has booked, it is not changed under them.
    told = {"day": f"{DAY + timedelta(days=1)}", "begins": "09:00", "ends": "12:00", "minutes": "30", "modes": ["visit"],
            "member": str(visit.rule.member_id), "service": str(visit.rule.service_id), "languages": ["fi"]}  # type: ignore[union-attr]  # fmt: skip
    answer = as_person("oona").post(f"/desk/visits/{visit.id}", told)
    assert answer.status_code == 422 and "Aikoja on jo varattu" in answer.content.decode()
    as_person("oona").post(f"/desk/visits/{visit.id}", {"then": "drop"})
    visit.refresh_from_db()
    assert visit.cancelled_at is not None and visit.rule is None
    assert (
        Appointment.objects.get(begins_at__date=DAY).state == "cancelled"
        and letters()[-1].subject == "Aikasi on peruttu"
    )
    assert "16.2." not in visitor.get(f"/t/{workplace.code}").content.decode()


@pytest.mark.parametrize(
    ("told", "wrong"),
    [({"day": "2027-02-01"}, "Päivä on jo mennyt"), ({"ends": "08:00"}, "Loppuaika on ennen alkua"),
     ({"minutes": "31"}, "Viiden minuutin tarkkuudella"), ({"modes": []}, "Tämä kenttä")],
)  # fmt: skip
def test_what_is_wrong_is_said(
    as_person: As, workplace: Workplace, career_guidance: Service, told: dict[str, str], wrong: str
) -> None:
    oona = Member.objects.get(person__email="oona@example.example")
    right = {"day": f"{DAY}", "begins": "09:00", "ends": "12:00", "minutes": "30", "modes": ["visit"],
             "member": str(oona.id), "service": str(career_guidance.id), "languages": ["fi"]}  # fmt: skip
    answer = as_person("oona").post(f"/desk/workplaces/{workplace.id}/visits/new", right | told)
    assert answer.status_code == 422 and wrong in answer.content.decode()
    assert not VisitDay.objects.exists() and not TimeRule.objects.filter(by_code=True).exists()


def a_session(person: Who, workplace: Workplace) -> GroupSession:
    oona = Member.objects.get(person__email="oona@example.example")
    plan = {"day": f"{DAY}", "begins": "13:00", "ends": "14:00", "count": 1}
    one = guidance.save_session(
        fresh(person("oona")), workplace, oona.teams.get(), None, "taukotila", name={"fi": "Infotilaisuus"}, plan=plan,
        summary={"fi": "Kaikille"}, languages=["fi"], places=20,
    )  # fmt: skip
    return one.session


def test_a_group_at_work_is_found_by_the_code_alone(
    visitor: Client, as_person: As, person: Who, workplace: Workplace, region: Network
) -> None:
    session = a_session(person, workplace)
    for path in ("/groups", "/groups.ics", "/sitemap.xml", "/doors?q=infotilaisuus"):
        assert "Infotilaisuus" not in visitor.get(path, follow=True).content.decode(), path
    assert "Infotilaisuus" in visitor.get(f"/t/{workplace.code}").content.decode()
    page = visitor.get(f"/groups/{session.id}").content.decode()
    assert "Leipomo, taukotila" in page and f"/t/{workplace.code}" in page
    assert visitor.post(f"/groups/{session.id}", {"phone": "040 123 4567"}).status_code == 302
    # It is changed where it was arranged.
    assert as_person("oona").get(f"/desk/groups/{session.id}/edit").status_code == 404
    form = as_person("oona").get(f"/desk/sessions/{session.id}").content.decode()
    assert 'value="taukotila"' in form


def test_a_buddy_is_named_sent_to_training_and_trained(
    as_person: As, person: Who, visitor: Client, workplace: Workplace, region: Network, still: time_machine.Traveller
) -> None:
    timo = as_person("timo")
    told = {"name": "Liisa", "reach": "aamuvuoro", "unit": str(workplace.units.get(name="Leipomo").id)}
    timo.post(f"/desk/workplaces/{workplace.id}/buddies/new", told)
    one = LearningBuddy.objects.get()
    assert "aamuvuoro" in visitor.get(f"/t/{workplace.code}").content.decode()
    training = a_training(fresh(person("oona")), region)
    # Which training is a guide's to give.
    timo.post(f"/desk/buddies/{one.id}", told | {"session": str(training.session_id)})
    one.refresh_from_db()
    assert one.registration is None
    as_person("oona").post(f"/desk/buddies/{one.id}", told | {"session": str(training.session_id)})
    one.refresh_from_db()
    assert one.registration is not None and one.registration.state == "placed"
    meeting = training.session.meetings.first()
    assert meeting is not None
    still.move_to(meeting.begins_at + timedelta(minutes=5))
    groups.mark(fresh(person("oona")), one.registration, meeting, came=True)
    one.refresh_from_db()
    assert one.trained_on == today() and "koulutettu" in visitor.get(f"/t/{workplace.code}").content.decode()
    groups.mark(fresh(person("oona")), one.registration, meeting, came=False)
    one.refresh_from_db()
    assert one.trained_on is None
    timo.post(f"/desk/buddies/{one.id}", {"then": "drop"})
    assert not LearningBuddy.objects.exists() and "Liisa" not in visitor.get(f"/t/{workplace.code}").content.decode()


def test_another_unit_and_a_training_that_is_over_are_refused(
    person: Who, workplace: Workplace, region: Network, still: time_machine.Traveller
) -> None:
    other = surveys.save_workplace(
        fresh(person("oona")), region, None, name="Muu", municipality="", people=None, units=["Muu"]
    )
    with pytest.raises(ValidationError, match="toisesta työpaikasta"):
        guidance.save_buddy(fresh(person("oona")), workplace, None, "Liisa", "", other.units.get())
    buddy = guidance.save_buddy(fresh(person("oona")), workplace, None, "Liisa", "", None)
    training = a_training(fresh(person("oona")), region)
    still.move_to(training.session.ends_at + timedelta(days=1))
    with pytest.raises(ValidationError, match="vasta edessä"):
        guidance.send_to_training(fresh(person("oona")), buddy, training.session)


def test_what_was_booked_at_work_is_not_offered_to_who_waits_elsewhere(
    visitor: Client, workplace: Workplace, visit: VisitDay, career_guidance: Service, letters: Letters
) -> None:
    visitor.post(f"/book/services/{career_guidance.id}", {"mail": "jonottaja@a.example"})
    visitor.post(f"/book/{first_time(visitor, workplace)}", {"mode": "visit", "mail": "a@b.example"})
    before = len(letters())
    appointments.cancel(Appointment.objects.get(rule=visit.rule))
    assert all(letter.to != "jonottaja@a.example" for letter in letters()[before:])
