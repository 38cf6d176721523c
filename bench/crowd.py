"""People who do what the stories tell, each at the pace of one who reads: a line for every request, to a file.

Run by bench/load.py as a process of its own: `python -m bench.crowd PLAN LOG`. The plan says where, who, for how long and
how many at once; a person comes from an address of their own, as one machine may write only so often an hour.
"""

import http.client
import itertools
import json
import random
import re
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from bench.fuzz_forms import Form, forms_of

NEEDS = ("haluan vaihtaa alaa", "suomen kurssi iltaisin", "rahat ei riitä opiskeluun", "tietokone on vaikea", "opo",
         "lähihoitajaksi aikuisena", "oppisopimus", "lukivaikeus ja opiskelu", "jään työttömäksi", "ylioppilaaksi aikuisena",
         "tietokonne apua", "mitä voin opiskella viiskymppisenä")  # fmt: skip
PLACES = ("", "", "Lahti", "Heinola", "Orimattila", "15110")


class Person(threading.Thread):
    """One of the crowd, who does one thing after another until the time is over."""

    def __init__(self, crowd: "Crowd", number: int, kind: str) -> None:
        super().__init__(daemon=True)
        self.crowd, self.number, self.kind = crowd, number, kind
        self.chance, self.round = random.Random(number), 0
        self.cookies: dict[str, str] = {}
        self.link: http.client.HTTPConnection | None = None

    def run(self) -> None:
        # They do not all come at the same moment.
        time.sleep(self.chance.uniform(0, self.crowd.plan["pause"][1]))
        do = getattr(self, self.kind)
        while time.time() < self.crowd.until:
            self.round += 1
            self.cookies = {"csrftoken": "c" * 32}
            if sessions := self.crowd.plan["sessions"].get(self.kind):
                self.cookies["sessionid"] = sessions[self.number % len(sessions)]
            self.hang_up()
            try:
                do()
            except Wrong as error:
                self.crowd.wrong(self.kind, str(error))
                self.read()
        self.hang_up()

    def hang_up(self) -> None:
        if self.link is not None:
            self.link.close()
        self.link = None

    def read(self) -> None:
        """What stands on a page is read before one goes on."""
        time.sleep(self.chance.uniform(*self.crowd.plan["pause"]))

    def ask(self, method: str, path: str, form: list[tuple[str, str]] | None = None, follow: bool = True) -> str:
        """A page, once it is there. Raises Wrong where it is not what a person hoped for."""
        begin, status, text, place = time.perf_counter(), 0, "", ""
        try:
            if self.link is None:
                source = f"127.{10 + self.number % 200}.{self.round // 250 % 250}.{self.round % 250 + 1}"
                self.link = http.client.HTTPConnection(
                    "127.0.0.1", self.crowd.plan["port"], timeout=60, source_address=(source, 0)
                )
            headers = {
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Accept-Encoding": "gzip",
            }
            body = None
            if form is not None:
                body = urlencode([*form, ("csrfmiddlewaretoken", "c" * 32)])
                headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            self.link.request(method, path, body, headers)
            answer = self.link.getresponse()
            content = answer.read()
            status, place = answer.status, answer.headers.get("Location", "")
            for name, value in answer.headers.items():
                if name.lower() == "set-cookie" and (found := re.match(r"(\w+)=([^;]*)", value)):
                    self.cookies[found[1]] = found[2]
            if answer.headers.get("Content-Encoding") == "gzip":
                import gzip

                content = gzip.decompress(content)
            text = content.decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.hang_up()
            text = repr(error)
        self.crowd.note(self.kind, method, path, status, time.perf_counter() - begin)
        if status == 302 and follow and place.startswith("/"):
            return self.ask("GET", place.split("#")[0])
        if status not in (200, 302):
            raise Wrong(
                f"{status} {method} {path.split('?')[0]}: {' '.join(re.sub('<[^>]+>', ' ', text).split())[:200]}"
            )
        return place if status == 302 else text

    def get(self, path: str) -> str:
        page = self.ask("GET", path)
        self.read()
        return page

    def form(self, page: str, path: str, has: str) -> Form:
        """The form of a page that has such a field."""
        for one in forms_of(page.encode(), path):
            if any(name == has for name, _kind, _values in one.fields):
                return one
        raise Wrong(f"no form with {has} at {path.split('?')[0]}")

    def send(self, form: Form, **told: str) -> str:
        """A form as it stands, with what one writes in it."""
        fields = [
            (name, values[0]) for name, kind, values in form.fields
            if name not in told and kind not in ("submit", "button", "checkbox", "radio", "file", "select")
        ]  # fmt: skip
        page = self.ask("POST", form.path, [*fields, *told.items()])
        self.read()
        return page

    def first(self, page: str, pattern: str) -> str:
        """One of the links of a page."""
        found = sorted(set(re.findall(f'href="({pattern})"', page)))
        if not found:
            raise Wrong(f"no link like {pattern}")
        return str(self.chance.choice(found)).replace("&amp;", "&")

    # What each does.

    def finder(self) -> None:
        self.get("/")
        page = self.get(f"/doors?q={quote(self.chance.choice(NEEDS))}&where={quote(self.chance.choice(PLACES))}")
        service = self.first(page, r"/services/[0-9a-f-]{36}[^\"]*")
        page = self.get(service)
        if places := re.findall(r'href="(/places/[0-9a-f-]{36})', page):
            self.get(places[0])
        self.get(self.chance.choice(["/choose?about=study", "/my-doors", "/places?near=15110", "/offerings", "/about"]))

    def asker(self) -> None:
        path = "/ask"
        form = self.form(self.get(path), path, "text")
        once = str(uuid4())
        self.send(form, text=f"Mistä aloitan, kun {self.chance.choice(NEEDS)}?", wish="here", sure="1", once=once)
        self.get("/groups")

    def booker(self) -> None:
        page = self.get("/book")
        self.get(self.first(page, r"/book/services/[0-9a-f-]{36}[^\"]*"))
        time_of = self.crowd.free_time()
        form = self.form(self.get(time_of), time_of, "phone")
        self.send(form, phone="0401234567", mode="phone", once=str(uuid4()))

    def reader(self) -> None:
        for path in ("/offerings", "/groups", "/answers", "/organisations", "/strategy", "/results"):
            self.get(path)

    def client(self) -> None:
        for path in ("/my", "/my/plan", "/my/reads", "/my/contact"):
            self.get(path)
        self.get(f"/doors?q={quote(self.chance.choice(NEEDS))}")

    def guide(self) -> None:
        page = self.get("/desk")
        if enquiries := re.findall(r'href="(/desk/enquiries/[0-9a-f-]{36})"', page):
            path = str(self.chance.choice(enquiries))
            form = self.form(self.get(path), path, "text")
            self.send(
                form, text="Kiitos viestistäsi. Sovitaan aika, niin katsotaan yhdessä.", then="reply", once=str(uuid4())
            )
        page = self.get("/desk/clients")
        self.get(self.first(page, r"/desk/clients/[0-9a-f-]{36}"))
        self.get("/desk/times")
        self.get("/desk/referrals")

    def editor(self) -> None:
        page = self.get("/desk/records/service")
        self.get(self.first(page, r"/desk/records/service/[0-9a-f-]{36}"))
        self.get("/desk/records/offering")

    def coordinator(self) -> None:
        self.get("/desk")
        page = self.get("/desk/together")
        self.get(self.first(page, r"/desk/networks/[0-9a-f-]{36}/\w+"))

    def machine(self) -> None:
        self.get("/api/services?per_page=50&page=" + str(self.chance.randrange(1, 30)))
        self.get("/api/organizations?per_page=20")


