"""A coordinator keeps the sources of the network; an administrator, the keys by which other systems book."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from opinovi.base.clock import now, today
from opinovi.base.models import Event
from opinovi.contact.models import Appointment, TimeRule
from opinovi.directory.models import Service
from opinovi.interchange.actions import feeds, keys
from opinovi.interchange.models import ApiKey, Feed, Run, RunState
from opinovi.interchange.tasks import run_source
from opinovi.network.models import Network, Organisation, Person
from tests.interchange.serving import Catalogue, served, small_catalogue


@pytest.fixture
def source(settings: Any, tmp_path: Any) -> Iterator[tuple[Catalogue, str]]:
    made = small_catalogue(3)
    with served(made.respond) as where:
        settings.FETCH_ALLOWED, settings.OPINOVI_HOME = [where], tmp_path
        yield made, f"http://{where}/api/v11"


@pytest.fixture
def kaisa(as_person: Callable[[str], Client]) -> Client:
    return as_person("kaisa")


def test_a_coordinator_adds_a_source_tries_it_and_lets_it_in(
    kaisa: Client, region: Network, source: tuple[Catalogue, str]
) -> None:
    _made, address = source
    page = f"/desk/networks/{region.id}/sources"
    assert kaisa.get(page).status_code == 200
    wrong = kaisa.post(page, {"name": "", "format": "ptv", "address": "ftp://x", "rhythm": "daily"})
    assert wrong.status_code == 422 and "ftp://x" in wrong.content.decode()
    added = kaisa.post(page, {"name": "Palvelut", "format": "ptv", "address": address, "rhythm": "daily"})
    feed = Feed.objects.get(name="Palvelut")
    assert added["Location"] == f"/desk/sources/{feed.id}?new=1" and feed.next_at == now() + timedelta(days=1)
    tried = kaisa.post(f"/desk/sources/{feed.id}", {"then": "try"})
    run = Run.objects.get(feed=feed)
    assert (
        tried["Location"] == f"/desk/sources/runs/{run.id}"
        and "käynnissä" in kaisa.get(tried["Location"]).content.decode()
    )
    assert run_source.call(str(run.id)) == RunState.READY
    shown = kaisa.get(tried["Location"]).content.decode()
    assert "odottaa päätöstä" in shown and "Opintojen ohjaus 0" in shown
    assert tried["Location"] in kaisa.get("/desk").content.decode()
    assert not Service.objects.filter(name__fi="Opintojen ohjaus 0").exists()
    kaisa.post(tried["Location"], {"then": "let-in"})
    assert run_source.call(str(run.id)) == RunState.APPLIED
    assert Service.objects.filter(name__fi="Opintojen ohjaus 0").exists()
    again = kaisa.post(tried["Location"], {"then": "drop"})
    assert again.status_code == 409
    assert tried["Location"] not in kaisa.get("/desk").content.decode()
    verbs = list(Event.objects.filter(subject_type="feed").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["add", "ask", "make_ready", "let_in", "take_in"]
    assert "otettu sisään" in kaisa.get(page).content.decode()
    kaisa.post(f"/desk/sources/{feed.id}", {"then": "end"})
    assert feeds.ask_those_due() == [] and Feed.objects.get(id=feed.id).ended_at


def test_a_source_is_asked_when_its_time_comes_and_by_one_worker_alone(
    region: Network, source: tuple[Catalogue, str], still: Any
) -> None:
    feed = Feed.objects.create(network=region, name="L", format="ptv", address=source[1], next_at=now())
    [run] = feeds.ask_those_due()
    assert feeds.ask_those_due() == [] and feeds.lost_runs() == [run.id]
    assert feeds.take_up(run.id) is not None
    assert feeds.take_up(run.id) is None and feeds.lost_runs() == []
    still.shift(timedelta(minutes=6))
    # Its worker has been silent: another takes it up.
    assert feeds.lost_runs() == [run.id] and run_source.call(str(run.id)) == RunState.APPLIED
    assert run_source.call(str(run.id)) == ""
    still.shift(timedelta(days=1))
    [second] = feeds.ask_those_due()
    assert not second.whole and run_source.call(str(second.id)) == RunState.UNCHANGED
    still.shift(timedelta(days=7))
    assert [one.whole for one in feeds.ask_those_due()] == [True]
    still.shift(timedelta(days=100))
    feeds.forget_old()
    assert Run.objects.filter(feed=feed).count() == 1


# Keys


@pytest.fixture
def house(db: None) -> Organisation:
    return Service.objects.get(source="example", external_id="salpaus-uraohjaus").organisation  # type: ignore[return-value]


@pytest.fixture
def administrator(person: Callable[[str], Person]) -> Person:
    return person("paivi")


def test_an_administrator_makes_a_key_which_is_shown_once_and_ends_it(
    administrator: Person, house: Organisation
) -> None:
    client = Client()
    client.force_login(administrator)
    told = {"organisation": str(house.id), "name": "Omat sivut", "scopes": ["book"], "ends_on": str(today())}
    page = client.post("/desk/keys", told).content.decode()
    one = ApiKey.objects.get(name="Omat sivut")
    text = page.split('<code class="code">')[1].split("<")[0]
    assert text.startswith(one.begins) and keys.hash_of(text) == one.hash
    assert text not in client.get("/desk/keys").content.decode()
    assert text not in str(list(Event.objects.values_list("data", flat=True)))
    late = client.post("/desk/keys", told | {"ends_on": str(today() + timedelta(days=400))})
    assert late.status_code == 422 and "enintään vuoden" in late.content.decode()
    client.post(f"/desk/keys/{one.id}/end")
    assert ApiKey.objects.get(id=one.id).ended_at is not None


@pytest.fixture
def key(administrator: Person, house: Organisation) -> str:
    return keys.make_key(administrator, house, "Omat sivut", ["book"], today() + timedelta(days=30))[1]


def book(key: str, **told: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Client().post("/api/bookings", told, content_type="application/json", headers=headers)


@pytest.fixture
def free(db: None) -> tuple[TimeRule, dict[str, Any]]:
    rule = TimeRule.objects.filter(by_code=False, service__isnull=False).order_by("id")[0]
    told = Client().get(f"/api/services/{rule.service_id}/times").json()["times"]
    one = next(row for row in told if row["rule"] == str(rule.id))
    return rule, {"rule": one["rule"], "begins": one["begins"], "mode": one["modes"][0], "mail": "anna@esimerkki.example",
                  "phone": "040 123 4567", "once": str(uuid4())}  # fmt: skip


def test_a_partners_site_books_a_time_by_its_key(key: str, free: tuple[TimeRule, dict[str, Any]]) -> None:
    _rule, told = free
    made = book(key, **told)
    assert made.status_code == 201, made.content
    assert made.json()["begins"] == told["begins"] and "token" not in made.content.decode()
    assert Appointment.objects.filter(once=told["once"]).count() == 1
    assert book(key, **told).status_code == 201 and Appointment.objects.filter(once=told["once"]).count() == 1
    taken = Appointment.objects.get(once=told["once"])
    assert taken.told()["mail"] == "anna@esimerkki.example"
    assert ApiKey.objects.get().used_on == today()


def test_a_booking_that_does_not_hold_together_says_why(key: str, free: tuple[TimeRule, dict[str, Any]]) -> None:
    _rule, told = free
    nobody = book(key, **(told | {"mail": "", "phone": ""}))
    assert nobody.status_code == 422 and nobody.json()["errors"][0]["where"] == "phone"
    gone = book(key, **(told | {"begins": "2027-02-09T03:00:00+02:00"}))
    assert gone.status_code == 409
    assert book(key, **(told | {"rule": str(uuid4())})).status_code == 404
    assert book(key, **(told | {"mode": "dance"})).status_code == 400
    assert Client().post("/api/bookings", "{", content_type="application/json").status_code == 400
    assert not Appointment.objects.filter(once=told["once"]).exists()


@pytest.mark.parametrize("how", ["none", "wrong", "ended", "over", "scope"])
def test_without_a_key_that_may_nothing_is_booked(
    key: str, free: tuple[TimeRule, dict[str, Any]], how: str, administrator: Person, still: Any
) -> None:
    one = ApiKey.objects.get()
    if how == "ended":
        keys.end_key(administrator, one)
    if how == "over":
        ApiKey.objects.update(ends_on=today() - timedelta(days=1))
    if how == "scope":
        ApiKey.objects.update(scopes=[])
    made = book({"none": "", "wrong": "oo_wrong"}.get(how, key), **free[1])
    assert made.status_code == (403 if how == "scope" else 401) and made["Content-Type"] == "application/problem+json"
    assert not Appointment.objects.filter(once=free[1]["once"]).exists()


def test_doors_are_given_with_reasons(db: None) -> None:
    told = Client().get("/api/doors", {"q": "haluan uuden ammatin", "where": "Lahti"}).json()
    assert told["total"] > 0 and told["good_enough"] and told["understood"]["where"] == "Lahti"
    assert all(one["reason"] and one["page"].startswith("http") for one in told["doors"])
    english = Client().get("/api/doors", {"q": "I want a new profession", "language": "en"}).json()
    assert english["doors"] and english["understood"]["language"] == "en"
    masked = Client().get("/api/doors", {"q": "opinnot 010190-123A"})
    assert "010190-123A" not in masked.content.decode()
    assert Client().get("/api/doors", {"q": "   "}).status_code == 422


def test_an_answer_with_addresses_is_of_the_site_that_it_was_asked_at(db: None) -> None:
    """What is remembered for one door is not told at another."""
    for host in ("localhost", "127.0.0.1"):
        told = Client(SERVER_NAME=host).get("/api/doors", {"q": "haluan uuden ammatin"}).json()
        assert told["doors"][0]["page"].startswith(f"http://{host}/")


def test_the_page_for_developers_tells_each_operation_and_lets_one_try(visitor: Client) -> None:
    for before in ("", "/sv", "/en"):
        page = visitor.get(f"{before}/developers").content.decode()
        assert page.count('<details class="card"') == 19 and 'value="/api/services"' in page
    tried = visitor.get("/developers/try", {"to": "/api/services", "page": "2", "search": " ", "full": "false"})
    assert tried["Location"] == "/api/services?page=2&full=false" and visitor.get(tried["Location"]).status_code == 200
    for elsewhere in ("https://evil.example/", "//evil.example", "/api/services/{service_id}", ""):
        assert visitor.get("/developers/try", {"to": elsewhere})["Location"] == "/developers"
    assert "/developers" in visitor.get("/about").content.decode()
