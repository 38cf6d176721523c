"""The forms of workplaces and their surveys."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.contact.group_forms import DayInput
from opinovi.directory.codes import municipality_name
from opinovi.network.models import Network
from opinovi.workplaces.fields import field_choices
from opinovi.workplaces.models import CompetenceSurvey, PlanGoal
from opinovi.workplaces.words import GOALS


class WorkplaceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Työpaikan nimi"), max_length=120)
    municipality = forms.ChoiceField(label=gettext_lazy("Paikkakunta"), required=False)
    people = forms.IntegerField(
        label=gettext_lazy("Montako siellä työskentelee, suunnilleen"), min_value=1, max_value=1_000_000, required=False
    )
    units = forms.CharField(
        label=gettext_lazy("Yksiköt"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "Yksi rivillä, esim. Leipomo ja Myymälä. Alle viiden vastaajan yksikön tuloksia ei näe kukaan."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        places = sorted(((code, municipality_name(code)) for code in network.municipalities), key=lambda one: one[1])
        choices["municipality"].choices = [("", _("muualla")), *places]


class NewSurveyForm(forms.Form):
    name_fi = forms.CharField(label=gettext_lazy("Kartoituksen nimi"), max_length=120)
    field = forms.ChoiceField(label=gettext_lazy("Mistä aloitetaan"), required=False)

    def __init__(self, *args: Any, before: list[CompetenceSurvey], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["field"].choices = [
            *((str(one.id), _("kuten viimeksi: %(name)s") % {"name": one}) for one in before),
            *field_choices(),
            ("", _("tyhjästä")),
        ]


class OpenForm(forms.Form):
    closes_on = forms.DateField(label=gettext_lazy("Viimeinen vastauspäivä"), widget=DayInput())
    slips = forms.IntegerField(
        label=gettext_lazy("Vastauslappuja"), min_value=0, max_value=10_000, required=False,
        help_text=gettext_lazy("Tyhjä: kaikki vastaavat samalla koodilla. Lapuilla kukin voi vastata vain kerran."),
    )  # fmt: skip


class GoalForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Mitä tehdään"), max_length=500, widget=forms.Textarea({"rows": 2}))
    who = forms.CharField(label=gettext_lazy("Kuka vastaa"), max_length=120, required=False)
    by_day = forms.DateField(label=gettext_lazy("Mihin mennessä"), widget=DayInput(), required=False)
    cost = forms.DecimalField(
        label=gettext_lazy("Mitä maksaa, €"), min_value=0, max_value=10_000_000, decimal_places=2, required=False,
        localize=True,
    )  # fmt: skip
    funding = forms.CharField(label=gettext_lazy("Millä rahalla"), max_length=200, required=False)
    state = forms.ChoiceField(label=gettext_lazy("Missä mennään"), choices=list(GOALS.items()), required=False)

    def told(self) -> dict[str, Any]:
        """As the action wants it: money in cents."""
        found = dict(self.cleaned_data)
        found["cost"] = None if found["cost"] is None else int(found["cost"] * 100)
        return found


def goal_initial(one: PlanGoal) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("text", "who", "by_day", "funding", "state")}
    return same | {"cost": None if one.cost is None else one.cost / 100}
