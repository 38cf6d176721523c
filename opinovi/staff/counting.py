"""What the network knows of its people's competence: sums, none of fewer than five, and none that can be worked out.

Only those count who have said so. Each area's levels are one partition, hidden and rounded as guidance in figures
(`base/figures.py: hide`). An area is counted anew only when five people or more have changed what they say of it since
the last time, so that the difference of two counts tells of no fewer. One who leaves counts until then: a figure that
fell at once would tell of them.
"""

from typing import Any

from django.db import transaction

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.figures import SMALLEST, hide
from opinovi.network.competences import LEVELS, areas
from opinovi.network.models import Network
from opinovi.staff.models import CompetenceCount, CompetenceProfile

# A level, or none, and whether one wants to learn more.
Said = list[Any]


@transaction.atomic
def count(network: Network) -> CompetenceCount | None:
    """Count anew where enough has changed. Returns the count that stands, or None where there are too few."""
    before = CompetenceCount.objects.select_for_update().filter(network=network).first()
    rows = CompetenceProfile.objects.select_for_update(of=("self",)).filter(
        id__in=CompetenceProfile.objects.filter(
            counted=True, member__ended_at=None, member__organisation__networks=network
        ).values("id")
    )
    found = list(rows.select_related("key"))
    if len(found) < SMALLEST:
        # Those who were counted have gone: what is told must not stand for them.
        if before is not None:
            before.delete()
            record("drop_count", "network", network.id)
        return None
    told = [one.told() for one in found]
    one = before or CompetenceCount(network=network, figures={}, basis=[])
    figures, changed = recount(one.figures, told)
    ids = {str(profile.id) for profile in found}
    if len(ids ^ set(one.basis)) >= SMALLEST:
        one.basis = sorted(ids)
    elif not changed:
        return before
    one.figures = figures
    for profile, each in zip(found, told, strict=True):
        profile.keep(each)
    CompetenceProfile.objects.bulk_update(found, ["locked"], batch_size=200)
    one.counted_at = now()
    one.save()
    record("count_competences", "network", network.id, areas=len(changed))
    return one


def recount(figures: dict[str, Any], told: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """The figures anew in the areas in which enough has changed, the others as they were; and which changed. What was
    counted of each person is noted in what they told."""
    changed = [area for area in areas() if has_changed(area, told)]
    for area in changed:
        for each in told:
            each["counted"] = each.get("counted", {}) | {area: said(area, each)}
    return figures | {area: figure(area, told) for area in changed}, changed


def said(area: str, told: dict[str, Any]) -> Said:
    return [told.get("levels", {}).get(area), area in told.get("wants", ())]


def has_changed(area: str, told: list[dict[str, Any]]) -> bool:
    """Whether five or more say something else of an area than what was counted of them."""
    return sum(said(area, one) != one.get("counted", {}).get(area, [None, False]) for one in told) >= SMALLEST


def figure(area: str, told: list[dict[str, Any]]) -> dict[str, Any]:
    """How many on each level, of how many who answered; and how many of all want to learn more. None where hidden."""
    levels = [one["levels"][area] for one in told if area in one.get("levels", {})]
    shown, total = hide({str(level): levels.count(level) for level in LEVELS})
    wanting = sum(area in one.get("wants", ()) for one in told)
    wants, _all = hide({"yes": wanting, "no": len(told) - wanting})
    return {"levels": shown, "total": total, "wants": wants["yes"]}
