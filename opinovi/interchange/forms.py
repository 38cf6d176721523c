"""The forms of this room."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.interchange.models import Scope
from opinovi.network.models import Organisation

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
