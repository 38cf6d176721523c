"""What people write in any form stands in no log, no address, no letter, no cache, no error page and no line of the log of
Events; nor do the installation's own secrets."""

import logging
import random
import traceback
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from bench.fuzz_forms import Form, forms_of, send, taken_back
from opinovi.base.models import Event, Letter
from opinovi.base.secret import master_keys
from opinovi.site.management.commands.access import own_ids
from opinovi.site.matrix import addresses, allowed, forget_standing
from opinovi.site.samples import ROLES, VISITOR, make_samples

# Nobody's: what is searched for.
MAIL, PHONE, NAME = "kanarialintu@siivet.example", "0457654321", "Kanarialintu Siivekäs"
WORDS = "sinikeltainen salaisuus"
CANARIES = (MAIL, "457654321", "Kanarialintu", "kanarialintu", "sinikeltainen")
# Counted beside the answers.
LETTERS, EVENTS = -1, -2


class Kept(logging.Handler):
    """Every line that anything logs, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        told = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.lines.append(f"{record.getMessage()} {told}")


@pytest.fixture
def log() -> Iterator[Kept]:
    kept, root = Kept(), logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "django.request", "opinovi")}
    root.addHandler(kept)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(kept)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def told(form: Form, chance: random.Random) -> list[tuple[str, Any]]:
    """The form filled as people do, with the canaries in every field that takes words."""
    found = []
    pressed = [one for one in form.fields if one[1] in ("submit", "button")]
    pressing = chance.choice(pressed) if pressed else None
    for one in form.fields:
        name, kind, values = one
        if kind in ("submit", "button"):
            if one is pressing:
                found.append((name, values[0]))
        elif kind == "email" or "mail" in name:
            found.append((name, MAIL))
        elif kind == "tel" or "phone" in name:
            found.append((name, PHONE))
        elif "hours" in name:
            found.append((name, "ma-pe 9-16"))
        elif kind in ("text", "search"):
            found.append(
                (name, values[0] or (NAME if "name" in name else f"{WORDS}, {NAME}"[: 30 + chance.randrange(30)]))
            )
        elif kind == "select":
            found.append((name, chance.choice([value for value in values if value] or [""])))
        elif kind == "checkbox" or kind == "hidden" or (kind == "radio" and name not in dict(found)):
            found.append((name, values[0]))
        elif kind == "date":
            found.append((name, values[0] or "2027-03-02"))
        elif kind == "number":
            found.append((name, values[0] or "3"))
    return found


@pytest.mark.once
@pytest.mark.sqlite
def test_what_people_write_stands_nowhere_else(db: None, log: Kept) -> None:
    made, chance = make_samples(), random.Random(3)
    leaks, seen, counts = [], set(), Counter[int]()
    looked: Counter[str] = Counter()
    for role in ROLES:
        client, person = Client(raise_request_exception=False), made.people[role]
        if role != VISITOR:
            client.force_login(person)
        ids = made.own.ids | own_ids(made, role)
        for one in addresses():
            if role != VISITOR:
                forget_standing(person)
            # What two roles have seen of an address is what there is.
            if one.route.startswith("sign-out") or looked[one.route] > 1 or not allowed(one, person, ids, change=True):
                continue
            looked[one.route] += 1
            path = one.path(ids)
            page = client.get(path)
            cache.clear()
            if page.streaming or not page.get("Content-Type", "").startswith("text/html") or not page.content:
                continue
            for form in forms_of(page.content, path):
                key = (one.route, form.path.replace(path, ""), form.method, len(form.fields))
                if form.method == "get" or form.path == "/sign-out" or key in seen:
                    continue
                seen.add(key)
                leaks += [f"{role} {form.path}: {leak}" for leak in leaks_of(client, form, chance, counts)]
    leaks += [f"log: {line[:300]}" for line in log.lines if any(one in line for one in CANARIES)]
    assert leaks == []
    # It tells something only where forms were taken, letters written and Events recorded.
    assert counts[302] > 180 and counts[LETTERS] > 25 and counts[EVENTS] > 200


def leaks_of(client: Client, form: Form, chance: random.Random, counts: Counter[int]) -> list[str]:
    """Where else what was sent stands than where it belongs. A form that comes back is sent as it came, filled up."""
    found: list[str] = []
    letters, last = set(Letter.objects.values_list("id", flat=True)), Event.objects.order_by("seq").last()
    with taken_back(client):
        answer = send(client, form, told(form, chance))
        for _ in range(3):
            again = [one for one in forms_of(answer.content, form.path) if one.path == form.path and one.method == "post"] if answer.status_code == 422 else []  # fmt: skip
            if not again:
                break
            answer = send(client, again[-1], told(again[-1], chance))
        counts[answer.status_code] += 1
        place = answer.get("Location", "")
        found += [f"address: {place}" for one in CANARIES if one in place]
        if answer.status_code in (403, 404, 405, 410, 429) or answer.status_code >= 500:
            body = answer.content.decode(errors="replace")
            found += [f"page of {answer.status_code}: {one}" for one in CANARIES if one in body]
        for letter in Letter.objects.exclude(id__in=letters):
            counts[LETTERS] += 1
            words = f"{letter.subject} {letter.body} {letter.key} {letter.error}"
            found += [f"letter: {words}" for one in CANARIES if one in words]
        for event in Event.objects.filter(seq__gt=last.seq if last else 0):
            counts[EVENTS] += 1
            found += [f"event {event}: {event.data}" for one in CANARIES if one in f"{event.data} {event.actor}"]
        held = str(getattr(cache, "_cache", {}))
        found += [f"cache: {held[:300]}" for one in CANARIES if one in held]
        for name, value in answer.cookies.items():
            found += [f"cookie {name}" for one in CANARIES if one in value.value]
    return found


def test_a_page_that_fails_tells_no_one_what_was_written(db: None, settings: Any, log: Kept) -> None:
    settings.ROOT_URLCONF = "tests.site.broken_urls"
    client = Client(raise_request_exception=False)
    for answer in (client.get(f"/broken?q={MAIL}"), client.post("/broken", {"text": WORDS, "mail": MAIL})):
        page = answer.content.decode()
        assert answer.status_code == 500
        assert not any(one in page for one in CANARIES) and "Traceback" not in page
    assert log.lines and not any(one in line for line in log.lines for one in CANARIES)


def test_no_secret_of_the_installation_stands_on_a_page_or_in_a_log(db: None, log: Kept) -> None:
    made = make_samples()
    secrets = [settings.SECRET_KEY, *master_keys()]
    client = Client(raise_request_exception=False)
    client.force_login(made.people["network_administrator"])
    client.get("/desk")
    session = client.session.session_key or ""
    assert session
    for path in ("/", "/desk", "/account", "/account/sessions", "/ei-ole", "/-/health"):
        page = client.get(path).content.decode()
        assert not any(one in page for one in [*secrets, session]), path
    assert not any(one in line for line in log.lines for one in [*secrets, session])
