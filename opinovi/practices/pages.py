"""Practices: for everybody to read and find, and on the desk to write, review and take into use."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.base.text import choose
from opinovi.base.texts_form import Changed, initial_of, show_changed
from opinovi.doors.need import understand
from opinovi.doors.topics import topics
from opinovi.network.competences import area_names
from opinovi.network.models import Network
from opinovi.network.queries import current_network, houses_of
from opinovi.network.standing import standing
from opinovi.network.views import answer, me, tell
from opinovi.practices import actions
from opinovi.practices.access import owns
from opinovi.practices.forms import AdoptForm, PracticeForm, ReviewForm
from opinovi.practices.models import Practice, PracticeState

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 20
SHOWN = (PracticeState.PUBLISHED, PracticeState.ENDED)
STATES: dict[str, tuple[Any, str]] = {
    PracticeState.DRAFT: (gettext_lazy("luonnos"), ""),
    PracticeState.IN_REVIEW: (gettext_lazy("arvioitavana"), "ajar"),
    PracticeState.PUBLISHED: (gettext_lazy("julkaistu"), "open"),
    PracticeState.ENDED: (gettext_lazy("ei enää käytössä"), "alert"),
}


def practice_by_id(practice_id: UUID) -> Practice | None:
    rows = Practice.objects.select_related("network", "organisation", "contact__person")
    return rows.filter(id=practice_id).first()


def found_for(network: Network, words: str) -> Any:
    """The published practices that fit what somebody looks for: by topic, as a need is understood, and by words."""
    rows = Practice.objects.filter(network=network, state=PracticeState.PUBLISHED).select_related("organisation")
    rows = rows.annotate(used=Count("adoptions", filter=Q(adoptions__ended_on=None)))
    rows = rows.order_by("-published_at", "id")
    if not words.strip():
        return rows
    need = understand(words, get_language() or "fi")
    wanted = {met.topic for met in need.topics}
    bare = [word.lower() for word in words.split() if len(word) > 3]
    found = []
    for one in rows:
        text = " ".join(value.lower() for field in (one.name, one.problem, one.way) for value in field.values())
        score = 2 * len(wanted & set(one.topics)) + sum(word[:6] in text for word in bare)
        if score:
            found.append((-score, one.name.get("fi", ""), one))
    return [one for _score, _name, one in sorted(found, key=lambda row: row[:2])]


@require_safe
@allow("practices.read")
def practices(request: HttpRequest) -> HttpResponse:
    """What works here: every published practice, found by what one looks for."""
    network, words = current_network(), request.GET.get("q", "")[:200].replace("\x00", "")
    pages = Paginator(found_for(network, words) if network else [], PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "count": pages.count}
    return render(request, "practices/practices.html", context)


@require_safe
@allow("practices.read")
def practice(request: HttpRequest, practice_id: UUID) -> HttpResponse:
    """One practice, for everybody: a page that one would gladly show."""
    one = practice_by_id(practice_id)
    if one is None or one.state not in SHOWN:
        return render(request, "practices/missing.html", status=404)
    return render(request, "practices/practice.html", told_of(one))


def told_of(one: Practice) -> dict[str, Any]:
    names = (("problem", _("Mikä oli ongelma")), ("way", _("Mitä tehtiin")), ("needs", _("Mitä se vaatii")),
             ("results", _("Mitä siitä seurasi")))  # fmt: skip
    known = topics()
    return {
        "one": one,
        "parts": [(title, getattr(one, name)) for name, title in names if getattr(one, name)],
        "topics": [choose(known[topic].label).text for topic in one.topics if topic in known],
        "areas": area_names(one.areas),
        "services": list(one.services.filter(state="published").only("id", "name")),
        "adoptions": list(one.adoptions.select_related("organisation")),
        "ended": one.state == PracticeState.ENDED,
    }


# On the desk


@require_safe
@allow("practices.take_part", of=current_network)
def practices_desk(request: HttpRequest, network: Network) -> HttpResponse:
    """What waits for a review, one's own house's, and what is published."""
    mine = standing(request.user).organisations()
    rows = Practice.objects.filter(network=network).select_related("organisation")
    rows = rows.annotate(used=Count("adoptions", filter=Q(adoptions__ended_on=None)))
    context = {
        "waiting": list(rows.filter(state=PracticeState.IN_REVIEW).exclude(organisation__in=mine)[:50]),
        "own": [row_of(one) for one in rows.filter(organisation__in=mine)[:50]],
        "published": list(rows.filter(state=PracticeState.PUBLISHED).exclude(organisation__in=mine)[:100]),
        "may": bool(mine),
    }
    return render(request, "practices/desk.html", context)


def row_of(one: Practice) -> dict[str, Any]:
    return {"one": one, "state": STATES[one.state][0], "tone": STATES[one.state][1]}


@form_methods
@allow("practices.take_part", of=current_network)
def new_practice(request: HttpRequest, network: Network) -> HttpResponse:
    return save(request, network, None)


@form_methods
@allow("practices.write", of=practice_by_id)
def edit_practice(request: HttpRequest, one: Practice) -> HttpResponse:
    return save(request, one.network, one)


def save(request: HttpRequest, network: Network, one: Practice | None) -> HttpResponse:
    houses = [one.organisation] if one else houses_of(request.user, network)
    initial: dict[str, Any] = {"contact": next(iter(standing(request.user).members()), None)}
    if one is not None:
        same = ("organisation", "contact", "evidence", "topics", "areas", "revision")
        initial = {name: getattr(one, name) for name in same} | initial_of(one, *actions.TEXTS)
        initial["materials"] = "\n".join(" ".join(pair) for pair in one.materials)
        initial["services"] = one.services.only("id")
    form = PracticeForm(posted_or_none(request), houses=houses, initial=initial)
    now_text: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        texts = {name: form.text(name) for name in actions.TEXTS}
        fields = {name: told[name] for name in ("contact", "materials", "evidence", "topics", "areas", "services")}
        try:
            saved = actions.save(me(request), network, told["organisation"], one, texts, revision=told["revision"] or 0,
                                 **fields)  # fmt: skip
            return HttpResponseRedirect(reverse("practice-desk", args=[saved.id]) + "?saved=1")
        except Changed as error:
            tell(form, error)
            assert one is not None
            now_text = show_changed(form, Practice.objects.get(id=one.id), *actions.TEXTS)
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta käytäntöä") if one else _("Kerro hyvästä käytännöstä")
    back = reverse("practice-desk", args=[one.id]) if one else reverse("practices-desk")
    return answer(request, "site/edit.html", form, title=title, back=back, now_text=now_text)


@form_methods
@allow("practices.take_part", of=practice_by_id)
def practice_desk(request: HttpRequest, one: Practice) -> HttpResponse:
    """One practice on the desk: reviewed, published, taken into use."""
    houses = [house for house in houses_of(request.user, one.network) if house.id != one.organisation_id]
    then, why = request.POST.get("then", ""), ""
    forms = {"review": ReviewForm(request.POST if then == "review" else None),
             "adopt": AdoptForm(request.POST if then == "adopt" else None, houses=houses)}  # fmt: skip
    if request.method == "POST":
        try:
            if act(request, one, then, forms):
                return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            if then in forms:
                tell(forms[then], error)
            else:
                why = " ".join(error.messages)
    mine = owns(request.user, one)
    context = told_of(one) | {
        "row": row_of(one),
        "reviews": list(one.reviews.filter(revision=one.revision).select_related("organisation", "member__person")),
        "needed": actions.REVIEWS,
        "mine": mine,
        "may_review": one.state == PracticeState.IN_REVIEW and bool(houses) and not mine,
        "may_adopt": one.state == PracticeState.PUBLISHED and bool(houses),
        "forms": forms,
        "why": why,
    }
    wrong = why or any(form.errors for form in forms.values())
    return render(request, "practices/practice_desk.html", context, status=422 if wrong else 200)


def act(request: HttpRequest, one: Practice, then: str, forms: dict[str, Any]) -> bool:
    """What was pressed; whether it was done."""
    if then == "offer":
        actions.offer(me(request), one)
    elif then == "end":
        actions.end(me(request), one)
    elif then == "review" and forms["review"].is_valid():
        actions.review(me(request), one, **forms["review"].cleaned_data)
    elif then == "adopt" and forms["adopt"].is_valid():
        told = dict(forms["adopt"].cleaned_data)
        actions.adopt(me(request), one, told.pop("organisation"), **told)
    else:
        return False
    return True
