"""A person joins a group without an account; it fills up, one leaves, and the first in line gets the place."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
import vobject
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opinovi.base.models import Event, Letter
from opinovi.contact.actions import groups
from opinovi.contact.actions.groups import Coming
from opinovi.contact.models import Registration
from opinovi.directory.models import GroupSession
from opinovi.doors.find import find
from opinovi.doors.need import understand
from opinovi.network.models import Absence, Network, Person, Team

FI = ZoneInfo("Europe/Helsinki")
AsPerson = Callable[[str], Client]
Letters = Callable[[], list[Letter]]


@pytest.fixture
def group(db: None) -> GroupSession:
    """Four Tuesday evenings with four places, three of them taken; Oona leads it."""
    return GroupSession.objects.get(name__fi="Alanvaihtajien ryhmä")


def join(client: Client, group: GroupSession, **told: Any) -> str:
    """Register; returns the path of one's own page."""
    response = client.post(f"/groups/{group.id}", {"phone": "", "mail": "a@b.example", "remind": "mail"} | told)
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"].split("?")[0])


def do_tasks(again: bool = False) -> None:
    """Tell those whom a worker was left to tell; again, as one that was killed before it could say so."""
    tasks = DBTaskResult.objects.filter(task_path__endswith="tell_group")
    for one in tasks.filter(status="SUCCESSFUL" if again else "READY"):
        one.task.call(*one.args_kwargs["args"])
        DBTaskResult.objects.filter(id=one.id).update(status="SUCCESSFUL")


def told(group: GroupSession, **more: Any) -> dict[str, Any]:
    """The form of a group as its leader sends it."""
    plan = group.plan
    return {
        "name_fi": "Alanvaihtajien ryhmä", "summary_fi": "Mietitään yhdessä.", "day": plan["day"],
        "begins": plan["begins"], "ends": plan["ends"], "count": plan["count"], "every": "1", "without": "",
        "places": group.places or "", "point": str(group.point_id), "link": "", "leader": str(group.leader_id),
        "service": "", "kind": "guidance", "languages": ["fi"], "register_until": "", "charge": "free",
    } | more  # fmt: skip


def test_groups_are_listed_and_found_by_search(visitor: Client, group: GroupSession) -> None:
    page = visitor.get("/groups").content.decode()
    assert (
        "Alanvaihtajien ryhmä" in page and "1 paikka vapaana" in page and "4 kertaa" in page and "Digikahvila" in page
    )
    only = visitor.get("/groups?where=398").content.decode()
    assert "Digikahvila" in only and visitor.get("/groups?where=xx").status_code == 200
    found = find(understand("alanvaihtajien ryhmä", "fi"), limit=10)
    assert group.id in [hit.id for hit in found.hits]
    results = visitor.get("/doors", {"q": "alanvaihtajien ryhmä"}).content.decode()
    assert f"/groups/{group.id}" in results and "Alkaa ti 16.2. klo 17" in results


def test_its_page_says_when_where_and_what_happens_next(visitor: Client, group: GroupSession) -> None:
    page = visitor.get(f"/groups/{group.id}").content.decode()
    for words in ("ti 16.2. klo 17–19", "ti 9.3. klo 17–19", "Salpaus, hakupalvelut", "Maksuton", "Ilmoittaudu"):
        assert words in page
    # Nobody sees who comes.
    assert "Aino" not in page


def test_the_last_place_is_mine_and_the_next_one_waits(visitor: Client, group: GroupSession, letters: Letters) -> None:
    first = join(visitor, group)
    assert "Sinulla on paikka" in visitor.get(first).content.decode()
    second = join(Client(), group, mail="c@d.example")
    third = join(Client(), group, mail="e@f.example")
    assert "Olet jonossa ensimmäinen" in visitor.get(second).content.decode()
    assert "Ennen sinua jonossa on 1" in visitor.get(third).content.decode()
    assert "Täynnä, pääset jonoon" in visitor.get("/groups").content.decode()
    assert [one.subject for one in letters()] == ["Paikkasi on varattu", "Olet jonossa", "Olet jonossa"]
    assert all("Alanvaihtajien" not in str(one.told()) for one in letters())
    visitor.post(first, {"then": "leave"})
    assert "Sinulla on paikka" in visitor.get(second).content.decode()
    assert "Olet jonossa ensimmäinen" in visitor.get(third).content.decode()
    got = letters()[-1]
    assert got.subject == "Sait paikan" and got.told()["to"] == "c@d.example"
    group.refresh_from_db()
    assert group.taken == 4


