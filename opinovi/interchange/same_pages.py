"""Pages of what is told twice: what seems to mean the same, side by side, and what was decided."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.posted import whole_number
from opinovi.base.text import choose
from opinovi.directory.actions import same as actions
from opinovi.directory.models import Pair, PairState
from opinovi.directory.side_by_side import records_of, side_by_side, source_name
from opinovi.interchange.changes import PAGES
from opinovi.interchange.same.scoring import AGAINST, REASONS
from opinovi.network.models import Network
from opinovi.network.views import me, network_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 20
DECIDE = {"join": actions.join, "apart": actions.hold_apart, "part": actions.part}


def pair_by_id(pair_id: UUID) -> Pair | None:
    return Pair.objects.select_related("network").filter(id=pair_id).first()


def state_names() -> dict[str, str]:
    return {
        PairState.FOUND: _("Odottaa päätöstä"),
        PairState.JOINED: _("Yhdistetty"),
        PairState.APART: _("Eri asioita"),
    }


def kind_names() -> dict[str, str]:
    return {"service": _("palvelu"), "point": _("paikka"), "organisation": _("organisaatio")}


@form_methods
@allow("directory.join", of=network_by_id)
def same(request: HttpRequest, network: Network) -> HttpResponse:
    """What seems to be told twice in the directory, surest first."""
    states = state_names()
    state = request.GET.get("state") if request.GET.get("state") in states else PairState.FOUND.value
    rows = network.pairs.filter(state=state)
    total = rows.count()
    page = max(1, whole_number(request.GET.get("page", "1"), 99_999) or 1)
    begin = (page - 1) * PER_PAGE
    context = {
        "network": network,
        "rows": shown(list(rows[begin : begin + PER_PAGE])),
        "state": state,
        "states": list(states.items()),
        "total": total,
        "done": request.GET.get("done") == "1",
        "before": page - 1,
        "after": page + 1 if begin + PER_PAGE < total else 0,
    }
    return render(request, "interchange/same.html", context)


def shown(pairs: list[Pair]) -> list[dict[str, Any]]:
    """Pairs as the list tells of them: one query a kind for the names."""
    kinds = kind_names()
    names: dict[UUID, tuple[str, str]] = {}
    for kind in {pair.kind for pair in pairs}:
        ids = [one for pair in pairs if pair.kind == kind for one in (pair.first, pair.second)]
        rows = actions.MODELS[kind].objects.filter(id__in=ids).values_list("id", "name", "source")
        names |= {row_id: (choose(name).text, source_name(source)) for row_id, name, source in rows}
    return [
        {"pair": pair, "kind": kinds[pair.kind], "first": names.get(pair.first), "second": names.get(pair.second),
         "percent": round(pair.score * 100), "reasons": [REASONS[one] for one in pair.reasons if one in REASONS][:3]}
        for pair in pairs
    ]  # fmt: skip


@form_methods
@allow("directory.join", of=pair_by_id)
def pair(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Two records side by side, why they seem to be the same, and the decision."""
    error = ""
    if request.method == "POST":
        decide = DECIDE.get(request.POST.get("then", ""))
        try:
            if decide is not None:
                decide(me(request), pair)
                return HttpResponseRedirect(reverse("same", args=[pair.network_id]) + "?done=1")
        except ValidationError as wrong:
            error = wrong.messages[0]
    records = records_of(pair.kind, [pair.first, pair.second])
    both = [records[one] for one in (pair.first, pair.second) if one in records]
    context = {
        "pair": pair,
        "network": pair.network,
        "kind": kind_names()[pair.kind],
        "title": choose(both[0].name).text if both else _("Tietoa ei enää ole"),
        "both": [(one, source_name(one.source), reverse(PAGES[pair.kind], args=[one.id])) for one in both],
        "rows": side_by_side(pair.kind, both),
        "percent": round(pair.score * 100),
        "reasons": [REASONS[one] for one in pair.reasons if one in REASONS],
        "against": [AGAINST[one] for one in pair.against if one in AGAINST],
        "state_name": state_names()[pair.state],
        "error": error,
    }
    return render(request, "interchange/pair.html", context, status=409 if error else 200)
