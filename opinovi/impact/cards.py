"""What a page of figures shows of one indicator: its name, a sentence, a chart, and the table beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opinovi.base.figures import SMALLEST
from opinovi.impact.charts import bars, trend
from opinovi.impact.indicators import Indicator, Sums, indicators, sums_of, sums_of_many, values_there
from opinovi.impact.models import Population
from opinovi.impact.shown import Shown, Span, between, by_value, over_time, sentence, words
from opinovi.impact.spans import YEAR_BACK, months_of
from opinovi.impact.words import names_of
from opinovi.network.models import Membership, Network


@dataclass(frozen=True)
class Line:
    """One row of the table beside a chart."""

    name: str
    value: str
    between: str
    base: str
    against: str


@dataclass(frozen=True)
class Card:
    indicator: Indicator
    sentence: str
    chart: SafeString
    lines: list[Line]
    # What the column of what it is held against is called; none where there is nothing.
    against: str = ""
    # Whether any share has an interval, and any figure people behind it.
    sure: bool = False
    based: bool = False
    note: str = ""

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def name(self) -> str:
        return self.indicator.name

    @property
    def tells(self) -> str:
        return self.indicator.tells


def line_of(one: Indicator, figure: Shown) -> Line:
    against = words(one, replace(figure, value=figure.against)) if figure.against is not None else ""
    return Line(figure.name, words(one, figure), between(figure), str(figure.base or ""), against)


def label_of(one: Indicator, said: str, lines: Sequence[Line]) -> str:
    """What a chart shows, for those who do not see it: the same figures as its table's."""
    return f"{one.name}. {said} " + "; ".join(f"{row.name}: {row.value}" for row in lines) + "."


def card(one: Indicator, figures: list[Shown], said: str, draw: Any, against: str = "", paper: bool = False) -> Card:
    lines = [line_of(one, figure) for figure in figures]
    chart = draw(figures, label_of(one, said, lines), one.unit == "percent", paper)
    changed = [version for version in one.versions if version.first > 200001]
    note = ""
    if changed:
        month = changed[-1].first
        note = _("Laskutapa muuttui %(month)d/%(year)d. Vanhat luvut on laskettu niin kuin silloin.") % {
            "month": month % 100, "year": month // 100}  # fmt: skip
    held = against if any(row.against for row in lines) else ""
    sure, based = any(row.between for row in lines), any(row.base for row in lines)
    return Card(one, said, chart, lines, held, sure, based, note)


def trend_card(
    one: Indicator, sums: Sums, spans: Sequence[Span], step: str, medians: dict[str, Decimal] | None = None,
    value: str = "", paper: bool = False,
) -> Card:  # fmt: skip
    figures = over_time(one, sums, spans, value)
    if medians:
        figures = [replace(figure, against=medians.get(figure.key)) for figure in figures]
    said = sentence(one, figures, YEAR_BACK[step])
    return card(one, figures, said, trend, _("Verkoston keskimmäinen"), paper)


def bars_card(
    one: Indicator, sums: Sums, whole: Sums, span: Span, by: str, against: dict[str, Decimal] | None = None,
    paper: bool = False,
) -> Card:  # fmt: skip
    """One indicator by the values of a breakdown, in one span."""
    names = names_of(by, values_there(one, sums))
    figures = by_value(one, sums, span, by, names, whole)
    if against:
        figures = [replace(figure, against=against.get(figure.key)) for figure in figures]
    return card(one, figures, widest(one, figures, span), bars, _("Osuus alueen aikuisista"), paper)


def widest(one: Indicator, figures: Sequence[Shown], span: Span) -> str:
    """The largest and the smallest of what may be seen."""
    seen = sorted((figure for figure in figures if figure.value is not None), key=lambda one: one.value or 0)
    if not seen:
        return _("Lukuja ei ole vielä, tai ne kertovat alle viidestä ihmisestä.")
    most, least = seen[-1], seen[0]
    told = {"when": span.name, "most": most.name, "n": words(one, most)}
    if most.value == least.value:
        return _("%(when)s, %(most)s: %(n)s.") % told
    told |= {"least": least.name, "m": words(one, least)}
    return _("%(when)s eniten: %(most)s, %(n)s. Vähiten: %(least)s, %(m)s.") % told


def of_theme(theme: str) -> list[Indicator]:
    return [one for one in indicators().values() if one.theme == theme]


def counts_of(rows: Iterable[Indicator]) -> set[str]:
    return {count for one in rows for count in one.counts}


def trend_cards(
    scope: UUID | str, rows: Sequence[Indicator], spans: list[Span], step: str, network: Network | None = None,
    paper: bool = False,
) -> list[Card]:  # fmt: skip
    """The indicators over time, of one scope; with a network, beside the median of its houses. Two queries."""
    rows = [one for one in rows if one.kind != "part"]
    houses = houses_of(network) if network is not None else []
    sums = sums_of_many({str(scope), *houses}, counts_of(rows), months_of(spans))
    medians = medians_of([sums[one] for one in houses if one in sums], rows, spans)
    return [trend_card(one, sums.get(str(scope), {}), spans, step, medians.get(one.code), paper=paper) for one in rows]


def houses_of(network: Network) -> list[str]:
    return [str(one) for one in Membership.objects.filter(network=network).values_list("organisation", flat=True)]


def medians_of(houses: Sequence[Sums], rows: Sequence[Indicator], spans: list[Span]) -> dict[str, dict[str, Decimal]]:
    """Of each indicator and span the middle one of the houses' figures that may be seen; none of fewer than five
    houses, so that no house is read from it."""
    found: dict[str, dict[str, Decimal]] = {}
    for one in rows:
        by_span: dict[str, list[Decimal]] = {}
        for house in houses:
            for figure in over_time(one, house, spans):
                if figure.value is not None:
                    by_span.setdefault(figure.key, []).append(figure.value)
        found[one.code] = {
            key: sorted(values)[(len(values) - 1) // 2] for key, values in by_span.items() if len(values) >= SMALLEST
        }
    return found


@dataclass(frozen=True)
class Shares:
    """Each group's share of the region's adults, in per cent, and where that comes from."""

    of: dict[str, Decimal]
    source: str


def shares_of(network: Network) -> Shares:
    """By the newest table that was loaded."""
    rows = list(Population.objects.filter(network=network).order_by("year"))
    source = f"{rows[-1].source}, {rows[-1].year}" if rows else ""
    return Shares({one.group: Decimal(one.permille) / 10 for one in rows}, source)


def reached_card(scope: UUID | str, shares: Shares, span: Span, paper: bool = False) -> Card:
    """The groups that were reached, beside their share of the region's adults: two queries."""
    one = indicators()["reached_groups"]
    sums = sums_of(str(scope), one.counts, span.months, "group")
    whole = sums_of(str(scope), one.counts, span.months)
    return bars_card(one, sums, whole, span, "group", shares.of, paper)
