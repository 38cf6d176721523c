"""The forms of strategy work. Every text is asked in Finnish, and in Swedish and English under a fold."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.base.text import choose
from opinovi.base.texts_form import TextsForm, initial_of
from opinovi.contact.group_forms import DayInput, TimeInput
from opinovi.directory.codes import municipality_name
from opinovi.doors.topics import topics
from opinovi.network.forms import MemberChoice, MembersChoice
from opinovi.network.models import Network, Organisation
from opinovi.network.queries import people_of
from opinovi.practices.models import Practice
from opinovi.strategy.models import Action, Measure, Objective, StrategyVersion
from opinovi.strategy.models.plan import Unit
from opinovi.strategy.words import ELEMENTS, OWN_UNITS, SMALLER, SOURCES, UNITS


class StrategyForm(TextsForm):
    texts = (
        ("name", gettext_lazy("Nimi"), 1, 200, True),
        ("vision", gettext_lazy("Visio: miten asiat ovat kauden lopussa"), 6, 6000, True),
    )
    hints = {"vision": gettext_lazy("Tyhjä rivi aloittaa uuden kappaleen. Kappaletta voi kommentoida.")}
    begins = forms.DateField(label=gettext_lazy("Kausi alkaa"), widget=DayInput())
    ends = forms.DateField(label=gettext_lazy("Kausi päättyy"), widget=DayInput())
    review_months = forms.IntegerField(
        label=gettext_lazy("Montako kuukautta seurantojen välissä"), min_value=1, max_value=24, initial=6
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)


class PartForm(TextsForm):
    texts = (
        ("name", gettext_lazy("Nimi"), 1, 200, True),
        ("text", gettext_lazy("Teksti"), 6, 6000, False),
    )
    hints = {"text": gettext_lazy("Tyhjä rivi aloittaa uuden kappaleen.")}
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)


class ObjectiveForm(PartForm):
    practices: forms.ModelMultipleChoiceField[Practice] = forms.ModelMultipleChoiceField(
        None,
        label=gettext_lazy("Hyvät käytännöt, joista on apua"),
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["practices"].queryset = network.practices.filter(state="published").only("id", "name")


class ActionForm(TextsForm):
    texts = (("name", gettext_lazy("Mitä tehdään"), 1, 300, True),)
    objective: forms.ModelChoiceField[Objective] = forms.ModelChoiceField(
        None, label=gettext_lazy("Minkä tavoitteen hyväksi"), empty_label=None
    )
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Mikä organisaatio vastaa"), empty_label=None
    )
    member = MemberChoice(None, label=gettext_lazy("Kuka vastaa"), required=False, empty_label=gettext_lazy("sovitaan"))
    begins = forms.DateField(label=gettext_lazy("Alkaa"), widget=DayInput(), initial=today)
    ends = forms.DateField(label=gettext_lazy("Valmis viimeistään"), widget=DayInput())
    resources = forms.CharField(
        label=gettext_lazy("Millä voimin"),
        help_text=gettext_lazy("esim. 3 työpäivää kuussa, hankkeen rahoitus"),
        max_length=500,
        required=False,
    )
    partners: forms.ModelMultipleChoiceField[Organisation] = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Kumppanit"), required=False, widget=forms.CheckboxSelectMultiple
    )
    waits_for: forms.ModelMultipleChoiceField[Action] = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Mitä tämä odottaa"), required=False, widget=forms.SelectMultiple({"size": 6})
    )

    def __init__(self, *args: Any, network: Network, objectives: Any, one: Action | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["objective"].queryset = objectives
        houses = network.members.order_by("id")
        named = [(row.id, str(row)) for row in houses]
        for name in ("organisation", "partners"):
            choices[name].queryset = houses
            # Read once for both.
            choices[name].choices = named
        choices["member"].queryset = people_of(network)
        others = Action.objects.filter(objective__in=objectives)
        choices["waits_for"].queryset = others.exclude(id=one.id) if one else others


class EvidenceForm(forms.Form):
    evidence = forms.CharField(
        label=gettext_lazy("Mistä näkee, että tämä on tehty?"),
        help_text=gettext_lazy("Kerro tulos ja linkki, jos sellainen on."),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class ThousandthsField(forms.DecimalField):
    """A number with at most three decimals, kept in thousandths."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=15, decimal_places=3, required=kwargs.pop("required", False), localize=True, **kwargs
        )
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        found = super().clean(str(value).replace(".", ",") if value not in (None, "") else value)
        return None if found is None else int((found * 1000).to_integral_exact())

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / 1000 if isinstance(value, int) else value


