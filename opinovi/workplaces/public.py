"""The employer's door: a need of a workplace in its own words, by the same search, and what the network offers it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.doors.views import place_names
from opinovi.network.queries import current_network


def shortcuts() -> list[str]:
    """What workplaces ask for, in their own words."""
    return [
        _("tarvitsemme työntekijöitä"),
        _("koulutusta henkilöstölle"),
        _("haluamme oppisopimuksen"),
        _("yt-neuvottelut tulossa"),
        _("väki ei osaa lukea piirustuksia"),
        _("palkkatuki"),
    ]


@require_safe
@allow("workplaces.answer")
def for_workplaces(request: HttpRequest) -> HttpResponse:
    context = {"shortcuts": shortcuts(), "places": place_names(current_network())}
    return render(request, "workplaces/for_workplaces.html", context)
