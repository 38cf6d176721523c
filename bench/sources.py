"""A whole catalogue taken in: SERVICES services (50,000) and twice as many channels, with the shapes of real records.

`python -m bench.sources`: fetched from a server on loopback into a fresh folder, then again with one in a hundred
changed, asked as a whole and asked for changes alone. Prints seconds, and how much memory the run held at most.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.interchange.serving import phone_channel, real, send, served

SERVICES = int(os.environ.get("SERVICES", 50_000))
CHANNELS = SERVICES * 2
PAGE = 1_000
# Of the channels, so many of five are places.
PLACES = 2
ID = "00000000-0000-4000-{:04x}-{:012}"
HOUSE = ID.format(0, 1)


class Source:
    """Answers as the catalogue does; every record is made when it is asked for, from a real one."""

    def __init__(self) -> None:
        service, place = real("etalukio_service"), real("otava_service_channel")
        service["organizations"] = [{"organization": {"id": HOUSE, "name": "Talo"}, "roleType": "Responsible"}]
        service["serviceNames"] = [{"language": "fi", "value": "NAME", "type": "Name"}]
        service["serviceChannels"] = [
            {"serviceChannel": {"id": f"LINK{n}", "name": "x"}, "serviceHours": []} for n in (0, 1)
        ]
        self.service = json.dumps(service | {"id": "ID"}, ensure_ascii=False)
        self.place = json.dumps(place | {"id": "ID", "organizationId": HOUSE, "services": []}, ensure_ascii=False)
        self.phone = json.dumps(phone_channel(0, "NUMBER") | {"id": "ID"}, ensure_ascii=False)
        self.house = json.dumps({
            "id": HOUSE, "organizationNames": [{"language": "fi", "value": "Talo", "type": "Name"}],
            "organizationDescriptions": [], "webPages": [],
        })  # fmt: skip
        self.changed = False

    def count(self, name: str) -> int:
        return {"Organization": 1, "ServiceChannel": CHANNELS, "Service": SERVICES}[name]

    def row(self, name: str, one: str) -> str:
        number = int(one[-12:])
        mark = "uusi " if self.changed and number % 100 == 0 else ""
        if name == "Organization":
            return self.house
        if name == "Service":
            told = self.service.replace('"ID"', f'"{one}"').replace("NAME", f"{mark}Palvelu {number}")
            return told.replace("LINK0", ID.format(2, 2 * number)).replace("LINK1", ID.format(2, 2 * number + 1))
        if number % 5 < PLACES:
            return self.place.replace('"ID"', f'"{one}"').replace("Otavan Opisto / Otavia", f"{mark}Paikka {number}")
        return self.phone.replace('"ID"', f'"{one}"').replace("NUMBER", f"40{1 if mark else 0}{number:07}")

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        names = parts.path.strip("/").split("/")
        if names[-1] == "change":
            self.changed = True
            send(handler, b"{}")
        elif names[-1] == "list":
            rows = [self.row(names[-2], one) for one in asked["guids"].split(",")]
            send(handler, f"[{','.join(rows)}]".encode())
        else:
            name = names[-1]
            kind = {"Organization": 0, "ServiceChannel": 2, "Service": 1}[name]
            first = 1 if name == "Organization" else 0
            numbers = range(first, first + self.count(name))
            if "date" in asked:
                numbers = range(100 if name != "Organization" else 9, self.count(name), 100)
            at = (int(asked["page"]) - 1) * PAGE
            told = {"pageCount": -(-len(numbers) // PAGE),
                    "itemList": [{"id": ID.format(kind, one)} for one in numbers[at : at + PAGE]]}  # fmt: skip
            send(handler, json.dumps(told).encode())


def child(address: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from opinovi.directory.models import Channel, Service, ServicePoint
    from opinovi.interchange.actions import runs
    from opinovi.interchange.models import Feed
    from opinovi.network.models import Network, Organisation

    call_command("migrate", verbosity=0)
    house = Organisation.objects.create(name={"fi": "Uusi talo"}, source="own", external_id="new")
    network = Network.objects.create(slug="new", name={"fi": "Uusi"}, region="06", coordinator=house)
    feed = Feed.objects.create(network=network, name="Kaikki", format="ptv", address=address)
    before = peak()
    for words, whole, change in (
        ("all for the first time", True, False), ("one in a hundred changed, asked as a whole", True, True),
        ("nothing changed, asked as a whole", True, False), ("asked for changes alone", False, False),
    ):  # fmt: skip
        if change:
            import httpx

            httpx.get(f"{address}/change", trust_env=False)
        begin = time.perf_counter()
        run = runs.go(runs.begin(feed, whole=whole))
        took = time.perf_counter() - begin
        print(f"{words}: {took:.0f} s, {run.state}, {run.counts}, {run.why}", flush=True)
    rows = {model.__name__: model.objects.count() for model in (Service, ServicePoint, Channel)}
    print(f"{rows}; at most {peak():.0f} MB held, {before:.0f} MB before the first", flush=True)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    source = Source()
    with served(source.respond) as where, tempfile.TemporaryDirectory() as home:
        subprocess.run(
            [sys.executable, "-m", "bench.sources", f"http://{where}/api/v11"],
            env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
            | {"OPINOVI_HOME": home, "OPINOVI_FETCH_ALLOWED": where, "DJANGO_SETTINGS_MODULE": "opinovi.settings"},
            check=True,
        )
        size = sum(one.stat().st_size for one in Path(home).rglob("*") if one.is_file()) / 1e6
        print(f"{size:.0f} MB on disk")


if __name__ == "__main__":
    child(sys.argv[1]) if len(sys.argv) > 1 else main()
