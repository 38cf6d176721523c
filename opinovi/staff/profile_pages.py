"""One's own guidance competence: assessed, seen, shared by choice; what to do next; and the network's sums."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.models import Event
from opinovi.base.posted import posted_or_none
from opinovi.network.competences import LEVELS, areas
from opinovi.network.models import Network
from opinovi.network.queries import current_network
from opinovi.network.standing import standing
from opinovi.network.views import answer, me, tell
from opinovi.staff.actions import profiles as actions
from opinovi.staff.certificate import paper
from opinovi.staff.forms import ShareForm
from opinovi.staff.models import Certificate, CompetenceCount, CompetenceProfile
from opinovi.staff.queries import (
    certificate_by_id,
    offers_of,
    profile_by_id,
    published_practices,
    trainings_ahead,
)

form_methods = require_http_methods(["GET", "HEAD", "POST"])
# Below this level an area is one to learn more of, whether one has said so or not.
ENOUGH = 2
MOST_WAYS = 4


def private(response: HttpResponse) -> HttpResponse:
    """Not to be kept by anything between."""
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@allow("staff.take_part", of=current_network)
def competence(request: HttpRequest, network: Network) -> HttpResponse:
    """Where one is, how one has come along, and what helps on from here."""
    profile = actions.own_profile(me(request), network)
    told = profile.told() if profile else {}
    mine = standing(request.user).members()
    shared = CompetenceProfile.objects.filter(leader__in=mine, member__ended_at=None)
    context = {
        "profile": profile,
        **areas_told(told),
        "plan": told.get("plan", ""),
        "ways": ways_on(network, to_learn(told)) if profile else [],
        "certificates": list(Certificate.objects.filter(member__person=me(request))[:50]),
        "shared": list(shared.select_related("member__person").order_by("member__person__name")),
    }
    return private(render(request, "staff/competence.html", context))


def areas_told(told: dict[str, Any]) -> dict[str, Any]:
    """The areas of which something was said, with the level in words and as doors, the level before, and whether one
    wants more; and the names of the others."""
    levels, wants, before = told.get("levels", {}), told.get("wants", []), told.get("before", [])
    last: dict[str, int] = before[-1][1] if before else {}
    found, missing = [], []
    for key, area in areas().items():
        level = levels.get(key)
        if level is None and key not in wants:
            missing.append(str(area))
            continue
        found.append(
            {
                "id": key,
                "name": str(area),
                "level": level,
                "doors": ["open" if level and number <= level else "shut" for number in LEVELS],
                "words": area.levels[level - 1] if level else None,
                "before": last.get(key) if last.get(key) != level else None,
                "wants": key in wants,
            }
        )
    return {"areas": found, "missing": missing}


def to_learn(told: dict[str, Any]) -> list[str]:
    """What one wants to learn; where nothing was said, the areas in which one is at the beginning."""
    wants = told.get("wants", [])
    return list(wants) or [area for area, level in told.get("levels", {}).items() if level < ENOUGH]


def ways_on(network: Network, wanted: list[str]) -> list[dict[str, Any]]:
    """For each area what helps: trainings ahead, colleagues who offer help, practices. Three queries."""
    if not wanted:
        return []
    trainings, offers, practices = (
        list(trainings_ahead(network)),
        list(offers_of(network)),
        published_practices(network),
    )
    known = areas()
    return [
        {
            "area": area,
            "name": str(known[area]),
            "trainings": [one for one in trainings if area in one.areas][:MOST_WAYS],
            "offers": [one for one in offers if one.area == area][:MOST_WAYS],
            "practices": [one for one in practices if area in one.areas][:MOST_WAYS],
        }
        for area in known
        if area in wanted
    ]


@form_methods
@allow("staff.take_part", of=current_network)
def assess_competence(request: HttpRequest, network: Network) -> HttpResponse:
    """Ten areas, four levels each, in one's own time; any may be left out."""
    profile = actions.own_profile(me(request), network)
    told = profile.told() if profile else {}
    levels, wants, plan, why = told.get("levels", {}), told.get("wants", []), told.get("plan", ""), ""
    if request.method == "POST":
        levels = {
            area: int(level) for area in areas() if (level := request.POST.get(f"level-{area}", "")) in tuple("1234")
        }
        wants, plan = request.POST.getlist("wants"), request.POST.get("plan", "")[:2000]
        try:
            actions.check_said(levels, wants)
            actions.assess(me(request), network, levels, wants, plan)
            return HttpResponseRedirect(reverse("competence") + "?saved=1")
        except ValidationError as error:
            why = " ".join(error.messages)
    context = {
        "areas": [
            {"id": key, "name": str(area), "levels": list(enumerate(area.levels, 1)), "level": levels.get(key),
             "wants": key in wants}
            for key, area in areas().items()
        ],
        "plan": plan,
        "why": why,
    }  # fmt: skip
    return private(render(request, "staff/assess.html", context, status=422 if why else 200))


