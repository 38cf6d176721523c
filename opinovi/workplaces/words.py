"""How the states of surveys are said, and the levels of which people choose."""

from typing import Any

from django.utils.translation import gettext_lazy

from opinovi.workplaces.models import Case, PlanState, SurveyState
from opinovi.workplaces.models.cases import Ask, CaseState, EndedWhy, OfferState
from opinovi.workplaces.models.places import PlacementKind, PlacementState

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
ASKS: dict[str, Any] = {
    Ask.PEOPLE: gettext_lazy("Tarvitsemme työntekijöitä"),
    Ask.TRAINING: gettext_lazy("Koulutusta väelle"),
    Ask.APPRENTICE: gettext_lazy("Oppisopimus tai työkokeilu"),
    Ask.SURVEY: gettext_lazy("Osaamiskartoitus"),
    Ask.VISIT: gettext_lazy("Ohjaaja käymään työpaikalla"),
    Ask.CHANGES: gettext_lazy("Muutos tai irtisanomisia tulossa"),
    Ask.FUNDING: gettext_lazy("Rahoitusta osaamiseen"),
    Ask.OTHER: gettext_lazy("Jotain muuta"),
}
# How the team says the state of a case, and its light; how the workplace reads it.
CASES: dict[str, tuple[Any, str]] = {
    CaseState.NEW: (gettext_lazy("uusi"), "alert"),
    CaseState.OPEN: (gettext_lazy("hoidossa"), "ajar"),
    CaseState.OFFERED: (gettext_lazy("tarjous lähetetty"), "ajar"),
    CaseState.AGREED: (gettext_lazy("sovittu"), "open"),
    CaseState.DONE: (gettext_lazy("valmis"), "open"),
    CaseState.CLOSED: (gettext_lazy("päättynyt"), ""),
}
TO_WORKPLACE: dict[str, Any] = {
    CaseState.NEW: gettext_lazy("Pyyntönne on perillä. Otamme yhteyttä kahden työpäivän kuluessa."),
    CaseState.OPEN: gettext_lazy("Hoidamme asiaanne. Kerromme tällä sivulla, kun siinä tapahtuu jotain."),
    CaseState.OFFERED: gettext_lazy("Teille on tarjous. Lukekaa se ja vastatkaa alla."),
    CaseState.AGREED: gettext_lazy("Hyväksyitte tarjouksen. Organisaatiot ottavat yhteyttä ja sopivat aloituksesta."),
    CaseState.DONE: gettext_lazy("Asianne on hoidettu. Voitte yhä kirjoittaa tähän, jos jokin jäi auki."),
    CaseState.CLOSED: gettext_lazy(
        "Asianne on päättynyt. Voitte yhä kirjoittaa tähän, jos se tulee uudelleen ajankohtaiseksi."
    ),
}
NEXT: dict[str, Any] = {
    CaseState.NEW: gettext_lazy("Ota yhteyttä työpaikkaan"),
    CaseState.OPEN: gettext_lazy("Selvitä, mitä tarvitaan, ja tee tarjous"),
    CaseState.OFFERED: gettext_lazy("Työpaikka vastaa tarjoukseen"),
    CaseState.AGREED: gettext_lazy("Sovi aloituksesta ja seuraa, että osat tehdään"),
}
ENDS: dict[str, Any] = {
    EndedWhy.HELPED: gettext_lazy("saivat mitä tarvitsivat"),
    EndedWhy.DIRECTED: gettext_lazy("ohjattiin oikeaan paikkaan"),
    EndedWhy.CHANGED_MIND: gettext_lazy("eivät tarvitsekaan"),
    EndedWhy.SILENT: gettext_lazy("ei vastausta"),
    EndedWhy.NOT_OURS: gettext_lazy("ei kuulu meille"),
}
OFFERS: dict[str, tuple[Any, str]] = {
    OfferState.DRAFT: (gettext_lazy("luonnos"), ""),
    OfferState.SENT: (gettext_lazy("odottaa vastausta"), "ajar"),
    OfferState.ACCEPTED: (gettext_lazy("hyväksytty"), "open"),
    OfferState.DECLINED: (gettext_lazy("ei hyväksytty"), "shut"),
    OfferState.WITHDRAWN: (gettext_lazy("peruttu"), ""),
    OfferState.EXPIRED: (gettext_lazy("vanhentunut"), ""),
}


PLACEMENTS: dict[str, Any] = {
    PlacementKind.APPRENTICESHIP: gettext_lazy("Oppisopimus"),
    PlacementKind.TRYOUT: gettext_lazy("Työkokeilu"),
}
PLACEMENT_STATES: dict[str, tuple[Any, str]] = {
    PlacementState.TOLD: (gettext_lazy("odottaa ohjaajaa"), "ajar"),
    PlacementState.OPEN: (gettext_lazy("haettavana"), "open"),
    PlacementState.FILLED: (gettext_lazy("täytetty"), "open"),
    PlacementState.CLOSED: (gettext_lazy("ei haettavana"), ""),
}


def next_words(one: Case) -> Any:
    """What is done next: as somebody wrote it, else by the state."""
    return one.next_step or NEXT.get(one.state, "")
