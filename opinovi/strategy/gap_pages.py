"""From need to strategy: a map and a table of needs without a good door, and what is done about them."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.text import choose
from opinovi.directory.codes import municipality_name, target_groups
from opinovi.directory.points import centres
from opinovi.directory.ways import OWN_NAMES
from opinovi.doors.topics import topics
from opinovi.network.models import Network, Role
from opinovi.network.queries import houses_of
from opinovi.network.views import me, network_by_id
from opinovi.outreach.queries import plans_for
from opinovi.strategy.access import runs
from opinovi.strategy.actions import closing
from opinovi.strategy.actions.closing import OPEN_SHARE
from opinovi.strategy.counting import ANY, DAYS, Cell, figure_now
from opinovi.strategy.models import Gap, GapFigure, Strategy, StrategyState
from opinovi.strategy.queries import gap_by_id
from opinovi.strategy.tasks import renew_now

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST = 60
# The map: its size in units, and the largest dot.
WIDE, HIGH, LARGEST = 640, 480, 34


def topic_words(topic: str) -> str:
    if not topic:
        return _("kaikki aiheet")
    return choose(topics()[topic].label).text if topic in topics() else topic


def gap_words(gap: Any) -> str:
    """A gap, or a figure, in words: topic, place, language."""
    parts = [topic_words(gap.topic)]
    parts += [municipality_name(gap.municipality)] if gap.municipality else []
    parts += [OWN_NAMES.get(gap.language, gap.language)] if gap.language else []
    return ", ".join(parts)


@dataclass(frozen=True)
class Dot:
    """A municipality on the map: where, how large, and how many of its needs had no good door."""

    name: str
    code: str
    # In the map's units, with a point: they stand in a drawing.
    x: str
    y: str
    size: str
    # Where its name stands: under the dot.
    under: str
    share: int | None
    needs: int

    @property
    def tone(self) -> str:
        if self.share is None:
            return "unknown"
        return "late" if self.share >= OPEN_SHARE else "soon" if self.share >= closing.CLOSED_SHARE else "fresh"


def dots(network: Network, figures: list[GapFigure]) -> list[Dot]:
    """The municipalities of a network by where they lie, north up; a place without figures is a small dot."""
    known = {one.municipality: one for one in figures}
    at = {code: centres()[f"m{code}"] for code in network.municipalities if f"m{code}" in centres()}
    if not at:
        return []
    south, north = min(lat for lat, _lon in at.values()), max(lat for lat, _lon in at.values())
    west, east = min(lon for _lat, lon in at.values()), max(lon for _lat, lon in at.values())
    # A degree of longitude is about half a degree of latitude wide here.
    scale = min((WIDE - 160) / max(0.01, (east - west) * 0.48), (HIGH - 120) / max(0.01, north - south))
    most = max((one.needs for one in figures), default=1)
    found = []
    # The largest first, so that the small ones stand on them.
    for code, (lat, lon) in sorted(at.items(), key=lambda pair: -(known[pair[0]].needs if pair[0] in known else 0)):
        one = known.get(code)
        size = 7 + (LARGEST - 7) * sqrt(one.needs / most) if one else 5
        x, y = 80 + (lon - west) * 0.48 * scale, HIGH - 60 - (lat - south) * scale
        left, top, wide, under = (f"{number:.1f}" for number in (x, y, size, y + size + 18))
        share, needs = (one.share, one.needs) if one else (None, 0)
        found.append(Dot(municipality_name(code), code, left, top, wide, under, share, needs))
    return found


@form_methods
@allow("strategy.see", of=network_by_id, change="strategy.run")
def gaps(request: HttpRequest, network: Network) -> HttpResponse:
    """What people look for and do not find, by topic, place, group and language, against what is on offer."""
    why = ""
    if request.method == "POST":
        try:
            return act(request, network)
        except ValidationError as error:
            why = " ".join(error.messages)
    place, language, group = (request.GET.get(name, "") for name in ("place", "language", "group"))
    place = place if place in network.municipalities else ""
    language = language if language in OWN_NAMES else ""
    # Places and languages are counted apart, so that no cell is of too few: a place goes before a language.
    language = "" if place else language
    rows = GapFigure.objects.filter(network=network, municipality=place, language=language)
    figures = [one for one in rows if one.topic]
    if group:
        figures = [one for one in figures if one.topic in topics() and group in topics()[one.topic].groups]
    figures.sort(key=lambda one: (-(one.unserved or 0), -one.needs, one.topic))
    everywhere = list(GapFigure.objects.filter(network=network, topic=ANY))
    taken = {(one.topic, one.municipality, one.language): one for one in network.gaps.filter(state="open")}
    # By what the topics are for.
    groups = sorted({code for one in topics().values() for code in one.groups} & set(target_groups()))
    context = {
        "network": network,
        "days": DAYS,
        "dots": dots(network, [one for one in everywhere if one.municipality]),
        "places": [(code, municipality_name(code)) for code in network.municipalities],
        "by_place": [one for one in everywhere if one.municipality],
        "by_language": [(one, OWN_NAMES.get(one.language, one.language)) for one in everywhere if one.language],
        "whole": next((one for one in everywhere if not one.municipality and not one.language), None),
        "rows": [
            {"figure": one, "name": topic_words(one.topic), "gap": taken.get((one.topic, place, language)),
             "stale": one.services - one.fresh}
            for one in figures[:MOST]
        ],
        "place": place,
        "place_name": municipality_name(place) if place else "",
        "language": language,
        "languages": sorted({one.language for one in everywhere if one.language}),
        "group": group,
        "groups": [(code, choose(target_groups()[code]).text) for code in groups],
        "taken": [{"gap": one, "words": gap_words(one)} for one in network.gaps.all()[:30]],
        "runs": runs(request.user, network),
        "wide": WIDE,
        "high": HIGH,
        "why": why,
    }  # fmt: skip
    return render(request, "strategy/gaps.html", context, status=422 if why else 200)


def act(request: HttpRequest, network: Network) -> HttpResponse:
    if request.POST.get("then") == "renew":
        renew_now.enqueue(str(network.id))
        return HttpResponseRedirect(request.path + "?renewed=1")
    cell: Cell = (request.POST.get("topic", ""), request.POST.get("place", ""), request.POST.get("language", ""))
    if cell[0] not in topics() or (cell[1] and cell[1] not in network.municipalities):
        raise ValidationError(_("Valitse aihe taulukosta."))
    gap = closing.take_up(me(request), network, cell)
    return HttpResponseRedirect(reverse("gap", args=[gap.id]))


@form_methods
@allow("strategy.see", of=gap_by_id, change="strategy.take_part")
def gap(request: HttpRequest, one: Gap) -> HttpResponse:
    """One gap that was taken up: how it was, how it is, what is done about it; and what could be."""
    houses = houses_of(request.user, one.network, Role.EDITOR, Role.ADMINISTRATOR)
    why = ""
    if request.method == "POST":
        house = next((row for row in houses if str(row.id) == request.POST.get("organisation", "")), None)
        if house is not None:
            draft = closing.begin_service(me(request), one, house)
            return HttpResponseRedirect(reverse("draft", args=[draft.id]))
        why = _("Valitse organisaatio, jonka palveluja saat muokata.")
    figure = figure_now(one.network, (one.topic, one.municipality, one.language))
    now_share = None
    if figure and figure["unserved"] is not None:
        now_share = round(100 * int(figure["unserved"]) / int(figure["needs"]))
    services, drafts = closing.services_begun(one)
    strategies = Strategy.objects.filter(network=one.network).exclude(state=StrategyState.ENDED)
    context = {
        "one": one,
        "words": gap_words(one),
        "figure": figure,
        "now_share": now_share,
        "actions": list(one.actions.select_related("organisation")),
        "services": services,
        "outreach": plans_for(one.network, one.topic, one.municipality),
        "drafts": drafts,
        "strategies": list(strategies) if runs(request.user, one) else [],
        "houses": houses,
        "closed_share": closing.CLOSED_SHARE,
        "runs": runs(request.user, one),
        "why": why,
    }
    return render(request, "strategy/gap.html", context, status=422 if why else 200)
