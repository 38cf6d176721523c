"""The forms of asking and answering. A form says what is wrong; an action is what forbids."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.models import Letter
from opinovi.contact.files import MOST_FILES, Kept, lay_aside, make_harmless
from opinovi.contact.models.enquiries import Channel, ClosedWhy, Wish
from opinovi.contact.phones import read_phone
from opinovi.directory.hours_plan import Plan, to_osm
from opinovi.directory.hours_words import HoursError, read_weekly_words
from opinovi.network.forms import LANGUAGES
from opinovi.network.models import Team

LONGEST = 10_000
WISHES = [
    (Wish.HERE, gettext_lazy("Luen vastauksen täällä. Saan koodin, jolla pääsen takaisin.")),
    (Wish.MAIL, gettext_lazy("Ilmoittakaa sähköpostilla, kun vastaus on tullut.")),
    (Wish.CALL, gettext_lazy("Soittakaa minulle.")),
]
ENDS = [
    (ClosedWhy.ADVISED, gettext_lazy("Hän sai neuvon")),
    (ClosedWhy.BOOKED, gettext_lazy("Varattiin aika")),
    (ClosedWhy.DIRECTED, gettext_lazy("Hän löysi toisen oven")),
    (ClosedWhy.SILENT, gettext_lazy("Hän ei enää vastannut")),
    (ClosedWhy.NOT_OURS, gettext_lazy("Asia ei kuulunut verkostolle")),
    (ClosedWhy.UNWANTED, gettext_lazy("Roskaa tai häirintää")),
]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to three files, made harmless."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            label=gettext_lazy("Liitteet"),
            help_text=gettext_lazy("PDF, kuvia tai asiakirjoja. Enintään kolme, yhteensä 10 Mt."),
            widget=ManyFiles(),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> tuple[Kept, ...]:
        sent = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(sent) > MOST_FILES:
            raise ValidationError(_("Enintään kolme tiedostoa."))
        harmless = [make_harmless(one.name or "", one.read()) for one in sent]
        return tuple(lay_aside(one) for one in harmless)


class Machine(forms.Form):
    """What a person does not see and a form-filling machine fills in."""

    website = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)


class DaysField(forms.CharField):
    """Days as people write them, one after another: "6.4.2027, 4.5.2027"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=400, help_text=gettext_lazy("esim. 6.4.2027, 4.5.2027"), **kwargs)

    def clean(self, value: Any) -> list[date]:
        found = []
        for word in super().clean(value).replace(",", " ").split():
            try:
                found.append(datetime.strptime(word.strip("."), "%d.%m.%Y").date())  # noqa: DTZ007
            except ValueError:
                raise ValidationError(
                    _("Emme ymmärtäneet päivää %(word)s. Kirjoita se näin: 6.4.2027."), params={"word": word}
                ) from None
        return sorted(set(found))

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else ", ".join(f"{one:%-d.%-m.%Y}" for one in value or ())


class PhoneField(forms.CharField):
    def clean(self, value: Any) -> str:
        told = super().clean(value)
        return read_phone(told) if told else ""


