"""The forms of booking: who comes, who waits, and what guides set up."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.contact.forms import DaysField, PersonForm, RemindForm
from opinovi.contact.models import TimeRule
from opinovi.contact.models.appointments import CELL_MINUTES, Mode
from opinovi.directory.hours_plan import Exception_, Plan, Weekly, to_osm
from opinovi.directory.hours_words import HoursError, read_weekly_words
from opinovi.directory.models import Service, ServicePoint, State
from opinovi.directory.queries import services_to_choose
from opinovi.network.forms import LANGUAGES
from opinovi.network.models import Member, Team

MODES: dict[str, Any] = {
    Mode.VISIT: gettext_lazy("Tapaaminen paikalla"),
    Mode.PHONE: gettext_lazy("Puhelu"),
    Mode.VIDEO: gettext_lazy("Video"),
}


class BookForm(RemindForm):
    mode = forms.ChoiceField(label=gettext_lazy("Miten tapaatte?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Mistä haluat puhua? Vapaaehtoinen."),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Kieli"), required=False)
    field_order = ["mode", "mail", "phone", "remind", "name", "note", "language"]

    def __init__(self, *args: Any, rule: TimeRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = [(one, MODES[one]) for one in rule.modes]  # type: ignore[attr-defined]
        spoken = [pair for pair in LANGUAGES if pair[0] in rule.languages] or LANGUAGES[:1]
        self.fields["language"].choices = spoken  # type: ignore[attr-defined]
        if len(rule.modes) == 1:
            self.fields["mode"].widget = forms.HiddenInput()
            self.fields["mode"].initial = rule.modes[0]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("mode") == Mode.PHONE and told.get("mail") and not told.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Kirjoita numero, johon voimme soittaa."))
        told["language"] = told.get("language") or "fi"
        return told


class WaitForm(PersonForm):
    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("mail") and not told.get("phone") and not self.errors:
            self.add_error("mail", _("Kirjoita osoite tai numero, johon ilmoitamme."))
        if told.get("phone") and not told.get("mail") and not settings.SMS_OFFERED:
            self.add_error("mail", _("Kirjoita sähköposti: tekstiviestejä emme voi lähettää."))
        return told


class RuleForm(forms.Form):
    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        None, label=gettext_lazy("Mihin palveluun"), empty_label=gettext_lazy("valitse")
    )
    member: forms.ModelChoiceField[Member] = forms.ModelChoiceField(
        None, label=gettext_lazy("Kenen ajat"), required=False, empty_label=gettext_lazy("kenen tahansa tiimistä")
    )
    hours = forms.CharField(
        label=gettext_lazy("Milloin aikoja on"),
        max_length=200,
        help_text=gettext_lazy("esim. ti 9-12, parillisten viikkojen to 13-16"),
    )
    without = DaysField(label=gettext_lazy("Päivät, jolloin aikoja ei ole"))
    modes = forms.MultipleChoiceField(
        label=gettext_lazy("Miten tavataan"), choices=list(MODES.items()), widget=forms.CheckboxSelectMultiple
    )
    point: forms.ModelChoiceField[ServicePoint] = forms.ModelChoiceField(
        None, label=gettext_lazy("Missä, jos paikalla"), required=False, empty_label=gettext_lazy("ei paikkaa")
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Millä kielillä"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Kuinka pitkä aika, minuuttia"), min_value=10, max_value=480, initial=45
    )
    buffer_minutes = forms.IntegerField(
        label=gettext_lazy("Väli seuraavaan, minuuttia"), min_value=0, max_value=240, initial=15
    )
    notice_hours = forms.IntegerField(
        label=gettext_lazy("Varattava viimeistään, tuntia ennen"), min_value=0, max_value=720, initial=3
    )
    ahead_days = forms.IntegerField(
        label=gettext_lazy("Kuinka kauas eteenpäin, päivää"), min_value=1, max_value=365, initial=42
    )
    per_day = forms.IntegerField(
        label=gettext_lazy("Enintään päivässä ohjaajaa kohti"), min_value=1, max_value=100, initial=8
    )
    begins = forms.DateField(label=gettext_lazy("Alkaen"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    ends = forms.DateField(
        label=gettext_lazy("Viimeinen päivä, jos on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = team.organisation
        services = services_to_choose(house)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        guides = team.members.filter(ended_at=None, roles__role="guide").select_related("person")
        self.fields["member"].queryset = guides.order_by("person__name").distinct()  # type: ignore[attr-defined]
        points = ServicePoint.objects.filter(organisation=house, state=State.PUBLISHED).only("id", "name")
        self.fields["point"].queryset = points  # type: ignore[attr-defined]

    def clean_hours(self) -> tuple[Weekly, ...]:
        try:
            weekly = read_weekly_words(self.cleaned_data["hours"])
        except HoursError as error:
            raise ValidationError(str(error)) from error
        if not any(one.spans for one in weekly):
            raise ValidationError(_("Kirjoita päivät ja kellonajat, esim. ma-pe 9-16."))
        return weekly

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in ("minutes", "buffer_minutes"):
            if told.get(name) is not None and told[name] % CELL_MINUTES:
                self.add_error(name, _("Viiden minuutin tarkkuudella, kiitos."))
        if Mode.VISIT in told.get("modes", []) and not told.get("point") and "point" not in self.errors:
            self.add_error("point", _("Valitse paikka, jossa tavataan."))
        if told.get("hours"):
            off = tuple(Exception_(day, day) for day in told.pop("without", None) or ())
            told["hours"] = to_osm(Plan(told["hours"], exceptions=off))
        if told.get("begins") and told.get("ends") and told["ends"] < told["begins"]:
            self.add_error("ends", _("Viimeinen päivä on ennen ensimmäistä."))
        return told


class JointForm(forms.Form):
    """A time that a guide books for somebody: alone or with a colleague, also of another organisation."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Miten tavataan"), choices=list(MODES.items()), widget=forms.RadioSelect
    )
    minute = forms.ChoiceField(
        label=gettext_lazy("Aika"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Valitse aika.")},
    )
    name = forms.CharField(label=gettext_lazy("Nimi"), max_length=120, required=False)
    mail = forms.EmailField(label=gettext_lazy("Sähköposti"), max_length=254, required=False)
    phone = PersonForm.base_fields["phone"]

    def __init__(self, *args: Any, times: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minute"].choices = times  # type: ignore[attr-defined]


class CalendarAddressField(forms.URLField):
    """An address as calendar programs give it: webcal is https by another name."""

    def to_python(self, value: Any) -> str:
        text = (value or "").strip()
        if text.lower().startswith("webcal://"):
            text = f"https://{text[9:]}"
        return super().to_python(text) or ""


class CalendarForm(forms.Form):
    address = CalendarAddressField(
        label=gettext_lazy("Kalenterisi osoite (ICS)"),
        help_text=gettext_lazy(
            "Outlookin, Googlen tai Nextcloudin jaettu osoite. Siitä luetaan vain, milloin olet varattu."
        ),
        max_length=1000,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput({"autocomplete": "off"}),
    )


class VideoForm(forms.Form):
    address = forms.URLField(
        label=gettext_lazy("Videopalvelimen osoite (Jitsi)"), required=False, assume_scheme="https"
    )
    app_id = forms.CharField(label=gettext_lazy("Sovelluksen tunnus"), max_length=100, required=False)
    secret = forms.CharField(
        label=gettext_lazy("Salaisuus"),
        help_text=gettext_lazy("Tyhjä pitää entisen."),
        max_length=200,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
