"""FAULTS (200) of machines while people ask, answer and book: nothing that was acknowledged is lost, nothing doubled.

`python -m bench.faults [--postgres]`, as root, with gcc (and postgresql-15): web and worker are killed, the disk is
full, the clock jumps, the database starts anew (SQLite: is held by another), connections break (bench/breaking.py). Prints
a row, and ends with 1 where something was lost, doubled, unsent or unclear.
"""

import atexit
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from aiosmtpd.controller import Controller

from bench.breaking import Clock, Disk, Part, Postgres, Proxy, Sqlite, break_things, plan_of

FAULTS, PEOPLE, BOOKINGS, OPEN = int(os.environ.get("FAULTS", 200)), 6, 3000, 60
PORT, MAIL_PORT, INNER_PORT, DATABASE_PORT = 8766, 8767, 8769, 8770
SEED = int(os.environ.get("SEED", 7))
MEGABYTES = 1_200
DOOR = re.compile(r"/(?:conversations|times|desk/enquiries)/([^?/]+)")
# The page of a fault says what it is; so does a refusal.
IN_WORDS = "Meillä on nyt vika"


class Mailbox:
    """What the mail server took, by the Message-ID of each letter; some are broken off before they are taken."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.to_cut = 0

    def cut(self) -> None:
        self.to_cut = 1

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.to_cut:
            self.to_cut -= 1
            server.transport.abort()
            return "451 later"
        self.taken[str(message_from_bytes(envelope.content)["Message-ID"]).strip()] += 1
        return "250 OK"


class Person(threading.Thread):
    """One who asks, answers, books and looks, and presses again until told what came of it."""

    def __init__(self, number: int, world: "World", until: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number, self.world, self.until = number, world, until
        # What was acknowledged, by its kind and what stands in its address: what was written, or which time it is.
        self.told: list[tuple[str, str, str]] = []
        self.outcomes: Counter[str] = Counter()
        self.unclear: list[str] = []

    def run(self) -> None:
        chance, count = random.Random(self.number), 0
        while not self.until.is_set():
            count += 1
            # Each from an address of its own, since one machine may ask only so often an hour.
            once, source = str(uuid4()), f"127.{10 + self.number}.{count // 200 + 1}.{count % 200 + 1}"
            kind = chance.choice(["message", "message", "booking", "booking", "reply", "look"])
            what, session = f"{kind} {self.number}-{count}: mistä aloitan?", ""
            if kind == "message":
                path, form = "/ask", {"text": what, "wish": "here", "language": "fi", "sure": "1"}
            elif kind == "booking":
                path = what = self.world.free_time()
                form = {"mode": "phone", "phone": "0401234567", "mail": f"{once}@people.example", "language": "fi"}
            elif kind == "reply":
                path, session = f"/desk/enquiries/{chance.choice(self.world.enquiries)}", self.world.session
                form = {"text": what, "then": "reply"}
            else:
                self.look(chance.choice(["/doors?q=haluan+vaihtaa+alaa", "/places", "/", "/offerings"]), source)
                continue
            if path and (answer := self.press(path, form | {"once": once}, source, session)):
                self.told.append((kind, answer, what))

    def look(self, path: str, source: str) -> None:
        while self.ask("GET", path, None, source, "")[0] != 200:
            time.sleep(0.2)

    def press(self, path: str, form: dict[str, str], source: str, session: str) -> str | None:
        """What stands in the address that one was led to; None for a clear refusal."""
        while True:
            status, place = self.ask("POST", path, form, source, session)
            if status == 302 and (found := DOOR.search(place)):
                return found[1]
            if status in (409, 410, 422):
                return None
            # The door was broken just then; press again.
            time.sleep(0.2)

    def ask(self, method: str, path: str, form: dict[str, str] | None, source: str, session: str) -> tuple[int, str]:
        """The status and where it leads; 0 where the connection broke."""
        try:
            link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=40, source_address=(source, 0))
            headers = {"Cookie": "csrftoken=" + "c" * 32 + (f"; sessionid={session}" if session else "")}
            if form is not None:
                headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": "c" * 32}
            link.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
            status, place = answer.status, answer.headers.get("Location", "")
            link.close()
        except (OSError, http.client.HTTPException):
            self.outcomes["cut off"] += 1
            return 0, ""
        if status == 503 and IN_WORDS in text:
            self.outcomes["later"] += 1
        elif status in (409, 410, 422):
            self.outcomes["refused"] += 1
        elif status == 200 or (status == 302 and "/sign-in" not in place):
            self.outcomes["answered"] += 1
        else:
            self.outcomes["unclear"] += 1
            words = " ".join(re.sub("<[^>]+>", " ", text).split())[:160]
            self.unclear.append(f"{status} {method} {path.split('?')[0]} {place} {words}")
        return status, place


class World:
    """What people find: free times, each given to one of them, and a guide's open enquiries."""

    def __init__(self, times: list[str], enquiries: list[str], session: str) -> None:
        self.times, self.enquiries, self.session, self.lock = iter(times), enquiries, session, threading.Lock()

    def free_time(self) -> str:
        with self.lock:
            return next(self.times, "")


