"""Guides take, answer, hand over, join, snooze and close; nothing is forgotten, and nobody sees what isn't theirs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opinovi.base.clock import now
from opinovi.base.models import Event, Letter
from opinovi.contact.actions import desk
from opinovi.contact.models import AnswerDraft, Enquiry
from opinovi.directory.models import Service
from opinovi.network.models import Member, MemberRole, Network, Person, Team
from tests.contact.asking import TEXT, ask, words

AGO = "Onko se liian myöhäistä?"


@pytest.fixture
def question(visitor: Client, career_guidance: Service) -> Enquiry:
    """Waits for Salpaus's admissions, where Oona guides."""
    return ask(visitor, service=str(career_guidance.id))


@pytest.fixture
def olli(person: Callable[[str], Person]) -> Member:
    """A second guide of the same team."""
    oona = person("oona").places.get()
    colleague = Person.objects.create(email="olli@example.example", name="Olli Ohjaaja", example=True)
    member = Member.objects.create(person=colleague, organisation=oona.organisation)
    MemberRole.objects.create(member=member, role="guide")
    Team.objects.get(name="Hakupalvelut").members.add(member)
    return member


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def do(client: Client, one: Enquiry, then: str, **told: Any) -> Any:
    return client.post(f"/desk/enquiries/{one.id}", {"then": then, **told})


def test_what_is_promised_first_is_at_the_top_and_says_when(
    question: Enquiry, as_person: Callable[[str], Client]
) -> None:
    page = as_person("oona").get("/desk").content.decode()
    late, later = page.index("lähihoitajaksi"), page.index("vaihtaa alaa")
    assert late < later and "myöhässä" in page and "to klo 10.30" in page
    assert "Soittopyyntö: Lukio jäi kesken" in page and "toivoo soittoa: arkisin klo 13–15" in page
    assert "saanko opiskella" not in page


def test_five_hundred_open_things_ask_no_more_than_five(
    question: Enquiry, as_person: Callable[[str], Client], in_service: None
) -> None:
    oona, counts = as_person("oona"), []
    for more in (4, 495):
        Enquiry.objects.bulk_create(
            Enquiry(network=question.network, team=question.team, answer_by=question.answer_by) for _ in range(more)
        )
        oona.get("/desk")
        with CaptureQueriesContext(connection) as asked:
            page = oona.get("/desk").content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12 and "Seuraavat" in page


def test_one_takes_it_and_a_colleague_is_told_who_has_it(
    question: Enquiry, as_person: Callable[[str], Client], olli: Member
) -> None:
    do(as_person("oona"), question, "take")
    assert "Kollegoilla 1" in signed_in(olli.person).get("/desk").content.decode()
    late = do(signed_in(olli.person), question, "take")
    assert late.status_code == 422 and "Oona Ohjaaja otti tämän juuri" in late.content.decode()


def test_an_answer_is_read_by_the_person_and_the_guide_sees_that(
    question: Enquiry, visitor: Client, as_person: Callable[[str], Client]
) -> None:
    oona = as_person("oona")
    assert do(oona, question, "reply", text="Varaa aika, jutellaan.").status_code == 302
    question.refresh_from_db()
    assert question.state == "answered" and str(question.assignee) == "Oona Ohjaaja"
    assert "luettu" not in oona.get(f"/desk/enquiries/{question.id}").content.decode()
    page = visitor.get(f"/conversations/{question.id}").content.decode()
    assert "Varaa aika, jutellaan." in page and "Oona Ohjaaja, Koulutuskeskus Salpaus" in page
    assert "luettu" in oona.get(f"/desk/enquiries/{question.id}").content.decode()


def test_an_answer_sent_twice_is_given_once(question: Enquiry, as_person: Callable[[str], Client]) -> None:
    for _ in range(2):
        do(as_person("oona"), question, "reply", text="Hei!", once="abc")
    assert words(question) == [TEXT, "Hei!"]


def test_a_note_is_for_colleagues_alone(question: Enquiry, visitor: Client, as_person: Callable[[str], Client]) -> None:
    do(as_person("oona"), question, "note", text="Soitti jo eilen.")
    assert "Soitti jo eilen." in as_person("oona").get(f"/desk/enquiries/{question.id}").content.decode()
    assert "Soitti jo eilen." not in visitor.get(f"/conversations/{question.id}").content.decode()
    assert b"Soitti jo eilen." not in visitor.get(f"/conversations/{question.id}/take-out").content


