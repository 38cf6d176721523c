"""What the tests of projects share: a project with two partners, an open period and money to spend."""

from datetime import date
from typing import Any

from opinovi.network.models import Member, Network, Organisation, Person
from opinovi.projects.actions import entering, planning
from opinovi.projects.models import Entry, Period, Project

FUNDERS = [({"fi": "ESR"}, 4500), ({"fi": "ELY"}, 3500), ({"fi": "Oma osuus"}, 2000)]


def a_project(by: Person, network: Network, partners: list[Organisation], **told: Any) -> Project:
    fields: dict[str, Any] = {
        "name": {"fi": "Ovi kylille"}, "summary": {}, "code": "S1", "begins": date(2026, 1, 1),
        "ends": date(2027, 12, 31), "coordinator": network.coordinator, "cost_model": "real", "flat_share": 0,
        "rounding": "cent",
    } | told  # fmt: skip
    return planning.save_project(by, network, None, FUNDERS, partners, **fields)


def a_period(by: Person, project: Project, begins: date = date(2026, 1, 1), ends: date = date(2026, 12, 31)) -> Period:
    return planning.add_period(by, project, begins, ends)


def a_cost(by: Person, project: Project, house: Organisation, cents: int = 10_000, **told: Any) -> Entry:
    given: dict[str, Any] = {
        "day": date(2026, 5, 4), "cost_type": "travel", "in_kind": False, "text": "Matka", "cents": cents,
    } | told  # fmt: skip
    return entering.enter(by, project, None, house, **given)


def some_hours(by: Person, project: Project, member: Member, minutes: int = 450, hour_cents: int = 3000) -> Entry:
    return entering.enter(by, project, None, member.organisation, day=date(2026, 5, 4), cost_type="staff",
                          in_kind=False, text="Ohjausta", minutes=minutes, hour_cents=hour_cents, member=member)  # fmt: skip
