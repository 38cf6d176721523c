"""A person books a time in a minute, without an account, and moves or cancels it from the message."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opinovi.base.clock import now
from opinovi.base.mail import out_of_quiet
from opinovi.base.models import Event, Letter
from opinovi.contact.actions import appointments
from opinovi.contact.actions.times import find_next_free_of
from opinovi.contact.models import Appointment, Taken, TimeRule
from opinovi.directory.models import Service
from opinovi.network.models import Absence, Network, Person
from tests.contact.booking import TIME, book, form, times

FI = ZoneInfo("Europe/Helsinki")
Letters = Callable[[], list[Letter]]


@pytest.fixture(autouse=True)
def nothing_booked(db: None) -> None:
    """The example's own bookings are out of the way."""
    Appointment.objects.all().delete()


@pytest.fixture
def letters(letters: Letters) -> Letters:
    """Those to people; what guides are told has a test of its own."""
    return lambda: [one for one in letters() if one.subject != "Ajoissasi on muutos"]


def test_the_services_that_one_can_book_say_when_the_first_time_is_free(
    visitor: Client, career_guidance: Service
) -> None:
    find_next_free_of.call(str(career_guidance.id))
    page = visitor.get("/book").content.decode()
    assert "Uraohjaus aikuiselle" in page and "Vapaa huomenna klo 9" in page
    assert "Seuraava vapaa" in visitor.get("/").content.decode()
    assert "Varaa aika: huomenna klo 9" in visitor.get(f"/services/{career_guidance.id}").content.decode()


def test_free_times_stand_by_day_and_narrow_down(visitor: Client, career_guidance: Service) -> None:
    page = visitor.get(f"/book/services/{career_guidance.id}").content.decode()
    assert "Huomenna" in page and "ke 10.2." in page
    all_of_them = times(visitor, career_guidance)
    video = times(visitor, career_guidance, mode="video")
    assert 0 < len(video) < len(all_of_them)
    english = times(visitor, career_guidance, language="en")
    # At the library in Kausala there is Finnish only.
    assert english == [one for one in all_of_them if one in english] and 0 < len(english) < len(all_of_them)
    assert times(visitor, career_guidance, language="ar") == []
    assert times(visitor, career_guidance, point=str(uuid4())) == []


def test_one_number_is_enough_and_the_confirmation_says_what_happens_next(
    visitor: Client, career_guidance: Service, letters: Letters
) -> None:
    one, path = book(visitor, times(visitor, career_guidance)[0], remind="sms")
    page = visitor.get(path + "?new=1").content.decode()
    for words in ("Aikasi on varattu", "ke 10.2. klo 9", "Uraohjaus aikuiselle", "Ståhlberginkatu 10", "Oona Ohjaaja"):
        assert words in page
    assert one.told()["phone"] == "+358401234567"
    # The link comes by text message at once; the reminder two hours before, as a day before has gone, but not at seven.
    confirmation, reminder = letters()
    assert confirmation.kind == reminder.kind == "sms" and path in confirmation.told()["body"]
    assert confirmation.next_try_at <= now()
    assert reminder.next_try_at == datetime(2027, 2, 10, 8, tzinfo=FI)
    assert "Saat muistutuksen tekstiviestinä huomenna klo 8." in page
    visitor.post(path, {"then": "stop-reminding"})
    assert [letter.subject for letter in letters()] == ["Aikasi on varattu"]
    assert "Emme lähetä muistutusta" in visitor.get(path).content.decode()


def test_a_reminder_that_would_come_too_late_is_not_promised(
    visitor: Client, career_guidance: Service, letters: Letters
) -> None:
    TimeRule.objects.filter(service=career_guidance).update(hours="Tu 10:00-20:00", notice_hours=0)
    _one, path = book(visitor, times(visitor, career_guidance)[0], remind="sms")
    assert [letter.subject for letter in letters()] == ["Aikasi on varattu"]
    assert "Aika on niin pian, ettei muistutusta enää tule." in visitor.get(path).content.decode()


