"""The forms of practices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.base.text import choose
from opinovi.base.texts_form import TextsForm
from opinovi.contact.group_forms import DayInput
from opinovi.directory.models import Service, State
from opinovi.doors.topics import topics
from opinovi.network.competences import area_choices
from opinovi.network.forms import MemberChoice
from opinovi.network.models import Member, Organisation


class PracticeForm(TextsForm):
    texts = (
        ("name", gettext_lazy("Nimi"), 1, 200, True),
        ("problem", gettext_lazy("Mikä oli ongelma"), 4, 4000, False),
        ("way", gettext_lazy("Mitä tehtiin"), 6, 8000, False),
        ("needs", gettext_lazy("Mitä se vaatii: aikaa, väkeä, rahaa"), 3, 4000, False),
        ("results", gettext_lazy("Mitä siitä seurasi"), 4, 4000, False),
    )
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Kenen käytäntö"), empty_label=None
    )
    contact = MemberChoice(None, label=gettext_lazy("Kuka kertoo lisää"), empty_label=None)
    evidence = forms.CharField(
        label=gettext_lazy("Mistä tulokset näkee"), max_length=500, required=False,
        help_text=gettext_lazy("esim. palautteen keskiarvo ennen ja jälkeen"),
    )  # fmt: skip
    materials = forms.CharField(
        label=gettext_lazy("Aineistot"), help_text=gettext_lazy("Yksi rivillä: nimi ja osoite."), required=False,
        max_length=4000, widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Aiheet"), required=False, widget=forms.SelectMultiple({"size": 6})
    )
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Mitä ohjausosaamista tämä vahvistaa"), required=False, widget=forms.CheckboxSelectMultiple
    )
    services: forms.ModelMultipleChoiceField[Service] = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Palvelut, joissa tätä käytetään"), required=False,
        widget=forms.SelectMultiple({"size": 5}),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, houses: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        ids = [one.id for one in houses]
        choices["organisation"].queryset = Organisation.objects.filter(id__in=ids)
        choices["organisation"].choices = [(one.id, str(one)) for one in houses]
        people = Member.objects.filter(organisation__in=ids, ended_at=None).select_related("person", "organisation")
        choices["contact"].queryset = people.order_by("person__name")
        choices["topics"].choices = sorted(
            ((one.id, choose(one.label).text) for one in topics().values()), key=lambda pair: pair[1]
        )
        choices["areas"].choices = area_choices()
        rows = Service.objects.filter(organisation__in=ids, state=State.PUBLISHED)
        choices["services"].queryset = rows.only("id", "name", "organisation_id")


class ReviewForm(forms.Form):
    good = forms.TypedChoiceField(
        label=gettext_lazy("Voiko tämän julkaista"),
        choices=[("1", gettext_lazy("kyllä")), ("0", gettext_lazy("ei vielä"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Mitä hyvää, mitä pitää korjata"), max_length=4000, required=False,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip


class AdoptForm(forms.Form):
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Missä"), empty_label=None
    )
    since = forms.DateField(label=gettext_lazy("Mistä alkaen"), widget=DayInput(), initial=today)
    changed = forms.CharField(
        label=gettext_lazy("Mitä muutitte siinä"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )
    results = forms.CharField(
        label=gettext_lazy("Mitä siitä on seurannut"), max_length=4000, required=False,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    ended = forms.BooleanField(label=gettext_lazy("Emme käytä tätä enää"), required=False)

    def __init__(self, *args: Any, houses: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["organisation"].queryset = Organisation.objects.filter(id__in=[one.id for one in houses])
