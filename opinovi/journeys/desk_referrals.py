"""Referrals at the desk: those that are under way, and what is done with one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opinovi.base.access import allow
from opinovi.base.posted import posted_or_none
from opinovi.contact.access import my_members, my_teams
from opinovi.contact.actions.cells import TimeGone
from opinovi.contact.availability import common_times, free_times, rules_of, rules_of_both
from opinovi.contact.booking import minute_of, moment_at, when_words
from opinovi.contact.models import TimeRule
from opinovi.directory.models import Service, State
from opinovi.doors.forms import uuid_or_none
from opinovi.journeys.access import receives, referral_shows, sends, sight
from opinovi.journeys.actions import clients as client_actions
from opinovi.journeys.actions import receiving as received
from opinovi.journeys.actions import referrals as actions
from opinovi.journeys.actions.letters import guides_of
from opinovi.journeys.content import name_of, preview
from opinovi.journeys.desk_clients import no_store, page_of
from opinovi.journeys.forms import CompleteForm, DeclineForm
from opinovi.journeys.models import Referral
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import Piece
from opinovi.journeys.models.referrals import OPEN, OVER, ReferralState
from opinovi.journeys.queries import newest_need, with_all
from opinovi.journeys.rows import referral_row
from opinovi.network.account import ids_in
from opinovi.network.models import Member, Network
from opinovi.network.views import me, tell

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50
TIMES_SHOWN = 12
S = ReferralState


def referral_by_id(referral_id: UUID) -> Referral | None:
    rows = with_all(Referral.objects.all()).select_related(
        "client__key", "client__network", "client__person", "journey", "network"
    )
    rows = rows.annotate(need_locked=newest_need("client_id"))
    found = rows.filter(id=referral_id, client__state=ClientState.ACTIVE).first()
    if found is not None:
        found.client.need_locked = found.need_locked  # type: ignore[attr-defined]
    if found is not None and found.consent is not None:
        found.consent.client = found.client
    return found


def services_for(network: Network, but: UUID | None = None) -> QuerySet[Service]:
    """The services to which one can be handed on: those of the network's organisations that have a guide."""
    rows = Service.objects.filter(
        state=State.PUBLISHED, organisation__networks=network, organisation__teams__members__roles__role="guide"
    )
    rows = rows.exclude(team=but) if but else rows
    return rows.select_related("organisation").defer("source_record").distinct().order_by("organisation_id", "id")


@require_safe
@allow("journeys.guide")
def referrals(request: HttpRequest) -> HttpResponse:
    """The referrals of a guide's teams: those that came, those that were sent, those that are over. No names: what
    tells of a client opens one by one, and the client sees who opened it."""
    show = request.GET.get("show", "in") if request.GET.get("show") in ("in", "out", "over") else "in"
    teams, page = my_teams(request.user), page_of(request)
    came, went = Q(to_team__in=teams, sent_at__isnull=False), Q(from_team__in=teams)
    rows = {
        "in": Referral.objects.filter(came, state__in=[S.SENT, S.SEEN, S.QUESTION, S.ACCEPTED, S.MET]),
        "out": Referral.objects.filter(went, state__in=OPEN),
        "over": Referral.objects.filter(came | went, state__in=OVER),
    }[show]
    order = ["-over_at"] if show == "over" else ["due_at"]
    begin = (page - 1) * PER_PAGE
    found = [referral_row(one) for one in with_all(rows).order_by(*order, "id")[begin : begin + PER_PAGE + 1]]
    context = {
        "rows": found[:PER_PAGE],
        "show": show,
        "page": page,
        "before": page - 1,
        "after": page + 1 if len(found) > PER_PAGE else 0,
        "total": rows.count(),
    }
    return render(request, "journeys/referrals.html", context)


@form_methods
@allow("journeys.send", of=referral_by_id)
def contact(request: HttpRequest, one: Referral) -> HttpResponse:
    """Who stays the client's contact until the other has met them: another guide of the sending team."""
    staff = [(str(member.id), str(member)) for member in guides_of(one.from_team)]
    why = ""
    if request.method == "POST":
        try:
            actions.change_contact(me(request), one, contact_chosen(request, one))
            return HttpResponseRedirect(reverse("referral", args=[one.id]))
        except ValidationError as error:
            why = " ".join(error.messages)
    context = {"one": one, "row": referral_row(one), "staff": staff, "why": why}
    return no_store(render(request, "journeys/contact.html", context, status=422 if why else 200))


