"""A person asks without a name, comes back with a code, writes on, takes the conversation out and erases it."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import signing
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.clock import now
from opinovi.base.models import DataKey, Event, Letter
from opinovi.contact.actions import enquiries
from opinovi.contact.models import Attachment, Enquiry, Message
from opinovi.contact.return_code import ALPHABET, new_code, read_code
from opinovi.directory.models import Service, ServicePoint
from opinovi.network.models import Network
from tests.contact.asking import TEXT, ask, form, words


def test_a_question_goes_to_the_front_desk_with_a_promise_and_a_code(
    visitor: Client, region: Network, letters: Callable[[], list[Letter]]
) -> None:
    one = ask(visitor)
    page = visitor.get(f"/conversations/{one.id}?new=1").content.decode()
    assert one.team.name == "Neuvontapiste" and one.network == region
    # Two working days of seven hours from a Tuesday at 10.30.
    assert "Viestisi on perillä" in page and "Vastaamme viimeistään to klo 10.30" in page
    assert one.told()["code"] in page and TEXT in page
    [letter] = letters()
    assert letter.to == "nelli@example.example" and TEXT not in letter.body


def test_a_question_of_a_service_goes_to_its_team_and_of_a_place_to_its_house(
    visitor: Client, career_guidance: Service
) -> None:
    assert ask(visitor, service=str(career_guidance.id)).team.name == "Hakupalvelut"
    place = ServicePoint.objects.get(source="example", external_id="lahti-wellamo")
    one = ask(visitor, point=str(place.id))
    assert one.team.name == "Kurssineuvonta" and one.point == place


def test_the_code_opens_the_conversation_on_another_device(visitor: Client, region: Network) -> None:
    one, other = ask(visitor), Client()
    assert other.get(f"/conversations/{one.id}")["Location"] == "/return"
    code = one.told()["code"]
    response = other.post("/return", {"code": code.lower().replace("-", " ")})
    assert response["Location"] == f"/conversations/{one.id}"
    assert TEXT in other.get(response["Location"]).content.decode()


def test_a_typing_error_in_a_code_is_told_apart_from_a_code_that_is_none(visitor: Client, region: Network) -> None:
    code = ask(visitor).told()["code"]
    wrong = ("A" if code[0] != "A" else "B") + code[1:]
    assert "kirjoitusvirhe" in Client().post("/return", {"code": wrong}).content.decode()
    assert "ei löydy keskustelua" in Client().post("/return", {"code": new_code()}).content.decode()
    assert Client().post("/return", {"code": ""}).status_code == 422


def test_codes_are_not_guessed(region: Network) -> None:
    client = Client()
    statuses = [client.post("/return", {"code": new_code()}).status_code for _ in range(40)]
    assert statuses[:30] == [422] * 30 and set(statuses[30:]) == {429}


@given(st.text(ALPHABET, min_size=11, max_size=11), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_every_wrong_sign_is_found(signs: str, place: int, sign: str) -> None:
    from opinovi.contact.return_code import check_sign

    code = signs + check_sign(signs)
    changed = code[:place] + sign + code[place + 1 :]
    assert read_code(code) is not None
    assert (read_code(changed) is None) == (changed != code)


@given(st.text(ALPHABET, min_size=11, max_size=11), st.integers(0, 10))
def test_every_two_signs_that_changed_places_are_found(signs: str, place: int) -> None:
    from opinovi.contact.return_code import check_sign

    code = signs + check_sign(signs)
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (read_code(changed) is None) == (changed != code)


def test_what_is_kept_is_locked_and_no_word_of_it_lies_in_the_database(visitor: Client, region: Network) -> None:
    one = ask(visitor, wish="call", phone="040 765 4321", name="Aino Ainokainen", when="iltapäivisin")
    row = str(Enquiry.objects.filter(id=one.id).values().get()) + str(list(Message.objects.values()))
    for word in ("Aino", "7654321", "iltapäivisin", "vaihtaa alaa", one.told()["code"]):
        assert word not in row
    assert one.told()["phone"] == "+358407654321" and words(one) == [TEXT]


def test_an_identity_code_is_masked_before_it_is_saved(visitor: Client, region: Network) -> None:
    assert "131052-308T" not in words(ask(visitor, "Olen 131052-308T ja kysyn."))[0]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"text": "  "}, "Kirjoita ensin"),
        ({"wish": "call"}, "Kirjoita numero"),
        ({"wish": "call", "phone": "abc"}, "Numerossa on jotain vikaa"),
        ({"wish": "mail"}, "Kirjoita osoite"),
        ({"wish": "mail", "mail": "ei osoite"}, "Osoitteessa on jotain vikaa"),
        ({"text": "a" * 10_001}, "10000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    visitor: Client, region: Network, told: dict[str, str], said: str
) -> None:
    sent = form(name="Aino", **told) if "text" not in told else form(told["text"], name="Aino")
    response = visitor.post("/ask", sent)
    page = response.content.decode()
    assert response.status_code == 422 and said in page and 'value="Aino"' in page and sent["text"].strip() in page
    assert Enquiry.objects.count() == 4


def test_a_form_sent_twice_asks_once(visitor: Client, region: Network) -> None:
    once = str(uuid4())
    assert ask(visitor, once=once) == ask(visitor, once=once)
    assert Enquiry.objects.count() == 5


def test_words_of_danger_show_the_helplines_before_sending_and_after(visitor: Client, region: Network) -> None:
    text = "en jaksa enää elää"
    before = visitor.post("/ask", form(text, sure=""))
    assert before.status_code == 200 and "112" in before.content.decode() and "Lähetä silti" in before.content.decode()
    one = ask(visitor, text)
    assert "Et ole yksin" in visitor.get(f"/conversations/{one.id}").content.decode()


def test_what_a_machine_seems_to_have_written_is_kept_aside(
    visitor: Client, region: Network, letters: Callable[[], list[Letter]], as_person: Callable[[str], Client]
) -> None:
    one = ask(visitor, website="http://spam.example")
    assert one.suspected and letters() == []
    desk = as_person("nelli")
    assert "vaihtaa alaa" not in desk.get("/desk").content.decode()
    assert "vaihtaa alaa" in desk.get("/desk?show=suspected").content.decode()
    desk.post(f"/desk/enquiries/{one.id}", {"then": "believe"})
    assert "vaihtaa alaa" in desk.get("/desk").content.decode()


def test_one_machine_does_not_flood_the_desk(visitor: Client, region: Network) -> None:
    statuses = [visitor.post("/ask", form(f"Kysymys {number}")).status_code for number in range(32)]
    assert statuses == [302] * 30 + [429] * 2


def test_the_person_writes_on_and_what_was_closed_waits_again(
    visitor: Client, region: Network, still: time_machine.Traveller, as_person: Callable[[str], Client]
) -> None:
    one = ask(visitor)
    as_person("nelli").post(f"/desk/enquiries/{one.id}", {"then": "reply_close", "text": "Aloita tästä."})
    one.refresh_from_db()
    assert one.state == "closed"
    before = one.answer_by
    still.shift(2 * 3600)
    visitor.post(f"/conversations/{one.id}", {"then": "write", "text": "Entä illalla?"})
    one.refresh_from_db()
    assert one.state == "waiting" and words(one) == [TEXT, "Aloita tästä.", "Entä illalla?"]
    assert one.answer_by == before + timedelta(hours=2)


def test_the_person_takes_it_out_and_erases_it_for_good(visitor: Client, region: Network) -> None:
    one = ask(visitor, name="Aino")
    key = one.key_id
    told = json.loads(visitor.get(f"/conversations/{one.id}/take-out").content)
    assert told["name"] == "Aino" and [said["text"] for said in told["messages"]] == [TEXT]
    assert visitor.post(f"/conversations/{one.id}", {"then": "erase"})["Location"] == "/conversations/erased"
    one.refresh_from_db()
    assert (one.state, one.locked, one.code_hash, one.key_id) == ("erased", "", None, None)
    assert not DataKey.objects.filter(id=key).exists() and not one.messages.exists()
    assert visitor.get(f"/conversations/{one.id}").status_code == 302


def test_what_is_a_year_old_is_erased_by_itself(
    visitor: Client, region: Network, still: time_machine.Traveller
) -> None:
    old = ask(visitor)
    still.shift(360 * 86_400)
    new = ask(Client())
    still.shift(6 * 86_400)
    enquiries.erase_old()
    assert Enquiry.objects.get(id=old.id).state == "erased" and words(new) == [TEXT]


def test_another_browser_gets_the_same_answer_for_a_strangers_as_for_none(visitor: Client, region: Network) -> None:
    one = ask(visitor)
    stranger = Client()
    for path in ("", "/take-out"):
        theirs = stranger.get(f"/conversations/{one.id}{path}")
        none = stranger.get(f"/conversations/{uuid4()}{path}")
        assert (theirs.status_code, theirs["Location"]) == (none.status_code, none["Location"]) == (302, "/return")
    assert stranger.post(f"/conversations/{one.id}", {"then": "erase"}).status_code == 302
    assert words(one) == [TEXT]


def test_the_person_sees_who_has_read_it(visitor: Client, region: Network, as_person: Callable[[str], Client]) -> None:
    one = ask(visitor)
    assert "Ei vielä kukaan" in visitor.get(f"/conversations/{one.id}").content.decode()
    desk = as_person("nelli")
    desk.get(f"/desk/enquiries/{one.id}")
    desk.get(f"/desk/enquiries/{one.id}")
    assert Event.objects.filter(verb="read", subject_id=str(one.id)).count() == 1
    assert "Päijät-Hämeen työ- ja elinkeinotoimisto, 9.2." in visitor.get(f"/conversations/{one.id}").content.decode()


def test_the_pages_ask_little_of_the_database(
    visitor: Client, region: Network, in_service: None, django_assert_max_num_queries: Any
) -> None:
    one = ask(visitor)
    visitor.get(f"/conversations/{one.id}")
    with django_assert_max_num_queries(8):
        visitor.get(f"/conversations/{one.id}")
    with django_assert_max_num_queries(4):
        visitor.get("/ask")
    assert Attachment.objects.count() == 0


def test_one_who_mends_an_error_in_a_second_is_no_machine(visitor: Client, region: Network) -> None:
    begun = signing.dumps(str(now().timestamp() - 60), salt="contact.begun")
    wrong = visitor.post("/ask", {"text": TEXT, "wish": "call", "phone": "", "begun": begun})
    again = re.findall(r'name="begun" value="([^"]+)"', wrong.content.decode())
    assert wrong.status_code == 422 and again == [begun]
