"""Questions of one's own to the figures: which measure, by what, over which time; kept, shared, sent, as a file."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.impact.access import owns_query
from opinovi.impact.actions import saving
from opinovi.impact.cards import Card, bars_card, shares_of, trend_card
from opinovi.impact.export import as_csv, as_xlsx
from opinovi.impact.indicators import indicators, sums_of
from opinovi.impact.models import SavedQuery
from opinovi.impact.models.reports import Rhythm
from opinovi.impact.spans import last_whole, months_of, span_of, spans_back
from opinovi.impact.words import BREAKDOWNS, STEPS, THEMES
from opinovi.network.models import Network
from opinovi.network.views import me, network_by_id

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST_SPANS = 12
# So many quarters back can a question be put.
BACK = 12
RHYTHMS = {
    Rhythm.NEVER: gettext_lazy("ei sähköpostia"),
    Rhythm.MONTHLY: gettext_lazy("kuukausittain sähköpostiin"),
    Rhythm.QUARTERLY: gettext_lazy("neljännesvuosittain sähköpostiin"),
}


@dataclass(frozen=True)
class Question:
    indicator: str
    by: str
    step: str
    spans: int
    # The last month of the newest span; 0 for the newest that is over.
    until: int = 0

    @property
    def last(self) -> date:
        """A day of the newest span: never one that is not over, so that no figure moves while one looks."""
        newest = last_whole(self.step)
        return min(newest, date(self.until // 100, self.until % 100, 1)) if self.until else newest

    @property
    def query(self) -> str:
        told: dict[str, str | int] = {
            "indicator": self.indicator,
            "by": self.by,
            "step": self.step,
            "spans": self.spans,
            "until": self.until or "",
        }
        return urlencode(told)


class QueryForm(forms.Form):
    indicator = forms.ChoiceField(label=gettext_lazy("Mittari"))
    by = forms.ChoiceField(label=gettext_lazy("Minkä mukaan"), required=False)
    step = forms.ChoiceField(label=gettext_lazy("Aika"))
    spans = forms.IntegerField(label=gettext_lazy("Kuinka monta"), min_value=1, max_value=MOST_SPANS)
    until = forms.TypedChoiceField(label=gettext_lazy("Mihin asti"), required=False, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = {theme: [] for theme in THEMES}  # type: ignore[var-annotated]
        for one in indicators().values():
            groups[one.theme].append((one.code, one.name))
        ends = spans_back("quarter", BACK, last_whole("quarter"))
        choices = {
            "indicator": [(THEMES[theme], rows) for theme, rows in groups.items()],
            "by": [("", _("ajan mukaan")), *BREAKDOWNS.items()],
            "step": [(name, STEPS[name]) for name in ("quarter", "year")],
            "until": [("", _("uusimpaan, joka on ohi")), *((str(one.key), one.name) for one in ends[::-1])],
        }
        for name, told in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = told

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        one = indicators().get(told.get("indicator", ""))
        by = told.get("by", "")
        if one is not None and by and by not in one.by:
            ways = ", ".join(str(BREAKDOWNS[name]).lower() for name in one.by)
            self.add_error(
                "by", _("Tätä mittaria voi katsoa näin: %(ways)s.") % {"ways": ways or _("vain ajan mukaan")}
            )
        elif one is not None and one.kind == "part" and not by:
            told["by"] = one.by[0]
        return told

    def question(self) -> Question:
        told = self.cleaned_data
        return Question(told["indicator"], told["by"], told["step"], told["spans"], told["until"] or 0)


def answer(network: Network, asked: Question) -> list[Card]:
    """Over time one card; by a breakdown the last span that is over, so that no figure moves while one looks."""
    one = indicators()[asked.indicator]
    if not asked.by:
        spans = spans_back(asked.step, asked.spans, asked.last)
        sums = sums_of(str(network.id), one.counts, months_of(spans))
        return [trend_card(one, sums, spans, asked.step)]
    span = span_of(asked.last, asked.step)
    sums = sums_of(str(network.id), one.counts, span.months, asked.by)
    whole = sums_of(str(network.id), one.counts, span.months)
    against = shares_of(network).of if one.code == "reached_groups" else None
    return [bars_card(one, sums, whole, span, asked.by, against)]


@form_methods
@allow("impact.see_network", of=network_by_id)
def query(request: HttpRequest, network: Network) -> HttpResponse:
    """Ask, see, take along, keep."""
    asked = request.GET if request.GET.get("indicator") else None
    form = QueryForm(asked, initial={"step": "quarter", "spans": 8})
    cards: list[Card] = []
    why = ""
    if form.is_bound and form.is_valid():
        cards = answer(network, form.question())
        if (kind := request.GET.get("form")) in ("csv", "xlsx"):
            name = f"{form.question().indicator}-{today()}"
            return as_csv(cards, name) if kind == "csv" else as_xlsx(cards, cards[0].name, name)
        if request.method == "POST":
            try:
                saved = saving.keep(
                    me(request), network, form.question(), request.POST.get("name", ""),
                    shared=request.POST.get("shared") == "1", rhythm=request.POST.get("rhythm", ""),
                )  # fmt: skip
                return HttpResponseRedirect(reverse("saved-query", args=[saved.id]) + "?saved=1")
            except ValidationError as error:
                why = " ".join(error.messages)
    context = {"network": network, "form": form, "cards": cards, "why": why, "mine": saving.seen_by(me(request),
    network), "rhythms": RHYTHMS.items(), "query": form.question().query if cards else ""}  # fmt: skip
    return render(request, "impact/query.html", context, status=422 if why or form.errors else 200)


def query_by_id(query_id: UUID) -> SavedQuery | None:
    return SavedQuery.objects.select_related("network", "person").filter(id=query_id).first()


@form_methods
@allow("impact.read_query", of=query_by_id)
def saved_query(request: HttpRequest, one: SavedQuery) -> HttpResponse:
    """A question that was kept, answered by today's figures."""
    own = bool(owns_query(request.user, one))
    if request.method == "POST" and own:
        if request.POST.get("then") == "drop":
            saving.drop(me(request), one)
            return HttpResponseRedirect(reverse("impact-query", args=[one.network_id]))
        saving.change(me(request), one, request.POST.get("shared") == "1", request.POST.get("rhythm", ""))
        return HttpResponseRedirect(request.path + "?saved=1")
    asked = Question(one.indicator, one.by, one.step, one.spans)
    gone = one.indicator not in indicators()
    cards = [] if gone else answer(one.network, asked)
    if cards and (kind := request.GET.get("form")) in ("csv", "xlsx"):
        name = f"{one.indicator}-{today()}"
        return as_csv(cards, name) if kind == "csv" else as_xlsx(cards, one.name, name)
    context = {"one": one, "cards": cards, "own": own, "network": one.network, "rhythms": RHYTHMS.items(), "gone": gone,
               "query": asked.query}  # fmt: skip
    return render(request, "impact/saved_query.html", context)
