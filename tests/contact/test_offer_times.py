"""A guide says when one can book them, reads their own calendar in, gives theirs out, and marks what came of a time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import jwt
import pytest
import time_machine
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opinovi.base.models import Letter
from opinovi.contact.models import Appointment, CalendarFeed, TimeRule, VideoProvider
from opinovi.directory.models import Service, ServicePoint
from opinovi.network.models import Organisation, Person, Team
from tests.contact.booking import book, times

FI = ZoneInfo("Europe/Helsinki")
SINCE, UNTIL = datetime(2027, 2, 9, tzinfo=FI), datetime(2027, 5, 1, tzinfo=FI)
AsPerson = Callable[[str], Client]


@pytest.fixture(autouse=True)
def nothing_booked(db: None) -> None:
    Appointment.objects.all().delete()


@pytest.fixture
def letters(letters: Callable[[], list[Letter]]) -> Callable[[], list[Letter]]:
    """Those to people; what guides are told of near times is in another file."""
    return lambda: [one for one in letters() if one.subject != "Ajoissasi on muutos"]


def told(service: Service, **more: Any) -> dict[str, Any]:
    point = ServicePoint.objects.get(source="example", external_id="lahti-salpaus")
    return {
        "service": str(service.id), "hours": "parittomien viikkojen pe 9-12", "modes": ["visit", "phone"],
        "point": str(point.id), "languages": ["fi"], "minutes": "60", "buffer_minutes": "0", "notice_hours": "3",
        "ahead_days": "42", "per_day": "8", "begins": "2027-02-09",
    } | more  # fmt: skip


def test_a_rule_in_the_guides_own_words_offers_times(
    as_person: AsPerson, career_guidance: Service, visitor: Client
) -> None:
    team, oona = Team.objects.get(name="Hakupalvelut"), as_person("oona")
    TimeRule.objects.filter(team=team).delete()
    assert "Kerro, milloin sinulta voi varata ajan" in oona.get("/desk/times").content.decode()
    assert oona.get(f"/desk/teams/{team.id}/rules").status_code == 200
    assert oona.post(f"/desk/teams/{team.id}/rules", told(career_guidance)).status_code == 302
    assert "parittomina viikkoina pe 9–12" in oona.get("/desk/times").content.decode()
    found = times(visitor, career_guidance)
    # 19.2., 5.3. and 19.3. are Fridays of odd weeks, three times each.
    assert len(found) == 9
    rule = TimeRule.objects.get(team=team)
    # Days off among them are as one writes them, and stand there when the rule is opened again.
    page = f"/desk/times/rules/{rule.id}"
    assert oona.post(page, told(career_guidance, without="5.3.2027")).status_code == 302
    assert len(times(visitor, career_guidance)) == 6
    assert 'value="5.3.2027"' in oona.get(page).content.decode()
    assert "parittomina viikkoina pe 9–12, ei 5.3." in oona.get("/desk/times").content.decode()
    edited = told(career_guidance, hours="pe 9-10", ends="2027-02-14")
    assert oona.post(f"/desk/times/rules/{rule.id}", edited).status_code == 302
    assert len(times(visitor, career_guidance)) == 1
    assert oona.post(f"/desk/times/rules/{rule.id}", {"then": "delete"}).status_code == 302
    assert "Tähän ei voi varata aikaa täältä" in visitor.get(f"/book/services/{career_guidance.id}").content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"hours": "joskus"}, "joskus"),
        ({"minutes": "47"}, "Viiden minuutin tarkkuudella"),
        ({"point": ""}, "Valitse paikka"),
        ({"ends": "2027-02-01"}, "Viimeinen päivä on ennen ensimmäistä"),
        ({"modes": []}, "Miten tavataan"),
        ({"without": "pääsiäinen"}, "Emme ymmärtäneet päivää"),
    ],
)
def test_a_rule_that_makes_no_sense_is_sent_back(
    as_person: AsPerson, career_guidance: Service, more: dict[str, Any], words: str
) -> None:
    team = Team.objects.get(name="Hakupalvelut")
    response = as_person("oona").post(f"/desk/teams/{team.id}/rules", told(career_guidance, **more))
    assert response.status_code == 422 and words in response.content.decode()


def test_another_organisations_service_or_guide_cannot_be_put_in_a_rule(
    as_person: AsPerson, person: Callable[[str], Person], career_guidance: Service
) -> None:
    team = Team.objects.get(name="Hakupalvelut")
    elsewhere = Service.objects.get(source="example", external_id="te-ammatinvalinta")
    nelli = person("nelli").places.get()
    oona = as_person("oona")
    for wrong in (told(elsewhere), told(career_guidance, member=str(nelli.id))):
        assert oona.post(f"/desk/teams/{team.id}/rules", wrong).status_code == 422
    assert as_person("nelli").post(f"/desk/teams/{team.id}/rules", told(career_guidance)).status_code == 404


# Calendars in


def test_the_guides_own_calendar_tells_names_only_if_they_choose_so(
    as_person: AsPerson, visitor: Client, career_guidance: Service
) -> None:
    book(visitor, times(visitor, career_guidance)[0], name="Aino Esimerkki", note="velat")
    oona = as_person("oona")
    addresses = []
    for names in ("", "1"):
        page = oona.post("/desk/times/feed", {"names": names}).content.decode()
        addresses.append("/calendars/" + page.split("/calendars/")[1].split("<")[0])
        text = Client().get(addresses[-1]).content.decode()
        [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
        assert event["dtstart"].dt == datetime(2027, 2, 10, 9, tzinfo=FI)
        assert ("Aino" in str(event["summary"])) is bool(names) and "velat" not in text
        assert vobject.readOne(text).vevent.location.value == "Salpaus, hakupalvelut"
    # The new address ended the old one, and only its hash is kept.
    assert Client().get(addresses[0]).status_code == 404
    assert addresses[1].split("/")[2].removesuffix(".ics") not in str(CalendarFeed.objects.values())


# What came of it


def test_a_time_is_marked_met_or_missed_once_it_has_begun(
    as_person: AsPerson, visitor: Client, career_guidance: Service, still: time_machine.Traveller
) -> None:
    one, _path = book(visitor, times(visitor, career_guidance)[0], name="Aino Esimerkki", note="Mistä aloitan?")
    oona, page = as_person("oona"), f"/desk/appointments/{one.id}"
    seen = oona.get(page).content.decode()
    assert "Aino Esimerkki" in seen and "Mistä aloitan?" in seen and "Tapasimme" not in seen
    early = oona.post(page, {"then": "met"})
    assert early.status_code == 422 and "Aika on vasta edessä" in early.content.decode()
    still.move_to(datetime(2027, 2, 10, 9, 5, tzinfo=FI))
    assert "Tapaaminen paikalla: Aino Esimerkki" in oona.get("/desk").content.decode()
    for then, state in (("absent", "absent"), ("met", "met"), ("met", "met"), ("absent", "absent")):
        assert oona.post(page, {"then": then}).status_code == 302
        one.refresh_from_db()
        assert one.state == state
    gone, path = book(visitor, times(visitor, career_guidance)[0])
    visitor.post(path, {"then": "cancel"})
    still.move_to(gone.begins_at + timedelta(minutes=5))
    late = oona.post(f"/desk/appointments/{gone.id}", {"then": "met"})
    assert late.status_code == 422 and "Tämä aika on peruttu." in late.content.decode()
    assert as_person("nelli").get(page).status_code == as_person("paivi").get(page).status_code == 404


def test_a_guide_cancels_and_the_person_is_told(
    as_person: AsPerson, visitor: Client, career_guidance: Service, letters: Callable[[], list[Any]]
) -> None:
    phone, _path = book(Client(), times(visitor, career_guidance)[1])
    one, path = book(visitor, times(visitor, career_guidance)[0], mail="a@b.example")
    # One who gave only a number is told by text message.
    as_person("oona").post(f"/desk/appointments/{phone.id}", {"then": "cancel"})
    [told] = [letter for letter in letters() if letter.subject == "Aikasi on peruttu"]
    assert (told.kind, told.told()["to"]) == ("sms", "+358401234567")
    assert as_person("oona").post(f"/desk/appointments/{one.id}", {"then": "cancel"}).status_code == 302
    booked, off = (letter.told() for letter in letters() if letter.kind == "mail")
    assert "STATUS:CONFIRMED" in booked["attachment"] and "STATUS:CANCELLED" in off["attachment"]
    assert "Aika on peruttu" in visitor.get(path).content.decode()


# With a colleague


def test_a_time_with_a_guide_of_another_organisation_is_found_and_booked_as_one(
    as_person: AsPerson, person: Callable[[str], Person], visitor: Client, career_guidance: Service,
    letters: Callable[[], list[Any]],
) -> None:  # fmt: skip
    team = Team.objects.get(name="Hakupalvelut")
    nelli = person("nelli").places.get()
    oona, page = as_person("oona"), f"/desk/teams/{team.id}/joint"
    found = oona.get(page, {"with": str(nelli.id), "minutes": "60"}).content.decode()
    # Both are there on Thursdays only, from one to three.
    assert "to 11.2. klo 13" in found and "ke 10.2." not in found
    minute = int(datetime(2027, 2, 11, 13, tzinfo=FI).timestamp()) // 60
    form = {
        "with": str(nelli.id),
        "minutes": "60",
        "minute": minute,
        "mode": "visit",
        "name": "Aino",
        "mail": "a@b.example",
        "phone": "",
    }
    response = oona.post(page, form)
    assert response.status_code == 302
    one = Appointment.objects.get()
    assert sorted(str(member) for member in one.members.all()) == ["Nelli Neuvoja", "Oona Ohjaaja"]
    assert [letter.told()["to"] for letter in letters() if letter.subject == "Aikasi on varattu"] == ["a@b.example"]
    # The colleague is told, whenever it is; the one who booked knows.
    told = Letter.objects.filter(subject="Ajoissasi on muutos", state="waiting")
    assert [letter.told()["to"] for letter in told] == [nelli.person.email]
    # Nobody can book either of them then.
    assert not [time for time in times(visitor, career_guidance) if time.endswith(str(minute))]
    other = Service.objects.get(source="example", external_id="te-ammatinvalinta")
    assert not [time for time in times(visitor, other) if time.endswith(str(minute))]
    assert oona.post(page, form).status_code == 422
    # Each of them sees it, and the person cannot move it alone.
    assert as_person("nelli").get(f"/desk/appointments/{one.id}").status_code == 200
    own = "/" + letters()[0].told()["body"].split("/", 3)[3].split()[0]
    assert "Siirrä" not in visitor.get(own).content.decode()


# By video


def test_the_video_room_opens_for_those_invited_and_at_its_time(
    as_person: AsPerson, visitor: Client, career_guidance: Service, salpaus: Organisation, still: time_machine.Traveller
) -> None:
    settings_page = f"/desk/organisations/{salpaus.id}/video"
    paivi = as_person("paivi")
    missing = paivi.post(settings_page, {"address": "https://video.example", "app_id": "opin-ovi", "secret": ""})
    assert missing.status_code == 422
    secret = "s" * 40
    filled = {"address": "https://video.example", "app_id": "opin-ovi", "secret": secret}
    assert paivi.post(settings_page, filled).status_code == 302
    assert secret not in str(VideoProvider.objects.values())
    one, path = book(visitor, times(visitor, career_guidance, mode="video")[0], mode="video")
    assert "aukeaa tällä sivulla 15 minuuttia ennen" in visitor.get(path).content.decode()
    assert visitor.get(path + "/video")["Location"] == path
    still.move_to(one.begins_at - timedelta(minutes=10))
    assert "Avaa video" in visitor.get(path).content.decode()
    guest = visitor.get(path + "/video")["Location"]
    host = as_person("oona").get(f"/desk/appointments/{one.id}/video")["Location"]
    for link, moderator in ((guest, False), (host, True)):
        address, token = link.split("?jwt=")
        claims = jwt.decode(
            token, secret, algorithms=["HS256"], audience="opin-ovi", options={"verify_exp": False, "verify_nbf": False}
        )
        assert address == f"https://video.example/{claims['room']}"
        assert claims["context"]["user"] == {"name": "", "moderator": moderator}
        assert claims["exp"] == int((one.ends_at.astimezone(UTC) + timedelta(minutes=30)).timestamp())
    still.move_to(one.ends_at + timedelta(hours=1))
    assert visitor.get(path + "/video")["Location"] == path


def test_a_form_asks_the_same_however_many_services_a_house_has(
    as_person: AsPerson, person: Callable[[str], Person], in_service: None
) -> None:
    """The example's college has some twenty."""
    oona = as_person("oona")
    team = Team.objects.get(name="Hakupalvelut", organisation__external_id="salpaus")
    assert team.organisation.services.count() > 15
    member = person("oona").places.get()
    for path in (f"teams/{team.id}/rules", f"teams/{team.id}/groups", f"members/{member.id}/card"):
        with CaptureQueriesContext(connection) as asked:
            assert oona.get(f"/desk/{path}").status_code == 200, path
        assert len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]) <= 12, path