def test_it_is_handed_over_to_another_house_and_the_person_is_told_why(
    question: Enquiry,
    visitor: Client,
    as_person: Callable[[str], Client],
    letters: Callable[[], list[Letter]],
) -> None:
    before = question.answer_by
    team = Team.objects.get(name="Kurssineuvonta")
    do(as_person("oona"), question, "hand_over", team=str(team.id), why="Kielikurssit ovat heillä.")
    question.refresh_from_db()
    assert (question.team, question.assignee, question.answer_by) == (team, None, before)
    page = visitor.get(f"/conversations/{question.id}").content.decode()
    assert "Asiasi siirtyi: Wellamo-opisto, Kurssineuvonta. Miksi: Kielikurssit ovat heillä." in page
    assert letters()[-1].to == "ville@example.example"
    assert "vaihtaa alaa" in as_person("ville").get("/desk").content.decode()
    assert as_person("oona").get(f"/desk/enquiries/{question.id}").status_code == 404


def test_a_hand_over_without_a_reason_is_refused(question: Enquiry, as_person: Callable[[str], Client]) -> None:
    team = Team.objects.get(name="Kurssineuvonta")
    page = do(as_person("oona"), question, "hand_over", team=str(team.id), why=" ")
    assert page.status_code == 422 and "Kerro, miksi" in page.content.decode()


def test_nothing_is_handed_to_a_team_without_a_guide_or_out_of_the_network(
    question: Enquiry, as_person: Callable[[str], Client]
) -> None:
    empty = Team.objects.create(organisation=question.team.organisation, name="Tyhjä")
    assert do(as_person("oona"), question, "hand_over", team=str(empty.id), why="Kokeillaan").status_code == 422


def test_snoozed_it_is_out_of_sight_until_morning_but_never_past_its_promise(
    question: Enquiry, as_person: Callable[[str], Client], still: time_machine.Traveller
) -> None:
    oona = as_person("oona")
    do(oona, question, "snooze", days="7")
    question.refresh_from_db()
    assert question.snoozed_until is not None and question.snoozed_until <= question.answer_by
    assert "vaihtaa alaa" not in oona.get("/desk").content.decode()
    assert "vaihtaa alaa" in oona.get("/desk?show=snoozed").content.decode()
    still.move_to(question.snoozed_until + timedelta(minutes=1))
    assert "vaihtaa alaa" in oona.get("/desk").content.decode()


def test_two_of_the_same_person_are_joined_and_both_codes_lead_there(
    question: Enquiry, career_guidance: Service, as_person: Callable[[str], Client]
) -> None:
    second = ask(Client(), "Kysyin jo, mutta vielä yksi asia.", service=str(career_guidance.id))
    response = do(as_person("oona"), second, "merge", into=str(question.id))
    assert response["Location"] == f"/desk/enquiries/{question.id}"
    assert words(question) == [TEXT, "Kysyin jo, mutta vielä yksi asia."]
    back = Client().post("/return", {"code": second.told()["code"]})
    assert back["Location"] == f"/conversations/{question.id}"


def test_anothers_enquiry_can_not_be_joined_to(question: Enquiry, as_person: Callable[[str], Client]) -> None:
    other = Enquiry.objects.get(team__name="Neuvontapiste", language="en")
    assert do(as_person("oona"), question, "merge", into=str(other.id)).status_code == 422


def test_it_is_closed_with_a_reason_and_opened_again(question: Enquiry, as_person: Callable[[str], Client]) -> None:
    oona = as_person("oona")
    assert do(oona, question, "close").status_code == 422
    do(oona, question, "close", why="directed")
    question.refresh_from_db()
    assert (question.state, question.closed_why) == ("closed", "directed")
    assert "vaihtaa alaa" in oona.get("/desk?show=closed").content.decode()
    do(oona, question, "open_again")
    question.refresh_from_db()
    assert question.state == "waiting"


def test_a_ready_answer_speaks_the_persons_language_with_its_fields_filled(
    visitor: Client, career_guidance: Service, as_person: Callable[[str], Client]
) -> None:
    one = ask(visitor, service=str(career_guidance.id), language="sv", name="Aino")
    page = as_person("oona").get(f"/desk/enquiries/{one.id}").content.decode()
    assert "Hej Aino!" in page and "Hälsningar Oona Ohjaaja" in page
    nameless = ask(visitor, service=str(career_guidance.id))
    assert "Hei!" in as_person("oona").get(f"/desk/enquiries/{nameless.id}").content.decode()