@form_methods
@allow("journeys.see_referral", of=referral_by_id)
def referral(request: HttpRequest, one: Referral) -> HttpResponse:
    """One referral, as its sender or its receiver may see it now."""
    if request.method == "POST":
        return act(request, one)
    return referral_page(request, one)


def act(request: HttpRequest, one: Referral) -> HttpResponse:
    """One step, named by the button that was pressed. What can't be done any more is said; nothing is lost."""
    by, then = me(request), request.POST.get("then", "")
    try:
        if then == "complete":
            complete = CompleteForm(request.POST)
            if not complete.is_valid():
                return referral_page(request, one, form=complete, status=422)
            received.complete(by, one, complete.cleaned_data["what"], complete.cleaned_data["why"])
        elif then in STEPS:
            STEPS[then](by, one, request)
    except actions.Over as error:
        return referral_page(request, referral_by_id(one.id), why=" ".join(error.messages), status=409)
    except ValidationError as error:
        return referral_page(request, one, why=" ".join(error.messages), status=422)
    return HttpResponseRedirect(reverse("referral", args=[one.id]))


@form_methods
@allow("journeys.receive", of=referral_by_id)
def accept_referral(request: HttpRequest, one: Referral) -> HttpResponse:
    """The receiver takes it, and books the first meeting in the same step; the first free time stands chosen."""
    why, status = "", 200
    if one.state not in (S.SENT, S.SEEN, S.QUESTION) or not referral_shows(request.user, one):
        return HttpResponseRedirect(reverse("referral", args=[one.id]))
    if request.method == "POST":
        try:
            rule, begins = time_chosen(request)
            received.accept(me(request), one, rule, begins, request.POST.get("mode", ""))
            return HttpResponseRedirect(reverse("referral", args=[one.id]))
        except TimeGone as error:
            why, status = " ".join(error.messages), 409
        except actions.Over as error:
            return referral_page(request, referral_by_id(one.id), why=" ".join(error.messages), status=409)
        except ValidationError as error:
            why, status = " ".join(error.messages), 422
    context = {"one": one, "row": referral_row(one), "times": times_for(request, one), "why": why}
    return no_store(render(request, "journeys/accept.html", context, status=status))


@form_methods
@allow("journeys.receive", of=referral_by_id)
def decline_referral(request: HttpRequest, one: Referral) -> HttpResponse:
    """The receiver does not take it: why, and where a better door is."""
    if one.over or not referral_shows(request.user, one):
        return HttpResponseRedirect(reverse("referral", args=[one.id]))
    form = DeclineForm(posted_or_none(request), services=services_for(one.network, one.to_team_id))
    if request.method == "POST" and form.is_valid():
        try:
            received.decline(me(request), one, form.cleaned_data["reason"], form.cleaned_data["better"])
            return HttpResponseRedirect(reverse("referral", args=[one.id]))
        except actions.Over as error:
            return referral_page(request, referral_by_id(one.id), why=" ".join(error.messages), status=409)
        except ValidationError as error:
            tell(form, error)
    context = {"one": one, "row": referral_row(one), "form": form}
    return no_store(render(request, "journeys/decline.html", context, status=422 if form.errors else 200))


STEPS: dict[str, Any] = {
    "ask": lambda by, one, request: received.ask_sender(by, one, request.POST.get("question", "")),
    "answer": lambda by, one, request: actions.answer_receiver(by, one, request.POST.get("answer", "")),
    "met": lambda by, one, request: received.meet(by, one),
    "withdraw": lambda by, one, request: actions.withdraw(one, by),
}


def contact_chosen(request: HttpRequest, one: Referral) -> Member:
    member = Member.objects.filter(id__in=ids_in(request.POST.get("contact", "")), teams=one.from_team_id).first()
    if member is None:
        raise ValidationError({"contact": _("Valitse oman tiimin ohjaaja.")})
    return member


