"""Figures for those who do the work: of the network, of an organisation, of a team; and one indicator from all
sides."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.contact.access import guides_team, team_rows
from opinovi.impact.cards import bars_card, of_theme, reached_card, shares_of, trend_card, trend_cards
from opinovi.impact.export import as_csv
from opinovi.impact.indicators import THEMES, indicators, sums_of
from opinovi.impact.models import Counted, Feedback
from opinovi.impact.spans import last_whole, months_of, span_of, spans_back
from opinovi.impact.words import BREAKDOWNS, STEPS
from opinovi.impact.words import THEMES as THEME_NAMES
from opinovi.network.models import Network, Organisation, Team
from opinovi.network.queries import current_network
from opinovi.network.standing import standing
from opinovi.network.views import network_by_id, organisation_by_id, team_by_id

SPANS = {"quarter": 8, "year": 4, "month": 12}
# What a team sees of its month.
OF_TEAM = ("answers_kept", "answer_hours", "feedback_good", "got", "next_known", "met", "planned", "guided")


def theme_of(request: HttpRequest) -> str:
    asked = request.GET.get("theme", "")
    return asked if asked in THEMES else THEMES[0]


def step_of(request: HttpRequest) -> str:
    asked = request.GET.get("step", "")
    return asked if asked in ("quarter", "year") else "quarter"


def counted_at() -> Any:
    row = Counted.objects.first()
    return row.at if row else None


def dashboard(
    request: HttpRequest, scope: UUID, network: Network, beside: Network | None, **context: Any
) -> HttpResponse:
    theme, step = theme_of(request), step_of(request)
    spans = spans_back(step, SPANS[step], last_whole(step))
    cards = trend_cards(scope, of_theme(theme), spans, step, beside)
    shares = shares_of(network) if theme == "equity" else None
    if shares is not None:
        cards.insert(0, reached_card(scope, shares, span_of(last_whole("year"), "year")))
    if request.GET.get("form") == "csv":
        return as_csv(cards, f"{theme}-{today()}")
    context |= {"cards": cards, "theme": theme, "themes": THEME_NAMES.items(), "step": step, "network": network,
                "steps": [(name, STEPS[name]) for name in ("quarter", "year")], "counted_at": counted_at(),
                "source": shares.source if shares is not None else ""}  # fmt: skip
    return render(request, "impact/dashboard.html", context)


@require_safe
@allow("impact.see_network", of=network_by_id)
def network_impact(request: HttpRequest, network: Network) -> HttpResponse:
    return dashboard(request, network.id, network, None, title=_("Mitä siitä seurasi"), house=None)


@require_safe
@allow("impact.see_own")
def own_impact(request: HttpRequest) -> HttpResponse:
    """The teams in which one guides, and one's organisations: whose figures one sees."""
    houses = Organisation.objects.filter(id__in=standing(request.user).organisations())
    return render(request, "impact/own.html", {"teams": team_rows(request.user), "houses": list(houses)})


@require_safe
@allow("impact.see_house", of=organisation_by_id)
def house_impact(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """An organisation's own figures, beside the middle one of the network's organisations."""
    network = organisation.networks.order_by("membership__since", "id").first() or current_network()
    if network is None:
        raise Http404
    return dashboard(request, organisation.id, network, network, title=str(organisation), house=organisation)


def network_of(network_id: UUID, indicator: str) -> Network | None:
    return network_by_id(network_id)


@require_safe
@allow("impact.see_network", of=network_of)
def one_indicator(request: HttpRequest, network: Network) -> HttpResponse:
    """One indicator: over time, by each of its breakdowns, and how it is counted."""
    assert request.resolver_match is not None
    indicator = request.resolver_match.kwargs["indicator"]
    one, step = indicators().get(indicator), step_of(request)
    if one is None:
        raise Http404
    spans = spans_back(step, SPANS[step], last_whole(step))
    span = span_of(last_whole(step), step)
    whole = sums_of(str(network.id), one.counts, months_of(spans))
    cards = []
    if one.kind != "part":
        cards.append((_("Koko verkosto"), trend_card(one, whole, spans, step)))
    for by in one.by:
        sums = sums_of(str(network.id), one.counts, span.months, by)
        against = shares_of(network).of if one.code == "reached_groups" else None
        title = _("%(by)s, %(when)s") % {"by": BREAKDOWNS[by], "when": span.name}
        cards.append((title, bars_card(one, sums, whole, span, by, against)))
    if request.GET.get("form") == "csv":
        return as_csv([card for _title, card in cards], f"{indicator}-{today()}")
    context = {"network": network, "one": one, "cards": cards, "step": step, "theme_name": THEME_NAMES[one.theme],
               "steps": [(name, STEPS[name]) for name in ("quarter", "year")]}  # fmt: skip
    return render(request, "impact/indicator.html", context)


@require_safe
@allow("impact.see_team", of=team_by_id)
def team_month(request: HttpRequest, team: Team) -> HttpResponse:
    """A team's own months, with what people said."""
    network = team.organisation.networks.order_by("membership__since", "id").first() or current_network()
    spans = spans_back("month", SPANS["month"], last_whole("month"))
    rows = [indicators()[code] for code in OF_TEAM]
    cards = trend_cards(team.id, rows, spans, "month", network)
    if request.GET.get("form") == "csv":
        return as_csv(cards, f"team-{today()}")
    # What people wrote is read by the guides alone: an administrator sees figures.
    guides = guides_team(request.user, team)
    waits = Q(score=1, read_at=None)
    rows_said = Feedback.objects.filter(waits | ~Q(locked=""), team=team).select_related("key")
    rows_said = rows_said.annotate(low=Window(Count("id", filter=waits))).order_by("-day", "id")
    said = list(rows_said[:60]) if guides else []
    context = {"team": team, "network": network, "cards": cards, "counted_at": counted_at(), "guides": guides,
               "low": said[0].low if said else 0, "said": [one for one in said if one.words]}  # fmt: skip
    return render(request, "impact/team.html", context)
