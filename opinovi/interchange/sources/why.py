"""Why a run ended or waits, in words for people."""

from django.utils.translation import gettext_noop

WHY = {
    "private": gettext_noop("Osoite vie suljettuun verkkoon: sieltä emme hae."),
    "not-web": gettext_noop("Osoite ei ole verkko-osoite."),
    "password-in-address": gettext_noop("Osoitteessa on salasana. Poista se."),
    "unknown-host": gettext_noop("Osoitetta ei löydy."),
    "no-answer": gettext_noop("Lähde ei vastaa."),
    "slow": gettext_noop("Lähde vastaa liian hitaasti."),
    "broken-off": gettext_noop("Vastaus katkesi kesken."),
    "too-much": gettext_noop("Lähteestä tulee liikaa tietoa."),
    "packing": gettext_noop("Vastausta ei voi purkaa."),
    "redirects": gettext_noop("Lähde ohjaa aina eteenpäin."),
    "status": gettext_noop("Lähde vastasi virheellä."),
    "unreadable": gettext_noop("Vastausta ei voi lukea."),
    "nothing": gettext_noop("Lähteestä ei tullut mitään."),
    "many-bad": gettext_noop("Liian moni tieto on viallinen."),
    "changed": gettext_noop("Lähde muuttui kesken lukemisen. Yritämme myöhemmin uudelleen."),
    "columns": gettext_noop("Kerro, mikä sarake on mikä."),
    "vanish": gettext_noop("Liian paljon katoaisi. Katso muutokset ja päätä itse."),
    "broken-in": gettext_noop("Sisäänotto katkesi kesken. Osa muutoksista on jo mukana; seuraava haku jatkaa siitä."),
    "own-fault": gettext_noop("Meillä on vika. Vanhat tiedot ovat ennallaan."),
}
