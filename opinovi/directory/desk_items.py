"""What waits on the desk: reports of errors, records to confirm, drafts that somebody left open."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, F, JSONField, Q, Value
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from opinovi.base.clock import today
from opinovi.base.text import choose
from opinovi.base.when import short_date
from opinovi.directory.access import EDITORS
from opinovi.directory.models import Answer, ContactCard, Draft, ErrorReport, Offering, Service, ServicePoint, State
from opinovi.directory.records import MODELS
from opinovi.network.models import Role
from opinovi.network.standing import Standing, stood_in_for

# Within how many days a report of an error is to be looked at, and how early a date is shown.
REPORT_DAYS = 7
APPROVE_DAYS = 7
AHEAD_DAYS = 30
MOST = 200


# What higher rooms add, so that all is asked in one query: rows of a standing and places (theirs and those they
# stand in for) in the shape of the records, and how rows of such a type are shown.
more_rows: list[Callable[[Standing, set[UUID]], Any]] = []
shown_as: dict[str, Callable[[dict[str, Any], set[UUID]], "Item"]] = {}


@dataclass(frozen=True)
class Item:
    """One thing that waits: by when, what, from where, with whom, and where it is done."""

    due: date
    what: str
    note: str
    source: str
    whose: str
    href: str
    mine: bool = False
    report: bool = False
    record_type: str = ""
    record_id: UUID | None = None

    @property
    def days(self) -> int:
        return (self.due - today()).days

    @property
    def promise(self) -> str:
        if self.days < 0:
            return _("myöhässä %(count)d pv") % {"count": -self.days}
        if self.days == 0:
            return _("tänään")
        return _("huomenna") if self.days == 1 else short_date(self.due)

    @property
    def tone(self) -> str:
        return "alert" if self.days < 0 else "ajar" if self.days <= 7 else ""


def what_is_wrong(what: str) -> str:
    return {
        "phone": _("Puhelinnumero on väärä"),
        "hours": _("Aukioloajat ovat väärin"),
        "address": _("Osoite on väärä"),
        "gone": _("Tätä ei enää ole"),
        "text": _("Tekstissä on virhe"),
        "other": _("Jotain muuta"),
    }[what]


def my_records(place: Standing, mine: set[UUID]) -> list[dict[str, Any]]:
    """The published records that a person is asked of and that are due: their own and those they stand in for, and an
    editor's all; their own contact card; answers to approve, and reports of errors. One query."""
    due = {"state": State.PUBLISHED, "confirm_by__lte": today() + timedelta(days=AHEAD_DAYS)}
    asked = Q(owner__in=mine) | Q(organisation__in=place.organisations(*EDITORS))
    named = {"row_id": F("pk"), "due": F("confirm_by"), "keeper": F("owner_id"), "whose": F("owner__person__name")}
    parts: list[Any] = [
        model._default_manager.filter(asked, **due).values(type=Value(kind), named=F("name"), **named)
        for kind, model in (("service", Service), ("point", ServicePoint), ("offering", Offering), ("answer", Answer))
    ]
    cards = ContactCard.objects.filter(member__in=place.members(), **due)
    card_name = Cast(JSONObject(fi=F("member__person__name")), JSONField())
    parts.append(cards.values(type=Value("card"), named=card_name, **named))
    # What a colleague wrote and asks one to approve.
    houses = place.organisations(Role.GUIDE, *EDITORS)
    waiting = Answer.objects.filter(organisation__in=houses, proposed_at__isnull=False).exclude(written_by__in=mine)
    parts.append(
        waiting.values(
            type=Value("proposal"),
            named=F("name"),
            row_id=F("pk"),
            due=Cast("proposed_at", DateField()),
            keeper=F("written_by_id"),
            whose=F("written_by__person__name"),
        )
    )
    parts.append(reported(place, mine))
    parts += [give(place, mine) for give in more_rows]
    return list(parts[0].union(*parts[1:], all=True).order_by("due")[:MOST])


