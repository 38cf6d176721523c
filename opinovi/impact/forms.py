"""Forms of what people say, ask and report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opinovi.base.text import choose
from opinovi.directory.codes import municipality_name
from opinovi.impact.groups import GROUPS
from opinovi.impact.models.voices import ITEMS
from opinovi.network.models import Network, Organisation

ANSWERS = ((3, _("Kyllä")), (2, _("Osittain")), (1, _("Ei")))
ITEM_WORDS = {
    "heard": _("Minua kuunneltiin."),
    "got": _("Sain, mitä tarvitsin."),
    "next": _("Tiedän, mitä teen seuraavaksi."),
    "again": _("Tulisin uudelleen."),
}


def int_or_none(text: str) -> int | None:
    return int(text) if text else None


class MoreForm(forms.Form):
    """Four plain items and a sentence; none has to be answered."""

    words = forms.CharField(
        label=_("Haluatko sanoa jotain?"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Älä kirjoita nimiä. Tämän lukee vain tiimi."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ITEMS:
            self.fields[name] = forms.TypedChoiceField(
                label=ITEM_WORDS[name], choices=ANSWERS, coerce=int_or_none, required=False,
                widget=forms.RadioSelect,
            )  # fmt: skip
        self.order_fields([*ITEMS, "words"])

    def items(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in ITEMS if self.cleaned_data.get(name)}


class ComplaintForm(forms.Form):
    house = forms.ModelChoiceField(label=_("Ketä asia koskee?"), queryset=Organisation.objects.none())
    words = forms.CharField(
        label=_("Mitä tapahtui?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Kerro omin sanoin. Sinun ei tarvitse kertoa nimeäsi."),
        error_messages={"required": _("Kerro omin sanoin, mitä tapahtui.")},
    )  # fmt: skip
    mail = forms.EmailField(
        label=_("Sähköposti"), required=False, help_text=_("Jos haluat tiedon, kun sinulle on vastattu.")
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["house"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = network.members.order_by("external_id")
        field.error_messages["required"] = _("Valitse, ketä asia koskee.")
        field.label_from_instance = lambda obj: choose(obj.name).text  # type: ignore[method-assign]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Vastaus"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Kirjoita vastaus.")},
    )  # fmt: skip


class BackgroundForm(forms.Form):
    municipality = forms.ChoiceField(label=_("Missä kunnassa asut?"), required=False)
    groups = forms.MultipleChoiceField(
        label=_("Mikä näistä sopii sinuun?"), required=False, choices=list(GROUPS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Valitse niin monta kuin haluat, tai ei yhtään."),
    )  # fmt: skip

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted((municipality_name(code), code) for code in network.municipalities)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("En kerro")), *((code, name) for name, code in names)]
