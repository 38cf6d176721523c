"""A certificate on paper."""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opinovi.base.pdf import pdf
from opinovi.base.text import choose
from opinovi.network.competences import area_names
from opinovi.staff.models import Certificate

PAPER = """
#set page(numbering: none, margin: (x: 3cm, y: 3.2cm))
#align(center)[
  #box(width: 2.2cm, height: 3cm, radius: (top: 1.1cm), stroke: 2pt + rgb("#083a4a"), fill: rgb("#fdeaa8"), inset: 0pt)[
    #place(left + horizon, dx: 1.5cm)[#circle(radius: 0.09cm, fill: rgb("#083a4a"))]
  ]
  #v(1.2cm)
  #text(size: 12pt, fill: rgb("#3f5a63"))[#told.network]
  #heading(level: 1)[#text(size: 30pt)[#told.title]]
  #v(0.8cm)
  #text(size: 20pt, weight: "bold")[#told.who]
  #v(0.5cm)
  #text(size: 12pt)[#told.took]
  #v(0.3cm)
  #text(size: 17pt, weight: "bold", fill: rgb("#083a4a"))[#told.name]
  #v(0.5cm)
  #text(size: 12pt)[#told.when \\ #told.hours]
  #v(0.7cm)
  #if told.areas.len() > 0 [#text(size: 11pt)[#told.strengthens]\\ #told.areas.join(" · ")]
  #v(1.8cm)
  #text(size: 11pt)[#told.house, #told.issued]
  #v(0.6cm)
  #text(size: 8.5pt, fill: rgb("#3f5a63"))[#told.number]
]
"""


def days_in_words(days: list[str]) -> str:
    """The days on which somebody came, in the language in use."""
    return ", ".join(date_format(date.fromisoformat(one), "j.n.Y") for one in days)


def hours_in_words(minutes: int) -> str:
    hours, left = divmod(minutes, 60)
    if not left:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": left}


def told_of(one: Certificate, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "lang": language,
            "title": _("Todistus"),
            "network": str(one.network),
            "who": one.who,
            "took": _("on osallistunut koulutukseen"),
            "name": choose(one.name).text,
            "when": days_in_words(one.days),
            "hours": _("Laajuus: %(hours)s") % {"hours": hours_in_words(one.minutes)},
            "strengthens": _("Koulutus vahvisti näitä:"),
            "areas": area_names(one.areas),
            "house": choose(one.house).text,
            "issued": date_format(one.issued_at, "j.n.Y"),
            "number": _("Todistuksen tunnus: %(number)s") % {"number": one.id},
        }


def paper(one: Certificate, language: str) -> bytes:
    return pdf(PAPER, told_of(one, language))
