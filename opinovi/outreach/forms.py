"""The forms of outreach."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.base.languages import WHOLE
from opinovi.base.text import choose
from opinovi.contact.group_forms import DayInput, TimeInput
from opinovi.directory.codes import municipality_name
from opinovi.directory.models import Service, State
from opinovi.doors.topics import topics
from opinovi.network.forms import MembersChoice
from opinovi.network.models import Network, Organisation
from opinovi.network.queries import people_of
from opinovi.outreach.models import OutreachPlan
from opinovi.outreach.words import GROUPS, PLACES

SAME = ("name", "group", "place", "where", "municipality", "why", "material", "service", "topic", "language")


class PlanForm(forms.Form):
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Mikä organisaatio lähtee"), empty_label=None
    )
    name = forms.CharField(
        label=gettext_lazy("Nimi"), max_length=200, help_text=gettext_lazy("esim. Ohjaaja Sysmän kyläkaupassa")
    )
    group = forms.ChoiceField(label=gettext_lazy("Keitä halutaan tavata"), choices=list(GROUPS.items()))
    place = forms.ChoiceField(label=gettext_lazy("Millainen paikka"), choices=list(PLACES.items()))
    where = forms.CharField(label=gettext_lazy("Missä"), max_length=200)
    municipality = forms.ChoiceField(label=gettext_lazy("Paikkakunta"), required=False)
    topic = forms.ChoiceField(
        label=gettext_lazy("Minkä oven koodi avaa"),
        help_text=gettext_lazy("Koodista aukeaa tämän aiheen haku, tai palvelu, jos valitset sen alta."),
        required=False,
    )
    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        None, label=gettext_lazy("tai oma palvelu"), required=False, empty_label=gettext_lazy("ei palvelua")
    )
    language = forms.ChoiceField(label=gettext_lazy("Millä kielellä"), choices=list(WHOLE.items()))
    why = forms.CharField(
        label=gettext_lazy("Miksi sinne mennään"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
    material = forms.CharField(
        label=gettext_lazy("Mitä otetaan mukaan"), max_length=500, required=False,
        help_text=gettext_lazy("esim. kortit, juliste, tabletti"),
    )  # fmt: skip

    def __init__(self, *args: Any, network: Network, houses: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        ids = [one.id for one in houses]
        choices["organisation"].queryset = Organisation.objects.filter(id__in=ids)
        choices["organisation"].choices = [(one.id, str(one)) for one in houses]
        rows = Service.objects.filter(organisation__in=ids, state=State.PUBLISHED)
        choices["service"].queryset = rows.only("id", "name", "organisation_id")
        named = sorted(((one.id, choose(one.label).text) for one in topics().values()), key=lambda pair: pair[1])
        choices["topic"].choices = [("", _("etusivu")), *named]
        places = [(code, municipality_name(code)) for code in network.municipalities]
        choices["municipality"].choices = [("", _("koko alue")), *places]

    def fields_of(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SAME}


def plan_initial(one: OutreachPlan) -> dict[str, Any]:
    return {name: getattr(one, name) for name in (*SAME, "organisation")}


class OutingForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("Päivä"), widget=DayInput(), initial=today)
    begins = forms.TimeField(label=gettext_lazy("Alkaa klo"), widget=TimeInput(), initial="10:00")
    ends = forms.TimeField(label=gettext_lazy("Päättyy klo"), widget=TimeInput(), initial="14:00")
    members = MembersChoice(
        None, label=gettext_lazy("Ketkä lähtevät"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["members"].queryset = people_of(network)
