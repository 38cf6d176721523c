"""The yearly report as paper: what was done in words, the figures as charts with their tables."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opinovi.base.pdf import pdf
from opinovi.base.text import choose
from opinovi.impact.cards import Card, Shares, reached_card, shares_of, trend_cards
from opinovi.impact.indicators import THEMES, indicators
from opinovi.impact.models import Annual
from opinovi.impact.shown import Span
from opinovi.impact.words import THEMES as THEME_NAMES
from opinovi.strategy.text import paragraphs

YEARS = 3
TEMPLATE = """
#text(size: 24pt, weight: "bold", fill: rgb("#083a4a"))[#told.title]
#v(0.2em)
#text(fill: rgb("#4a5b61"))[#told.under]
#v(1em)
#for part in told.parts [
  = #part.title
  #for one in part.paragraphs [#one #parbreak()]
]
#for theme in told.themes [
  = #theme.name
  #for card in theme.cards [
    #block(breakable: false, width: 100%)[
      == #card.name
      #text(fill: rgb("#4a5b61"))[#card.tells]
      #parbreak()
      #strong(card.sentence)
      #grid(columns: (1fr, 1fr), gutter: 1em, align: horizon,
        image(bytes(card.chart), format: "svg", width: 100%, alt: card.alt),
        table(columns: card.columns, stroke: 0.5pt + rgb("#d9d5c8"), inset: 4pt,
          table.header(..card.head.map(one => text(size: 9pt, strong(one)))),
          ..card.rows.flatten().map(one => text(size: 9pt, one))))
      #if card.note != "" [#text(size: 9pt)[#card.note]]
    ]
  ]
]
#v(1em)
#text(size: 9pt, fill: rgb("#4a5b61"))[#told.foot]
"""


def told_card(card: Card) -> dict[str, Any]:
    head = [_("Mistä"), _("Luku"), *([_("Väli")] if card.sure else []), *([card.against] if card.against else [])]
    rows = [
        [row.name, row.value, *([row.between] if card.sure else []), *([row.against] if card.against else [])]
        for row in card.lines
    ]
    return {"name": card.name, "tells": card.tells, "sentence": card.sentence, "columns": len(head), "head": head,
            "chart": str(card.chart).replace("system-ui, sans-serif", "DejaVu Sans"), "rows": rows, "note": card.note,
            "alt": card.sentence}  # fmt: skip


def cards_of(one: Annual, shares: Shares) -> list[Card]:
    """All figures over the years up to the report's, of which there is anything to see."""
    scope = one.organisation_id or one.network_id
    spans = [year_span(year) for year in range(one.year - YEARS + 1, one.year + 1)]
    beside = one.network if one.organisation_id else None
    cards = trend_cards(scope, list(indicators().values()), spans, "year", beside, paper=True)
    cards.append(reached_card(scope, shares, spans[-1], paper=True))
    return [card for card in cards if card.chart]


def year_span(year: int) -> Span:
    return Span(str(year), tuple(year * 100 + month for month in range(1, 13)))


def paper_of(one: Annual) -> bytes:
    """The report in the language of the page. What was written stands as it was written."""
    whose = choose((one.organisation or one.network).name).text
    titles = {"done": _("Mitä tehtiin"), "learned": _("Mitä opittiin"), "next": _("Mitä seuraavaksi")}
    parts = [
        {"title": title, "paragraphs": paragraphs(one.words.get(name, ""))}
        for name, title in titles.items()
        if one.words.get(name)
    ]
    shares = shares_of(one.network)
    cards = cards_of(one, shares)
    themes = [
        {"name": str(THEME_NAMES[theme]), "cards": [told_card(card) for card in cards if card.indicator.theme == theme]}
        for theme in THEMES
    ]
    foot = _(
        "Luvut tulevat siitä, mitä on tapahtunut. "
        "Ihmisiä koskevat luvut on pyöristetty viiteen, ja alle viittä ei näytetä."
    )
    told = {
        "title": _("%(whose)s, vuosi %(year)d") % {"whose": whose, "year": one.year},
        "lang": get_language() or "fi",
        "under": _("Mitä ohjauksesta on seurannut"),
        "parts": parts,
        "themes": [theme for theme in themes if theme["cards"]],
        "foot": f"{foot} {_('Osuudet väestöstä:')} {shares.source}" if shares.source else foot,
    }
    return pdf(TEMPLATE, told)
