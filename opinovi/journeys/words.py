"""How the room says its states, pieces and choices, in the page's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from opinovi.journeys.models.clients import Beginning
from opinovi.journeys.models.consents import How, Piece
from opinovi.journeys.models.outcomes import What
from opinovi.journeys.models.plans import StepState
from opinovi.journeys.models.referrals import ReferralState, Urgency

PIECES = {
    Piece.CONTACT: _("nimi ja yhteystiedot"),
    Piece.NEED: _("asia ja toiveet"),
    Piece.PLAN: _("suunnitelma"),
    Piece.NOTES: _("yhteiset muistiinpanot"),
}
HOW = {
    How.OWN_DEVICE: _("omalla laitteella"),
    How.GUIDES_DEVICE: _("ohjaajan laitteella"),
    How.PAPER: _("paperilla"),
    How.SPOKEN: _("puhelimessa"),
}
BEGINNINGS = {
    Beginning.ENQUIRY: _("kysymyksestä"),
    Beginning.APPOINTMENT: _("varatusta ajasta"),
    Beginning.WALK_IN: _("käynnistä paikan päällä"),
    Beginning.OUTREACH: _("tapaamisesta muualla"),
    Beginning.SELF: _("omasta aloitteesta"),
}
# Each state in words, and how wide its door stands: open, ajar or shut.
STATES = {
    ReferralState.DRAFTED: (_("luonnos"), "ajar"),
    ReferralState.ASKED: (_("odottaa asiakkaan lupaa"), "ajar"),
    ReferralState.SENT: (_("lähetetty"), "ajar"),
    ReferralState.SEEN: (_("avattu"), "ajar"),
    ReferralState.QUESTION: (_("odottaa vastausta kysymykseen"), "ajar"),
    ReferralState.ACCEPTED: (_("otettu vastaan"), "open"),
    ReferralState.MET: (_("tavattu"), "open"),
    ReferralState.COMPLETED: (_("valmis"), "shut"),
    ReferralState.DECLINED: (_("ei otettu vastaan"), "shut"),
    ReferralState.WITHDRAWN: (_("peruttu"), "shut"),
    ReferralState.EXPIRED: (_("vanhentunut"), "shut"),
}
URGENCIES = {
    Urgency.CALM: _("ei kiirettä"),
    Urgency.SOON: _("pian"),
    Urgency.URGENT: _("kiireellinen"),
}
STEPS = {
    StepState.AHEAD: (_("edessä"), "ajar"),
    StepState.DONE: (_("tehty"), "shut"),
    StepState.POSTPONED: (_("siirretty"), "ajar"),
    StepState.DROPPED: (_("jätetty pois"), "shut"),
}
OUTCOMES: dict[str, Any] = {
    What.WORK: _("Olen töissä"),
    What.EDUCATION: _("Opiskelen"),
    What.QUALIFICATION: _("Sain tutkinnon tai todistuksen"),
    What.PLAN: _("Minulla on suunnitelma"),
    What.NOT_YET: _("En ole vielä siellä, minne halusin"),
    What.NOTHING_SAID: _("En halua kertoa"),
}
CONFIDENCE = (
    _("Tiedän, mitä haluan seuraavaksi."),
    _("Tiedän, mitä osaan."),
    _("Tiedän, mistä saan apua."),
    _("Uskon, että pääsen eteenpäin."),
)
MONTHS_ON = {
    0: _("ohjauksen päättyessä"),
    3: _("3 kuukautta myöhemmin"),
    6: _("6 kuukautta myöhemmin"),
    12: _("vuotta myöhemmin"),
}
