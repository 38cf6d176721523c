"""The forms of guidance at a workplace, of changes and of places."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.contact.access import guide_id, team_rows
from opinovi.contact.booking_forms import MODES
from opinovi.contact.group_forms import DayInput, SessionForm, TimeInput
from opinovi.contact.models.appointments import CELL_MINUTES, Mode
from opinovi.directory.codes import municipality_name
from opinovi.directory.models import GroupSession, Service
from opinovi.directory.queries import services_to_choose
from opinovi.journeys.desk_referrals import services_for
from opinovi.network.forms import LANGUAGES
from opinovi.network.models import Member, Network, Team
from opinovi.workplaces.actions.guidance import trainings_for_buddies
from opinovi.workplaces.models import Placement, Unit, VisitDay, Workplace
from opinovi.workplaces.words import PLACEMENTS

LANGUAGES_AT_FIRST = ["fi"]


class VisitForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("Päivä"), widget=DayInput())
    begins = forms.TimeField(label=gettext_lazy("Alkaa klo"), widget=TimeInput(), initial="09:00")
    ends = forms.TimeField(label=gettext_lazy("Päättyy klo"), widget=TimeInput(), initial="15:00")
    minutes = forms.IntegerField(
        label=gettext_lazy("Kuinka pitkä aika, minuuttia"), min_value=10, max_value=480, initial=30
    )
    place = forms.CharField(
        label=gettext_lazy("Missä työpaikalla"), max_length=120, required=False,
        help_text=gettext_lazy("Huone, johon voi tulla muiden huomaamatta, esim. kokoushuone 2."),
    )  # fmt: skip
    modes = forms.MultipleChoiceField(
        label=gettext_lazy("Miten tavataan"), choices=list(MODES.items()), widget=forms.CheckboxSelectMultiple,
        initial=[Mode.VISIT, Mode.PHONE],
        help_text=gettext_lazy("Puhelimella tai videolla pääsee mukaan myös se, joka ei halua tulla nähdyksi."),
    )  # fmt: skip
    member: forms.ModelChoiceField[Member] = forms.ModelChoiceField(
        None, label=gettext_lazy("Kuka tulee"), empty_label=None
    )
    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        None, label=gettext_lazy("Mihin palveluun"), empty_label=gettext_lazy("valitse")
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Millä kielillä"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple,
        initial=LANGUAGES_AT_FIRST,
    )  # fmt: skip

    def __init__(self, *args: Any, team: Team, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        guides = team.members.filter(ended_at=None, roles__role="guide").select_related("person")
        fields["member"].queryset = guides.order_by("person__name").distinct()
        fields["service"].queryset = services_to_choose(team.organisation)
        self.initial.setdefault("member", guide_id(user, team))

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        if minutes % CELL_MINUTES:
            raise forms.ValidationError(_("Viiden minuutin tarkkuudella, kiitos."))
        return minutes


def visit_initial(one: VisitDay) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("day", "begins", "ends", "place")}
    if one.rule is not None:
        told |= {name: getattr(one.rule, name) for name in ("minutes", "modes", "member", "service", "languages")}
    return told


class TeamPick(forms.Form):
    """For which of one's teams; asked only of those who have several."""

    team = forms.ChoiceField(label=gettext_lazy("Mikä tiimi"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["team"].choices = [(str(one.id), f"{one.name}, {one.organisation}") for one in team_rows(user)]


class WorkplaceSessionForm(SessionForm):
    """A group at a workplace: where, in words, in the place of a service point."""

    place = forms.CharField(label=gettext_lazy("Missä työpaikalla"), max_length=70, required=False)
    field_order = ["name_fi", "summary_fi", "day", "begins", "ends", "place"]

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, team=team, **kwargs)
        del self.fields["point"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.data.get("link"):
            # It is at the workplace: no link is needed.
            self.errors.pop("link", None)
        return told | {"point": None, "link": told.get("link", "")}


class BuddyForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nimi"), max_length=120,
        help_text=gettext_lazy("Kysy ensin lupa: nimi näkyy työpaikan omalla ovella."),
    )  # fmt: skip
    reach = forms.CharField(
        label=gettext_lazy("Mistä työkaverit löytävät hänet"), max_length=200, required=False,
        help_text=gettext_lazy("esim. leipomon aamuvuoro, puh. 040 123 4567"),
    )  # fmt: skip
    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        None, label=gettext_lazy("Yksikkö"), required=False, empty_label=gettext_lazy("koko työpaikka")
    )
    session: forms.ModelChoiceField[GroupSession] = forms.ModelChoiceField(
        None, label=gettext_lazy("Koulutus, johon hän tulee"), required=False,
        empty_label=gettext_lazy("ei vielä mihinkään"),
    )  # fmt: skip

    def __init__(self, *args: Any, workplace: Workplace, guide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = workplace.units.filter(retired_at=None)
        if guide:
            fields["session"].queryset = trainings_for_buddies(workplace.network)
        else:
            # A guide of the network gives the place in a training.
            del self.fields["session"]


class ChangeForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Mistä on kyse"), max_length=120,
        help_text=gettext_lazy("esim. Tuotanto siirtyy, muutosneuvottelut"),
    )  # fmt: skip
    begins = forms.DateField(label=gettext_lazy("Milloin muutos alkaa koskea väkeä"), widget=DayInput())
    people = forms.IntegerField(
        label=gettext_lazy("Montako ihmistä se koskee, suunnilleen"), min_value=1, max_value=1_000_000, required=False
    )
    units: forms.ModelMultipleChoiceField[Unit] = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Mitä yksiköitä"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, workplace: Workplace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["units"].queryset = workplace.units.filter(retired_at=None)


class ChangeStepForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Mitä tehdään"), max_length=300, required=False)
    who = forms.CharField(label=gettext_lazy("Kuka vastaa"), max_length=120, required=False)
    by_day = forms.DateField(label=gettext_lazy("Mihin mennessä"), widget=DayInput())


class PlacementForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Mitä tarjotaan"), choices=list(PLACEMENTS.items()))
    title = forms.CharField(
        label=gettext_lazy("Mitä työtä"),
        max_length=120,
        help_text=gettext_lazy("esim. Leipuri-kondiittorin oppisopimus"),
    )
    text = forms.CharField(
        label=gettext_lazy("Kerro työstä: mitä tehdään, mitä pitää osata, milloin työtä on"), max_length=3000,
        required=False, widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip
    municipality = forms.ChoiceField(label=gettext_lazy("Paikkakunta"), required=False)
    count = forms.IntegerField(label=gettext_lazy("Montako paikkaa"), min_value=1, max_value=100, initial=1)
    begins = forms.DateField(label=gettext_lazy("Alkaa"), widget=DayInput(), required=False)
    until = forms.DateField(label=gettext_lazy("Haettavana, viimeinen päivä"), widget=DayInput())
    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        None, label=gettext_lazy("Mikä palvelu järjestää paikan"), required=False,
        empty_label=gettext_lazy("ei vielä tiedossa"),
        help_text=gettext_lazy("Asiakkaat ohjataan sinne. Kun palvelu on valittu, paikka näkyy kaikille."),
    )  # fmt: skip

    def __init__(self, *args: Any, network: Network, guide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        places = sorted(((code, municipality_name(code)) for code in network.municipalities), key=lambda one: one[1])
        fields["municipality"].choices = [("", _("muualla")), *places]
        if guide:
            fields["service"].queryset = services_for(network)
        else:
            del self.fields["service"]


def placement_initial(one: Placement) -> dict[str, Any]:
    names = ("kind", "title", "text", "municipality", "count", "begins", "until", "service")
    return {name: getattr(one, name) for name in names}
