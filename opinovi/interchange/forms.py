"""The forms of this room."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.base.languages import WHOLE
from opinovi.interchange.models import Rhythm, Scope
from opinovi.network.models import Network, Organisation

SCOPES = [(Scope.BOOK, gettext_lazy("Varata aikoja"))]


class KeyForm(forms.Form):
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Kenen avain"), empty_label=None
    )
    name = forms.CharField(
        label=gettext_lazy("Mihin avainta käytetään"),
        max_length=80,
        help_text=gettext_lazy("esim. oppilaitoksen sivut"),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Mitä avaimella saa tehdä"), choices=SCOPES, widget=forms.CheckboxSelectMultiple
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Viimeinen päivä, enintään vuoden päässä"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    def __init__(self, *args: Any, houses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = houses  # type: ignore[attr-defined]
        self.fields["ends_on"].initial = today() + timedelta(days=180)


KIND_NAMES = [
    ("service", gettext_lazy("Palveluista")),
    ("point", gettext_lazy("Paikoista")),
    ("offering", gettext_lazy("Koulutuksista")),
    ("organisation", gettext_lazy("Organisaatioista")),
]


class HookForm(forms.Form):
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Kenen järjestelmä"), empty_label=None
    )
    address = forms.URLField(
        label=gettext_lazy("Osoite, johon kerrotaan"), max_length=500, assume_scheme="https",
        help_text=gettext_lazy("esim. https://esimerkki.example/muutokset"),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Minkä muutoksista kerrotaan"), choices=KIND_NAMES, widget=forms.CheckboxSelectMultiple,
        initial=["service"],
    )  # fmt: skip
    own_only = forms.BooleanField(label=gettext_lazy("Vain oman talon tiedoista"), required=False)

    def __init__(self, *args: Any, houses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = houses  # type: ignore[attr-defined]


FORMAT_NAMES: dict[str, Any] = {
    "ptv": gettext_lazy("Suomi.fi-palvelutietovaranto (PTV)"),
    "kouta": gettext_lazy("Opintopolku"),
    "hsds": gettext_lazy("Toinen hakemisto (HSDS tai Open Referral UK)"),
    "linkedevents": gettext_lazy("Tapahtumat (LinkedEvents)"),
    "ical": gettext_lazy("Tapahtumien kalenteri (iCalendar)"),
    "sheet": gettext_lazy("Taulukko verkossa (Excel tai CSV)"),
}
RHYTHM_NAMES: dict[str, Any] = {
    Rhythm.NEVER: gettext_lazy("vain, kun pyydetään"),
    Rhythm.HOURLY: gettext_lazy("joka tunti"),
    Rhythm.DAILY: gettext_lazy("joka päivä"),
    Rhythm.WEEKLY: gettext_lazy("joka viikko"),
}


class ColumnsForm(forms.Form):
    """Which column of a spreadsheet is what."""

    what = forms.ChoiceField(
        label=gettext_lazy("Mitä rivit ovat"),
        choices=[("service", gettext_lazy("palveluja")), ("offering", gettext_lazy("kursseja ja koulutuksia"))],
    )
    language = forms.ChoiceField(label=gettext_lazy("Millä kielellä"), choices=list(WHOLE.items()))

    def __init__(self, *args: Any, fields: dict[str, Any], header: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext_lazy("ei ole")), *((heading, heading) for heading in header)]
        for name, label in fields.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=name == "name")


class FeedForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Lähteen nimi"), max_length=100)
    format = forms.ChoiceField(label=gettext_lazy("Mitä lähde puhuu"), choices=list(FORMAT_NAMES.items()))
    address = forms.URLField(
        label=gettext_lazy("Osoite"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Rajapinnan alku. Esimerkiksi https://api.esimerkki.example/api/v11"),
    )
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Kenen tietoja, jos lähde ei kerro"),
        required=False,
        empty_label=gettext_lazy("lähde kertoo"),
    )
    rhythm = forms.ChoiceField(
        label=gettext_lazy("Kuinka usein haetaan"), choices=list(RHYTHM_NAMES.items()), initial=Rhythm.DAILY
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = network.members.order_by("id")  # type: ignore[attr-defined]
