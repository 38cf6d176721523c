"""Outreach on the desk: plans, times to go, codes to print, what came of it; and the door that a code opens."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import today
from opinovi.base.door_code import picture
from opinovi.base.posted import posted_or_none, whole_number
from opinovi.base.text import choose
from opinovi.directory.codes import municipality_name
from opinovi.doors.topics import topics
from opinovi.network.models import Network, Role
from opinovi.network.queries import address_in, current_network, houses_of
from opinovi.network.views import answer, me, tell
from opinovi.outreach import actions
from opinovi.outreach.access import goes_for
from opinovi.outreach.arrivals import count_opened, remember
from opinovi.outreach.forms import OutingForm, PlanForm, plan_initial
from opinovi.outreach.models import Group, OutreachAction, OutreachPlan
from opinovi.outreach.queries import (
    met_by_group,
    met_here,
    outing_by_id,
    plan_by_id,
    plans_of,
    shown_steps,
    steps_of,
)
from opinovi.outreach.words import GROUPS, PLACES, STEPS

form_methods = require_http_methods(["GET", "HEAD", "POST"])
CARDS, MOST_MET = 8, 1000
# A sending holds what was written while there was no connection, and no more than a day's worth of it.
MOST_AT_ONCE = 100
LARGEST = 500_000


GOING = (Role.GUIDE, Role.EDITOR, Role.ADMINISTRATOR)


@require_safe
@allow("outreach.see", of=current_network)
def outreach(request: HttpRequest, network: Network) -> HttpResponse:
    """Where the network goes, next and before; whom it has met."""
    plans = list(plans_of(network)[:100])
    ahead = OutreachAction.objects.filter(plan__network=network, day__gte=today(), cancelled_at=None)
    counts, total = met_by_group([one.id for one in plans])
    context = {
        "network": network,
        "plans": [{"one": one, "place": PLACES[one.place], "group": GROUPS[one.group]} for one in plans],
        "ahead": list(ahead.select_related("plan__organisation").order_by("day", "begins")[:20]),
        "met": group_rows(counts),
        "total": total,
        "may": bool(houses_of(request.user, network, *GOING)),
    }
    return render(request, "outreach/outreach.html", context)


def group_rows(counts: dict[str, int | None]) -> list[dict[str, Any]]:
    most = max((count or 0 for count in counts.values()), default=0) or 1
    return [
        {"name": GROUPS[group], "count": count, "bar": round(100 * (count or 0) / most)}
        for group, count in sorted(counts.items(), key=lambda pair: -(pair[1] or 0))
    ]


@form_methods
@allow("outreach.plan_for", of=current_network)
def new_plan(request: HttpRequest, network: Network) -> HttpResponse:
    return save(request, network, None)


@form_methods
@allow("outreach.go", of=plan_by_id)
def edit_plan(request: HttpRequest, plan: OutreachPlan) -> HttpResponse:
    return save(request, plan.network, plan)


def save(request: HttpRequest, network: Network, one: OutreachPlan | None) -> HttpResponse:
    houses = [one.organisation] if one else houses_of(request.user, network, *GOING)
    # A need without a door may be what one sets out for.
    asked = {name: request.GET[name] for name in ("topic", "municipality", "name") if name in request.GET}
    form = PlanForm(
        posted_or_none(request), network=network, houses=houses, initial=plan_initial(one) if one else asked
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_plan(me(request), network, form.cleaned_data["organisation"], one, **form.fields_of())
            return HttpResponseRedirect(reverse("outreach-plan", args=[saved.id]))
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta suunnitelmaa") if one else _("Uusi hakeva toiminta")
    back = reverse("outreach-plan", args=[one.id]) if one else reverse("outreach")
    return answer(request, "site/edit.html", form, title=title, back=back)


@require_safe
@allow("outreach.see", of=plan_by_id)
def plan(request: HttpRequest, one: OutreachPlan) -> HttpResponse:
    """One plan: when it is gone to, whom was met, what came of it."""
    outings = list(one.actions.all())
    counts, total = met_by_group([one.id])
    context = {
        "one": one,
        "place": PLACES[one.place],
        "group": GROUPS[one.group],
        "municipality": municipality_name(one.municipality) if one.municipality else "",
        "outings": outings,
        "steps": named(shown_steps(steps_of(outings))),
        "met": group_rows(counts),
        "total": total,
        "may": goes_for(request.user, one),
        "today": today(),
    }
    return render(request, "outreach/plan.html", context)


def named(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"name": STEPS[row["step"]]} for row in steps]


@form_methods
@allow("outreach.go", of=plan_by_id)
def new_outing(request: HttpRequest, plan: OutreachPlan) -> HttpResponse:
    return save_outing(request, plan, None)


@form_methods
@allow("outreach.go", of=outing_by_id)
def edit_outing(request: HttpRequest, one: OutreachAction) -> HttpResponse:
    return save_outing(request, one.plan, one)


def save_outing(request: HttpRequest, plan: OutreachPlan, one: OutreachAction | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if one is not None:
        initial = {"day": one.day, "begins": one.begins, "ends": one.ends, "members": one.members.all()}
    form = OutingForm(posted_or_none(request), network=plan.network, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_action(
                me(request), plan, one, **form.cleaned_data | {"members": list(form.cleaned_data["members"])}
            )
            return HttpResponseRedirect(reverse("outing", args=[saved.id]) + "?saved=1")
        except ValidationError as error:
            tell(form, error)
    title = _("Muuta kertaa") if one else _("Uusi kerta")
    back = reverse("outing", args=[one.id]) if one else reverse("outreach-plan", args=[plan.id])
    return answer(request, "site/edit.html", form, title=title, back=back)


@form_methods
@allow("outreach.go", of=outing_by_id)
def outing(request: HttpRequest, one: OutreachAction) -> HttpResponse:
    """One time: its code, what to print, what was written in the field, what came of it."""
    if request.method == "POST" and request.POST.get("then") == "cancel":
        actions.cancel(me(request), one)
        return HttpResponseRedirect(request.path + "?saved=1")
    notes = one.notes.select_related("key", "member__person").prefetch_related("met")
    context = {
        "one": one,
        "plan": one.plan,
        "members": list(one.members.select_related("person")),
        "address": address_of(one),
        "code": picture(address_of(one)),
        "steps": named(shown_steps(steps_of([one]))),
        "met": [{"name": GROUPS[group], "count": count} for group, count in met_here(one)],
        "notes": [
            {
                "note": note,
                "text": note.key.unlock(note.locked) if note.key else "",
                "met": [(GROUPS[row.group], row.count) for row in note.met.all()],
            }
            for note in notes
        ],
    }
    response = render(request, "outreach/outing.html", context)
    response["Cache-Control"] = "no-store"
    return response


def address_of(one: OutreachAction) -> str:
    """The short address, in Finnish: it leads on in the plan's language."""
    with translation.override("fi"):
        return address_in(one.plan.network, "open-code", [one.code])


