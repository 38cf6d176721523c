"""How the states of surveys are said, and the levels of which people choose."""

from typing import Any

from django.utils.translation import gettext_lazy

from opinovi.workplaces.models import PlanState, SurveyState

SURVEYS: dict[str, tuple[Any, str]] = {
    SurveyState.DRAFT: (gettext_lazy("luonnos"), ""),
    SurveyState.OPEN: (gettext_lazy("vastattavana"), "open"),
    SurveyState.CLOSED: (gettext_lazy("lasketaan"), "ajar"),
    SurveyState.COUNTED: (gettext_lazy("tulokset valmiina"), "open"),
}
GOALS: dict[str, Any] = {
    PlanState.OPEN: gettext_lazy("kesken"),
    PlanState.DONE: gettext_lazy("tehty"),
    PlanState.DROPPED: gettext_lazy("jätetty pois"),
}
LEVELS: dict[int, Any] = {
    1: gettext_lazy("en osaa vielä"),
    2: gettext_lazy("osaan, kun joku auttaa"),
    3: gettext_lazy("osaan itse"),
    4: gettext_lazy("osaan ja voin opettaa muita"),
}
IMPORTANCE: dict[int, Any] = {
    0: gettext_lazy("ei tarvita"),
    1: gettext_lazy("hyvä osata"),
    2: gettext_lazy("tärkeä"),
    3: gettext_lazy("välttämätön"),
}
