"""A workplace asks once, several houses answer with one offer, and one press takes it; nobody is left waiting."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.clock import today
from opinovi.base.models import DataKey, Event, Letter
from opinovi.network.models import Network, Person
from opinovi.workplaces import tasks
from opinovi.workplaces.actions import cases, offers
from opinovi.workplaces.models import Case, CaseMessage, Offer, OfferPart, Workplace
from tests.workplaces.asking import a_workplace
from tests.workplaces.cases import NEED, a_case, a_team, an_offer, fresh, house, write_part

As = Callable[[str], Client]
Who = Callable[[str], Person]
Letters = Callable[[], list[Letter]]


@pytest.fixture
def workplace(person: Who, region: Network) -> Workplace:
    return a_workplace(person("oona"), region, "Leipomo")


@pytest.fixture
def team(person: Who, region: Network) -> None:
    a_team(region, person("oona"), person("nelli"))


def test_anybody_asks_without_an_account_and_follows_by_a_link(
    visitor: Client, team: None, letters: Letters, region: Network
) -> None:
    page = visitor.get("/workplaces/ask", {"q": "yt:t tulossa", "ask": "changes"}).content.decode()
    assert "yt:t tulossa" in page
    told = {"need": NEED, "ask": "training", "house": "Paja Oy", "phone": "040 123 4567", "mail": "p@paja.example"}
    answer = visitor.post("/workplaces/ask", told)
    one = Case.objects.get()
    assert answer.status_code == 302 and "?new=1" in answer["Location"]
    page = visitor.get(answer["Location"]).content.decode()
    assert "Pyyntönne on perillä" in page and NEED in page and "Paja Oy" not in one.locked and NEED not in one.locked
    told_of = {letter.to for letter in letters()}
    assert told_of == {"p@paja.example", "oona@example.example", "nelli@example.example"}
    # Nothing of it stands in a letter.
    assert all(NEED not in letter.body and "Paja" not in letter.body + letter.subject for letter in letters())


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"need": "", "house": "P", "phone": "040 123 4567"}, "Kirjoittakaa, mitä tarvitsette."),
        ({"need": "x", "house": "", "phone": "040 123 4567"}, "Kirjoittakaa työpaikan nimi."),
        ({"need": "x", "house": "P"}, "jotta voimme vastata"),
        ({"need": "x", "house": "P", "mail": "ei osoite"}, "Osoitteessa on jotain vikaa"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(visitor: Client, told: dict[str, str], wrong: str) -> None:
    answer = visitor.post("/workplaces/ask", told)
    assert answer.status_code == 422 and wrong in answer.content.decode() and not Case.objects.exists()
    assert told["house"] in answer.content.decode()


def test_a_form_sent_twice_asks_once_and_a_machine_is_not_heard(visitor: Client) -> None:
    told = {"need": "x", "house": "P", "phone": "040 123 4567", "once": "0198c4b0-0000-7000-8000-000000000001"}
    first, again = (visitor.post("/workplaces/ask", told)["Location"] for _time in range(2))
    assert first == again and Case.objects.count() == 1
    assert visitor.post("/workplaces/ask", told | {"website": "x", "once": ""}).status_code == 429


def test_an_identity_code_is_masked(region: Network) -> None:
    one = a_case(region, need="Tekijämme 131052-308T tarvitsee kurssin")
    assert "131052-308T" not in one.told()["need"]


def test_a_representative_asks_for_their_workplace_and_sees_it_there(
    as_person: As, person: Who, workplace: Workplace, team: None
) -> None:
    timo = as_person("timo")
    answer = timo.post("/workplaces/ask", {"need": NEED, "ask": "visit", "mail": "timo@example.example"})
    one = Case.objects.get()
    assert one.workplace == workplace and answer.status_code == 302
    page = timo.get(f"/desk/workplaces/{workplace.id}").content.decode()
    assert one.told()["token"] in page
    # A guide who is in no team follows only what is theirs.
    assert str(one.id) not in as_person("ville").get(f"/desk/workplaces/{workplace.id}").content.decode()


def test_who_handles_what(as_person: As, person: Who, region: Network, workplace: Workplace) -> None:
    one = a_case(region, workplace, person("timo"))
    # No team yet: the guides of the network do.
    assert as_person("ville").get(f"/desk/cases/{one.id}").status_code == 200
    a_team(region, person("oona"))
    assert as_person("oona").get(f"/desk/cases/{one.id}").status_code == 200
    for name in ("ville", "nelli", "timo", "kaisa", "eetu", "tarja"):
        assert as_person(name).get(f"/desk/cases/{one.id}").status_code == 404, name
    offers.begin(fresh(person("oona")), one)
    offers.ask_house(fresh(person("oona")), one, person("nelli").places.get())
    assert as_person("nelli").get(f"/desk/cases/{one.id}").status_code == 200
    assert as_person("ville").get(f"/desk/cases/{one.id}").status_code == 404
    # A reading is remembered.
    assert Event.objects.filter(verb="read", subject_type="case", subject_id=str(one.id)).count() == 3


def test_it_stands_on_the_desk_of_the_team_until_it_is_taken(as_person: As, region: Network, team: None) -> None:
    one = a_case(region)
    for name in ("oona", "nelli"):
        assert f"Työpaikan pyyntö {one.number}" in as_person(name).get("/desk").content.decode()
    assert f"{one.number}" not in as_person("ville").get("/desk").content.decode()
    as_person("oona").post(f"/desk/cases/{one.id}", {"then": "take"})
    assert f"{one.number}" in as_person("oona").get("/desk?show=mine").content.decode()
    assert f"{one.number}" not in as_person("nelli").get("/desk").content.decode()
    # It names no workplace.
    assert "Paja" not in as_person("oona").get("/desk").content.decode()


def test_both_write_and_each_is_told(
    as_person: As, visitor: Client, region: Network, team: None, letters: Letters
) -> None:
    one = a_case(region)
    as_person("oona").post(f"/desk/cases/{one.id}", {"then": "write", "text": "Montako hitsaajaa?"})
    link = f"/workplaces/requests/{one.told()['token']}"
    assert "Montako hitsaajaa?" in visitor.get(link).content.decode()
    visitor.post(link, {"text": "Kolme."})
    assert "Kolme." in as_person("oona").get(f"/desk/cases/{one.id}").content.decode()
    told = [letter.to for letter in letters()]
    assert told.count("paja@tyopaikka.example") == 2 and told[-1] == "oona@example.example"
    assert all("hitsaaj" not in letter.body for letter in letters())
    assert CaseMessage.objects.filter(locked__contains="Kolme").count() == 0


def test_one_offer_of_two_houses_is_taken_by_one_press(
    as_person: As, visitor: Client, person: Who, region: Network, team: None, letters: Letters
) -> None:
    one = a_case(region)
    oona, nelli = as_person("oona"), as_person("nelli")
    oona.post(f"/desk/cases/{one.id}", {"then": "offer"})
    draft = f"/desk/cases/{one.id}/offer"
    for name in ("oona", "nelli"):
        oona.post(draft, {"then": "ask", "contact": str(person(name).places.get().id)})
    told = {"then": "send", "text": "Näin autamme", "valid_until": f"{today() + timedelta(days=20)}"}
    # Not before every house has said that its part is ready.
    assert oona.post(draft, told).status_code == 422
    part = {"what": "Piirustusten luku", "begins": f"{today() + timedelta(days=9)}", "price": "1200,50", "ready": "on"}
    ours, theirs = (OfferPart.objects.get(organisation=house(name)) for name in ("salpaus", "te-ph"))
    oona.post(f"/desk/parts/{ours.id}", part)
    # Another house's part can be written, but only its own people say that it is ready.
    oona.post(f"/desk/parts/{theirs.id}", part | {"price": "0"})
    theirs.refresh_from_db()
    assert not theirs.ready and theirs.what == "Piirustusten luku"
    nelli.post(f"/desk/parts/{theirs.id}", part | {"what": "Rahoitus", "price": "0"})
    assert oona.post(draft, told).status_code == 302
    link = f"/workplaces/requests/{one.told()['token']}"
    page = visitor.get(link).content.decode()
    for words in ("Piirustusten luku", "Koulutuskeskus Salpaus", "Rahoitus", "1 200,50", "maksuton", "Hyväksymme"):
        assert words in page.replace("\xa0", " "), words
    # Sent, it does not change.
    assert nelli.post(f"/desk/parts/{theirs.id}", part | {"price": "9"}).status_code == 302
    theirs.refresh_from_db()
    assert theirs.price == 0
    offer = Offer.objects.get()
    for _press in range(2):
        visitor.post(link, {"then": "accept", "offer": str(offer.id)})
    one.refresh_from_db()
    assert one.state == "agreed" and "Tarjous on hyväksytty" in visitor.get(f"{link}?saved=1").content.decode()
    assert Event.objects.filter(verb="accept_offer", subject_id=str(one.id)).count() == 1
    nelli.post(f"/desk/parts/{theirs.id}", {"then": "finish"})
    theirs.refresh_from_db()
    assert theirs.done_at is not None
    oona.post(f"/desk/cases/{one.id}", {"then": "end", "why": "helped"})
    one.refresh_from_db()
    assert one.state == "done" and letters()[-1].to == "paja@tyopaikka.example"


def test_what_was_seen_is_what_is_taken(person: Who, region: Network, team: None) -> None:
    one = a_case(region)
    seen = an_offer(person("oona"), one)
    offers.take_back(fresh(person("oona")), one)
    with pytest.raises(ValidationError, match="ei ole enää voimassa"):
        offers.accept(one, seen.id)
    again = offers.begin(fresh(person("oona")), one)
    assert [part.what for part in again.parts.all()] == ["Kurssi", "Kurssi"]
    assert not again.parts.filter(ready=True).exists()
    with pytest.raises(ValidationError):
        offers.accept(one, again.id)


def test_only_its_own_representative_answers_by_name(person: Who, region: Network, workplace: Workplace) -> None:
    one = a_case(region, workplace, person("timo"))
    offer = an_offer(person("oona"), one)
    with pytest.raises(PermissionDenied):
        offers.accept(one, offer.id, fresh(person("oona")))
    offers.accept(one, offer.id, fresh(person("timo")))
    offer.refresh_from_db()
    assert offer.answered_by == person("timo")


def test_an_offer_ends_by_its_day_by_a_no_and_by_being_taken_back(
    person: Who, region: Network, team: None, still: time_machine.Traveller
) -> None:
    one = a_case(region)
    offer = an_offer(person("oona"), one)
    still.shift(timedelta(days=15))
    with pytest.raises(ValidationError, match="viimeinen päivä on mennyt"):
        offers.accept(one, offer.id)
    tasks.follow_cases()
    offer.refresh_from_db()
    one.refresh_from_db()
    assert (offer.state, one.state) == ("expired", "open") and one.due_at is not None
    second = offers.begin(fresh(person("oona")), one)
    for part in second.parts.all():
        offers.drop_part(fresh(person("oona")), part)
    write_part(person("oona"), one, house("salpaus"))
    offers.save_words(fresh(person("oona")), one, "Uusi", today() + timedelta(days=5))
    offers.send(fresh(person("oona")), one)
    offers.decline(one, second.id)
    one.refresh_from_db()
    assert one.state == "open" and Offer.objects.get(id=second.id).answered_at is not None


def test_nobody_is_left_waiting(
    person: Who, region: Network, team: None, letters: Letters, still: time_machine.Traveller
) -> None:
    one = a_case(region)
    before = len(letters())
    told = []
    for _round in range(5):
        still.shift(timedelta(days=8))
        tasks.follow_cases()
        tasks.follow_cases()
        told.append([letter.to.split("@")[0] for letter in letters()[before:]])
        before = len(letters())
    # The team, the team again with who stands in, the coordinators, and then it is theirs.
    assert [sorted(names) for names in told] == [["nelli", "oona"], ["nelli", "oona"], ["kaisa"], [], []]
    # Whatever is done about it begins the rounds anew.
    cases.set_next(fresh(person("oona")), one, "Soita", today() + timedelta(days=3))
    still.shift(timedelta(days=8))
    tasks.follow_cases()
    assert [letter.to for letter in letters()[before:]] == ["oona@example.example"]


def test_it_ends_goes_on_and_is_forgotten(
    as_person: As, visitor: Client, person: Who, region: Network, team: None, still: time_machine.Traveller
) -> None:
    one = a_case(region)
    cases.take(fresh(person("oona")), one)
    assert as_person("oona").post(f"/desk/cases/{one.id}", {"then": "end"}).status_code == 422
    cases.end(fresh(person("oona")), one, "silent")
    one.refresh_from_db()
    assert one.state == "closed"
    link = f"/workplaces/requests/{one.told()['token']}"
    visitor.post(link, {"text": "Hei, olemme täällä."})
    one.refresh_from_db()
    assert one.state == "open" and one.ended_why == ""
    cases.end(fresh(person("oona")), one, "helped")
    still.shift(timedelta(days=731))
    key = one.key_id
    tasks.forget_cases()
    one.refresh_from_db()
    assert (one.locked, one.token_hash, one.key) == ("", None, None) and not CaseMessage.objects.exists()
    assert not DataKey.objects.filter(id=key).exists()
    assert visitor.get(link).status_code == 410
    assert "Teksti on poistettu" in as_person("oona").get(f"/desk/cases/{one.id}").content.decode()


def test_the_coordinator_names_the_team(as_person: As, person: Who, region: Network) -> None:
    page = f"/desk/networks/{region.id}/workplace-team"
    assert as_person("oona").get(page).status_code == 404
    nelli = person("nelli").places.get()
    assert "Nelli Neuvoja" in as_person("kaisa").get(page).content.decode()
    as_person("kaisa").post(page, {"member": [str(nelli.id), "x"]})
    assert [one.member for one in region.workplace_team.all()] == [nelli]
    assert cases.team_of(region) == [nelli]
    as_person("kaisa").post(page, {})
    # The front desk answers, then.
    assert {one.organisation_id for one in cases.team_of(region)} <= {region.front_desk_team.organisation_id}  # type: ignore[union-attr]


def test_many_are_listed_within_the_queries(
    as_person: As, region: Network, team: None, in_service: None, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        a_case(region, house=f"Paja {number}")
    oona = as_person("oona")
    with django_assert_max_num_queries(12):
        page = oona.get("/desk/cases").content.decode()
    assert page.count("/desk/cases/0") == 60


def test_who_runs_the_network_is_led_to_who_answers_and_not_to_what_was_asked(
    as_person: As, region: Network, team: None, letters: Letters, still: time_machine.Traveller
) -> None:
    one = a_case(region)
    for _round in range(3):
        still.shift(timedelta(days=8))
        tasks.follow_cases()
    page = f"/desk/networks/{region.id}/workplace-team"
    assert letters()[-1].to == "kaisa@example.example" and page in letters()[-1].body
    kaisa = as_person("kaisa")
    assert "1 pyyntö odottaa yli määräajan" in kaisa.get(page).content.decode()
    assert NEED not in kaisa.get(page).content.decode() and kaisa.get(f"/desk/cases/{one.id}").status_code == 404
    # Every door of "the network together" opens to whom it is shown.
    for name in ("kaisa", "oona", "eetu", "tarja", "veikko"):
        browser = as_person(name)
        together = browser.get("/desk/together").content.decode()
        for door in re.findall(r'<h3><a href="([^"]+)"', together):
            assert browser.get(door).status_code == 200, (name, door)


def test_whoever_is_asked_for_a_part_may_write_it_in_a_house_without_guides(
    as_person: As, person: Who, region: Network, team: None, letters: Letters
) -> None:
    one = a_case(region)
    offers.begin(fresh(person("oona")), one)
    part = offers.ask_house(fresh(person("oona")), one, person("kaisa").places.get())
    assert letters()[-1].to == "kaisa@example.example"
    page = as_person("kaisa").get(f"/desk/parts/{part.id}").content.decode()
    assert "Tämä on meidän puolestamme valmis" in page
    # Neither the house's administrator nor another's editor reads what was asked.
    for name in ("veikko", "eetu", "tarja"):
        assert as_person(name).get(f"/desk/parts/{part.id}").status_code == 404, name
    with pytest.raises(ValidationError):
        offers.ask_house(fresh(person("oona")), one, person("timo").places.get())


def test_who_asked_is_linked_to_a_workplace_on_the_page(
    as_person: As, region: Network, team: None, workplace: Workplace
) -> None:
    one = a_case(region)
    oona, page = as_person("oona"), f"/desk/cases/{one.id}"
    assert oona.post(page, {"then": "know", "workplace": str(one.id)}).status_code == 422
    assert oona.post(page, {"then": "know", "workplace": str(workplace.id)}).status_code == 302
    one.refresh_from_db()
    assert one.workplace == workplace
    # Its representative follows it from then on.
    assert one.told()["token"] in as_person("timo").get(f"/desk/workplaces/{workplace.id}").content.decode()


def test_a_workplace_takes_its_request_back_and_its_words_away(
    as_person: As, visitor: Client, person: Who, region: Network, team: None, letters: Letters
) -> None:
    one = a_case(region)
    offer = an_offer(person("oona"), one)
    link = f"/workplaces/requests/{one.told()['token']}"
    # Nobody erases what is still going on but the workplace itself, by taking it back.
    as_person("oona").post(f"/desk/cases/{one.id}", {"then": "erase"})
    one.refresh_from_db()
    assert one.key is not None
    visitor.post(link, {"then": "withdraw"})
    one.refresh_from_db()
    offer.refresh_from_db()
    assert (one.state, one.ended_why, offer.state) == ("closed", "changed_mind", "declined")
    assert letters()[-1].to == "oona@example.example"
    answer = visitor.post(link, {"then": "erase"})
    one.refresh_from_db()
    assert answer["Location"] == "/conversations/erased" and (one.key, one.locked) == (None, "")
    assert visitor.get(link).status_code == 410
    # What is left takes no more words, and says so.
    wrong = as_person("oona").post(f"/desk/cases/{one.id}", {"then": "write", "text": "Hei"})
    assert wrong.status_code == 422 and "Tekstit on poistettu" in wrong.content.decode()
