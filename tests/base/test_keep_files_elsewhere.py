"""Files lie in a store that speaks S3, where an installation says so: sealed, one key each, forgotten with their rows.

The store is a real server on loopback."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import obstore
import pytest
import requests
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from moto.server import ThreadedMotoServer

from opinovi.base import storage
from opinovi.base.clock import now
from opinovi.contact.actions.desk import merge
from opinovi.contact.models import Attachment
from opinovi.directory.actions import bulk
from opinovi.directory.models import BulkLoad
from opinovi.directory.sheet import write_xlsx
from opinovi.network.models import Network, Person
from opinovi.projects.actions import entering
from opinovi.projects.actions.claiming import make_files
from opinovi.projects.models import Claim
from tests.contact.asking import ask, form
from tests.projects.spending import a_cost, a_period, a_project

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% PULSARIKUITTI\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    one = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    one.start()
    _host, port = one.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    one.stop()


@pytest.fixture
def store(server: str, settings: Any) -> Any:
    """The installation keeps its files there, in an empty folder of its own."""
    requests.put(f"{server}/ovi", timeout=10)
    settings.FILES, settings.FILES_ENDPOINT = "s3://ovi/tiedostot", server
    settings.FILES_KEY, settings.FILES_REGION = "nimi:salaisuus", "eu-north-1"
    for part in obstore.list(storage.store()):
        obstore.delete(storage.store(), [one["path"] for one in part])
    return storage.store()


def names(store: Any) -> list[str]:
    return [one["path"] for part in obstore.list(store) for one in part]


def sent(visitor: Client) -> tuple[Any, Attachment]:
    one = ask(visitor, attachments=SimpleUploadedFile("kuitti.pdf", PDF))
    return one, Attachment.objects.get(enquiry=one)


def test_a_file_of_a_question_lies_there_sealed_and_is_read_as_ever(
    visitor: Client, region: Network, as_person: Callable[[str], Client], store: Any
) -> None:
    one, file = sent(visitor)
    [name] = names(store)
    assert storage.name_in(file.content) == name and len(bytes(file.content)) < 150
    assert file.size == len(PDF)
    lying = bytes(obstore.get(store, name).bytes())
    assert b"PULSARIKUITTI" not in lying and b"%PDF" not in lying and len(lying) > len(PDF)
    assert visitor.get(f"/conversations/{one.id}/files/{file.id}").content == PDF
    assert as_person("nelli").get(f"/desk/files/{file.id}").content == PDF
    # The key that the row holds is locked with the conversation's own: a copy of the row alone opens nothing.
    with pytest.raises(storage.Away):
        storage.fetch(file.content)
    # A key opens one file, not another's.
    mine, other = storage.keep(b"oma"), storage.keep(b"toinen")
    assert storage.fetch(mine) == b"oma"
    with pytest.raises(storage.Away):
        storage.fetch(other[: storage.HEAD] + mine[storage.HEAD :])


def test_two_questions_of_one_person_are_joined_with_their_files(
    visitor: Client, region: Network, person: Callable[[str], Person], store: Any
) -> None:
    first, file = sent(visitor)
    second = ask(Client(), "Toinen kysymys samasta asiasta.")
    merge(person("nelli"), first, second)
    file.refresh_from_db()
    second.refresh_from_db()
    assert second.key is not None
    assert (
        file.enquiry_id == second.id and storage.fetch(storage.unlocked(file.content, second.key.unlock_bytes)) == PDF
    )


def test_spreadsheets_lie_there_too(as_person: Callable[[str], Client], salpaus: Any, store: Any) -> None:
    content = write_xlsx(list(bulk.sheet_of(salpaus)))
    answer = as_person("eetu").post(
        f"/desk/organisations/{salpaus.id}/sheets", {"file": SimpleUploadedFile("palvelut.xlsx", content)}
    )
    load = BulkLoad.objects.get(id=answer.headers["Location"].rsplit("/", 1)[1])
    assert storage.name_in(load.content) in names(store)
    bulk.read(load.id)
    load.refresh_from_db()
    assert load.state == "ready" and load.errors == []


def test_the_files_of_a_claim_lie_there_too_and_move(
    as_person: Callable[[str], Client], person: Callable[[str], Person], region: Network, salpaus: Any, store: Any
) -> None:
    kaisa, by = as_person("kaisa"), person("kaisa")
    project = a_project(by, region, [salpaus, person("nelli").places.get().organisation])
    period = a_period(by, project)
    entering.confirm(by, [a_cost(person("oona"), project, salpaus, 33_333)])
    kaisa.post(f"/desk/periods/{period.id}/claim")
    claim = Claim.objects.get()
    make_files.call(str(claim.id), "fi")
    claim.refresh_from_db()
    assert {storage.name_in(claim.sheet), storage.name_in(claim.paper)} == set(names(store))
    shown = kaisa.get(f"/desk/claims/{claim.id}.xlsx").content
    assert shown.startswith(b"PK") and shown == storage.fetch(claim.sheet)
    # What was closed for good may lie elsewhere, but says the same.
    assert storage.move(out=False) == 2 and storage.named() == set()
    assert kaisa.get(f"/desk/claims/{claim.id}.xlsx").content == shown
    assert kaisa.get(f"/desk/claims/{claim.id}.pdf").content.startswith(b"%PDF")


def test_what_no_row_names_goes_after_a_day(visitor: Client, region: Network, store: Any) -> None:
    one, file = sent(visitor)
    kept, stray = storage.name_in(file.content), storage.name_in(storage.keep(b"kukaan ei tunne"))
    assert storage.tidy() == 0
    with time_machine.travel(now() + timedelta(days=800), tick=False):
        assert storage.tidy() == 1
    assert names(store) == [kept] and stray not in names(store)
    # Who erases the conversation has forgotten the file at once: its key is gone. What lies there goes later.
    visitor.post(f"/conversations/{one.id}", {"then": "erase"})
    assert not Attachment.objects.filter(id=file.id).exists() and storage.named() == set()
    with time_machine.travel(now() + timedelta(days=800), tick=False):
        storage.tidy_daily()
    assert names(store) == []


def test_while_the_store_is_away_words_are_sent_and_nothing_is_lost(
    visitor: Client, region: Network, store: Any, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    one, file = sent(visitor)
    settings.FILES_ENDPOINT = "http://127.0.0.1:9"
    with_file = form("Tässä kuitti.", attachments=SimpleUploadedFile("kuitti.pdf", PDF))
    refused = visitor.post("/ask", with_file)
    page = refused.content.decode()
    assert refused.status_code == 422 and "Tiedostot eivät nyt toimi" in page and "Tässä kuitti." in page
    assert ask(visitor, "Ilman tiedostoa.")
    visitor.raise_request_exception = False
    answer = visitor.get(f"/conversations/{one.id}/files/{file.id}")
    assert answer.status_code == 503 and answer["Retry-After"]
    assert "Keskustelu" in visitor.get(f"/conversations/{one.id}").content.decode()
    with pytest.raises(CommandError, match="does not answer"):
        call_command("files", "check")


def test_all_files_move_there_and_back(visitor: Client, region: Network, store: Any, settings: Any) -> None:
    there, settings.FILES = settings.FILES, ""
    one, file = sent(visitor)
    assert bytes(file.content)[:1] and not storage.name_in(file.content)
    with pytest.raises(CommandError, match="lie in the database"):
        call_command("files", "out")
    settings.FILES = there
    out = io.StringIO()
    call_command("files", "out", stdout=out)
    call_command("files", "check", stdout=out)
    file.refresh_from_db()
    assert storage.name_in(file.content) in names(store) and re.search(r"All \d+ files are there", out.getvalue())
    assert visitor.get(f"/conversations/{one.id}/files/{file.id}").content == PDF
    # Again moves nothing.
    assert storage.move(out=True) == 0
    call_command("files", "in", stdout=out)
    file.refresh_from_db()
    assert not storage.name_in(file.content) and storage.named() == set()
    assert visitor.get(f"/conversations/{one.id}/files/{file.id}").content == PDF


def test_nothing_waits_for_the_store_within_a_transaction(
    visitor: Client, region: Network, as_person: Callable[[str], Client], salpaus: Any, store: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Where the store is slow, others write all the same: SQLite has one writer at a time."""
    depth, outermost = [], len(connection.savepoint_ids)
    put, get = obstore.put, obstore.get
    monkeypatch.setattr(obstore, "put", lambda *told: (depth.append(len(connection.savepoint_ids)), put(*told))[1])
    monkeypatch.setattr(obstore, "get", lambda *told: (depth.append(len(connection.savepoint_ids)), get(*told))[1])
    one, file = sent(visitor)
    as_person("nelli").post(
        f"/desk/enquiries/{one.id}",
        {"then": "reply", "text": "Tässä.", "attachments": SimpleUploadedFile("lomake.pdf", PDF)},
    )
    sheet = SimpleUploadedFile("palvelut.xlsx", write_xlsx(list(bulk.sheet_of(salpaus))))
    as_person("eetu").post(f"/desk/organisations/{salpaus.id}/sheets", {"file": sheet})
    visitor.get(f"/conversations/{one.id}/files/{file.id}")
    storage.move(out=False)
    assert len(depth) == 7 and set(depth) == {outermost}


def test_a_file_that_is_gone_is_told_of(visitor: Client, region: Network, store: Any) -> None:
    _one, file = sent(visitor)
    obstore.delete(store, storage.name_in(file.content))
    with pytest.raises(CommandError, match="1 files are not in the store"):
        call_command("files", "check")


@pytest.mark.parametrize(("url", "key"), [("ovi", "a:b"), ("s3://", "a:b"), ("s3://ovi", ""), ("http://ovi", "a:b")])
def test_a_setting_that_is_not_understood_says_how_it_is_written(settings: Any, url: str, key: str) -> None:
    settings.FILES, settings.FILES_KEY = url, key
    with pytest.raises(ImproperlyConfigured, match="s3://BUCKET"):
        storage.store()