def test_templates_are_made_changed_and_deleted_by_their_own_house(
    as_person: Callable[[str], Client], question: Enquiry
) -> None:
    oona, house = as_person("oona"), question.team.organisation_id
    path = f"/desk/organisations/{house}/templates"
    oona.post(path, {"name": "Tervetuloa", "text_fi": "Tervetuloa käymään!"})
    assert oona.post(path, {"name": "Tervetuloa", "text_fi": "Toinen"}).status_code == 422
    one = question.team.organisation.answer_templates.get(name="Tervetuloa")
    oona.post(f"/desk/templates/{one.id}", {"name": "Tervetuloa", "text_fi": "Tule käymään!", "text_en": "Welcome!"})
    one.refresh_from_db()
    assert one.text == {"fi": "Tule käymään!", "en": "Welcome!"}
    assert as_person("ville").get(f"/desk/templates/{one.id}").status_code == 404
    oona.post(f"/desk/templates/{one.id}", {"then": "delete"})
    assert not question.team.organisation.answer_templates.filter(name="Tervetuloa").exists()


def test_a_call_is_written_down_in_three_fields(as_person: Callable[[str], Client], region: Network) -> None:
    oona = as_person("oona")
    team = Team.objects.get(name="Hakupalvelut")
    told = {"team": str(team.id), "channel": "phone", "text": "Kysyi iltalukiosta.", "why": "advised", "phone": ""}
    assert oona.post("/desk/call", told)["Location"] == "/desk?done=written"
    one = Enquiry.objects.get(channel="phone")
    assert (one.state, one.closed_why, words(one)) == ("closed", "advised", ["Kysyi iltalukiosta."])
    oona.post("/desk/call", told | {"why": "", "phone": "040 123 4567", "text": "Soitetaan takaisin."})
    open_one = Enquiry.objects.get(channel="phone", state="waiting")
    assert open_one.wish == "call" and "Soittopyyntö: Soitetaan takaisin." in oona.get("/desk").content.decode()
    assert oona.post("/desk/call", told | {"text": ""}).status_code == 422
    other = Team.objects.get(name="Kurssineuvonta")
    assert oona.post("/desk/call", told | {"team": str(other.id)}).status_code == 422


def test_a_draft_is_kept_and_tells_a_colleague_that_somebody_writes(
    question: Enquiry, as_person: Callable[[str], Client], olli: Member, still: time_machine.Traveller
) -> None:
    oona = as_person("oona")
    assert do(oona, question, "draft", text="Hei! Kiitos kysym").json() == {"saved": True}
    assert "Kiitos kysym" in oona.get(f"/desk/enquiries/{question.id}").content.decode()
    page = signed_in(olli.person).get(f"/desk/enquiries/{question.id}?part=thread").content.decode()
    assert "Oona Ohjaaja kirjoittaa juuri nyt." in page
    still.shift(60)
    page = signed_in(olli.person).get(f"/desk/enquiries/{question.id}?part=thread").content.decode()
    assert "kirjoittaa" not in page
    assert "Kiitos" not in AnswerDraft.objects.get().locked


def test_what_is_written_after_the_session_ended_is_not_lost(
    question: Enquiry, as_person: Callable[[str], Client], person: Callable[[str], Person]
) -> None:
    oona = as_person("oona")
    oona.logout()
    response = do(oona, question, "reply", text="Pitkä ja huolella kirjoitettu vastaus.")
    assert response.status_code == 302 and "/sign-in?next=" in response["Location"]
    assert words(question) == [TEXT]
    oona.force_login(person("oona"))
    page = oona.get(f"/desk/enquiries/{question.id}?unsent=1").content.decode()
    assert "Pitkä ja huolella kirjoitettu vastaus." in page and "kirjoittamasi on tallessa" in page
    do(oona, question, "reply", text="Pitkä ja huolella kirjoitettu vastaus.")
    assert "huolella" not in oona.get(f"/desk/enquiries/{question.id}").content.decode().split("<textarea")[1]


def test_a_promise_near_its_end_is_told_to_its_keeper_and_a_broken_one_to_the_administrator(
    question: Enquiry, letters: Callable[[], list[Letter]], still: time_machine.Traveller
) -> None:
    Enquiry.objects.exclude(id=question.id).update(warned_at=now(), broken_at=now())
    before = len(letters())
    desk.watch_promises()
    assert len(letters()) == before
    still.move_to(question.answer_by - timedelta(hours=2))
    desk.watch_promises()
    desk.watch_promises()
    assert [one.to for one in letters()[before:]] == ["oona@example.example"]
    still.move_to(question.answer_by + timedelta(minutes=1))
    desk.watch_promises()
    desk.watch_promises()
    assert [one.to for one in letters()[before + 1 :]] == ["paivi@example.example"]
    assert Event.objects.filter(verb="break_promise", subject_id=str(question.id)).count() == 1


