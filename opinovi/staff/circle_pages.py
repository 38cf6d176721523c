""" "Ask me", mentoring pairs and peer groups: what one offers, whom one asks, and the pages that only they see."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.posted import posted_or_none
from opinovi.contact.findings import marked
from opinovi.doors.forms import uuid_or_none
from opinovi.journeys.actions.consultations import TellsWho
from opinovi.network.competences import area_names, areas
from opinovi.network.models import Network
from opinovi.network.queries import current_network
from opinovi.network.standing import standing
from opinovi.network.views import answer, me, tell
from opinovi.staff.actions import circles as actions
from opinovi.staff.actions import profiles
from opinovi.staff.forms import CircleForm, MeetingForm, OfferForm, PairForm
from opinovi.staff.models import Circle, CircleKind, PeerOffer, PlaceState
from opinovi.staff.profile_pages import private
from opinovi.staff.queries import circle_by_id, circles_of, offers_of, people_in, who
from opinovi.staff.words import CIRCLES

form_methods = require_http_methods(["GET", "HEAD", "POST"])
MOST = 100


def offer_by_id(offer_id: UUID) -> PeerOffer | None:
    rows = PeerOffer.objects.select_related("network", "member__person", "member__organisation").filter(
        id=offer_id, ended_at=None
    )
    return rows.filter(member__ended_at=None, member__person__is_active=True).first()


@form_methods
@allow("staff.take_part", of=current_network)
def peers(request: HttpRequest, network: Network) -> HttpResponse:
    """Who helps with what, one's own pairs and groups, and the groups one may join."""
    why, by = "", me(request).id
    form = OfferForm(request.POST if request.POST.get("then") == "offer" else None)
    if request.method == "POST":
        try:
            done = act(request, network, form)
            if done is not None:
                return done
        except ValidationError as error:
            why = " ".join(error.messages)
    mine = standing(request.user).members()
    offers = list(offers_of(network)[:300])
    own = list(circles_of(mine)[:MOST])
    ids = {one.id for one in own}
    free = Circle.objects.filter(network=network, open=True, ended_at=None).exclude(id__in=ids).select_related("key")
    free = free.prefetch_related("circle_places__member__person")
    context = {
        "groups": by_area(offers, mine),
        "own_offers": [
            {"one": one, "name": " ".join(area_names([one.area]))} for one in offers if one.member_id in mine
        ],
        "circles": [circle_row(one, by) for one in own if one.ended_at is None],
        "over": [circle_row(one, by) for one in own if one.ended_at is not None],
        "free": [circle_row(one, by) for one in free[:MOST]],
        "form": form,
        "why": why,
    }
    wrong = why or form.errors
    return private(render(request, "staff/peers.html", context, status=422 if wrong else 200))


def act(request: HttpRequest, network: Network, form: OfferForm) -> HttpResponse | None:
    """What was pressed; None where something in the form is wrong."""
    then, which = request.POST.get("then", ""), uuid_or_none(request.POST.get("which", ""))
    if then == "offer":
        if not form.is_valid():
            return None
        profiles.offer_help(me(request), network, form.cleaned_data["area"], form.cleaned_data["text"])
    elif then == "end-offer" and which:
        found = PeerOffer.objects.filter(id=which, member__in=standing(request.user).members()).first()
        if found is not None:
            profiles.end_offer(me(request), found)
    elif then == "join" and which:
        circle = Circle.objects.select_related("network").filter(id=which, network=network).first()
        if circle is not None:
            actions.join(me(request), circle)
            return HttpResponseRedirect(reverse("circle", args=[circle.id]))
    return HttpResponseRedirect(reverse("peers") + "?saved=1")


def by_area(offers: list[PeerOffer], mine: set[UUID]) -> list[dict[str, Any]]:
    """The colleagues who help, by what they help with; oneself left out."""
    return [
        {"name": str(area), "rows": [{"one": one, "who": who(one.member)} for one in rows]}
        for key, area in areas().items()
        if (rows := [one for one in offers if one.area == key and one.member_id not in mine])
    ]


def circle_row(one: Circle, by: UUID) -> dict[str, Any]:
    """A circle by its name; one without by whom it is with."""
    told = one.told()
    others = [place.member.person.name for place in one.circle_places.all() if place.member.person_id != by]
    name = told.get("name") or ", ".join(others) or str(CIRCLES[one.kind])
    return {"one": one, "name": name, "kind": CIRCLES[one.kind], "text": told.get("text", "")}


