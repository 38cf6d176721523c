"""People who read and write through a proxy without a pause, until told to end: each request and its answer, a line each.

Run by bench/failover.py within a network namespace; a person's every message comes from an address of its own.
"""

import http.client
import json
import random
import re
import ssl
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

NEEDS = ("haluan vaihtaa alaa", "apua opiskeluun", "rahat ei riitä", "tietokone on vaikea", "opo")
READERS, WRITERS = 6, 3
# Refused in words is an answer; so is being led on.
ANSWERED = {200, 302, 303, 409, 422}


class People:
    def __init__(self, name: str, address: str, certificate: str, log: Path, stop: Path) -> None:
        self.name, self.address, self.stop = name, address, stop
        self.tls = ssl.create_default_context(cafile=certificate)
        self.log, self.lock = log.open("w"), threading.Lock()
        self.services: list[str] = []

    def ask(self, method: str, path: str, body: str = "", source: str = "") -> tuple[int, str]:
        """The status and where it led, after a line in the log; 0 where there was no answer."""
        begin = time.time()
        try:
            link = http.client.HTTPSConnection(
                self.address, timeout=30, context=self.tls, source_address=(source or "0.0.0.0", 0)
            )
            # The certificate is of the name; the way is by the number.
            link._context.check_hostname = False  # type: ignore[attr-defined]
            headers = {"Host": self.name, "Cookie": "__Host-csrf=" + "c" * 32, "X-CSRFToken": "c" * 32, "Referer": f"https://{self.name}/"}  # fmt: skip
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            link.request(method, path, body or None, headers)
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
            status, led = answer.status, answer.headers.get("Location", "") or text
            link.close()
        except (OSError, http.client.HTTPException):
            status, led = 0, ""
        with self.lock:
            line = {
                "at": begin,
                "took": time.time() - begin,
                "what": method,
                "path": path.split("?")[0],
                "status": status,
            }
            print(json.dumps(line), file=self.log, flush=True)
        return status, led

    def read(self, number: int) -> None:
        chance = random.Random(number)
        while not self.stop.exists():
            way = chance.random()
            if way < 0.4:
                self.ask("GET", f"/doors?q={quote(chance.choice(NEEDS))}")
            elif way < 0.7 and self.services:
                self.ask("GET", chance.choice(self.services))
            else:
                self.ask("GET", chance.choice(["/", "/places", "/api/services?per_page=5"]))

    def write(self, number: int) -> None:
        count = 0
        while not self.stop.exists():
            count += 1
            words, once = f"Viesti {number}-{count}: mistä aloitan?", str(uuid4())
            form = urlencode({"text": words, "wish": "here", "language": "fi", "sure": "1", "once": once})
            source = f"10.78.{number + 1}.{count % 250 + 1}"
            # One who gets no answer presses again, until told.
            while True:
                status, led = self.ask("POST", "/ask", form, source)
                if status == 302 and (found := re.search(r"/conversations/([^?/]+)", led)):
                    with self.lock:
                        print(json.dumps({"told": found[1], "words": words}), file=self.log, flush=True)
                    break
                if status == 422 or self.stop.exists():
                    break
                time.sleep(0.2)

    def go(self) -> None:
        _, page = self.ask("GET", f"/doors?q={quote(NEEDS[0])}")
        self.services = sorted(set(re.findall(r'href="(/services/[0-9a-f-]{36})', page)))
        threads = [threading.Thread(target=self.read, args=(one,)) for one in range(READERS)]
        threads += [threading.Thread(target=self.write, args=(one,)) for one in range(WRITERS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()


if __name__ == "__main__":
    People(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5])).go()
