"""From need to outcome: how far people came who were to be handed on, where they were lost, and why."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.figures import SMALLEST, hide, to_fives
from opinovi.impact.charts import bars
from opinovi.impact.export import as_file, csv_bytes
from opinovi.impact.indicators import Sums, sums_of, total
from opinovi.impact.shown import Shown, Span
from opinovi.impact.spans import span_of
from opinovi.impact.words import BREAKDOWNS, FUNNEL, LOST, names_of, value_name
from opinovi.network.access import coordinates
from opinovi.network.models import Network
from opinovi.network.views import network_by_id
from opinovi.strategy.queries import strategy_in_force

BY = ("municipality", "language", "group", "came")
YEARS = 3


@dataclass(frozen=True)
class Stage:
    name: str
    count: int | None
    # Of those of the stage before, in per cent.
    of_last: int | None

    @property
    def words(self) -> str:
        return few_words(self.count)


def count_of(sums: Sums, name: str, span: Span, value: str) -> int:
    return sum(total(sums, name, month, value) for month in span.months)


def stages_of(counts: dict[str, int]) -> list[Stage]:
    """Each step in fives; hidden where it, or those who were lost since the step before, are one to four: who were lost
    would be told by taking one from the other."""
    found: list[Stage] = []
    last: int | None = None
    for name, words in FUNNEL.items():
        count = counts[name]
        lost = None if last is None else last - count
        few = count < SMALLEST or (lost is not None and 0 < lost < SMALLEST)
        before = found[-1].count if found else None
        shown = None if few else to_fives(count)
        share = round(100 * shown / before) if shown is not None and before else None
        found.append(Stage(str(words), shown, min(share, 100) if share is not None else None))
        last = count
    return found


def reasons_of(counts: dict[str, int]) -> list[tuple[str, int | None]]:
    """Why those were lost who were never met: one partition of them, the largest first; the hidden ones in an order
    that tells nothing of them."""
    if not any(counts.values()):
        return []
    # A reason that nobody had stands beside those of few: that it is none would tell of the others.
    shown, _whole = hide(counts)
    rows = sorted(counts, key=lambda name: -(shown[name] or 0))
    return [(str(LOST[name]), shown[name]) for name in rows]


def chart_of(stages: list[Stage]) -> SafeString:
    figures = [Shown(one.name, value=Decimal(one.count) if one.count else None) for one in stages]
    label = _("Matka tarpeesta tulokseen") + ". " + "; ".join(f"{one.name}: {one.words}" for one in stages) + "."
    return bars(figures, label, percent=False)


@require_safe
@allow("impact.see_network", of=network_by_id)
def funnel(request: HttpRequest, network: Network) -> HttpResponse:
    """The whole network, or one value of a breakdown; beside each other, how many of each were met in the end."""
    by = request.GET.get("by", "") if request.GET.get("by", "") in BY else "municipality"
    value, this = request.GET.get("value", ""), today().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked in [str(this - back) for back in range(YEARS)] else this
    span = span_of(today().replace(year=year, month=1, day=1), "year")
    sums = sums_of(str(network.id), [*FUNNEL, *LOST], span.months, by)
    whole = sums_of(str(network.id), [*FUNNEL, *LOST], span.months)
    there = {one for (name, _month, one), _sizes in sums.items() if name == "way_asked"}
    names = names_of(by, there)
    value = value if value in names else ""
    here = sums if value else whole
    counts = {name: count_of(here, name, span, value) for name in (*FUNNEL, *LOST)}
    stages = stages_of(counts)
    reasons = reasons_of({name: counts[name] for name in LOST})
    rows = beside(sums, names, span)
    if request.GET.get("form") == "csv":
        told = [[one.name, one.words, f"{one.of_last} %" if one.of_last is not None else ""] for one in stages]
        told += [[name, few_words(count), ""] for name, count in reasons]
        return as_file(
            csv_bytes([[_("mistä"), _("luku"), _("osuus edellisestä")], *told]), "text/csv", f"path-{year}.csv"
        )
    context: dict[str, Any] = {
        "network": network, "stages": stages, "chart": chart_of(stages), "year": year,
        "years": range(this, this - YEARS, -1), "by": by, "breakdowns": [(name, BREAKDOWNS[name]) for name in BY],
        "value": value, "value_name": value_name(by, value) if value else "", "rows": rows,
        "reasons": [(name, few_words(count)) for name, count in reasons],
    }  # fmt: skip
    if value and coordinates(request.user, network):
        context["action"] = action_link(network, by, value, reasons)
    return render(request, "impact/funnel.html", context)


def few_words(count: int | None) -> str:
    return _("noin %(n)d") % {"n": count} if count is not None else _("piilotettu")


def beside(sums: Sums, names: dict[str, str], span: Span) -> list[dict[str, Any]]:
    """Of each value how many were to be handed on, and how many of them were met: hidden together where one must be."""
    asked = {value: count_of(sums, "way_asked", span, value) for value in names}
    met = {value: count_of(sums, "way_met", span, value) for value in names}
    shown, _total = hide({value: count for value, count in asked.items() if count})
    found = []
    for value, name in names.items():
        count, lost = shown.get(value), asked[value] - met[value]
        clear = count is not None and met[value] >= SMALLEST and not 0 < lost < SMALLEST
        share = min(100, round(100 * to_fives(met[value]) / count)) if clear and count else None
        found.append({"value": value, "name": name, "asked": few_words(count), "share": share})
    return sorted(found, key=lambda one: (one["share"] is None, one["share"] or 0, one["name"]))


def action_link(network: Network, by: str, value: str, reasons: list[tuple[str, int | None]]) -> str:
    """Where a new action of the strategy begins, named after what was found."""
    strategy = strategy_in_force(network)
    if strategy is None:
        return ""
    why = next((name for name, count in reasons if count is not None), "")
    name = _("Ihmiset pääsevät perille: %(who)s") % {"who": value_name(by, value)}
    told = {"name": f"{name} ({why})" if why else name}
    return f"{reverse('new-action', args=[strategy.id])}?{urlencode(told)}"
