"""Limits by working days at every state, with reminders: to who acts, to who stands in, to the coordinator, and then it
ends and its sender finds another door."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client as Browser

from opinovi.base.models import Letter
from opinovi.contact.actions import appointments
from opinovi.journeys.actions import receiving, referrals, watching
from opinovi.journeys.limits import limit
from opinovi.journeys.models import Client, Consent, Referral
from opinovi.journeys.models.referrals import ReferralState, Urgency
from opinovi.network.models import Absence, Person
from tests.journeys.guiding import asked, begin, sent

FI = ZoneInfo("Europe/Helsinki")
AsPerson = Callable[[str], Browser]
Named = Callable[[str], Person]
Letters = Callable[[], list[Letter]]


@pytest.fixture
def aino(person: Named) -> Client:
    return begin(person("oona"))


@pytest.mark.parametrize(
    ("at", "state", "urgency", "due"),
    [
        # A Thursday afternoon: two working days go over the weekend.
        (datetime(2027, 2, 11, 16, tzinfo=FI), "sent", "calm", date(2027, 2, 15)),
        (datetime(2027, 2, 11, 16, tzinfo=FI), "sent", "urgent", date(2027, 2, 12)),
        # Easter: Good Friday 26 March and Easter Monday 29 March are no working days.
        (datetime(2027, 3, 25, 9, tzinfo=FI), "seen", "calm", date(2027, 3, 31)),
        (datetime(2027, 6, 24, 16, tzinfo=FI), "sent", "calm", date(2027, 6, 29)),
    ],
)
def test_limits_are_working_days(at: datetime, state: str, urgency: str, due: date) -> None:
    assert limit(ReferralState(state), Urgency(urgency), at).astimezone(FI).date() == due


def go_to_limit(one: Referral, still: time_machine.Traveller) -> Referral:
    due = Referral.objects.get(id=one.id).due_at
    assert due is not None
    still.move_to(due + timedelta(minutes=5))
    watching.watch()
    return Referral.objects.get(id=one.id)


def to(letters: Letters) -> set[str]:
    return {one.to for one in letters() if "Työpöydällä" in one.subject}


def test_who_acts_is_reminded_then_who_stands_in_then_it_ends_and_the_sender_hears(
    aino: Client, person: Named, letters: Letters, still: time_machine.Traveller
) -> None:
    one = sent(person("oona"), aino)
    Letter.objects.all().delete()
    assert go_to_limit(one, still).reminded == 1 and to(letters) == {"nelli@example.example"}
    Letter.objects.all().delete()
    nelli, ville = person("nelli").places.get(), person("ville").places.get()
    day = Referral.objects.get(id=one.id).due_at
    assert day is not None
    Absence.objects.create(member=nelli, begins=day.date(), ends=day.date() + timedelta(9), substitute=ville)
    assert go_to_limit(one, still).reminded == 2 and to(letters) == {"ville@example.example"}
    assert go_to_limit(one, still).reminded == 3
    assert [letter for letter in letters() if letter.subject == "Ohjauksia odottaa yli määräajan"]
    Letter.objects.all().delete()
    over = go_to_limit(one, still)
    assert over.state == "expired" and over.due_at is None and over.consent and not over.consent.in_force()
    assert "oona@example.example" in to(letters) and [x for x in letters() if x.to == "aino@asiakas.example"]
    watching.watch()
    assert len(letters()) == 2


def test_one_that_was_met_is_only_reminded_of(aino: Client, person: Named, still: time_machine.Traveller) -> None:
    one = sent(person("oona"), aino)
    nelli = person("nelli")
    receiving.accept(nelli, one)
    receiving.meet(person("nelli"), one)
    for _number in range(6):
        one = go_to_limit(one, still)
    assert one.state == "met"


def test_each_step_is_told_once_however_often_the_watch_goes_round(
    aino: Client, person: Named, letters: Letters, still: time_machine.Traveller
) -> None:
    one = sent(person("oona"), aino)
    Letter.objects.all().delete()
    go_to_limit(one, still)
    count = len(letters())
    watching.watch()
    watching.late(one.id)
    assert len(letters()) == count


def test_a_meeting_that_is_marked_on_its_own_page_is_noticed(
    aino: Client, as_person: AsPerson, person: Named, still: time_machine.Traveller
) -> None:
    one = sent(person("oona"), aino)
    page = as_person("nelli").get(f"/desk/referrals/{one.id}/accept").content.decode()
    time = page.partition('name="time" id="time-1" value="')[2].partition('"')[0]
    as_person("nelli").post(f"/desk/referrals/{one.id}/accept", {"time": time})
    one.refresh_from_db()
    assert one.appointment is not None
    still.move_to(one.appointment.ends_at)
    appointments.mark(person("nelli"), one.appointment, came=True)
    assert watching.notice_meetings() == 1
    one.refresh_from_db()
    assert one.state == "met" and one.met_at is not None


def test_a_first_meeting_is_called_off_and_forgotten_with_the_referral(
    aino: Client, as_person: AsPerson, person: Named
) -> None:
    one = sent(person("oona"), aino)
    page = as_person("nelli").get(f"/desk/referrals/{one.id}/accept").content.decode()
    time = page.partition('name="time" id="time-1" value="')[2].partition('"')[0]
    as_person("nelli").post(f"/desk/referrals/{one.id}/accept", {"time": time})
    one.refresh_from_db()
    assert one.appointment is not None and one.appointment.told()["mail"] == "aino@asiakas.example"
    assert "Aino" not in as_person("nelli").get("/desk/times").content.decode()
    referrals.withdraw(one)
    one.refresh_from_db()
    assert one.appointment.state == "erased" and one.appointment.told() == {} and not one.appointment.taken.exists()


def test_a_three_way_start_books_both_guides_or_none(aino: Client, as_person: AsPerson, person: Named) -> None:
    one = sent(person("oona"), aino, three_way=True)
    page = as_person("nelli").get(f"/desk/referrals/{one.id}/accept").content.decode()
    time = page.partition('name="time" id="time-1" value="')[2].partition('"')[0]
    assert "lähettäjä mukana" in page and time
    as_person("nelli").post(f"/desk/referrals/{one.id}/accept", {"time": time})
    one.refresh_from_db()
    assert one.appointment is not None
    names = {str(member) for member in one.appointment.members.select_related("person")}
    assert names == {"Oona Ohjaaja", "Nelli Neuvoja"}


def test_several_are_referred_to_one_training_each_by_their_own_yes(
    as_person: AsPerson, person: Named, letters: Letters
) -> None:
    clients = [begin(person("oona"), name=f"Asiakas {n}", mail=f"a{n}@b.example") for n in range(3)]
    oona = as_person("oona")
    page = oona.get("/desk/referrals/together").content.decode()
    assert all(f"Asiakas {n}" in page for n in range(3))
    service = Referral._meta.get_field("service").remote_field.model.objects.get(external_id="te-ammatinvalinta")
    told = {"clients": [str(one.id) for one in clients[:2]], "service": str(service.id), "why": "Sama kurssi"}
    assert oona.post("/desk/referrals/together", told).status_code == 302
    rows = list(Referral.objects.all())
    assert {row.client_id for row in rows} == {one.id for one in clients[:2]} and {row.state for row in rows} == {
        "asked"
    }
    assert len({row.together for row in rows}) == 1 and rows[0].together
    assert {one.to for one in letters() if one.subject == "Sinulle on viesti"} == {"a0@b.example", "a1@b.example"}
    assert (
        oona.post("/desk/referrals/together", {"clients": [], "service": str(service.id), "why": "x"}).status_code
        == 422
    )


def test_a_question_goes_back_and_the_answer_on(aino: Client, as_person: AsPerson, person: Named) -> None:
    one = sent(person("oona"), aino)
    where = f"/desk/referrals/{one.id}"
    as_person("nelli").post(where, {"then": "ask", "question": "Milloin hän pääsee?"})
    assert "Milloin hän pääsee?" in as_person("oona").get(where).content.decode()
    assert "Vastaa kysymykseen" in as_person("oona").get("/desk").content.decode()
    as_person("oona").post(where, {"then": "answer", "answer": "Aamuisin"})
    assert "Aamuisin" in as_person("nelli").get(where).content.decode()
    assert as_person("nelli").post(where, {"then": "ask", "question": " "}).status_code == 422


def test_the_sender_may_take_a_question_back_and_ask_better(aino: Client, as_person: AsPerson, person: Named) -> None:
    one = asked(person("oona"), aino)
    oona, where = as_person("oona"), f"/desk/clients/{aino.id}/refer?draft={one.id}"
    assert where.replace("&", "&amp;") in oona.get(f"/desk/referrals/{one.id}").content.decode()
    told = {"why": "Paremmin sanottu", "pieces": ["need"], "urgency": "calm", "how": "own_device"}
    assert oona.post(where, told | {"then": "draft"}).status_code == 302
    kept = Referral.objects.get(id=one.id)
    assert kept.state == "drafted" and kept.words["why"] == "Paremmin sanottu"
    assert Consent.objects.get(id=one.consent_id).state == "ended"
    assert "Paremmin sanottu" in oona.get(where).content.decode()
    assert oona.post(where, told | {"then": "ask", "why": "Vielä paremmin"}).status_code == 302
    again = Referral.objects.get(id=one.id)
    assert again.state == "asked" and again.words["why"] == "Vielä paremmin" and again.consent_id != one.consent_id
    assert Referral.objects.filter(client=aino).count() == 1
