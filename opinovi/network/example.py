"""The network's part of the example: who is in it. Written as an editor would, in data/example/network.yaml."""

from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from opinovi.base.events import record, record_many
from opinovi.network.models import Membership, Network, Organisation

SOURCE = "example"


def read_example() -> dict[str, Any]:
    return yaml.safe_load((settings.DATA_DIR / "example" / "network.yaml").read_text(encoding="utf-8"))


@transaction.atomic
def make_network(code_of: dict[str, str]) -> Network:
    """Make the example network and its organisations. `code_of` gives a municipality's code by its name."""
    told = read_example()
    organisations = {
        row["id"]: Organisation(
            name=row["name"],
            description=row["text"],
            municipality=code_of[row["place"].lower()],
            source=SOURCE,
            external_id=row["id"],
        )
        for row in told["organisations"]
    }
    Organisation.objects.bulk_create(organisations.values())
    network = Network.objects.create(
        slug=told["slug"],
        name=told["name"],
        region=told["region"],
        municipalities=[code_of[name.lower()] for name in told["municipalities"]],
        coordinator=organisations[told["coordinator"]],
        front_desk=told["front_desk"],
        project=told["project"],
        example=True,
    )
    Membership.objects.bulk_create(Membership(network=network, organisation=one) for one in organisations.values())
    record("found", "network", network.id)
    record_many("join", "organisation", [one.id for one in organisations.values()])
    return network
