"""Web and worker are killed at random while people send messages and book times: nothing that was acknowledged is lost.

`python -m bench.faults`, with OPINOVI_HOME set to an empty folder, and DATABASE_URL for PostgreSQL; prints a row.
"""

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from aiosmtpd.controller import Controller

MESSAGES, BOOKINGS, PEOPLE = 1000, 1000, 4
PORT, MAIL_PORT = 8766, 8767
SEED = 7
DOOR = re.compile(r"/(?:conversations|times)/([^?/]+)")


class Mailbox:
    """What the mail server took, by the Message-ID of each letter; it takes its time, so that some are cut short."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken[str(message_from_bytes(envelope.content)["Message-ID"]).strip()] += 1
        return "250 OK"


@dataclass
class Part:
    """A program that is killed and started again: the web server or the worker, each in a process group of its own."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True
        )

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills += 1


class Person(threading.Thread):
    """One who sends messages and books times, and presses again until told what came of it."""

    def __init__(self, number: int, jobs: list[tuple[str, str]]) -> None:
        super().__init__(daemon=True)
        # Each job from an address of its own, since one machine may ask only so often an hour.
        self.number, self.jobs = number, jobs
        # What was acknowledged, by its kind and what stands in its address: what was written, or which time it is.
        self.told: list[tuple[str, str, str]] = []
        self.refused, self.pressed = 0, 0

    def run(self) -> None:
        for count, (kind, what) in enumerate(self.jobs):
            once, source = str(uuid4()), f"127.{10 + self.number}.{count // 200 + 1}.{count % 200 + 1}"
            if kind == "message":
                form = {"text": what, "wish": "here", "language": "fi", "sure": "1", "once": once}
                answer = self.press("/ask", form, source)
            else:
                form = {"mode": "phone", "phone": "0401234567", "mail": f"{once}@people.example", "language": "fi"}
                answer = self.press(what, form | {"once": once}, source)
            if answer is None:
                self.refused += 1
            else:
                self.told.append((kind, answer, what))

    def press(self, path: str, form: dict[str, str], source: str) -> str | None:
        """What stands in the address that one was led to; None for a clear refusal."""
        while True:
            self.pressed += 1
            try:
                link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=15, source_address=(source, 0))
                link.request(
                    "GET", "/about" if path == "/ask" else "/book", headers={"Cookie": "csrftoken=" + "c" * 32}
                )
                link.getresponse().read()
                headers = {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": "csrftoken=" + "c" * 32,
                    "X-CSRFToken": "c" * 32,
                }
                link.request("POST", path, urlencode(form), headers)
                answer = link.getresponse()
                answer.read()
                link.close()
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
                continue
            if answer.status == 302 and (found := DOOR.search(answer.headers["Location"])):
                return found[1]
            if answer.status in (409, 422):
                return None
            # The door was broken just then; press again.
            time.sleep(0.2)


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


def kill_now_and_then(parts: list[Part], stop: threading.Event) -> None:
    chance = random.Random(SEED)
    while not stop.wait(chance.uniform(0.5, 4.0)):
        one = chance.choice(parts)
        with one.lock:
            one.kill()
            one.start()


def settle(mailbox: Mailbox) -> None:
    """Until the worker has nothing left to send; or as long as a killed worker's letters may lie."""
    from opinovi.base.clock import now
    from opinovi.base.models import Letter

    for _ in range(600):
        if not Letter.objects.filter(state__in=["waiting", "sending"], next_try_at__lte=now()).exists() and not (
            Letter.objects.filter(state="sending").exists()
        ):
            return
        time.sleep(0.5)


def count(people: list[Person], mailbox: Mailbox) -> dict[str, int]:
    """What was acknowledged and is not there, what is there twice, and which mails never came."""
    from opinovi.base.models import Letter
    from opinovi.contact.models import Appointment, Enquiry
    from opinovi.contact.return_code import hash_of

    lost = 0
    for kind, key, what in (one for person in people for one in person.told):
        if kind == "message":
            enquiry = Enquiry.objects.select_related("key").filter(id=key).first()
            said = [enquiry.key.unlock(one.locked) for one in enquiry.messages.all()] if enquiry and enquiry.key else []
            lost += said != [what]
        else:
            one = Appointment.objects.filter(token_hash=hash_of(key), state="booked").first()
            lost += one is None or int(one.begins_at.timestamp()) // 60 != int(what.rsplit("/", 1)[1])
    begun = list(
        Appointment.objects.filter(team__name="Neuvontapiste", state="booked").values_list("begins_at", flat=True)
    )
    texts = Counter(one.told().get("subject") for one in Enquiry.objects.select_related("key").exclude(once=None))
    asked_twice = sum(times - 1 for times in texts.values())
    letters = [
        f"<{one}@opinovi>"
        for one in Letter.objects.filter(kind="mail").exclude(state="dropped").values_list("id", flat=True)
    ]
    due = set(letters) - {
        f"<{one}@opinovi>" for one in Letter.objects.filter(state="waiting").values_list("id", flat=True)
    }
    return {
        "acknowledged": sum(len(person.told) for person in people),
        "pressed": sum(person.pressed for person in people),
        "lost": lost,
        "twice": len(begun) - len(set(begun)) + asked_twice,
        "mails": len(due),
        "missing": sum(mailbox.taken[one] == 0 for one in due),
        "repeated": sum(times - 1 for one, times in mailbox.taken.items() if one in due),
        "unknown": sum(one not in letters for one in mailbox.taken),
    }


def main() -> None:
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    os.environ |= {"OPINOVI_SMTP_HOST": "127.0.0.1", "OPINOVI_SMTP_PORT": str(MAIL_PORT), "OPINOVI_SMTP_TLS": "0"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "opinovi.settings", "OPINOVI_URL": f"http://127.0.0.1:{PORT}"}
    command = [sys.executable, "-m", "opinovi"]
    subprocess.run([*command, "setup"], check=True, stdout=subprocess.DEVNULL)
    times = prepare()
    mailbox = Mailbox()
    post = Controller(mailbox, hostname="127.0.0.1", port=MAIL_PORT)
    post.start()
    environment = dict(os.environ)
    web = Part("web", [*command, "serve", "--no-worker", "--port", str(PORT)], environment)
    worker = Part("worker", [*command, "worker"], environment)
    web.start(), worker.start()
    jobs = [("message", f"Kysymys numero {number}: mistä aloitan?") for number in range(MESSAGES)]
    jobs += [("booking", address) for address in times]
    random.Random(SEED).shuffle(jobs)
    people = [Person(number, jobs[number::PEOPLE]) for number in range(PEOPLE)]
    stop, begin = threading.Event(), time.monotonic()
    killer = threading.Thread(target=kill_now_and_then, args=([web, worker], stop), daemon=True)
    for one in people:
        one.start()
    killer.start()
    for one in people:
        one.join()
    stop.set()
    killer.join()
    spent = time.monotonic() - begin
    settle(mailbox)
    told = count(people, mailbox)
    for part in (web, worker):
        part.kill()
        part.kills -= 1
    post.stop()
    print(
        f"| {database} | {told['acknowledged']} of {len(jobs)} | {web.kills} | {worker.kills} | {told['pressed']} | "
        f"{told['lost']} | {told['twice']} | {told['mails']} | {told['missing']} | {told['repeated']} | "
        f"{spent:.0f} s |",
        flush=True,
    )


if __name__ == "__main__":
    Path(os.environ["OPINOVI_HOME"]).mkdir(parents=True, exist_ok=True)
    main()
