"""A need that is sent by a text message is answered by one, with doors and their numbers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from opinovi.base.models import Event, Letter
from opinovi.contact.sms_in import AN_HOUR, LONGEST, town_in
from opinovi.doors.counting import counter

TOKEN = {"authorization": "Bearer gateway"}


@pytest.fixture
def send(visitor: Client, settings: Any, own_index: Callable[[], object]) -> Callable[..., Any]:
    own_index()
    settings.SMS_IN_TOKEN = "gateway"

    def sent(text: str, sender: str = "040 555 1234", **more: str) -> Any:
        told = {"from": sender, "text": text, **more}
        return visitor.post("/-/sms", told, content_type="application/json", headers=TOKEN)

    return sent


def answers() -> list[Letter]:
    return list(Letter.objects.filter(kind=Letter.Kind.SMS).order_by("created_at", "id"))


def test_a_need_gets_doors_with_numbers_in_its_own_language(send: Callable[..., Any]) -> None:
    assert send("haluun vaihtaa alaa, asun Lahti").status_code == 204
    [one] = answers()
    assert one.to == "+358405551234" and len(one.body) <= LONGEST
    lines = one.body.split("\n")
    assert any("03 100" in line for line in lines) and lines[-1].startswith("Ihminen neuvoo: 03 100 1000")
    send("jag vill byta yrke Heinola", id="2")
    assert "Människa" in answers()[-1].body or "människa" in answers()[-1].body
    send("I want to learn Finnish in Hartola", id="3")
    assert "person" in answers()[-1].body.lower()


def test_nothing_that_was_written_nor_the_number_is_kept(send: Callable[..., Any]) -> None:
    send("salaisuuteni on xyzzy ja haluan töihin")
    counted = counter.counts[-1]
    assert counted.topics is not None and "xyzzy" not in str(vars(counted))
    assert not any("xyzzy" in str(one.data) or "405551234" in str(vars(one)) for one in Event.objects.all())
    [one] = answers()
    assert "405551234" not in one.sealed + one.key + one.subject and "xyzzy" not in one.body


def test_one_in_danger_is_told_first_where_help_is(send: Callable[..., Any]) -> None:
    send("en jaksa enää elää")
    assert "09 2525 0111" in answers()[0].body.split("\n")[0] or "112" in answers()[0].body.split("\n")[0]


def test_a_message_brought_twice_is_answered_once_and_a_flood_is_not(send: Callable[..., Any]) -> None:
    send("haluan töihin", id="same")
    send("haluan töihin", id="same")
    assert len(answers()) == 1
    for number in range(AN_HOUR + 5):
        send("haluan töihin", id=str(number))
    assert len(answers()) <= AN_HOUR
    send("haluan töihin", sender="050 555 9999", id="another")
    assert answers()[-1].to == "+358505559999"


@pytest.mark.parametrize(
    ("told", "status"), [({"text": "x"}, 422), ({"from": "ei numero", "text": "x"}, 422), ({"from": "0405551234"}, 204)]
)
def test_what_the_gateway_may_bring_and_who_it_is(
    visitor: Client, settings: Any, told: dict[str, str], status: int
) -> None:
    assert visitor.post("/-/sms", told).status_code == 404
    settings.SMS_IN_TOKEN = "gateway"
    assert visitor.post("/-/sms", told, headers={"authorization": "Bearer guess"}).status_code == 404
    assert visitor.post("/-/sms", told, headers=TOKEN).status_code == status
    assert visitor.post("/-/sms", "{", content_type="application/json", headers=TOKEN).status_code == 422
    assert answers() == []


@pytest.mark.parametrize(("text", "town"), [("töitä Lahti", "Lahti"), ("suomea 18100.", "18100"), ("apua", "")])
def test_the_place_in_a_message_is_found(text: str, town: str) -> None:
    assert town_in(text) == town
