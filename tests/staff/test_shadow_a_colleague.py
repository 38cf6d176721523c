"""A day beside a colleague: a house opens its door, a day is asked for, agreed, held; and what was learned is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from opinovi.base.clock import today
from opinovi.base.models import Letter
from opinovi.network.models import Network, Person
from opinovi.staff.actions import shadowing
from opinovi.staff.models import ShadowDay, ShadowOffer

As = Callable[[str], Client]
Who = Callable[[str], Person]


@pytest.fixture
def door(person: Who, region: Network) -> ShadowOffer:
    begins, ends = today() + timedelta(days=2), today() + timedelta(days=30)
    return shadowing.save_offer(person("nelli"), region, None, "Aamupäivä neuvonnassa.", begins, ends, 1)


def test_from_an_open_door_to_what_was_learned(
    as_person: As, door: ShadowOffer, still: time_machine.Traveller, letters: Callable[[], list[Letter]]
) -> None:
    nelli, oona, path = as_person("nelli"), as_person("oona"), f"/desk/shadowing/{door.id}"
    assert "Aamupäivä neuvonnassa." in oona.get("/desk/shadowing").content.decode()
    day = today() + timedelta(days=5)
    for _time in range(2):
        oona.post(path, {"then": "ask", "day": f"{day}", "message": "Haluaisin nähdä puhelut."})
    one = ShadowDay.objects.get()
    assert len(letters()) == 1 and "Odottaa vastaustasi" in nelli.get("/desk/shadowing").content.decode()
    bare = nelli.post(path, {"then": "declined", "which": str(one.id)})
    assert bare.status_code == 422 and "ehdota toista" in bare.content.decode()
    nelli.post(path, {"then": "agreed", "which": str(one.id), "text": "Klo 9 aulassa."})
    assert "Klo 9 aulassa." in oona.get(path).content.decode()
    early = oona.post(path, {"then": "held", "which": str(one.id), "text": "Opin."})
    assert early.status_code == 422 and "vasta edessä" in early.content.decode()
    still.shift(timedelta(days=6))
    oona.post(path, {"then": "held", "which": str(one.id), "text": "Ensin kysytään, mitä kuuluu."})
    assert "mitä kuuluu" in as_person("ville").get("/desk/shadowing").content.decode()


def test_a_day_that_is_taken_or_shut_is_not_given(person: Who, region: Network, door: ShadowOffer) -> None:
    day = today() + timedelta(days=5)
    shadowing.ask_day(person("oona"), door, day, "")
    with pytest.raises(ValidationError, match="varattu"):
        shadowing.ask_day(person("ville"), door, day, "")
    for other in (today(), today() + timedelta(days=1), today() + timedelta(days=31)):
        with pytest.raises(ValidationError, match="tuleva päivä"):
            shadowing.ask_day(person("ville"), door, other, "")
    with pytest.raises(PermissionDenied):
        shadowing.ask_day(person("timo"), door, day, "")
    with pytest.raises(ValidationError, match="toisessa"):
        shadowing.ask_day(person("nelli"), door, day + timedelta(days=1), "")
    # A day given up is free again.
    shadowing.move(person("oona"), ShadowDay.objects.get(), "cancelled")
    shadowing.ask_day(person("ville"), door, day, "")
    shadowing.end_offer(person("nelli"), door)
    with pytest.raises(ValidationError):
        shadowing.ask_day(person("oona"), door, day + timedelta(days=1), "")


@pytest.mark.parametrize("then", ["agreed", "declined", "cancelled", "held"])
@pytest.mark.parametrize("name", ["ville", "kaisa", "oona", "nelli"])
def test_each_step_is_of_the_host_or_the_guest(name: str, then: str, person: Who, door: ShadowOffer) -> None:
    one = shadowing.ask_day(person("oona"), door, today() + timedelta(days=5), "")
    may = {"nelli": ("agreed", "declined", "cancelled"), "oona": ("cancelled",)}.get(name, ())
    if then in may:
        shadowing.move(person(name), one, then, "Sopii")
        assert ShadowDay.objects.get().state == then
    else:
        with pytest.raises(ValidationError):
            shadowing.move(person(name), one, then, "Sopii")
        assert ShadowDay.objects.get().state == "asked"


def test_others_see_neither_who_comes_nor_when(as_person: As, person: Who, door: ShadowOffer) -> None:
    shadowing.ask_day(person("oona"), door, today() + timedelta(days=5), "Puhelut kiinnostavat")
    page = as_person("ville").get(f"/desk/shadowing/{door.id}").content.decode()
    assert "Puhelut" not in page and "Oona" not in page
    assert as_person("ville").get(f"/desk/shadowing/{door.id}/edit").status_code in (403, 404)


def test_the_host_changes_and_ends_it(as_person: As, door: ShadowOffer) -> None:
    nelli = as_person("nelli")
    sent = {"text": "Iltapäivä", "begins": f"{today()}", "ends": f"{today() - timedelta(days=1)}", "most": "2"}
    assert nelli.post(f"/desk/shadowing/{door.id}/edit", sent).status_code == 422
    nelli.post(f"/desk/shadowing/{door.id}/edit", sent | {"ends": f"{today() + timedelta(days=9)}"})
    door.refresh_from_db()
    assert (door.text, door.most) == ("Iltapäivä", 2)
    nelli.post(f"/desk/shadowing/{door.id}/edit", {"then": "drop"})
    assert "Iltapäivä" not in as_person("oona").get("/desk/shadowing").content.decode()


def test_the_pages_ask_at_most_twelve(
    as_person: As, person: Who, door: ShadowOffer, in_service: None, django_assert_max_num_queries: Any
) -> None:
    for number in range(5, 25):
        shadowing.ask_day(person("oona"), door, today() + timedelta(days=number), "Hei")
    for name in ("oona", "nelli", "kaisa"):
        client = as_person(name)
        for path in ("/desk/shadowing", f"/desk/shadowing/{door.id}", "/desk/shadowing/new"):
            with django_assert_max_num_queries(12):
                assert client.get(path).status_code == 200
