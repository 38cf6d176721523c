"""Home, results and the guided choice."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.fresh import fresh
from opinovi.base.ids import new_id
from opinovi.base.masking import MASK
from opinovi.base.offline import kept
from opinovi.base.text import choose as text_for
from opinovi.base.when import soon
from opinovi.directory.codes import municipality_name
from opinovi.directory.hours import state
from opinovi.directory.models import Service, State
from opinovi.directory.queries import points_of
from opinovi.directory.ways import opening_words
from opinovi.doors import guided, hooks
from opinovi.doors.counting import counter
from opinovi.doors.door import for_need, label
from opinovi.doors.facets import FACETS, HOW
from opinovi.doors.find import Found, find
from opinovi.doors.forms import Asked, read
from opinovi.doors.models import NeedCount
from opinovi.doors.need import Need, of_employer, understand
from opinovi.doors.where import ANYWHERE, Place, across_border, read_place, whole_region
from opinovi.network.models import Network
from opinovi.network.queries import current_network, siblings

PER_PAGE = 10
# Chips of understood topics: as many as a person reads.
CHIPS = 5


@require_safe
@allow("doors.find")
def home(request: HttpRequest) -> HttpResponse:
    network = current_network()
    return render(
        request,
        "doors/home.html",
        {"now": right_now(network), "shortcuts": shortcuts(), "places": place_names(network)},
    )


def shortcuts() -> list[str]:
    """Six needs in people's own words, in each language as the search understands them."""
    return [
        _("haluan vaihtaa alaa"),
        _("opiskelu työttömänä"),
        _("haluan oppia suomea"),
        _("lukeminen on vaikeaa"),
        _("lukio aikuisena"),
        _("työpaikalla on muutoksia"),
    ]


def place_names(network: Network | None) -> list[str]:
    return sorted(municipality_name(code) for code in network.municipalities) if network else []


def right_now(network: Network | None) -> dict[str, Any]:
    """What is true at this minute: the front desk, and the next free time, or where none is, the places open."""

    def look() -> dict[str, Any]:
        at = now()
        desk = state((network.front_desk if network else {}).get("hours", ""), at)
        free = next_free(network, at) if network else ""
        points = list(points_of(network)) if network and not free else []
        return {
            "desk_open": desk.open,
            "desk": opening_words(desk, at),
            "places": len(points),
            "places_open": sum(state(point.hours, at).open for point in points),
            "next_free": free,
        }

    return fresh.get(("right now", get_language(), network.id if network else None), look)


def next_free(network: Network, at: datetime) -> str:
    """The first time that can be booked in the network, in words; empty where there is none."""
    rows = Service.objects.filter(organisation__networks=network, state=State.PUBLISHED, next_free_at__gt=at)
    first = rows.order_by("next_free_at").values_list("next_free_at", flat=True).first()
    return soon(first, at) if first else ""


@require_safe
@allow("doors.find")
def results(request: HttpRequest) -> HttpResponse:
    asked = read(request.GET)
    if asked.masked:
        # The address with the code in it must not stay in the browser's history.
        return HttpResponseRedirect(f"{request.path}?{asked.query()}")
    network = current_network()
    place = read_place(asked.where, network)
    if asked.empty:
        error = _("Kirjoita ensin muutamalla sanalla, mitä sinulla on mielessä.") if "q" in request.GET else ""
        context = {
            "asked": asked,
            "place": place,
            "need_error": error,
            "shortcuts": shortcuts(),
            "places": place_names(network),
        }
        return render(request, "doors/ask.html", context, status=422 if error else 200)
    return show_results(request, network, asked, place)


def show_results(request: HttpRequest, network: Network | None, asked: Asked, place: Place) -> HttpResponse:
    need = understand(asked.q, get_language() or "fi", asked.topics, asked.without, asked.exact)
    chosen = dict(asked.chosen)
    if chosen.get("for") == ["employer"]:
        need = of_employer(need, asked.without)
    if place.anywhere and not chosen.get(HOW.name):
        chosen[HOW.name] = ["phone", "online"]
    regions = [(text_for(one.name).text, whole_region(one).where) for one in siblings(network)]
    others = [(name, where) for name, where in regions if where]
    known = {code for _name, where in others for code in where.municipalities}
    others += [row for row in across_border(place.municipality, network) if not known & set(row[1].municipalities)]
    beyond = tuple(where for _name, where in others)
    found = find(need, place.where, chosen=chosen, limit=PER_PAGE, offset=(asked.page - 1) * PER_PAGE, beyond=beyond)
    asked = counted(asked, need, place, found)
    doors = for_need(found, need)
    context = {
        "asked": asked,
        "need": need,
        "place": place,
        "found": found,
        "doors": doors,
        "doors_from": (asked.page - 1) * PER_PAGE + 1,
        "lines": need.danger.lines,
        "chips": chips(asked, need),
        "filters": filters(asked, found),
        "pages": pages(asked, found),
        "places": place_names(network),
        "desk": right_now(network),
        "was_masked": MASK in asked.q,
        "place_error": "" if place.known else _("Emme tunne tätä paikkaa. Kirjoita kunnan nimi tai postinumero."),
        "beyond": not doors and found.total > 0,
        "neighbours": neighbours(asked, [name for name, _where in others], found),
        "beside": [told for give in hooks.beside_results if asked.page == 1 and (told := give(need, place))],
        **links(asked, place),
    }
    status = 422 if not place.known else 404 if context["beyond"] else 200
    return kept(render(request, "doors/results.html", context, status=status))


