"""The form of a service: what it is, for whom, how one gets in, where it is given."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.text import PLAIN_FINNISH, choose
from opinovi.directory.codes import municipality_name, target_groups
from opinovi.directory.forms.base import (
    CHARGE_NAMES,
    KIND_NAMES,
    MOST_ROWS,
    DayField,
    RecordForm,
    area,
    in_order,
    iso,
    line,
    network_points,
    pick,
    picks,
    to_choose,
)
from opinovi.directory.hours_plan import Plan, to_osm
from opinovi.directory.ways import OWN_NAMES
from opinovi.network.models import Organisation


class ServiceForm(RecordForm):
    record_type = "service"
    texts = (
        ("name", gettext_lazy("Nimi"), 1, 200, True),
        ("summary", gettext_lazy("Yhdellä lauseella: mitä tästä saa"), 2, 300, True),
        ("description", gettext_lazy("Kerro lisää"), 6, 6000, False),
        ("requirements", gettext_lazy("Kenelle"), 3, 2000, False),
        ("instructions", gettext_lazy("Mitä tapahtuu, askel askeleelta"), 4, 4000, False),
        ("charge_info", gettext_lazy("Hinta"), 1, 200, False),
    )

    def build(self) -> None:
        self.build_texts()
        self.section(
            _("Selkokieli"),
            {"description_simple": area(_("Sama selkokielellä"), 5, 6000, _("Lyhyitä lauseita, tuttuja sanoja."))},
            folded=not self.raw.get("description_simple") and not self.source_owned,
        )
        towns = network_municipalities(self.organisation)
        where = [
            ("region", _("koko alue")),
            ("nationwide", _("koko Suomi")),
            ("municipalities", _("nämä paikkakunnat")),
        ]
        self.section(
            _("Mitä ja kenelle"),
            {
                "kind": pick(_("Millaista apua"), KIND_NAMES.items(), required=True),
                "charge": pick(_("Maksaako"), CHARGE_NAMES.items(), required=True),
                "languages": picks(_("Millä kielillä palvellaan"), OWN_NAMES.items()),
                "area": pick(_("Missä päin asuville"), where, required=True),
                "municipalities": picks(_("Paikkakunnat"), towns),
                "target_groups": picks(
                    _("Ryhmät"),
                    [(code, choose(name).text) for code, name in target_groups().items() if code.count(".") < 2],
                ),
                "valid_from": DayField(label=_("Alkaa"), required=False),
                "valid_until": DayField(label=_("Päättyy"), required=False),
            },
        )
        self.build_channels()
        self.places = network_points(self.organisation, whole=self.is_bound)
        points = to_choose(self.places)
        fields: dict[str, forms.Field] = {}
        for row in range(self.rows("given", "point")):
            fields[f"given_{row}_point"] = pick(_("Paikka"), points, empty=_("ei paikkaa"))
            fields[f"given_{row}_hours"] = line(
                _("Milloin, jos muulloin kuin paikka on auki"), hint=_("esim. ti 12-16")
            )
            fields[f"given_{row}_drop_in"] = forms.BooleanField(label=_("Voi tulla ilman aikaa"), required=False)
        self.section(_("Missä palvelu annetaan"), fields)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        in_order(told, self, "valid_from", "valid_until")
        if told.get("area") == "municipalities" and not told.get("municipalities"):
            self.add_error("municipalities", _("Valitse ainakin yksi paikkakunta, tai koko alue."))
        return told

    def record_data(self) -> dict[str, Any]:
        told = self.cleaned_data
        if self.source_owned:
            return self.upkeep() | {"plain": told["description_simple"].strip()}
        assert self.organisation is not None
        regions = sorted({one.region for one in self.organisation.networks.all()})
        description = self.text("description")
        if plain := told["description_simple"].strip():
            description[PLAIN_FINNISH] = plain
        given, seen = [], set()
        for row in range(MOST_ROWS):
            point = told.get(f"given_{row}_point")
            if point and point not in seen:
                seen.add(point)
                hours = to_osm(Plan(told.get(f"given_{row}_hours:read", ())))
                given.append({"point": point, "hours": hours, "drop_in": told[f"given_{row}_drop_in"]})
        return {
            **{name: self.text(name) for name, *_rest in self.texts if name != "description"},
            "description": description,
            "kind": told["kind"],
            "charge": told["charge"],
            "languages": told["languages"],
            "target_groups": told["target_groups"],
            "nationwide": told["area"] == "nationwide",
            "regions": regions if told["area"] == "region" else [],
            "municipalities": told["municipalities"] if told["area"] == "municipalities" else [],
            "valid_from": iso(told["valid_from"]),
            "valid_until": iso(told["valid_until"]),
            "channels": self.channels(),
            "given": given,
            **self.upkeep(),
        }


def network_municipalities(organisation: Organisation | None) -> list[tuple[str, str]]:
    codes = dict.fromkeys(
        code for one in (organisation.networks.all() if organisation else ()) for code in one.municipalities
    )
    return sorted(((code, municipality_name(code)) for code in codes), key=lambda pair: pair[1])