def test_without_a_gateway_one_without_a_mail_address_has_the_page(
    visitor: Client, career_guidance: Service, letters: Letters, settings: object
) -> None:
    settings.SMS_OFFERED = False  # type: ignore[attr-defined]
    address = times(visitor, career_guidance)[6]
    assert "Tekstiviestillä" not in visitor.get(address).content.decode()
    _one, path = book(visitor, address)
    assert letters() == [] and "Talleta tämän sivun osoite" in visitor.get(path).content.decode()


def test_a_link_leads_to_the_persons_own_language_and_network_whoever_writes_it(
    visitor: Client, career_guidance: Service, letters: Letters
) -> None:
    sibling = Network.objects.get(slug="hame")
    one, _path = book(visitor, times(visitor, career_guidance)[6], mail="a@b.example", language="en")
    Appointment.objects.filter(id=one.id).update(network=sibling)
    one = Appointment.objects.select_related("key", "network", "team").get(id=one.id)
    # As a worker does, on no request of the network's.
    appointments.tell_of_booking(
        Appointment(**{f.attname: getattr(one, f.attname) for f in one._meta.fields} | {"sequence": 1})
    )
    body = letters()[-1].told()["body"]
    assert "/hame/en/times/" in body and "Your time is booked" in body
    link = "/" + body.split("/", 3)[3].split()[0]
    # That network speaks no English: its page is there all the same.
    assert "Aikasi" in Client().get(link, follow=True).content.decode()


def test_a_mail_address_gets_a_confirmation_that_says_nothing_of_the_matter(
    visitor: Client, career_guidance: Service, letters: Letters
) -> None:
    _one, path = book(
        visitor, times(visitor, career_guidance)[6], phone="", mail="a@b.example", remind="mail", note="velat"
    )
    confirmation, reminder = letters()
    told = confirmation.told()
    assert told["to"] == "a@b.example" and path in told["body"] and "Uraohjaus" not in told["body"]
    assert "velat" not in told["body"] + told["attachment"] and "Uraohjaus" not in told["attachment"]
    begins = Appointment.objects.get().begins_at
    assert reminder.next_try_at == out_of_quiet(begins - timedelta(hours=24))
    assert reminder.subject == "Muistutus ajastasi"


def test_the_calendar_file_is_read_by_two_parsers(visitor: Client, career_guidance: Service) -> None:
    _one, path = book(visitor, times(visitor, career_guidance)[0])
    response = visitor.get(path + "/calendar.ics")
    assert response["Content-Type"].startswith("text/calendar")
    text = response.content.decode()
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["dtstart"].dt == datetime(2027, 2, 10, 9, tzinfo=FI)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=45)
    assert path in event["url"] and str(event["summary"]) == "Varattu aika"
    other = vobject.readOne(text)
    assert other.vevent.dtstart.value == datetime(2027, 2, 10, 9, tzinfo=FI) and other.vevent.sequence.value == "0"


def test_a_form_sent_twice_books_once(visitor: Client, career_guidance: Service) -> None:
    address, once = times(visitor, career_guidance)[0], str(uuid4())
    first = visitor.post(address, form(once=once))["Location"]
    assert visitor.post(address, form(once=once))["Location"] == first
    assert Appointment.objects.count() == 1


def test_a_time_that_went_meanwhile_leads_to_those_that_are_free(visitor: Client, career_guidance: Service) -> None:
    first, second, *_rest = times(visitor, career_guidance)
    book(visitor, first)
    late = Client().post(first, form())
    page = late.content.decode()
    assert late.status_code == 409 and "Aika ehti juuri mennä toiselle" in page
    assert TIME.findall(page)[0] == second


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"phone": ""}, "Kirjoita numero tai sähköposti"),
        ({"phone": "12"}, "numero"),
        ({"phone": "", "mail": "a@b.example", "mode": "phone"}, "Kirjoita numero, johon voimme soittaa."),
        ({"phone": "", "mail": "a@b.example", "remind": "sms"}, "Kirjoita numero, johon tekstiviesti lähetetään."),
        ({"mode": "rocket"}, "Miten tapaatte?"),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    visitor: Client, career_guidance: Service, told: dict[str, str], words: str
) -> None:
    response = visitor.post(times(visitor, career_guidance)[0], form(note="Mistä aloitan?", **told))
    page = response.content.decode()
    assert response.status_code == 422 and words in page and "Mistä aloitan?" in page
    assert Appointment.objects.count() == 0