def test_the_administrator_sees_figures_and_no_word(question: Enquiry, as_person: Callable[[str], Client]) -> None:
    paivi = as_person("paivi")
    page = paivi.get(f"/desk/teams/{question.team_id}/figures").content.decode()
    assert "Odottaa vastausta nyt</th><td>3" in page and "vaihtaa alaa" not in page
    assert paivi.get(f"/desk/enquiries/{question.id}").status_code == 404
    assert "vaihtaa alaa" not in paivi.get("/desk").content.decode()
    assert (
        paivi.post(
            f"/desk/teams/{question.team_id}/figures", {"hours": "ma-to 10-15", "promise_hours": "5"}
        ).status_code
        == 302
    )
    team = Team.objects.get(id=question.team_id)
    assert (team.hours, team.promise_hours) == ("Mo-Th 10:00-15:00; PH off", 5)
    wrong = paivi.post(f"/desk/teams/{question.team_id}/figures", {"hours": "joskus", "promise_hours": "0"})
    assert wrong.status_code == 422


def test_an_editor_of_the_same_house_sees_nothing_of_it(question: Enquiry, as_person: Callable[[str], Client]) -> None:
    for name in ("eetu", "ella", "kaisa", "tarja", "ville"):
        assert as_person(name).get(f"/desk/enquiries/{question.id}").status_code == 404
        assert "vaihtaa alaa" not in as_person(name).get("/desk").content.decode()


def test_who_stands_in_sees_what_waits_for_the_one_who_is_away(
    question: Enquiry, as_person: Callable[[str], Client], person: Callable[[str], Person], olli: Member
) -> None:
    team = Team.objects.get(name="Hakupalvelut")
    team.members.remove(olli)
    assert signed_in(olli.person).get(f"/desk/enquiries/{question.id}").status_code == 404
    oona = person("oona").places.get()
    oona.absences.create(begins=now().date(), ends=now().date(), substitute=olli)
    assert signed_in(olli.person).get(f"/desk/enquiries/{question.id}").status_code == 200


def test_a_guide_on_duty_makes_a_question_a_talk(
    visitor: Client, career_guidance: Service, as_person: Callable[[str], Client], still: time_machine.Traveller
) -> None:
    oona, team = as_person("oona"), Team.objects.get(name="Hakupalvelut")
    oona.post(f"/desk/teams/{team.id}/duty", {"hours": "2"})
    assert "Olet vuorossa klo 12.30 asti" in oona.get("/desk").content.decode()
    assert "saat vastauksen heti" in visitor.get(f"/ask?service={career_guidance.id}").content.decode()
    one = ask(visitor, service=str(career_guidance.id))
    assert one.channel == "chat"
    assert 'data-seconds="4"' in visitor.get(f"/conversations/{one.id}").content.decode()
    still.shift(3 * 3600)
    assert "Vastaamme viimeistään" in visitor.get(f"/conversations/{one.id}").content.decode()
    assert ask(Client(), service=str(career_guidance.id)).channel == "web"
    assert as_person("ville").post(f"/desk/teams/{team.id}/duty", {"hours": "2"}).status_code == 404


def test_the_list_alone_comes_for_a_page_that_looks_again(
    question: Enquiry, as_person: Callable[[str], Client]
) -> None:
    part = as_person("oona").get("/desk?part=list").content.decode()
    assert "vaihtaa alaa" in part and "<html" not in part


def test_nonsense_is_answered_clearly(question: Enquiry, as_person: Callable[[str], Client]) -> None:
    oona = as_person("oona")
    assert do(oona, question, "fly").status_code == 422
    assert do(oona, question, "reply", text="").status_code == 422
    assert do(oona, question, "give", member=str(uuid4())).status_code == 422
    assert do(oona, question, "merge", into="x").status_code == 422
    for query in ("show=nothing", "page=0", "page=x", "page=99999", "page=²"):
        assert oona.get(f"/desk?{query}").status_code == 200


def test_the_pages_ask_little_of_the_database(
    question: Enquiry, as_person: Callable[[str], Client], in_service: None, django_assert_max_num_queries: Any
) -> None:
    oona = as_person("oona")
    oona.get("/desk")
    with django_assert_max_num_queries(12):
        oona.get("/desk")
    oona.get(f"/desk/enquiries/{question.id}")
    with django_assert_max_num_queries(11):
        oona.get(f"/desk/enquiries/{question.id}")
