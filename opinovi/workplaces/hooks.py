"""What this room adds to the pages of those below: rows of the desk, the door of what is behind a workplace's code, and
places beside what was found."""

from typing import Any
from uuid import UUID

from django.db.models import F, JSONField, Q, Value
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from opinovi.contact import hooks
from opinovi.contact.models import TimeRule
from opinovi.directory import desk_items
from opinovi.directory.codes import municipality_name
from opinovi.directory.desk_items import Item, as_texts
from opinovi.doors import hooks as door_hooks
from opinovi.network.models import Role
from opinovi.network.queries import current_network
from opinovi.network.standing import Standing
from opinovi.workplaces.actions.guidance import look_at_attendance
from opinovi.workplaces.actions.placements import open_placements
from opinovi.workplaces.models import Case, OfferPart, Workplace, WorkplaceTeamPlace
from opinovi.workplaces.models.cases import CaseState, OfferState
from opinovi.workplaces.models.places import PlacementKind
from opinovi.workplaces.words import ASKS, NEXT, PLACEMENTS

# Needs beside whose doors places are shown, and which kind.
BESIDE = {
    "apprenticeship": PlacementKind.APPRENTICESHIP,
    "work-trial": PlacementKind.TRYOUT,
    "training-trial": PlacementKind.TRYOUT,
    "internship": PlacementKind.TRYOUT,
}
MOST_BESIDE = 3


def put_up() -> None:
    desk_items.more_rows.append(cases_that_wait)
    desk_items.shown_as["case"] = case_item
    hooks.code_door.append(code_door)
    hooks.marked.append(look_at_attendance)
    door_hooks.beside_results.append(placements_beside)


def cases_that_wait(place: Standing, mine: set[UUID]) -> Any:
    """The cases where the next step is one's own, or one's team's where nobody has it yet; and offers that wait for
    one's house."""
    own = Q(responsible__in=mine)
    asked = Q(contact__in=mine) | Q(organisation__in=place.organisations(Role.GUIDE))
    waits = OfferPart.objects.filter(asked, offer__state=OfferState.DRAFT, ready=False)
    team = WorkplaceTeamPlace.objects.filter(member__in=mine).values("network")
    own |= Q(responsible=None, network__in=team) | Q(id__in=waits.values("offer__case"))
    told = JSONObject(number=F("number"), ask=F("ask"), state=F("state"), step=F("next_step"))
    return (
        Case.objects.filter(own)
        .exclude(state__in=[CaseState.DONE, CaseState.CLOSED])
        .order_by()
        .values(
            type=Value("case"),
            named=Cast(told, JSONField()),
            row_id=F("pk"),
            due=TruncDate("due_at"),
            keeper=F("responsible_id"),
            whose=F("responsible__person__name"),
        )
    )


def case_item(one: dict[str, Any], mine: set[UUID]) -> Item:
    """No name of the workplace: it opens with the case."""
    told, own = as_texts(one["named"]), one["keeper"] in mine
    return Item(
        due=one["due"],
        what=_("Työpaikan pyyntö %(number)s: %(ask)s") % {"number": told["number"], "ask": ASKS[told["ask"]]},
        note=str(told["step"] or NEXT.get(told["state"], "")),
        source=_("Työpaikat"),
        whose=_("Sinä") if own else one["whose"] or _("ei kenelläkään"),
        href=reverse("case", args=[one["row_id"]]),
        mine=own,
    )


def code_door(one: Any) -> str:
    """Of a rule of times or a group at a workplace: the workplace's own door. One query."""
    found = Workplace.objects.filter(Q(visits__rule=one.pk) | Q(sessions__session=one.pk)).first()
    if found is None:
        return ""
    return reverse("workplace-times" if isinstance(one, TimeRule) else "workplace-door", args=[found.code])


def placements_beside(need: Any, place: Any) -> dict[str, Any] | None:
    """Open places of the kind that is looked for, those of the municipality first; nothing for any other need."""
    kinds = {BESIDE[met.topic] for met in need.topics if met.topic in BESIDE}
    network = current_network()
    if not kinds or network is None:
        return None
    rows = list(open_placements(network).filter(kind__in=kinds)[:50])
    rows.sort(key=lambda one: one.municipality != place.municipality)
    if not rows:
        return None
    return {
        "title": _("Paikkoja, joita työpaikat tarjoavat"),
        "rows": [
            {
                "words": one.title,
                "note": ", ".join(
                    str(part)
                    for part in (
                        PLACEMENTS[one.kind],
                        one.workplace.name,
                        municipality_name(one.municipality) if one.municipality else "",
                    )
                    if part
                ),
                "href": reverse("placement", args=[one.id]),
            }
            for one in rows[:MOST_BESIDE]
        ],
        "all": reverse("placements"),
    }