def test_one_cannot_book_the_past_or_the_far_future_or_what_is_not_offered(
    visitor: Client, career_guidance: Service
) -> None:
    rule = times(visitor, career_guidance)[0].rsplit("/", 1)[0]
    for moment in (datetime(2027, 2, 1, 9, tzinfo=FI), datetime(2027, 9, 1, 9, tzinfo=FI)):
        assert visitor.post(f"{rule}/{int(moment.timestamp()) // 60}", form()).status_code == 409
    assert (
        visitor.post(f"{rule}/{int(datetime(2027, 2, 10, 9, 7, tzinfo=FI).timestamp()) // 60}", form()).status_code
        == 409
    )
    assert visitor.get(f"{rule}/99999999999999999").status_code == 404
    assert visitor.get(f"/book/{uuid4()}/30000000").status_code == 404


def test_cancelling_is_one_press_and_frees_the_time_at_once(
    visitor: Client, career_guidance: Service, letters: Letters
) -> None:
    address = times(visitor, career_guidance)[6]
    _one, path = book(visitor, address, mail="a@b.example", remind="mail")
    assert address not in times(visitor, career_guidance)
    visitor.post(path, {"then": "cancel"})
    assert "Aika on peruttu" in visitor.get(path).content.decode()
    assert address in times(visitor, career_guidance)
    # The reminder is not sent any more.
    assert [one.subject for one in letters()] == ["Aikasi on varattu"]
    assert Taken.objects.count() == 0


def test_moving_keeps_the_old_time_until_the_new_one_is_had(
    visitor: Client, career_guidance: Service, letters: Letters
) -> None:
    first, second, *rest = times(visitor, career_guidance)
    one, path = book(visitor, first, mail="a@b.example", remind="mail")
    book(Client(), second)
    rule, minute = second.split("/")[2:]
    late = visitor.post(path + "/move", {"time": f"{rule}/{minute}"})
    assert late.status_code == 409 and "Entinen aikasi on tallella" in late.content.decode()
    rule, minute = rest[-1].split("/")[2:]
    moved = visitor.post(path + "/move", {"time": f"{rule}/{minute}"})
    assert moved["Location"].endswith("?moved=1")
    one.refresh_from_db()
    assert int(one.begins_at.timestamp()) // 60 == int(minute) and one.sequence == 1
    assert first in times(visitor, career_guidance)
    assert [one.subject for one in letters()][:2] == ["Aikasi on varattu", "Aikasi on varattu"]
    for wrong in ("", "x/y", f"{uuid4()}/{minute}"):
        assert visitor.post(path + "/move", {"time": wrong}).status_code in (404, 422)


def test_a_time_that_is_over_cannot_be_moved(
    visitor: Client, career_guidance: Service, still: time_machine.Traveller
) -> None:
    _one, path = book(visitor, times(visitor, career_guidance)[0])
    still.shift(timedelta(days=3))
    assert visitor.get(path + "/move")["Location"] == path
    assert "Tämä aika on ohi" in visitor.get(path).content.decode()


def test_a_wrong_or_erased_link_opens_nothing(
    visitor: Client, career_guidance: Service, still: time_machine.Traveller
) -> None:
    one, path = book(visitor, times(visitor, career_guidance)[0], note="salaisuus")
    for wrong in (path[:-1], path + "x"):
        assert visitor.get(wrong).status_code == 410
    still.shift(timedelta(days=120))
    assert appointments.erase_old() == 1
    assert visitor.get(path).status_code == visitor.get(path + "/calendar.ics").status_code == 410
    one.refresh_from_db()
    assert (one.state, one.locked, one.token_hash, one.key) == ("erased", "", None, None)


