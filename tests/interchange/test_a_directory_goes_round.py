"""Our directory by HSDS, read by a fresh installation and told on, is the same; and feeds of others are read."""

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as project
from django.test import Client

from opinovi.base.clock import now
from opinovi.directory.models import Service, ServicePoint
from opinovi.interchange.actions import runs
from opinovi.interchange.models import Feed, RunState
from opinovi.network.models import Network, Organisation
from tests.interchange.fresh import everything
from tests.interchange.serving import DATA, send, served


def pages_of(told: dict[str, list[dict[str, Any]]]) -> Any:
    """Answers as our own API does, from what it told."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        rows = told[f"{parts.path.rsplit('/', 1)[1]}?full=true"]
        page, size = int(asked["page"]), int(asked["per_page"])
        body = {"total_items": len(rows), "total_pages": -(-len(rows) // size), "page_number": page,
                "contents": rows[(page - 1) * size : page * size]}  # fmt: skip
        send(handler, json.dumps(body, ensure_ascii=False).encode())

    return respond


@pytest.mark.once
@pytest.mark.sqlite
def test_what_a_fresh_installation_reads_of_us_it_tells_as_we_do(db: None, tmp_path: Path) -> None:
    # A fresh installation lives in its own time: what is told by the day is told of the same day in both.
    told = everything(Client())
    with served(pages_of(told)) as where:
        done = subprocess.run(
            [sys.executable, "-c", FRESH, f"http://{where}/api", str(tmp_path / "told.json"), now().isoformat()],
            env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
            | {"OPINOVI_HOME": str(tmp_path / "home")},
            cwd=project.BASE_DIR, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    there = json.loads((tmp_path / "told.json").read_text())
    assert there["run"][:3] == ["applied", "", []], there["run"]
    assert there["again"] == "unchanged"
    # The sibling's doors near the border are found from this side of it.
    assert "Naapurissakin on ovia tähän: Hartola." in there["border"] and "where=Hartola" in there["border"]
    assert "Suomen kielen kurssi Hartolassa" in there["there"]
    for path, rows in told.items():
        theirs = [one for one in there["everything"][path] if one.get("name") != "Uusi talo"]
        assert len(rows) > 20 and [one["id"] for one in theirs] == [one["id"] for one in rows], path
        differing = [(mine, one) for mine, one in zip(rows, theirs, strict=True) if mine != one]
        assert differing == [], path


FRESH = """
import sys, time_machine
from datetime import datetime
from pathlib import Path
with time_machine.travel(datetime.fromisoformat(sys.argv[3]), tick=True):
    from tests.interchange.fresh import main
    main(sys.argv[1], Path(sys.argv[2]))
"""


@pytest.fixture
def feed_of(region: Network, settings: Any, tmp_path: Path) -> Any:
    settings.OPINOVI_HOME = tmp_path

    def make(where: str, path: str) -> Feed:
        settings.FETCH_ALLOWED = [where]
        return Feed.objects.create(network=region, name="Muu", format="hsds", address=f"http://{where}{path}")

    return make


def test_a_feed_of_open_referral_uk_is_read(feed_of: Any) -> None:
    """A page of a real one: it says that they are 31, and holds one and the same service 128 times."""
    whole = (DATA / "open_referral_uk_service_list.json").read_bytes()

    def respond(handler: BaseHTTPRequestHandler) -> None:
        there = urlsplit(handler.path).path == "/oruk/services"
        send(handler, whole if there else b"{}", 200 if there else 404)

    before = Service.objects.count()
    ids = {one["id"] for one in json.loads(whole)["contents"]}
    with served(respond) as where:
        feed = feed_of(where, "/oruk/services")
        run = runs.go(runs.begin(feed))
        # Of what contradicts itself the first is taken, and the rest is told.
        assert (run.state, run.why) == (RunState.APPLIED, "") and run.problem_count == 127
        assert "came before" in run.problems[0]["reason"]
        assert run.counts["service"]["added"] == len(ids) == Service.objects.count() - before
        assert runs.go(runs.begin(feed)).state in (RunState.UNCHANGED, RunState.APPLIED)
    one = Service.objects.get(source="hsds", external_id="ac148810-d857-441c-9679-408f346de14b")
    assert one.name == {"en": "Community Counselling"} and one.organisation is not None
    assert {way.kind for way in one.channels.all()} == {"email", "web"} and one.verified_on is not None


def test_what_the_standard_says_is_read_where_nothing_more_is_told(feed_of: Any) -> None:
    full = json.loads((DATA / "hsds_service_full.json").read_text())
    with served(pages_of({"services?full=true": [full], "organizations?full=true": []})) as where:
        assert runs.go(runs.begin(feed_of(where, "/api"))).state == RunState.APPLIED
    one = Service.objects.get(source="hsds")
    assert one.name == {"en": full["name"]} and one.instructions == {"en": full["application_process"]}
    assert one.charge_info["en"] == full["fees_description"] and one.requirements
    assert one.channels.filter(kind="phone").exists() and one.channels.filter(kind="email").exists()
    place = ServicePoint.objects.get(source="hsds")
    assert place in one.points.all() and place.name == {"en": "MyCity Civic Center"} and place.street["en"]
    # A degree of latitude that is on no map is not taken.
    assert place.latitude is None and place.longitude is None
    assert Organisation.objects.get(source="hsds").name == {"en": "Example Organization Inc."}
    assert one.source_record["id"] == full["id"]
