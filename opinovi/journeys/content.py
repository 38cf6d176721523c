"""What of a client a reader may see, unlocked. Nothing here is shown to anybody for whom `sight` does not have it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from opinovi.base.text import choose
from opinovi.directory.hours import ZONE
from opinovi.directory.ways import phone
from opinovi.journeys.access import Sight
from opinovi.journeys.models import Client, Goal, Journey, Note, PlanLine, Step
from opinovi.journeys.models.clients import ClientState
from opinovi.journeys.models.consents import Piece
from opinovi.journeys.models.notes import NoteKind
from opinovi.journeys.models.plans import GoalState, StepState
from opinovi.journeys.words import PIECES, STEPS

MOST_NOTES = 300


@dataclass(frozen=True)
class NoteSeen:
    """A note as a reader sees it; without its text where only that it exists may be known."""

    id: UUID
    kind: str
    who: str
    organisation_id: UUID
    at: datetime
    text: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class StepSeen:
    id: UUID
    text: str
    why: str
    state: str
    words: str
    light: str
    due: date | None
    door: str
    door_name: str
    remind: bool
    remind_days: int
    version: int
    row: Step


@dataclass
class GoalSeen:
    id: UUID
    text: str
    state: str
    row: Goal
    steps: list[StepSeen] = field(default_factory=list)


def name_of(client: Client, sight: Sight) -> str:
    """The client's name as far as the reader may know it."""
    return (client.told().get("name") if sight.has(Piece.CONTACT) else "") or _("Asiakas")


def contact_lines(client: Client) -> list[str]:
    """Name and how to reach them, a line each."""
    told = client.told()
    number = phone(told["phone"])[0] if told.get("phone") else ""
    return [one for one in (told.get("name"), number, told.get("mail"), told.get("address")) if one]


def needs_of(client: Client, journeys: Iterable[Journey]) -> list[dict[str, Any]]:
    """What brings the client, by journey, the newest first."""
    found = []
    for journey in sorted(journeys, key=lambda one: one.began_at, reverse=True):
        told = client.unlock(journey.locked) or {}
        found.append({"journey": journey, "need": told.get("need", ""), "hope": told.get("hope", "")})
    return found


def current_need(client: Client) -> dict[str, str]:
    """What the newest journey is about: {"need", "hope"}; read with the client where it was (queries.client_by_id)."""
    if not hasattr(client, "need_locked"):
        newest = client.journeys.order_by("-began_at", "-id").values_list("locked", flat=True)
        client.need_locked = newest.first()  # type: ignore[attr-defined]
    return client.unlock(client.need_locked or "") or {}  # type: ignore[attr-defined]


def steps_ahead(client: Client) -> list[StepSeen]:
    """The steps of the goals that are open: one query."""
    rows = Step.objects.filter(goal__client=client, goal__state=GoalState.OPEN)
    rows = rows.select_related("service", "offering", "session").defer("service__source_record")
    return [step_seen(client, one) for one in rows.order_by("goal__place", "goal__since", "place", "id")]


def plan_lines(client: Client) -> list[str]:
    """The open goals, each with its steps, a line each: one query."""
    rows = client.goals.filter(state=GoalState.OPEN).order_by("place", "since", "steps__place", "steps__id")
    found: dict[str, list[str]] = {}
    for goal, step, state in rows.values_list("locked", "steps__locked", "steps__state"):
        steps = found.setdefault(goal, [])
        if step:
            steps.append(f"{client.unlock(step)['text']} ({STEPS[StepState(state)][0]})")
    return [
        ": ".join([client.unlock(goal), ", ".join(steps)] if steps else [client.unlock(goal)])
        for goal, steps in found.items()
    ]


def plan_of(client: Client) -> list[GoalSeen]:
    """The goals with their steps, unlocked: two queries."""
    goals = [GoalSeen(one.id, client.unlock(one.locked), one.state, one) for one in client.goals.all()]
    by_id = {one.id: one for one in goals}
    rows = Step.objects.filter(goal__client=client).select_related("service", "offering", "session")
    for one in rows.defer("service__source_record"):
        by_id[one.goal_id].steps.append(step_seen(client, one))
    return goals