def neighbours(asked: Asked, others: list[str], found: Found) -> list[dict[str, str]]:
    """The sibling networks of the programme, and the municipalities across the border, that have doors of their own for
    the need."""
    path = reverse("results")
    names = [name for name, has in zip(others, found.beyond, strict=False) if has]
    return [
        {"name": name, "href": f"{path}?{asked.query(where=name)}"}
        for name in names
        if name.lower() != asked.where.lower()
    ]


def counted(asked: Asked, need: Need, place: Place, found: Found) -> Asked:
    """Count a need that is looked for the first time: its topics, place and doors, and no word of it."""
    if asked.counted or asked.page != 1 or asked.chosen or need.empty:
        return asked
    one = NeedCount(
        id=new_id(),
        network=current_network(),
        language=need.language,
        municipality=place.municipality,
        topics=[met.topic for met in need.topics],
        doors=found.total,
        served=found.good and found.total > 0,
    )
    counter.looked_for(one)
    return replace(asked, counted=one.id)


def links(asked: Asked, place: Place) -> dict[str, str]:
    """Ways to widen a search, and to take the corrections back."""
    path = reverse("results")
    return {
        "without_filters": f"{path}?{asked.query(chosen={})}",
        "exactly": f"{path}?{asked.query(exact=True)}",
        "whole_region": f"{path}?{asked.query(where='')}" if asked.where else "",
        "anywhere": "" if place.anywhere else f"{path}?{asked.query(where=ANYWHERE)}",
        "wider": f"{path}?{asked.query(where=ANYWHERE, chosen={'how': ['visit', 'phone', 'online']})}",
    }


@dataclass(frozen=True)
class Chip:
    label: str
    away: str


def chips(asked: Asked, need: Need) -> list[Chip]:
    """What was understood, as words that can be taken away."""
    path = reverse("results")
    found = []
    for met in need.topics[:CHIPS]:
        rest = tuple(one for one in asked.topics if one != met.topic)
        away = asked.query(topics=rest, without=(*asked.without, met.topic) if asked.q else ())
        found.append(Chip(label(met.topic), f"{path}?{away}" if asked.q or rest else path))
    return found


def filters(asked: Asked, found: Found) -> list[dict[str, Any]]:
    """The choices beside the results, each with how many doors it would show; those with none only if chosen."""
    groups = []
    for facet in FACETS:
        counts, picked = found.counts.get(facet.name, {}), asked.chosen.get(facet.name, [])
        options = [
            {
                "value": one.value,
                "label": one.label,
                "count": counts.get(one.value, 0),
                "picked": one.value in picked,
            }
            for one in facet.options
            if counts.get(one.value) or one.value in picked
        ]
        if options:
            groups.append({"name": facet.name, "label": facet.label, "options": options})
    return groups


def pages(asked: Asked, found: Found) -> dict[str, Any]:
    path, last = reverse("results"), max(1, -(-found.total // PER_PAGE))
    here = asked.page
    return {
        "here": here,
        "last": last,
        "first": f"{path}?{asked.query()}",
        "before": f"{path}?{asked.query(page=here - 1)}" if 1 < here <= last else "",
        "after": f"{path}?{asked.query(page=here + 1)}" if 1 <= here < last else "",
    }


@require_safe
@allow("doors.find")
def choose(request: HttpRequest) -> HttpResponse:
    """The guided choice: the answers so far stand in the address, so that the browser's back works."""
    answers = {name: request.GET.get(name, "") for name in guided.QUESTIONS}
    step = next((name for name in guided.QUESTIONS if name not in request.GET and asks(name, answers)), "")
    if not step:
        return HttpResponseRedirect(f"{reverse('results')}?{to_search(answers).query()}")
    given = [(name, answers[name]) for name in guided.QUESTIONS if name in request.GET]
    number = guided.QUESTIONS.index(step) + 1
    context = {
        "question": guided.question(step, answers["about"]),
        "step": step,
        "given": given,
        "number": number,
        "count": len(guided.QUESTIONS),
        "steps": range(1, len(guided.QUESTIONS) + 1),
        "back": f"{reverse('choose')}?{back(given)}" if given else reverse("home"),
        "places": place_names(current_network()),
    }
    return render(request, "doors/choose.html", context)


def asks(name: str, answers: dict[str, str]) -> bool:
    return name == "where" or guided.question(name, answers["about"]) is not None


def back(given: list[tuple[str, str]]) -> str:
    return urlencode(given[:-1])


def to_search(answers: dict[str, str]) -> Asked:
    """The search that the answers make. With no subject chosen, guidance itself is looked for."""
    closer = {one.value: one.topics for one in guided.CLOSER.get(answers["about"], ())}
    found = closer.get(answers["closer"]) or first_topics(answers["about"])
    chosen = {}
    for name, choices in (("for", guided.FOR), ("how", guided.HOW)):
        if answers[name] in {one.value for one in choices}:
            chosen[name] = [answers[name]]
    return Asked(topics=found, where=answers["where"][:80], chosen=chosen)


def first_topics(about: str) -> tuple[str, ...]:
    """The topics of a subject as a whole: the first of each of its choices."""
    return tuple(dict.fromkeys(one.topics[0] for one in guided.CLOSER.get(about, ())))[:4] or (
        "guidance",
        "general-advice",
    )
