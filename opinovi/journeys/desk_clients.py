"""Clients at the desk: the list, how guidance begins, one client, and what a guide writes down."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none, whole_number
from opinovi.contact.access import guides as guides_enquiry
from opinovi.contact.access import guides_appointment, my_teams, team_rows
from opinovi.contact.models import Appointment, Enquiry
from opinovi.directory.ways import OWN_NAMES, phone
from opinovi.doors.forms import uuid_or_none
from opinovi.journeys.access import Sight, consents_for, consents_read, guides_journey, is_to, sight, sights
from opinovi.journeys.actions import clients as actions
from opinovi.journeys.actions import consents, notes, outcomes
from opinovi.journeys.content import name_of, needs_of, notes_seen, together_with
from opinovi.journeys.forms import BeginForm, ContactForm, NeedForm, NoteForm
from opinovi.journeys.models import Client, Consent, Journey, Note, NoteRequest, Referral
from opinovi.journeys.models.clients import Beginning
from opinovi.journeys.models.consents import ConsentState, How, Piece
from opinovi.journeys.queries import client_by_id
from opinovi.journeys.rows import consent_rows, referral_rows
from opinovi.journeys.words import BEGINNINGS
from opinovi.network.account import ids_in
from opinovi.network.models import Team
from opinovi.network.views import me, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 40


@require_safe
@allow("journeys.guide")
def clients(request: HttpRequest) -> HttpResponse:
    """The clients whom a guide may see, and a search among them: by name, need, plan and notes, of what one may see."""
    asked = request.GET.get("q", "").strip()[:100].lower()
    rows = list(
        Client.objects.filter(id__in=consents_for(request.user).values("client"), state="active")
        .select_related("key")
        .order_by("-moved_at", "-id")[: 1000 if asked else PER_PAGE * page_of(request)]
    )
    seen = sights(request.user, [one.id for one in rows])
    found = matching(rows, seen, asked) if asked else rows[PER_PAGE * (page_of(request) - 1) :]
    found = found[:PER_PAGE]
    remember_names(request, found, seen)
    journeys = newest_journeys(found)
    context = {
        "rows": [client_row(one, seen[one.id], journeys.get(one.id)) for one in found if one.id in seen],
        "q": request.GET.get("q", ""),
        "page": page_of(request),
        "after": page_of(request) + 1 if not asked and len(rows) == PER_PAGE * page_of(request) else 0,
        "teams": team_rows(request.user),
    }
    return no_store(render(request, "journeys/clients.html", context))


def page_of(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, whole_number(text, 9999) or 1)


def no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def remember_names(request: HttpRequest, found: list[Client], seen: dict[UUID, Sight]) -> None:
    """The list shows name and need, of each as far as one may see it: a reading of each."""
    by_sight: dict[tuple[tuple[str, ...], UUID | None], list[UUID]] = {}
    for one in found:
        may = seen.get(one.id)
        pieces = tuple(str(piece) for piece in (Piece.CONTACT, Piece.NEED) if may and may.has(piece))
        if may and pieces:
            by_sight.setdefault((pieces, next(iter(may.organisations), None)), []).append(one.id)
    for (pieces, organisation), clients in by_sight.items():
        actions.read_list(me(request), clients, pieces, organisation)


def newest_journeys(found: list[Client]) -> dict[UUID, Journey]:
    rows = Journey.objects.filter(client__in=found).order_by("began_at")
    return {one.client_id: one for one in rows}


def matching(rows: list[Client], seen: dict[UUID, Sight], asked: str) -> list[Client]:
    """Those in whom the words are found, within what one may see: what is locked is opened and looked through."""
    journeys: dict[UUID, list[Journey]] = {}
    for journey in Journey.objects.filter(client__in=rows):
        journeys.setdefault(journey.client_id, []).append(journey)
    written: dict[UUID, list[Note]] = {}
    for note in Note.objects.filter(client__in=rows).select_related("member__person", "organisation"):
        written.setdefault(note.client_id, []).append(note)
    found = []
    for one in rows:
        may = seen.get(one.id)
        if may and asked in words_of(one, may, journeys.get(one.id, []), written.get(one.id, [])).lower():
            found.append(one)
            if len(found) == PER_PAGE:
                break
    return found


def words_of(client: Client, may: Sight, journeys: list[Journey], written: list[Note]) -> str:
    words: list[str] = []
    if may.has(Piece.CONTACT):
        words += [str(value) for value in client.told().values()]
    if may.has(Piece.NEED):
        words += [one[name] for one in needs_of(client, journeys) for name in ("need", "hope")]
    words += [one.text for one in notes_seen(client, may, written)]
    return " ".join(words)


def client_row(client: Client, may: Sight, journey: Journey | None) -> dict[str, Any]:
    need = (client.unlock(journey.locked) or {}).get("need", "") if journey and may.has(Piece.NEED) else ""
    return {"id": client.id, "name": name_of(client, may), "need": need, "moved_at": client.moved_at,
            "ended": journey is not None and journey.ended_at is not None}  # fmt: skip


@form_methods
@allow("journeys.guide_team")
def new_client(request: HttpRequest) -> HttpResponse:
    """Guidance begins: from an enquiry, a booked time, a visit or a meeting elsewhere."""
    enquiry, appointment = begun_from(request)
    if (there := already_begun(enquiry, appointment)) is not None:
        return HttpResponseRedirect(there)
    teams = team_rows(request.user)
    team = team_of(request, teams, enquiry, appointment)
    form = BeginForm(posted_or_none(request), initial=initial_of(enquiry, appointment))
    if request.method == "POST" and form.is_valid():
        try:
            journey = actions.begin(
                me(request), team, told_in(form), began_from_of(form, enquiry, appointment), enquiry, appointment
            )
            return after_asking(journey, ask_own(request, journey), form.cleaned_data["how"])
        except ValidationError as error:
            tell(form, error)
    context = {"form": form, "teams": teams, "team": team, "enquiry": enquiry, "appointment": appointment}
    return no_store(render(request, "journeys/new_client.html", context, status=422 if form.errors else 200))


def begun_from(request: HttpRequest) -> tuple[Enquiry | None, Appointment | None]:
    """The enquiry or the booked time that it begins from, if the guide has it."""
    enquiry_id, appointment_id = (uuid_or_none(request.GET.get(name, "")) for name in ("enquiry", "appointment"))
    enquiry = appointment = None
    if enquiry_id:
        enquiry = Enquiry.objects.select_related("key", "team", "network").filter(id=enquiry_id).first()
        if enquiry is None or enquiry.key is None or not guides_enquiry(request.user, enquiry):
            raise Http404
    if appointment_id:
        appointment = Appointment.objects.select_related("key", "team", "network").filter(id=appointment_id).first()
        if appointment is None or appointment.key is None or not guides_appointment(request.user, appointment):
            raise Http404
    return enquiry, appointment


def already_begun(enquiry: Enquiry | None, appointment: Appointment | None) -> str | None:
    """Where the guidance that began from these is, if it did."""
    if enquiry is None and appointment is None:
        return None
    begun = Q(enquiry_id=enquiry.id) if enquiry else Q(appointment_id=appointment.id)  # type: ignore[union-attr]
    client = Journey.objects.filter(begun).values_list("client_id", flat=True).first()
    if client is None and appointment is not None:
        referral = Referral.objects.filter(appointment=appointment).values_list("id", flat=True).first()
        return reverse("referral", args=[referral]) if referral else None
    return reverse("client", args=[client]) if client else None


def team_of(request: HttpRequest, teams: list[Team], enquiry: Enquiry | None, appointment: Appointment | None) -> Team:
    wanted = enquiry.team_id if enquiry else appointment.team_id if appointment else None
    wanted = wanted or uuid_or_none(request.POST.get("team", ""))
    if not teams:
        raise Http404
    return next((one for one in teams if one.id == wanted), teams[0])


def initial_of(enquiry: Enquiry | None, appointment: Appointment | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"language": get_language(), "once": uuid4()}
    if enquiry is not None and enquiry.key is not None:
        first = enquiry.messages.filter(author="person").first()
        initial |= enquiry.told() | {"language": enquiry.language}
        initial |= {"need": enquiry.key.unlock(first.locked) if first else ""}
    if appointment is not None:
        told = appointment.told()
        initial |= told | {"language": appointment.language, "need": told.get("note", "")}
    return initial


def began_from_of(form: BeginForm, enquiry: Enquiry | None, appointment: Appointment | None) -> str:
    if enquiry is not None:
        return Beginning.ENQUIRY
    return Beginning.APPOINTMENT if appointment is not None else form.cleaned_data["began_from"]


def told_in(form: Any) -> actions.Told:
    fields = ("name", "mail", "phone", "address", "need", "hope", "language", "on_paper", "once")
    return actions.Told(**{name: form.cleaned_data[name] for name in fields if name in form.cleaned_data})


def ask_own(request: HttpRequest, journey: Journey) -> Consent:
    """The consent by which the guide's own team may keep and see it; asked once."""
    there = Consent.objects.filter(journey=journey, team=journey.team).order_by("asked_at").first()
    return there or consents.ask_own_team(me(request), journey.client, journey)


