"""Two records that mean the same: found, joined, parted. What is joined is shown as one, and nothing is lost of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from opinovi.base.access import require
from opinovi.base.clock import now
from opinovi.base.events import record, record_many
from opinovi.base.rounds import breathe
from opinovi.directory.models import OWN_SOURCES, Offering, Pair, PairState, Service, ServicePoint, State
from opinovi.network.models import Network, Organisation, Person

MODELS: dict[str, Any] = {"service": Service, "point": ServicePoint, "organisation": Organisation}
# How many pairs are written at a time.
AT_ONCE = 200
# What an organisation's records are.
OF_HOUSES: dict[str, Any] = {"service": Service, "point": ServicePoint, "offering": Offering}


@dataclass(frozen=True)
class Found:
    """Two records that seem to mean the same; the first is the one to be shown."""

    kind: str
    first: UUID
    second: UUID
    score: float
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)


def keep_found(network: Network, found: Sequence[Found]) -> list[Pair]:
    """Write down the pairs that were found; what was decided of a pair before holds. What was found before and is not
    found any more is forgotten, if nobody has decided of it. Gives the new ones. Written part by part, so that others'
    writing comes between."""
    known = {(row.first, row.second): row for row in Pair.objects.filter(network=network)}
    decided = {frozenset(key) for key, row in known.items() if row.state != PairState.FOUND}
    told = {(one.first, one.second): one for one in found}
    made = [
        Pair(network=network, kind=one.kind, first=one.first, second=one.second, score=one.score,
             reasons=one.reasons, against=one.against)
        for key, one in told.items()
        if key not in known and frozenset(key) not in decided
    ]  # fmt: skip
    gone = [row.id for key, row in known.items() if row.state == PairState.FOUND and key not in told]
    for begin in range(0, len(made), AT_ONCE):
        some = made[begin : begin + AT_ONCE]
        with transaction.atomic():
            Pair.objects.bulk_create(some, ignore_conflicts=True)
            record_many("find", "pair", [one.id for one in some])
        breathe(begin + AT_ONCE < len(made))
    for begin in range(0, len(gone), AT_ONCE):
        with transaction.atomic():
            some_gone = Pair.objects.filter(id__in=gone[begin : begin + AT_ONCE], state=PairState.FOUND)
            ids = list(some_gone.values_list("id", flat=True))
            some_gone.delete()
            record_many("forget", "pair", ids)
        breathe(begin + AT_ONCE < len(gone))
    return made


@transaction.atomic
def join(by: Person | None, pair: Pair) -> Pair:
    """From now on the second stands behind the first. By nobody where they are surely the same."""
    if by is not None:
        require("directory.join", by, pair)
    pair = Pair.objects.select_for_update(of=("self",)).get(id=pair.id)
    if pair.state != PairState.FOUND:
        raise ValidationError(_("Tämän voi päättää vain kerran."))
    first, second = both(pair)
    if pair.kind == "organisation":
        pair.moved = carry_over(second, first)
    else:
        if first.state != State.PUBLISHED or second.state != State.PUBLISHED:
            raise ValidationError(_("Toista näistä ei enää ole. Lataa sivu uudelleen."))
        hide(pair.kind, second)
    decide(by, pair, PairState.JOINED)
    record("join", pair.kind, second.id, str(by.id) if by else "", first=str(first.id), score=pair.score)
    return pair


@transaction.atomic
def hold_apart(by: Person, pair: Pair) -> None:
    """They are not the same; it is not asked again."""
    require("directory.join", by, pair)
    pair = Pair.objects.select_for_update(of=("self",)).get(id=pair.id)
    if pair.state != PairState.FOUND:
        raise ValidationError(_("Tämän voi päättää vain kerran."))
    decide(by, pair, PairState.APART)
    record("hold_apart", "pair", pair.id, str(by.id))


@transaction.atomic
def part(by: Person, pair: Pair) -> None:
    """What was joined stands on its own again, as its source tells it now."""
    require("directory.join", by, pair)
    pair = Pair.objects.select_for_update(of=("self",)).get(id=pair.id)
    if pair.state != PairState.JOINED:
        raise ValidationError(_("Tämän voi päättää vain kerran."))
    first, second = both(pair)
    if pair.kind == "organisation":
        carry_back(pair, first, second)
        pair.moved = {}
    elif second.state == State.JOINED:
        show(pair.kind, second)
    decide(by, pair, PairState.APART)
    record("part", pair.kind, second.id, str(by.id), first=str(first.id))


@transaction.atomic
def settle() -> int:
    """Hold what is shown to what was decided, after sources have taken records away or brought them back: what stands
    behind nothing comes to light, what has come back stands behind again. Gives how many changed."""
    changed = 0
    for kind in ("service", "point"):
        pairs = list(Pair.objects.filter(kind=kind, state=PairState.JOINED))
        ids = {one for pair in pairs for one in (pair.first, pair.second)}
        rows = MODELS[kind].objects.filter(id__in=ids).defer("source_record").in_bulk()
        for pair in pairs:
            first, second = rows.get(pair.first), rows.get(pair.second)
            stands = first is not None and first.state in (State.PUBLISHED, State.JOINED)
            if second is not None and second.state == (State.PUBLISHED if stands else State.JOINED):
                (hide if stands else show)(kind, second)
                record("settle", kind, second.id, stands_behind=stands)
                changed += 1
    return changed


def both(pair: Pair) -> tuple[Any, Any]:
    """The records of a pair, locked, those of the lower id first, so that two who decide at once do not wait for each
    other for ever."""
    rows = MODELS[pair.kind].objects.select_for_update(of=("self",)).filter(id__in=[pair.first, pair.second])
    found = {row.id: row for row in rows.order_by("id")}
    if len(found) < 2:
        raise ValidationError(_("Toista näistä ei enää ole. Lataa sivu uudelleen."))
    return found[pair.first], found[pair.second]


def decide(by: Person | None, pair: Pair, state: PairState) -> None:
    pair.state, pair.decided_at, pair.decided_by = state, now(), by
    pair.save()


def hide(kind: str, row: Any) -> None:
    if row.source in OWN_SOURCES:
        # What is kept here by its own people does not go out of their sight.
        raise ValidationError(_("Vain muualta tullut tieto voi jäädä toisen taakse."))
    put(row, State.JOINED)


def show(kind: str, row: Any) -> None:
    put(row, State.PUBLISHED)


def put(row: Any, state: State) -> None:
    row.state = state
    if isinstance(row, Service):
        row.changed_at = now()
    row.save(update_fields=["state", "changed_at"] if isinstance(row, Service) else ["state"])


def carry_over(second: Organisation, first: Organisation) -> dict[str, list[str]]:
    """What the second house has comes over to the first; gives what did, by kind."""
    if second.networks.exists() or second.staff.exists():
        raise ValidationError(_("Vain muualta tullut tieto voi jäädä toisen taakse."))
    moved = {}
    for kind, model in OF_HOUSES.items():
        ids = sorted(model.objects.filter(organisation=second).values_list("id", flat=True))
        move(kind, ids, first)
        moved[kind] = [str(one) for one in ids]
    return moved


def carry_back(pair: Pair, first: Organisation, second: Organisation) -> None:
    """What came over goes back, and what the second's source has told of it since."""
    for kind, model in OF_HOUSES.items():
        ids = {UUID(one) for one in pair.moved.get(kind, [])}
        if second.source != first.source:
            since = model.objects.filter(organisation=first, source=second.source)
            ids |= set(since.values_list("id", flat=True))
        there = model.objects.filter(id__in=ids, organisation=first).values_list("id", flat=True)
        move(kind, sorted(there), second)


def move(kind: str, ids: Iterable[UUID], house: Organisation) -> None:
    told = list(ids)
    OF_HOUSES[kind].objects.filter(id__in=told).update(organisation=house)
    record_many("move", kind, told, organisation=str(house.id))
