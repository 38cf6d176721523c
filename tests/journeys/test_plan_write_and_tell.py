"""The plan that is the client's, the notes of guides, and what came of it."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client as Browser

from bench.esco_files import make
from opinovi.base.clock import today
from opinovi.base.models import Letter
from opinovi.journeys import exercises
from opinovi.journeys.actions import clients, consents, consultations, erasing, notes, outcomes, plans
from opinovi.journeys.actions.consents import Asked
from opinovi.journeys.models import Client, Consent, Consultation, Exercise, Goal, Note, Outcome, Step
from opinovi.journeys.models.consents import Piece
from opinovi.network.models import Network, Organisation, Person
from tests.journeys.guiding import begin, fresh, newest_journey

FI = ZoneInfo("Europe/Helsinki")
AsPerson = Callable[[str], Browser]
Named = Callable[[str], Person]
Letters = Callable[[], list[Letter]]


@pytest.fixture
def aino(person: Named) -> Client:
    return begin(person("oona"))


@pytest.fixture
def own(aino: Client) -> Browser:
    browser = Browser()
    assert aino.person is not None
    browser.force_login(aino.person)
    return browser


# The plan


def test_both_write_the_plan_and_its_history_is_kept(aino: Client, own: Browser, as_person: AsPerson) -> None:
    own.post("/my/plan", {"then": "goal", "text": "Haluan työn ihmisten parissa"})
    goal = Goal.objects.get(client=aino)
    oona = as_person("oona")
    oona.post(f"/desk/clients/{aino.id}/plan", {"then": "step", "goal": str(goal.id), "text": "Soitan oppilaitokseen"})
    step = Step.objects.get(goal=goal)
    told = {"text": "Käyn oppilaitoksessa", "due": "2027-03-01", "version": "1", "remind": "on", "remind_days": "1"}
    assert own.post(f"/my/steps/{step.id}", told).status_code == 302
    # One who changes what was changed meanwhile is told so, and what they wrote stays.
    late = oona.post(f"/desk/steps/{step.id}", {"text": "Jotain muuta", "version": "1"})
    assert late.status_code == 409 and "Jotain muuta" in late.content.decode()
    page = own.get("/my/plan?history=1").content.decode()
    assert "Käyn oppilaitoksessa" in page and "<del>Soitan oppilaitokseen</del>" in page and "Oona Ohjaaja" in page


def test_a_step_is_done_postponed_or_dropped_with_its_why_and_reminders_follow(
    aino: Client, own: Browser, letters: Letters
) -> None:
    goal = plans.add_goal(aino.person, aino, "Tavoite")  # type: ignore[arg-type]
    step = plans.add_step(aino.person, goal, plans.StepTold("Askel", date(2027, 3, 1), remind=True))  # type: ignore[arg-type]
    [reminder] = letters()
    assert reminder.next_try_at == datetime(2027, 2, 28, 9, tzinfo=FI) and "Askel" not in reminder.body
    assert own.post("/my/plan", {"then": "postponed", "step": str(step.id)}).status_code == 422
    own.post("/my/plan", {"then": "postponed", "step": str(step.id), "due": "2027-04-01", "why": "Sairastuin"})
    assert [one.next_try_at for one in letters()] == [datetime(2027, 3, 31, 9, tzinfo=FI)]
    assert "Sairastuin" in own.get("/my/plan").content.decode()
    own.post("/my/plan", {"then": "done", "step": str(step.id)})
    assert letters() == [] and Step.objects.get(id=step.id).done_at is not None
    own.post("/my/plan", {"then": "ahead", "step": str(step.id)})
    assert Step.objects.get(id=step.id).done_at is None


def test_every_template_and_exercise_is_in_three_languages() -> None:
    def walk(told: object) -> None:
        if isinstance(told, dict) and "fi" in told:
            assert set(told) - {"group"} == {"fi", "sv", "en"} and all(told.values()), told
        for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
            walk(one)

    walk(exercises.told())
    for kind in exercises.EXERCISES.values():
        assert {one["group"] for one in kind.items.values()} == set(kind.groups), kind.name


def test_templates_and_exercises_begin_a_plan(aino: Client, own: Browser) -> None:
    own.post("/my/plan", {"then": "template", "template": "career-change"})
    page = own.get("/my/plan").content.decode()
    assert "Löydän alan, jolla viihdyn." in page and Step.objects.filter(goal__client=aino).count() == 4
    own.post("/my/exercises/interests", {"picked": ["help", "listen", "fix", "x"], "own": "Laulan"})
    said = own.get("/my/exercises/interests").content.decode()
    assert "ihmisten auttaminen" in said and "Laulan" in said
    assert aino.unlock(Exercise.objects.get(client=aino).locked)["picked"] == ["help", "listen", "fix"]


def test_skills_are_named_by_esco_where_a_release_is_loaded(aino: Client, own: Browser, tmp_path: Path) -> None:
    make(tmp_path, 3, 30, 9)
    call_command("esco", str(tmp_path), stdout=io.StringIO())
    own.post("/my/exercises/skills", {"picked": ["drive"], "own": "hitsata koneita 7, neulominen"})
    page = own.get("/my/exercises/skills").content.decode()
    assert "(hitsata koneita 7, ESCO)" in page and "neulominen" in page


def test_a_step_leads_to_a_service_course_or_group_of_this_site_only(
    aino: Client, own: Browser, career_guidance: object
) -> None:
    goal = plans.add_goal(aino.person, aino, "Tavoite")  # type: ignore[arg-type]
    step = plans.add_step(aino.person, goal, plans.StepTold("Askel"))  # type: ignore[arg-type]
    path = f"/my/steps/{step.id}"
    told = {"text": "Askel", "version": "1", "door": "https://muualla.example/x"}
    assert "ei ole tämän sivuston" in own.post(path, told).content.decode()
    door = f"http://testserver/sv/services/{career_guidance.id}"  # type: ignore[attr-defined]
    assert own.post(path, told | {"door": door}).status_code == 302
    assert "Uraohjaus aikuiselle" in own.get("/my/plan").content.decode()


def test_the_plan_goes_out_as_pdf_json_and_calendar(aino: Client, own: Browser) -> None:
    goal = plans.add_goal(aino.person, aino, "Tavoite #1 *ja* $x$")  # type: ignore[arg-type]
    plans.add_step(aino.person, goal, plans.StepTold("Askel [a](b) #import", date(2027, 3, 1)))  # type: ignore[arg-type]
    pdf = own.get("/my/plan.pdf").content
    assert pdf.startswith(b"%PDF") and b"/StructTreeRoot" in pdf
    assert json.loads(own.get("/my/plan.json").content)["plan"][0]["steps"][0]["due"] == "2027-03-01"
    calendar = icalendar.Calendar.from_ical(own.get("/my/plan.ics").content)
    assert [str(one["summary"]) for one in calendar.walk("VEVENT")] == ["Askel [a](b) #import"]


# Notes


def test_a_client_asks_for_the_houses_own_notes_and_gets_them_or_a_reason(
    aino: Client, own: Browser, as_person: AsPerson, person: Named, salpaus: Organisation
) -> None:
    notes.write_note(person("oona"), aino, "own", "Oma merkintä")
    assert "Oma merkintä" not in own.get("/my/notes").content.decode()
    own.post("/my", {"then": "ask_notes", "organisation": str(salpaus.id)})
    page = as_person("oona").get(f"/desk/clients/{aino.id}").content.decode()
    assert "Asiakas pyytää talosi omat muistiinpanot" in page
    wanted = aino.note_requests.get()
    refused = as_person("oona").post(f"/desk/clients/{aino.id}", {"then": "refuse_notes", "request": str(wanted.id)})
    assert refused.status_code == 422
    as_person("oona").post(f"/desk/clients/{aino.id}", {"then": "give_notes", "request": str(wanted.id)})
    assert "Oma merkintä" in own.get("/my/notes").content.decode()


def test_a_note_sent_twice_is_one_and_an_empty_one_none(aino: Client, as_person: AsPerson) -> None:
    told = {"then": "note", "text": "Sama", "kind": "journey", "once": "01a39936-d614-7400-b628-061e4bdd0ec6"}
    for _number in range(2):
        as_person("oona").post(f"/desk/clients/{aino.id}", told)
    assert Note.objects.count() == 1
    assert as_person("oona").post(f"/desk/clients/{aino.id}", told | {"text": " ", "once": ""}).status_code == 422


# What came of it


def test_it_is_asked_at_the_end_and_after_3_6_and_12_months_once_each_and_one_may_say_nothing(
    aino: Client, person: Named, letters: Letters, still: time_machine.Traveller, visitor: Browser
) -> None:
    journey = newest_journey(aino)
    outcomes.end_journey(person("oona"), journey)
    due = list(Outcome.objects.filter(journey=journey).order_by("months").values_list("months", "due"))
    assert due == [(0, date(2027, 2, 9)), (3, date(2027, 5, 9)), (6, date(2027, 8, 9)), (12, date(2028, 2, 9))]
    assert outcomes.ask_due() == 1 and outcomes.ask_due() == 0
    body = letters()[-1].body
    assert "Aino" not in body and body.count("/outcome/") == 6
    link = "/" + next(line for line in body.split() if "v=nothing_said" in line).split("/", 3)[3]
    page = visitor.get(link).content.decode()
    assert "En halua kertoa" in page and "data-send" in page and Outcome.objects.filter(what="").count() == 4
    visitor.post(link, {"what": "nothing_said"})
    assert Outcome.objects.get(journey=journey, months=0).what == "nothing_said"
    still.move_to(datetime(2027, 8, 10, 12, tzinfo=FI))
    assert outcomes.ask_due() == 2
    # It goes on after all: what was not asked yet is asked later.
    outcomes.go_on(person("oona"), newest_journey(aino))
    assert set(Outcome.objects.values_list("months", flat=True)) == {0, 3, 6}


def test_one_on_paper_is_not_written_to_and_the_guide_tells(
    person: Named, letters: Letters, as_person: AsPerson
) -> None:
    client = begin(person("oona"), mail="", on_paper=True)
    outcomes.end_journey(person("oona"), newest_journey(client))
    assert outcomes.ask_due() == 0 and letters() == []
    row = Outcome.objects.get(months=0)
    path = f"/desk/clients/{client.id}/outcomes"
    as_person("oona").post(path, {"outcome": str(row.id), "what": "education", "why": "Aloitti lukion"})
    assert "Aloitti lukion" in as_person("oona").get(path).content.decode()
    before = {"then": "confidence", "after": "0"} | {f"q{number}": "2" for number in range(4)}
    assert as_person("oona").post(path, before).status_code == 302
    assert "2, 2, 2, 2" in as_person("oona").get(path).content.decode()
    assert as_person("oona").post(path, {"then": "confidence", "q0": "9"}).status_code == 422


# The same person


def test_likely_duplicates_are_joined_only_by_a_person_and_can_be_parted(
    aino: Client, person: Named, as_person: AsPerson
) -> None:
    other = begin(person("oona"), name="Aino A.")
    stranger = begin(person("nelli"), name="Salainen")
    page = as_person("oona").get(f"/desk/clients/{aino.id}").content.decode()
    assert "Onko hän sama ihminen?" in page and "Aino A." in page and "Salainen" not in page
    assert as_person("oona").post(
        f"/desk/clients/{aino.id}", {"then": "join", "other": str(stranger.id)}
    ).status_code == 403  # fmt: skip
    as_person("oona").post(f"/desk/clients/{aino.id}", {"then": "join", "other": str(other.id)})
    other.refresh_from_db()
    assert other.joined_to_id == aino.id
    assert "Yhdistetty: Aino A." in as_person("oona").get(f"/desk/clients/{aino.id}").content.decode()
    as_person("oona").post(f"/desk/clients/{aino.id}", {"then": "part", "other": str(other.id)})
    other.refresh_from_db()
    assert other.joined_to_id is None and other.told()["name"] == "Aino A."
    with pytest.raises(ValidationError):
        clients.join(fresh(person("oona")), aino, aino)


# By themselves


def test_one_begins_by_themselves_and_sends_their_own_matter_on(
    visitor: Browser, letters: Letters, as_person: AsPerson, region: Network
) -> None:
    assert visitor.get("/my")["Location"] == "/my/start"
    visitor.post("/my/start", {"mail": "uusi@alku.example"})
    assert Client.objects.count() == 0
    code = letters()[-1].body.split("\n\n")[2]
    wrong = "111111" if code != "111111" else "222222"
    assert visitor.post("/my/start", {"code": wrong}).status_code == 422
    assert visitor.post("/my/start", {"code": code})["Location"] == "/my"
    visitor.post("/my/contact", {"need": "Haluan lukioon", "language": "fi", "mail": "uusi@alku.example"})
    service = str(Step._meta.get_field("service").remote_field.model.objects.get(external_id="te-ammatinvalinta").id)
    sent_on = visitor.post("/my/send", {"service": service, "pieces": ["contact", "need"]})
    assert sent_on.status_code == 302
    assert "asiakas itse" in as_person("nelli").get("/desk/referrals").content.decode()
    assert Client.objects.get().mail_verified
    # The same address comes back to the same guidance.
    again = Browser()
    again.post("/my/start", {"mail": "UUSI@alku.example"})
    again.post("/my/start", {"code": letters()[-1].body.split("\n\n")[2]})
    assert "Haluan lukioon" in again.get("/my").content.decode() and Client.objects.count() == 1


def test_a_code_is_tried_five_times_and_no_more(visitor: Browser, letters: Letters) -> None:
    visitor.post("/my/start", {"mail": "arvaaja@b.example"})
    code = letters()[-1].body.split("\n\n")[2]
    for number in range(5):
        visitor.post("/my/start", {"code": f"{(int(code) + number + 1) % 1_000_000:06d}"})
    assert visitor.post("/my/start", {"code": code}).status_code == 422
    assert Client.objects.count() == 0


def test_what_was_never_answered_and_what_is_old_is_erased(
    person: Named, aino: Client, still: time_machine.Traveller
) -> None:
    team = newest_journey(aino).team
    assert team is not None
    journey = clients.begin(person("oona"), team, clients.Told(name="Ei Vastaa", need="x"), "walk_in")
    consents.ask_own_team(person("oona"), journey.client, journey)
    still.shift(timedelta(days=31))
    assert erasing.erase_old() == 1 and Client.objects.get(id=journey.client_id).erased
    assert not Client.objects.get(id=aino.id).erased
    still.shift(timedelta(days=731))
    assert erasing.erase_old() == 1 and Client.objects.get(id=aino.id).erased


def test_a_consent_is_to_somebody_of_something_and_for_a_time(aino: Client, salpaus: Organisation) -> None:
    for wrong in (
        Asked(organisation=salpaus, pieces=[]),
        Asked(organisation=salpaus, until=today() - timedelta(days=1)),
        Asked(organisation=salpaus, until=today() + timedelta(days=800)),
    ):
        with pytest.raises(ValidationError):
            consents.give_own(aino, wrong)
    given = consents.give_own(aino, Asked(organisation=salpaus, pieces=[Piece.NEED]))
    assert given.in_force() and given.text.version == 1 and "vapaaehtoinen" in given.told()["shown"]
    consents.withdraw(given)
    consents.withdraw(Consent.objects.get(id=given.id))
    with pytest.raises(ValidationError):
        consents.answer(Consent.objects.get(id=given.id), True, "own_device")


# Colleagues


def test_a_case_without_a_name_is_asked_and_what_tells_who_is_pointed_at(
    as_person: AsPerson, person: Named, region: Network
) -> None:
    oona, told = as_person("oona"), {"title": "Vuorotyö", "text": "Asiakas Matti Virtanen Heinolasta tekee vuorotyötä"}
    page = oona.post("/desk/consultations/new", told)
    assert page.status_code == 422 and "<mark>" in page.content.decode() and not Consultation.objects.exists()
    assert oona.post("/desk/consultations/new", told | {"looked": "1"}).status_code == 302
    # A number or an address is never sent.
    contact = {"title": "Vuorotyö", "text": "Hänen sähköpostinsa on a@b.example", "looked": "1"}
    assert oona.post("/desk/consultations/new", contact).status_code == 422
    one = Consultation.objects.get()
    nelli = as_person("nelli")
    assert "Vuorotyö" in nelli.get("/desk/consultations").content.decode()
    nelli.post(f"/desk/consultations/{one.id}", {"text": "kokeile iltaryhmää"})
    assert "kokeile iltaryhmää" in oona.get(f"/desk/consultations/{one.id}").content.decode()
    assert as_person("kaisa").get(f"/desk/consultations/{one.id}").status_code == 404
    with pytest.raises(ValidationError):
        consultations.close(fresh(person("nelli")), one)
    oona.post(f"/desk/consultations/{one.id}", {"then": "close"})
    assert nelli.post(f"/desk/consultations/{one.id}", {"text": "vielä"}).status_code == 422
