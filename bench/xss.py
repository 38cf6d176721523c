"""STRINGS that would run as a script stand in every text field, and every page that shows one is read.

`python -m bench.xss`: sets up a fresh folder, finds the pages of the example as its people see them and every address of
the access matrix, and opens each again and again, while every text that is read of the database, locked ones too, ends
with some of the strings. Counts which fields were seen on a page, and what would run there. Ends with 1 where something
would, where a feed or a file of facts breaks, or where a page does.
"""

import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from bench.fuzz_forms import as_browsers_see, fresh_installation
from bench.strings import STRINGS, ran

# How many strings stand in a text at a time.
AT_ONCE = int(os.environ.get("AT_ONCE", 60))
# How many pages of one kind are opened as one person.
OF_ONE_KIND = 2
PEOPLE = ("", "assi", "oona", "eetu", "paivi", "kaisa", "veikko", "tarja", "timo", "ville")
# Of these texts a machine makes sense: they are no one's words, and forms take nothing else in them.
CODES = {
    "verb", "subject_type", "subject_id", "actor", "about", "before", "code", "region", "municipality", "source", "host",
    "external_id", "business_id", "password", "language", "hours", "postcode", "source_hash", "source_form", "hash", "links",
    "kind", "how", "code_hash", "mail_hash", "phone_hash", "remind", "error", "path", "area", "key", "topic", "part",
    "scope", "count", "by", "value", "group", "indicator", "step", "channel", "why", "begins", "format", "address", "app_id",
    "website", "link", "locked_name", "evidence", "room", "locked", "sealed", "wrapped", "token_hash", "find_fi", "find_sv",
    "find_en", "email", "session_key", "secret_hash", "number", "state",
}  # fmt: skip
# Of those, the ones that people write all the same.
WORDS = {
    "projects.Change.why", "outreach.OutreachPlan.why", "strategy.Action.evidence", "strategy.Verdict.why",
    "directory.Channel.value", "projects.Project.code",
}  # fmt: skip
# What is told in confidence, and is no word of a person's: states, ways, moments.
TOLD_CODES = {
    "phone",
    "mail",
    "code",
    "wish",
    "remind",
    "token",
    "video",
    "number",
    "room",
    "mode",
    "language",
    "until",
}
# What stands in the place of a text where several tables are asked as one: the name of a kind.
CODE = re.compile("[a-z-]{3,12}")
MARK = re.compile("¤(\\d+)¤")