class Wrong(Exception):
    """What a person came to is not what they hoped for."""


class Crowd:
    def __init__(self, plan: dict[str, Any], log: Path) -> None:
        self.plan, self.log, self.lock = plan, log.open("w"), threading.Lock()
        self.until = time.time() + plan["seconds"]
        self.times = itertools.chain(plan["times"], itertools.repeat(""))

    def free_time(self) -> str:
        with self.lock:
            return next(self.times)

    def note(self, kind: str, method: str, path: str, status: int, took: float) -> None:
        page = re.sub(r"[0-9a-f-]{36}|[A-Za-z0-9_-]{24,}|\d{6,}", "*", path.split("?")[0])
        with self.lock:
            print(json.dumps([round(time.time(), 2), kind, method, page, status, round(took, 4)]), file=self.log)

    def wrong(self, kind: str, what: str) -> None:
        with self.lock:
            print(json.dumps([round(time.time(), 2), kind, "wrong", what, 0, 0]), file=self.log)

    def go(self) -> None:
        kinds = [kind for kind, count in self.plan["people"].items() for _ in range(count)]
        people = [Person(self, number, kind) for number, kind in enumerate(kinds)]
        for one in people:
            one.start()
        for one in people:
            one.join()
        self.log.close()


if __name__ == "__main__":
    threading.stack_size(256 * 1024)
    Crowd(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])).go()
