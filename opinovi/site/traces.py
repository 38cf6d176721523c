"""Where the time of a request goes, told to a collector of OpenTelemetry; only where OPINOVI_TRACES is set.

A page is named by its pattern and a question to the database by its text with places for values: nothing of a person,
and no address, is in them.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.http import HttpRequest, HttpResponse
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer

# How long, in seconds, a batch is tried to be told.
PATIENCE = 5.0


@cache
def provider() -> TracerProvider:
    """What writes spans, in batches from a thread of its own: a collector that is away keeps nobody waiting."""
    made = TracerProvider(resource=Resource.create({"service.name": "opinovi"}))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{settings.TRACES}/v1/traces", timeout=PATIENCE)))
    return made


def tracer() -> Tracer:
    return provider().get_tracer("opinovi")


def traced(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A span of each request, and within it one of each question to a database."""
    if not settings.TRACES:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        with (
            tracer().start_as_current_span(
                str(request.method), context=extract(request.headers), kind=SpanKind.SERVER
            ) as span,
            ExitStack() as asked,
        ):
            for connection in connections.all():
                asked.enter_context(connection.execute_wrapper(of_question))
            response = get_response(request)
            match = request.resolver_match
            page = (match.view_name if match else "") or "none"
            span.update_name(f"{request.method} {page}")
            span.set_attributes(
                {
                    "http.request.method": str(request.method),
                    "http.route": page,
                    "http.response.status_code": response.status_code,
                }
            )
            if response.status_code >= 500:
                span.set_status(Status(StatusCode.ERROR))
            return response

    return middleware


def of_question(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection = context["connection"]
    told = {"db.system.name": connection.vendor, "db.namespace": connection.alias, "db.query.text": str(sql)[:2000]}
    with tracer().start_as_current_span(str(sql).split(" ", 1)[0], kind=SpanKind.CLIENT, attributes=told):
        return execute(sql, params, many, context)
