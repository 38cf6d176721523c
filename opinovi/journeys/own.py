"""My guidance: what is next, the path, who sees what, who has read what; and what is the client's to decide."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.clock import day_of, now, today
from opinovi.base.models import Event
from opinovi.base.text import choose
from opinovi.base.when import short_date
from opinovi.contact.booking import when_words
from opinovi.contact.grants import grant
from opinovi.journeys.access import EVERYTHING, consents_read, is_first
from opinovi.journeys.actions import clients as actions
from opinovi.journeys.actions import consents, notes, outcomes, referrals
from opinovi.journeys.content import current_need, notes_seen, steps_ahead
from opinovi.journeys.desk_clients import no_store
from opinovi.journeys.desk_consents import chosen, consent_by_id, consent_context
from opinovi.journeys.desk_referrals import path_of, referral_by_id
from opinovi.journeys.models import Client, Consent, Journey, Referral
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import How, Piece
from opinovi.journeys.models.plans import StepState
from opinovi.journeys.models.referrals import ReferralState
from opinovi.journeys.own_sign_in import own_client
from opinovi.journeys.queries import with_all
from opinovi.journeys.rows import consent_rows, referral_row
from opinovi.journeys.words import PIECES
from opinovi.network.account import come_in, ids_in
from opinovi.network.models import Member, Organisation
from opinovi.network.views import me

form_methods = require_http_methods(["GET", "HEAD", "POST"])
READS_SHOWN, READS_ON_PAGE = 5, 300


@form_methods
@allow("journeys.own", at="my-start")
def my(request: HttpRequest) -> HttpResponse:
    """The client's own page."""
    client = own_client(request)
    if request.method == "POST":
        return act(request, client)
    return page(request, client)


# What higher rooms add to one's own things: what the button says, and where it leads.
more_links: list[Callable[[], tuple[str, str]]] = []


def page(request: HttpRequest, client: Client, why: str = "", status: int = 200) -> HttpResponse:
    known = own_journeys(client)
    journeys = [one for one in known if one.client_id == client.id]
    rows = list(with_all(Referral.objects.filter(client=client)).order_by("drafted_at"))
    found = consents_read(client)
    steps = steps_ahead(client)
    context = {
        "client": client,
        "name": client.told().get("name", ""),
        "next": next_of(found, rows, steps),
        "path": path_to_show(client, journeys, rows, steps),
        "consents": [one for one in consent_rows(found, client) if one["in_force"]],
        "asked": [one for one in consent_rows(found, client) if one["asked"]],
        "reads": reads_of(client, READS_SHOWN, booked_in(rows)),
        "goals": bool(steps),
        "need": bool(current_need(client).get("need")),
        "others": kin_rows(client, known),
        "guide": next((one.guide for one in reversed(journeys) if one.guide), None),
        "why": why,
        "more_links": [give() for give in more_links],
    }
    return no_store(render(request, "journeys/my.html", context, status=status))


def booked_in(rows: Iterable[Referral]) -> list[UUID]:
    return [one.appointment_id for one in rows if one.appointment_id]


def own_journeys(client: Client) -> list[Journey]:
    """The client's guidance, the oldest first, and that of their other cards: one query."""
    mine = Q(client=client)
    if client.has_kin:  # type: ignore[attr-defined]
        mine |= Q(client__in=own_others(client).values("id"))
    rows = Journey.objects.filter(mine).select_related("client", "organisation", "guide__person")
    return list(rows.order_by("began_at", "id"))


def kin_rows(client: Client, known: list[Journey]) -> list[dict[str, Any]]:
    """The client's other cards: where each began, and whether it is joined to this one."""
    found: dict[UUID, dict[str, Any]] = {}
    for journey in known:
        one = journey.client
        if one.id == client.id:
            continue
        joined = client.id == one.joined_to_id or one.id == client.joined_to_id
        row = found.setdefault(one.id, {"id": one.id, "where": "", "joined": joined})
        where = choose(journey.organisation.name).text if journey.organisation else _("omasta aloitteesta")
        row["where"] = f"{row['where']}, {where}".strip(", ")
    return list(found.values())