@form_methods
@allow("staff.take_part", of=offer_by_id)
def ask_peer(request: HttpRequest, offer: PeerOffer) -> HttpResponse:
    """Ask a colleague who offered help: between the two."""
    why, marks, text = "", [], request.POST.get("text", "")[:4000]
    if request.method == "POST":
        try:
            looked, once = request.POST.get("looked") == "1", uuid_or_none(request.POST.get("once", ""))
            one = actions.ask(me(request), offer.network, offer, text, looked, once)
            return HttpResponseRedirect(reverse("circle", args=[one.id]) + "?sent=1")
        except TellsWho as error:
            marks, why = marked(text, error.found), " ".join(error.messages)
        except ValidationError as error:
            why = " ".join(error.messages)
    context = {"offer": offer, "who": who(offer.member), "area": " ".join(area_names([offer.area])), "why": why,
               "marks": marks, "text": text, "once": request.POST.get("once") or uuid4()}  # fmt: skip
    return private(render(request, "staff/ask.html", context, status=422 if why else 200))


@form_methods
@allow("staff.take_part", of=current_network)
def new_circle(request: HttpRequest, network: Network) -> HttpResponse:
    """A peer group."""
    form = CircleForm(posted_or_none(request), network=network, initial={"once": uuid4()})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        people = list(told.pop("people"))
        try:
            one = actions.begin(me(request), network, CircleKind.PEERS, people=people, **told)
            return HttpResponseRedirect(reverse("circle", args=[one.id]))
        except ValidationError as error:
            tell(form, error)
    return answer(request, "site/edit.html", form, title=_("Uusi vertaisryhmä"), back=reverse("peers"))


@form_methods
@allow("staff.take_part", of=current_network)
def new_pair(request: HttpRequest, network: Network) -> HttpResponse:
    """A mentoring pair: the other says yes or no."""
    form = PairForm(posted_or_none(request), network=network, initial={"once": uuid4()})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        people = [told.pop("who")]
        try:
            one = actions.begin(me(request), network, CircleKind.MENTORING, name="", people=people, **told)
            return HttpResponseRedirect(reverse("circle", args=[one.id]))
        except ValidationError as error:
            error_on = {"who": error.messages} if hasattr(error, "error_dict") else error.messages
            tell(form, ValidationError(error_on))
    return answer(request, "site/edit.html", form, title=_("Ehdota mentoriparia"), back=reverse("peers"))


@form_methods
@allow("staff.be_in_circle", of=circle_by_id)
def circle(request: HttpRequest, one: Circle) -> HttpResponse:
    """A pair or a group: who, when they meet, what they wrote. Of those who are in, for them alone."""
    then, why, marks = request.POST.get("then", ""), "", []
    text = request.POST.get("text", "")[:4000]
    form = MeetingForm(request.POST if then == "meet" else None)
    if request.method == "POST":
        try:
            if move(request, one, then, text, form):
                left = then in ("no", "out")
                return HttpResponseRedirect(reverse("peers") if left else request.path + "?saved=1")
        except TellsWho as error:
            marks, why = marked(text, error.found), " ".join(error.messages)
        except ValidationError as error:
            if then == "meet":
                tell(form, error)
            else:
                why = " ".join(error.messages)
    people, told = people_in(one), circle_row(one, me(request).id)
    own = next((row["place"] for row in people if row["place"].member.person_id == me(request).id), None)
    inside = own is not None and own.state == PlaceState.IN
    context = {
        **told,
        "purpose": told["text"],
        "area": " ".join(area_names([one.area])),
        "people": people,
        "inside": inside,
        "notes": notes_of(one) if inside else [],
        "meetings": meetings_of(one) if inside else [],
        "form": form,
        "marks": marks,
        "why": why,
        "text": text,
        "once": request.POST.get("once") or uuid4(),
    }
    wrong = why or form.errors
    return private(render(request, "staff/circle.html", context, status=422 if wrong else 200))


def move(request: HttpRequest, one: Circle, then: str, text: str, form: MeetingForm) -> bool:
    """What was pressed; whether it was done."""
    by = me(request)
    if then in ("yes", "no", "out"):
        actions.answer(by, one, yes=then == "yes")
    elif then == "write":
        looked, once = request.POST.get("looked") == "1", uuid_or_none(request.POST.get("once", ""))
        actions.write(by, one, text, looked, once)
    elif then == "meet" and form.is_valid():
        actions.meet(by, one, form.begins_at(), form.cleaned_data["where"])
    elif then == "end":
        actions.end(by, one)
    else:
        return False
    return True


def notes_of(one: Circle) -> list[dict[str, Any]]:
    assert one.key is not None
    rows = one.notes.select_related("member__person", "member__organisation")
    return [{"id": row.id, "who": who(row.member), "at": row.at, "text": one.key.unlock(row.locked)} for row in rows]


def meetings_of(one: Circle) -> list[dict[str, Any]]:
    assert one.key is not None
    at = now()
    return [{"at": row.begins_at, "where": one.key.unlock(row.locked), "over": row.begins_at < at}
            for row in one.meetings.all()]  # fmt: skip