def after_asking(journey: Journey, consent: Consent, how: str) -> HttpResponse:
    """Where a guide goes on: to wait for the answer, or to where the client gives it here."""
    if consent.state != ConsentState.ASKED:
        return HttpResponseRedirect(reverse("client", args=[journey.client_id]))
    if how == How.OWN_DEVICE:
        consents.send_question(consent)
        return HttpResponseRedirect(reverse("client", args=[journey.client_id]) + "?asked=1")
    return HttpResponseRedirect(reverse("record-consent", args=[consent.id]) + f"?how={how}")


@form_methods
@allow("journeys.know_client", of=client_by_id)
def client(request: HttpRequest, client: Client) -> HttpResponse:
    """One client, as far as a consent in force lets the guide see; else only that there is none."""
    may = sight(request.user, client)
    if not may:
        return no_store(unseen(request, client))
    if request.method == "POST":
        return act(request, client)
    return page(request, client, may)


def unseen(request: HttpRequest, client: Client) -> HttpResponse:
    """What a guide may know without a consent in force: that it waits, or that it ended, and what they can do."""
    asked = Consent.objects.filter(client=client, state=ConsentState.ASKED, team__in=team_rows(request.user)).first()
    return render(request, "journeys/unseen.html", {"client": client, "asked": asked})