@require_safe
@allow("outreach.go", of=outing_by_id)
def outing_poster(request: HttpRequest, one: OutreachAction) -> HttpResponse:
    """A poster to hang up, in the plan's language."""
    return printed(request, one, "outreach/poster.html", [0])


@require_safe
@allow("outreach.go", of=outing_by_id)
def outing_cards(request: HttpRequest, one: OutreachAction) -> HttpResponse:
    """Cards to cut and give."""
    return printed(request, one, "outreach/cards.html", list(range(CARDS)))


def printed(request: HttpRequest, one: OutreachAction, template: str, copies: list[int]) -> HttpResponse:
    address = address_of(one)
    context = {"one": one, "plan": one.plan, "address": address, "code": picture(address), "copies": copies,
               "language": one.plan.language}  # fmt: skip
    return render(request, template, context)


@require_safe
@allow("outreach.open")
def open_code(request: HttpRequest, code: str) -> HttpResponse:
    """The door that a code opens: a service, what is looked for, or the front page, in the plan's language."""
    rows = OutreachAction.objects.select_related("plan__service").defer("plan__service__source_record")
    one = rows.filter(code=code.lower()).first()
    if one is None:
        return HttpResponseRedirect(reverse("home"))
    if request.method == "GET":
        count_opened(one)
    with translation.override(one.plan.language):
        return remember(HttpResponseRedirect(door_of(one.plan)), one)


