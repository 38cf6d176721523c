"""Feedback by one tap and without a name, a complaint with an answer in time, and who one says one is."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client

from opinovi.base.models import DataKey, Event, Letter
from opinovi.contact.actions import appointments, desk
from opinovi.contact.actions.appointments import Booking, book
from opinovi.contact.actions.enquiries import Asked, ask
from opinovi.contact.availability import free_times, rules_of
from opinovi.contact.models import Enquiry
from opinovi.impact.actions import background, complaints, feedback
from opinovi.impact.counting import catch_up
from opinovi.impact.models import Background, Complaint, Feedback, Figure
from opinovi.journeys.actions import erasing
from opinovi.network.models import MemberRole, Network, Organisation, Person, Team
from tests.journeys.guiding import begin, fresh, sent

pytestmark = pytest.mark.django_db
Named = Callable[[str], Person]
As = Callable[[str], Client]


@pytest.fixture
def answered(region: Network, person: Named) -> Enquiry:
    """A question of somebody without a name, answered by Oona."""
    enquiry = ask(region, Asked(text="Mistä saan tietoa?", language="fi"))
    Enquiry.objects.filter(id=enquiry.id).update(team=Team.objects.filter(members__person=person("oona"))[0])
    enquiry = Enquiry.objects.get(id=enquiry.id)
    desk.reply(fresh(person("oona")), enquiry, "Täältä.")
    return Enquiry.objects.get(id=enquiry.id)


def tap(browser: Client, one: Enquiry, score: int) -> str:
    return browser.post(f"/feedback/{feedback.token_of(one)}", {"score": score}).headers["Location"]


def test_one_tap_and_more_if_one_likes(answered: Enquiry, visitor: Client, region: Network) -> None:
    more = tap(visitor, answered, 3)
    page = visitor.get(more).content.decode()
    assert "Vastauksesi on jo perillä" in page and page.count('type="radio"') == 12
    told = {"heard": "3", "next": "1", "words": "Kiitos Oona, numeroni on 131052-308T"}
    assert visitor.post(more, told).headers["Location"] == "/feedback/thanks"
    one = Feedback.objects.get()
    assert one.items == {"heard": 3, "next": 1} and "Kiitos" in one.words and "131052" not in one.words
    catch_up(still=False)
    counts = dict(Figure.objects.filter(scope=str(region.id), by="").values_list("count", "n"))
    assert counts["feedback_good"] == 1 and counts["item_heard_yes"] == 1 and counts["item_next"] == 1
    assert "item_next_yes" not in counts


def test_once_for_each_contact_and_nobody_finds_back(answered: Enquiry, visitor: Client) -> None:
    assert tap(visitor, answered, 3).startswith("/feedback/more/")
    assert tap(visitor, answered, 1) == "/feedback/thanks"
    one = Feedback.objects.get()
    assert one.score == 3
    rows = " ".join(str(data) for data in Event.objects.filter(subject_type="feedback").values_list("data", flat=True))
    assert str(answered.id) not in rows and answered.id.hex not in rows
    assert not {"enquiry", "appointment", "person", "client"} & {field.name for field in Feedback._meta.get_fields()}


@pytest.mark.parametrize("score", ["", "0", "4", "x", "3\x00"])
def test_a_strange_tap_gets_the_page_again(answered: Enquiry, visitor: Client, score: str) -> None:
    answer = visitor.post(f"/feedback/{feedback.token_of(answered)}", {"score": score})
    assert answer.status_code == 422 and "Valitse yksi kolmesta" in answer.content.decode()
    assert not Feedback.objects.exists()


def test_a_low_one_reaches_the_team_the_same_day(
    answered: Enquiry, visitor: Client, as_person: As, letters: Callable[[], list[Letter]]
) -> None:
    before = len(letters())
    feedback.tell_more(feedback.give(feedback.contact_of(feedback.token_of(answered)), 1), "Kukaan ei kuunnellut", {})
    sent = letters()[before:]
    assert sent and all("Kukaan" not in letter.body and "/feedback" in letter.body for letter in sent)
    oona = as_person("oona")
    assert "Palaute, joka kannattaa lukea tänään" in oona.get("/desk").content.decode()
    path = f"/desk/teams/{answered.team_id}/feedback"
    page = oona.get(path).content.decode()
    assert "Kukaan ei kuunnellut" in page
    # Another team's guide, a coordinator and the administrator do not read it.
    for name in ("nelli", "kaisa", "paivi", "eetu"):
        assert as_person(name).get(path).status_code in (403, 404), name
    oona.post(path, {"feedback": str(Feedback.objects.get().id)})
    assert "Palaute, joka" not in oona.get("/desk").content.decode() and Feedback.objects.get().read_by is not None


def test_the_words_are_forgotten_after_a_year(answered: Enquiry, still: time_machine.Traveller) -> None:
    one = feedback.give(feedback.contact_of(feedback.token_of(answered)), 2)
    feedback.tell_more(one, "Sana", {})
    still.shift(timedelta(days=370))
    feedback.forget_old()
    one = Feedback.objects.get()
    assert one.locked == "" and one.key is None and one.score == 2


def test_the_tap_stands_on_ones_own_conversation(answered: Enquiry, region: Network) -> None:
    browser = Client()
    code = answered.told()["code"]
    browser.post("/return", {"code": code})
    page = browser.get(f"/conversations/{answered.id}").content.decode()
    address = re.search(r'action="(/feedback/[^"]+)"', page)
    assert "Miten meni?" in page and address is not None
    browser.post(address[1], {"score": "3"})
    assert "Miten meni?" not in browser.get(f"/conversations/{answered.id}").content.decode()


def test_one_who_was_met_is_asked_once_by_the_way_they_gave(
    region: Network, still: time_machine.Traveller, letters: Callable[[], list[Letter]]
) -> None:
    rule = next(one for one in rules_of() if "visit" in one.modes and one.service_id)
    told = Booking(mode="visit", name="Aino", mail="aino@asiakas.example", remind="mail")
    first, second = (book(region, one.rule, one.begins, told) for one in free_times([rule])[:2])
    still.move_to(second.ends_at + timedelta(hours=1))
    appointments.mark(fresh(first.members.all()[0].person), first, came=True)
    appointments.mark(fresh(second.members.all()[0].person), second, came=False)
    assert feedback.ask_after_meetings() == 1 and feedback.ask_after_meetings() == 0
    [sent] = [letter for letter in letters() if letter.subject == "Miten meni?"]
    assert sent.to == "aino@asiakas.example" and first.told()["token"] in sent.body
    page = Client().get(f"/times/{first.told()['token']}").content.decode()
    assert "Miten meni?" in page and "Huonosti" in page


def complain(visitor: Client, house: Organisation, words: str = "Minulle huudettiin", **told: str) -> Complaint:
    form = {"house": str(house.id), "words": words, **told}
    answer = visitor.post("/complaints/new", form)
    assert answer.status_code == 302, answer.content.decode()
    return Complaint.objects.order_by("-made_at", "-id")[0]


def test_a_complaint_is_answered(
    visitor: Client, salpaus: Organisation, as_person: As, letters: Callable[[], list[Letter]]
) -> None:
    one = complain(visitor, salpaus, mail="asiakas@asiakas.example")
    own = f"/complaints/{one.told()['token']}"
    assert "Sinulle vastataan viimeistään" in visitor.get(own).content.decode()
    assert all("huudettiin" not in letter.body + letter.subject for letter in letters())
    paivi = as_person("paivi")
    assert f"Moite {one.number}" in paivi.get("/desk").content.decode()
    for name in ("oona", "nelli", "kaisa", "veikko", "eetu"):
        assert as_person(name).get(f"/desk/complaints/{one.id}").status_code in (403, 404), name
    assert "Minulle huudettiin" in paivi.get(f"/desk/complaints/{one.id}").content.decode()
    assert paivi.post(f"/desk/complaints/{one.id}", {"text": " "}).status_code == 422
    paivi.post(f"/desk/complaints/{one.id}", {"text": "Olemme pahoillamme."})
    page = visitor.get(own).content.decode()
    assert "Olemme pahoillamme." in page and "Sinulle on vastattu" in page
    assert f"Moite {one.number}" not in paivi.get("/desk").content.decode()
    assert letters()[-1].to == "asiakas@asiakas.example" and own in letters()[-1].body
    # Erased by who made it: the words are gone, that there was one stays.
    keys = DataKey.objects.count()
    visitor.post(own, {"then": "erase"})
    assert visitor.get(own).status_code == 410 and DataKey.objects.count() == keys - 1
    assert Complaint.objects.get(id=one.id).state == "answered"


def test_a_complaint_that_nobody_answers_is_told_to_the_coordinator(
    visitor: Client, salpaus: Organisation, still: time_machine.Traveller, letters: Callable[[], list[Letter]]
) -> None:
    complain(visitor, salpaus)
    complaints.watch()
    before = len(letters())
    still.shift(timedelta(days=14, minutes=1))
    complaints.watch()
    complaints.watch()
    sent = letters()[before:]
    assert [letter.to for letter in sent] == ["kaisa@example.example"] and "huudettiin" not in sent[0].body


def test_bad_complaints_lose_nothing(visitor: Client, region: Network) -> None:
    answer = visitor.post("/complaints/new", {"house": "x", "words": "Tärkeä asia"})
    assert answer.status_code == 422 and "Tärkeä asia" in answer.content.decode()
    assert visitor.get("/complaints/ei-ole").status_code == 410


def test_who_one_says_one_is_counts_and_is_seen_by_oneself_alone(region: Network, person: Named, as_person: As) -> None:
    client = begin(person("oona"))
    browser = Client()
    assert client.person is not None
    browser.force_login(client.person)
    assert "Kukaan ohjaaja ei näe niitä" in browser.get("/my/background").content.decode()
    browser.post("/my/background", {"municipality": "111", "groups": ["low_schooling", "rural"]})
    assert background.background_of(client) == {"municipality": "111", "groups": ["low_schooling", "rural"]}
    assert "low_schooling" not in Background.objects.get().locked
    assert "rural" in browser.get("/my/take-out.json").content.decode()
    catch_up(still=False)

    def reached(group: str) -> int:
        rows = Figure.objects.filter(scope=str(region.id), count="told_groups", by="group", value=group)
        return sum(rows.values_list("n", flat=True))

    assert reached("low_schooling") == 1 and reached("disabled") == 0
    with pytest.raises(PermissionDenied):
        background.tell_background(person("oona"), client, "398", [])
    page = as_person("oona").get(f"/desk/clients/{client.id}").content.decode()
    assert "vain peruskoulu" not in page
    browser.post("/my/background", {"then": "forget"})
    catch_up(still=False)
    assert reached("low_schooling") == 0 and not Background.objects.exists()


def test_where_nobody_administers_the_coordinator_answers(
    visitor: Client, region: Network, as_person: As, letters: Callable[[], list[Letter]]
) -> None:
    """Who gets the letter can open what it leads to."""
    kept = MemberRole.objects.filter(role="administrator", member__ended_at=None).values("member__organisation")
    house = region.members.exclude(id__in=kept)[0]
    one = complain(visitor, house)
    assert [letter.to for letter in letters() if f"/desk/complaints/{one.id}" in letter.body] == [
        "kaisa@example.example"
    ]
    kaisa = as_person("kaisa")
    assert f"Moite {one.number}" in kaisa.get("/desk").content.decode()
    assert kaisa.post(f"/desk/complaints/{one.id}", {"text": "Selvitämme."}).status_code == 302
    for name in ("oona", "veikko", "tarja"):
        assert as_person(name).get(f"/desk/complaints/{one.id}").status_code in (403, 404), name


def test_who_is_forgotten_takes_it_along_and_leaves_nothing_open(region: Network, person: Named) -> None:
    client = begin(person("oona"))
    assert client.person is not None
    background.tell_background(client.person, client, "111", ["rural"])
    sent(person("oona"), client)
    catch_up(still=False)

    def count(name: str) -> int:
        return sum(Figure.objects.filter(scope=str(region.id), count=name, by="").values_list("n", flat=True))

    open_before, lost_before, began = count("way_open"), count("lost_withdrew"), count("began")
    erasing.erase(client)
    catch_up(still=False)
    assert not Background.objects.filter(client=client).exists()
    assert (count("way_open"), count("lost_withdrew")) == (open_before - 1, lost_before + 1)
    assert count("began") == began
