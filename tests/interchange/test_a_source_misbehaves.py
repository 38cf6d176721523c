"""Whatever a source does, a run ends with a reason that people understand, and the old facts are untouched."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from opinovi.directory.models import Service
from opinovi.interchange import ptv_api
from opinovi.interchange.actions import runs
from opinovi.interchange.models import Feed, Run, RunState, Taken
from opinovi.interchange.sources import fetching
from opinovi.interchange.sources.fetching import CannotFetch, Fetcher, Limits, addresses_of, is_public
from opinovi.interchange.sources.why import WHY
from opinovi.network.models import Network
from tests.interchange.serving import Catalogue, send, served, small_catalogue

# Short enough for a test, long enough for an honest answer on a busy machine.
LIMITS = Limits(bytes=3_000_000, all_bytes=20_000_000, seconds=10.0, all_seconds=60.0, silence=1.0)


@pytest.fixture
def catalogue() -> Catalogue:
    return small_catalogue()


@pytest.fixture
def taken_in(region: Network, catalogue: Catalogue, settings: Any, tmp_path: Path) -> Iterator[Feed]:
    """A feed whose records are here already, of a source that turns bad."""
    settings.OPINOVI_HOME = tmp_path
    bad: list[Callable[[BaseHTTPRequestHandler], None]] = [catalogue.respond]
    with served(lambda handler: bad[-1](handler)) as where:
        settings.FETCH_ALLOWED = [where]
        feed = Feed.objects.create(
            network=region, name="PTV", format=ptv_api.PTV.name, address=f"http://{where}/api/v11"
        )
        assert runs.go(runs.begin(feed)).state == RunState.APPLIED
        feed.turn = bad.append  # type: ignore[attr-defined]
        yield feed


def facts() -> list[Any]:
    return [
        list(Service.objects.order_by("id").values_list("id", "state", "name", "changed_at", "version")),
        list(Taken.objects.order_by("id").values_list("external_id", "hash", "withdrawn")),
    ]


def slow(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{")
    handler.wfile.flush()
    handler.rfile.read(1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    while True:
        handler.wfile.write(b'{"itemList": [' + b" " * 100_000)


def too_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"itemList": []')
    handler.wfile.flush()
    handler.close_connection = True


def wrong_charset(handler: BaseHTTPRequestHandler) -> None:
    send(handler, '{"pageCount": 1, "itemList": [{"id": "ä"}]}'.encode("latin-1"), Content_Type="application/json")


def broken(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"oops", 500)


def half_json(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b'{"pageNumber": 1, "pageCount": 1, "itemList": [{"id": "a"}, {"i')


def another_shape(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b'{"pageCount": "many", "itemList": "none"}')


def nothing(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b'{"pageNumber": 1, "pageCount": 0, "itemList": []}')


def to_a_private_address(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"", 302, Location="http://169.254.169.254/latest/meta-data")


def to_ones_own_machine(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"", 307, Location="http://localhost:1/")


def to_a_file(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"", 302, Location="file:///etc/passwd")


def round_and_round(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"", 302, Location=handler.path)


TIGHT = gzip.compress(b" " * 20_000_000)


def packed_tight(handler: BaseHTTPRequestHandler) -> None:
    send(handler, TIGHT, Content_Encoding="gzip")


def packed_badly(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"not packed at all", Content_Encoding="gzip")


def packed_strangely(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"x", Content_Encoding="br")


def deep(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"[" * 200_000)


def not_a_number(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b'{"pageCount": NaN, "itemList": []}')


MISDEEDS = [
    (slow, "slow"), (endless, "too-much"), (too_short, "broken-off"), (wrong_charset, "unreadable"),
    (broken, "status"), (half_json, "unreadable"), (another_shape, "unreadable"), (nothing, "nothing"),
    (to_a_private_address, "private"), (to_ones_own_machine, "private"), (to_a_file, "not-web"),
    (round_and_round, "redirects"), (packed_tight, "too-much"), (packed_badly, "packing"),
    (packed_strangely, "packing"), (deep, "unreadable"), (not_a_number, "unreadable"),
]  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(("misdeed", "why"), MISDEEDS, ids=lambda one: getattr(one, "__name__", one))
def test_a_run_ends_with_a_reason_and_changes_nothing(taken_in: Feed, misdeed: Any, why: str) -> None:
    before = facts()
    taken_in.turn(misdeed)  # type: ignore[attr-defined]
    one = runs.go(runs.begin(taken_in), LIMITS)
    assert (one.state, one.why) == (RunState.FAILED, why)
    assert facts() == before and WHY[why] and one.ended_at is not None
    assert not runs.folder_of(one).exists()


def test_a_list_that_changes_between_its_pages_is_not_believed(taken_in: Feed, catalogue: Catalogue) -> None:
    before = facts()

    def shifting(handler: BaseHTTPRequestHandler) -> None:
        if "Service?page=2" in handler.path:
            # The first is gone meanwhile: all others have moved to another place, and one is never told.
            catalogue.rows["Service"] = dict([*list(catalogue.rows["Service"].items())[-1:],
                                              *list(catalogue.rows["Service"].items())[:-1]])  # fmt: skip
        catalogue.respond(handler)

    taken_in.turn(shifting)  # type: ignore[attr-defined]
    one = runs.go(runs.begin(taken_in), LIMITS)
    assert (one.state, one.why) == (RunState.FAILED, "changed") and facts() == before


def test_records_that_are_missing_from_their_list_make_nothing_vanish(taken_in: Feed, catalogue: Catalogue) -> None:
    def forgetful(handler: BaseHTTPRequestHandler) -> None:
        if "/list?" in handler.path and "/Service/" in handler.path:
            send(handler, b"[]")
        else:
            catalogue.respond(handler)

    before = facts()
    taken_in.turn(forgetful)  # type: ignore[attr-defined]
    one = runs.go(runs.begin(taken_in), LIMITS)
    assert (one.state, one.why) == (RunState.HELD, "vanish") and facts() == before


def test_many_bad_records_let_nothing_in(taken_in: Feed, catalogue: Catalogue) -> None:
    for row in catalogue.rows["ServiceChannel"].values():
        row["serviceChannelNames"] = [{"language": "fi", "value": 7}]
    before = facts()
    one = runs.go(runs.begin(taken_in), LIMITS)
    assert (one.state, one.why, one.problem_count) == (RunState.FAILED, "many-bad", 20) and facts() == before


def test_a_bad_record_stops_no_other(taken_in: Feed, catalogue: Catalogue) -> None:
    """Whatever is wrong with it: it is told of, its old facts stay, and all else is let in."""
    rows = list(catalogue.rows["Service"].values())
    rows[0]["serviceNames"] = [{"language": "x" * 30, "value": "Nimi", "type": "Name"}]
    rows[1]["serviceChannels"] = {"serviceChannel": "none"}
    rows[2]["organizations"] = [{"roleType": "Responsible", "organization": {"id": "9" * 300, "name": "Y"}}]
    for row in rows[3:]:
        row["serviceNames"] = [{"language": "fi", "value": "Uusi nimi", "type": "Name"}]
    before = dict(Service.objects.filter(source="ptv").values_list("external_id", "name"))
    one = runs.go(runs.begin(taken_in))
    assert (one.state, one.problem_count, len(one.problems)) == (RunState.APPLIED, 3, 3)
    after = dict(Service.objects.filter(source="ptv").values_list("external_id", "name"))
    assert {key for key in after if after[key] == {"fi": "Uusi nimi"}} == {row["id"] for row in rows[3:]}
    assert all(after[row["id"]] == before[row["id"]] for row in rows[:3])
    assert runs.go(runs.begin(taken_in)).state == RunState.UNCHANGED


def test_a_record_that_does_not_fit_its_links_stops_no_other(
    taken_in: Feed, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in catalogue.rows["Service"].values():
        row["serviceNames"] = [{"language": "fi", "value": "Uusi nimi", "type": "Name"}]
    odd, make = next(iter(catalogue.rows["Service"])), ptv_api.Ptv.record

    def record(self: Any, feed: Feed, raw: Any, known: Any) -> Any:
        made = make(self, feed, raw, known)
        if raw.external_id == odd and known:
            made.channels[0]["value"] = "0" * 900
        return made

    monkeypatch.setattr(ptv_api.Ptv, "record", record)
    one = runs.go(runs.begin(taken_in))
    assert (one.state, one.problem_count) == (RunState.APPLIED, 1)
    assert Service.objects.filter(source="ptv", name={"fi": "Uusi nimi"}).count() == len(catalogue.rows["Service"]) - 1


# Where may be fetched from


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
     "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "ff02::1", "198.18.0.1", "192.0.2.1"],
)  # fmt: skip
def test_no_address_of_somebodys_own_is_public(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_internet_are_public() -> None:
    assert is_public("93.184.216.34") and is_public("2a00:1450:400f:80c::200e")


def test_a_name_of_which_one_address_is_private_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: rows)
    with pytest.raises(CannotFetch) as refused:
        addresses_of("two-faced.example", 80)
    assert refused.value.code == "private"


def test_a_name_that_leads_elsewhere_a_moment_later_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """The connection goes to the address that was looked at: the name is not asked again."""
    asked: list[str] = []
    connected: list[str] = []

    def look_up(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(address: tuple[str, int], *_args: Any, **_more: Any) -> Any:
        connected.append(address[0])
        raise OSError("nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(CannotFetch) as refused, Fetcher(tmp_path, LIMITS) as fetcher:
        fetcher.get("http://rebinding.example/x", "x")
    assert refused.value.code == "no-answer" and connected == ["93.184.216.34"] and len(asked) == 1


@pytest.mark.parametrize(
    ("address", "code"),
    [("ftp://example.org/x", "not-web"), ("file:///etc/passwd", "not-web"), ("http:///x", "not-web"),
     ("http://user:secret@example.org/", "password-in-address"), ("http://[::1]/", "private"),
     ("http://127.1/", "private"), ("http://0x7f000001/", "private")],
)  # fmt: skip
def test_addresses_that_are_not_fetched(address: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(CannotFetch) as refused, Fetcher(tmp_path, LIMITS) as fetcher:
        fetcher.get(address, "x")
    assert refused.value.code == code


def test_a_redirect_is_followed_to_where_one_may(taken_in: Feed, catalogue: Catalogue) -> None:
    def moved(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/api/v11"):
            send(handler, b"", 301, Location=handler.path.replace("/api/v11", "/api/v12"))
        else:
            catalogue.respond(handler)

    taken_in.turn(moved)  # type: ignore[attr-defined]
    assert runs.go(runs.begin(taken_in), LIMITS).state == RunState.UNCHANGED


def test_what_is_packed_is_unpacked(settings: Any, tmp_path: Path) -> None:
    told = json.dumps({"rows": list(range(10_000))}).encode()
    with served(lambda handler: send(handler, gzip.compress(told), Content_Encoding="gzip")) as where:
        settings.FETCH_ALLOWED = [where]
        with Fetcher(tmp_path, LIMITS) as fetcher:
            found = fetcher.get(f"http://{where}/", "x.json")
    assert found.path.read_bytes() == told and fetching.AGENT


def test_only_one_run_of_a_source_is_under_way(taken_in: Feed) -> None:
    first, second = runs.begin(taken_in), runs.begin(taken_in)
    assert first == second and Run.objects.filter(feed=taken_in).count() == 2
