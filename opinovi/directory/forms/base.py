"""The forms by which editors keep the directory. What was typed is kept as it is in a draft; only publishing checks it.

A form's raw values are flat: field's name to text, or to a list of texts. `raw_of(record)` gives those of a record,
`record_data()` makes of checked values what `records.apply` puts on one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.core.validators import EmailValidator, URLValidator
from django.db.models import Value
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.masking import mask
from opinovi.base.text import choose
from opinovi.directory.hours_plan import Plan, to_osm
from opinovi.directory.hours_words import HoursError, read_weekly_words
from opinovi.directory.models import Channel, Charge, Kind, ServicePoint, State
from opinovi.directory.models.offerings import Form as StudyForm
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
        staff: list[tuple[str, str]] = []
        teams: list[tuple[str, str]] = []
        if self.organisation is not None:
            staff, teams = members_and_teams(self.organisation)
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


def network_points(organisation: Organisation | None, whole: bool = False) -> list[ServicePoint]:
    """The places that a service may be given at: those of every organisation of the same networks, one's own first.

    With their names alone, or whole where the page that the form makes is to be shown.
    """
    if organisation is None:
        return []
    near = organisation.networks.values("members")
    points = ServicePoint.objects.filter(state=State.PUBLISHED, organisation__in=near)
    points = points.defer("source_record") if whole else points.only("id", "name", "organisation_id")
    return sorted(points, key=lambda one: (one.organisation_id != organisation.id, choose(one.name).text))


def to_choose(points: list[ServicePoint]) -> list[tuple[str, str]]:
    return [(str(one.id), choose(one.name).text) for one in points]


def members_and_teams(organisation: Organisation) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """An organisation's members and its teams, each by name: one query."""
    members = Member.objects.filter(organisation=organisation, ended_at=None)
    rows = members.values_list("id", "person__name", Value(0)).union(
        organisation.teams.values_list("id", "name", Value(1)), all=True
    )
    named = sorted(((str(one), name, which) for one, name, which in rows), key=lambda row: row[1])
    staff = [(one, name) for one, name, which in named if which == 0]
    return staff, [(one, name) for one, name, which in named if which == 1]
