"""What places, groups and steps are called."""

from typing import Any

from django.utils.translation import gettext_lazy

from opinovi.outreach.models import Group, Place

PLACES: dict[str, Any] = {
    Place.WORKPLACE: gettext_lazy("työpaikka"),
    Place.LIBRARY: gettext_lazy("kirjasto"),
    Place.SHOP: gettext_lazy("kauppa"),
    Place.PRISON: gettext_lazy("vankila"),
    Place.RECEPTION: gettext_lazy("vastaanottokeskus"),
    Place.ONLINE: gettext_lazy("verkkoyhteisö"),
    Place.OTHER: gettext_lazy("muu paikka"),
}
GROUPS: dict[str, Any] = {
    Group.LITTLE_SCHOOLING: gettext_lazy("vähän koulua käyneet"),
    Group.NEWCOMERS: gettext_lazy("Suomeen muuttaneet"),
    Group.UNEMPLOYED: gettext_lazy("työttömät"),
    Group.AT_WORK: gettext_lazy("työssä olevat"),
    Group.AT_HOME: gettext_lazy("kotona olevat"),
    Group.OLDER: gettext_lazy("yli 55-vuotiaat"),
    Group.YOUNG: gettext_lazy("alle 30-vuotiaat"),
    Group.IN_PRISON: gettext_lazy("vankilassa olevat"),
    Group.OTHER: gettext_lazy("muut"),
}
STEPS: dict[str, Any] = {
    "opened": gettext_lazy("avasi koodin"),
    "asked": gettext_lazy("kysyi"),
    "booked": gettext_lazy("varasi ajan tai paikan"),
    "begun": gettext_lazy("aloitti ohjauksen"),
}
