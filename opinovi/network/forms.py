"""The forms of people, teams and networks. A form says what is wrong; an action is what forbids."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from opinovi.base.languages import WHOLE
from opinovi.base.text import choose
from opinovi.network.account import ROLE_NAMES
from opinovi.network.models import Look, Member, Network, Organisation, Role, Team
from opinovi.network.models.people import NETWORK_ROLES

LANGUAGES = [("fi", "suomi"), ("sv", "svenska"), ("en", "English"), ("ru", "русский"), ("et", "eesti"),
             ("uk", "українська"), ("ar", "العربية"), ("so", "soomaali"), ("fa", "فارسی"), ("ku", "kurdî")]  # fmt: skip
LOOKS = {Look.LAKE: _("järvi"), Look.FOREST: _("metsä"), Look.BERRY: _("puolukka"), Look.STONE: _("kivi")}


def role_choices(networks: list[Network]) -> list[tuple[str, Any]]:
    """The roles that one may give: an organisation's, and those of the networks that one administers."""
    own = [(role.value, ROLE_NAMES[role]) for role in Role if role not in NETWORK_ROLES]
    return own + [
        (f"{role}:{one.id}", f"{ROLE_NAMES[Role(role)]}: {one}") for one in networks for role in NETWORK_ROLES
    ]


def read_roles(values: list[str]) -> list[tuple[str, Any]]:
    """Chosen values as (role, network's id or None)."""
    from uuid import UUID

    split = [value.partition(":") for value in values]
    return [(role, UUID(network) if network else None) for role, _colon, network in split]


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roolit"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Valitse ainakin yksi rooli.")},
    )

    def __init__(self, *args: Any, networks: list[Network], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices(networks)  # type: ignore[attr-defined]


class InviteForm(RolesForm):
    email = forms.EmailField(
        label=_("Sähköpostiosoite"),
        max_length=254,
        error_messages={
            "required": _("Kirjoita osoite, johon kutsu lähetetään."),
            "invalid": _("Osoitteessa on jotain vikaa. Se on muotoa nimi@esimerkki.fi."),
        },
    )
    name = forms.CharField(label=_("Nimi"), max_length=120, required=False)
    team: forms.ModelChoiceField[Team] = forms.ModelChoiceField(
        None, label=_("Tiimi"), required=False, empty_label=_("ei tiimiä")
    )
    field_order = ["email", "name", "roles", "team"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = organisation.teams.order_by("name")  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    name = forms.CharField(
        label=_("Nimesi"),
        max_length=120,
        help_text=_("Näin muut näkevät sinut."),
        error_messages={"required": _("Kirjoita nimesi.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Tiimin nimi"), max_length=120)
    people: forms.ModelMultipleChoiceField[Member] = forms.ModelMultipleChoiceField(
        None, label=_("Ketkä kuuluvat"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = organisation.staff.filter(ended_at=None).select_related("person").order_by("person__name", "id")
        self.fields["people"].queryset = staff  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    begins = forms.DateField(
        label=_("Ensimmäinen poissaolopäivä"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ends = forms.DateField(label=_("Viimeinen poissaolopäivä"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    substitute: forms.ModelChoiceField[Member] = forms.ModelChoiceField(
        None, label=_("Sijainen"), required=False, empty_label=_("ei sijaista")
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Member.objects.filter(organisation_id=member.organisation_id, ended_at=None).exclude(id=member.id)
        self.fields["substitute"].queryset = others.select_related("person").order_by("person__name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("begins") and told.get("ends") and told["ends"] < told["begins"]:
            self.add_error("ends", _("Viimeinen päivä on ennen ensimmäistä."))
        return told


class NetworkForm(forms.Form):
    look = forms.ChoiceField(label=_("Väri"), choices=list(LOOKS.items()), widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_("Kielet"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    front_desk_team: forms.ModelChoiceField[Team] = forms.ModelChoiceField(
        None,
        label=_("Kuka vastaa, kun kysymys ei kuulu millekään palvelulle"),
        required=False,
        empty_label=_("ensimmäinen tiimi, jossa on ohjaaja"),
    )
    phone = forms.CharField(label=_("Neuvontapisteen puhelin"), max_length=40, required=False)
    email = forms.EmailField(label=_("Neuvontapisteen sähköposti"), required=False)

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(organisation__networks=network).select_related("organisation").order_by("name")
        self.fields["front_desk_team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["front_desk_team"].label_from_instance = lambda one: f"{one.organisation}: {one.name}"  # type: ignore[attr-defined]
        for code, name in WHOLE.items():
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Verkoston nimi (%(language)s)") % {"language": name}, max_length=120, required=code == "fi"
            )
        self.order_fields([*(f"name_{code}" for code in WHOLE), "look", "languages"])


class NewOrganisationForm(forms.Form):
    name_fi = forms.CharField(label=_("Nimi suomeksi"), max_length=200)
    name_sv = forms.CharField(label=_("Nimi ruotsiksi"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Nimi englanniksi"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("Pääkäyttäjän sähköpostiosoite"),
        help_text=_("Hän saa kutsun, ja kutsuu sitten muut."),
        error_messages={"invalid": _("Osoitteessa on jotain vikaa. Se on muotoa nimi@esimerkki.fi.")},
    )


class AgreementForm(forms.Form):
    text_fi = forms.CharField(
        label=_("Sopimuksen teksti suomeksi"), max_length=20_000, widget=forms.Textarea({"rows": 12})
    )
    text_sv = forms.CharField(
        label=_("Ruotsiksi"), max_length=20_000, widget=forms.Textarea({"rows": 6}), required=False
    )


class MemberChoice(forms.ModelChoiceField[Member]):
    def label_from_instance(self, one: Member) -> str:
        return f"{one.person.name}, {choose(one.organisation.name).text}"


class MembersChoice(forms.ModelMultipleChoiceField[Member]):
    def label_from_instance(self, one: Member) -> str:
        return f"{one.person.name}, {choose(one.organisation.name).text}"
