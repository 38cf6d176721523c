"""What the states and units of this room are called."""

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.strategy.models import ActionState, Element, StrategyState
from opinovi.strategy.models.plan import Source, Unit

# What a state is called, and the tone of its tag.
ACTIONS: dict[str, tuple[Any, str]] = {
    ActionState.PLANNED: (gettext_lazy("suunniteltu"), ""),
    ActionState.UNDER_WAY: (gettext_lazy("käynnissä"), "ajar"),
    ActionState.DONE: (gettext_lazy("tehty"), "open"),
    ActionState.STOPPED: (gettext_lazy("keskeytetty"), "alert"),
}
STRATEGIES: dict[str, tuple[Any, str]] = {
    StrategyState.DRAFT: (gettext_lazy("luonnos"), "ajar"),
    StrategyState.PUBLISHED: (gettext_lazy("voimassa"), "open"),
    StrategyState.ENDED: (gettext_lazy("päättynyt"), ""),
}
SOURCES: dict[str, Any] = {
    Source.HAND: gettext_lazy("kirjataan käsin"),
    Source.UNSERVED: gettext_lazy("tarpeet, joihin ei löytynyt hyvää ovea (%)"),
    Source.FIRST_ANSWER: gettext_lazy("päiviä ensimmäiseen vastaukseen (mediaani)"),
    Source.CONFIRMED: gettext_lazy("ajallaan tarkistetut tiedot (%)"),
    Source.MET: gettext_lazy("perille päässeet asiakkaat vuodessa"),
    Source.REACHED: gettext_lazy("hakevassa toiminnassa tavatut vuodessa"),
}
# The unit of a measure that takes its value by itself.
OWN_UNITS = {Source.UNSERVED: Unit.PERCENT, Source.FIRST_ANSWER: Unit.DAYS, Source.CONFIRMED: Unit.PERCENT,
             Source.MET: Unit.PEOPLE, Source.REACHED: Unit.PEOPLE}  # fmt: skip
# Of these a smaller figure is the better one.
SMALLER = (Source.UNSERVED, Source.FIRST_ANSWER)
UNITS: dict[str, Any] = {
    Unit.PERCENT: gettext_lazy("prosenttia"),
    Unit.DAYS: gettext_lazy("päivää"),
    Unit.PEOPLE: gettext_lazy("ihmistä"),
    Unit.COUNT: gettext_lazy("kappaletta"),
    Unit.EUROS: gettext_lazy("euroa"),
}
SHORT_UNITS: dict[str, Any] = {
    Unit.PERCENT: "%",
    Unit.DAYS: gettext_lazy("päivää"),
    Unit.PEOPLE: gettext_lazy("ihmistä"),
    Unit.COUNT: "",
    Unit.EUROS: "€",
}
ELEMENTS: dict[str, Any] = {
    Element.COMPETENCE: gettext_lazy("Ohjaajien osaaminen"),
    Element.CITIZENS: gettext_lazy("Ihmisten osallisuus"),
    Element.PROVISION: gettext_lazy("Palvelujen saatavuus"),
    Element.BENEFIT: gettext_lazy("Hyödyt ja kustannukset"),
}
LEVELS: dict[int, Any] = {
    1: gettext_lazy("Emme vielä tee näin"),
    2: gettext_lazy("Teemme joskus tai joissakin paikoissa"),
    3: gettext_lazy("Teemme näin melkein aina"),
    4: gettext_lazy("Teemme näin aina ja kehitämme sitä"),
}


def number(thousandths: int) -> str:
    """A value as it is read in the page's language, with no more decimals than it has."""
    value = Decimal(thousandths) / 1000
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return number_format(value, decimal_pos=min(places, 3), use_l10n=True, force_grouping=True)


def amount(thousandths: int | None, unit: str) -> str:
    if thousandths is None:
        return _("liian vähän tietoa")
    return f"{number(thousandths)} {SHORT_UNITS[unit]}".strip()


def state_words(pairs: dict[str, tuple[Any, str]], state: str) -> dict[str, Any]:
    return {"state": pairs[state][0], "tone": pairs[state][1]}
