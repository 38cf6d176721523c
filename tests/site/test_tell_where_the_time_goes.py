"""A collector of OpenTelemetry is told where the time of a request goes, and nothing of a person."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from opinovi.directory.models import Service
from opinovi.site import traces


class Collector(BaseHTTPRequestHandler):
    """Takes what is told, as a real one does."""

    taken: list[bytes] = []

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector(settings: Any) -> Iterator[list[bytes]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Collector.taken.clear()
    settings.TRACES = f"http://127.0.0.1:{server.server_address[1]}"
    traces.provider.cache_clear()
    yield Collector.taken
    traces.provider().shutdown()
    traces.provider.cache_clear()
    server.shutdown()
    server.server_close()
    thread.join()


def spans(taken: list[bytes]) -> list[Any]:
    traces.provider().force_flush()
    told = [ExportTraceServiceRequest.FromString(one) for one in taken]
    return [span for one in told for r in one.resource_spans for s in r.scope_spans for span in s.spans]


def test_a_page_and_its_questions_are_told_and_no_word_of_a_person(
    collector: list[bytes], career_guidance: Service
) -> None:
    parent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    answer = Client().get("/doors?q=madonreikä", headers={"traceparent": parent})
    assert answer.status_code == 200
    told = spans(collector)
    [page] = [one for one in told if one.name == "GET results"]
    assert page.trace_id.hex() == "a" * 32 and page.parent_span_id.hex() == "b" * 16
    attributes = {one.key: one.value for one in page.attributes}
    assert attributes["http.route"].string_value == "results"
    assert attributes["http.response.status_code"].int_value == 200
    asked = [one for one in told if one.parent_span_id == page.span_id]
    assert asked and all(one.name in ("SELECT", "INSERT", "UPDATE") or "SAVEPOINT" in one.name for one in asked)
    assert b"madonreik" not in b"".join(collector)


def test_a_failed_page_is_told_as_such(collector: list[bytes]) -> None:
    def fails(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=503)

    request = HttpRequest()
    request.method = "GET"
    request.resolver_match = None
    traces.traced(fails)(request)
    [span] = spans(collector)
    assert span.name == "GET none" and span.status.code == 2


def test_a_collector_that_is_away_keeps_nobody_waiting(
    settings: Any, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(traces, "PATIENCE", 0.1)
    settings.TRACES = "http://127.0.0.1:1"
    traces.provider.cache_clear()
    try:
        assert Client().get("/-/health").status_code in (200, 503)
    finally:
        traces.provider().shutdown()
        traces.provider.cache_clear()
