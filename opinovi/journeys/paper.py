"""The plan on paper: a tagged PDF, made by typst from a template of our own."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from opinovi.base.pdf import pdf
from opinovi.contact.actions.letters import spoken
from opinovi.journeys.content import GoalSeen

TEMPLATE = """
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
    return pdf(TEMPLATE, told)


def note_of(one: Any) -> str:
    return ", ".join(part for part in (one.words, f"{one.due:%-d.%-m.%Y}" if one.due else "", one.door_name) if part)