def prepare() -> list[str]:
    """The addresses of as many free times as are booked, of one guide whose day is full of quarters."""
    import django

    django.setup()
    from django.db import connections

    from opinovi.contact.availability import free_times, rules_of
    from opinovi.contact.models import TimeRule

    rule = TimeRule.objects.filter(team__name="Neuvontapiste")[0]
    rule.hours, rule.minutes, rule.buffer_minutes, rule.per_day, rule.notice_hours = "00:00-24:00", 15, 0, 100, 24
    rule.modes, rule.ahead_days = ["phone"], 60
    rule.save()
    found = free_times(rules_of(id=rule.id), days=40, most=BOOKINGS)
    connections.close_all()
    return [f"/book/{one.rule.id}/{int(one.begins.timestamp()) // 60}" for one in found]


def open_world() -> dict[str, Any]:
    """A guide's session, enquiries that wait for the guide, and as many free times as may be booked."""
    times = prepare()
    from django.test import Client

    from bench.desk import fill
    from opinovi.contact.models import Enquiry
    from opinovi.network.models import Network, Person, Team

    team = Team.objects.get(name="Hakupalvelut")
    fill(team, Network.objects.get(slug="paijat-hame"), OPEN)
    guide = Client()
    guide.force_login(Person.objects.get(email="oona@example.example"))
    rows = Enquiry.objects.filter(team=team, state="waiting", channel="web").order_by("-id")
    return {"times": times, "enquiries": [str(one) for one in rows.values_list("id", flat=True)[:OPEN]],
            "session": guide.cookies["sessionid"].value}  # fmt: skip


def settle() -> None:
    """Until the worker has nothing left to send that was to be sent by now; or as long as it may take, after faults."""
    from django.db.models import F, Q

    from opinovi.base.models import Letter

    for _ in range(1_200):
        now_or_tried = Q(next_try_at__lte=F("created_at")) | Q(tries__gt=0)
        if not Letter.objects.filter(Q(state="sending") | Q(state="waiting") & now_or_tried).exists():
            return
        time.sleep(1)


def count(people: list[Person], mailbox: Mailbox) -> dict[str, int]:
    """What was acknowledged and is not there, what is there twice, and which mails never came."""
    from django.db.models import F

    from opinovi.base.models import Letter
    from opinovi.contact.models import Appointment, Enquiry
    from opinovi.contact.return_code import hash_of

    def said(key: str) -> list[str]:
        one = Enquiry.objects.select_related("key").filter(id=key).first()
        return [one.key.unlock(row.locked) for row in one.messages.all()] if one and one.key else []

    lost = twice = 0
    for kind, key, what in (one for person in people for one in person.told):
        if kind == "booking":
            one = Appointment.objects.filter(token_hash=hash_of(key), state="booked").first()
            lost += one is None or int(one.begins_at.timestamp()) // 60 != int(what.rsplit("/", 1)[1])
        else:
            words = said(key)
            lost, twice = lost + (what not in words), twice + max(0, words.count(what) - 1)
    begun = Appointment.objects.filter(team__name="Neuvontapiste", state="booked").values_list("begins_at", flat=True)
    twice += len(begun) - len(set(begun))
    texts = Counter(one.told().get("subject") for one in Enquiry.objects.select_related("key").exclude(once=None))
    twice += sum(times - 1 for times in texts.values())
    mails = Letter.objects.filter(kind="mail").exclude(state="dropped")
    letters = {f"<{one}@opinovi>" for one in mails.values_list("id", flat=True)}
    # Reminders of times to come wait for their day.
    later = mails.filter(state="waiting", tries=0, next_try_at__gt=F("created_at")).values_list("id", flat=True)
    due = letters - {f"<{one}@opinovi>" for one in later}
    return {
        "acknowledged": sum(len(person.told) for person in people),
        "lost": lost,
        "twice": twice,
        "mails": len(due),
        "missing": sum(mailbox.taken[one] == 0 for one in due),
        "repeated": sum(times - 1 for one, times in mailbox.taken.items() if one in due),
        "unknown": sum(one not in letters for one in mailbox.taken),
    }