class PersonForm(Machine):
    """Who a person is, as far as they want to tell."""

    name = forms.CharField(
        label=gettext_lazy("Nimi, jos haluat kertoa"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    mail = forms.EmailField(
        label=gettext_lazy("Sähköposti"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("Osoitteessa on jotain vikaa. Se on muotoa nimi@esimerkki.fi.")},
    )
    phone = PhoneField(
        label=gettext_lazy("Puhelin"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )


class RemindForm(PersonForm):
    """Who comes: a number or an address is enough, and by which of them to be reminded."""

    remind = forms.ChoiceField(
        label=gettext_lazy("Muistutammeko päivää ennen?"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(Letter.Kind.MAIL, _("Sähköpostilla")), ("", _("Ei tarvitse"))]
        if settings.SMS_OFFERED:
            ways.insert(1, (Letter.Kind.SMS, _("Tekstiviestillä")))
        self.fields["remind"].choices = ways  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("mail") and not told.get("phone") and not set(self.errors) & {"mail", "phone"}:
            self.add_error("phone", _("Kirjoita numero tai sähköposti, jotta tavoitamme sinut, jos jokin muuttuu."))
        if told.get("remind") == Letter.Kind.SMS and not told.get("phone") and not self.errors.get("phone"):
            self.add_error("phone", _("Kirjoita numero, johon tekstiviesti lähetetään."))
        if told.get("remind") == Letter.Kind.MAIL and not told.get("mail") and not self.errors.get("mail"):
            self.add_error("mail", _("Kirjoita osoite, johon muistutus lähetetään."))
        return told


class AskForm(PersonForm):
    text = forms.CharField(
        label=gettext_lazy("Mitä sinulla on mielessä?"),
        help_text=gettext_lazy("Kirjoita niin kuin se tulee mieleen. Älä kirjoita henkilötunnusta."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Kirjoita ensin, mitä sinulla on mielessä.")},
    )
    wish = forms.ChoiceField(
        label=gettext_lazy("Miten haluat vastauksen?"), choices=WISHES, initial=Wish.HERE, widget=forms.RadioSelect
    )
    when = forms.CharField(
        label=gettext_lazy("Milloin voimme soittaa?"),
        help_text=gettext_lazy("esim. arkisin klo 13–15"),
        max_length=120,
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Millä kielellä haluat vastauksen?"), choices=LANGUAGES, required=False
    )
    attachments = FilesField()
    field_order = ["text", "wish", "mail", "phone", "when", "name", "language", "attachments"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("wish") == Wish.MAIL and not told.get("mail") and "mail" not in self.errors:
            self.add_error("mail", _("Kirjoita osoite, johon ilmoitus lähetetään."))
        if told.get("wish") == Wish.CALL and not told.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Kirjoita numero, johon voimme soittaa."))
        return told


class WriteForm(Machine):
    text = forms.CharField(
        label=gettext_lazy("Kirjoita lisää"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Viesti on tyhjä.")},
    )
    attachments = FilesField()


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Vastaus"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 7}),
        error_messages={"required": gettext_lazy("Viesti on tyhjä.")},
    )
    attachments = FilesField()
    once = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Paluukoodi"),
        help_text=gettext_lazy("Kaksitoista merkkiä, esim. K7M2-9QXP-4TRA. Isot ja pienet kirjaimet ovat samat."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Kirjoita koodi, jonka sait.")},
    )


class DigitsForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Koodi sähköpostista"),
        max_length=10,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Kirjoita koodi, jonka sait.")},
    )


class HandOverForm(forms.Form):
    team = forms.ChoiceField(label=gettext_lazy("Kenelle"), error_messages={"required": gettext_lazy("Valitse tiimi.")})
    why = forms.CharField(
        label=gettext_lazy("Miksi? Ihminen näkee tämän."),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Kerro, miksi. Ihminen näkee tämän.")},
    )

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = teams  # type: ignore[attr-defined]


class GiveForm(forms.Form):
    member = forms.ChoiceField(label=gettext_lazy("Kollegalle"), required=False)

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", gettext_lazy("koko tiimille")), *members]  # type: ignore[attr-defined]


class CallForm(forms.Form):
    team: forms.ModelChoiceField[Team] = forms.ModelChoiceField(None, label=gettext_lazy("Tiimi"))
    channel = forms.ChoiceField(
        label=gettext_lazy("Miten hän tuli?"),
        choices=[(Channel.PHONE, gettext_lazy("Soitti")), (Channel.VISIT, gettext_lazy("Kävi paikalla"))],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Mistä oli kyse?"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3, "autofocus": True}),
        error_messages={"required": gettext_lazy("Kirjoita lyhyesti, mistä oli kyse.")},
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Miten se päättyi?"),
        choices=[*ENDS[:3], ("", gettext_lazy("Jäi auki: palaamme asiaan"))],
        initial=ClosedWhy.ADVISED,
        required=False,
        widget=forms.RadioSelect,
    )
    phone = PhoneField(
        label=gettext_lazy("Numero, jos soitamme takaisin"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["team"].empty_label = None  # type: ignore[attr-defined]


class TemplateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nimi, josta löydät sen"), max_length=80)
    text_fi = forms.CharField(
        label=gettext_lazy("Suomeksi"),
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Voit käyttää kenttiä {nimi}, {palvelu} ja {ohjaaja}."),
    )
    text_sv = forms.CharField(
        label=gettext_lazy("Ruotsiksi"), max_length=5000, required=False, widget=forms.Textarea({"rows": 4})
    )
    text_en = forms.CharField(
        label=gettext_lazy("Englanniksi"), max_length=5000, required=False, widget=forms.Textarea({"rows": 4})
    )


class PromiseForm(forms.Form):
    hours = forms.CharField(
        label=gettext_lazy("Milloin tiimi vastaa"), max_length=200, help_text=gettext_lazy("esim. ma-pe 9-16")
    )
    promise_hours = forms.IntegerField(
        label=gettext_lazy("Kuinka monessa työtunnissa"),
        min_value=1,
        max_value=400,
        help_text=gettext_lazy("Kaksi seitsemän tunnin päivää on 14. Pyhät ja poissaolot jäävät laskusta pois."),
    )

    def clean_hours(self) -> str:
        try:
            weekly = read_weekly_words(self.cleaned_data["hours"])
        except HoursError as error:
            raise forms.ValidationError(str(error)) from error
        if not any(one.spans for one in weekly):
            raise forms.ValidationError(_("Kirjoita päivät ja kellonajat, esim. ma-pe 9-16."))
        return to_osm(Plan(weekly))
