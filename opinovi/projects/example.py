"""The projects room's part of the example: the network's project, whole, and its sibling."""

from typing import Any

from django.db import transaction

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.models import Letter
from opinovi.network.example import SOURCE, house_named, member_named, person_named, read_example
from opinovi.network.models import Network, Organisation
from opinovi.projects.actions import claiming, entering
from opinovi.projects.models import BudgetLine, Change, CostType, Funder, Partner, Period, Project
from opinovi.projects.money import cents_of, divide, minutes_of


@transaction.atomic
def make_projects() -> None:
    """Make the example's projects; once."""
    if Project.objects.filter(example=True).exists():
        return
    for row in read_example("projects")["projects"]:
        make_project(row)
    # Nobody is written to about what was always so.
    Letter.objects.filter(state=Letter.State.WAITING).delete()
    record("found", "projects", "", example=True)


def make_project(row: dict[str, Any]) -> Project:
    network = Network.objects.get(slug=row["network"])
    houses = {one.external_id: one for one in network.members.filter(source=SOURCE).order_by("id")}
    coordinator = house_named(row["coordinator"])
    houses.setdefault(row["coordinator"], coordinator)
    same = ("name", "summary", "programme_name", "begins", "ends")
    one = Project.objects.create(
        network=network, coordinator=coordinator, programme=network.programme, example=True,
        **{name: row[name] for name in same},
    )  # fmt: skip
    Funder.objects.bulk_create(
        Funder(project=one, name=funder["name"], share=funder["share"], position=at)
        for at, funder in enumerate(row["funders"])
    )
    Partner.objects.bulk_create(Partner(project=one, organisation=house) for house in houses.values())
    make_budget(one, row, houses)
    periods = [Period.objects.create(project=one, **told) for told in row["periods"]]
    for told in row["entries"]:
        make_entry(one, told, houses[told["org"]])
    for period in periods[: row["claims"]]:
        claim = claiming.file_claim(person_named("kaisa"), period)
        claiming.tell_paid(
            person_named("kaisa"), claim, claim.sums["funders"][0][2] + claim.sums["funders"][1][2], today()
        )
    return one


def make_budget(one: Project, row: dict[str, Any], houses: dict[str, Organisation]) -> None:
    """The total divided by partner, cost type and year, each division exact to the cent."""
    change = Change.objects.create(
        project=one, number=0, why="Talousarvio", state="decided", decided_on=one.begins, decision="Esimerkkipäätös",
        by=member_named("kaisa"),
    )  # fmt: skip
    weights = [row["partners"].get(name, row["rest"]) for name in houses]
    lines = []
    for house, whole in zip(houses.values(), divide(row["euros"] * 100, weights), strict=True):
        for kind, part in zip(row["types"], divide(whole, list(row["types"].values())), strict=True):
            for year, cents in zip(row["years"], divide(part, list(row["years"].values())), strict=True):
                share = row["in_kind"].get(kind, 0)
                for in_kind, piece in zip((True, False), divide(cents, [share, 100 - share]), strict=True):
                    if piece:
                        lines.append(BudgetLine(change=change, organisation=house, cost_type=kind, year=year,
                                                in_kind=in_kind, cents=piece))  # fmt: skip
    BudgetLine.objects.bulk_create(lines)
    record("decide_change", "project", one.id, number=0, yes=True)


def make_entry(one: Project, row: dict[str, Any], house: Organisation) -> None:
    told: dict[str, Any] = {
        "day": row["day"], "text": row["text"], "cost_type": row.get("type", CostType.STAFF),
        "in_kind": row.get("in_kind", False), "voucher": row.get("voucher", ""),
    }  # fmt: skip
    if "hours" in row:
        told |= {
            "minutes": minutes_of(row["hours"]),
            "hour_cents": cents_of(row["hour"]),
            "member": member_named(row["who"]),
        }
    else:
        told |= {"cents": cents_of(row["euros"])}
    found = entering.enter(person_named(row["by"]), one, None, house, **told)
    if not row.get("waits"):
        # Nobody confirms their own hours.
        entering.confirm(person_named("veikko" if row.get("who") == "kaisa" else "kaisa"), [found])
