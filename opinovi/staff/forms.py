"""The forms of the staff room."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.contact.group_forms import DayInput, SessionForm, TimeInput, initial_of
from opinovi.directory.hours import ZONE
from opinovi.network.competences import area_choices
from opinovi.network.forms import MemberChoice, MembersChoice
from opinovi.network.models import Member, Network, Team
from opinovi.network.queries import own_people
from opinovi.practices.models import Practice, PracticeState
from opinovi.staff.models import Training
from opinovi.staff.words import RHYTHMS


class ShareForm(forms.Form):
    leader = MemberChoice(
        None, label=gettext_lazy("Kuka näkee tasosi"), required=False, empty_label=gettext_lazy("ei kukaan muu"),
        help_text=gettext_lazy("esim. oma esihenkilösi. Voit perua tämän milloin vain."),
    )  # fmt: skip
    counted = forms.BooleanField(
        label=gettext_lazy("Lasketaan mukaan verkoston yhteisiin lukuihin, ilman nimeä"), required=False
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Member.objects.filter(organisation_id=member.organisation_id, ended_at=None, person__is_active=True)
        rows = rows.exclude(person_id=member.person_id).exclude(roles__role__in=["employer", "auditor"])
        choices: Any = self.fields
        choices["leader"].queryset = rows.select_related("person", "organisation").order_by("person__name").distinct()


class OfferForm(forms.Form):
    area = forms.ChoiceField(label=gettext_lazy("Missä voit auttaa"))
    text = forms.CharField(
        label=gettext_lazy("Mitä sinulta kannattaa kysyä"), max_length=500, required=False,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["area"].choices = area_choices()


class TrainingForm(SessionForm):
    """A group session's form, without what only the public asks, and with what the training strengthens."""

    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Mitä osaamista tämä vahvistaa"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Valitse, mitä osaamista koulutus vahvistaa.")},
    )  # fmt: skip
    practices: forms.ModelMultipleChoiceField[Practice] = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Hyvät käytännöt, joista puhutaan"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    needed = forms.IntegerField(
        label=gettext_lazy("Montako kertaa on oltava paikalla, jotta saa todistuksen"),
        help_text=gettext_lazy("Tyhjä: kaikki kerrat."), min_value=1, max_value=60, required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, team: Team, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, team=team, **kwargs)
        for name in ("service", "kind", "charge"):
            del self.fields[name]
        choices: Any = self.fields
        choices["areas"].choices = area_choices()
        rows = Practice.objects.filter(network=network, state=PracticeState.PUBLISHED)
        choices["practices"].queryset = rows.only("id", "name", "published_at", "made_at")
        self.fields["summary_fi"].label = _("Mitä siellä opitaan")
        first = ["name_fi", "summary_fi", "areas", "day", "begins", "ends", "count", "point", "link", "places"]
        later = ["every", "without", "leader", "languages", "register_until", "needed", "practices"]
        self.order_fields([*first, *later])

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        # What a training is as a group of the public's is always the same.
        return told | {"service": None, "kind": "education", "charge": "free"}


def training_initial(one: Training) -> dict[str, Any]:
    return initial_of(one.session) | {"areas": one.areas, "needed": one.needed, "practices": one.practices.only("id")}


class CircleForm(forms.Form):
    """A pair or a group; of a pair, who is the mentor."""

    name = forms.CharField(label=gettext_lazy("Ryhmän nimi"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Mitä varten"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )
    area = forms.ChoiceField(label=gettext_lazy("Mistä aiheesta"), required=False)
    people = MembersChoice(
        None, label=gettext_lazy("Ketkä kutsut"), required=False, widget=forms.CheckboxSelectMultiple
    )
    open_to_all = forms.BooleanField(label=gettext_lazy("Kuka tahansa verkostosta voi liittyä"), required=False)
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["area"].choices = [("", _("ei mistään tietystä")), *area_choices()]
        choices["people"].queryset = own_people(network)


class PairForm(forms.Form):
    who = MemberChoice(None, label=gettext_lazy("Kenen kanssa"), empty_label=gettext_lazy("Valitse"))
    mentor = forms.TypedChoiceField(
        label=gettext_lazy("Kumpi on mentori"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("0", gettext_lazy("hän")), ("1", gettext_lazy("minä"))], initial="0",
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("Mistä aiheesta"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Mitä toivot"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["area"].choices = [("", _("ei mistään tietystä")), *area_choices()]
        choices["who"].queryset = own_people(network)


class MeetingForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("Päivä"), widget=DayInput())
    clock = forms.TimeField(label=gettext_lazy("Klo"), widget=TimeInput())
    where = forms.CharField(label=gettext_lazy("Missä, tai linkki"), max_length=300, required=False)

    def begins_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], ZONE)


class ShadowOfferForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Mitä vieras näkee ja tekee"), max_length=1000, widget=forms.Textarea({"rows": 4})
    )
    begins = forms.DateField(label=gettext_lazy("Ensimmäinen päivä"), widget=DayInput(), initial=today)
    ends = forms.DateField(label=gettext_lazy("Viimeinen päivä"), widget=DayInput())
    most = forms.IntegerField(label=gettext_lazy("Montako vierasta päivässä"), min_value=1, max_value=50, initial=1)


class ShadowDayForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("Mikä päivä"), widget=DayInput())
    message = forms.CharField(
        label=gettext_lazy("Mitä haluaisit nähdä"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )


class ThreadForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Otsikko"), max_length=120)
    area = forms.ChoiceField(label=gettext_lazy("Aihe"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Viesti"), max_length=4000, widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("Mainitse kollega näin: @Etunimi Sukunimi. Älä kerro asiakkaista."),
    )  # fmt: skip
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["area"].choices = [("", _("kaikki muu")), *area_choices()]


class FollowForm(forms.Form):
    rhythm = forms.ChoiceField(label=gettext_lazy("Kerro uusista viesteistä"), choices=list(RHYTHMS.items()))
