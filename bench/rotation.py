"""The master key is changed over a hundred thousand encrypted texts while the site runs: no request sees an error, and
afterwards nothing is unreadable.

`python -m bench.rotation` with OPINOVI_HOME set to an empty folder, and DATABASE_URL for PostgreSQL. Prints a row.
"""

import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

KEYS, LETTERS = 50_000, 50_000
PORT = 8768
# Pages that seal and unseal: a question that is asked and read back, and the desk of a guide who reads clients.
MADE = """
from django.utils import timezone
from datetime import timedelta
from opinovi.base.models import DataKey, Letter
from opinovi.journeys.models import Client, Journey, Note
from opinovi.network.models import Network
client = Client.objects.order_by("id")[0]
keys = DataKey.objects.bulk_create([DataKey() for _ in range({keys})], batch_size=1000)
made = Client.objects.bulk_create([Client(network=client.network, key=key, locked=key.lock({{"name": str(number)}}))
    for number, key in enumerate(keys)], batch_size=1000)
later = timezone.now() + timedelta(days=400)
letters = []
for number in range({letters}):
    letter = Letter(key=f"bench {{number}}", subject="s", next_try_at=later)
    letter.tell(to="a@b.example", body=str(number))
    letters.append(letter)
Letter.objects.bulk_create(letters, batch_size=1000)
"""
CHECK = """
from opinovi.base.models import Letter
from opinovi.journeys.models import Client
wrong = 0
for number, one in enumerate(Client.objects.select_related("key").filter(person=None).order_by("id").iterator(2000)):
    wrong += one.told().get("name") is None
for letter in Letter.objects.filter(key__startswith="bench ").iterator(2000):
    wrong += letter.body != letter.key.split()[1]
print(wrong)
"""


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", "opinovi", *command], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def shell(code: str) -> str:
    return run("shell", "--no-imports", "-c", code)


def load(stop: threading.Event, answers: Counter[int]) -> None:
    """One visitor after another signs in as the example's guide and reads a client, until told to stop."""
    import http.cookiejar
    import re
    import urllib.parse

    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    base = f"http://127.0.0.1:{PORT}"
    page = opener.open(f"{base}/sign-in").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    person = re.search(r'name="person" value="([^"]+)"><button class="choice" type="submit"><span>Oona', page)
    assert token and person
    told = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "person": person[1]}).encode()
    opener.open(urllib.request.Request(f"{base}/sign-in/example", told, {"Referer": f"{base}/sign-in"}))
    clients = re.findall(r'href="(/desk/clients/[0-9a-f-]{36})"', opener.open(f"{base}/desk/clients").read().decode())
    while not stop.is_set():
        for path in ("/desk/clients", *clients[:2], "/desk"):
            try:
                body = opener.open(base + path, timeout=60).read().decode()
                answers[200 if "<h1" in body else 0] += 1
            except urllib.error.HTTPError as error:
                answers[error.code] += 1
            except OSError:
                answers[0] += 1


def main() -> None:
    run("setup")
    shell(MADE.format(keys=KEYS, letters=LETTERS))
    log = (Path(os.environ["OPINOVI_HOME"]) / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "opinovi", "serve", "--port", str(PORT)],
        stdout=subprocess.DEVNULL, stderr=log,
    )  # fmt: skip
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/-/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        stop, answers = threading.Event(), Counter[int]()
        visitors = [threading.Thread(target=load, args=(stop, answers)) for _ in range(2)]
        for one in visitors:
            one.start()
        time.sleep(3)
        begun = time.monotonic()
        told = run("keys", "rotate")
        seconds = time.monotonic() - begun
        stop.set()
        for one in visitors:
            one.join()
        run("keys", "drop")
    finally:
        server.terminate()
        server.wait()
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    print(f"| {database} | {KEYS + LETTERS} | {told} | {dict(answers)} | {shell(CHECK)} | {seconds:.0f} s |")


if __name__ == "__main__":
    main()
