"""Asking a person: of a service, of a place, of the network's front desk; with a name or without one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opinovi.base.access import allow
from opinovi.base.clock import now
from opinovi.base.limits import allowed, machine_of
from opinovi.base.masking import mask
from opinovi.base.text import page_language
from opinovi.contact.actions import enquiries
from opinovi.contact.actions.enquiries import Asked
from opinovi.contact.forms import AskForm
from opinovi.contact.grants import grant
from opinovi.contact.hooks import tell_came
from opinovi.contact.models import Duty, Enquiry
from opinovi.contact.models.enquiries import Channel
from opinovi.directory.hours import state
from opinovi.directory.models import Service, ServicePoint, State
from opinovi.directory.ways import opening_words, phone
from opinovi.doors.find import Hit, find
from opinovi.doors.forms import uuid_or_none
from opinovi.doors.need import Need, understand
from opinovi.network.models import Network, Team
from opinovi.network.queries import current_network

form_methods = require_http_methods(["GET", "HEAD", "POST"])
PER_HOUR = 30
# A person does not fill in the form in less.
FEWEST_SECONDS = 2
MOST_LINKS = 4
ANSWERS = 3


@dataclass(frozen=True)
class About:
    """What the question is of: a service or a place, or nothing but the front desk."""

    service: Service | None = None
    point: ServicePoint | None = None

    @property
    def name(self) -> Any:
        one = self.service or self.point
        return one.name if one is not None else None


def about(request: HttpRequest) -> About:
    told = request.POST if request.method == "POST" else request.GET
    service_id, point_id = uuid_or_none(told.get("service", "")), uuid_or_none(told.get("point", ""))
    services = Service.objects.select_related("organisation", "team__organisation").defer("source_record")
    return About(
        services.filter(id=service_id, state=State.PUBLISHED).first() if service_id else None,
        ServicePoint.objects.defer("source_record").filter(id=point_id, state=State.PUBLISHED).first()
        if point_id
        else None,
    )


@form_methods
@allow("contact.ask")
def ask(request: HttpRequest) -> HttpResponse:
    """One field, one choice, one button; what else one may tell is folded away."""
    network, of = current_network(), about(request)
    team = enquiries.team_for(network, of.service, of.point) if network else None
    if request.method != "POST":
        words = mask(request.GET.get("q", "").replace("\x00", "")[:500])[0]
        initial = {"once": uuid4(), "language": page_language(), "text": words}
        return page(request, network, of, team, AskForm(initial=initial))
    form = AskForm(request.POST, request.FILES)
    if not form.is_valid() or network is None:
        return page(request, network, of, team, form, status=422)
    if not allowed("ask", machine_of(request), PER_HOUR):
        form.add_error(None, _("Viestejä on tullut monta. Odota hetki ja lähetä uudelleen, tai soita."))
        return page(request, network, of, team, form, status=429)
    need = understand(form.cleaned_data["text"], get_language() or "fi")
    answers = fitting_answers(need)
    if (need.danger.lines or answers) and not request.POST.get("sure") and not form.cleaned_data["attachments"]:
        before: dict[str, Any] = {"lines": need.danger.lines, "answers": answers, "before": True}
        return page(request, network, of, team, form, 200, **before)
    try:
        enquiry = enquiries.ask(network, asked(request, form.cleaned_data, of, need, team))
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, network, of, team, form, status=422)
    tell_came(request, "asked", enquiry.id)
    response = HttpResponseRedirect(reverse("conversation", args=[enquiry.id]) + "?new=1")
    return grant(request, response, enquiry.id)


def asked(request: HttpRequest, told: dict[str, Any], of: About, need: Need, team: Team | None) -> Asked:
    chat = team is not None and on_duty(team)
    return Asked(
        text=told["text"],
        wish=told["wish"],
        name=told["name"],
        mail=told["mail"],
        phone=told["phone"],
        when=told["when"],
        language=told["language"] or page_language(),
        channel=Channel.CHAT if chat else Channel.WEB,
        files=told["attachments"],
        service=of.service,
        point=of.point,
        once=told["once"],
        suspected=looks_like_a_machine(request, told),
        topics=[met.topic for met in need.topics[:3]],
    )


def looks_like_a_machine(request: HttpRequest, told: dict[str, Any]) -> bool:
    """A guess: a hidden field filled in, the form sent at once, or a text full of links."""
    try:
        begun = float(signing.loads(request.POST.get("begun", ""), salt="contact.begun", max_age=86_400))
    except (signing.BadSignature, ValueError):
        # Nothing to guess by: the page may have stood open for days.
        begun = 0.0
    fast = now().timestamp() - begun < FEWEST_SECONDS
    return bool(told["website"]) or fast or told["text"].lower().count("http") > MOST_LINKS


def fitting_answers(need: Need) -> list[Hit]:
    """Published answers that fit what is being asked."""
    if need.empty:
        return []
    found = find(need, limit=20)
    return [hit for hit in found.hits if hit.type == "answer"][:ANSWERS] if found.good else []


def on_duty(team: Team) -> bool:
    return Duty.objects.filter(team=team, until__gt=now()).exists()


def page(
    request: HttpRequest,
    network: Network | None,
    of: About,
    team: Team | None,
    form: AskForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    desk = network.front_desk if network else {}
    at = now()
    opening = state(desk.get("hours", ""), at)
    shown, dial = phone(desk.get("phone", ""))
    from opinovi.doors.door import doors_of

    answers = doors_of(hit.id for hit in more.pop("answers", []))
    context = {
        "form": form,
        "of": of,
        "team": team,
        "duty": team is not None and on_duty(team),
        "desk": desk,
        "shown": shown,
        "dial": dial,
        "open": opening.open,
        "opening": opening_words(opening, at),
        # Who mends an error or presses on has begun long ago.
        "begun": request.POST.get("begun") or signing.dumps(str(at.timestamp()), salt="contact.begun"),
        "answers": answers,
        "sms": False,
        **more,
    }
    return render(request, "contact/ask.html", context, status=status)


def enquiry_with_all(enquiry_id: UUID) -> Enquiry | None:
    rows = Enquiry.objects.select_related(
        "key", "team__organisation", "network", "service", "point", "assignee__person"
    ).defer("service__source_record", "point__source_record")
    return rows.filter(id=enquiry_id).first()
