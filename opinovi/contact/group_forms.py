"""The forms of group sessions: to come, and to set one up."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.contact.forms import DaysField, PersonForm, RemindForm
from opinovi.directory.forms.base import CHARGE_NAMES, KIND_NAMES
from opinovi.directory.hours import ZONE
from opinovi.directory.models import Charge, GroupSession, Kind, Service, ServicePoint, State
from opinovi.directory.queries import services_to_choose
from opinovi.network.forms import LANGUAGES
from opinovi.network.models import Member, Team


class ComeForm(RemindForm):
    note = forms.CharField(
        label=gettext_lazy("Tarvitsetko jotain, jotta voit osallistua? Vapaaehtoinen."),
        help_text=gettext_lazy("esim. tulkin, esteettömän pääsyn, lastenhoidon"),
        max_length=500,
        required=False,
    )
    field_order = ["phone", "mail", "remind", "name", "note"]


class AddForm(forms.Form):
    """Somebody whom the leader puts on the list."""

    name = forms.CharField(label=gettext_lazy("Nimi"), max_length=120)
    mail = PersonForm.base_fields["mail"]
    phone = PersonForm.base_fields["phone"]


class DayInput(forms.DateInput):
    def __init__(self) -> None:
        super().__init__({"type": "date"}, "%Y-%m-%d")


class TimeInput(forms.TimeInput):
    def __init__(self) -> None:
        super().__init__({"type": "time"}, "%H:%M")


class SessionForm(forms.Form):
    name_fi = forms.CharField(label=gettext_lazy("Nimi"), max_length=120)
    summary_fi = forms.CharField(
        label=gettext_lazy("Mitä siellä tehdään ja kenelle se on"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
    day = forms.DateField(label=gettext_lazy("Ensimmäinen kerta"), widget=DayInput())
    begins = forms.TimeField(label=gettext_lazy("Alkaa klo"), widget=TimeInput())
    ends = forms.TimeField(label=gettext_lazy("Päättyy klo"), widget=TimeInput())
    count = forms.IntegerField(label=gettext_lazy("Kuinka monta kertaa"), min_value=1, max_value=60, initial=1)
    every = forms.TypedChoiceField(
        label=gettext_lazy("Kuinka usein"),
        choices=[(1, gettext_lazy("joka viikko")), (2, gettext_lazy("joka toinen viikko"))],
        coerce=int,
        initial=1,
    )
    without = DaysField(label=gettext_lazy("Päivät, jolloin ei kokoonnuta"))
    places = forms.IntegerField(
        label=gettext_lazy("Paikkoja"),
        help_text=gettext_lazy("Tyhjä: kaikki mahtuvat."),
        min_value=1,
        max_value=5000,
        required=False,
    )
    point: forms.ModelChoiceField[ServicePoint] = forms.ModelChoiceField(
        None, label=gettext_lazy("Missä"), required=False, empty_label=gettext_lazy("verkossa")
    )
    link = forms.URLField(
        label=gettext_lazy("Linkki, jolla pääsee mukaan"),
        help_text=gettext_lazy("Sen näkevät vain ne, joilla on paikka."),
        required=False,
        assume_scheme="https",
    )
    leader: forms.ModelChoiceField[Member] = forms.ModelChoiceField(
        None, label=gettext_lazy("Kuka vetää"), required=False, empty_label=gettext_lazy("koko tiimi")
    )
    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Mihin palveluun tämä kuuluu"),
        required=False,
        empty_label=gettext_lazy("ei mihinkään"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Millaista apua"), choices=list(KIND_NAMES.items()), initial=Kind.GUIDANCE
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Millä kielillä"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    register_until = forms.DateField(
        label=gettext_lazy("Viimeinen ilmoittautumispäivä"),
        help_text=gettext_lazy("Tyhjä: kunnes ensimmäinen kerta alkaa."),
        required=False,
        widget=DayInput(),
    )
    charge = forms.ChoiceField(
        label=gettext_lazy("Mitä maksaa"), choices=list(CHARGE_NAMES.items()), initial=Charge.FREE
    )
    name_sv = forms.CharField(label=gettext_lazy("Nimi ruotsiksi"), max_length=120, required=False)
    summary_sv = forms.CharField(
        label=gettext_lazy("Kuvaus ruotsiksi"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    name_en = forms.CharField(label=gettext_lazy("Nimi englanniksi"), max_length=120, required=False)
    summary_en = forms.CharField(
        label=gettext_lazy("Kuvaus englanniksi"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = team.organisation
        guides = team.members.filter(ended_at=None, roles__role="guide").select_related("person")
        self.fields["leader"].queryset = guides.order_by("person__name").distinct()  # type: ignore[attr-defined]
        points = ServicePoint.objects.filter(organisation=house, state=State.PUBLISHED).only(
            "id", "name", "municipality"
        )
        self.fields["point"].queryset = points  # type: ignore[attr-defined]
        services = services_to_choose(house)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("begins") and told.get("ends") and told["ends"] <= told["begins"]:
            self.add_error("ends", _("Loppuaika on ennen alkua."))
        if not told.get("point") and not told.get("link") and not set(self.errors) & {"point", "link"}:
            self.add_error("link", _("Kirjoita linkki, tai valitse paikka."))
        if told.get("register_until") and told["register_until"] < today():
            self.add_error("register_until", _("Päivä on jo mennyt."))
        return told

    def fields_of(self) -> dict[str, Any]:
        """The fields of the session as the action wants them."""
        told = self.cleaned_data
        last = told["register_until"]
        plan = {
            "day": told["day"].isoformat(),
            "begins": f"{told['begins']:%H:%M}",
            "ends": f"{told['ends']:%H:%M}",
            "count": told["count"],
            "every": told["every"],
            "without": [one.isoformat() for one in told["without"]],
        }
        same = ("places", "point", "link", "leader", "service", "kind", "languages", "charge")
        return {name: told[name] for name in same} | {
            "plan": plan,
            "name": texts(told, "name"),
            "summary": texts(told, "summary"),
            "register_until": datetime(last.year, last.month, last.day, 23, 59, tzinfo=ZONE) if last else None,
        }


def texts(told: dict[str, Any], name: str) -> dict[str, str]:
    return {code: told[f"{name}_{code}"] for code in ("fi", "sv", "en") if told[f"{name}_{code}"]}


def initial_of(session: GroupSession) -> dict[str, Any]:
    """A session as its form shows it."""
    plan = session.plan
    without = [date.fromisoformat(one) for one in plan.get("without", ())]
    last = session.register_until
    same = ("places", "point", "link", "leader", "service", "kind", "languages", "charge")
    return (
        {name: getattr(session, name) for name in same}
        | {f"{name}_{code}": text for name in ("name", "summary") for code, text in getattr(session, name).items()}
        | {name: plan.get(name) for name in ("day", "begins", "ends", "count", "every")}
        | {"without": without, "register_until": last.astimezone(ZONE).date() if last else None}
    )
