"""The forms of projects. Money and hours are read as people write them, into whole cents and minutes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.clock import today
from opinovi.base.euros import plain_euros
from opinovi.base.texts_form import TextsForm
from opinovi.contact.group_forms import DayInput
from opinovi.network.forms import MemberChoice
from opinovi.network.models import Member, Network, Organisation
from opinovi.projects.esf_words import AFTER, GENDERS, SCHOOL, TRAITS, WORK, YES_NO
from opinovi.projects.models import CostModel, CostType, Project, Rounding
from opinovi.projects.money import WHOLE, cents_of, minutes_of
from opinovi.projects.words import MODELS, ROUNDINGS, TYPES

ENTERED_TYPES = [(kind, name) for kind, name in TYPES.items() if kind != CostType.FLAT]
MOST_FUNDERS = 6


class MoneyField(forms.CharField):
    """Euros, kept in cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return cents_of(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return plain_euros(value) if isinstance(value, int) else value


class MinutesField(forms.CharField):
    """Hours, kept in minutes."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return minutes_of(text) if text else 0

    def prepare_value(self, value: Any) -> Any:
        return (f"{value // 60}:{value % 60:02d}" if value else "") if isinstance(value, int) else value


def share_of(text: str) -> int:
    """Per cent as people write it, in hundredths."""
    share = cents_of(text.replace("%", ""))
    if not 0 <= share <= WHOLE:
        raise ValidationError(_("Osuus on 0–100 %."))
    return share


class ShareField(forms.CharField):
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return share_of(text) if text else 0

    def prepare_value(self, value: Any) -> Any:
        return plain_euros(value) if isinstance(value, int) and value else ("" if value == 0 else value)


class ProjectForm(TextsForm):
    texts = (
        ("name", gettext_lazy("Nimi"), 1, 200, True),
        ("summary", gettext_lazy("Mitä hanke tekee"), 3, 2000, False),
    )
    code = forms.CharField(label=gettext_lazy("Hankkeen koodi"), max_length=40, required=False)
    begins = forms.DateField(label=gettext_lazy("Alkaa"), widget=DayInput())
    ends = forms.DateField(label=gettext_lazy("Päättyy"), widget=DayInput())
    coordinator: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Kuka koordinoi"), empty_label=None
    )
    partners: forms.ModelMultipleChoiceField[Organisation] = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Osapuolet"), required=False, widget=forms.CheckboxSelectMultiple
    )
    cost_model = forms.ChoiceField(
        label=gettext_lazy("Kustannusmalli"), choices=list(MODELS.items()), initial=CostModel.REAL
    )
    flat_share = ShareField(
        label=gettext_lazy("Prosenttikorvaus palkoista"),
        help_text=gettext_lazy("esim. 40"),
        max_length=8,
        required=False,
    )
    rounding = forms.ChoiceField(
        label=gettext_lazy("Miten rahoittaja pyöristää"), choices=list(ROUNDINGS.items()), initial=Rounding.CENT
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        houses = network.members.order_by("id")
        named = [(row.id, str(row)) for row in houses]
        for name in ("coordinator", "partners"):
            choices[name].queryset = houses
            choices[name].choices = named
        for row in range(MOST_FUNDERS):
            self.fields[f"funder_{row}"] = forms.CharField(
                label=_("Rahoittaja %(n)d") % {"n": row + 1}, max_length=120, required=row == 0,
                help_text=_("Viimeinen on osapuolten oma osuus.") if row == 0 else "",
            )  # fmt: skip
            self.fields[f"share_{row}"] = ShareField(
                label=_("Osuus %(n)d, %%") % {"n": row + 1}, max_length=8, required=row == 0
            )

    def funders(self) -> list[tuple[dict[str, str], int]]:
        told = self.cleaned_data
        rows = [(told[f"funder_{row}"], told[f"share_{row}"]) for row in range(MOST_FUNDERS)]
        return [({"fi": name.strip()}, share) for name, share in rows if name.strip()]


def project_initial(one: Project) -> dict[str, Any]:
    same = ("code", "begins", "ends", "coordinator", "cost_model", "flat_share", "rounding")
    found = {name: getattr(one, name) for name in same}
    found["partners"] = [row.organisation_id for row in one.partners.all()]
    for at, funder in enumerate(one.funders.all()):
        found |= {f"funder_{at}": funder.name.get("fi", ""), f"share_{at}": funder.share}
    return found


class EntryForm(forms.Form):
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Kenen kulu"), empty_label=None
    )
    day = forms.DateField(label=gettext_lazy("Päivä"), widget=DayInput(), initial=today)
    text = forms.CharField(
        label=gettext_lazy("Mihin työ tai raha meni"),
        help_text=gettext_lazy("Ei asiakkaiden nimiä."),
        max_length=300,
    )
    minutes = MinutesField(
        label=gettext_lazy("Tunnit"), help_text=gettext_lazy("esim. 7,5 tai 7:30"), max_length=8, required=False
    )
    hour = MoneyField(label=gettext_lazy("Tunnin hinta sivukuluineen, €"), required=False)
    member = MemberChoice(
        None, label=gettext_lazy("Kuka teki työn"), required=False, empty_label=gettext_lazy("ei työtä")
    )
    cents = MoneyField(label=gettext_lazy("Summa, jos kyse ei ole tunneista, €"), required=False)
    cost_type = forms.ChoiceField(label=gettext_lazy("Kululaji"), choices=ENTERED_TYPES)
    in_kind = forms.BooleanField(label=gettext_lazy("Osapuolen omaa työtä (omarahoitus)"), required=False)
    voucher = forms.CharField(label=gettext_lazy("Tositteen numero"), max_length=40, required=False)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, houses: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        ids = [one.id for one in houses]
        choices["organisation"].queryset = Organisation.objects.filter(id__in=ids)
        rows = Member.objects.filter(organisation__in=ids, ended_at=None).select_related("person", "organisation")
        choices["member"].queryset = rows.order_by("person__name")

    def fields_of(self) -> dict[str, Any]:
        told = self.cleaned_data
        same = ("day", "text", "minutes", "member", "cost_type", "in_kind", "voucher")
        return {name: told[name] for name in same} | {
            "cents": told["cents"] or 0, "hour_cents": told["hour"] or 0,
        }  # fmt: skip


class PeriodForm(forms.Form):
    begins = forms.DateField(label=gettext_lazy("Alkaa"), widget=DayInput())
    ends = forms.DateField(label=gettext_lazy("Päättyy"), widget=DayInput())


class DecideForm(forms.Form):
    decision = forms.CharField(
        label=gettext_lazy("Kuka päätti ja millä numerolla"),
        help_text=gettext_lazy("esim. ELY-keskus, S10421"),
        max_length=200,
    )
    decided_on = forms.DateField(label=gettext_lazy("Päätöspäivä"), widget=DayInput(), initial=today)


class PaidForm(forms.Form):
    paid = MoneyField(label=gettext_lazy("Paljonko rahoittaja maksoi, €"))
    paid_on = forms.DateField(label=gettext_lazy("Milloin"), widget=DayInput(), initial=today)


def told_or(names: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("", gettext_lazy("ei kerrottu")), *names.items()]


class AfterForm(forms.Form):
    """What the funder's rules ask of one who takes part: who they are, in so far as they say, and what came of it."""

    born = forms.IntegerField(label=gettext_lazy("Syntymävuosi"), min_value=1900, max_value=2020, required=False)
    gender = forms.ChoiceField(label=gettext_lazy("Sukupuoli"), choices=told_or(GENDERS), required=False)
    work = forms.ChoiceField(label=gettext_lazy("Työ, kun hän aloitti"), choices=told_or(WORK), required=False)
    school = forms.ChoiceField(label=gettext_lazy("Ylin tutkinto"), choices=told_or(SCHOOL), required=False)
    ended_on = forms.DateField(label=gettext_lazy("Osallistuminen päättyi"), widget=DayInput(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (TRAITS | AFTER).items():
            self.fields[name] = forms.ChoiceField(label=words, choices=YES_NO, required=False)
        self.order_fields(["born", "gender", "work", "school", *TRAITS, "ended_on", *AFTER])


class EsfForm(forms.Form):
    """Which period is reported."""

    begins = forms.DateField(label=gettext_lazy("Ensimmäinen päivä"), widget=DayInput())
    ends = forms.DateField(label=gettext_lazy("Viimeinen päivä"), widget=DayInput())


class SupportedForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Mikä"),
        choices=[
            ("public", gettext_lazy("julkinen palvelu")),
            ("enterprise", gettext_lazy("pieni tai keskisuuri yritys")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("Nimi"), max_length=200)
    began_on = forms.DateField(label=gettext_lazy("Tuki alkoi"), widget=DayInput())


class ParticipantForm(forms.Form):
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        None, label=gettext_lazy("Missä hän on mukana"), empty_label=None
    )
    name = forms.CharField(label=gettext_lazy("Nimi"), max_length=120)
    born = forms.IntegerField(
        label=gettext_lazy("Syntymävuosi"), min_value=1900, max_value=2020, required=False,
        help_text=gettext_lazy("Ei henkilötunnusta."),
    )  # fmt: skip
    gender = forms.ChoiceField(label=gettext_lazy("Sukupuoli"), choices=told_or(GENDERS), required=False)
    work = forms.ChoiceField(label=gettext_lazy("Työ, kun hän aloitti"), choices=told_or(WORK), required=False)
    school = forms.ChoiceField(label=gettext_lazy("Ylin tutkinto"), choices=told_or(SCHOOL), required=False)
    began_on = forms.DateField(label=gettext_lazy("Mukana alkaen"), widget=DayInput(), initial=today)
    consent = forms.CharField(
        label=gettext_lazy("Miten hän antoi luvan"),
        help_text=gettext_lazy("esim. allekirjoitti lomakkeen 3.2."),
        max_length=200,
    )

    def __init__(self, *args: Any, houses: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["organisation"].queryset = Organisation.objects.filter(id__in=[one.id for one in houses])
