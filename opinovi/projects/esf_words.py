"""What the common indicators, and what they ask of a person, are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _

INDICATORS: dict[str, Any] = {
    "EECO01": _("Osallistujia yhteensä"),
    "EECO02": _("Työttömiä, myös pitkäaikaistyöttömät"),
    "EECO03": _("Pitkäaikaistyöttömiä"),
    "EECO04": _("Työelämän ulkopuolella"),
    "EECO05": _("Työssä, myös yrittäjät"),
    "EECO06": _("Alle 18-vuotiaita"),
    "EECO07": _("18–29-vuotiaita"),
    "EECO08": _("55 vuotta täyttäneitä"),
    "EECO09": _("Enintään peruskoulu"),
    "EECO10": _("Lukio tai ammatillinen tutkinto"),
    "EECO11": _("Korkea-asteen tutkinto"),
    "EECO12": _("Vammaisia"),
    "EECO13": _("EU:n ulkopuolisten maiden kansalaisia"),
    "EECO14": _("Ulkomaalaistaustaisia"),
    "EECO15": _("Vähemmistöön kuuluvia"),
    "EECO16": _("Asunnottomia"),
    "EECO17": _("Maaseudulta"),
    "EECO18": _("Tuettuja viranomaisia ja julkisia palveluja"),
    "EECO19": _("Tuettuja pieniä ja keskisuuria yrityksiä"),
    "EECR01": _("Alkoi hakea työtä lähtiessään"),
    "EECR02": _("Opiskeli lähtiessään"),
    "EECR03": _("Sai tutkinnon tai todistuksen lähtiessään"),
    "EECR04": _("Pääsi työhön lähtiessään"),
    "EECR05": _("Työssä puolen vuoden kuluttua"),
    "EECR06": _("Työtilanne parani puolen vuoden kuluttua"),
}
GENDERS: dict[str, Any] = {"f": _("nainen"), "m": _("mies"), "x": _("muu")}
WORK: dict[str, Any] = {
    "unemployed": _("työtön alle vuoden"),
    "long_unemployed": _("työtön yli vuoden"),
    "inactive": _("työelämän ulkopuolella"),
    "employed": _("työssä tai yrittäjä"),
}
SCHOOL: dict[str, Any] = {
    "low": _("enintään peruskoulu"),
    "middle": _("lukio tai ammatillinen tutkinto"),
    "high": _("korkea-asteen tutkinto"),
}
TRAITS: dict[str, Any] = {
    "disability": _("Vamma"),
    "third_country": _("EU:n ulkopuolisen maan kansalainen"),
    "foreign": _("Ulkomaalaistausta"),
    "minority": _("Kuuluu vähemmistöön"),
    "homeless": _("Ei omaa asuntoa"),
    "rural": _("Asuu maaseudulla"),
}
AFTER: dict[str, Any] = {
    "searching": _("Lähtiessään hakee työtä"),
    "education": _("Lähtiessään opiskelee"),
    "qualification": _("Lähtiessään sai tutkinnon tai todistuksen"),
    "working": _("Lähtiessään on työssä"),
    "working_later": _("Puolen vuoden kuluttua työssä"),
    "improved_later": _("Puolen vuoden kuluttua työtilanne parempi"),
}
YES_NO = (("", _("ei kerrottu")), ("yes", _("kyllä")), ("no", _("ei")))
