"""The practices room's part of the example: what works, and where it has spread."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.base.models import Letter
from opinovi.directory.models import Service
from opinovi.network.example import SOURCE, house_named, member_named, person_named, read_example
from opinovi.network.models import Network
from opinovi.practices import actions
from opinovi.practices.models import Practice


@transaction.atomic
def make_practices() -> None:
    """Make the example's practices; once."""
    if Practice.objects.exists():
        return
    network = Network.objects.get(slug="paijat-hame")
    for row in read_example("practices")["practices"]:
        make_practice(network, row)
    # Nobody is written to about what was always so.
    Letter.objects.filter(state=Letter.State.WAITING).delete()
    record("found", "practices", "", example=True)


def make_practice(network: Network, row: dict[str, Any]) -> None:
    by, house = person_named(row["by"]), house_named(row["org"])
    texts = {name: row[name] for name in actions.TEXTS}
    contact = member_named(row["by"])
    services = list(Service.objects.filter(source=SOURCE, external_id__in=row.get("services", ())))
    told = {"evidence": row["evidence"], "topics": row["topics"], "areas": row.get("areas"),
            "services": services}  # fmt: skip
    one = actions.save(by, network, house, None, texts, contact=contact, **told)
    if row["reviewed"] or row.get("offered"):
        actions.offer(by, one)
    for name, text in row["reviewed"]:
        actions.review(person_named(name), one, True, text)
    for told in row["adopted"]:
        who = person_named(told["by"])
        taker = member_named(told["by"]).organisation
        since = today() - timedelta(days=told["days"])
        actions.adopt(who, one, taker, since, told["changed"], told["results"])
