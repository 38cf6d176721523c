"""One who gives an address gets a link, and the link opens after a code sent to the same address."""

import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from opinovi.base.models import Letter
from opinovi.contact.models import Enquiry
from opinovi.network.models import Network
from tests.contact.asking import TEXT, ask

ADDRESS = "aino@esimerkki.example"


@pytest.fixture
def answered(visitor: Client, region: Network, as_person: Callable[[str], Client]) -> Enquiry:
    """Asked with an address, in Swedish, and answered."""
    one = ask(visitor, wish="mail", mail=ADDRESS, language="sv")
    as_person("nelli").post(f"/desk/enquiries/{one.id}", {"then": "reply", "text": "Börja här."})
    return one


def to_person(letters: list[Letter]) -> list[Letter]:
    return [one for one in letters if one.to == ADDRESS]


def link_in(letter: Letter) -> str:
    found = re.search(r"http://[^/]+(/\S+)", letter.body)
    assert found is not None
    return found[1]


def test_the_letter_says_there_is_a_message_in_the_persons_language(
    answered: Enquiry, letters: Callable[[], list[Letter]]
) -> None:
    [letter] = to_person(letters())
    assert letter.subject == "Du har ett meddelande" and link_in(letter).startswith("/sv/conversations/open/")
    assert "Börja här" not in letter.body and "alaa" not in letter.body


def test_the_link_opens_after_a_code_and_the_code_opens_once(
    answered: Enquiry, letters: Callable[[], list[Letter]]
) -> None:
    device, link = Client(), link_in(to_person(letters())[0])
    assert TEXT not in device.get(link).content.decode()
    assert device.post(link)["Location"] == f"{link}?sent=1"
    found = re.search(r"\b\d{6}\b", to_person(letters())[-1].body)
    assert found is not None
    assert device.post(link, {"code": "000000" if found[0] != "000000" else "111111"}).status_code == 422
    response = device.post(link, {"code": found[0]})
    assert response["Location"] == f"/sv/conversations/{answered.id}"
    assert "Börja här." in device.get(response["Location"]).content.decode()
    assert Client().post(link, {"code": found[0]}).status_code == 422


def test_a_code_is_good_for_a_quarter_and_five_tries(
    answered: Enquiry, letters: Callable[[], list[Letter]], still: time_machine.Traveller
) -> None:
    device, link = Client(), link_in(to_person(letters())[0])
    device.post(link)
    code = re.search(r"\b\d{6}\b", to_person(letters())[-1].body)[0]  # type: ignore[index]
    wrong = "123456" if code != "123456" else "654321"
    for _ in range(5):
        device.post(link, {"code": wrong})
    assert device.post(link, {"code": code}).status_code == 422
    device.post(link)
    code = re.search(r"\b\d{6}\b", to_person(letters())[-1].body)[0]  # type: ignore[index]
    still.shift(16 * 60)
    assert device.post(link, {"code": code}).status_code == 422


def test_codes_are_not_sent_without_end(answered: Enquiry, letters: Callable[[], list[Letter]]) -> None:
    link = link_in(to_person(letters())[0])
    assert [Client().post(link).status_code for _ in range(8)] == [302] * 6 + [429] * 2


def test_a_forged_link_and_one_of_what_was_erased_open_nothing(
    answered: Enquiry, visitor: Client, letters: Callable[[], list[Letter]]
) -> None:
    link = link_in(to_person(letters())[0])
    assert visitor.get(link + "x").status_code == 410
    visitor.post(f"/conversations/{answered.id}", {"then": "erase"})
    assert Client().get(link).status_code == 410


def test_one_who_wants_no_more_letters_gets_none(
    answered: Enquiry, visitor: Client, letters: Callable[[], list[Letter]], as_person: Callable[[str], Client]
) -> None:
    visitor.post(f"/conversations/{answered.id}", {"then": "no-notices"})
    before = len(to_person(letters()))
    as_person("nelli").post(f"/desk/enquiries/{answered.id}", {"then": "reply", "text": "Ännu en sak."})
    assert len(to_person(letters())) == before


def test_one_who_reads_here_gets_no_letter(
    visitor: Client, region: Network, letters: Callable[[], list[Letter]], as_person: Callable[[str], Client]
) -> None:
    one = ask(visitor, mail=ADDRESS)
    as_person("nelli").post(f"/desk/enquiries/{one.id}", {"then": "reply", "text": "Aloita tästä."})
    assert to_person(letters()) == []
