"""How the installation does, in numbers, as Prometheus reads them; only where OPINOVI_METRICS_TOKEN is set.

Nothing of a person is in them: pages are named by their pattern, never by their address.
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from opinovi.base.access import allow, require_token
from opinovi.base.clock import now
from opinovi.base.models import AuditBlock, Event, Letter
from opinovi.doors.index import current
from opinovi.interchange.models import Telling, TellingState

REQUESTS = Counter("opinovi_requests_total", "Requests answered.", ["page", "method", "status"])
SECONDS = Histogram(
    "opinovi_request_seconds", "How long an answer took.", ["page"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)  # fmt: skip


def measured(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Count every answer by its page; costs nothing where nobody reads the numbers."""
    if not settings.METRICS_TOKEN:
        return get_response

    def middleware(request: HttpRequest) -> HttpResponse:
        begin = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        page = (match.view_name if match else "") or "none"
        REQUESTS.labels(page, request.method if request.method in METHODS else "other", response.status_code).inc()
        SECONDS.labels(page).observe(time.perf_counter() - begin)
        return response

    return middleware


METHODS = ("GET", "HEAD", "POST", "OPTIONS")


@require_safe
@allow("site.read_metrics")
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus alone."""
    require_token(request, settings.METRICS_TOKEN)
    registry = CollectorRegistry()
    state(registry)
    told = generate_latest(registry)
    counted = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(counted)
    else:
        counted.register(REQUESTS)
        counted.register(SECONDS)
    response = HttpResponse(told + generate_latest(counted), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def state(registry: CollectorRegistry) -> None:
    """What waits and how far each thing is, from the database and this host's index: the same from every process."""

    def gauge(name: str, text: str, value: float) -> None:
        Gauge(f"opinovi_{name}", text, registry=registry).set(value)

    late = now() - timedelta(minutes=10)
    letters = Letter.objects.filter(state=Letter.State.WAITING)
    gauge("letters_waiting", "Letters that wait.", letters.count())
    gauge(
        "letters_late", "Letters that should have gone ten minutes ago.", letters.filter(next_try_at__lt=late).count()
    )
    gauge("letters_failed", "Letters that failed for good.", Letter.objects.filter(state=Letter.State.FAILED).count())
    tasks = DBTaskResult.objects.filter(status="READY")
    gauge("tasks_waiting", "Tasks that wait.", tasks.count())
    gauge("tasks_late", "Tasks that have waited for ten minutes.", tasks.filter(enqueued_at__lt=late).count())
    open_states = [TellingState.WAITING, TellingState.SENDING]
    gauge("tellings_waiting", "Changes to be told to others.", Telling.objects.filter(state__in=open_states).count())
    last = Event.objects.aggregate(last=Max("seq"))["last"] or 0
    gauge("events", "The number of the last Event.", last)
    gauge(
        "events_chained",
        "The last Event in the audit chain.",
        AuditBlock.objects.aggregate(last=Max("last"))["last"] or 0,
    )
    gauge("index_ready", "Whether this host's search index fits.", float(current().ready()))