def test_a_stand_in_takes_the_times_of_one_who_is_away(
    visitor: Client, career_guidance: Service, person: Callable[[str], Person]
) -> None:
    oona, ville = person("oona").places.get(), person("ville").places.get()
    address = times(visitor, career_guidance)[0]
    away = Absence.objects.create(
        member=oona, begins=datetime(2027, 2, 10, tzinfo=FI).date(), ends=datetime(2027, 2, 10, tzinfo=FI).date()
    )
    assert address not in times(visitor, career_guidance)
    away.substitute = ville
    away.save()
    one, _path = book(visitor, address)
    assert [str(member) for member in one.members.all()] == ["Ville Opinto-opas"]


def test_a_guide_of_two_organisations_has_their_time_once(
    visitor: Client, career_guidance: Service, person: Callable[[str], Person]
) -> None:
    from opinovi.network.models import Member, MemberRole

    rule = TimeRule.objects.filter(service=career_guidance).first()
    assert rule is not None
    nelli_rule = TimeRule.objects.get(team__name="Neuvontapiste")
    other = Member.objects.create(person=person("oona"), organisation=nelli_rule.team.organisation)
    MemberRole.objects.create(member=other, role="guide")
    nelli_rule.team.members.add(other)
    nelli_rule.member, nelli_rule.hours, nelli_rule.minutes = other, "We 09:00-12:00", 45
    nelli_rule.save()
    address = times(visitor, career_guidance)[0]
    same = f"/book/{nelli_rule.id}/{address.rsplit('/', 1)[1]}"
    assert same in times(visitor, nelli_rule.service)
    book(visitor, address)
    assert same not in times(visitor, nelli_rule.service)
    assert Client().post(same, form()).status_code == 409


def test_the_guide_is_written_to_about_times_that_are_near(
    visitor: Client, career_guidance: Service, person: Callable[[str], Person], still: time_machine.Traveller
) -> None:
    def told() -> list[tuple[str, str]]:
        rows = Letter.objects.filter(state="waiting", subject="Ajoissasi on muutos")
        return [(one.subject, one.told()["to"]) for one in rows.order_by("created_at")]

    free = times(visitor, career_guidance)
    book(visitor, free[-1])
    assert told() == []
    _one, path = book(visitor, free[0], name="Salainen Nimi")
    assert told() == [("Ajoissasi on muutos", "oona@example.example")]
    # What follows within a quarter of an hour is in the same letter, which has not gone yet.
    visitor.post(path, {"then": "cancel"})
    assert len(told()) == 1
    still.shift(timedelta(minutes=16))
    _one, path = book(visitor, free[0], name="Salainen Nimi")
    assert len(told()) == 2
    visitor.post(path, {"then": "cancel"})
    assert not [one for one in Letter.objects.all() if "Salainen" in str(one.told())]
    still.shift(timedelta(minutes=16))
    Person.objects.filter(id=person("oona").id).update(letters=False)
    book(visitor, free[0])
    assert len(told()) == 2


def test_one_takes_away_all_that_was_told(visitor: Client, career_guidance: Service) -> None:
    one, path = book(visitor, times(visitor, career_guidance)[0], note="salaisuus")
    assert visitor.post(path, {"then": "erase"})["Location"] == "/conversations/erased"
    one.refresh_from_db()
    assert (one.state, one.locked, one.key, Taken.objects.count()) == ("erased", "", None, 0)
    assert visitor.get(path).status_code == 410


def test_every_change_is_one_event_without_a_word_of_who(
    visitor: Client, career_guidance: Service, region: Network
) -> None:
    begin = Event.objects.latest("seq").seq
    _one, path = book(visitor, times(visitor, career_guidance)[4], name="Salainen Nimi")
    visitor.post(path, {"then": "cancel"})
    rows = Event.objects.filter(seq__gt=begin, subject_type="appointment")
    assert [one.verb for one in rows.order_by("seq")] == ["book", "cancel"]
    assert all("Salainen" not in str(one.data) and "1234567" not in str(one.data) for one in rows)


def test_the_pages_ask_few_questions(visitor: Client, career_guidance: Service, in_service: None) -> None:
    address = times(visitor, career_guidance)[0]
    _one, path = book(visitor, times(visitor, career_guidance)[1])
    for page in ("/book", f"/book/services/{career_guidance.id}", address, path, path + "/move"):
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(page).status_code == 200
        assert len(asked) <= 12, (page, len(asked))
