"""The same region in every test: the example network, the 1,800 real services and their index, made once."""

import gc
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import translation

from opinovi.base.fresh import fresh
from opinovi.base.models import Letter
from opinovi.contact.example import make_contact
from opinovi.directory.codes import municipality_codes
from opinovi.directory.example import load_directory, load_upkeep
from opinovi.directory.models import Service
from opinovi.doors.counting import counter
from opinovi.doors.index import current
from opinovi.network.example import make_network, make_people
from opinovi.network.models import Network, Organisation, Person

DATA = Path(__file__).parent / "data"
# Files by how long they take, the longest first: everyone's pages, the stories, the walks of rules, many processes.
LONGEST = ("test_everyone", "stories/test_guided", "stories/test_ask", "stories/", "test_access_matrix", "test_what_each",
           "test_back_up", "test_press", "test_no_order")  # fmt: skip
# A Tuesday, when most doors are open; no holiday is near.
NOW = datetime(2027, 2, 9, 10, 30, tzinfo=ZoneInfo("Europe/Helsinki"))


# What a run holds on to is large and stays: to look through it for circles again and again is a tenth of all work.
gc.set_threshold(50_000, 50, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first, so that two workers are done at the same time. What asks no database runs once, on SQLite."""
    items.sort(key=lambda one: next((at for at, part in enumerate(LONGEST) if part in one.nodeid), len(LONGEST)))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return
    kept = [one for one in items if asks_a_database(one)]
    config.hook.pytest_deselected(items=[one for one in items if one not in set(kept)])
    items[:] = kept


def asks_a_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("both")
    return bool(names & {"db", "transactional_db"}) or marked is not None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.INDEX_DIR = tmp_path_factory.mktemp("index")
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):  # type: ignore[attr-defined]
        make_network(municipality_codes())
        load_directory()
        make_people(municipality_codes())
        load_upkeep()
        make_contact()
        call_command("import", "ptv-list", str(settings.DATA_DIR / "ptv_services.jsonl"), stdout=io.StringIO())
        current().build()
        # Opened now, with what is there for all: else the first test to search would put in its own for those after it.
        current().searcher()


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Time stands still, nothing is remembered from one test to the next, not even a page's language, and no timer
    runs on its own."""
    translation.activate(settings.LANGUAGE_CODE)
    cache.clear()
    fresh.forget()
    monkeypatch.setattr("opinovi.base.fresh.EVERY", 0.0)
    # The index that all share takes in nothing of a test's own: one that changes the directory has a copy and says when.
    monkeypatch.setattr("opinovi.doors.index.CHECK_EVERY", 1e9)
    counter.counts, counter.opened = [], set()
    counter.wake = lambda: None  # type: ignore[method-assign]
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def in_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log of Events is asked as seldom as in service, and nothing is remembered yet: for counting queries."""
    monkeypatch.setattr("opinovi.base.fresh.EVERY", 60.0)
    fresh.forget()
    # What a database can do is asked of it once in the life of a process: not by the page that comes first.
    assert connection.features.supports_json_field


@pytest.fixture
def visitor(db: None) -> Client:
    return Client()


@pytest.fixture
def region(db: None) -> Network:
    return Network.objects.get(slug="paijat-hame")


@pytest.fixture
def career_guidance(db: None) -> Service:
    """An example that has all there is: three languages, plain Finnish, two places."""
    return Service.objects.get(source="example", external_id="salpaus-uraohjaus")


@pytest.fixture
def own_index(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    """A copy of the index for a test that changes the directory."""
    shutil.copytree(settings.INDEX_DIR, tmp_path / "index")
    monkeypatch.setattr(settings, "INDEX_DIR", tmp_path / "index")
    return current


@pytest.fixture
def person(db: None) -> Callable[[str], Person]:
    """One of the example's people by the first name: oona (guide), eetu and ella (editors), paivi (administrator),
    kaisa (coordinator), veikko (network administrator), tarja (auditor), timo (employer), assi (client), ville."""
    return lambda name: Person.objects.get(email=f"{name}@example.example")


@pytest.fixture
def as_person(person: Callable[[str], Person]) -> Callable[[str], Client]:
    """A browser in which that person is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(person(name))
        return client

    return signed_in


@pytest.fixture
def salpaus(db: None) -> Organisation:
    return Organisation.objects.get(source="example", external_id="salpaus")


@pytest.fixture
def letters(db: None) -> Callable[[], list[Letter]]:
    """The letters that wait, the newest last."""
    return lambda: list(Letter.objects.filter(state="waiting").order_by("created_at", "id"))
