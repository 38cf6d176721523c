"""Pages of the directory are read of a standby where nobody can notice; what a person changed or keeps, never."""

import json
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from opinovi.base import standby
from opinovi.base.standby import ReadOfStandby, Router, reading
from tests.base.own import own_postgres

ROOT = Path(__file__).parents[2]
# Every request in turn, and which databases were asked, in a process of its own whose standby is the same database.
ASK = """
import json
from contextlib import ExitStack
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from opinovi.base.fresh import fresh
from tests.journeys.pressing import example
from opinovi.directory.models import Service
call_command("migrate", verbosity=0)
if not Service.objects.exists():
    example()
service = Service.objects.filter(state="published").first()
settings.ALLOWED_HOSTS.append("testserver")
def asked(method, path, cookies=(), **form):
    fresh.forget()
    found = set()
    def note(execute, sql, params, many, context):
        found.add(context["connection"].alias)
        return execute(sql, params, many, context)
    client = Client()
    for name in cookies:
        client.cookies[name] = "x" * 32
    with ExitStack() as stack:
        for one in connections.all():
            stack.enter_context(one.execute_wrapper(note))
        status = getattr(client, method)(path, form).status_code
    return [status, sorted(found)]
page = "/services/" + str(service.id)
print(json.dumps({
    "visitor": asked("get", page),
    "staff": asked("get", page, [settings.SESSION_COOKIE_NAME]),
    "api": asked("get", "/api/services"),
    "ask": asked("get", "/ask"),
    "report": asked("post", f"/report/service/{service.id}", text="x"),
    "sign in": asked("get", "/sign-in"),
}))
"""


def test_a_write_is_never_sent_to_it_nor_what_is_read_after() -> None:
    router = Router()
    assert router.db_for_read(object) is None  # type: ignore[arg-type]
    assert router.db_for_write(object) == "default"  # type: ignore[arg-type]
    assert router.allow_migrate("default", "base") and not router.allow_migrate("standby", "base")


def ask(home: Path, database: str, standby: str) -> dict[str, tuple[int, list[str]]]:
    environment = {**os.environ, "OPINOVI_HOME": str(home), "OPINOVI_STANDBY_URL": standby, "PYTHONPATH": str(ROOT)}
    environment["OPINOVI_STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    if database:
        environment["DATABASE_URL"] = database
    done = subprocess.run(
        [sys.executable, "-m", "opinovi", "shell", "--no-imports", "-c", ASK], cwd=ROOT, env=environment,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-1500:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.both
def test_visitors_read_of_it_and_nobody_else_while_it_answers(tmp_path: Path) -> None:
    address, nowhere = own_postgres(), "postgres://127.0.0.1:1/nowhere"
    told = ask(tmp_path, address, address or nowhere)
    # SQLite has none, whatever is set.
    standby = "standby" if address else "default"
    for what in ("visitor", "api"):
        assert told[what][0] == 200 and told[what][1][-1] == standby, what
    for what in ("staff", "ask", "sign in"):
        assert told[what] == [200, ["default"]], what
    assert told["report"][1] == ["default"] and told["report"][0] in (200, 302, 422)
    told = ask(tmp_path, address, nowhere)
    assert told["visitor"] == told["staff"] == [200, ["default"]]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_one_that_goes_away_in_the_middle_of_a_page(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, rf: RequestFactory
) -> None:
    monkeypatch.setitem(settings.DATABASES, "standby", {})
    monkeypatch.setattr(standby, "connections", {"standby": Mock()})
    page = ReadOfStandby(lambda request: HttpResponse())
    page.answers = lambda: True  # type: ignore[method-assign]
    request = rf.get("/services/x")
    request.resolver_match = ResolverMatch(lambda request, one: HttpResponse(f"{one} {reading.get()}"), ("this",), {})
    reading.set(True)
    told = page.process_exception(request, error())
    assert told is not None and told.content == b"this False"
    # What failed of the primary is not asked twice.
    assert page.process_exception(request, error()) is None