def test_a_form_sent_twice_is_one_place(visitor: Client, group: GroupSession) -> None:
    once = str(uuid4())
    assert join(visitor, group, once=once) == join(visitor, group, once=once)
    group.refresh_from_db()
    assert group.taken == 4


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"mail": "", "remind": ""}, "Kirjoita numero tai sähköposti"),
        ({"mail": "", "phone": "040 123 4567"}, "Kirjoita osoite, johon muistutus lähetetään."),
        ({"remind": "sms"}, "Kirjoita numero, johon tekstiviesti lähetetään."),
    ],
)
def test_what_is_missing_is_said(visitor: Client, group: GroupSession, told: dict[str, str], words: str) -> None:
    response = visitor.post(f"/groups/{group.id}", {"phone": "", "mail": "a@b.example", "remind": "mail"} | told)
    assert response.status_code == 422 and words in response.content.decode()


def test_one_cannot_join_what_has_begun_or_is_off(
    visitor: Client, group: GroupSession, still: time_machine.Traveller, person: Callable[[str], Person]
) -> None:
    still.move_to(datetime(2027, 2, 16, 18, tzinfo=FI))
    page = visitor.get(f"/groups/{group.id}").content.decode()
    assert "Ilmoittautuminen on päättynyt" in page and "Muistutammeko" not in page
    assert visitor.post(f"/groups/{group.id}", {"mail": "a@b.example"}).status_code == 409
    groups.call_off(person("oona"), group)
    assert visitor.get(f"/groups/{group.id}").status_code == 410
    assert visitor.get(f"/groups/{uuid4()}").status_code == 404


def test_calendars_are_read_by_two_parsers(visitor: Client, group: GroupSession) -> None:
    own = visitor.get(join(visitor, group) + "/calendar.ics").content.decode()
    events = icalendar.Calendar.from_ical(own).walk("VEVENT")
    assert [one["dtstart"].dt for one in events] == [
        datetime(2027, 2, day, 17, tzinfo=FI) if day > 10 else datetime(2027, 3, day, 17, tzinfo=FI)
        for day in (16, 23, 2, 9)
    ]
    # A mail is read by many eyes: the file says only that there is a booked time.
    assert {str(one["summary"]) for one in events} == {"Varattu aika"}
    public = visitor.get("/groups.ics").content.decode()
    other = vobject.readOne(public)
    assert {one.summary.value for one in other.vevent_list} == {"Alanvaihtajien ryhmä", "Digikahvila"}


def test_a_day_before_those_who_wanted_are_reminded_once_and_not_at_night(
    visitor: Client, group: GroupSession, letters: Letters, still: time_machine.Traveller
) -> None:
    GroupSession.objects.filter(id=group.id).update(places=10)
    join(visitor, group, remind="")
    path = join(Client(), group, mail="c@d.example")
    assert "Saat muistutuksen päivää ennen." in visitor.get(path).content.decode()
    still.move_to(datetime(2027, 2, 15, 22, tzinfo=FI))
    for _ in range(3):
        groups.remind()
    [reminder] = [one for one in letters() if one.subject == "Muistutus ryhmästä"]
    assert reminder.told()["to"] == "c@d.example"
    assert reminder.next_try_at == datetime(2027, 2, 16, 8, tzinfo=FI)
    visitor.post(path, {"then": "stop-reminding"})
    assert [one for one in letters() if one.subject == "Muistutus ryhmästä"] == []
    # One who comes along the evening before the only meeting knows; the page promises no reminder.
    cafe = GroupSession.objects.get(name__fi="Digikahvila")
    still.move_to(cafe.starts_at - timedelta(hours=20))
    page = visitor.get(join(Client(), cafe)).content.decode()
    assert "Ryhmä kokoontuu niin pian" in page


# For those who lead