def main() -> int:
    name = "PostgreSQL" if "--postgres" in sys.argv else "SQLite"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        disk = Disk(Path(folder) / "disk", MEGABYTES)
        database: Postgres | Sqlite = Sqlite(disk.folder / "home" / "opinovi.sqlite3")
        try:
            if name == "PostgreSQL":
                database = Postgres(disk.folder, DATABASE_PORT)
                database.begin()
            return go(Path(folder), disk, database, name)
        finally:
            database.gone()
            disk.gone()


def go(folder: Path, disk: Disk, database: Postgres | Sqlite, name: str) -> int:
    os.environ |= {
        "OPINOVI_SMTP_HOST": "127.0.0.1", "OPINOVI_SMTP_PORT": str(MAIL_PORT), "OPINOVI_SMTP_TLS": "0",
        "DJANGO_SETTINGS_MODULE": "opinovi.settings", "OPINOVI_URL": f"http://127.0.0.1:{PORT}",
        "OPINOVI_HOME": str(disk.folder / "home"),
    }  # fmt: skip
    if isinstance(database, Postgres):
        os.environ["DATABASE_URL"] = database.url
    command = [sys.executable, "-m", "opinovi"]
    subprocess.run([*command, "setup"], check=True, stdout=subprocess.DEVNULL)
    make = "import json\nfrom bench.faults import open_world\nprint('WORLD' + json.dumps(open_world()))"
    told = subprocess.run([sys.executable, "-c", make], check=True, stdout=subprocess.PIPE, text=True).stdout
    world = World(**json.loads(told[told.index("WORLD") + 5 :]))
    mailbox, clock = Mailbox(), Clock(folder)
    post = Controller(mailbox, hostname="127.0.0.1", port=MAIL_PORT)
    post.start()
    environment = os.environ | clock.environment
    serve = [*command, "serve", "--no-worker", "--port", str(INNER_PORT)]
    parts = {
        "web": Part("web", serve, environment, folder / "web.log"),
        "worker": Part("worker", [*command, "worker"], environment, folder / "worker.log"),
    }
    for part in parts.values():
        part.start()
        atexit.register(part.kill)
    proxy, over, begin = Proxy(PORT, INNER_PORT), threading.Event(), time.monotonic()
    people = [Person(number, world, over) for number in range(PEOPLE)]
    for one in people:
        one.start()
    plan = plan_of(FAULTS, SEED)
    break_things(plan, parts, disk, clock, database, [proxy.cut, database.cut, mailbox.cut], SEED)
    # What was begun under faults is ended without.
    time.sleep(5)
    over.set()
    for one in people:
        one.join()
    spent = time.monotonic() - begin
    import django

    django.setup()
    settle()
    counts = count(people, mailbox)
    post.stop()
    outcomes = sum((one.outcomes for one in people), Counter[str]())
    for line in sorted({line for one in people for line in one.unclear})[:20]:
        print(line)
    if outcomes["unclear"] or counts["missing"]:
        for part in parts.values():
            print(part.log.read_text(errors="replace")[-6_000:])
    print(f"{name}: " + ", ".join(f"{times} {kind}" for kind, times in sorted(Counter(plan).items())))
    print(
        f"| {name} | {FAULTS} | {counts['acknowledged']} | {counts['lost']} | {counts['twice']} | {outcomes['answered']} | "
        f"{outcomes['refused']} | {outcomes['later']} | {outcomes['cut off']} | {outcomes['unclear']} | {counts['mails']} | "
        f"{counts['missing']} | {counts['repeated']} | {spent:.0f} s |",
        flush=True,
    )
    return int(any([counts["lost"], counts["twice"], counts["missing"], counts["unknown"], outcomes["unclear"]]))


if __name__ == "__main__":
    sys.exit(main())