def items(place: Standing) -> list[Item]:
    """Everything that waits for a person, what is promised first at the top: two queries."""
    mine = place.members() | stood_in_for(place)
    found = [*to_confirm(place, mine), *drafts(place)]
    return sorted(found, key=lambda one: (one.due, one.what))[:MOST]


def reported(place: Standing, mine: set[UUID]) -> Any:
    """The open reports of errors in what a person keeps, in the shape of the records."""
    theirs = Q(organisation__in=place.organisations(*EDITORS))
    if place.has(Role.COORDINATOR, Role.NETWORK_ADMINISTRATOR):
        theirs |= Q(organisation=None)
    for kind, model in MODELS.items():
        owned = model._default_manager.filter(owner__in=mine).values("pk")
        theirs |= Q(record_type=kind, record_id__in=owned)
    told = JSONObject(name=F("record_name"), what=F("what"), text=F("text"), of=F("record_type"))
    return ErrorReport.objects.filter(theirs, state=ErrorReport.State.OPEN).values(
        type=Value("report"),
        named=Cast(told, JSONField()),
        # What was reported stands where others have their keeper.
        row_id=F("pk"),
        due=TruncDate("at"),
        keeper=F("record_id"),
        whose=Value("", CharField()),
    )


def to_look_at(one: dict[str, Any]) -> Item:
    told = as_texts(one["named"])
    return Item(
        due=one["due"] + timedelta(days=REPORT_DAYS),
        what=f"{what_is_wrong(told['what'])}: {told['name']}",
        note=told["text"],
        source=_("Kävijä ilmoitti"),
        whose=_("Sinä tai kollega"),
        href=reverse("record", args=[told["of"], one["keeper"]]) + f"?report={one['row_id']}",
        report=True,
    )


def to_confirm(place: Standing, mine: set[UUID]) -> list[Item]:
    found = []
    for one in my_records(place, mine):
        if one["type"] in shown_as:
            found.append(shown_as[one["type"]](one, mine))
            continue
        if one["type"] in ("proposal", "report"):
            found.append(to_approve(one) if one["type"] == "proposal" else to_look_at(one))
            continue
        own = one["keeper"] in mine or one["type"] == "card"
        found.append(
            Item(
                due=one["due"],
                what=_("Onko totta: %(name)s") % {"name": choose(as_texts(one["named"])).text},
                note="",
                source=_("Tuoreus"),
                whose=_("Sinä") if own else one["whose"] or _("Ei omistajaa"),
                href=desk_address(one["type"], one["row_id"]),
                mine=own,
                record_type=one["type"],
                record_id=one["row_id"],
            )
        )
    return found


def to_approve(one: dict[str, Any]) -> Item:
    return Item(
        due=one["due"] + timedelta(days=APPROVE_DAYS),
        what=_("Hyväksy julkinen vastaus"),
        note=_("Kirjoitti %(who)s") % {"who": one["whose"]} if one["whose"] else "",
        source=_("Vastaukset"),
        whose=_("Sinä tai kollega"),
        href=desk_address("answer", one["row_id"]),
    )


def desk_address(record_type: str, record_id: UUID) -> str:
    """Where a record is kept; an answer has a page of its own."""
    if record_type == "answer":
        return reverse("write-answer", args=[record_id])
    return reverse("record", args=[record_type, record_id])


def as_texts(named: Any) -> dict[str, Any]:
    """A name out of a union, in which a database may give JSON as text."""
    found: dict[str, Any] = json.loads(named) if isinstance(named, str) else named
    return found


def drafts(place: Standing) -> list[Item]:
    rows = Draft.objects.filter(organisation__in=place.organisations(*EDITORS)).select_related("edited_by")
    return [
        Item(
            due=timezone.localtime(one.edited_at).date() + timedelta(days=14),
            what=_("Luonnos: %(name)s") % {"name": one.data.get("name_fi") or _("nimetön")},
            note="",
            source=_("Luonnos"),
            whose=str(one.edited_by) if one.edited_by else "",
            href=reverse("draft", args=[one.id]),
            mine=one.edited_by_id == place.person,
        )
        for one in rows.order_by("edited_at")[:MOST]
    ]