def time_chosen(request: HttpRequest) -> tuple[TimeRule | None, datetime | None]:
    """The rule and the moment of a time, as the form names them: "rule minute"; none where it is taken without one."""
    parts = request.POST.get("time", "").split()
    if len(parts) != 2 or not parts[1].isdigit() or len(parts[1]) > 9:
        return None, None
    rule_id = uuid_or_none(parts[0])
    found = rules_of(id=rule_id) if rule_id else []
    return (found[0], moment_at(int(parts[1]))) if found else (None, None)


def times_for(request: HttpRequest, one: Referral) -> list[tuple[str, str]]:
    """The first free times of the service; where they begin together, those when both guides are free."""
    if one.to_team_id is None:
        return []
    rules = rules_of(False, team=one.to_team_id, **({"service": one.service_id} if one.service_id else {}))
    rules = rules or rules_of(team=one.to_team_id)
    contact = one.contact or one.sender
    if not one.three_way or contact is None or not rules:
        found = free_times(rules, days=28, most=TIMES_SHOWN)
        return [(f"{time.rule.id} {minute_of(time.begins)}", when_words(time.begins)) for time in found[:TIMES_SHOWN]]
    own = Member.objects.filter(id__in=my_members(request.user), teams=one.to_team_id).first()
    if own is None:
        return []
    both = common_times(own, contact, rules_of_both(own, contact), rules[0].minutes, 28, TIMES_SHOWN)
    return [(f"{rules[0].id} {minute_of(begins)}", when_words(begins)) for begins in both]


def referral_page(
    request: HttpRequest, one: Referral | None, form: Form | None = None, why: str = "", status: int = 200
) -> HttpResponse:
    if one is None:
        raise Http404
    receiving, sending = bool(receives(request.user, one)), bool(sends(request.user, one))
    shows = referral_shows(request.user, one)
    if receiving and shows and one.state == S.SENT and request.method == "GET":
        # Opened for the first time: said so, and then shown.
        received.see(me(request), one)
        return HttpResponseRedirect(request.path)
    context: dict[str, Any] = {
        "one": one,
        "row": referral_row(one, one.client if shows else None),
        "receiving": receiving,
        "sending": sending,
        "shows": shows,
        "why": why,
        "steps": path_of(one),
    }
    if shows:
        context |= words_shown(request, one, receiving)
    context["can_accept"] = receiving and shows and one.state in (S.SENT, S.SEEN, S.QUESTION)
    context["complete"] = form if isinstance(form, CompleteForm) else CompleteForm()
    return no_store(render(request, "journeys/referral.html", context, status=status))


def words_shown(request: HttpRequest, one: Referral, receiving: bool) -> dict[str, Any]:
    """What the referral says, and what is shared by it: the receiver's reading is an Event each time."""
    client, consent = one.client, one.consent
    pieces = consent.pieces if consent is not None else []
    may = sight(request.user, client)
    organisation = one.to_team.organisation_id if receiving and one.to_team else next(iter(may.organisations), None)
    client_actions.read(me(request), client, ["referral", *(pieces if receiving else [Piece.NEED])], organisation)
    return {
        "words": one.words,
        "shared": preview(client, pieces, consent.notes_from) if consent is not None else [],
        "name": name_of(client, may),
        "sees_client": bool(may),
    }


ORDER = (S.SENT, S.SEEN, S.ACCEPTED, S.MET, S.COMPLETED)


def path_of(one: Referral) -> list[dict[str, Any]]:
    """The referral's way as doors: what is behind is shut, where it is stands ajar, what is ahead is shut too."""
    names = {S.SENT: _("lähetetty"), S.SEEN: _("avattu"), S.ACCEPTED: _("vastaanotettu"), S.MET: _("tavattu"),
             S.COMPLETED: _("valmis")}  # fmt: skip
    here = S.SEEN if one.state == S.QUESTION else one.state
    at = ORDER.index(S(here)) if here in ORDER else -1
    return [
        {"name": names[state], "light": "open" if number == at else "shut" if number < at or at < 0 else "ajar",
         "here": number == at, "done": number < at}
        for number, state in enumerate(ORDER)
    ]  # fmt: skip