@form_methods
@allow("staff.take_part", of=current_network)
def share_competence(request: HttpRequest, network: Network) -> HttpResponse:
    """Who sees it: nobody, until one says so. And the way to be rid of it."""
    profile = actions.own_profile(me(request), network)
    if profile is None:
        return HttpResponseRedirect(reverse("competence"))
    form = ShareForm(posted_or_none(request), member=profile.member,
                     initial={"leader": profile.leader_id, "counted": profile.counted})  # fmt: skip
    if request.POST.get("then") == "forget":
        actions.forget(me(request), profile)
        return HttpResponseRedirect(reverse("competence"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.share(me(request), profile, form.cleaned_data["leader"], form.cleaned_data["counted"])
            return HttpResponseRedirect(reverse("competence") + "?shared=1")
        except ValidationError as error:
            tell(form, error)
    reads = Event.objects.filter(verb="read", subject_type="competence", subject_id=str(profile.id))
    seen = list(reads.order_by("-seq").values_list("at", flat=True)[:5])
    return private(answer(request, "staff/share.html", form, profile=profile, seen=seen))


@require_safe
@allow("staff.read_profile", of=profile_by_id)
def competence_of(request: HttpRequest, profile: CompetenceProfile) -> HttpResponse:
    """What somebody chose to show to their leader. They see when it was read."""
    told = profile.told()
    if profile.member.person_id != me(request).id:
        actions.read_by_leader(me(request), profile)
    context = {"profile": profile, **areas_told(told), "plan": told.get("plan", "")}
    return private(render(request, "staff/competence_of.html", context))


@require_safe
@allow("staff.take_part", of=current_network)
def competences_together(request: HttpRequest, network: Network) -> HttpResponse:
    """What the network can do and what it wants to learn: sums alone."""
    one = CompetenceCount.objects.filter(network=network).first()
    rows: list[dict[str, Any]] = []
    for key, area in areas().items():
        figure = one.figures.get(key, {}) if one else {}
        levels = [figure.get("levels", {}).get(str(level)) for level in LEVELS]
        rows.append({"name": str(area), "levels": levels, "total": figure.get("total"), "wants": figure.get("wants"),
                     "bar": [count or 0 for count in reversed(levels)]})  # fmt: skip
    rows.sort(key=lambda row: -(row["wants"] or 0))
    shown = [row for row in rows if row["wants"] is not None or any(count is not None for count in row["levels"])]
    context = {"one": one, "rows": shown, "few": [row["name"] for row in rows if row not in shown], "network": network}
    return render(request, "staff/together.html", context)


@require_safe
@allow("staff.own_certificate", of=certificate_by_id)
def certificate(request: HttpRequest, one: Certificate) -> HttpResponse:
    """A certificate as a PDF, in the language in which one reads the pages."""
    language = getattr(request, "LANGUAGE_CODE", "fi")
    response = HttpResponse(paper(one, language), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_("todistus")}.pdf"'
    return private(response)