def test_a_series_is_set_up_in_one_form_and_found_at_once(
    as_person: AsPerson, visitor: Client, region: Network
) -> None:
    team, oona = Team.objects.get(name="Hakupalvelut"), as_person("oona")
    form = {
        "name_fi": "Iltakahvit", "summary_fi": "Jutellaan opiskelusta.", "day": "2027-03-23", "begins": "18:00",
        "ends": "19:30", "count": "4", "every": "2", "without": "6.4.2027", "places": "8",
        "link": "https://video.example/kahvit", "kind": "guidance", "languages": ["fi"], "charge": "free",
    }  # fmt: skip
    response = oona.post(f"/desk/teams/{team.id}/groups", form)
    assert response.status_code == 302
    one = GroupSession.objects.get(name__fi="Iltakahvit")
    # The clocks go forward in between: it is still at six in the evening.
    assert [f"{meeting.begins_at.astimezone(FI):%d.%m. %H.%M}" for meeting in one.meetings.all()] == [
        "23.03. 18.00", "20.04. 18.00", "04.05. 18.00",
    ]  # fmt: skip
    assert "Iltakahvit" in visitor.get("/groups").content.decode()
    public = visitor.get(f"/groups/{one.id}").content.decode()
    assert "Verkossa. Saat linkin, kun ilmoittaudut." in public and "video.example" not in public
    assert "video.example" in visitor.get(join(visitor, one)).content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ends": "16:00"}, "Loppuaika on ennen alkua."),
        ({"without": "ensi viikolla"}, "Emme ymmärtäneet päivää"),
        ({"point": "", "link": ""}, "Kirjoita linkki, tai valitse paikka."),
        ({"places": "2"}, "Paikkoja on jo annettu enemmän."),
        ({"count": "1", "without": "16.2.2027"}, "Kertoja on oltava vähintään yksi."),
    ],
)
def test_a_group_that_makes_no_sense_is_sent_back(
    as_person: AsPerson, group: GroupSession, more: dict[str, Any], words: str
) -> None:
    response = as_person("oona").post(f"/desk/groups/{group.id}/edit", told(group, **more))
    assert response.status_code == 422 and words in response.content.decode()


def test_a_changed_time_is_told_to_those_who_come_and_added_places_go_to_the_line(
    as_person: AsPerson, visitor: Client, group: GroupSession, letters: Letters
) -> None:
    join(visitor, group)
    waits = join(Client(), group, mail="c@d.example")
    oona = as_person("oona")
    assert oona.post(f"/desk/groups/{group.id}/edit", told(group, places="5")).status_code == 302
    assert "Sinulla on paikka" in visitor.get(waits).content.decode()
    assert oona.post(f"/desk/groups/{group.id}/edit", told(group, places="5", begins="16:30")).status_code == 302
    do_tasks()
    do_tasks(again=True)
    told_to = Counter((one.subject, one.told()["to"]) for one in letters())
    assert told_to[("Ryhmän aika muuttui", "a@b.example")] == told_to[("Ryhmän aika muuttui", "c@d.example")] == 1
    assert "klo 16.30–19" in visitor.get(waits).content.decode()
    # Nothing changed: nobody is told again.
    group.refresh_from_db()
    oona.post(f"/desk/groups/{group.id}/edit", told(group, name_fi="Uusi nimi"))
    assert Counter(one.subject for one in letters())["Ryhmän aika muuttui"] == 2


def test_a_group_that_is_called_off_is_told_to_all(
    as_person: AsPerson, visitor: Client, group: GroupSession, letters: Letters
) -> None:
    path = join(visitor, group)
    as_person("oona").post(f"/desk/groups/{group.id}/edit", {"then": "call-off"})
    do_tasks()
    assert letters()[-1].subject == "Ryhmä on peruttu" and "CANCELLED" in letters()[-1].told()["attachment"]
    assert "Ryhmä ei kokoonnu" in visitor.get(path).content.decode()
    assert "Alanvaihtajien" not in visitor.get("/groups").content.decode()


def test_only_the_leader_and_their_stand_in_see_who_comes(
    as_person: AsPerson, person: Callable[[str], Person], group: GroupSession
) -> None:
    page = f"/desk/groups/{group.id}"
    assert "Aino Esimerkki" in as_person("oona").get(page).content.decode()
    GroupSession.objects.filter(id=group.id).update(leader=person("ville").places.get())
    colleague = as_person("oona").get(page).content.decode()
    assert "Aino Esimerkki" not in colleague and "Osallistujat näkee vain ryhmän vetäjä" in colleague
    assert as_person("nelli").get(page).status_code == as_person("paivi").get(page).status_code == 404
    one = Registration.objects.filter(session=group).first()
    assert one is not None
    as_person("oona").post(page, {"then": "out", "who": str(one.id)})
    one.refresh_from_db()
    assert one.state == "placed"
    oona = person("oona").places.get()
    ville = person("ville").places.get()
    Absence.objects.create(member=ville, begins=date(2027, 2, 9), ends=date(2027, 2, 9), substitute=oona)
    assert "Aino Esimerkki" in as_person("oona").get(page).content.decode()


