"""The forms by which editors keep the directory. What was typed is kept as it is in a draft; only publishing checks it.

A form's raw values are flat: field's name to text, or to a list of texts. `raw_of(record)` gives those of a record,
`record_data()` makes of checked values what `records.apply` puts on one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.core.validators import EmailValidator, URLValidator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.masking import mask
from opinovi.base.text import PLAIN_FINNISH, choose
from opinovi.directory.codes import municipality_name, target_groups
from opinovi.directory.models import Channel, Charge, Kind, ServicePoint, State
from opinovi.directory.models.offerings import Form as StudyForm
from opinovi.directory.ways import OWN_NAMES
from opinovi.network.models import Member, Organisation

Raw = dict[str, Any]
# A text that is ready, or one that is translated when it is shown.
Words = Any
LANGUAGES = ("fi", "sv", "en")
LANGUAGE_NAMES = {"fi": gettext_lazy("suomeksi"), "sv": gettext_lazy("ruotsiksi"), "en": gettext_lazy("englanniksi")}
SPARE_ROWS = 2
MOST_ROWS = 30
# What a source owns of its records stays as it is; these alone can be added.
ADDED = ("description_simple", "owner", "team", "confirm_months")
MONTHS = [(1, gettext_lazy("kuukauden välein")), (3, gettext_lazy("kolmen kuukauden välein")),
          (6, gettext_lazy("puolen vuoden välein")), (12, gettext_lazy("vuoden välein"))]  # fmt: skip
KIND_NAMES = {
    Kind.INFORMATION: gettext_lazy("Tietoa"),
    Kind.ADVICE: gettext_lazy("Neuvontaa"),
    Kind.GUIDANCE: gettext_lazy("Ohjausta"),
    Kind.EDUCATION: gettext_lazy("Opintoja"),
    Kind.ASSESSMENT: gettext_lazy("Kartoituksia ja testejä"),
    Kind.SUPPORT: gettext_lazy("Tukea arkeen"),
    Kind.EMPLOYER: gettext_lazy("Työnantajalle"),
}
CHARGE_NAMES = {
    Charge.FREE: gettext_lazy("Maksuton"),
    Charge.CHARGEABLE: gettext_lazy("Maksullinen"),
    Charge.UNKNOWN: gettext_lazy("Ei tiedossa"),
}
CHANNEL_NAMES = {
    Channel.Kind.PHONE: gettext_lazy("Puhelin"),
    Channel.Kind.EMAIL: gettext_lazy("Sähköposti"),
    Channel.Kind.WEB: gettext_lazy("Verkkosivu"),
    Channel.Kind.FORM: gettext_lazy("Lomake"),
    Channel.Kind.CHAT: gettext_lazy("Chat"),
    Channel.Kind.VIDEO: gettext_lazy("Video"),
    Channel.Kind.VISIT: gettext_lazy("Käynti paikalla"),
}
STUDY_FORMS = {
    StudyForm.DAY: gettext_lazy("päivällä"),
    StudyForm.EVENING: gettext_lazy("illalla"),
    StudyForm.WEEKEND: gettext_lazy("viikonloppuisin"),
    StudyForm.ONLINE: gettext_lazy("verkossa"),
    StudyForm.HYBRID: gettext_lazy("lähellä ja verkossa"),
    StudyForm.WORK: gettext_lazy("työn ohessa, työpaikalla"),
    StudyForm.OWN_PACE: gettext_lazy("omaan tahtiin"),
}
ACCESS = {
    "no-steps": gettext_lazy("Sisään ilman portaita"),
    "lift": gettext_lazy("Hissi"),
    "toilet": gettext_lazy("Esteetön vessa"),
    "parking": gettext_lazy("Esteetön pysäköinti lähellä"),
    "door-button": gettext_lazy("Ovi aukeaa painikkeella"),
    "loop": gettext_lazy("Induktiosilmukka"),
    "quiet": gettext_lazy("Rauhallinen tila"),
    "assistance-dog": gettext_lazy("Avustajakoira saa tulla"),
    "sign": gettext_lazy("Palvelua viittomakielellä"),
}


@dataclass
class Section:
    """Fields that stand together on the page, under one title."""

    title: Words
    fields: list[forms.BoundField]
    hint: Words = ""
    folded: bool = False

    @property
    def anchor(self) -> str:
        return f"s-{self.fields[0].name}"

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of a group of rows, row by row; other fields each on a row of its own."""
        found: dict[str, list[forms.BoundField]] = {}
        for field in self.fields:
            parts = field.name.split("_")
            key = "_".join(parts[:2]) if len(parts) > 2 and parts[1].isdigit() else field.name
            found.setdefault(key, []).append(field)
        return list(found.values())

    @property
    def wrong(self) -> bool:
        return any(field.errors for field in self.fields)