class MeasureForm(TextsForm):
    texts = (("name", gettext_lazy("Mitä mitataan"), 1, 200, True),)
    source = forms.ChoiceField(label=gettext_lazy("Mistä luku tulee"), choices=list(SOURCES.items()))
    unit = forms.ChoiceField(
        label=gettext_lazy("Yksikkö, kun luku kirjataan käsin"), choices=list(UNITS.items()), initial=Unit.COUNT
    )
    topic = forms.ChoiceField(label=gettext_lazy("Mikä aihe, kun lasketaan tarpeita"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Mikä paikkakunta"), required=False)
    baseline = ThousandthsField(label=gettext_lazy("Lähtötaso"))
    baseline_on = forms.DateField(label=gettext_lazy("Lähtötason päivä"), required=False, widget=DayInput())
    target = ThousandthsField(label=gettext_lazy("Tavoitetaso"))
    target_on = forms.DateField(label=gettext_lazy("Mihin mennessä"), required=False, widget=DayInput())
    smaller_is_better = forms.BooleanField(
        label=gettext_lazy("Pienempi luku on parempi, kun luku kirjataan käsin"), required=False
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((one.id, choose(one.label).text) for one in topics().values()), key=lambda pair: pair[1])
        choices: Any = self.fields
        choices["topic"].choices = [("", _("kaikki aiheet")), *named]
        places = [(code, municipality_name(code)) for code in network.municipalities]
        choices["municipality"].choices = [("", _("koko alue")), *places]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        source = told.get("source", "")
        if source in OWN_UNITS:
            # What is counted here has its unit, and its better direction.
            told["unit"], told["smaller_is_better"] = OWN_UNITS[source], source in SMALLER
        return told

    def fields_of(self) -> dict[str, Any]:
        own = ("source", "unit", "topic", "municipality", "baseline", "baseline_on", "target", "target_on",
               "smaller_is_better")  # fmt: skip
        return {name: self.cleaned_data[name] for name in own} | {"name": self.text("name")}


def measure_initial(one: Measure) -> dict[str, Any]:
    own = ("source", "unit", "topic", "municipality", "baseline", "baseline_on", "target", "target_on",
           "smaller_is_better")  # fmt: skip
    return {name: getattr(one, name) for name in own} | initial_of(one, "name")


class ReadingForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Päivä"), widget=DayInput(), initial=today)
    value = ThousandthsField(label=gettext_lazy("Luku"), required=True)
    source = forms.CharField(
        label=gettext_lazy("Mistä luku on"), help_text=gettext_lazy("esim. vuosikertomus s. 12"), max_length=300
    )


class ReviewForm(forms.Form):
    held_on = forms.DateField(label=gettext_lazy("Milloin"), widget=DayInput(), initial=today)
    learned = forms.CharField(label=gettext_lazy("Mitä opittiin"), max_length=6000, widget=forms.Textarea({"rows": 4}))
    changes = forms.CharField(
        label=gettext_lazy("Mitä tehdään toisin"), max_length=6000, required=False, widget=forms.Textarea({"rows": 3})
    )


class MeetingForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Mikä kokous"), max_length=200)
    day = forms.DateField(label=gettext_lazy("Päivä"), widget=DayInput())
    time = forms.TimeField(label=gettext_lazy("Klo"), widget=TimeInput())
    place = forms.CharField(label=gettext_lazy("Missä"), max_length=200, required=False)
    agenda = forms.CharField(
        label=gettext_lazy("Esityslista"), max_length=8000, required=False, widget=forms.Textarea({"rows": 5})
    )
    participants = MembersChoice(
        None, label=gettext_lazy("Keitä oli paikalla"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(label=gettext_lazy("Muita paikalla"), max_length=500, required=False)
    minutes = forms.CharField(
        label=gettext_lazy("Pöytäkirja"), max_length=20000, required=False, widget=forms.Textarea({"rows": 8})
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["participants"].queryset = people_of(network)

    def held_at(self) -> datetime:
        from opinovi.directory.hours import ZONE

        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], ZONE)


class DecisionForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Päätös"), max_length=4000, widget=forms.Textarea({"rows": 3}))
    version: forms.ModelChoiceField[StrategyVersion] = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Koskeeko strategian versiota"),
        required=False,
        empty_label=gettext_lazy("ei, muu asia"),
    )
    approved = forms.BooleanField(label=gettext_lazy("Hyväksyttiin"), required=False, initial=True)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = StrategyVersion.objects.filter(strategy__network=network).select_related("strategy").defer("data")
        choices: Any = self.fields
        choices["version"].queryset = rows.order_by("-at")[:20] if not self.is_bound else rows.order_by("-at")


class CriterionForm(TextsForm):
    texts = (("text", gettext_lazy("Mitä arvioidaan"), 2, 500, True),)
    element = forms.ChoiceField(label=gettext_lazy("Laadun puoli"), choices=list(ELEMENTS.items()))
