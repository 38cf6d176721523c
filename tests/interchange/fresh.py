"""A fresh installation that takes in a directory and tells it on: `python -m tests.interchange.fresh ADDRESS FILE`."""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATHS = ("services?full=true", "organizations?full=true", "service_at_locations?full=true")


def everything(client: Any) -> dict[str, list[dict[str, Any]]]:
    """All that the HSDS endpoints tell, by what was asked."""
    found = {}
    for path in PATHS:
        rows: list[dict[str, Any]] = []
        page, pages = 1, 1
        while page <= pages:
            told = client.get(f"/api/{path}&per_page=100&page={page}").json()
            rows, pages, page = rows + told["contents"], told["total_pages"], page + 1
        found[path] = sorted(rows, key=lambda one: str(one["id"]))
    return found


def main(address: str, file: Path) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "opinovi.settings", "OPINOVI_FETCH_ALLOWED": urlsplit(address).netloc,
        "OPINOVI_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from django.test import Client

    from opinovi.interchange.actions import runs
    from opinovi.interchange.models import Feed
    from opinovi.network.models import Network, Organisation

    house = Organisation.objects.create(name={"fi": "Uusi talo"}, source="own", external_id="new")
    network = Network.objects.create(
        slug="new", name={"fi": "Uusi"}, region="13", municipalities=["172"], coordinator=house
    )
    feed = Feed.objects.create(network=network, name="Naapuri", format="hsds", address=address)
    run = runs.go(runs.begin(feed))
    again = runs.go(runs.begin(feed))
    client = Client(SERVER_NAME="localhost")
    # One who lives across the border asks for what the sibling has near it.
    border = client.get("/doors?q=suomen+kielen+kurssi&where=Joutsa").content.decode()
    there = client.get("/doors?q=suomen+kielen+kurssi&where=Hartola").content.decode()
    told = {
        "border": border,
        "there": there,
        "run": [run.state, run.why, run.problems, run.counts],
        "again": again.state,
    }
    file.write_text(json.dumps(told | {"everything": everything(client)}), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
