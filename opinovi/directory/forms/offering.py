"""The form of a course or a study place: dates, places, applying, price."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.text import choose
from opinovi.directory.forms.base import (
    CHARGE_NAMES,
    STUDY_FORMS,
    DayField,
    RecordForm,
    in_order,
    iso,
    line,
    network_points,
    pick,
    picks,
    to_choose,
)
from opinovi.directory.models import Charge
from opinovi.directory.queries import services_to_choose
from opinovi.directory.ways import OWN_NAMES


class OfferingForm(RecordForm):
    record_type = "offering"
    texts = (
        ("name", gettext_lazy("Nimi"), 1, 200, True),
        ("summary", gettext_lazy("Yhdellä lauseella: mitä opit"), 2, 300, True),
        ("description", gettext_lazy("Kerro lisää"), 6, 6000, False),
        ("times", gettext_lazy("Milloin kokoonnutaan"), 1, 200, False),
    )

    def build(self) -> None:
        self.build_texts()
        services = []
        if self.organisation is not None:
            rows = services_to_choose(self.organisation)
            services = [(str(one.id), choose(one.name).text) for one in rows]
        places = to_choose(network_points(self.organisation))
        self.section(
            _("Opiskelu"),
            {
                "form": pick(_("Milloin ja miten opiskellaan"), STUDY_FORMS.items(), required=True),
                "starts_on": DayField(label=_("Alkaa"), required=False),
                "ends_on": DayField(label=_("Päättyy"), required=False),
                "places": forms.IntegerField(label=_("Paikkoja"), required=False, min_value=1, max_value=100_000),
                "languages": picks(_("Opetuskielet"), OWN_NAMES.items()),
                "point": pick(_("Paikka"), places, empty=_("ei paikkaa, verkossa")),
                "service": pick(_("Mihin palveluun kuuluu"), services, empty=_("ei mihinkään")),
            },
        )
        self.section(
            _("Hakeminen ja hinta"),
            {
                "apply_from": DayField(label=_("Haku alkaa"), required=False, help_text=_("Tyhjä: voi hakea heti.")),
                "apply_until": DayField(label=_("Haku päättyy"), required=False, help_text=_("Tyhjä: jatkuva haku.")),
                "charge": pick(_("Maksaako"), CHARGE_NAMES.items(), required=True),
                "price": line(_("Hinta euroina"), most=10, hint=_("esim. 35 tai 35,50"), inputmode="decimal"),
                "link": forms.URLField(
                    label=_("Linkki, josta haetaan"), required=False, max_length=500, assume_scheme="https"
                ),
            },
        )

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        in_order(told, self, "starts_on", "ends_on")
        in_order(told, self, "apply_from", "apply_until")
        told["cents"] = cents(told.get("price") or "")
        if told["cents"] is None and told.get("price"):
            self.add_error("price", _("Kirjoita hinta euroina, esim. 35 tai 35,50."))
        elif told["cents"] and told.get("charge") != Charge.CHARGEABLE:
            self.add_error("charge", _("Jos hinta on, koulutus on maksullinen."))
        return told

    def record_data(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            **{name: self.text(name) for name, *_rest in self.texts},
            **{name: told[name] for name in ("form", "charge", "languages", "link", "places", "point", "service")},
            **{name: iso(told[name]) for name in ("starts_on", "ends_on", "apply_from", "apply_until")},
            "price_cents": told["cents"],
            **self.upkeep(),
        }


def cents(text: str) -> int | None:
    """A price in euros as one writes it ("35", "35,50", "1 250 €") in cents; None where it is none."""
    whole, _comma, part = text.replace("€", "").replace("\xa0", "").replace(" ", "").replace(".", ",").partition(",")
    if (
        not whole.isascii()
        or not whole.isdigit()
        or len(whole) > 7
        or (part and (len(part) > 2 or not part.isdigit() or not part.isascii()))
    ):
        return None
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)