def test_the_leader_marks_who_came_and_adds_one_who_phoned(
    as_person: AsPerson, group: GroupSession, still: time_machine.Traveller
) -> None:
    oona, page = as_person("oona"), f"/desk/groups/{group.id}"
    added = oona.post(page, {"then": "add", "name": "Onni Esimerkki", "phone": "040 765 4321", "mail": ""})
    assert added.status_code == 302 and "Onni Esimerkki" in oona.get(page).content.decode()
    assert oona.post(page, {"then": "add", "name": ""}).status_code == 422
    one, meeting = Registration.objects.filter(session=group)[0], group.meetings.all()[0]
    early = oona.post(page, {"then": "came", "who": str(one.id), "meeting": str(meeting.id)})
    assert early.status_code == 422 and "Kerta on vasta edessä" in early.content.decode()
    still.move_to(datetime(2027, 2, 16, 17, 10, tzinfo=FI))
    assert "Ryhmä: Alanvaihtajien ryhmä" in oona.get("/desk").content.decode()
    for then, came in (("missed", False), ("came", True)):
        oona.post(page, {"then": then, "who": str(one.id), "meeting": str(meeting.id)})
        assert one.attendances.get().came is came
    still.move_to(datetime(2027, 2, 24, 9, tzinfo=FI))
    assert "paikalla 1 kertaa / 2" in as_person("oona").get(page).content.decode()


def test_what_a_machine_fills_in_joins_nothing(visitor: Client, group: GroupSession) -> None:
    before = Registration.objects.count()
    told = {"mail": "a@b.example", "remind": "mail", "website": "https://spam.example"}
    assert visitor.post(f"/groups/{group.id}", told).status_code == 429
    assert Registration.objects.count() == before


def test_only_one_who_has_a_place_can_have_been_there(
    as_person: AsPerson, visitor: Client, group: GroupSession, still: time_machine.Traveller
) -> None:
    join(visitor, group)
    join(visitor, group, mail="jonossa@b.example")
    waiting = Registration.objects.get(session=group, state="waiting")
    still.move_to(datetime(2027, 2, 16, 17, 10, tzinfo=FI))
    meeting = group.meetings.all()[0]
    told = {"then": "came", "who": str(waiting.id), "meeting": str(meeting.id)}
    refused = as_person("oona").post(f"/desk/groups/{group.id}", told)
    assert refused.status_code == 422 and "Hänellä ei ole paikkaa." in refused.content.decode()


def test_who_came_is_forgotten_in_time_and_how_many_is_not(
    group: GroupSession, visitor: Client, still: time_machine.Traveller
) -> None:
    path = join(visitor, group)
    still.move_to(group.ends_at + timedelta(days=91))
    assert groups.erase_old() == 5
    assert visitor.get(path).status_code == 410
    assert set(Registration.objects.filter(session=group).values_list("locked", "token_hash")) == {("", None)}
    group.refresh_from_db()
    assert group.taken == 4


def test_one_takes_away_all_that_was_told(visitor: Client, group: GroupSession) -> None:
    path = join(visitor, group, name="Salainen Nimi")
    assert visitor.post(path, {"then": "erase"})["Location"] == "/conversations/erased"
    assert visitor.get(path).status_code == 410
    group.refresh_from_db()
    assert group.taken == 3


def test_every_change_is_one_event_without_a_word_of_who(visitor: Client, group: GroupSession) -> None:
    begin = Event.objects.latest("seq").seq
    path = join(visitor, group, name="Salainen Nimi")
    visitor.post(path, {"then": "leave"})
    rows = Event.objects.filter(seq__gt=begin, subject_type="group_session")
    assert [one.verb for one in rows.order_by("seq")] == ["register", "leave"]
    assert all("Salainen" not in str(one.data) and "a@b" not in str(one.data) for one in rows)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 4), st.lists(st.tuples(st.sampled_from(["join", "leave", "room"]), st.integers(0, 9)), max_size=25)
)
def test_no_place_is_given_twice_and_none_stands_empty_while_one_waits(
    group: GroupSession, region: Network, person: Callable[[str], Person], places: int, steps: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        Registration.objects.filter(session=group).delete()
        GroupSession.objects.filter(id=group.id).update(places=places, taken=0)
        line: list[Registration] = []
        for what, which in steps:
            if what == "join":
                line.append(groups.register(region, group, Coming(name=str(which))))
            elif what == "leave" and line:
                groups.leave(line.pop(which % len(line)))
            elif what == "room":
                session = GroupSession.objects.get(id=group.id)
                try:
                    groups.save_session(person("oona"), group.team, session, places=1 + which % 6)
                    places = 1 + which % 6
                except ValidationError:
                    assert session.taken > 1 + which % 6
            session = GroupSession.objects.get(id=group.id)
            there = [
                one.id for one in Registration.objects.filter(session=group, state="placed").order_by("since", "id")
            ]
            # Those who came first have the places, as many as there are.
            assert session.taken == len(there) == min(len(line), places)
            assert set(there) == {one.id for one in line[:places]}
        transaction.set_rollback(True)


def test_the_database_itself_refuses_one_too_many(group: GroupSession) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupSession.objects.filter(id=group.id).update(taken=5)
