"""What a workplace's year tells of who came: in fives, none under five, and nothing that moves while one looks on."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import time_machine
from django.test import Client

from opinovi.base.clock import now
from opinovi.base.models import DataKey
from opinovi.contact.models import Appointment, Attendance, Registration
from opinovi.directory.hours import ZONE
from opinovi.directory.models import Service
from opinovi.network.models import Member, Network, Person
from opinovi.workplaces.actions import guidance
from opinovi.workplaces.models import VisitDay, Workplace
from tests.workplaces.asking import a_workplace
from tests.workplaces.cases import fresh
from tests.workplaces.test_guidance_at_work import a_session

Who = Callable[[str], Person]
DAY = date(2027, 2, 16)


def met(workplace: Workplace, visit: VisitDay, count: int) -> None:
    """So many more came to the guide's day."""
    assert visit.rule is not None
    for _person in range(count):
        begins = datetime(2027, 2, 16, 9, tzinfo=ZONE)
        Appointment.objects.create(
            network=workplace.network, team=visit.rule.team, rule=visit.rule, mode="visit", begins_at=begins,
            ends_at=begins + timedelta(minutes=30), state="met", key=DataKey.objects.create(),
        )  # fmt: skip


def told(client: Client, workplace: Workplace) -> str:
    page = client.get(f"/desk/workplaces/{workplace.id}/year").content.decode()
    return page.split("<table")[1].split("</table>")[0]


def test_none_under_five_in_fives_and_by_months_that_are_over(
    as_person: Callable[[str], Client], person: Who, region: Network, career_guidance: Service,
    still: time_machine.Traveller,
) -> None:  # fmt: skip
    oona = Member.objects.get(person__email="oona@example.example")
    workplace = a_workplace(fresh(person("oona")), region)
    visit = guidance.save_visit(
        fresh(person("oona")), workplace, oona.teams.get(), None, day=DAY,
        begins=time(9), ends=time(15), place="", member=oona,
        service=career_guidance, minutes=30, modes=["visit"], languages=["fi"],
    )  # fmt: skip
    session = a_session(person, workplace)
    meeting = session.meetings.get()
    for _person in range(12):
        one = Registration.objects.create(
            network=region, session=session, state="placed", key=DataKey.objects.create(), since=now()
        )
        Attendance.objects.create(registration=one, meeting=meeting, came=True)
    met(workplace, visit, 4)
    still.move_to(datetime(2027, 2, 20, 12, tzinfo=ZONE))
    # The month goes on: nothing of it is told, whatever is marked meanwhile.
    before = told(as_person("timo"), workplace)
    assert "tapaamisia" not in before and "osallistujia" not in before
    met(workplace, visit, 1)
    assert told(as_person("timo"), workplace) == before
    still.move_to(datetime(2027, 3, 2, 12, tzinfo=ZONE))
    page = told(as_person("timo"), workplace)
    assert "tapaamisia 5" in page and "osallistujia 10" in page
    Appointment.objects.filter(rule=visit.rule)[:1].get().delete()
    assert "tapaamisia alle 5" in told(as_person("timo"), workplace)
