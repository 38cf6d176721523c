"""A record has a date by which it is confirmed: reminders, one click in a letter, and what happens when nobody does."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from opinovi.base.clock import months_on
from opinovi.base.models import Event, Letter
from opinovi.directory.actions import freshness
from opinovi.directory.actions.upkeep import put_on
from opinovi.directory.models import ContactCard, Service
from opinovi.doors.find import OVERDUE_FACTOR, find
from opinovi.doors.need import understand
from opinovi.network.models import Network

As = Callable[[str], Client]
TODAY = date(2027, 2, 9)


@pytest.fixture
def due(career_guidance: Service, person: Any) -> Service:
    """A service of Eetu's; everything else is in time."""
    for model in freshness.Service, freshness.ServicePoint, freshness.Offering, freshness.ContactCard:
        model.objects.update(confirm_by=date(2027, 12, 1))
    Service.objects.filter(id=career_guidance.id).update(
        owner=person("eetu").places.get(), verified_on=date(2026, 8, 16)
    )
    return career_guidance


def set_due(service: Service, days: int) -> None:
    Service.objects.filter(id=service.id).update(confirm_by=TODAY + timedelta(days=days))


def links(letter: Letter) -> list[str]:
    return re.findall(r"http://[^/]+(/still-true/\S+)", letter.body)


@pytest.mark.parametrize(
    ("days", "who"),
    [
        (31, None),
        (30, "eetu"),
        (29, None),
        (7, "eetu"),
        (0, None),
        (-1, "paivi"),
        (-2, None),
        (-31, "paivi"),
        (-45, None),
    ],
)
def test_the_owner_is_reminded_30_and_7_days_before_and_the_administrator_after(
    due: Service, letters: Any, days: int, who: str | None
) -> None:
    set_due(due, days)
    freshness.send_reminders()
    assert [letter.to for letter in letters()] == ([f"{who}@example.example"] if who else [])


def test_a_reminder_is_sent_once_a_day_however_often_the_round_goes(due: Service, letters: Any) -> None:
    set_due(due, 7)
    assert (freshness.send_reminders(), freshness.send_reminders()) == (1, 0) and len(letters()) == 1


def test_who_stands_in_gets_the_letter(due: Service, letters: Any, person: Any) -> None:
    from opinovi.network.actions import set_absence

    set_due(due, 7)
    set_absence(person("eetu"), person("eetu").places.get(), TODAY, TODAY, person("ella").places.get())
    freshness.send_reminders()
    assert [letter.to for letter in letters()] == ["ella@example.example"]


def test_when_the_owner_has_left_the_administrators_get_it(due: Service, letters: Any, person: Any) -> None:
    from opinovi.network.actions import end_place

    set_due(due, 7)
    end_place(person("eetu"), person("eetu").places.get())
    freshness.send_reminders()
    assert [letter.to for letter in letters()] == ["paivi@example.example"]


def test_one_click_in_the_letter_confirms_without_signing_in(due: Service, letters: Any, visitor: Client) -> None:
    set_due(due, 7)
    freshness.send_reminders()
    letter = letters()[-1]
    assert "Eetu" not in letter.body and letter.subject == "Tieto odottaa tarkistusta"
    (link,) = links(letter)
    page = visitor.get(link)
    due.refresh_from_db()
    # A mail program that opens the link by itself changes nothing; the page's own script sends the form.
    assert page.status_code == 200 and due.verified_on == date(2026, 8, 16) and b"site/send" in page.content
    done = visitor.post(link)
    assert "Kiitos" in done.content.decode() and "9.8.2027" in done.content.decode()
    due.refresh_from_db()
    assert due.verified_on == TODAY and due.confirm_by == date(2027, 8, 9)
    assert Event.objects.filter(verb="confirm", subject_id=str(due.id)).count() == 1
    assert "9.2.2027" in visitor.get(f"/services/{due.id}").content.decode()
    visitor.post(link)
    assert Event.objects.filter(verb="confirm", subject_id=str(due.id)).count() == 1


