"""What fields and their values are called, for pages that show a change."""

import re
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from opinovi.directory.forms import FORMS
from opinovi.directory.forms.base import LANGUAGE_NAMES
from opinovi.directory.models import ServicePoint
from opinovi.network.models import Member, Team

ROWED = re.compile(r"(channel|given|season|exception)_(\d+)_(\w+)")


def field_label(kind: str, name: str) -> str:
    """The field's name as its form has it: "Nimi, suomeksi", "Tapa 2: Numero tai osoite"."""
    base, _dot, language = name.partition(".")
    if not language and "_" in name and name.rsplit("_", 1)[1] in LANGUAGE_NAMES:
        base, language = name.rsplit("_", 1)
    if language == "fi-simple" or base.endswith("_simple"):
        return _("Selkokieli")
    if found := ROWED.fullmatch(name):
        return f"{rowed_labels().get(found[1], found[1])} {int(found[2]) + 1}"
    texts = {one[0]: str(one[1]) for one in FORMS[kind].texts} if kind in FORMS else {}
    label = texts.get(base) or plain_labels().get(base, base)
    return f"{label}, {LANGUAGE_NAMES[language]}" if language in LANGUAGE_NAMES else label


def rowed_labels() -> dict[str, str]:
    return {"channel": _("Tapa"), "given": _("Paikka"), "season": _("Kausi"), "exception": _("Poikkeuspäivä")}


def plain_labels() -> dict[str, str]:
    return {
        "kind": _("Millaista apua"),
        "charge": _("Maksaako"),
        "languages": _("Kielet"),
        "area": _("Missä päin asuville"),
        "municipalities": _("Paikkakunnat"),
        "regions": _("Alue"),
        "nationwide": _("Koko Suomi"),
        "target_groups": _("Ryhmät"),
        "topics": _("Aiheet"),
        "valid_from": _("Alkaa"),
        "valid_until": _("Päättyy"),
        "channels": _("Miten pääsee sisään"),
        "given": _("Missä palvelu annetaan"),
        "owner": _("Kuka pitää tiedon totena"),
        "team": _("Tiimi"),
        "confirm_months": _("Kuinka usein tarkistetaan"),
        "postcode": _("Postinumero"),
        "post_office": _("Postitoimipaikka"),
        "municipality": _("Kunta"),
        "latitude": _("Leveysaste"),
        "longitude": _("Pituusaste"),
        "hours": _("Aukioloajat"),
        "weekly_hours": _("Aukioloajat"),
        "access_features": _("Esteettömyys"),
        "form": _("Milloin ja miten opiskellaan"),
        "starts_on": _("Alkaa"),
        "ends_on": _("Päättyy"),
        "apply_from": _("Haku alkaa"),
        "apply_until": _("Haku päättyy"),
        "places": _("Paikkoja"),
        "price_cents": _("Hinta"),
        "price": _("Hinta euroina"),
        "link": _("Linkki, josta haetaan"),
        "service": _("Palvelu"),
        "point": _("Paikka"),
        "alternative_names": _("Muut nimet"),
        "closed_on_holidays": _("Kiinni pyhinä"),
        "plain": _("Selkokieli"),
    }


def value_words(value: Any) -> str:
    """A value as a person reads it; a dash for nothing."""
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("kyllä") if value else _("ei")
    if isinstance(value, list):
        return ", ".join(value_words(one) for one in value)
    if isinstance(value, dict):
        return " ".join(
            value_words(one) for key, one in value.items() if one not in (None, "", [], {}, False) and key != "charge"
        )
    return named(str(value))


def named(text: str) -> str:
    """The name of what an id stands for."""
    try:
        found = UUID(text)
    except ValueError:
        return text
    for model in (Member, ServicePoint, Team):
        if one := model._default_manager.filter(pk=found).first():
            return str(one)
    return text