def act(request: HttpRequest, client: Client) -> HttpResponse:
    """What the client decides on their own page."""
    then = request.POST.get("then", "")
    try:
        if then == "ask_notes":
            organisation = Organisation.objects.get(id__in=ids_in(request.POST.get("organisation", "")))
            notes.ask_for_notes(client, organisation)
        elif then in ("letters", "no-letters"):
            actions.set_letters(client, then == "letters")
        elif then in ("join", "part"):
            join_or_part(request, client, then)
        elif then == "open":
            person = own_other(request, client).person
            return come_in(request, person, reverse("my")) if person else HttpResponseRedirect(reverse("my"))
        elif then in ("end", "go_on"):
            journey = notes.current_journey(client)
            (outcomes.end_journey if then == "end" else outcomes.go_on)(me(request), journey)
    except (Organisation.DoesNotExist, Client.DoesNotExist):
        return page(request, client, _("Valitse, mitä tehdään."), status=422)
    except ValidationError as error:
        return page(request, client, " ".join(error.messages), status=422)
    return HttpResponseRedirect(reverse("my"))


def join_or_part(request: HttpRequest, client: Client, then: str) -> None:
    """Another of their own is the same, or is not after all."""
    other = own_other(request, client)
    if then == "join":
        actions.join(me(request), other, client)
    else:
        actions.part(me(request), other if other.joined_to_id else client)


def own_others(client: Client) -> QuerySet[Client]:
    """Other cards with the same address, where it was shown to be the client's."""
    rows = Client.objects.exclude(mail_hash="").filter(mail_hash=client.mail_hash, state=ClientState.ACTIVE)
    return rows.exclude(id=client.id).select_related("person") if client.mail_verified else rows.none()


def own_other(request: HttpRequest, client: Client) -> Client:
    return own_others(client).get(id__in=ids_in(request.POST.get("other", "")))


def hidden_notes(written: list[Any]) -> list[dict[str, Any]]:
    """Which organisations have notes of their own of the client, and how many."""
    counts: dict[tuple[UUID, str], int] = {}
    for one in written:
        if one.hidden:
            key = (one.organisation_id, one.who.rsplit(", ", 1)[-1])
            counts[key] = counts.get(key, 0) + 1
    return [{"id": key[0], "who": key[1], "count": count} for key, count in counts.items()]


def next_of(found: list[Consent], rows: list[Referral], steps: list[Any]) -> dict[str, Any]:
    """What comes next, said first: a question that waits, a meeting, a step, or that somebody is on it."""
    asked = [one for one in found if one.state == "asked"]
    if asked:
        one = asked[0]
        return {"kind": "consent", "id": one.id, "who": consents.receiver_name(one)}
    ahead = [one for one in rows if one.appointment and one.appointment.ahead]
    if ahead:
        first = min(ahead, key=lambda one: one.appointment.begins_at)  # type: ignore[union-attr]
        assert first.appointment is not None
        return {"kind": "meeting", "when": when_words(first.appointment.begins_at), "row": referral_row(first)}
    steps = [one for one in steps if one.state in (StepState.AHEAD, StepState.POSTPONED)]
    waiting = [one for one in rows if one.state in (ReferralState.SENT, ReferralState.SEEN, ReferralState.QUESTION)]
    if waiting:
        return {"kind": "waiting", "row": referral_row(waiting[0])}
    if steps:
        return {"kind": "step", "text": sorted(steps, key=lambda one: (one.due is None, one.due))[0].text}
    return {"kind": "nothing"}


