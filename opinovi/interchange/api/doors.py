"""Doors for a need, free times, and booking one: what partners show on their own sites."""

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from opinovi.base.masking import mask
from opinovi.base.models import Letter
from opinovi.base.text import choose
from opinovi.contact.actions import appointments
from opinovi.contact.actions.cells import TimeGone
from opinovi.contact.availability import free_times, rules_of
from opinovi.contact.booking import minute_of, told_in
from opinovi.contact.booking_forms import BookForm
from opinovi.contact.models import TimeRule
from opinovi.contact.models.appointments import Mode
from opinovi.directory.models import Service, State
from opinovi.doors.door import Door, for_need
from opinovi.doors.door import label as topic_label
from opinovi.doors.find import find
from opinovi.doors.forms import Asked, read
from opinovi.doors.need import understand
from opinovi.doors.where import read_place
from opinovi.interchange.api.base import Problem, as_json, operation, readable, remembered
from opinovi.interchange.api.document import answers
from opinovi.interchange.api.hsds import LAST_PAGE, Moment, Text, Told
from opinovi.interchange.api.keys import key_of
from opinovi.interchange.models import Scope
from opinovi.network.queries import current_network

router = Router(tags=["Opin ovi"])
DOORS_A_PAGE = 10
MOST_DAYS = 60
TEXT = {"type": "string"}
WAY = {"type": "object", "required": ["kind", "label", "address"],
       "properties": {"kind": TEXT, "label": TEXT, "address": TEXT}}  # fmt: skip
DOOR = {
    "type": "object",
    "required": ["id", "type", "name", "reason", "page", "ways"],
    "properties": {
        "id": {"type": "string", "format": "uuid"}, "type": TEXT, "name": TEXT, "language": TEXT, "who": TEXT,
        "where": TEXT, "reason": TEXT, "open_now": {"type": "boolean"}, "opening": TEXT, "page": TEXT,
        "ways": {"type": "array", "items": WAY},
    },
}  # fmt: skip
DOORS = {
    "type": "object",
    "required": ["understood", "total", "page", "doors", "front_desk"],
    "properties": {
        "understood": {"type": "object"}, "total": {"type": "integer"}, "page": {"type": "integer"},
        "good_enough": {"type": "boolean"}, "doors": {"type": "array", "items": DOOR},
        "front_desk": {"type": "object"}, "help_now": {"type": "array", "items": {"type": "object"}},
    },
}  # fmt: skip


class NeedAsked(Told):
    q: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(
        description="The need in a person's own words; identity codes in it are masked."
    )
    where: Text = Field("", description="A municipality, a postcode or “anywhere”.")
    page: int = Field(1, ge=1, le=LAST_PAGE)


@router.get("/doors", url_name="api-doors", openapi_extra=answers(DOORS, 422))
@operation("interchange.read")
def doors(request: HttpRequest, asked: Query[NeedAsked]) -> HttpResponse:
    """The doors for a need, the best first, each with the reason why it is shown."""
    words = QueryDict(mutable=True)
    words.update({"q": asked.q, "where": asked.where, "page": str(asked.page)})
    network = current_network()
    clean = read(words)
    if clean.empty:
        raise Problem(422, "The need has no words in it.", errors=[{"where": "q", "reason": "no words"}])
    key = ("doors", clean.q, clean.where, asked.page, network.id if network else None, site_of(request))
    return remembered(request, key, lambda: found_for(request, clean, asked), asked.language)


def site_of(request: HttpRequest) -> str:
    """The door by which it was asked: addresses in the answer begin with it."""
    return request.build_absolute_uri(get_script_prefix())


def found_for(request: HttpRequest, clean: Asked, asked: NeedAsked) -> dict[str, Any]:
    network = current_network()
    place = read_place(clean.where, network)
    need = understand(clean.q, asked.language)
    found = find(need, place.where, limit=DOORS_A_PAGE, offset=(asked.page - 1) * DOORS_A_PAGE)
    desk = network.front_desk if network else {}
    return {
        "understood": {
            "language": need.language,
            "topics": [topic_label(met.topic) for met in need.topics],
            "corrected": need.corrections,
            "where": place.label,
            "where_known": place.known,
        },
        "total": found.total,
        "page": asked.page,
        "good_enough": found.good,
        "doors": [told(request, one) for one in for_need(found, need)],
        "front_desk": {name: desk[name] for name in ("phone", "email", "hours") if desk.get(name)},
        "help_now": [{"name": str(line.name), "phone": line.number} for line in need.danger.lines],
    }


def told(request: HttpRequest, one: Door) -> dict[str, Any]:
    def whole(address: str) -> str:
        return request.build_absolute_uri(address) if address.startswith("/") else address

    return {
        "id": str(one.id),
        "type": type(one.record).__name__,
        "name": one.name.text,
        "language": one.name.lang,
        "who": one.who.text if one.who else "",
        "where": one.where,
        "reason": one.reason,
        "open_now": one.light == "open",
        "opening": one.opening,
        "page": whole(one.address),
        "ways": [{"kind": way.kind, "label": way.label, "address": whole(way.href)} for way in one.ways],
    }


