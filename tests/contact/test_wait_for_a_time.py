"""One who finds no time that fits waits, and a freed one is held for them."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from opinovi.base.models import Letter
from opinovi.contact.actions import waiting
from opinovi.contact.models import Appointment, WaitingForTime
from opinovi.directory.models import Service
from tests.contact.booking import book, form, times

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


def offers(letters: list[Letter]) -> list[Letter]:
    return [one for one in letters if one.subject == "Aika vapautui"]


def test_one_who_waits_gets_the_time_that_is_freed_and_it_is_held_for_them(
    visitor: Client, career_guidance: Service, letters: Letters
) -> None:
    address = times(visitor, career_guidance)[4]
    _one, path = book(visitor, address)
    in_line = visitor.post(f"/book/services/{career_guidance.id}", {"mail": "odottaja@b.example"})
    assert "Olet jonossa" in visitor.get(in_line["Location"]).content.decode()
    visitor.post(path, {"then": "cancel"})
    [letter] = offers(letters())
    told = letter.told()
    assert told["to"] == "odottaja@b.example"
    # Nobody else can take it now.
    assert Client().post(address, form()).status_code == 409
    offer = "/" + told["body"].split("/", 3)[3].split()[0]
    page = Client().get(offer).content.decode()
    assert "Otan ajan" in page and "Aika odottaa sinua" in page
    taken = Client().post(offer, {"then": "take"})
    assert "Aikasi on varattu" in Client().get(taken["Location"]).content.decode()
    assert Appointment.objects.filter(state="booked").count() == 1


def test_what_a_machine_fills_in_books_nothing_and_waits_for_nothing(visitor: Client, career_guidance: Service) -> None:
    machine = {"website": "https://spam.example"}
    assert visitor.post(times(visitor, career_guidance)[0], form(**machine)).status_code == 429
    line = visitor.post(f"/book/services/{career_guidance.id}", {"mail": "a@b.example", **machine})
    assert line.status_code == 429
    assert not Appointment.objects.exists() and not WaitingForTime.objects.exists()


def test_one_who_looked_for_a_phone_time_waits_for_a_phone_time(visitor: Client, career_guidance: Service) -> None:
    visitor.post(f"/book/services/{career_guidance.id}?mode=phone", {"mail": "odottaja@b.example"})
    assert WaitingForTime.objects.get().mode == "phone"


def test_an_offer_that_nobody_takes_goes_to_the_next(
    visitor: Client, career_guidance: Service, letters: Letters, still: time_machine.Traveller
) -> None:
    _one, path = book(visitor, times(visitor, career_guidance)[4])
    for mail in ("eka@b.example", "toka@b.example"):
        visitor.post(f"/book/services/{career_guidance.id}", {"mail": mail})
        still.shift(timedelta(minutes=1))
    visitor.post(path, {"then": "cancel"})
    still.shift(timedelta(hours=3))
    waiting.let_go_of_held()
    assert [one.told()["to"] for one in offers(letters())] == ["eka@b.example", "toka@b.example"]
    first, second = (f"/{one.told()['body'].split('/', 3)[3].split()[0]}" for one in offers(letters()))
    assert Client().post(first, {"then": "take"})["Location"].endswith("?gone=1")
    Client().post(second, {"then": "leave"})
    assert WaitingForTime.objects.get(state="gone").locked == ""
    # Back to the first, who is still in line.
    assert WaitingForTime.objects.get(state="offered").told()["mail"] == "eka@b.example"


def test_who_waited_too_long_is_forgotten(
    visitor: Client, career_guidance: Service, still: time_machine.Traveller
) -> None:
    visitor.post(f"/book/services/{career_guidance.id}", {"mail": "odottaja@b.example"})
    still.shift(timedelta(days=61))
    waiting.forget_old()
    assert WaitingForTime.objects.get().locked == ""
