"""CASES (60,000) fillings of every form of the site, as every role, with what no form expects: never a server error.

`python -m bench.fuzz_forms`, and on PostgreSQL `python scripts/on_postgres.py .venv/bin/python -m bench.fuzz_forms`: sets
up a fresh folder, opens every address that a role may open, reads the forms of its page, and sends each with some fields
as they should be and some hostile. What a request did is taken back. Each answer that is a page is read for what would
run in it (bench/strings.py). Ends with 1 where something broke.
"""

import logging
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.strings import STRINGS, ran

CASES = int(os.environ.get("CASES", 60_000))
SEED = int(os.environ.get("SEED", 1))
# Signing out, and in as somebody else, ends the walk; the library that guards sign-in is fuzzed as a visitor.
NOT = ("sign-out", "sign-in")
NUMBERS = ("0", "-1", "1e999999", "9" * 400, "²", "٣", "1,5", "0x10", "NaN", "Infinity", "1_000", "2147483648", "٠١")
DAYS = ("0000-00-00", "9999-12-31", "2027-02-30", "31.2.2027", "1.1.1", "2027-W05-1", "٢٠٢٧-٠٢-٠٩", "99999-01-01", "24:00",
        "25:61", "00:00:60", "2027-02-09T10:30:00+99:00", "2027-03-28T03:30")  # fmt: skip
TEXTS = ("", " ", "\x00", "\ufeff", "a" * 100_000, "ä" * 3_000, "👩🏽‍🏫" * 400, "\u202eoikea", "\n" * 500, "null", "[]", "{}",
         '{"a": ' * 500, "../../../../etc/passwd", "'; DROP TABLE x; --", "%s%n%d", "true", "on", "131052-308T",
         "a@b", '"a b"@example.example', "http://[::1", "https://\u0301.example", "tel:+358", "+" * 50, "id,id,id",
         "00000000-0000-0000-0000-000000000000", "a\r\nBcc: b@example.example", "\x7f\x1b[31m", "e\u0301" * 900)  # fmt: skip
BYTES = (b"\xff\xfe", b"\xed\xa0\x80", b"%00", b"\xc0\xaf")
FILES = (b"", b"\x00" * 2_000, b"PK\x03\x04" + b"\x00" * 60, b"%PDF-1.7\n" + b"\xff" * 200, b"\x89PNG\r\n\x1a\n\x00",
         b"GIF89a" + b"\xff" * 40, b"\xff\xd8\xff\xe0\x00\x10JFIF", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
         b"a;b\n\"", b"nimi;kuvaus\n=1+1;@x\n", b"\xef\xbb\xbf\xff", b"{" * 3_000, b"a,b\r" * 3_000)  # fmt: skip
QUERIES = ("q", "page", "year", "state", "show", "place", "where", "language", "group", "house", "period", "since", "topic",
           "gap", "d", "kind", "about", "near", "next", "waiting", "mode", "join", "history", "name", "for", "how")  # fmt: skip


@dataclass
class Form:
    """A form of a page: where it is sent, its fields with what they hold, may hold, and what their type is."""

    path: str
    method: str
    fields: list[tuple[str, str, list[str]]]
    many: bool = False


@dataclass
class Found:
    cases: int = 0
    forms: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)


def forms_of(page: bytes, path: str) -> list[Form]:
    from lxml import html

    found = []
    tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    for form in tree.forms:
        fields = []
        for one in form.iter("input", "select", "textarea", "button"):
            name, kind = one.get("name"), one.get("type") or str(one.tag)
            if not name or name == "csrfmiddlewaretoken":
                continue
            if one.tag == "select":
                values = [option.get("value") or "" for option in one.iter("option")]
            elif one.tag == "textarea":
                # A reader of HTML passes over the first line's end.
                values, kind = [(one.text or "").removeprefix("\n")], "text"
            else:
                values = [one.get("value") or ("on" if kind == "checkbox" else "")]
            if kind == "text" and (
                one.get("inputmode") in ("numeric", "decimal") or int(one.get("maxlength") or 99) < 13
            ):
                kind = "number"
            fields.append((name, kind, values))
        action = urlsplit(form.get("action") or path).path or path
        found.append(Form(action, (form.get("method") or "get").lower(), fields, "multipart" in (form.get("enctype") or "")))  # fmt: skip
    return found