class PlainText(forms.CharField):
    """Text that never keeps a personal identity code."""

    def clean(self, value: Any) -> str:
        return mask(super().clean(value))[0]


class DayField(forms.DateField):
    """A day, as the browser's own field or as one writes it in Finland."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d.%m.%Y"],
            error_messages={"invalid": gettext_lazy("Kirjoita päivä muodossa 24.12.2027.")},
            **kwargs,
        )


def line(label: Words, required: bool = False, most: int = 200, hint: Words = "", **attrs: Any) -> PlainText:
    return PlainText(label=label, required=required, max_length=most, help_text=hint, widget=forms.TextInput(attrs))


def area(label: Words, rows: int = 4, most: int = 6000, hint: Words = "", required: bool = False) -> PlainText:
    return PlainText(
        label=label, required=required, max_length=most, help_text=hint, widget=forms.Textarea({"rows": rows})
    )


def pick(label: Words, choices: Any, required: bool = False, empty: Words | None = None) -> forms.ChoiceField:
    shown = [*([("", empty)] if empty is not None else []), *choices]
    return forms.ChoiceField(label=label, choices=shown, required=required)


def picks(label: Words, choices: Any, hint: Words = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, help_text=hint, widget=forms.CheckboxSelectMultiple
    )


class RecordForm(forms.Form):
    """What every record's form shares: texts in three languages, ways in, and who keeps it true."""

    record_type = ""
    # (name, label, rows, longest, required in Finnish)
    texts: tuple[tuple[str, Words, int, int, bool], ...] = ()

    def __init__(
        self, raw: Raw, *, organisation: Organisation | None, check: bool = False, source_owned: bool = False
    ) -> None:
        data = MultiValueDict({key: value if isinstance(value, list) else [value] for key, value in raw.items()})
        super().__init__(data if check else None, initial=raw)
        self.raw, self.organisation, self.source_owned = raw, organisation, source_owned
        self.layout: list[tuple[Words, list[str], Words, bool]] = []
        self.build()
        self.build_upkeep()
        if source_owned:
            for name in [one for one in self.fields if one not in ADDED]:
                del self.fields[name]

    def build(self) -> None:
        raise NotImplementedError

    def section(self, title: Words, fields: dict[str, forms.Field], hint: Words = "", folded: bool = False) -> None:
        self.fields.update(fields)
        self.layout.append((title, list(fields), hint, folded))

    def build_texts(self) -> None:
        for language in LANGUAGES:
            fields: dict[str, forms.Field] = {}
            for name, label, rows, most, required in self.texts:
                needed = required and language == "fi"
                made = line(label, needed, most) if rows == 1 else area(label, rows, most, required=needed)
                made.widget.attrs["lang"] = language
                fields[f"{name}_{language}"] = made
            title = _("Tekstit %(language)s") % {"language": LANGUAGE_NAMES[language]}
            self.section(title, fields, folded=language != "fi")

    def build_upkeep(self) -> None:
        staff = []
        teams: list[tuple[str, str]] = []
        if self.organisation is not None:
            members = Member.objects.filter(organisation=self.organisation, ended_at=None).select_related("person")
            staff = [(str(one.id), one.person.name) for one in members.order_by("person__name")]
            teams = [(str(one.id), one.name) for one in self.organisation.teams.order_by("name")]
        fields: dict[str, forms.Field] = {
            "owner": pick(_("Kuka pitää tiedon totena"), staff, empty=_("organisaation pääkäyttäjät")),
            "confirm_months": pick(_("Kuinka usein tarkistetaan"), MONTHS, required=True),
        }
        if self.record_type == "service":
            fields["team"] = pick(_("Mikä tiimi ottaa vastaan"), teams, empty=_("ei tiimiä"))
        self.section(_("Kuka vastaa"), fields)

    def build_channels(self) -> None:
        rows = self.rows("channel", "value")
        fields: dict[str, forms.Field] = {}
        for row in range(rows):
            fields[f"channel_{row}_kind"] = pick(_("Tapa"), CHANNEL_NAMES.items(), empty=_("ei mitään"))
            fields[f"channel_{row}_value"] = line(_("Numero tai osoite"), most=500)
            fields[f"channel_{row}_hours"] = line(_("Milloin"), hint=_("esim. ma-pe 9-15"))
            fields[f"channel_{row}_note"] = line(_("Huomautus"))
        self.section(
            _("Miten pääsee sisään"), fields, _("Tyhjät rivit jäävät pois. Uusia rivejä tulee, kun tallennat.")
        )

    def rows(self, prefix: str, telling: str) -> int:
        """How many rows of a group to show: those that are filled, and a few to spare."""
        filled = [
            n for n in range(MOST_ROWS) if self.raw.get(f"{prefix}_{n}_{telling}") or self.raw.get(f"{prefix}_{n}_kind")
        ]
        return min(MOST_ROWS, (max(filled) + 1 if filled else 0) + SPARE_ROWS)

    def sections(self) -> Iterator[Section]:
        for title, names, hint, folded in self.layout:
            if found := [self[name] for name in names if name in self.fields]:
                yield Section(title, found, hint, folded)

    def clean(self) -> dict[str, Any]:
        from opinovi.directory.hours_words import HoursError, read_weekly_words

        told = super().clean() or {}
        for row in range(MOST_ROWS):
            if f"channel_{row}_kind" in self.fields:
                self.clean_channel(row, told)
        for name in [
            one for one in self.fields if one.endswith("_hours") and one.startswith(("channel", "given", "weekly"))
        ]:
            try:
                told[f"{name}:read"] = read_weekly_words(told.get(name) or "")
            except HoursError as error:
                self.add_error(name, str(error))
        return told

    def clean_channel(self, row: int, told: dict[str, Any]) -> None:
        kind, value = told.get(f"channel_{row}_kind"), (told.get(f"channel_{row}_value") or "").strip()
        if not kind:
            if value:
                self.add_error(f"channel_{row}_kind", _("Valitse, onko tämä puhelin, sähköposti vai jokin muu."))
            return
        if not value and kind != Channel.Kind.VISIT:
            self.add_error(f"channel_{row}_value", _("Kirjoita numero tai osoite, tai valitse ”ei mitään”."))
        elif kind == Channel.Kind.PHONE and not phone_is_possible(value):
            self.add_error(
                f"channel_{row}_value", _("Tämä ei ole puhelinnumero. Kirjoita se niin kuin siihen soitetaan.")
            )
        elif kind == Channel.Kind.EMAIL and not passes(EmailValidator(), value):
            self.add_error(f"channel_{row}_value", _("Osoitteessa on jotain vikaa. Se on muotoa nimi@esimerkki.fi."))
        elif kind not in (Channel.Kind.PHONE, Channel.Kind.EMAIL, Channel.Kind.VISIT) and not passes(
            URLValidator(["https", "http"]), value
        ):
            self.add_error(f"channel_{row}_value", _("Osoite alkaa https://"))

    def channels(self) -> list[dict[str, Any]]:
        from opinovi.directory.hours_plan import Plan, to_osm

        found = []
        for row in range(MOST_ROWS):
            if kind := self.cleaned_data.get(f"channel_{row}_kind"):
                hours = Plan(self.cleaned_data.get(f"channel_{row}_hours:read", ()))
                found.append(
                    {
                        "kind": kind,
                        "value": self.cleaned_data[f"channel_{row}_value"].strip(),
                        "hours": to_osm(hours),
                        "note": self.cleaned_data[f"channel_{row}_note"].strip(),
                    }
                )
        return found

    def text(self, name: str) -> dict[str, str]:
        """A text in every language that was written."""
        told = {code: self.cleaned_data.get(f"{name}_{code}", "").strip() for code in LANGUAGES}
        return {code: value for code, value in told.items() if value}

    def upkeep(self) -> dict[str, Any]:
        kept = {"owner": self.cleaned_data["owner"], "confirm_months": int(self.cleaned_data["confirm_months"])}
        return kept | ({"team": self.cleaned_data["team"]} if "team" in self.cleaned_data else {})

    def record_data(self) -> dict[str, Any]:
        raise NotImplementedError


