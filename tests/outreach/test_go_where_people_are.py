"""Outreach: planned, gone to with a code, written down once however often it is sent, and seen what came of it."""

import json
import random
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.clock import now
from opinovi.contact.models import Appointment, Enquiry
from opinovi.network.models import Network, Organisation, Person
from opinovi.outreach import actions
from opinovi.outreach.models import Arrival, FieldNote, Met, OutreachAction, OutreachPlan
from opinovi.outreach.queries import met_by_group, shown_steps, steps_of
from tests.contact.asking import form as question_form

As = Callable[[str], Client]
Who = Callable[[str], Person]


@pytest.fixture
def plan(person: Who, region: Network) -> OutreachPlan:
    house = person("ville").places.get().organisation
    return actions.save_plan(
        person("ville"), region, house, None, name="Kyläkauppa", group="older", place="shop", where="Sysmä",
        municipality="781", topic="digital-skills", language="fi", why="", material="", service=None,
    )  # fmt: skip


@pytest.fixture
def outing(person: Who, plan: OutreachPlan) -> OutreachAction:
    return actions.save_action(person("ville"), plan, None, date(2027, 2, 9), time(10), time(14), [])


def sending(*notes: dict[str, Any], sent: Any = 1_000_000) -> dict[str, Any]:
    return {"sent": sent, "notes": list(notes)}


def note(**told: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "revision": 1,
        "text": "Kysyttiin netistä",
        "met": {"older": 3},
        "written": 400_000,
    } | told


def send(client: Client, outing: OutreachAction, told: Any) -> Any:
    return client.post(f"/desk/outreach/{outing.id}/notes", json.dumps(told), content_type="application/json")


def test_a_plan_gets_times_and_each_a_code_of_its_own(as_person: As, plan: OutreachPlan) -> None:
    ville = as_person("ville")
    sent = {"day": "2027-03-01", "begins": "10:00", "ends": "09:00"}
    assert ville.post(f"/desk/outreach/plans/{plan.id}/new", sent).status_code == 422
    for day in ("2027-03-01", "2027-03-08"):
        ville.post(f"/desk/outreach/plans/{plan.id}/new", sent | {"day": day, "ends": "14:00"})
    first, second = OutreachAction.objects.all()
    assert first.code != second.code
    page = ville.get(f"/desk/outreach/{first.id}").content.decode()
    assert f"/o/{first.code}" in page and "<svg" in page
    assert "Tulosta" in ville.get(f"/desk/outreach/{first.id}/poster").content.decode()
    assert ville.get(f"/desk/outreach/{first.id}/cards").content.decode().count("<svg") >= 8
    # Others of the network see the plan and its figures, not the notes.
    assert as_person("nelli").get(f"/desk/outreach/plans/{plan.id}").status_code == 200
    assert as_person("nelli").get(f"/desk/outreach/{first.id}").status_code == 404


def test_a_code_opens_the_door_that_suits_in_its_language(
    visitor: Client, outing: OutreachAction, career_guidance: Any
) -> None:
    answer = visitor.get(f"/o/{outing.code.upper()}")
    assert answer.headers["Location"].startswith("/doors?q=") and "Sysm" in answer.headers["Location"]
    outing.plan.language, outing.plan.service = "en", career_guidance
    outing.plan.save()
    assert visitor.get(f"/o/{outing.code}").headers["Location"] == f"/en/services/{career_guidance.id}"
    assert steps_of([outing])["opened"] == 2
    assert visitor.get("/o/ei-ole").headers["Location"] == "/"


def test_what_came_of_it_is_counted_by_steps_and_not_told_of_few(
    as_person: As, outing: OutreachAction, plan: OutreachPlan
) -> None:
    for number in range(6):
        phone = Client()
        phone.get(f"/o/{outing.code}")
        if number < 5:
            phone.post("/ask", question_form(text=f"Mistä saan digiapua {number}?"), follow=True)
    assert Enquiry.objects.filter(id__in=Arrival.objects.values("subject_id")).count() == 5
    Client().post("/ask", question_form(text="Tulin muuten vain"), follow=True)
    steps = steps_of([OutreachAction.objects.get()])
    assert steps == {"opened": 6, "asked": 5, "booked": 0, "begun": 0}
    page = as_person("nelli").get(f"/desk/outreach/plans/{plan.id}").content.decode()
    assert "avasi koodin" in page
    few = {row["step"]: row["count"] for row in shown_steps({"opened": 3, "asked": 4, "booked": 0, "begun": 5})}
    assert few == {"opened": 3, "asked": None, "booked": 0, "begun": 5}
    assert Appointment.objects.filter(id__in=Arrival.objects.values("subject_id")).count() == 0


def test_a_note_is_kept_once_however_often_it_is_sent(as_person: As, outing: OutreachAction) -> None:
    ville, one = as_person("ville"), note()
    for _ in range(3):
        answer = send(ville, outing, sending(one))
        assert answer.json() == {"kept": {one["id"]: 1}, "refused": {}}
    assert FieldNote.objects.count() == 1 and Met.objects.get().count == 3
    # Put right on the phone, the two arriving in the wrong order.
    send(ville, outing, sending(one | {"revision": 3, "met": {"older": 4}}))
    send(ville, outing, sending(one | {"revision": 2, "met": {"older": 9}}))
    assert Met.objects.get().count == 4 and FieldNote.objects.get().revision == 3


