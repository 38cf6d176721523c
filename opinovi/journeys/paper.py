"""The plan on paper: a tagged PDF, made by typst from a template of our own."""

import json
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from opinovi.contact.actions.letters import spoken
from opinovi.journeys.content import GoalSeen

# The text comes as data, never as markup: nothing that a person wrote is taken for an instruction.
TEMPLATE = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title)
#set text(lang: told.lang, size: 12pt, font: ("DejaVu Sans", "Libertinus Serif"))
#set page(margin: 2.2cm, numbering: "1")
= #told.title
#for line in told.who [#line \\ ]
#for goal in told.goals [
  == #goal.text
  #if goal.steps.len() > 0 [
    #for one in goal.steps [
      - #one.text #if one.note != "" [ (#one.note)]
    ]
  ]
]
"""


def plan_pdf(language: str, who: list[str], goals: list[GoalSeen]) -> bytes:
    """The plan as PDF/A-like tagged PDF bytes, in the client's language."""
    with translation.override(spoken(language)):
        told: dict[str, Any] = {
            "title": _("Suunnitelmani"),
            "lang": spoken(language),
            "who": who,
            "goals": [
                {"text": goal.text, "steps": [{"text": one.text, "note": note_of(one)} for one in goal.steps]}
                for goal in goals
            ],
        }
    content = typst.compile(TEMPLATE.encode(), sys_inputs={"told": json.dumps(told, ensure_ascii=False)})
    assert isinstance(content, bytes)
    return content


def note_of(one: Any) -> str:
    return ", ".join(part for part in (one.words, f"{one.due:%-d.%-m.%Y}" if one.due else "", one.door_name) if part)