def door_of(plan: OutreachPlan) -> str:
    if plan.service is not None:
        return reverse("service", args=[plan.service.id])
    known = topics().get(plan.topic)
    if known is None:
        return reverse("home")
    where = {"where": municipality_name(plan.municipality)} if plan.municipality else {}
    return f"{reverse('results')}?{urlencode({'q': choose(known.label, plan.language).text, **where})}"


# In the field


@form_methods
@allow("outreach.go", of=outing_by_id)
def field(request: HttpRequest, one: OutreachAction) -> HttpResponse:
    """The page that one has open in the field. With a script it works without a connection; without one it's a form."""
    why = ""
    if request.method == "POST":
        try:
            met = {group: whole_number(request.POST.get(f"met-{group}", ""), MOST_MET) or 0 for group in Group.values}
            once = uuid_of(request.POST.get("id", "")) or uuid4()
            actions.keep_note(me(request), one, actions.Told(once, 1, request.POST.get("text", ""), met))
            return HttpResponseRedirect(request.path + "?saved=1")
        except ValidationError as error:
            why = " ".join(error.messages)
    context = {
        "one": one,
        "plan": one.plan,
        "groups": list(GROUPS.items()),
        "who": me(request).id,
        "why": why,
        "text": request.POST.get("text", ""),
        "new_id": uuid4(),
        "kept": one.notes.filter(member__person=me(request)).count(),
    }
    return render(request, "outreach/field.html", context, status=422 if why else 200)


def uuid_of(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


@require_safe
@allow("outreach.go", of=outing_by_id)
def field_token(request: HttpRequest, one: OutreachAction) -> HttpResponse:
    """What a page that lay on a phone needs to send, while its person is signed in."""
    response = JsonResponse({"token": get_token(request), "who": str(me(request).id)})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow("outreach.go", of=outing_by_id)
def field_notes(request: HttpRequest, one: OutreachAction) -> HttpResponse:
    """Notes as a phone sends them, in JSON: {"notes": [{"id", "revision", "text", "met", "written"}], "sent"}. Answers
    which are kept, with their revisions, and which are not and why; sent again they are kept once."""
    try:
        if len(request.body) > LARGEST:
            raise ValueError
        told = json.loads(request.body)
        rows = told["notes"]
        if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE or not all(isinstance(row, dict) for row in rows):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        return JsonResponse(
            {"title": _("Lähetystä ei voi lukea.")}, status=400, content_type="application/problem+json"
        )
    kept, refused = {}, {}
    for row in rows:
        once = uuid_of(row.get("id"))
        if once is None:
            continue
        try:
            note = actions.keep_note(me(request), one, note_of(once, row, told.get("sent")))
            kept[str(once)] = note.revision
        except ValidationError as error:
            refused[str(once)] = " ".join(error.messages)
    return JsonResponse({"kept": kept, "refused": refused})


def note_of(once: UUID, row: dict[str, Any], sent: Any) -> actions.Told:
    """One note of a sending; what makes no sense in it is left out."""
    revision, told = row.get("revision"), row.get("met")
    met: dict[str, Any] = told if isinstance(told, dict) else {}
    counts = {str(key): count for key, count in met.items() if type(count) is int}
    revision = revision if type(revision) is int and 0 < revision < 10_000 else 1
    return actions.Told(once, revision, str(row.get("text") or ""), counts, actions.lain_of(row.get("written"), sent))


@require_safe
@allow("outreach.open")
def field_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the field's pages on the phone. It stands beside them, since it may keep no others."""
    kind = "text/javascript; charset=utf-8"
    response = render(request, "outreach/worker.js", {"static": settings.STATIC_URL}, content_type=kind)
    response["Cache-Control"] = "no-cache"
    return response
