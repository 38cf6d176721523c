"""What came of guidance, for everybody: a page, the yearly report as paper, and the figures as open data."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.fresh import fresh
from opinovi.impact.annual_paper import paper_of
from opinovi.impact.cards import reached_card, shares_of, trend_cards
from opinovi.impact.export import as_file
from opinovi.impact.indicators import indicators
from opinovi.impact.models import Annual
from opinovi.impact.open_data import package_of
from opinovi.impact.spans import last_whole, span_of, spans_back
from opinovi.network.models import Network
from opinovi.network.queries import current_network

# What anybody sees first: whether there is help, whether it is good, what came of it.
OF_ALL = ("needs_with_door", "answers_kept", "feedback_good", "heard", "met", "outcome_6")
SPANS = 8


def here() -> Network:
    network = current_network()
    if network is None:
        raise Http404
    return network


@require_safe
@allow("impact.read")
def results(request: HttpRequest) -> HttpResponse:
    """A few figures with a sentence each. Of spans that are over, so that no figure moves while one looks."""
    network = here()
    spans = spans_back("quarter", SPANS, last_whole("quarter"))
    cards = trend_cards(network.id, [indicators()[code] for code in OF_ALL], spans, "quarter")
    annuals = Annual.objects.filter(network=network, organisation=None).exclude(published_at=None).order_by("-year")
    shares = shares_of(network)
    context = {
        "cards": cards,
        "reached": reached_card(network.id, shares, span_of(last_whole("year"), "year")),
        "source": shares.source,
        "annuals": list(annuals[:5]),
        "network": network,
        "any": any(card.chart for card in cards),
    }
    return render(request, "impact/results.html", context)


@require_safe
@allow("impact.read")
def annual_report(request: HttpRequest, year: int) -> HttpResponse:
    """The network's yearly report, once it is published."""
    found = Annual.objects.filter(network=here(), organisation=None, year=year).exclude(published_at=None)
    one = found.select_related("network").first()
    if one is None:
        return HttpResponseRedirect(reverse("impact-results"))
    response = as_file(paper_of(one), "application/pdf", f"report-{year}.pdf")
    response["Content-Disposition"] = f'inline; filename="report-{year}.pdf"'
    return response


@require_safe
@allow("impact.read")
def open_data(request: HttpRequest) -> HttpResponse:
    """What is in the data, and how it is described; the data itself as one file."""
    return render(request, "impact/open_data.html", {"rows": list(indicators().values()), "network": here()})


@require_safe
@allow("impact.read")
def data_package(request: HttpRequest) -> HttpResponse:
    """A Frictionless data package: the figures as CSV, what the columns are, and a DCAT-AP description."""
    network = here()
    content: bytes = fresh.get(
        ("data package", network.id, today()), lambda: package_of(network, request.build_absolute_uri("/"))
    )
    return as_file(content, "application/zip", f"opin-ovi-{network.slug}.zip")
