"""A gap between need and supply: taken up, turned into work, and seen to close."""

from uuid import UUID

from django.db import transaction
from django.db.models import Value

from opinovi.base.access import require
from opinovi.base.events import record
from opinovi.directory.actions.upkeep import new_draft, set_draft_values
from opinovi.directory.models import Draft, Service, State
from opinovi.doors.topics import topics
from opinovi.network.models import Network, Organisation, Person
from opinovi.network.queries import member_in
from opinovi.strategy.counting import Cell, figure_now
from opinovi.strategy.models import Gap
from opinovi.strategy.models.gaps import GapState

# A gap is closed when no more than this share of the needs is without a good door.
CLOSED_SHARE = 20
# And is a gap from this share on, in the table that asks for work.
OPEN_SHARE = 30


@transaction.atomic
def take_up(by: Person, network: Network, cell: Cell) -> Gap:
    """Take a gap up, with its figures as they are now; the one that is open already, if there is one."""
    require("strategy.run", by, network)
    topic, place, language = cell
    names = {"network": network, "topic": topic, "municipality": place, "language": language}
    Network.objects.select_for_update().get(id=network.id)
    if same := Gap.objects.filter(**names, state=GapState.OPEN).first():
        return same
    figure = figure_now(network, cell) or {"needs": 0, "unserved": None, "services": 0}
    one = Gap.objects.create(
        **names, needs_then=figure["needs"], unserved_then=figure["unserved"], services_then=figure["services"],
        by=member_in(by, network),
    )  # fmt: skip
    record("take_up", "gap", one.id, str(by.id))
    return one


@transaction.atomic
def begin_service(by: Person, gap: Gap, organisation: Organisation) -> Draft:
    """Begin the draft of a service for a gap: its topic and places are filled in, and the gap knows of it."""
    require("strategy.take_part", by, gap)
    draft = new_draft(by, "service", organisation)
    known = topics().get(gap.topic)
    if known is not None:
        set_draft_values(by, draft, topics=[gap.topic])
    if gap.municipality:
        draft = Draft.objects.select_for_update().get(id=draft.id)
        draft.data |= {"area": "municipalities", "municipalities": [gap.municipality]}
        draft.save()
    held = Gap.objects.select_for_update().get(id=gap.id)
    held.services = [*held.services, str(draft.id)]
    held.save()
    record("begin_service", "gap", gap.id, str(by.id), draft=str(draft.id))
    return draft


def has_closed(gap: Gap) -> bool:
    """Whether what was done helped: enough of the needs have a good door now, by the newest figures. Where too few
    ask to tell, nothing has changed."""
    figure = figure_now(gap.network, (gap.topic, gap.municipality, gap.language))
    if figure is None or figure["unserved"] is None:
        return False
    return 100 * int(figure["unserved"]) <= CLOSED_SHARE * int(figure["needs"])


def look_at_gaps(network: Network) -> int:
    """Close the gaps that have closed, and open again those that have come back. By the worker, after counting."""
    changed = 0
    for one in Gap.objects.filter(network=network).select_related("network"):
        closed = has_closed(one)
        with transaction.atomic():
            held = Gap.objects.select_for_update().get(id=one.id)
            if closed and held.state == GapState.OPEN:
                held.closed()
            elif held.state == GapState.CLOSED and came_back(one):
                held.opened_again()
            else:
                continue
            held.save()
            record("close" if held.state == GapState.CLOSED else "open_again", "gap", one.id)
            changed += 1
    return changed


def came_back(gap: Gap) -> bool:
    figure = figure_now(gap.network, (gap.topic, gap.municipality, gap.language))
    if figure is None or figure["unserved"] is None:
        return False
    again = Gap.objects.filter(
        network=gap.network, topic=gap.topic, municipality=gap.municipality, language=gap.language, state=GapState.OPEN
    )
    return 100 * int(figure["unserved"]) >= OPEN_SHARE * int(figure["needs"]) and not again.exists()


def services_begun(gap: Gap) -> tuple[list[tuple[UUID, dict[str, str]]], list[str]]:
    """The services that were begun for it: of the published the id and name, of drafts the Finnish name. One query."""
    published = Service.objects.filter(id__in=gap.services, state=State.PUBLISHED)
    rows = published.values_list("id", "name", Value(True)).union(
        Draft.objects.filter(id__in=gap.services).values_list("id", "data", Value(False)), all=True
    )
    found = list(rows)
    return [(key, name) for key, name, out in found if out], [
        data.get("name_fi", "") for _, data, out in found if not out
    ]