def path_to_show(
    client: Client, journeys: list[Journey], rows: list[Referral], steps: list[Any]
) -> list[dict[str, Any]]:
    """The path as a row of doors: what has been, what is now, what is ahead."""
    found = [began_door(client, one) for one in journeys]
    found += [referral_door(one, client) for one in rows if one.state != ReferralState.DRAFTED]
    found += [step_door(one) for one in steps]
    return sorted(found, key=lambda one: one["order"])


def began_door(client: Client, journey: Journey) -> dict[str, Any]:
    need = (client.unlock(journey.locked) or {}).get("need", "")
    who = choose(journey.organisation.name).text if journey.organisation else ""
    note = f"{short_date(day_of(journey.began_at))} {who}".strip()
    return {"order": (0, journey.began_at.timestamp()), "light": "shut", "past": True, "title": _("Ohjauksesi alkoi"),
            "note": note, "text": need, "enquiry": journey.enquiry_id}  # fmt: skip


def referral_door(one: Referral, client: Client) -> dict[str, Any]:
    row = referral_row(one, client)
    past = one.over or one.state == ReferralState.MET
    at = one.appointment.begins_at if one.appointment and not past else row["when"]
    token = ""
    if one.appointment and one.appointment.ahead:
        token = one.appointment.told().get("token", "")
    note = f"{row['words']}, {short_date(row['when'].date())}"
    light = "shut" if past else row["light"]
    return {"order": (0 if past else 1, at.timestamp()), "light": light, "past": past, "title": row["to"],
            "note": row["meeting"] or note, "text": "", "token": token, "referral": one.id}  # fmt: skip


def step_door(one: Any) -> dict[str, Any]:
    past = one.state in (StepState.DONE, StepState.DROPPED)
    day = one.due or today()
    note = f"{one.words}, {short_date(one.due)}" if one.due else one.words
    order = (
        0 if past else 1 if one.due else 2,
        datetime(day.year, day.month, day.day, tzinfo=now().tzinfo).timestamp(),
    )
    return {"order": order, "light": one.light, "past": past, "title": one.text, "note": note, "text": one.why,
            "door": one.door, "door_name": one.door_name}  # fmt: skip


def reads_of(client: Client, most: int, booked: Iterable[UUID] = ()) -> list[dict[str, Any]]:
    """Who has read what and when, the newest first; of the times that are `booked` for them too. One query more for
    their names."""
    of_client = Q(subject_type="client", subject_id=str(client.id))
    of_times = Q(subject_type="appointment", subject_id__in=[str(one) for one in booked])
    rows = list(Event.objects.filter(of_client | of_times, verb="read").order_by("-seq")[:most])
    ids = {row.data.get("organisation") for row in rows} - {"", None}
    actors = [UUID(actor) for actor in {row.actor for row in rows if len(row.actor) == 36}]
    places = Member.objects.filter(person__in=actors, organisation__in=ids).select_related("person", "organisation")
    names = {(str(one.person_id), str(one.organisation_id)): one for one in places}
    found: list[dict[str, Any]] = []
    for row in rows:
        place = names.get((row.actor, str(row.data.get("organisation"))))
        who = str(place.person) if place else _("vastaanottaja verkoston ulkopuolella")
        house = choose(place.organisation.name).text if place else ""
        what = [_("varattu aika")] if row.subject_type == "appointment" else read_words(row.data.get("pieces", []))
        found.append({"at": row.at, "who": who, "house": house, "what": what})
    return found