def passes(validator: Any, value: str) -> bool:
    try:
        validator(value)
    except forms.ValidationError:
        return False
    return True


def phone_is_possible(number: str) -> bool:
    if number.replace(" ", "").isdigit() and 3 <= len(number.replace(" ", "")) <= 6:
        return True
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "FI"))
    except phonenumbers.NumberParseException:
        return False


def in_order(told: dict[str, Any], form: forms.Form, first: str, last: str) -> None:
    if told.get(first) and told.get(last) and told[last] < told[first]:
        form.add_error(last, _("Viimeinen päivä on ennen ensimmäistä."))


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def network_municipalities(organisation: Organisation | None) -> list[tuple[str, str]]:
    codes = dict.fromkeys(
        code for one in (organisation.networks.all() if organisation else ()) for code in one.municipalities
    )
    return sorted(((code, municipality_name(code)) for code in codes), key=lambda pair: pair[1])


def network_points(organisation: Organisation | None) -> list[tuple[str, str]]:
    """The places that a service may be given at: those of every organisation of the same networks, one's own first."""
    if organisation is None:
        return []
    points = (
        ServicePoint.objects.filter(state=State.PUBLISHED, organisation__networks__in=organisation.networks.all())
        .only("id", "name", "organisation_id")
        .distinct()
    )
    ordered = sorted(points, key=lambda one: (one.organisation_id != organisation.id, choose(one.name).text))
    return [(str(one.id), choose(one.name).text) for one in ordered]


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
        points = network_points(self.organisation)
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
        from opinovi.directory.hours_plan import Plan, to_osm

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
        from opinovi.directory.codes import municipality_of
        from opinovi.directory.hours import parsed

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
        from opinovi.directory.hours_plan import Exception_, Plan, Season
        from opinovi.directory.hours_words import HoursError, read_spans_words, read_weekly_words

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
        from opinovi.directory.codes import municipality_of
        from opinovi.directory.hours_plan import to_osm

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
            rows = self.organisation.services.filter(state=State.PUBLISHED).only("id", "name").order_by("id")
            services = [(str(one.id), choose(one.name).text) for one in rows]
        self.section(
            _("Opiskelu"),
            {
                "form": pick(_("Milloin ja miten opiskellaan"), STUDY_FORMS.items(), required=True),
                "starts_on": DayField(label=_("Alkaa"), required=False),
                "ends_on": DayField(label=_("Päättyy"), required=False),
                "places": forms.IntegerField(label=_("Paikkoja"), required=False, min_value=1, max_value=100_000),
                "languages": picks(_("Opetuskielet"), OWN_NAMES.items()),
                "point": pick(_("Paikka"), network_points(self.organisation), empty=_("ei paikkaa, verkossa")),
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


FORMS: dict[str, type[RecordForm]] = {"service": ServiceForm, "point": PointForm, "offering": OfferingForm}
