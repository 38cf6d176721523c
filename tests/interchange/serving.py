"""Sources on loopback: one that speaks as the Finnish Service Catalogue does, and ones that misbehave."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATA = Path(__file__).parent.parent / "data"
Respond = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def served(respond: Respond) -> Iterator[str]:
    """Serve on loopback; gives host and port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                respond(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_POST = do_GET

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def real(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found if "id" in found else next(iter(found.values()))


class Catalogue:
    """Answers as the catalogue's open API does: ids page by page, whole records by a hundred."""

    def __init__(self, page: int = 3) -> None:
        self.page = page
        self.asked: list[str] = []
        self.rows: dict[str, dict[str, dict[str, Any]]] = {"Organization": {}, "ServiceChannel": {}, "Service": {}}
        self.changed: dict[str, str] = {}

    def add(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        self.rows[name][row["id"]] = row
        return row

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(handler.path)
        names = parts.path.strip("/").split("/")
        if names[-1] == "list":
            rows = [self.rows[names[-2]][one] for one in asked["guids"].split(",") if one in self.rows[names[-2]]]
            send(handler, json.dumps(rows, ensure_ascii=False).encode())
            return
        since = asked.get("date", "")
        ids = [one for one in self.rows[names[-1]] if self.changed.get(one, "2000") >= since]
        at = (int(asked["page"]) - 1) * self.page
        told = {"pageNumber": int(asked["page"]), "pageSize": self.page, "pageCount": -(-len(ids) // self.page),
                "itemList": [{"id": one, "name": one} for one in ids[at : at + self.page]]}  # fmt: skip
        send(handler, json.dumps(told).encode())


def copy_of(row: dict[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    """A record of its own with the shape of a real one."""
    made = deepcopy(row) | changes
    made["id"] = f"00000000-0000-4000-9000-{number:012}"
    return made


def phone_channel(number: int, told: str) -> dict[str, Any]:
    return {
        "id": f"00000000-0000-4000-8000-{number:012}", "serviceChannelType": "Phone", "publishingStatus": "Published",
        "serviceChannelNames": [{"language": "fi", "value": f"Neuvontapuhelin {number}", "type": "Name"}],
        "serviceChannelDescriptions": [{"language": "fi", "value": "Neuvoo arkisin.", "type": "Summary"}],
        "phoneNumbers": [{"prefixNumber": "+358", "number": told, "language": "fi", "serviceChargeType": "FreeOfCharge",
                          "additionalInformation": None}],
        "serviceHours": [], "services": [], "languages": ["fi"],
    }  # fmt: skip


def small_catalogue(services: int = 10) -> Catalogue:
    """Services with the shape of a real one, each with a phone and a place, of one organisation."""
    made = Catalogue()
    service, place = real("etalukio_service"), real("otava_service_channel")
    house = made.add("Organization", {
        "id": "df0c2f24-d2bd-4ba7-bdcd-fcfc9f0d65a7", "businessCode": "0000000-0", "organizationType": "Municipality",
        "organizationNames": [{"language": "fi", "value": "Esimerkkilän opisto", "type": "Name"}],
        "organizationDescriptions": [{"language": "fi", "value": "Opisto, esimerkki.", "type": "Description"}],
        "webPages": [{"url": "https://opisto.example", "language": "fi"}], "municipality": {"code": "491", "name": []},
    })  # fmt: skip
    for number in range(services):
        phone = made.add("ServiceChannel", phone_channel(number, f"4012345{number:02}"))
        point = made.add("ServiceChannel", copy_of(place, 500 + number, organizationId=house["id"], services=[]))
        names = [{"language": "fi", "value": f"Opintojen ohjaus {number}", "type": "Name"}]
        links = [{"serviceChannel": {"id": one["id"], "name": "x"}, "serviceHours": []} for one in (phone, point)]
        row = made.add("Service", copy_of(service, 900 + number, serviceNames=names, serviceChannels=links))
        phone["services"] = [{"service": {"id": row["id"], "name": "x"}}]
    return made