def act(request: HttpRequest, client: Client) -> HttpResponse:
    """One change, named by the button that was pressed."""
    then, by = request.POST.get("then", ""), me(request)
    here = reverse("client", args=[client.id])
    may = sight(request.user, client)
    try:
        if then == "note":
            form = NoteForm(request.POST)
            if not form.is_valid():
                return page(request, client, may, note=form, status=422)
            notes.write_note(
                by, client, form.cleaned_data["kind"], form.cleaned_data["text"], form.cleaned_data["once"]
            )
            return HttpResponseRedirect(f"{here}#notes")
        if then in ("end", "go_on"):
            journey = notes.current_journey(client)
            (outcomes.end_journey if then == "end" else outcomes.go_on)(by, journey)
        elif then in ("join", "part"):
            join_or_part(request, client, then)
        elif then == "withdraw":
            consents.withdraw(Consent.objects.get(client=client, id__in=ids_in(request.POST.get("consent", ""))), by)
        elif then in ("give_notes", "refuse_notes"):
            wanted = NoteRequest.objects.get(client=client, id__in=ids_in(request.POST.get("request", "")))
            notes.answer_request(by, wanted, then == "give_notes", request.POST.get("why", ""))
    except ValidationError as error:
        return page(request, client, may, why=" ".join(error.messages), status=422)
    except (NoteRequest.DoesNotExist, Client.DoesNotExist, Consent.DoesNotExist) as error:
        raise Http404 from error
    return HttpResponseRedirect(here)


def join_or_part(request: HttpRequest, client: Client, then: str) -> None:
    other = Client.objects.get(id__in=ids_in(request.POST.get("other", "")))
    if then == "join":
        actions.join(me(request), other, client)
    else:
        actions.part(me(request), other)


