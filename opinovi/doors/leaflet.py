"""Doors on paper: a folded leaflet of one municipality and topic, for a wall, a counter, a person without a phone."""

from typing import Any
from uuid import UUID

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.fresh import fresh
from opinovi.base.pdf import pdf
from opinovi.base.text import choose
from opinovi.directory.codes import municipality_name
from opinovi.directory.hours_plan import from_osm
from opinovi.directory.hours_words import weekly_words
from opinovi.directory.models import Service, ServicePoint
from opinovi.doors.door import Door, for_need
from opinovi.doors.find import find
from opinovi.doors.guided import ABOUT, CLOSER
from opinovi.doors.need import understand
from opinovi.doors.where import read_place
from opinovi.network.models import Network
from opinovi.network.queries import current_network

# As many as stand on two of the three pages of a side without a squeeze.
MOST = 10
TEMPLATE = """
#set page(paper: "a4", flipped: true, margin: 1cm, numbering: none, columns: 3)
#set text(size: 9.5pt)
#set columns(gutter: 1.6cm)
#show heading: set text(fill: rgb("#083a4a"))
#block(width: 100%)[
  = #told.title
  #text(size: 13pt)[#told.where]
  #v(0.6em)
  #told.intro
  #v(0.8em)
  #image(bytes(told.code), width: 3.4cm, alt: told.address)
  #text(size: 8pt)[#told.address]
  #v(1em)
  #if told.desk != "" [ *#told.desk_title* \\ #text(size: 12pt)[#told.desk] \\ ]
  #v(0.6em)
  #told.danger
  #v(0.6em)
  #text(size: 8pt)[#told.made]
]
#colbreak()
#for one in told.doors [
  #block(breakable: false, width: 100%, below: 1.1em)[
    == #one.name
    #if one.who != "" [#one.who \\ ]
    #if one.what != "" [#text(size: 9pt)[#one.what] \\ ]
    #for line in one.ways [*#line* \\ ]
    #for line in one.places [#line \\ ]
  ]
]
"""


class LeafletForm(forms.Form):
    """For which municipality and about what."""

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = sorted((municipality_name(code), code) for code in network.municipalities)
        self.fields["where"] = forms.ChoiceField(
            label=_("Paikkakunta"), choices=[(code, name) for name, code in places]
        )
        self.fields["about"] = forms.ChoiceField(
            label=_("Aihe"), choices=[(one.value, one.label) for one in ABOUT.choices if one.value in CLOSER]
        )


@require_safe
@allow("doors.find")
def leaflet(request: HttpRequest) -> HttpResponse:
    """What the leaflet is to be of."""
    network = current_network()
    form = LeafletForm(request.GET if "where" in request.GET else None, network=network) if network else None
    chosen = form.cleaned_data if form is not None and form.is_bound and form.is_valid() else None
    context: dict[str, Any] = {"form": form, "chosen": chosen}
    if chosen is not None and network is not None:
        context["doors"] = doors_for(network, chosen["where"], chosen["about"])
    return render(request, "doors/leaflet.html", context, status=422 if form is not None and form.errors else 200)


@require_safe
@allow("doors.find")
def leaflet_pdf(request: HttpRequest) -> HttpResponse:
    """The leaflet to print on both sides of one sheet and fold in three; the same for all until something changes."""
    network = current_network()
    form = LeafletForm(request.GET, network=network) if network else None
    if network is None or form is None or not form.is_valid():
        return render(request, "doors/leaflet.html", {"form": form}, status=422)
    where, about, language = form.cleaned_data["where"], form.cleaned_data["about"], get_language() or "fi"
    key = ("leaflet", network.id, where, about, language)
    content = fresh.get(key, lambda: paper(network, where, about, language))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="ovet-{where}-{about}.pdf"'
    return response


def doors_for(network: Network, where: str, about: str) -> list[Door]:
    """The best doors of a municipality about something, those of every choice that the guided path offers of it."""
    topics = tuple(dict.fromkeys(topic for one in CLOSER[about] for topic in one.topics))
    need = understand("", get_language() or "fi", topics)
    place = read_place(where, network)
    return for_need(find(need, place.where, limit=MOST), need)


def paper(network: Network, where: str, about: str, language: str) -> bytes:
    title = next(str(one.label) for one in ABOUT.choices if one.value == about)
    address = f"{network.address}{reverse('home')}"
    desk, doors = network.front_desk or {}, doors_for(network, where, about)
    summaries = summaries_of(doors)
    streets, day = streets_of(doors), f"{today():%-d.%-m.%Y}"
    code = segno.make(address, error="m").svg_inline(scale=4, border=1)
    told = {
        "title": title,
        "lang": language.split("-")[0],
        "where": municipality_name(where),
        "intro": _("Täältä saat apua. Soita, tule käymään tai katso lisää netistä."),
        "address": address,
        "code": code.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        "desk_title": _("Etkö tiedä, mihin soittaa?"),
        "desk": str(desk.get("phone", "")),
        "danger": _("Hädässä soita 112. Kriisipuhelin 09 2525 0111 on auki aina."),
        "made": _("Tulostettu %(day)s, ja tiedot voivat muuttua. Varmista soittamalla.") % {"day": day},
        "doors": [told_door(one, streets, summaries) for one in doors],
    }  # fmt: skip
    return pdf(TEMPLATE, told)


def told_door(one: Door, streets: dict[UUID, str], summaries: dict[UUID, str]) -> dict[str, Any]:
    record = one.record
    points = list(record.points.all())[:2] if isinstance(record, Service) else []
    return {
        "name": one.name.text,
        "who": one.who.text if one.who else "",
        "what": Truncator(summaries.get(one.id, "")).chars(140),
        "ways": [way.value for way in one.ways if way.kind == "phone" and way.value][:2],
        "places": [line for point in points for line in place_lines(point, streets.get(point.id, ""))],
    }


def place_lines(point: ServicePoint, street: str) -> list[str]:
    """Where a place is, and its hours of the week where they are told simply enough."""
    town = municipality_name(point.municipality) if point.municipality else ""
    where = ", ".join(text for text in (choose(point.name).text, street, town) if text)
    plan = from_osm(point.hours) if point.hours else None
    return [where, *([weekly_words(plan.weekly)] if plan and plan.weekly and not plan.seasons else [])]


def streets_of(doors: list[Door]) -> dict[UUID, str]:
    """The streets of the places of the doors, which a door itself does not show: one query."""
    ids = [point.id for one in doors if isinstance(one.record, Service) for point in one.record.points.all()]
    rows = ServicePoint.objects.filter(id__in=ids).values_list("id", "street")
    return {point_id: choose(street).text for point_id, street in rows}


def summaries_of(doors: list[Door]) -> dict[UUID, str]:
    """What each service is, in short: one query."""
    rows = Service.objects.filter(id__in=[one.id for one in doors]).values_list("id", "summary")
    return {service_id: choose(summary).text for service_id, summary in rows}
