"""What this room adds to the pages of those below: where one says how it went, rows of the desk, doors of what is done
together, and what a client takes along."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, JSONField, Min, OuterRef, Q, UUIDField, Value
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from opinovi.contact import hooks
from opinovi.directory import desk_items
from opinovi.directory.desk_items import Item, as_texts
from opinovi.impact.actions.background import background_of, erase_background
from opinovi.impact.actions.feedback import LOW, hash_of, token_of
from opinovi.impact.models import Complaint, Feedback, Given
from opinovi.impact.models.voices import ComplaintState
from opinovi.journeys import own, own_data
from opinovi.journeys.actions import erasing
from opinovi.network.models import MemberRole, Network, Role
from opinovi.network.standing import Standing
from opinovi.strategy import together


def put_up() -> None:
    hooks.after_contact.append(feedback_link)
    desk_items.more_rows += [complaints_that_wait, low_feedback]
    desk_items.shown_as |= {"complaint": complaint_item, "feedback": feedback_item}
    together.more_doors.append(doors)
    own_data.more.append(told_of_oneself)
    own.more_links.append(background_link)
    erasing.also.append(erase_background)


def feedback_link(one: Any) -> str:
    """Where one says how a contact went; nothing once it was said."""
    kind = type(one).__name__.lower()
    if Given.objects.filter(hashed=hash_of(kind, one.id)).exists():
        return ""
    return reverse("feedback", args=[token_of(one)])


def complaints_that_wait(place: Standing, mine: set[UUID]) -> Any:
    """Complaints about the organisations that one administers, and in a network that one coordinates those about
    organisations that nobody administers."""
    anyone = MemberRole.objects.filter(role=Role.ADMINISTRATOR, member__organisation=OuterRef("organisation"))
    theirs = Q(organisation__in=place.organisations(Role.ADMINISTRATOR))
    theirs |= Q(network__in=place.networks(Role.COORDINATOR), kept=False)
    kept = Exists(anyone.filter(member__ended_at=None))
    rows = Complaint.objects.annotate(kept=kept).filter(theirs, state=ComplaintState.WAITING).exclude(key=None)
    return rows.order_by().values(
        type=Value("complaint"),
        named=Cast(JSONObject(number=F("number")), JSONField()),
        row_id=F("pk"),
        due=TruncDate("answer_by"),
        keeper=F("member_id"),
        whose=Cast(F("organisation__name"), CharField()),
    )


def complaint_item(one: dict[str, Any], mine: set[UUID]) -> Item:
    return Item(
        due=one["due"],
        what=_("Moite %(number)s") % {"number": as_texts(one["named"])["number"]},
        note=_("Vastaa ennen kuin aika loppuu."),
        source=_("Palaute"),
        whose=_("Sinä"),
        href=reverse("complaint", args=[one["row_id"]]),
        mine=True,
    )


def low_feedback(place: Standing, mine: set[UUID]) -> Any:
    """The teams whose low feedback nobody has read: one row each."""
    guided = {"team__members__in": mine, "team__members__roles__role": Role.GUIDE}
    rows = Feedback.objects.filter(**guided, score=LOW, read_at=None)
    named = {"first": Min("day"), "n": Count("id", distinct=True), "name": Min("team__name")}
    by_team = rows.order_by().values("team").annotate(**named)
    return by_team.values(
        type=Value("feedback"),
        named=Cast(JSONObject(name=F("name"), n=F("n")), JSONField()),
        row_id=F("team"),
        due=F("first"),
        keeper=Cast(Value(None), UUIDField()),
        whose=F("name"),
    )


def feedback_item(one: dict[str, Any], mine: set[UUID]) -> Item:
    told = as_texts(one["named"])
    return Item(
        due=one["due"],
        what=_("Palaute, joka kannattaa lukea tänään"),
        note=str(told["name"]),
        source=_("Palaute"),
        whose=str(told["name"]),
        href=reverse("team-feedback", args=[one["row_id"]]),
        mine=True,
    )


def doors(network: Network) -> tuple[str, list[dict[str, str]]]:
    here = [network.id]
    door = together.door
    return (
        _("Mitä siitä seuraa"),
        [
            door(reverse("network-impact", args=here), _("Mitä siitä seurasi"),
                 _("Pääseekö apuun, onko apu hyvää ja mitä siitä seuraa: verkoston luvut.")),
            door(reverse("own-impact"), _("Oman tiimin luvut"), _("Tiimin kuukausi ja talon luvut.")),
            door(reverse("impact-funnel", args=here), _("Missä ihmiset putoavat matkasta"),
                 _("Kuinka pitkälle toiseen taloon ohjatut pääsevät, ja miksi eivät.")),
            door(reverse("impact-query", args=here), _("Kysy luvuilta"), _("Oma kysymys, taulukko ja tiedosto.")),
            door(reverse("network-annual", args=here), _("Vuosiraportti"), _("Luvut ja sanat, julkaistavaksi.")),
        ],
    )  # fmt: skip


def background_link() -> tuple[str, str]:
    return _("Kuka olet"), reverse("my-background")


def told_of_oneself(client: Any) -> dict[str, Any]:
    return {"background": background_of(client)}
