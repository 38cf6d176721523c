"""Guidance in figures, for those who coordinate: none about fewer than five people, and none that can be worked out by
taking others from a total. All are rounded to fives, so that no two of them differ by fewer either."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.figures import SMALLEST, few, hide
from opinovi.base.posted import whole_number
from opinovi.base.text import choose
from opinovi.journeys.actions.watching import waiting_too_long
from opinovi.journeys.models import Client, Outcome, Referral
from opinovi.journeys.models.referrals import ReferralState
from opinovi.journeys.words import MONTHS_ON, OUTCOMES, STATES
from opinovi.network.models import Network, Organisation
from opinovi.network.views import network_by_id

YEARS = 5


@dataclass(frozen=True)
class Line:
    """One line of a table: its name, and its figure or None where it is hidden."""

    name: str
    count: int | None

    @property
    def words(self) -> str:
        return about(self.count) if self.count is not None else _("alle 5 tai piilotettu")


@dataclass(frozen=True)
class Table:
    title: str
    lines: list[Line]
    # None where it would tell of fewer than five.
    total: int | None

    @property
    def total_words(self) -> str:
        return about(self.total) if self.total is not None else _("alle 5")

    @property
    def largest(self) -> int:
        return max((line.count or 0 for line in self.lines), default=0)


def about(count: int) -> str:
    """A figure as it is shown."""
    return _("noin %(count)d") % {"count": count}


def table(title: str, counts: dict[str, int]) -> Table:
    shown, total = hide(counts)
    return Table(title, [Line(name, shown[name]) for name in counts], total)


def tables_of(network: Network, year: int) -> list[Table]:
    """The figures of one calendar year: each is one partition, and no two of them share a part by which one could be
    told from the other. People are counted, each by the newest of their hand-overs."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = newest(Referral.objects.filter(network=network, sent_at__date__range=(first, last)))
    clients = Client.objects.filter(network=network, began_at__date__range=(first, last))
    return [
        table(_("Ketkä aloittivat ohjauksen"), began(clients)),
        table(_("Mistä talosta ohjattiin"), by_house(row[0] for row in rows)),
        table(_("Mihin taloon ohjattiin"), by_house(row[1] for row in rows)),
        table(_("Miten ohjaaminen eteni"), by_state(row[2] for row in rows)),
        *outcome_tables(network, first, last),
    ]


def began(clients: Any) -> dict[str, int]:
    """New clients by the house where they began."""
    rows = clients.annotate(house=F("journeys__organisation")).values("house").annotate(n=Count("id", distinct=True))
    return named((row["house"], row["n"]) for row in rows)


def newest(referrals: QuerySet[Referral]) -> list[tuple[UUID | None, UUID | None, str]]:
    """From which house to which, and where it is: the newest hand-over of each person."""
    rows = referrals.order_by("sent_at", "id").values_list(
        "client_id", "from_team__organisation", "to_team__organisation", "state"
    )
    return list({client: (sender, receiver, state) for client, sender, receiver, state in rows}.values())


def by_house(houses: Iterable[UUID | None]) -> dict[str, int]:
    return named(Counter(houses).items())


def named(rows: Iterable[tuple[UUID | None, int]]) -> dict[str, int]:
    counts = dict(rows)
    names = {
        one.id: choose(one.name).text for one in Organisation.objects.filter(id__in=[key for key in counts if key])
    }
    found = {names.get(key, "") if key else _("muualla tai itse"): count for key, count in counts.items()}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def by_state(states: Iterable[str]) -> dict[str, int]:
    return dict(Counter(str(STATES[ReferralState(state)][0]) for state in states))


def outcome_tables(network: Network, first: date, last: date) -> list[Table]:
    """What came of it, by when it was asked, of the journeys whose question fell due in the year."""
    rows = Outcome.objects.filter(journey__client__network=network, due__range=(first, last)).exclude(what="")
    counts: dict[int, dict[str, int]] = {}
    for row in rows.values("months", "what").annotate(n=Count("journey__client", distinct=True)):
        counts.setdefault(row["months"], {})[str(OUTCOMES[row["what"]])] = row["n"]
    return [table(f"{_('Mitä siitä seurasi')}, {MONTHS_ON[months]}", counts[months]) for months in sorted(counts)]


@require_safe
@allow("journeys.see_figures", of=network_by_id)
def journey_figures(request: HttpRequest, network: Network) -> HttpResponse:
    """A page, or the same as a spreadsheet file. Whole calendar years only: overlapping spans could be taken apart."""
    this = today().year
    asked = whole_number(request.GET.get("year", ""), this)
    year = asked if asked and asked > this - YEARS else this
    tables = tables_of(network, year)
    if request.GET.get("form") == "csv":
        return as_csv(tables, year)
    late = [(team, few(count)) for (of, team), count in waiting_too_long().items() if of == network.id]
    context = {"network": network, "tables": tables, "year": year, "years": range(this, this - YEARS, -1),
               "late": late, "smallest": SMALLEST}  # fmt: skip
    return render(request, "journeys/figures.html", context)


def as_csv(tables: list[Table], year: int) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="guidance-{year}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("taulukko"), _("rivi"), _("ihmisiä")])
    for one in tables:
        for line in one.lines:
            writer.writerow([one.title, line.name, line.words])
        writer.writerow([one.title, _("yhteensä"), one.total_words])
    return response