class Spoilt:
    """The strings of the moment, and which field each text is of."""

    def __init__(self) -> None:
        self.now, self.names = "", ["locked"]

    def text(self, value: Any, number: int) -> Any:
        code = isinstance(value, str) and CODE.fullmatch(value)
        return f"{value} {self.now} ¤{number}¤".strip() if isinstance(value, str) and self.now and not code else value

    def told(self, value: Any, name: str = "") -> Any:
        """The texts in what was told in confidence: those with a space or a capital are somebody's words."""
        if isinstance(value, dict):
            return {key: self.told(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self.told(one, name) for one in value]
        wordy = isinstance(value, str) and name not in TOLD_CODES and (" " in value or value[:1].isupper())
        return self.text(value, 0) if wordy and not re.fullmatch(r"[\d\-T:.+Z ]+", value) else value


@contextmanager
def every_text_spoilt() -> Iterator[Spoilt]:
    """While it lasts, what is read of the database in a text field ends with the strings of the moment."""
    from django.apps import apps
    from django.db import models

    from opinovi.base.models import DataKey
    from opinovi.base.text import TextField as Texts

    made, undo = Spoilt(), []
    for model in apps.get_models():
        if not model.__module__.startswith("opinovi"):
            continue
        for one in model._meta.concrete_fields:
            name = f"{model._meta.label}.{one.name}"
            if isinstance(one, Texts):
                number = len(made.names)
                made.names.append(name)
                undo.append((one, one.__dict__.get("from_db_value")))
                one.from_db_value = of_texts(made, one.from_db_value, number)  # type: ignore[method-assign]
            elif isinstance(one, models.CharField | models.TextField) and not one.choices and not one.unique and (one.name not in CODES or name in WORDS):  # fmt: skip
                number = len(made.names)
                made.names.append(name)
                undo.append((one, None))
                one.from_db_value = of_text(made, number)
    unlock = DataKey.unlock
    DataKey.unlock = lambda self, locked: made.told(unlock(self, locked))  # type: ignore[method-assign]
    try:
        yield made
    finally:
        DataKey.unlock = unlock  # type: ignore[method-assign]
        for one, before in undo:
            del one.from_db_value
            if before is not None:
                one.from_db_value = before


def of_texts(made: Spoilt, before: Any, number: int) -> Any:
    def read(value: Any, expression: Any, connection: Any) -> Any:
        found = before(value, expression, connection)
        if not isinstance(found, dict) or not made.now:
            return found
        return {key: made.text(one, number) for key, one in (found or {"fi": ""}).items()}

    return read


def of_text(made: Spoilt, number: int) -> Any:
    return lambda value, _expression, _connection: made.text(value, number)


Page = tuple[str, Any, str]


def pages_of_matrix() -> list[Page]:
    """Each address once, as the first role that may open it and sees a page: who, their browser, the address."""
    from django.core.cache import cache
    from django.test import Client

    from opinovi.site.management.commands.access import own_ids
    from opinovi.site.matrix import addresses, allowed, forget_standing
    from opinovi.site.samples import ROLES, VISITOR, make_samples

    made = make_samples()
    clients = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, client in clients.items():
        if role != VISITOR:
            client.force_login(made.people[role])
    found = []
    for one in addresses():
        for role, client in clients.items():
            if role != VISITOR:
                forget_standing(made.people[role])
            ids = made.own.ids | own_ids(made, role)
            if one.route.startswith("sign-out") or not allowed(one, made.people[role], ids):
                continue
            answer = client.get(one.path(ids))
            cache.clear()
            if answer.status_code == 200:
                found.append((role, client, one.path(ids)))
                break
    return found


def pages_of_example() -> list[Page]:
    """What the example's people come to by following links."""
    from django.core.cache import cache
    from django.test import Client
    from django.urls import Resolver404, resolve
    from lxml import html

    from opinovi.network.models import Person

    found: list[Page] = []
    for name in PEOPLE:
        client = Client(raise_request_exception=False)
        if name:
            client.force_login(Person.objects.get(email=f"{name}@example.example"))
        waiting, seen, kinds = (
            ["/", "/desk", "/my", "/places", "/offerings", "/groups", "/answers"],
            set(),
            Counter[str](),
        )
        while waiting:
            path = waiting.pop(0)
            if path in seen or path.startswith(("/static", "/sv/", "/en/", "/-/", "/sign-")):
                continue
            seen.add(path)
            try:
                kind = resolve(urlsplit(path).path).route
            except Resolver404:
                continue
            if kinds[kind] >= OF_ONE_KIND:
                continue
            answer = client.get(path)
            cache.clear()
            if answer.status_code != 200 or answer.streaming:
                continue
            kinds[kind] += 1
            found.append((name or "visitor", client, path))
            if answer["Content-Type"].startswith("text/html"):
                links = html.document_fromstring(answer.content).xpath("//a/@href")
                waiting += [str(one).split("#")[0] for one in links if str(one).startswith("/")]
    return found


def rows_that_the_example_lacks() -> None:
    """So that what people write on seldom pages is on a page too."""
    from datetime import timedelta

    from opinovi.base.clock import now, today
    from opinovi.directory.models import Channel, ErrorReport, GroupSession
    from opinovi.impact.models import SavedQuery
    from opinovi.network.models import Invitation, Member, Network, Person
    from opinovi.projects.models import Project, Supported
    from opinovi.staff.models import Certificate, ShadowDay, ShadowOffer
    from opinovi.strategy.models import Comment, Strategy

    network, kaisa = Network.objects.get(slug="paijat-hame"), Person.objects.get(email="kaisa@example.example")
    members = {
        name: Member.objects.get(person__email=f"{name}@example.example", ended_at=None)
        for name in ("oona", "nelli", "kaisa")
    }
    text, told = "Esimerkki", {"fi": "Esimerkki"}
    SavedQuery.objects.create(network=network, person=kaisa, name=text, indicator="answer_hours", shared=True)
    for project in Project.objects.all():
        Supported.objects.create(project=project, kind="public", name=text, began_on=today(), by=members["oona"])
    for host, guest in (("oona", "nelli"), ("nelli", "oona")):
        offer = ShadowOffer.objects.create(
            network=network, organisation=members[host].organisation, host=members[host], text=text,
            begins=today() - timedelta(days=30), ends=today() + timedelta(days=30), most=9,
        )  # fmt: skip
        for state, days in (("asked", 3), ("agreed", 5), ("held", -5)):
            ShadowDay.objects.create(
                offer=offer, guest=members[guest], day=today() + timedelta(days=days), state=state,
                message=text, answer=text, learned=text,
            )  # fmt: skip
    Certificate.objects.create(
        network=network, member=members["oona"], who=text, name=told, house=told, days=["2026-02-09"], minutes=90
    )
    for house in {one.organisation for one in members.values()}:
        Invitation.objects.create(
            organisation=house, email=f"{house.id}@example.example", name=text, token_hash=str(house.id),
            invited_by=kaisa, expires_at=now() + timedelta(days=7),
        )  # fmt: skip
    for strategy in Strategy.objects.all():
        for part in ("vision", "theme 01a00000-0000-7000-8000-000000000000"):
            Comment.objects.create(strategy=strategy, part=part, paragraph=text, text=text, by=members["oona"])
    GroupSession.objects.update(description=told, charge_info=told, charge="chargeable")
    Channel.objects.update(label=told)
    ErrorReport.objects.update(record_name=text)


def look(page: Page, made: Spoilt, seen: dict[str, set[str]]) -> list[str]:
    """Open a page and say what in it would run, or is broken."""
    from django.core.cache import cache

    who, client, path = page
    answer = client.get(path)
    cache.clear()
    if answer.status_code >= 500:
        return [f"{answer.status_code} {who} {path}: {getattr(answer, 'exc_info', None)}"]
    kind = answer.get("Content-Type", "").split(";")[0]
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not body or not kind.startswith(
        ("text/", "application/json", "application/ld+json", "application/xml", "image/svg")
    ):
        return []
    told = body.decode(errors="replace")
    for number in MARK.findall(told.replace("\\u00a4", "¤")):
        seen[made.names[int(number)]].add(path)
    if kind == "text/html":
        guarded = "default-src 'none'" in answer.get("Content-Security-Policy", "") and "unsafe-inline" not in answer["Content-Security-Policy"]  # fmt: skip
        return [f"{who} {path}: {one}" for one in ran(told)] + ([] if guarded else [f"{who} {path}: without a policy"])
    if answer.get("X-Content-Type-Options") != "nosniff":
        return [f"{who} {path}: {kind} that a browser may take for a page"]
    try:
        if kind.endswith("json"):
            json.loads(told)
        elif kind.endswith(("xml", "svg+xml")):
            ElementTree.fromstring(told)
    except (ValueError, ElementTree.ParseError) as error:
        return [f"{who} {path}: {kind} is broken: {error}"]
    return []


def main() -> int:
    begin, broken = time.perf_counter(), Counter[str]()
    seen: dict[str, set[str]] = defaultdict(set)
    with fresh_installation():
        as_browsers_see()
        rows_that_the_example_lacks()
        pages = pages_of_matrix() + pages_of_example()
        print(f"{len(pages)} pages", flush=True)
        with every_text_spoilt() as made:
            for at in range(0, len(STRINGS), AT_ONCE):
                made.now = " ".join(STRINGS[at : at + AT_ONCE])
                for page in pages:
                    broken.update(look(page, made, seen))
                print(f"{at + AT_ONCE} strings after {time.perf_counter() - begin:.0f} s, {len(seen)} of {len(made.names)} fields seen, {sum(broken.values())} broken", flush=True)  # fmt: skip
    print("not on these pages: " + ", ".join(sorted(set(made.names) - set(seen))))
    for why, times in broken.most_common(40):
        print(f"{times} times: {why}")
    print(f"{len(STRINGS)} strings in {len(seen)} fields on {len(pages)} pages, {sum(broken.values())} broken")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