def test_a_link_is_for_one_record_and_one_version(due: Service, letters: Any, visitor: Client) -> None:
    set_due(due, 7)
    freshness.send_reminders()
    (link,) = links(letters()[-1])
    put_on(Service.objects.get(id=due.id), {"name": {"fi": "Muutettu"}}, None, "imported")
    answer = visitor.post(link)
    assert answer.status_code == 410 and "muutettu viestin jälkeen" in answer.content.decode()


def test_a_forged_or_old_link_confirms_nothing(due: Service, letters: Any, visitor: Client, still: Any) -> None:
    other = Service.objects.exclude(id=due.id).filter(source="example").first()
    assert other is not None
    set_due(due, 7)
    freshness.send_reminders()
    (link,) = links(letters()[-1])
    token = link.rsplit("/", 1)[1]
    forged = freshness.sign_link(other, None).split(":")[0] + ":" + token.split(":", 1)[1]
    for wrong in (forged, token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "a:b:c"):
        assert visitor.post(f"/still-true/{wrong}").status_code == 410
    still.shift(timedelta(days=46))
    assert visitor.post(link).status_code == 410
    other.refresh_from_db()
    assert other.verified_on != TODAY


def test_the_link_of_one_who_left_does_not_work(due: Service, letters: Any, visitor: Client, person: Any) -> None:
    from opinovi.network.actions import end_place

    set_due(due, 7)
    freshness.send_reminders()
    end_place(person("eetu"), person("eetu").places.get())
    assert visitor.post(links(letters()[-1])[0]).status_code == 410


def test_a_contact_cards_letter_does_not_name_the_person(due: Service, letters: Any) -> None:
    ContactCard.objects.update(confirm_by=TODAY + timedelta(days=7))
    freshness.send_reminders()
    assert letters()[-1].to == "oona@example.example" and "Oona" not in letters()[-1].body + letters()[-1].subject


def test_the_owner_confirms_on_the_desk_with_one_press(due: Service, as_person: As) -> None:
    set_due(due, -3)
    client = as_person("eetu")
    page = client.get("/desk").content.decode()
    assert "myöhässä 3 pv" in page and "Onko totta: Uraohjaus aikuiselle" in page
    client.post(f"/desk/records/service/{due.id}/confirm")
    assert "Uraohjaus aikuiselle" not in client.get("/desk").content.decode()


def test_a_record_long_overdue_says_so_and_sinks(due: Service, visitor: Client, own_index: Any) -> None:
    def score() -> float:
        return next(hit.score for hit in find(understand("uraohjaus aikuiselle")).hits if hit.id == due.id)

    before = score()
    set_due(due, -91)
    own_index().build()
    own_index().checked_at = float("-inf")
    assert score() == pytest.approx(before * OVERDUE_FACTOR, rel=0.01)
    assert "Tieto on vanha" in visitor.get(f"/services/{due.id}").content.decode()
    assert "Tieto on vanha" in visitor.get("/doors?q=uraohjaus&where=Lahti").content.decode()


def test_the_coordinator_sees_freshness_by_organisation_and_no_record(
    due: Service, as_person: As, region: Network
) -> None:
    set_due(due, -120)
    page = as_person("tarja").get(f"/desk/networks/{region.id}/freshness").content.decode()
    row = re.search(r"Koulutuskeskus Salpaus</th>.*?</tr>", page, re.DOTALL)
    assert row is not None and re.findall(r"<td>(\d+)</td>", row[0])[3] == "1"
    assert "Uraohjaus aikuiselle" not in page and page.count("bar-chart") >= 20


def test_the_round_comes_again_whatever_happens(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django_tasks_db.models import DBTaskResult

    from opinovi.directory import tasks

    def fail() -> int:
        raise RuntimeError("a fault")

    monkeypatch.setattr(freshness, "send_reminders", fail)
    with pytest.raises(RuntimeError):
        tasks.daily_round.func()
    waiting = DBTaskResult.objects.filter(task_path=tasks.daily_round.module_path, status="READY")
    assert waiting.count() == 1
    tasks.begin_daily_rounds()
    assert waiting.count() == 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2027-12-15", 12, "2028-12-15"),
    ],
)
def test_months_on(day: str, months: int, expected: str) -> None:
    assert months_on(date.fromisoformat(day), months) == date.fromisoformat(expected)
