"""The outreach room's part of the example: where one went, and what was met there."""

from datetime import time, timedelta
from typing import Any

from django.db import transaction

from opinovi.base.clock import today
from opinovi.base.events import record, record_many
from opinovi.base.ids import new_id
from opinovi.directory.codes import municipality_codes
from opinovi.network.example import house_named, member_named, person_named, read_example
from opinovi.network.models import Network, Person
from opinovi.outreach import actions
from opinovi.outreach.arrivals import OPENED
from opinovi.outreach.models import FieldNote, OutreachPlan


@transaction.atomic
def make_outreach() -> None:
    """Make the example's outreach; once."""
    if OutreachPlan.objects.exists():
        return
    network = Network.objects.get(slug="paijat-hame")
    for row in read_example("outreach")["plans"]:
        by = person_named(row["by"])
        house = house_named(row["org"])
        same = ("name", "group", "place", "where", "topic", "language", "why", "material")
        told = {name: row[name] for name in same} | {"municipality": municipality_codes()[row["municipality"].lower()]}
        plan = actions.save_plan(by, network, house, None, **told)
        for one in row["outings"]:
            make_outing(by, plan, one)
    record("found", "outreach", "", example=True)


def make_outing(by: Person, plan: OutreachPlan, row: dict[str, Any]) -> None:
    day = today() + timedelta(days=row["day"])
    members = [member_named(name) for name in row["members"]]
    one = actions.save_action(by, plan, None, day, time(10), time(14), members)
    record_many(OPENED, "outreach", [one.id] * row["opened"])
    for note in row["notes"]:
        kept = actions.keep_note(by, one, actions.Told(new_id(), 1, note["text"], note["met"]))
        FieldNote.objects.filter(id=kept.id).update(written_at=kept.written_at + timedelta(days=row["day"]))