# Times

TIME = {
    "type": "object",
    "required": ["rule", "begins", "minutes", "modes"],
    "properties": {
        "rule": {"type": "string", "format": "uuid"}, "begins": {"type": "string", "format": "date-time"},
        "minutes": {"type": "integer"}, "modes": {"type": "array", "items": TEXT}, "place": TEXT,
        "languages": {"type": "array", "items": TEXT}, "page": TEXT,
    },
}  # fmt: skip
TIMES = {"type": "object", "required": ["service", "times"],
         "properties": {"service": TEXT, "times": {"type": "array", "items": TIME}}}  # fmt: skip


class TimesAsked(Told):
    mode: Mode | None = None
    speaks: Annotated[str, StringConstraints(pattern=r"^([a-z]{2})?$")] = Field("", description="The guide's language.")
    days: int = Field(30, ge=1, le=MOST_DAYS)


@router.get("/services/{uuid:service_id}/times", url_name="api-times", openapi_extra=answers(TIMES, 404))
@operation("interchange.read")
def times(request: HttpRequest, service_id: UUID, asked: Query[TimesAsked]) -> HttpResponse:
    """The free times of a service that anybody may book."""

    def make() -> dict[str, Any]:
        service = Service.objects.filter(id=service_id, state=State.PUBLISHED).only("id", "name").first()
        if service is None:
            raise Http404
        found = free_times(rules_of(service=service), str(asked.mode or ""), asked.speaks, None, days=asked.days)
        return {
            "service": choose(service.name, asked.language).text,
            "times": [
                {
                    "rule": str(one.rule.id),
                    "begins": one.begins.isoformat(),
                    "minutes": one.rule.minutes,
                    "modes": one.rule.modes,
                    "languages": one.rule.languages,
                    "place": choose(one.rule.point.name, asked.language).text if one.rule.point else "",
                    "page": request.build_absolute_uri(reverse("book", args=[one.rule.id, minute_of(one.begins)])),
                }
                for one in found
            ],
        }

    key = ("times", asked.model_dump_json(), service_id, site_of(request))
    return remembered(request, key, make, asked.language, held=0)


BOOKED = {"type": "object", "required": ["service", "begins", "ends", "mode"],
          "properties": {"service": TEXT, "begins": {"type": "string", "format": "date-time"},
                         "ends": {"type": "string", "format": "date-time"}, "mode": TEXT}}  # fmt: skip


class Booking(Schema):
    rule: UUID = Field(description="Of the free time.")
    begins: Moment = Field(description="Of the free time.")
    mode: Mode
    mail: Annotated[str, StringConstraints(max_length=254)] = Field(
        "", description="A mail address or a phone is needed."
    )
    phone: Annotated[str, StringConstraints(max_length=30)] = ""
    name: Annotated[str, StringConstraints(max_length=80)] = ""
    note: Annotated[str, StringConstraints(max_length=1000)] = ""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "fi"
    remind: bool = True
    once: UUID = Field(description="Made by who books: the same booking sent again books once.")


@router.post(
    "/bookings", url_name="api-bookings",
    openapi_extra=answers(BOOKED, 401, 403, 404, 409, 422, status=201) | {"security": [{"key": []}]},
)  # fmt: skip
@operation("interchange.write_by_key")
def book(request: HttpRequest, told: Booking) -> HttpResponse:
    """Book a free time for a person, who gets the confirmation and its link themselves."""
    key_of(request, Scope.BOOK)
    network = current_network()
    rows = rules_of(id=told.rule, service__state=State.PUBLISHED)
    if network is None or not rows:
        raise Http404
    form = BookForm(form_data(told, rows[0]), rule=rows[0])
    if not form.is_valid():
        wrong = [{"where": name, "reason": str(why)} for name, whys in form.errors.items() for why in whys]
        raise Problem(422, "The booking does not hold together.", errors=wrong)
    try:
        one = appointments.book(network, rows[0], told.begins, told_in(form))
    except TimeGone:
        raise Problem(409, "The time is not free any more.") from None
    except ValidationError as error:
        raise Problem(422, "The booking does not hold together.", errors=[
            {"where": "booking", "reason": why} for why in error.messages]) from None  # fmt: skip
    body = {
        "service": choose(rows[0].service.name).text,
        "begins": timezone.localtime(one.begins_at).isoformat(),
        "ends": timezone.localtime(one.ends_at).isoformat(),
        "mode": one.mode,
    }
    response = readable(HttpResponse(as_json(body), status=201, content_type="application/json"))
    response["Cache-Control"] = "no-store"
    return response


def form_data(told: Booking, rule: TimeRule) -> dict[str, Any]:
    """What was sent, as the form of the page has it: so that it is checked by the same rules."""
    by = Letter.Kind.MAIL if told.mail else Letter.Kind.SMS if settings.SMS_OFFERED else ""
    return {
        "mode": str(told.mode), "mail": told.mail, "phone": told.phone, "name": told.name, "note": mask(told.note)[0],
        "language": told.language if told.language in rule.languages else "", "once": str(told.once),
        "remind": by if told.remind else "", "website": "",
    }  # fmt: skip
