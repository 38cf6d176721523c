"""The yearly report is written: what the figures do not say, in words; and published."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.posted import posted_or_none, whole_number
from opinovi.impact.actions import annual as actions
from opinovi.impact.annual_paper import paper_of
from opinovi.impact.export import as_file
from opinovi.impact.models import Annual
from opinovi.network.models import Network, Organisation
from opinovi.network.queries import current_network
from opinovi.network.views import me, network_by_id, organisation_by_id, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
YEARS = 4


class AnnualForm(forms.Form):
    done = forms.CharField(label=gettext_lazy("Mitä tehtiin"), required=False, max_length=8000, widget=forms.Textarea)
    learned = forms.CharField(
        label=gettext_lazy("Mitä opittiin"), required=False, max_length=8000, widget=forms.Textarea
    )
    next = forms.CharField(
        label=gettext_lazy("Mitä seuraavaksi"), required=False, max_length=8000, widget=forms.Textarea
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def year_of(request: HttpRequest) -> int:
    this = today().year
    asked = whole_number(request.GET.get("year", ""), this)
    return asked if asked and this - YEARS < asked <= this else this - 1


def annual(request: HttpRequest, network: Network, house: Organisation | None) -> HttpResponse:
    year = year_of(request)
    one = (
        Annual.objects.filter(network=network, organisation=house, year=year)
        .select_related("network", "organisation")
        .first()
    )
    one = one or Annual(network=network, organisation=house, year=year)
    if request.GET.get("form") == "pdf":
        return as_file(paper_of(one), "application/pdf", f"report-{year}.pdf")
    form = AnnualForm(posted_or_none(request), initial={**one.words, "version": one.version})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        words = {name: told[name] for name in ("done", "learned", "next")}
        publish = {"publish": True, "unpublish": False}.get(request.POST.get("then", ""))
        try:
            actions.save(me(request), network, house, year, words, told["version"], publish)
            return HttpResponseRedirect(f"{request.path}?year={year}&saved=1")
        except ValidationError as error:
            tell(form, error)
    context: dict[str, Any] = {"one": one, "form": form, "network": network, "house": house, "year": year,
                               "years": range(today().year, today().year - YEARS, -1),
                               "title": _("Vuosi %(year)d") % {"year": year}}  # fmt: skip
    return render(request, "impact/annual.html", context, status=422 if form.errors else 200)


@form_methods
@allow("impact.run", of=network_by_id)
def network_annual(request: HttpRequest, network: Network) -> HttpResponse:
    return annual(request, network, None)


@form_methods
@allow("impact.run_house", of=organisation_by_id)
def house_annual(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """An organisation's own report: for itself and its owners, published nowhere by us."""
    network = organisation.networks.order_by("membership__since", "id").first() or current_network()
    assert network is not None
    return annual(request, network, organisation)
