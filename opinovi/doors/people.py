"""Who knows about what: the staff directory, one's own profile in it, and the card that people outside see."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.posted import posted_or_none
from opinovi.base.text import choose
from opinovi.directory.actions.cards import save_card, withdraw_card
from opinovi.directory.forms.base import PlainText
from opinovi.directory.hours import state
from opinovi.directory.hours_plan import Plan, from_osm, to_osm
from opinovi.directory.hours_words import HoursError, read_weekly_words, weekly_words
from opinovi.directory.models import ContactCard, Service, ServicePoint, State
from opinovi.directory.queries import services_to_choose
from opinovi.directory.ways import OWN_NAMES, opening_words, phone
from opinovi.doors import topics as vocabulary
from opinovi.doors.find import weighted_topics
from opinovi.doors.need import Need, understand
from opinovi.doors.words import content
from opinovi.network.actions import save_profile
from opinovi.network.models import Member, Role
from opinovi.network.queries import members
from opinovi.network.standing import standing
from opinovi.network.views import me, member_by_id

MOST_SHOWN = 30
MOST_TOPICS = 12


@dataclass(frozen=True)
class Colleague:
    """One who may know: why they are shown, whether they are there now, and who stands in if not."""

    member: Member
    score: float
    because: str
    opening: str
    there: bool
    number: str
    dial: str
    team: str
    knows: list[str]


@require_safe
@allow("directory.colleagues")
def who(request: HttpRequest) -> HttpResponse:
    """Who knows about what: the same search as for doors, over the network's own people."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    need = understand(words, get_language() or "fi") if words else None
    found = colleagues(request, need)
    context = {"words": words, "colleagues": found[:MOST_SHOWN], "count": len(found), "topics": understood(need)}
    return render(request, "doors/who.html", context)


def understood(need: Need | None) -> list[str]:
    return [choose(vocabulary.topics()[one.topic].label).text for one in need.topics[:5]] if need else []


def colleagues(request: HttpRequest, need: Need | None) -> list[Colleague]:
    """The members of one's networks, those who know best first; without a need, everyone by name."""
    mine = standing(request.user).organisations() | {one.organisation for one in standing(request.user).counting}
    rows = members().filter(organisation__networks__in=networks_of(mine)).exclude(roles__role=Role.EMPLOYER).distinct()
    own = Service.objects.filter(state=State.PUBLISHED).only("id", "topics", "team")
    rows = rows.prefetch_related(Prefetch("teams__services", own))
    weights = weighted_topics(need) if need else {}
    found = [colleague(one, need, weights) for one in rows]
    if need is None:
        return found
    return sorted((one for one in found if one.score > 0), key=lambda one: (-one.score, one.member.person.name))


def networks_of(organisations: set[Any]) -> Any:
    from opinovi.network.models import Network

    return Network.objects.filter(members__in=organisations)


def colleague(member: Member, need: Need | None, weights: dict[str, float]) -> Colleague:
    known = vocabulary.topics()
    own = [topic for topic in member.topics if topic in known]
    by_team = {topic for team in member.teams.all() for service in team.services.all() for topic in service.topics}
    score, because = 0.0, ""
    for topics, share in ((own, 1.0), (by_team, 0.5)):
        for topic in topics:
            weight = weights.get(topic, 0.0) * share
            if weight > score:
                score, because = weight, choose(known[topic].label).text if topic in known else ""
    if need is not None:
        said, why = words_met(member, need)
        if said > score:
            score, because = said, why
    at = now()
    hours = state(member.hours, at)
    number, dial = phone(member.phone)
    away = member.away()
    return Colleague(
        member=member,
        score=score,
        because=because,
        opening="" if away else opening_words(hours, at),
        there=hours.open and not away,
        number=number,
        dial=dial,
        team=", ".join(team.name for team in member.teams.all()),
        knows=[choose(known[topic].label).text for topic in own],
    )


def words_met(member: Member, need: Need) -> tuple[float, str]:
    """How much of the need stands in what the member says of themselves, or in their name or organisation."""
    text = " ".join([member.knows, member.title, member.person.name, choose(member.organisation.name).text])
    forms_there = {form for word in content(text, "fi") for form in word.forms}
    met = [word.surface for word in need.words if word.bases & forms_there or word.surface in text.lower().split()]
    return (0.6 * len(met) / max(1, len(need.words)), ", ".join(met)) if met else (0.0, "")


def topic_choices() -> list[tuple[str, str]]:
    return sorted(
        ((one.id, choose(one.label).text) for one in vocabulary.topics().values()), key=lambda pair: pair[1].lower()
    )


class TopicsField(forms.MultipleChoiceField):
    """Topics by name, written with a comma between; the browser offers those that there are."""

    widget = forms.TextInput({"list": "all-topics", "autocomplete": "off"})

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, list):
            return value
        by_name = {name.lower(): code for code, name in topic_choices()}
        named = [one.strip() for one in (value or "").split(",") if one.strip()]
        unknown = [one for one in named if one.lower() not in by_name]
        if unknown:
            raise forms.ValidationError(_("Emme tunne näitä aiheita: %(what)s.") % {"what": ", ".join(unknown)})
        return list(dict.fromkeys(by_name[one.lower()] for one in named))[:MOST_TOPICS]

    def validate(self, value: list[str]) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"])

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            labels = dict(topic_choices())
            return ", ".join(labels[one] for one in value if one in labels)
        return value


class ProfileForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Työ tai tehtävä"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Puhelin työssä"), max_length=40, required=False)
    hours = forms.CharField(
        label=gettext_lazy("Milloin olet töissä"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("esim. ma-to 8-16"),
    )
    topics = TopicsField(
        label=gettext_lazy("Mistä tiedät"),
        required=False,
        help_text=gettext_lazy("Aiheita, pilkku väliin. Kirjoita pari kirjainta, niin näet ehdotuksia."),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Kielet, joilla palvelet"),
        choices=list(OWN_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    knows = PlainText(
        label=gettext_lazy("Muuta, mistä kannattaa kysyä sinulta"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean_hours(self) -> str:
        try:
            return to_osm(Plan(read_weekly_words(self.cleaned_data["hours"])))
        except HoursError as error:
            raise forms.ValidationError(str(error)) from error


@require_http_methods(["GET", "HEAD", "POST"])
@allow("network.own_place", of=member_by_id)
def profile(request: HttpRequest, member: Member) -> HttpResponse:
    """What one knows and when one is at work: for colleagues."""
    plan = from_osm(member.hours)
    initial = {name: getattr(member, name) for name in ("title", "phone", "topics", "languages", "knows")}
    initial["hours"] = weekly_words(plan.weekly) if plan else ""
    form = ProfileForm(posted_or_none(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        save_profile(member, **form.cleaned_data)
        return HttpResponseRedirect(reverse("profile", args=[member.id]) + "?saved=1")
    context = {
        "form": form,
        "member": member,
        "saved": request.GET.get("saved") == "1",
        "all_topics": [name for _code, name in topic_choices()],
    }
    return render(request, "doors/profile.html", context, status=422 if form.errors else 200)


class CardForm(forms.Form):
    shown = forms.MultipleChoiceField(
        label=gettext_lazy("Mitä sinusta saa näkyä kaikille"),
        help_text=gettext_lazy("Vain nämä näytetään. Voit ottaa ne pois koska vain."),
        choices=[
            ("name", gettext_lazy("nimi")),
            ("title", gettext_lazy("työ tai tehtävä")),
            ("phone", gettext_lazy("puhelin työssä")),
            ("email", gettext_lazy("sähköposti")),
            ("hours", gettext_lazy("työajat")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    about_fi = PlainText(label=gettext_lazy("Missä asioissa autat?"), max_length=300, required=False)
    about_sv = PlainText(label=gettext_lazy("Sama ruotsiksi"), max_length=300, required=False)
    about_en = PlainText(label=gettext_lazy("Sama englanniksi"), max_length=300, required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Kielet, joilla palvelet"),
        choices=list(OWN_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    points = forms.MultipleChoiceField(
        label=gettext_lazy("Missä olet"), required=False, widget=forms.CheckboxSelectMultiple
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Missä palveluissa ohjaat"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = services_to_choose(member.organisation)
        own = ServicePoint.objects.filter(organisation=member.organisation, state=State.PUBLISHED).only("id", "name")
        self.fields["points"].choices = [(str(one.id), str(one)) for one in own]  # type: ignore[attr-defined]
        self.fields["services"].choices = [(str(one.id), str(one)) for one in rows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("shown") and "name" not in told["shown"]:
            self.add_error("shown", _("Jos jotain näkyy, nimen pitää näkyä. Tai ota kaikki pois."))
        return told


@require_http_methods(["GET", "HEAD", "POST"])
@allow("directory.own_card", of=member_by_id)
def card(request: HttpRequest, member: Member) -> HttpResponse:
    """One's own contact card: what of oneself people outside may see. Nothing is shown unless it is chosen."""
    found = ContactCard.objects.filter(member=member).first()
    initial: dict[str, Any] = {"languages": member.languages}
    if found is not None:
        initial = {
            "shown": found.shown,
            "languages": found.languages,
            "points": [str(one) for one in found.points.values_list("id", flat=True)],
            "services": [str(one) for one in found.services.values_list("id", flat=True)],
            **{f"about_{code}": text for code, text in found.about.items()},
        }
    form = CardForm(posted_or_none(request), initial=initial, member=member)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        about = {code: told[f"about_{code}"] for code in ("fi", "sv", "en") if told[f"about_{code}"]}
        points = ServicePoint.objects.filter(id__in=told["points"])
        services = Service.objects.filter(id__in=told["services"])
        save_card(me(request), member, told["shown"], about, member.topics, told["languages"], points, services)
        return HttpResponseRedirect(reverse("card", args=[member.id]) + "?saved=1")
    context = {"form": form, "member": member, "card": found, "saved": request.GET.get("saved") == "1"}
    return render(request, "doors/card_form.html", context, status=422 if form.errors else 200)


def card_by_id(card_id: Any) -> ContactCard | None:
    return ContactCard.objects.select_related("member").filter(id=card_id).first()


@require_POST
@allow("directory.withdraw_card", of=card_by_id)
def drop_card(request: HttpRequest, card: ContactCard) -> HttpResponse:
    """Take a card out of what is public, at once."""
    withdraw_card(me(request), card)
    own = card.member.person_id == me(request).id
    return HttpResponseRedirect(reverse("card", args=[card.member_id]) if own else reverse("desk"))