def fitting(kind: str, values: list[str], chance: random.Random) -> str:
    """What the field expects."""
    if any(values) and (kind not in ("text", "search") or chance.random() < 0.5):
        return chance.choice(values)
    made = {
        "email": "joku@example.example", "tel": "0401234567", "number": "3", "date": "2027-03-02", "time": "12:30",
        "datetime-local": "2027-03-02T12:30", "url": "https://example.example/a", "month": "2027-03",
    }  # fmt: skip
    return made.get(kind, chance.choice(["Mistä aloitan?", "Lahti", "15110", "2027-03-02", "12:30", "3", "ma-pe 9-16"]))


def hostile(chance: random.Random) -> str | bytes:
    kind = chance.random()
    if kind < 0.4:
        return chance.choice(STRINGS)
    if kind < 0.5:
        return chance.choice(BYTES)
    if kind < 0.6:
        return "".join(chr(chance.choice([chance.randrange(1, 0xD800), chance.randrange(0xE000, 0x11000)])) for _ in range(chance.randrange(1, 40)))  # fmt: skip
    return chance.choice(chance.choice([NUMBERS, DAYS, TEXTS]))


def filled(form: Form, chance: random.Random) -> list[tuple[str, Any]]:
    """The form's fields: as they should be, hostile, left out, twice; one button pressed."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    how_bad = chance.choice([0.1, 0.3, 0.9])
    told: list[tuple[str, Any]] = []
    pressed = [one for one in form.fields if one[1] in ("submit", "button")]
    pressing = chance.choice(pressed) if pressed and chance.random() < 0.9 else None
    for one in form.fields:
        name, kind, values = one
        if kind in ("submit", "button") and one is not pressing:
            continue
        if kind in ("checkbox", "radio") and chance.random() < 0.5:
            continue
        if kind == "file":
            content = chance.choice(FILES)
            ending = chance.choice([".pdf", ".png", ".csv", ".xlsx", ".docx", ".svg", "", ".zip"])
            told.append(
                (name, SimpleUploadedFile(chance.choice(["a", "../a", "\u202ea", "a" * 300]) + ending, content))
            )
        elif chance.random() < how_bad:
            if (way := chance.random()) < 0.1:
                continue
            told.append((name, hostile(chance)))
            if way > 0.9:
                told.append((name, fitting(kind, values, chance)))
        else:
            told.append((name, fitting(kind, values, chance)))
    if chance.random() < 0.1:
        told.append((str(chance.choice(QUERIES)), hostile(chance)))
    return told


def send(client: Any, form: Form, told: list[tuple[str, Any]]) -> Any:
    if form.method == "get":
        return client.get(f"{form.path}?{urlencode(told)}")
    if form.many:
        grouped: dict[str, list[Any]] = {}
        for name, value in told:
            grouped.setdefault(name, []).append(value.decode("latin-1") if isinstance(value, bytes) else value)
        return client.post(form.path, grouped)
    return client.post(form.path, urlencode([(n, v) for n, v in told if isinstance(v, str | bytes)]), content_type="application/x-www-form-urlencoded")  # fmt: skip


@contextmanager
def taken_back(client: Any) -> Iterator[None]:
    """What is done within leaves nothing in the database, in the browser or in what counts tries."""
    from django.core.cache import cache
    from django.db import transaction

    cookies = {name: one.value for name, one in client.cookies.items()}
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for name in set(client.cookies) - set(cookies):
        del client.cookies[name]
    for name, value in cookies.items():
        client.cookies[name] = value
    cache.clear()


@contextmanager
def fresh_installation() -> Iterator[Path]:
    """A folder that was set up, and this process as one of its programs; all that is done in the database is undone."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["OPINOVI_HOME"] = home
        subprocess.run([sys.executable, "-m", "opinovi", "setup"], check=True, stdout=subprocess.DEVNULL)
        import django
        from django.db import transaction

        django.setup()
        with transaction.atomic():
            yield Path(home)
            transaction.set_rollback(True)


