"""The forms of guidance. A form says what is wrong; an action is what forbids."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opinovi.base.clock import months_on, today
from opinovi.contact.forms import PersonForm, PhoneField
from opinovi.directory.models import GroupSession, Offering, Service
from opinovi.journeys.models import Referral
from opinovi.journeys.models.clients import Beginning
from opinovi.journeys.models.consents import How, Piece
from opinovi.journeys.models.notes import NoteKind
from opinovi.journeys.models.outcomes import What
from opinovi.journeys.models.referrals import Urgency
from opinovi.journeys.words import CONFIDENCE, OUTCOMES, PIECES, URGENCIES
from opinovi.network.forms import LANGUAGES

ASK_HOW = [
    (How.OWN_DEVICE, gettext_lazy("Lähetä kysymys asiakkaan omaan laitteeseen")),
    (How.GUIDES_DEVICE, gettext_lazy("Asiakas on tässä ja vastaa tällä laitteella")),
    (How.PAPER, gettext_lazy("Paperilla, jonka asiakas allekirjoittaa")),
    (How.SPOKEN, gettext_lazy("Puhelimessa: luen kysymyksen ääneen")),
]
NOTE_KINDS = [
    (NoteKind.JOURNEY, gettext_lazy("Yhteinen: asiakas näkee tämän")),
    (NoteKind.OWN, gettext_lazy("Oman talon: asiakas näkee, että muistiinpano on, ja voi pyytää sen")),
]
BEGUN = [
    (Beginning.WALK_IN, gettext_lazy("Hän kävi paikalla")),
    (Beginning.OUTREACH, gettext_lazy("Tapasimme muualla")),
    (Beginning.APPOINTMENT, gettext_lazy("Hänellä oli varattu aika")),
    (Beginning.ENQUIRY, gettext_lazy("Hän kysyi")),
]


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs or None, format="%Y-%m-%d")


class ContactForm(PersonForm):
    """What a client gives of themselves."""

    name = forms.CharField(label=gettext_lazy("Nimi"), max_length=120, required=False)
    address = forms.CharField(
        label=gettext_lazy("Postiosoite, jos asiakas haluaa paperit kotiin"), max_length=200, required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Asiakkaan kieli"), choices=LANGUAGES)
    on_paper = forms.BooleanField(
        label=gettext_lazy("Asioidaan paperilla: mitään ei lähetetä verkossa"), required=False
    )


class OwnContactForm(ContactForm):
    """The same as the client fills it in themselves. How they are served is agreed on with the guide."""

    address = forms.CharField(
        label=gettext_lazy("Postiosoite, jos haluat paperit kotiin"), max_length=200, required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Kieli, jolla sinulle kirjoitetaan"), choices=LANGUAGES)
    on_paper = forms.BooleanField(required=False, widget=forms.HiddenInput)


class BeginForm(ContactForm):
    """A client's guidance begins."""

    need = forms.CharField(
        label=gettext_lazy("Asia asiakkaan omin sanoin"), max_length=2000, widget=text_area(4),
        error_messages={"required": gettext_lazy("Kirjoita, mistä on kyse.")},
    )  # fmt: skip
    hope = forms.CharField(label=gettext_lazy("Mitä hän toivoo?"), max_length=1000, required=False, widget=text_area(2))
    began_from = forms.ChoiceField(label=gettext_lazy("Mistä ohjaus alkaa?"), choices=BEGUN, initial=Beginning.WALK_IN)
    how = forms.ChoiceField(
        label=gettext_lazy("Miten kysymme luvan pitää tietoja?"), choices=ASK_HOW, widget=forms.RadioSelect,
        initial=How.OWN_DEVICE,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("how") == How.OWN_DEVICE and not self.errors:
            reached = told.get("mail") or (told.get("phone") and settings.SMS_OFFERED)
            if not reached or told.get("on_paper"):
                self.add_error("how", _("Kirjoita sähköposti tai numero, johon kysymys lähetetään, tai kysy muuten."))
        return told


def pieces_field(**more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Mitä jaetaan"),
        choices=list(PIECES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Valitse ainakin yksi asia.")},
        **more,
    )


class UntilField(forms.DateField):
    def __init__(self, **more: Any) -> None:
        super().__init__(
            label=gettext_lazy("Lupa on voimassa"), required=False, widget=DateInput(),
            help_text=gettext_lazy("Tyhjänä puoli vuotta."), **more,
        )  # fmt: skip

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and not today() <= day <= months_on(today(), 24):
            raise ValidationError(_("Valitse päivä tästä päivästä enintään kahden vuoden päähän."))
        return day


class ByHouse(ModelChoiceIterator):
    """Services under the house that offers them, both by the alphabet."""

    def __iter__(self) -> Iterator[Any]:
        assert isinstance(self.field, forms.ModelChoiceField)
        yield "", self.field.empty_label
        rows = sorted(self.queryset.all(), key=lambda one: (str(one.organisation), str(one)))
        for house, services in groupby(rows, key=lambda one: str(one.organisation)):
            yield house, [self.choice(one) for one in services]


class ServiceField(forms.ModelChoiceField[Service]):
    iterator = ByHouse


class ReferForm(forms.Form):
    """A client handed on: to whom, why, what is shared, how urgent."""

    service = ServiceField(None, label=gettext_lazy("Mihin palveluun"), required=False,
                           empty_label=gettext_lazy("valitse"))  # fmt: skip
    outside_name = forms.CharField(label=gettext_lazy("Vastaanottaja"), max_length=160, required=False)
    outside_mail = forms.EmailField(label=gettext_lazy("Vastaanottajan sähköposti"), max_length=254, required=False)
    outside_phone = PhoneField(
        label=gettext_lazy("Vastaanottajan puhelin, johon koodi lähetetään"), max_length=40, required=False
    )
    why = forms.CharField(
        label=gettext_lazy("Miksi ohjaat juuri sinne?"), max_length=1000, widget=text_area(3),
        error_messages={"required": gettext_lazy("Kerro, miksi.")},
    )  # fmt: skip
    hope = forms.CharField(
        label=gettext_lazy("Mitä asiakas siitä toivoo?"), max_length=1000, required=False, widget=text_area(2)
    )
    pieces = pieces_field(initial=[Piece.CONTACT, Piece.NEED])
    notes_from = forms.DateField(
        label=gettext_lazy("Muistiinpanot tästä päivästä alkaen"), required=False, widget=DateInput(),
        help_text=gettext_lazy("Tyhjänä kaikki yhteiset muistiinpanot."),
    )  # fmt: skip
    until = UntilField()
    urgency = forms.ChoiceField(
        label=gettext_lazy("Kuinka kiire"), choices=list(URGENCIES.items()), widget=forms.RadioSelect,
        initial=Urgency.CALM,
    )  # fmt: skip
    three_way = forms.BooleanField(
        label=gettext_lazy("Aloitetaan yhdessä: tulen ensimmäiseen tapaamiseen"), required=False
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Miten kysymme luvan?"), choices=ASK_HOW, widget=forms.RadioSelect, initial=How.OWN_DEVICE
    )
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, services: Any, pieces: list[tuple[str, str]], before: Referral | None, **more: Any):
        super().__init__(*args, **more)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        # Nobody passes on what they may not see themselves.
        self.fields["pieces"].choices = pieces  # type: ignore[attr-defined]
        self.before = before
        for name in ("service", "outside_name", "outside_mail", "outside_phone", "once") if before else ():
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if self.before is None and not told.get("service") and not self.errors:
            if not told.get("outside_name"):
                self.add_error("service", _("Valitse palvelu, tai kirjoita alle vastaanottaja verkoston ulkopuolelta."))
            elif not told.get("outside_mail"):
                self.add_error("outside_mail", _("Kirjoita osoite, johon linkki lähetetään."))
        return told


class TogetherForm(forms.Form):
    """Several clients handed on to one training."""

    clients = forms.MultipleChoiceField(
        label=gettext_lazy("Ketkä"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Valitse ainakin yksi asiakas.")},
    )  # fmt: skip
    service = ServiceField(
        None, label=gettext_lazy("Mihin palveluun"), required=False, empty_label=gettext_lazy("valitse")
    )
    session: forms.ModelChoiceField[GroupSession] = forms.ModelChoiceField(
        None, label=gettext_lazy("Tai mihin ryhmään"), required=False, empty_label=gettext_lazy("valitse")
    )
    offering: forms.ModelChoiceField[Offering] = forms.ModelChoiceField(
        None, label=gettext_lazy("Tai mihin koulutukseen"), required=False, empty_label=gettext_lazy("valitse")
    )
    why = forms.CharField(
        label=gettext_lazy("Miksi? Jokainen asiakas näkee tämän."), max_length=1000, widget=text_area(3),
        error_messages={"required": gettext_lazy("Kerro, miksi.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, clients: list[tuple[str, str]], services: Any, groups: Any, courses: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["offering"].queryset = courses  # type: ignore[attr-defined]
        self.fields["clients"].choices = clients  # type: ignore[attr-defined]
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["session"].queryset = groups  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and sum(bool(told.get(name)) for name in ("service", "session", "offering")) != 1:
            self.add_error("service", _("Valitse yksi: palvelu, ryhmä tai koulutus."))
        return told


class RecordedForm(forms.Form):
    """A client's answer that a guide writes down: how, and who was there."""

    how = forms.ChoiceField(
        label=gettext_lazy("Miten asiakas vastasi"), widget=forms.RadioSelect,
        choices=[(How.GUIDES_DEVICE, gettext_lazy("Tällä laitteella")),
                 (How.PAPER, gettext_lazy("Allekirjoitti paperin")),
                 (How.SPOKEN, gettext_lazy("Sanoi puhelimessa"))],
    )  # fmt: skip
    witness = forms.CharField(
        label=gettext_lazy("Kuka oli paikalla, ja missä paperi on"), max_length=200, required=False
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("how") == How.PAPER and not told.get("witness") and not self.errors:
            self.add_error("witness", _("Kirjoita, kuka oli paikalla ja missä paperi on."))
        return told


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Muistiinpano"), max_length=8000, widget=text_area(6),
        error_messages={"required": gettext_lazy("Kirjoita muistiinpano.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Kenelle"), choices=NOTE_KINDS, widget=forms.RadioSelect, initial=NoteKind.JOURNEY
    )
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)


class GoalForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Mitä haluat?"), max_length=500, widget=text_area(2),
        help_text=gettext_lazy("esim. Haluan työn, jossa saan olla ihmisten kanssa."),
        error_messages={"required": gettext_lazy("Kirjoita omin sanoin.")},
    )  # fmt: skip


class StepForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Mitä teet seuraavaksi?"), max_length=500,
        error_messages={"required": gettext_lazy("Kirjoita omin sanoin.")},
    )  # fmt: skip
    due = forms.DateField(label=gettext_lazy("Mihin mennessä"), required=False, widget=DateInput())
    door = forms.CharField(
        label=gettext_lazy("Palvelun tai kurssin sivu, jos sellainen on"), max_length=300, required=False,
        help_text=gettext_lazy("Kopioi tähän sivun osoite tältä sivustolta."),
    )  # fmt: skip
    remind = forms.BooleanField(label=gettext_lazy("Muistuta minua"), required=False)
    remind_days = forms.TypedChoiceField(
        label=gettext_lazy("Milloin"), coerce=int, required=False, empty_value="1", initial=1,
        choices=[(0, gettext_lazy("samana aamuna")), (1, gettext_lazy("päivää ennen")),
                 (7, gettext_lazy("viikkoa ennen"))],
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("remind") and not told.get("due") and not self.errors:
            self.add_error("due", _("Valitse päivä, niin osaamme muistuttaa."))
        return told


class MarkForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Miksi?"), max_length=300, required=False)
    due = forms.DateField(label=gettext_lazy("Uusi päivä"), required=False, widget=DateInput())


class OutcomeForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("Mitä tästä seurasi?"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Valitse yksi vaihtoehto.")},
    )  # fmt: skip
    why = forms.CharField(label=gettext_lazy("Haluatko kertoa lisää?"), max_length=1000, required=False,
                          widget=text_area(2))  # fmt: skip


class ConfidenceForm(forms.Form):
    """Four own questions, from 1 to 5."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        scale = [(1, _("1, en yhtään")), (2, "2"), (3, "3"), (4, "4"), (5, _("5, täysin"))]
        for number, words in enumerate(CONFIDENCE):
            self.fields[f"q{number}"] = forms.TypedChoiceField(
                label=words, choices=scale, coerce=int, widget=forms.RadioSelect,
                error_messages={"required": _("Valitse yksi.")},
            )  # fmt: skip

    def values(self) -> list[int]:
        return [self.cleaned_data[f"q{number}"] for number in range(len(CONFIDENCE))]


class CompleteForm(OutcomeForm):
    """What the receiver tells when their part is done."""

    what = forms.ChoiceField(
        label=gettext_lazy("Mitä tästä seurasi?"),
        choices=[(What.WORK, gettext_lazy("Hän on töissä")), (What.EDUCATION, gettext_lazy("Hän opiskelee")),
                 (What.QUALIFICATION, gettext_lazy("Hän sai tutkinnon tai todistuksen")),
                 (What.PLAN, gettext_lazy("Hänellä on suunnitelma")),
                 (What.NOT_YET, gettext_lazy("Ei vielä")), (What.NOTHING_SAID, gettext_lazy("Ei tiedossa"))],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Valitse yksi vaihtoehto.")},
    )  # fmt: skip
    why = forms.CharField(label=gettext_lazy("Lyhyesti, lähettäjälle ja asiakkaalle"), max_length=1000,
                          required=False, widget=text_area(2))  # fmt: skip


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Miksi et ota vastaan?"), max_length=500, widget=text_area(2),
        error_messages={"required": gettext_lazy("Kerro syy, jotta lähettäjä osaa ohjata eteenpäin.")},
    )  # fmt: skip
    better = ServiceField(None, label=gettext_lazy("Parempi ovi"), required=False, empty_label=gettext_lazy("en tiedä"))

    def __init__(self, *args: Any, services: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["better"].queryset = services  # type: ignore[attr-defined]


class MailForm(forms.Form):
    mail = forms.EmailField(
        label=gettext_lazy("Sähköpostisi"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Kirjoita sähköpostiosoitteesi."),
            "invalid": gettext_lazy("Osoitteessa on jotain vikaa. Se on muotoa nimi@esimerkki.fi."),
        },
    )  # fmt: skip


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Koodi viestistä"), max_length=10,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Kirjoita koodi, jonka sait.")},
    )  # fmt: skip


class NeedForm(forms.Form):
    need = forms.CharField(label=gettext_lazy("Mihin haluat apua?"), max_length=2000, widget=text_area(4),
                           error_messages={"required": gettext_lazy("Kirjoita omin sanoin.")})  # fmt: skip
    hope = forms.CharField(label=gettext_lazy("Mitä toivot?"), max_length=1000, required=False, widget=text_area(2))


class ConsultForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Otsikko"), max_length=120,
                            error_messages={"required": gettext_lazy("Kirjoita otsikko.")})  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Asia ilman nimeä"), max_length=4000, widget=text_area(6),
        help_text=gettext_lazy("Kerro tilanne niin, ettei asiakasta voi tunnistaa."),
        error_messages={"required": gettext_lazy("Kirjoita asia.")},
    )  # fmt: skip
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)
