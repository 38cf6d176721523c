"""The forms of what workplaces ask, and of joint offers."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.contact.forms import PersonForm
from opinovi.contact.group_forms import DayInput
from opinovi.directory.codes import municipality_name
from opinovi.directory.queries import services_to_choose
from opinovi.network.models import Member, Network
from opinovi.network.queries import own_people
from opinovi.workplaces.models import OfferPart, Workplace
from opinovi.workplaces.words import ASKS, ENDS

VALID_DAYS = 30


class AskCaseForm(PersonForm):
    """A request of a workplace: what, from whom, how to reach them. One who is known need not tell that again."""

    need = forms.CharField(
        label=gettext_lazy("Mitä tarvitsette?"), max_length=5000, widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Kirjoittakaa niin kuin se tulee mieleen. Tämän näkevät vain ne, jotka auttavat."),
        error_messages={"required": gettext_lazy("Kirjoittakaa, mitä tarvitsette.")},
    )  # fmt: skip
    ask = forms.ChoiceField(label=gettext_lazy("Mistä on kyse"), choices=list(ASKS.items()), required=False)
    workplace = forms.ChoiceField(label=gettext_lazy("Mikä työpaikka"), required=False)
    house = forms.CharField(label=gettext_lazy("Työpaikan nimi"), max_length=120, required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Paikkakunta"), required=False)
    people = forms.IntegerField(
        label=gettext_lazy("Montako siellä työskentelee, suunnilleen"), min_value=1, max_value=1_000_000, required=False
    )
    field_order = ["need", "ask", "workplace", "house", "name", "phone", "mail", "municipality", "people"]

    def __init__(self, *args: Any, network: Network | None, theirs: list[Workplace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs = theirs
        choices: Any = self.fields
        codes = network.municipalities if network else []
        places = sorted(((code, municipality_name(code)) for code in codes), key=lambda one: one[1])
        choices["municipality"].choices = [("", _("muualla")), *places]
        if theirs:
            choices["workplace"].choices = [(str(one.id), one.name) for one in theirs]
            for name in ("house", "municipality", "people"):
                del self.fields[name]
        else:
            del self.fields["workplace"]
        if len(theirs) == 1:
            choices["workplace"].widget = forms.HiddenInput()
            self.initial["workplace"] = str(theirs[0].id)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.theirs and not told.get("house"):
            self.add_error("house", _("Kirjoittakaa työpaikan nimi."))
        if not told.get("mail") and not told.get("phone") and not set(self.errors) & {"mail", "phone"}:
            self.add_error("phone", _("Kirjoittakaa numero tai sähköposti, jotta voimme vastata."))
        return told

    def known(self) -> Workplace | None:
        """Which of their workplaces it is for."""
        wanted = self.cleaned_data.get("workplace") or (str(self.theirs[0].id) if len(self.theirs) == 1 else "")
        return next((one for one in self.theirs if str(one.id) == wanted), None)


class SayForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Viesti"), max_length=5000, widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Viesti on tyhjä.")},
    )  # fmt: skip


class NextForm(forms.Form):
    step = forms.CharField(label=gettext_lazy("Mitä tehdään seuraavaksi"), max_length=200)
    day = forms.DateField(label=gettext_lazy("Mihin mennessä"), widget=DayInput())


class EndForm(forms.Form):
    why = forms.ChoiceField(
        label=gettext_lazy("Miten se päättyi?"), choices=list(ENDS.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Valitse, miten se päättyi.")},
    )  # fmt: skip


class KnowForm(forms.Form):
    workplace: forms.ModelChoiceField[Workplace] = forms.ModelChoiceField(
        None, label=gettext_lazy("Mikä työpaikka tämä on"), empty_label=gettext_lazy("valitse")
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workplace"].queryset = Workplace.objects.filter(network=network)  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Mitä tarjoamme, lyhyesti"), max_length=3000, widget=forms.Textarea({"rows": 4})
    )
    valid_until = forms.DateField(label=gettext_lazy("Voimassa, viimeinen päivä"), widget=DayInput())


class PersonOfHouse(forms.ModelChoiceField[Member]):
    def label_from_instance(self, obj: Member) -> str:
        return f"{obj}, {obj.organisation}"


class HouseForm(forms.Form):
    contact = PersonOfHouse(None, label=gettext_lazy("Keneltä"), empty_label=gettext_lazy("valitse"))

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = own_people(network)  # type: ignore[attr-defined]


class PartForm(forms.Form):
    what = forms.CharField(label=gettext_lazy("Mitä teemme"), max_length=500, widget=forms.Textarea({"rows": 3}))
    begins = forms.DateField(label=gettext_lazy("Alkaa"), widget=DayInput(), required=False)
    ends = forms.DateField(label=gettext_lazy("Päättyy"), widget=DayInput(), required=False)
    price = forms.DecimalField(
        label=gettext_lazy("Hinta yhteensä, €"), min_value=0, max_value=10_000_000, decimal_places=2, required=False,
        localize=True, help_text=gettext_lazy("Maksuton: 0."),
    )  # fmt: skip
    funding = forms.CharField(
        label=gettext_lazy("Rahoitus, jota voi käyttää"), max_length=200, required=False,
        help_text=gettext_lazy("esim. yhteishankintakoulutus, palkkatuki, koulutuskorvaus"),
    )  # fmt: skip
    contact: forms.ModelChoiceField[Member] = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Kuka teiltä hoitaa tämän"),
        required=False,
        empty_label=gettext_lazy("ei vielä tiedossa"),
    )
    service: Any = forms.ModelChoiceField(
        None, label=gettext_lazy("Mikä palvelu"), required=False, empty_label=gettext_lazy("ei mikään")
    )
    ready = forms.BooleanField(label=gettext_lazy("Tämä on meidän puolestamme valmis"), required=False)

    def __init__(self, *args: Any, part: OfferPart, network: Network, ours: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["contact"].queryset = own_people(network).filter(organisation=part.organisation_id)
        fields["service"].queryset = services_to_choose(part.organisation)
        if not ours:
            # Only the house itself says that its part is ready.
            del self.fields["ready"]

    def told(self) -> dict[str, Any]:
        """As the action wants it: money in cents."""
        found = {"ready": False} | dict(self.cleaned_data)
        found["price"] = None if found["price"] is None else int(found["price"] * 100)
        return found


def part_initial(one: OfferPart) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("what", "begins", "ends", "funding", "contact", "service", "ready")}
    return same | {"price": None if one.price is None else one.price / 100}


def offer_days() -> Any:
    return today() + timedelta(days=VALID_DAYS)
