"""Who runs an installation is told what is wrong and what to do, and reads how it does in numbers."""

import json
import logging
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from opinovi.base.backup import LAST
from opinovi.base.clock import now
from opinovi.base.models import DataKey, Letter
from opinovi.interchange.models import Feed, Hook, Run
from opinovi.network.models import Network, Organisation
from opinovi.site import doctor, metrics
from opinovi.site.doctor import Finding, examine

Disk = namedtuple("Disk", ["total", "used", "free"])


@pytest.fixture
def home(settings: Any, tmp_path: Path, db: None) -> Path:
    settings.OPINOVI_HOME = tmp_path
    return tmp_path


def told(how: str) -> str:
    return "\n".join(f"{one.what} {one.do}" for one in examine() if one.how == how)


def test_where_all_is_well_the_doctor_says_so(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / LAST).write_text(now().isoformat())
    # Time stands still here, and not in a database that has a clock of its own: which is told of.
    off = [one for one in examine() if "clock" in one.what]
    assert bool(off) == (connection.vendor == "postgresql") and all(one.how == "wrong" for one in off)
    monkeypatch.setattr(doctor, "MOST_OFF", 1e12)
    call_command("doctor")
    shown = capsys.readouterr().out
    assert "WRONG" not in shown and "The database answers" in shown and "The search index is there" in shown
    assert all(one.do or one.how == "well" for one in examine())


def test_what_is_wrong_is_told_with_what_to_do(
    home: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, region: Network, salpaus: Organisation
) -> None:
    Letter.objects.create(key="late", subject="S", next_try_at=now() - timedelta(hours=1))
    assert "1 letters have waited" in told("wrong") and "opinovi worker" in told("wrong")
    Letter.objects.update(state=Letter.State.FAILED)
    assert "1 letters failed" in told("look")
    (home / LAST).write_text((now() - timedelta(days=3)).isoformat())
    assert "The last backup is of" in told("wrong")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: Disk(1, 1, 5_000_000))
    assert "5 MB are free" in told("wrong")
    settings.SMTP_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "The mail server 127.0.0.1:1 does not answer" in told("wrong")
    feed = Feed.objects.create(network=region, name="Lähde", format="ptv", address="https://source.example/")
    Run.objects.create(feed=feed, state="failed", why="slow")
    Hook.objects.create(organisation=salpaus, address="https://h.example/", sealed="", paused_at=now())
    assert "The source Lähde is failed (slow)" in told("look") and "1 addresses" in told("look")
    settings.PRODUCTION = True
    assert "Serve over TLS" in told("wrong") and "one click" in told("wrong")
    with pytest.raises(CommandError, match="things are wrong"):
        call_command("doctor")


def test_another_master_key_and_a_check_that_fails_are_findings_too(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    DataKey.objects.create(wrapped="bm90IGEga2V5")
    DataKey.objects.exclude(wrapped="bm90IGEga2V5").delete()

    def broken() -> Any:
        raise RuntimeError("oh")

    monkeypatch.setattr(doctor, "CHECKS", (doctor.database, doctor.master_key, broken))
    found = examine()
    assert [one.how for one in found][1:] == ["wrong", "wrong"] and "broken could not be looked at (oh)" in found[
        2
    ].what


def test_without_a_database_nothing_else_is_asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Any:
        yield Finding("wrong", "no database", "start it")

    monkeypatch.setattr(doctor, "database", gone)
    monkeypatch.setattr(doctor, "CHECKS", (gone, doctor.worker))
    assert [one.what for one in examine()] == ["no database"]


def test_numbers_are_for_who_brings_the_token(visitor: Client, settings: Any) -> None:
    assert visitor.get("/-/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    assert visitor.get("/-/metrics").status_code == 404
    assert visitor.get("/-/metrics", headers={"authorization": "Bearer another"}).status_code == 404
    Letter.objects.create(key="late", subject="S", next_try_at=now() - timedelta(hours=1))
    told = visitor.get("/-/metrics", headers={"authorization": "Bearer a-token"})
    families = {one.name: one for one in text_string_to_metric_families(told.content.decode())}
    assert families["opinovi_letters_late"].samples[0].value == 1
    assert {"opinovi_tasks_waiting", "opinovi_events", "opinovi_index_ready", "opinovi_requests"} <= set(families)


def test_pages_are_counted_by_their_pattern_and_tell_nothing_that_people_wrote(settings: Any, rf: Any) -> None:
    settings.METRICS_TOKEN = "a-token"
    from django.http import HttpResponse
    from django.urls import resolve

    def answer(request: Any) -> HttpResponse:
        request.resolver_match = resolve(request.path)
        return HttpResponse("x")

    counted = metrics.measured(answer)
    for _time in range(3):
        counted(rf.get("/doors?q=minun+salaisuus"))
    found = metrics.REQUESTS.labels("results", "GET", 200)._value.get()
    assert found >= 3
    assert all("salaisuus" not in str(one) for family in metrics.REQUESTS.collect() for one in family.samples)


def test_logs_are_lines_of_json_where_that_is_asked() -> None:
    from django.conf import settings as project
    from django.utils.module_loading import import_string

    told = dict(project.LOGGING["formatters"]["json"])
    made = import_string(told.pop("()"))(told.pop("format"), **told)
    line = made.format(logging.LogRecord("opinovi.x", logging.ERROR, "f", 1, "went wrong: %s", ("ä",), None))
    read = json.loads(line)
    assert (read["level"], read["where"], read["message"]) == ("ERROR", "opinovi.x", "went wrong: ä") and read["at"]