def as_browsers_see() -> None:
    """Pages as in service: no debugging, and what fails is told in the answer alone."""
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)
    logging.disable(logging.CRITICAL)


def case(client: Any, form: Form, told: list[tuple[str, Any]], where: str, found: Found) -> None:
    with taken_back(client):
        answer = send(client, form, told)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    found.cases += 1
    found.statuses[answer.status_code] += 1
    if answer.status_code >= 500:
        why = "".join(traceback.format_exception(*answer.exc_info)[-6:]) if getattr(answer, "exc_info", None) else ""
        found.broken[f"{answer.status_code} {where}\n{why}"] += 1
    elif answer.get("Content-Type", "").startswith("text/html") and b"<html" in body[:2_000]:
        for one in ran(body.decode(errors="replace")):
            found.broken[f"runs: {where}: {one}"] += 1


def walk(found: Found) -> None:
    from django.core.cache import cache
    from django.test import Client

    from opinovi.site.management.commands.access import own_ids
    from opinovi.site.matrix import addresses, allowed, forget_standing
    from opinovi.site.samples import ROLES, VISITOR, make_samples

    made = make_samples()
    chance = random.Random(SEED)
    every: list[tuple[Any, Form, str]] = []
    for role in ROLES:
        person, client = made.people[role], Client(raise_request_exception=False)
        if role != VISITOR:
            client.force_login(person)
        ids = made.own.ids | own_ids(made, role)
        for one in addresses():
            if role != VISITOR:
                forget_standing(person)
            if (one.route.startswith(NOT) and role != VISITOR) or not allowed(one, person, ids, change=True):
                continue
            path = one.path(ids)
            page = client.get(path)
            cache.clear()
            told = f"{role} /{one.route}"
            if not page.streaming and page.get("Content-Type", "").startswith("text/html") and page.content:
                # The forms that every page has are asked once.
                new = [
                    form
                    for form in forms_of(page.content, path)
                    if form.path not in ("/doors",) or one.route == "doors"
                ]
                every += [(client, form, told) for form in new]
            if page.status_code == 405:
                every.append((client, Form(path, "post", []), told))
            every.append(
                (client, Form(path, "get", [(name, "text", [""]) for name in chance.sample(QUERIES, 4)]), told)
            )
    found.forms = {f"{where} {form.method} {form.path}" for _client, form, where in every}
    print(f"{len(every)} forms of {len({where for _c, _f, where in every})} pages by role", flush=True)
    begin, told_at = time.perf_counter(), 0
    while found.cases < CASES:
        chance.shuffle(every)
        for client, form, where in every:
            case(client, form, filled(form, chance), where, found)
            if found.cases - told_at >= 5_000:
                told_at = found.cases
                print(f"{found.cases} after {time.perf_counter() - begin:.0f} s, {sum(found.broken.values())} broken", flush=True)  # fmt: skip
            if found.cases >= CASES:
                break


def main() -> int:
    found, begin = Found(), time.perf_counter()
    with fresh_installation():
        as_browsers_see()
        walk(found)
    for why, times in found.broken.most_common(60):
        print(f"{times} times: {why}", flush=True)
    database = "PostgreSQL" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    told = ", ".join(f"{status}: {count}" for status, count in sorted(found.statuses.items()))
    print(f"{database}: {found.cases} cases over {len(found.forms)} forms in {time.perf_counter() - begin:.0f} s; {told}; {sum(found.broken.values())} broken")  # fmt: skip
    return int(bool(found.broken))


if __name__ == "__main__":
    sys.exit(main())
