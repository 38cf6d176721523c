"""The strategy that is in force, for everybody: a page, and paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opinovi.base.access import allow
from opinovi.base.pdf import pdf
from opinovi.base.text import choose
from opinovi.network.queries import current_network
from opinovi.strategy.models import Action, Measure, Objective, Strategy
from opinovi.strategy.queries import progress, seen, strategy_in_force, whole_themes
from opinovi.strategy.text import paragraphs
from opinovi.strategy.words import ACTIONS

PAPER = """
#text(size: 22pt, weight: "bold", fill: rgb("#083a4a"))[#told.title]
#v(0.2em)
#text(fill: rgb("#555"))[#told.under]
#parbreak()
#for one in told.vision [#one \\ #v(0.3em)]
#for theme in told.themes [
  = #theme.name
  #for one in theme.paragraphs [#one #parbreak()]
  #for goal in theme.objectives [
    == #goal.name
    #for one in goal.paragraphs [#one #parbreak()]
    #if goal.measures.len() > 0 [
      #table(columns: (1fr, auto, auto, auto), stroke: 0.5pt + rgb("#bbb"), inset: 6pt,
        table.header(..told.measure_head.map(one => strong(one))),
        ..goal.measures.flatten())
    ]
    #if goal.actions.len() > 0 [
      #table(columns: (1.6fr, 1fr, auto, auto), stroke: 0.5pt + rgb("#bbb"), inset: 6pt,
        table.header(..told.action_head.map(one => strong(one))),
        ..goal.actions.flatten())
    ]
  ]
]
"""


def told_of(strategy: Strategy) -> dict[str, Any]:
    """The decided text, with the measures and actions as they are today."""
    assert strategy.published is not None
    data = strategy.published.data
    live = {str(one.id): one for theme in whole_themes(strategy) for one in theme.objectives.all()}
    themes: list[dict[str, Any]] = [
        {
            "name": choose(theme["name"]),
            "paragraphs": paragraphs(choose(theme["text"]).text),
            "lang": choose(theme["text"]).lang,
            "objectives": [objective_told(one, live.get(one["id"])) for one in theme["objectives"]],
        }
        for theme in data["themes"]
    ]
    actions = [one["action"] for theme in themes for goal in theme["objectives"] for one in goal["actions"]]
    return {
        "name": choose(data["name"]),
        "vision": paragraphs(choose(data["vision"]).text),
        "vision_lang": choose(data["vision"]).lang,
        "begins": strategy.begins,
        "ends": strategy.ends,
        "themes": themes,
        "progress": progress(actions),
    }


def objective_told(data: dict[str, Any], live: Objective | None) -> dict[str, Any]:
    measures: list[Measure] = list(live.measures.all()) if live else []
    actions: list[Action] = list(live.actions.all()) if live else []
    return {
        "name": choose(data["name"]),
        "paragraphs": paragraphs(choose(data["text"]).text),
        "lang": choose(data["text"]).lang,
        "measures": [seen(one) for one in measures],
        "practices": list(live.practices.all()) if live else [],
        "actions": [{"action": one, "state": ACTIONS[one.state][0], "tone": ACTIONS[one.state][1]} for one in actions],
    }


@require_safe
@allow("strategy.read")
def strategy(request: HttpRequest) -> HttpResponse:
    """What the network aims at, how far it has come, and who does what."""
    network = current_network()
    found = strategy_in_force(network)
    context = {"told": told_of(found) if found else None, "network": network, "LANG": get_language()}
    return render(request, "strategy/strategy.html", context)


@require_safe
@allow("strategy.read")
def strategy_paper(request: HttpRequest) -> HttpResponse:
    """The same as a tagged PDF."""
    found = strategy_in_force(current_network())
    if found is None:
        return HttpResponseRedirect(reverse("strategy"))
    response = HttpResponse(paper_of(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="strategy-{found.begins.year}-{found.ends.year}.pdf"'
    return response


def paper_of(strategy: Strategy) -> bytes:
    told = told_of(strategy)
    themes = [
        {
            "name": theme["name"].text,
            "paragraphs": theme["paragraphs"],
            "objectives": [
                {
                    "name": goal["name"].text,
                    "paragraphs": goal["paragraphs"],
                    "measures": [
                        [str(one.measure), one.baseline or "–", one.newest, one.target or "–"]
                        for one in goal["measures"]
                    ],
                    "actions": [
                        [str(row["action"]), str(row["action"].organisation), day(row["action"].ends),
                         str(row["state"])]
                        for row in goal["actions"]
                    ],
                }
                for goal in theme["objectives"]
            ],
        }
        for theme in told["themes"]
    ]  # fmt: skip
    return pdf(
        PAPER,
        {
            "title": told["name"].text,
            "lang": get_language() or "fi",
            "under": f"{strategy.network}, {strategy.begins.year}–{strategy.ends.year}",
            "vision": told["vision"],
            "themes": themes,
            "measure_head": [_("Mittari"), _("Lähtötaso"), _("Nyt"), _("Tavoite")],
            "action_head": [_("Toimenpide"), _("Vastuu"), _("Valmis viimeistään"), _("Tila")],
        },
    )


def day(one: Any) -> str:
    return f"{one:%-d.%-m.%Y}"