def page(
    request: HttpRequest, client: Client, may: Sight, note: NoteForm | None = None, why: str = "", status: int = 200
) -> HttpResponse:
    actions.read(me(request), client, may.pieces, next(iter(may.organisations), None))
    journeys = list(client.journeys.all())
    told = client.told() if may.has(Piece.CONTACT) else {}
    shown, dial = phone(told.get("phone", "")) if told.get("phone") else ("", "")
    journey = next((one for one in journeys if one.ended_at is None), journeys[-1] if journeys else None)
    context = {
        "client": client,
        "may": may,
        "name": name_of(client, may),
        "told": told,
        "number": shown,
        "dial": dial,
        "language_name": OWN_NAMES.get(client.language, client.language),
        "journey": journey,
        "began": BEGINNINGS[Beginning(journey.began_from)] if journey else "",
        "needs": needs_of(client, journeys) if may.has(Piece.NEED) else [],
        "sees_plan": may.has(Piece.PLAN),
        "notes": notes_seen(client, may),
        "note": note or NoteForm(initial={"once": uuid4()}),
        "templates": note_templates(),
        "consents": consent_rows([one for one in consents_read(client) if concerns(request, one)], client),
        "referrals": referral_rows(own_referrals(request, client), client),
        "leads": journey is not None and guides_journey(request.user, journey),
        "why": why,
        **kin_of(request, client, may),
    }
    if client.asks_notes:  # type: ignore[attr-defined]
        context["requests"] = client.note_requests.filter(answered_at=None, organisation__in=may.organisations)
    return no_store(render(request, "journeys/client.html", context, status=status))


def concerns(request: HttpRequest, one: Consent) -> bool:
    """Whether a consent is a guide's own to know of: to them, or asked by their team. What else the client goes to is
    nobody's business."""
    referral = getattr(one, "referral", None)
    return is_to(request.user, one) or (referral is not None and referral.from_team_id in my_teams(request.user))


def own_referrals(request: HttpRequest, client: Client) -> QuerySet[Referral]:
    """Those that a guide's team sent, and those that came to it."""
    teams = my_teams(request.user)
    return Referral.objects.filter(Q(from_team__in=teams) | Q(to_team__in=teams, sent_at__isnull=False), client=client)


def kin_of(request: HttpRequest, client: Client, may: Sight) -> dict[str, Any]:
    """Who is joined to the client, and who may be the same person; seldom anybody."""
    if not client.has_kin:  # type: ignore[attr-defined]
        return {}
    others = [one for one in together_with(client) if one.id != client.id]
    joined = [{"id": one.id, "name": name_of(one, sight(request.user, one))} for one in others]
    return {"joined": joined, "likely": likely(request, client, may)}


def likely(request: HttpRequest, client: Client, may: Sight) -> list[dict[str, Any]]:
    """Others who may be the same person, of those whom the guide sees."""
    if not may.has(Piece.CONTACT) or not (client.mail_hash or client.phone_hash):
        return []
    mine = consents_for(request.user).values_list("client_id", flat=True)
    return [{"id": one.id, "name": one.told().get("name", "")} for one in actions.likely_same(client, mine)]


def note_templates() -> list[tuple[str, str]]:
    """Ready headings of a note, by name: short lines that one can dictate under."""
    return [
        (_("Tapaaminen"), _("Mistä puhuttiin:\n\nMitä sovittiin:\n\nSeuraavaksi:\n")),
        (_("Puhelu"), _("Asia:\n\nMitä sovittiin:\n")),
        (_("Päätös"), _("Mitä asiakas päätti:\n\nMiksi:\n\nKuka tekee mitä ja milloin:\n")),
    ]


@form_methods
@allow("journeys.see_client", of=client_by_id)
def edit_client(request: HttpRequest, client: Client) -> HttpResponse:
    """What the client gave of themselves, and what it is about, changed at the desk."""
    may = sight(request.user, client)
    if not may.has(Piece.CONTACT) or not may.has(Piece.NEED):
        raise Http404
    journey = notes.current_journey(client)
    told = client.told()
    initial = {**told, "phone": told.get("phone", ""), "language": client.language, "on_paper": client.on_paper}
    form = ContactForm(posted_or_none(request), initial=initial)
    need = NeedForm(posted_or_none(request), initial=client.unlock(journey.locked) or {})
    if request.method == "POST" and form.is_valid() and need.is_valid():
        actions.set_contact(client, told_in(form), me(request))
        actions.set_need(client, journey, need.cleaned_data["need"], need.cleaned_data["hope"], me(request))
        return HttpResponseRedirect(reverse("client", args=[client.id]))
    actions.read(me(request), client, [Piece.CONTACT, Piece.NEED], next(iter(may.organisations), None))
    context = {"form": form, "need": need, "client": client, "name": name_of(client, may)}
    return no_store(
        render(request, "journeys/edit_client.html", context, status=422 if form.errors or need.errors else 200)
    )
