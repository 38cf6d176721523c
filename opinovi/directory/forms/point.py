"""The form of a place: where it is, when it is open, how one gets about in it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.directory.codes import municipality_of
from opinovi.directory.forms.base import ACCESS, MOST_ROWS, DayField, RecordForm, area, in_order, line, picks
from opinovi.directory.hours import parsed
from opinovi.directory.hours_plan import Exception_, Plan, Season, to_osm
from opinovi.directory.hours_words import HoursError, read_spans_words, read_weekly_words
from opinovi.directory.ways import OWN_NAMES


class PointForm(RecordForm):
    record_type = "point"
    texts = (
        ("name", gettext_lazy("Nimi"), 1, 200, True),
        ("summary", gettext_lazy("Yhdellä lauseella: mikä paikka on"), 2, 300, False),
        ("street", gettext_lazy("Katuosoite"), 1, 200, False),
        ("accessibility", gettext_lazy("Esteettömyydestä omin sanoin"), 3, 2000, False),
        ("hours_note", gettext_lazy("Aukiolosta omin sanoin"), 2, 500, False),
    )

    def build(self) -> None:
        self.build_texts()
        self.section(
            _("Sijainti"),
            {
                "postcode": line(_("Postinumero"), required=True, most=5, inputmode="numeric"),
                "post_office": line(_("Postitoimipaikka"), most=60),
                "latitude": line(
                    _("Leveysaste"),
                    most=12,
                    hint=_("Esim. 60.9839. Tyhjänä paikka arvioidaan postinumerosta."),
                    inputmode="decimal",
                ),
                "longitude": line(_("Pituusaste"), most=12, inputmode="decimal"),
                "access_features": picks(_("Esteettömyys"), ACCESS.items()),
                "languages": picks(_("Millä kielillä palvellaan"), OWN_NAMES.items()),
            },
        )
        self.build_hours()
        self.build_channels()

    def build_hours(self) -> None:
        if self.raw.get("hours_osm"):
            hint = _(
                "Nämä ajat ovat niin tarkat, ettei alla oleva lomake osaa niitä. Tyhjennä kenttä, jos haluat lomakkeen."
            )
            fields: dict[str, forms.Field] = {
                "hours_osm": area(_("Aukioloajat OpenStreetMapin merkinnöin"), 3, 2000, hint)
            }
            self.section(_("Milloin auki"), fields)
            return
        fields = {
            "weekly_hours": area(
                _("Tavallinen viikko"),
                2,
                500,
                _("Esim. ma-to 9-16, pe 9-15. Tai: parillisten viikkojen tiistai 10-12."),
            ),
            "closed_on_holidays": forms.BooleanField(
                label=_("Kiinni pyhinä, jouluaattona ja juhannusaattona"), required=False
            ),
        }
        self.section(_("Milloin auki"), fields)
        seasons: dict[str, forms.Field] = {}
        for row in range(self.rows("season", "begins")):
            seasons[f"season_{row}_begins"] = line(_("Joka vuosi alkaen"), most=6, hint=_("esim. 1.6."))
            seasons[f"season_{row}_ends"] = line(_("asti"), most=6, hint=_("esim. 31.8."))
            seasons[f"season_{row}_hours"] = line(_("Auki silloin"), hint=_("esim. ma-pe 10-14, tai kiinni"))
        self.section(_("Kesä- ja muut kausiajat"), seasons, folded=not self.raw.get("season_0_begins"))
        exceptions: dict[str, forms.Field] = {}
        for row in range(self.rows("exception", "begins")):
            exceptions[f"exception_{row}_begins"] = DayField(label=_("Ensimmäinen päivä"), required=False)
            exceptions[f"exception_{row}_ends"] = DayField(label=_("Viimeinen päivä, jos useampia"), required=False)
            exceptions[f"exception_{row}_hours"] = line(_("Auki silloin"), hint=_("esim. 10-12. Tyhjä on kiinni."))
            exceptions[f"exception_{row}_why"] = line(_("Miksi"), most=80, hint=_("esim. henkilöstön koulutuspäivä"))
        self.section(_("Poikkeuspäivät"), exceptions, folded=not self.raw.get("exception_0_begins"))

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        postcode = told.get("postcode") or ""
        if postcode and municipality_of(postcode) is None:
            self.add_error("postcode", _("Emme tunne tätä postinumeroa."))
        self.clean_coordinates(told)
        if told.get("hours_osm") and parsed(told["hours_osm"]) is None:
            self.add_error("hours_osm", _("Näitä merkintöjä ei voi lukea."))
        if not told.get("hours_osm"):
            self.clean_plan(told)
        return told

    def clean_coordinates(self, told: dict[str, Any]) -> None:
        found: dict[str, float | None] = {}
        for name, least, most in (("latitude", 59.0, 70.5), ("longitude", 19.0, 32.0)):
            written = (told.get(name) or "").replace(",", ".")
            try:
                found[name] = float(written) if written else None
            except ValueError:
                found[name] = None
                self.add_error(name, _("Kirjoita luku, esim. 60.9839."))
                continue
            if written and not least <= float(written) <= most:
                self.add_error(name, _("Tämä ei ole Suomessa."))
        if (found["latitude"] is None) != (found["longitude"] is None) and not self.errors.get("latitude"):
            self.add_error("longitude", _("Kirjoita molemmat tai ei kumpaakaan."))
        told["coordinates"] = (found["latitude"], found["longitude"])

    def clean_plan(self, told: dict[str, Any]) -> None:
        seasons, exceptions = [], []
        for row in range(MOST_ROWS):
            begins, ends = told.get(f"season_{row}_begins"), told.get(f"season_{row}_ends")
            if begins or ends:
                try:
                    weekly = read_weekly_words(told.get(f"season_{row}_hours") or "")
                except HoursError as error:
                    self.add_error(f"season_{row}_hours", str(error))
                    weekly = ()
                first, last = month_day(begins or ""), month_day(ends or "")
                for name, read in ((f"season_{row}_begins", first), (f"season_{row}_ends", last)):
                    if read is None:
                        self.add_error(name, _("Kirjoita päivä ja kuukausi, esim. 1.6."))
                if first and last:
                    seasons.append(Season(first, last, tuple(one for one in weekly if one.spans)))
            day = told.get(f"exception_{row}_begins")
            if day:
                in_order(told, self, f"exception_{row}_begins", f"exception_{row}_ends")
                try:
                    spans = read_spans_words(told.get(f"exception_{row}_hours") or "")
                except HoursError as error:
                    self.add_error(f"exception_{row}_hours", str(error))
                    spans = ()
                last_day = told.get(f"exception_{row}_ends") or day
                exceptions.append(Exception_(day, last_day, spans, told.get(f"exception_{row}_why") or ""))
            elif told.get(f"exception_{row}_hours") or told.get(f"exception_{row}_why"):
                self.add_error(f"exception_{row}_begins", _("Mikä päivä?"))
        told["plan"] = Plan(
            told.get("weekly_hours:read", ()), tuple(seasons), bool(told.get("closed_on_holidays")), tuple(exceptions)
        )

    def record_data(self) -> dict[str, Any]:
        told = self.cleaned_data
        if self.source_owned:
            return self.upkeep()
        latitude, longitude = told["coordinates"]
        return {
            **{name: self.text(name) for name, *_rest in self.texts},
            "postcode": told["postcode"],
            "post_office": {"fi": told["post_office"]} if told["post_office"] else {},
            "municipality": municipality_of(told["postcode"]) or "",
            "latitude": latitude,
            "longitude": longitude,
            "access_features": told["access_features"],
            "languages": told["languages"],
            "hours": told.get("hours_osm") or to_osm(told["plan"]),
            "channels": self.channels(),
            **self.upkeep(),
        }


def month_day(text: str) -> tuple[int, int] | None:
    """A day of every year written as 24.12. or 24.12; None where there is no such day."""
    parts = [part for part in text.strip().split(".") if part]
    if len(parts) != 2 or not all(part.isdigit() for part in parts):
        return None
    day, month = int(parts[0]), int(parts[1])
    try:
        date(2028, month, day)
    except ValueError:
        return None
    return month, day