def by_day(reads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What one person read again and again on a day, as one row: since when and how many times."""
    rows: list[dict[str, Any]] = []
    for one in reads:
        last = rows[-1] if rows else {}
        if (last.get("who"), last.get("house")) == (one["who"], one["house"]) and same_day(last, one):
            last["since"], last["count"] = one["at"], last["count"] + 1
            last["what"] += [words for words in one["what"] if words not in last["what"]]
        else:
            rows.append(one | {"since": one["at"], "count": 1, "what": list(one["what"])})
    return rows


def same_day(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return localtime(one["since"]).date() == localtime(other["at"]).date()


def read_words(pieces: list[str]) -> list[str]:
    words = [str(PIECES[Piece(one)]) for one in pieces if one in Piece.values]
    words += [_("ohjaamisen syy")] if "referral" in pieces else []
    return words or [_("missä ohjauksesi on menossa")]


@require_safe
@allow("journeys.own", at="my-start")
def my_notes(request: HttpRequest) -> HttpResponse:
    """What guides wrote for the client, and which organisations have notes of their own."""
    written = notes_seen(own_client(request), EVERYTHING)
    context = {"notes": [one for one in written if not one.hidden], "hidden": hidden_notes(written)}
    return no_store(render(request, "journeys/my_notes.html", context))


@require_safe
@allow("journeys.own", at="my-start")
def my_reads(request: HttpRequest) -> HttpResponse:
    """The whole list of who has read what."""
    client = own_client(request)
    reads = by_day(reads_of(client, READS_ON_PAGE, booked_in(client.referrals.all())))
    return no_store(render(request, "journeys/my_reads.html", {"reads": reads}))


def journey_of_enquiry(enquiry_id: UUID) -> Journey | None:
    return Journey.objects.filter(enquiry_id=enquiry_id).first()


@require_safe
@allow("journeys.own_one", of=journey_of_enquiry, at="my-start")
def my_conversation(request: HttpRequest, journey: Journey) -> HttpResponse:
    """The conversation from which the client's guidance began: theirs to open without its code."""
    assert journey.enquiry_id is not None
    where = HttpResponseRedirect(reverse("conversation", args=[journey.enquiry_id]))
    return grant(request, where, journey.enquiry_id)


@form_methods
@allow("journeys.own_one", of=consent_by_id, at="my-start")
def consent(request: HttpRequest, consent: Consent) -> HttpResponse:
    """One plain page: who would see, exactly what, what for, until when. Yes, no, or not any more."""
    why = ""
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        try:
            if answer == "withdraw":
                consents.withdraw(consent)
                return HttpResponseRedirect(reverse("my") + "?done=withdrawn")
            if answer in ("yes", "no"):
                first, sent = is_first(consent), getattr(consent, "referral", None) is not None
                consents.answer(consent, answer == "yes", How.OWN_DEVICE, pieces=chosen(request))
                if answer == "no" and first:
                    return HttpResponseRedirect(reverse("my-erased"))
                done = "sent" if answer == "yes" and sent else "kept" if answer == "yes" else "no"
                return HttpResponseRedirect(reverse("my") + f"?done={done}")
            why = _("Valitse kyllä tai ei.")
        except ValidationError as error:
            why = " ".join(error.messages)
        consent = consent_by_id(consent.id) or consent
    context = consent_context(consent) | {"why": why, "in_force": consent.in_force()}
    context["row"] = consent_rows([consent], consent.client)[0]
    return no_store(render(request, "journeys/consent.html", context, status=422 if why else 200))


@form_methods
@allow("journeys.own_one", of=referral_by_id, at="my-start")
def my_referral(request: HttpRequest, one: Referral) -> HttpResponse:
    """One hand-over as the client sees it: all of it, and the way out."""
    why = ""
    if request.method == "POST":
        try:
            if request.POST.get("then") == "withdraw":
                referrals.withdraw(one)
                return HttpResponseRedirect(reverse("my") + "?done=withdrawn")
            if request.POST.get("then") == "answer" and one.sender_id is None:
                referrals.answer_receiver(None, one, request.POST.get("answer", ""))
                return HttpResponseRedirect(request.path)
        except ValidationError as error:
            why = " ".join(error.messages)
    shown = consent_context(one.consent)["shown"] if one.consent else []
    context = {"one": one, "row": referral_row(one, one.client), "words": one.words, "shared": shown, "why": why,
               "steps": path_of(one), "until": one.consent.until if one.consent else None}  # fmt: skip
    return no_store(render(request, "journeys/my_referral.html", context, status=422 if why else 200))
