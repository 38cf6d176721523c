"""Pages a second against a bare view on the same server, and the bytes of a first visit."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from urllib.parse import quote

import django

django.setup()

from opinovi.directory.models import Service

ROUNDS, SECONDS = 7, 1.5
PORT = 8765
GZIP = {"Accept-Encoding": "gzip, br"}


def pages() -> dict[str, str]:
    service = Service.objects.get(source="example", external_id="salpaus-uraohjaus")
    need = quote("oon 45 ja haluun vaihtaa alaa mut en tiiä mihin")
    return {"home": "/", "service": f"/services/{service.id}", "results": f"/doors?q={need}&where=Lahti"}


def get(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes, http.client.HTTPResponse]:
    connection.request("GET", path, headers=GZIP)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer


def rate(path: str | Callable[[], str]) -> float:
    """Pages a second over one connection; of an address, or of those that are told one after another."""
    following = path if callable(path) else lambda: path
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < SECONDS:
        asked = following()
        status, _, _ = get(connection, asked)
        assert status == 200, (asked, status)
        count += 1
    spent = time.perf_counter() - begin
    connection.close()
    return count / spent


def first_visit(path: str) -> int:
    """Bytes of the page and of everything that it asks for, bodies as they go over the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    plain = http.client.HTTPConnection("127.0.0.1", PORT)
    plain.request("GET", path)
    text = plain.getresponse().read().decode()
    found = sorted(set(re.findall(r'(?:href|src)="(/static/[^"#]+)', text)))
    return sum(len(get(connection, one)[1]) for one in (path, *found))


def wait() -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            if get(connection, "/-/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def main() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.bare_settings"}
    command = [sys.executable, "-m", "opinovi", "serve", "--no-worker", "--port", str(PORT)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait()
            for name, path in pages().items():
                rate(path), rate("/-/bare")
                pairs = [(rate(path), rate("/-/bare")) for _ in range(ROUNDS)]
                share = median(one / other for one, other in pairs)
                own, bare = (median(column) for column in zip(*pairs, strict=True))
                print(f"| {name} | {own:.0f} | {bare:.0f} | {share:.2f} | {first_visit(path) / 1000:.1f} kB |")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