def test_two_phones_and_any_order_lose_and_double_nothing(as_person: As, outing: OutreachAction) -> None:
    dice, ville = random.Random(5), as_person("ville")
    notes = [note(text=f"Muistiinpano {number}", met={"older": number + 1}) for number in range(8)]
    parts = [dice.sample(notes, dice.randint(1, 8)) for _ in range(12)] + [notes]
    for part in parts:
        assert send(ville, outing, sending(*part)).status_code == 200
    assert FieldNote.objects.count() == 8 and sum(Met.objects.values_list("count", flat=True)) == 36


@pytest.mark.parametrize(
    ("written", "sent", "minutes"),
    [
        (0, 600_000, 10),
        # The clock was wrong by years, the same at both ends.
        (-1_000_000_000_000, -1_000_000_000_000 + 600_000, 10),
        # Set back in between, or sent nonsense: it came now.
        (600_000, 0, 0),
        ("x", None, 0),
        (float("1e300"), 0, 0),
        (0, 1e15, 60 * 24 * 60),
    ],
)
def test_a_wrong_clock_does_not_move_a_note_into_the_future(
    as_person: As, outing: OutreachAction, written: Any, sent: Any, minutes: int
) -> None:
    send(as_person("ville"), outing, sending(note(written=written), sent=sent))
    assert FieldNote.objects.get().written_at == now() - timedelta(minutes=minutes)


@given(
    st.one_of(st.none(), st.text(), st.integers(), st.floats(allow_nan=True)),
    st.one_of(st.none(), st.integers(), st.floats(allow_nan=True)),
)
def test_how_long_a_note_lay_is_never_less_than_nothing(written: Any, sent: Any) -> None:
    assert actions.lain_of(written, sent) >= timedelta()


@pytest.mark.parametrize(
    "told", ["", "[]", "{}", '{"notes": 1}', '{"notes": ["x"]}', "\x00", '{"notes": [{}], "sent": 1}']
)
def test_a_sending_that_makes_no_sense_gets_a_clear_answer(as_person: As, outing: OutreachAction, told: str) -> None:
    answer = as_person("ville").post(f"/desk/outreach/{outing.id}/notes", told, content_type="application/json")
    assert answer.status_code == (200 if told.endswith('"sent": 1}') else 400) and FieldNote.objects.count() == 0
    assert answer.status_code == 200 or answer.headers["Content-Type"] == "application/problem+json"


def test_what_is_no_note_is_refused_and_what_tells_who_is_masked(as_person: As, outing: OutreachAction) -> None:
    ville, empty = as_person("ville"), note(text="", met={})
    assert send(ville, outing, sending(empty)).json()["refused"].keys() == {empty["id"]}
    strange = note(met={"older": -1, "unknown": 5, "young": True, "at_home": 5000}, text="Soita 010190-123A")
    send(ville, outing, sending(strange))
    kept = FieldNote.objects.get()
    assert kept.key is not None and "010190" not in kept.key.unlock(kept.locked) and Met.objects.count() == 0


def test_a_note_is_its_writers_alone(person: Who, as_person: As, outing: OutreachAction) -> None:
    one = note()
    send(as_person("ville"), outing, sending(one))
    with pytest.raises(ValidationError):
        actions.keep_note(person("kaisa"), outing, actions.Told(FieldNote.objects.get().id, 9, "Minun"))
    assert send(as_person("nelli"), outing, sending(note())).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.keep_note(person("nelli"), outing, actions.Told(uuid4(), 1, "Hei"))
    assert Client().get(f"/desk/outreach/{outing.id}/token").status_code == 302
    actions.forget_note(person("ville"), FieldNote.objects.get())
    assert FieldNote.objects.count() == 0


def test_without_a_script_the_form_keeps_a_note(as_person: As, outing: OutreachAction) -> None:
    ville = as_person("ville")
    page = ville.get(f"/desk/outreach/{outing.id}/field").content.decode()
    assert page.count("<h1") == 1
    assert ville.post(f"/desk/outreach/{outing.id}/field", {"text": ""}).status_code == 422
    sent = {"text": "Kymmenen kahvilla", "met-older": "10", "id": str(uuid4())}
    ville.post(f"/desk/outreach/{outing.id}/field", sent)
    ville.post(f"/desk/outreach/{outing.id}/field", sent)
    assert FieldNote.objects.count() == 1 and Met.objects.get().count == 10


def test_whom_one_met_is_shown_by_group_and_not_of_few(person: Who, plan: OutreachPlan, outing: OutreachAction) -> None:
    for met in ({"older": 12, "young": 2}, {"at_home": 8}):
        actions.keep_note(person("ville"), outing, actions.Told(uuid4(), 1, "", met))
    counts, total = met_by_group([plan.id])
    assert counts == {"at_home": None, "older": 10, "young": None} and total == 20


def test_a_page_of_outreach_asks_little(
    as_person: As, plan: OutreachPlan, outing: OutreachAction, person: Who, in_service: None,
    django_assert_max_num_queries: Any, salpaus: Organisation,
) -> None:  # fmt: skip
    for number in range(30):
        actions.keep_note(person("ville"), outing, actions.Told(uuid4(), 1, f"M {number}", {"older": 5}))
    ville = as_person("ville")
    for path in ("/desk/outreach", "/desk/outreach/plans/new", f"/desk/outreach/plans/{plan.id}",
                 f"/desk/outreach/plans/{plan.id}/edit", f"/desk/outreach/{outing.id}", f"/desk/outreach/{outing.id}/field",
                 f"/o/{outing.code}"):  # fmt: skip
        with django_assert_max_num_queries(12):
            assert ville.get(path).status_code in (200, 302), path


def test_the_script_that_keeps_pages_is_a_script(visitor: Client) -> None:
    answer = visitor.get("/desk/outreach/worker.js")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/javascript")
    assert "startsWith('/static/')" in answer.content.decode()
