"""What breakdowns, their values, themes and spans are called."""

from collections.abc import Iterable
from typing import Any

from babel import Locale
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from opinovi.directory.codes import municipality_name
from opinovi.doors.door import label
from opinovi.doors.topics import topics
from opinovi.impact.groups import GROUPS
from opinovi.journeys.words import BEGINNINGS, OUTCOMES

THEMES: dict[str, Any] = {
    "availability": gettext_lazy("Pääseekö apuun"),
    "quality": gettext_lazy("Onko apu hyvää"),
    "effectiveness": gettext_lazy("Mitä siitä seuraa"),
    "equity": gettext_lazy("Keitä tavoitetaan"),
    "cost": gettext_lazy("Millä työllä"),
}
BREAKDOWNS: dict[str, Any] = {
    "municipality": gettext_lazy("Kunta"),
    "language": gettext_lazy("Kieli"),
    "group": gettext_lazy("Ryhmä"),
    "topic": gettext_lazy("Aihe"),
    "channel": gettext_lazy("Tapa"),
    "came": gettext_lazy("Mistä ohjaus alkoi"),
    "what": gettext_lazy("Mitä seurasi"),
}
CHANNELS: dict[str, Any] = {
    "web": gettext_lazy("kirjoittaen"),
    "chat": gettext_lazy("jutellen verkossa"),
    "phone": gettext_lazy("puhelimessa"),
    "visit": gettext_lazy("paikan päällä"),
    "video": gettext_lazy("videolla"),
    "group": gettext_lazy("ryhmässä"),
}
STEPS: dict[str, Any] = {
    "month": gettext_lazy("kuukausittain"),
    "quarter": gettext_lazy("neljännesvuosittain"),
    "year": gettext_lazy("vuosittain"),
}
FUNNEL: dict[str, Any] = {
    "began": gettext_lazy("Aloitti ohjauksen"),
    "way_asked": gettext_lazy("Ehdotettiin toisen talon apua"),
    "way_sent": gettext_lazy("Sanoi kyllä"),
    "way_accepted": gettext_lazy("Toinen talo otti vastaan"),
    "way_met": gettext_lazy("Tavattiin siellä"),
    "way_helped": gettext_lazy("Pääsi eteenpäin"),
}
LOST: dict[str, Any] = {
    "lost_refused": gettext_lazy("ei halunnut tai ehtinyt vastata"),
    "lost_declined": gettext_lazy("toinen talo ei voinut ottaa"),
    "lost_waited": gettext_lazy("odotti vastaanottajaa liian kauan"),
    "lost_withdrew": gettext_lazy("perui itse"),
    "lost_not_reached": gettext_lazy("häntä ei tavoitettu"),
    "way_open": gettext_lazy("on vielä kesken"),
}


def language_name(code: str) -> str:
    """What a language is called in the language of the page."""
    locale = Locale.parse(get_language() or "fi", sep="-")
    return str(locale.languages.get(code, code)).capitalize()


def value_name(by: str, value: str) -> str:
    if by == "municipality":
        return municipality_name(value) or _("ei kerrottu")
    if by == "language":
        return language_name(value)
    if by == "topic":
        return label(value) if value in topics() else value
    tables: dict[str, Any] = {"group": GROUPS, "channel": CHANNELS, "came": BEGINNINGS, "what": OUTCOMES}
    return str(tables[by].get(value, value))


def names_of(by: str, values: Iterable[str]) -> dict[str, str]:
    """The values of a breakdown by name: those of a fixed list in its order, others by the alphabet."""
    fixed: dict[str, list[str]] = {"group": list(GROUPS), "channel": list(CHANNELS), "what": list(OUTCOMES)}
    found = {value: value_name(by, value) for value in values}
    if by in fixed:
        return {value: found[value] for value in fixed[by] if value in found}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))
