"""A client takes everything out, prints it, or is forgotten."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.contact.actions import enquiries
from opinovi.contact.models import Appointment, Enquiry
from opinovi.contact.models.enquiries import EnquiryState
from opinovi.journeys.access import EVERYTHING, consents_read
from opinovi.journeys.actions import erasing
from opinovi.journeys.content import contact_lines, history_of, needs_of, notes_seen, plan_of
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.exercises import EXERCISES, picked_words
from opinovi.journeys.models import Client, Confidence, Journey, Outcome, Referral
from opinovi.journeys.models.plans import StepState
from opinovi.journeys.own import reads_of
from opinovi.journeys.own_sign_in import own_client
from opinovi.journeys.paper import plan_pdf
from opinovi.journeys.queries import with_all
from opinovi.journeys.rows import consent_rows, referral_row
from opinovi.journeys.words import OUTCOMES

form_methods = require_http_methods(["GET", "HEAD", "POST"])


# What higher rooms keep of a client.
more: list[Callable[[Client], dict[str, Any]]] = []


@require_safe
@allow("journeys.own", at="my-start")
def take_out(request: HttpRequest) -> HttpResponse:
    """All that is kept of a client, as a file of their own (JSON)."""
    client = own_client(request)
    return as_file(
        JsonResponse(everything(client), json_dumps_params={"ensure_ascii": False, "indent": 2}), "opin-ovi.json"
    )


def as_file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return no_store(response)


def everything(client: Client) -> dict[str, Any]:
    """All that is kept of a client; of organisations' own notes that they exist."""
    found = kept_here(client)
    for add in more:
        found |= add(client)
    return found


def kept_here(client: Client) -> dict[str, Any]:
    journeys = list(client.journeys.all())
    given = consents_read(client)
    handed = list(with_all(Referral.objects.filter(client=client)).order_by("-drafted_at", "-id"))
    written = notes_seen(client, EVERYTHING)
    return {
        "taken_out_at": now().isoformat(),
        "about_me": client.told() | {"language": client.language, "since": client.began_at.isoformat()},
        "journeys": [
            {"began_at": one["journey"].began_at.isoformat(), "need": one["need"], "hope": one["hope"]}
            for one in needs_of(client, journeys)
        ],
        "plan": plan_data(client),
        "plan_history": [
            {"at": one["at"].isoformat(), "by": str(one["member"] or ""),
             **{name: one.get(name, "") for name in ("what", "before", "after")}}
            for one in history_of(client, 1000)
        ],
        "exercises": exercise_data(client),
        "notes": [{"at": one.at.isoformat(), "by": one.who, "text": one.text} for one in written if not one.hidden],
        "own_notes_of_organisations": [{"at": one.at.isoformat(), "by": one.who} for one in written if one.hidden],
        "consents": [
            {"to": row["who"], "what": row["pieces"], "until": str(row["until"]), "state": str(row["words"]),
             "text": one.told().get("shown", "")}
            for one, row in zip(given, consent_rows(given, client), strict=True)
        ],
        "referrals": [referral_data(one, client) for one in handed],
        "meetings": meeting_data(journeys, handed),
        "conversations": conversation_data(journeys),
        "outcomes": [
            {"months": one.months, "what": str(OUTCOMES.get(one.what, ""))} | (client.unlock(one.locked) or {})
            for one in Outcome.objects.filter(journey__client=client)
        ],
        "confidence": [
            {"when": str(one), "answers": client.unlock(one.locked)} for one in Confidence.objects.filter(client=client)
        ],
        "read_by": [
            {"at": one["at"].isoformat(), "who": one["who"], "where": one["house"], "what": ", ".join(one["what"])}
            for one in reads_of(client, 5000)
        ],
    }  # fmt: skip


def plan_data(client: Client) -> list[dict[str, Any]]:
    return [
        {"goal": goal.text, "state": goal.state,
         "steps": [{"text": one.text, "state": one.state, "due": str(one.due or ""), "why": one.why,
                    "door": one.door_name} for one in goal.steps]}
        for goal in plan_of(client)
    ]  # fmt: skip


def exercise_data(client: Client) -> list[dict[str, Any]]:
    found = []
    for row in client.exercises.all():
        told = client.unlock(row.locked)
        kind = EXERCISES.get(row.name)
        found.append({"name": row.name, **told, "said": picked_words(kind, told["picked"]) if kind else []})
    return found


def referral_data(one: Referral, client: Client) -> dict[str, Any]:
    row = referral_row(one, client)
    words = {name: text for name, text in (client.unlock(one.locked) or {}).items() if name not in ("receiver", "code")}
    at = row["when"].isoformat()
    return {"number": row["number"], "to": row["to"], "state": str(row["words"]), "at": at, **words}


def meeting_data(journeys: list[Journey], handed: list[Referral]) -> list[dict[str, Any]]:
    ids = {one.appointment_id for one in journeys if one.appointment_id}
    ids |= {one.appointment_id for one in handed if one.appointment_id}
    rows = Appointment.objects.filter(id__in=ids).select_related("key")
    return [{"begins": one.begins_at.isoformat(), "mode": one.mode, "note": one.told().get("note", "")} for one in rows]


def conversation_data(journeys: list[Journey]) -> list[dict[str, Any]]:
    ids = {one.enquiry_id for one in journeys if one.enquiry_id}
    rows = Enquiry.objects.filter(id__in=ids).exclude(state=EnquiryState.ERASED)
    return [enquiries.take_out(one) for one in rows.select_related("key", "team__organisation")]


@require_safe
@allow("journeys.own", at="my-start")
def plan_json(request: HttpRequest) -> HttpResponse:
    told = {"plan": plan_data(own_client(request))}
    return as_file(
        HttpResponse(json.dumps(told, ensure_ascii=False, indent=2), content_type="application/json"), "plan.json"
    )


@require_safe
@allow("journeys.own", at="my-start")
def plan_paper(request: HttpRequest) -> HttpResponse:
    """The plan as a PDF that a screen reader reads."""
    client = own_client(request)
    content = plan_pdf(client.language, contact_lines(client)[:1], plan_of(client))
    return as_file(HttpResponse(content, content_type="application/pdf"), "plan.pdf")


@require_safe
@allow("journeys.own", at="my-start")
def plan_calendar(request: HttpRequest) -> HttpResponse:
    """The steps that have a day, as a calendar file. What the step is stands in it, since the client takes it out."""
    client = own_client(request)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Opin ovi//plan//")
    calendar.add("version", "2.0")
    for goal in plan_of(client):
        for one in goal.steps:
            if one.due and one.state in (StepState.AHEAD, StepState.POSTPONED):
                event = icalendar.Event()
                event.add("uid", f"step-{one.id}@opinovi")
                event.add("dtstamp", now())
                event.add("dtstart", one.due)
                event.add("dtend", one.due + timedelta(days=1))
                event.add("summary", one.text)
                calendar.add_component(event)
    return as_file(HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8"), "plan.ics")


@form_methods
@allow("journeys.own", at="my-start")
def erase(request: HttpRequest) -> HttpResponse:
    """Everything is forgotten for good, once the client has said so in a word of their own."""
    client, why = own_client(request), ""
    if request.method == "POST":
        if request.POST.get("sure") == "yes":
            erasing.erase(client)
            request.session.flush()
            return HttpResponseRedirect(reverse("my-erased"))
        why = _("Merkitse, että haluat poistaa kaiken pysyvästi.")
    return no_store(render(request, "journeys/my_erase.html", {"why": why}, status=422 if why else 200))


@require_safe
@allow("journeys.begin_own")
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "journeys/my_erased.html")