def step_seen(client: Client, one: Step) -> StepSeen:
    told = client.unlock(one.locked)
    words, light = STEPS[StepState(one.state)]
    door, name = door_of(one)
    return StepSeen(
        one.id, told["text"], told.get("why", ""), one.state, str(words), light, one.due, door, name,
        bool(one.remind), one.remind_days, one.version, one,
    )  # fmt: skip


def door_of(one: Step) -> tuple[str, str]:
    """Where a step leads, and by what name: a service, a course or a group."""
    if one.service is not None:
        return reverse("service", args=[one.service_id]), choose(one.service.name).text
    if one.offering is not None:
        return reverse("offering", args=[one.offering_id]), choose(one.offering.name).text
    if one.session is not None:
        return reverse("group", args=[one.session_id]), choose(one.session.name).text
    return "", ""


def note_shows(one: Note, sight: Sight) -> bool:
    """Whether a reader may know of a note: the client of each; a guide of the journey's where the client lets them, and
    of their own organisation's."""
    if sight.client_self:
        return True
    if one.kind == NoteKind.OWN:
        return one.organisation_id in sight.organisations
    since = datetime.combine(sight.notes_from, time(), ZONE) if sight.notes_from else None
    return sight.has(Piece.NOTES) and (since is None or one.at >= since)


def notes_seen(client: Client, sight: Sight, rows: Iterable[Note] | None = None) -> list[NoteSeen]:
    """The notes that a reader may see, the newest first: one query, or none where the rows are given."""
    if rows is None:
        rows = client.notes.select_related("member__person", "organisation")[:MOST_NOTES]
    return [note_seen(client, one, sight) for one in rows if note_shows(one, sight)]


def note_seen(client: Client, one: Note, sight: Sight) -> NoteSeen:
    organisation = choose(one.organisation.name).text
    who = f"{one.member.person}, {organisation}" if one.member else organisation
    hidden = sight.client_self and one.kind == NoteKind.OWN and one.given_at is None
    text = "" if hidden else client.unlock(one.locked)
    return NoteSeen(one.id, one.kind, who, one.organisation_id, one.at, text, hidden)


def preview(client: Client, pieces: Iterable[str], notes_from: date | None = None) -> list[dict[str, Any]]:
    """Exactly what a receiver would see, piece by piece, in words: for the client to decide, and as it is shown."""
    wanted = set(pieces)
    found: list[dict[str, Any]] = []
    for piece in Piece.values:
        if piece in wanted:
            lines = lines_of(client, piece, notes_from)
            found.append({"piece": piece, "name": str(PIECES[Piece(piece)]), "lines": lines})
    return found


def lines_of(client: Client, piece: str, notes_from: date | None) -> list[str]:
    if piece == Piece.CONTACT:
        return contact_lines(client)
    if piece == Piece.NEED:
        told = current_need(client)
        return [told[name] for name in ("need", "hope") if told.get(name)]
    if piece == Piece.PLAN:
        return plan_lines(client)
    sight = Sight(frozenset({Piece.NOTES}), notes_from)
    return [f"{one.at:%-d.%-m.%Y}, {one.who}: {one.text}" for one in notes_seen(client, sight)[:30]]


def history_of(client: Client, most: int = 60) -> list[dict[str, Any]]:
    """The plan's changes, the newest first: one query."""
    rows = PlanLine.objects.filter(client=client).select_related("member__person", "member__organisation")
    return [{"at": one.at, "member": one.member} | client.unlock(one.locked) for one in rows[:most]]


def together_with(client: Client) -> list[Client]:
    """The client and those who are the same person: joined, not mixed. One query."""
    rows = Client.objects.filter(Q(joined_to=client) | Q(id=client.joined_to_id), state=ClientState.ACTIVE)
    return [client, *rows.select_related("key", "person", "network")]
