"""Looking through the directory for what is told twice: a person is asked, or it is joined where it is sure."""

from collections import defaultdict
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError

from opinovi.directory.actions.same import MODELS, Found, join, keep_found, settle
from opinovi.directory.models import Pair, PairState
from opinovi.interchange.models import Feed
from opinovi.interchange.same.finding import find_same
from opinovi.network.models import Network, Organisation


def look() -> dict[str, int]:
    """Find what seems to be told twice, join what is surely the same, and hold to what was decided before. Gives how
    many were found anew, joined, and shown or hidden again."""
    settled = settle()
    by_network: dict[UUID, list[Found]] = defaultdict(list)
    found = find_same()
    whose = networks_of(found)
    for one in found:
        if network := whose(one):
            by_network[network].append(one)
    made = 0
    for network in Network.objects.all():
        made += len(keep_found(network, by_network.get(network.id, [])))
    return {"found": made, "joined": join_the_sure(), "settled": settled}


def join_the_sure() -> int:
    """Join by themselves those that are surely the same; houses first, so that their records are compared as theirs.
    Houses are always a person's to join."""
    joined = 0
    for pair in Pair.objects.filter(state=PairState.FOUND, score__gte=settings.SAME_SURE).exclude(kind="organisation"):
        try:
            join(None, pair)
            joined += 1
        except ValidationError:
            # One of the two has just gone behind another; the next look finds what is left.
            continue
    return joined


def networks_of(found: list[Found]):  # type: ignore[no-untyped-def]
    """Whose coordinator decides of a pair: the network of either's house, else the one that takes its source in."""
    houses: dict[UUID, UUID | None] = {}
    sources: dict[UUID, str] = {}
    for kind, model in MODELS.items():
        ids = {row for one in found if one.kind == kind for row in (one.first, one.second)}
        of_house = "id" if kind == "organisation" else "organisation_id"
        for row_id, house, source in model.objects.filter(id__in=ids).values_list("id", of_house, "source"):
            houses[row_id], sources[row_id] = house, source
    rows = Organisation.networks.through.objects.order_by("network__slug").values_list("organisation", "network")
    of_houses: dict[UUID, UUID] = {}
    for house, network in rows:
        of_houses.setdefault(house, network)
    of_sources = dict(Feed.objects.order_by("made_at").values_list("format", "network"))
    default = Network.objects.order_by("slug").values_list("id", flat=True).first()

    def whose(one: Found) -> UUID | None:
        ids = (one.first, one.second)
        by_house = [of_houses[house] for row in ids if (house := houses.get(row)) in of_houses]
        by_source = [of_sources[sources[row]] for row in ids if sources.get(row) in of_sources]
        return next(iter(by_house + by_source), default)

    return whose
