"""Every address names its rule, and answers every role as the rule says, by every method, for own, other and no object.

docs/access.md is made from the same walk.
"""

import re
from collections.abc import Iterator
from copy import deepcopy as copy
from pathlib import Path
from typing import Any

import pytest
import rules
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from opinovi.base.fresh import fresh
from opinovi.site.management.commands.access import own_ids, table
from opinovi.site.matrix import Address, addresses, allowed, forget_standing
from opinovi.site.samples import CLIENT, ROLES, VISITOR, Samples, make_samples

# Of these the address itself is the secret, or a provider outside answers for what comes.
BY_SECRET = (
    "network.sign_in",
    "network.sign_in_example",
    "directory.confirm_by_link",
    "contact.own_conversation",
    "contact.calendar_feed",
    "journeys.begin_own",
    "journeys.open_link",
    "journeys.receive_outside",
    "journeys.tell_outcome",
    "interchange.write_by_key",
    "site.read_metrics",
    "contact.sms_in",
)
# A visitor who asks for a client's own thing is led to where clients sign in.
OWN_ONES = ("journeys.own_one", "journeys.own_step")


def test_every_address_names_a_rule_that_exists() -> None:
    told = [(one.route, rule) for one in addresses() for rule in (one.rule, *([one.change] if one.change else []))]
    without = [route for route, rule in told if not rule or not rules.rule_exists(rule)]
    assert without == []


def test_no_address_is_left_out_of_the_walk() -> None:
    def count(patterns: list[Any]) -> int:
        return sum(1 if isinstance(one, URLPattern) else count(one.url_patterns) for one in patterns)

    assert all(isinstance(one, (URLPattern, URLResolver)) for one in get_resolver().url_patterns)
    assert len(addresses()) == count(get_resolver().url_patterns)


def test_no_two_addresses_have_one_name() -> None:
    """Else a link of one room would lead to a page of another."""

    def names(patterns: list[Any]) -> Iterator[str]:
        for one in patterns:
            yield from [one.name] if isinstance(one, URLPattern) else names(one.url_patterns)

    # Those of the library that guards sign-in are its own.
    told = [name for name in names(get_resolver().url_patterns) if name and not name.startswith(("account_", "mfa_"))]
    assert [name for name in set(told) if told.count(name) > 1] == []


def test_every_id_in_an_address_has_a_sample(db: None) -> None:
    made = make_samples()
    for one in addresses():
        assert "<" not in one.path(made.own.ids), one.route


@pytest.fixture
def made(db: None) -> Iterator[Samples]:
    yield make_samples()


class Undone(Exception):
    """Takes back what a request did."""


def answer(client: Client, method: str, path: str) -> tuple[int, str, str]:
    """Status, where to, and what the page says but for its tokens; whatever was changed is taken back."""
    told: tuple[int, str, str] = (0, "", "")
    cookies = copy(client.cookies)
    try:
        with transaction.atomic():
            response = getattr(client, method)(path)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            text = re.sub(rb'value="[^"]{20,}"|next=[^"]*|href="[^"]*"|action="[^"]*"', b"", body).decode(
                errors="replace"
            )
            told = (response.status_code, response.get("Location", ""), text)
            raise Undone
    except Undone:
        client.cookies = cookies
    return told


def check(one: Address, role: str, method: str, may: bool, status: int, place: str) -> None:
    where = f"{role} {method} /{one.route}: {status}"
    assert status < 500, where
    if status == 405:
        return
    if may:
        # What they may open is theirs: it is there, or says what is wrong with the form.
        own_thing = one.rule == "network.own_account" and status in (403, 404)
        assert status in (200, 204, 301, 302, 400, 409, 410, 422) or one.rule in BY_SECRET or own_thing, where
        assert "/sign-in?" not in place or one.rule in BY_SECRET, where
    elif one.rule in ("journeys.own", *OWN_ONES) and place.endswith("/my/start"):
        # Led to where clients sign in.
        assert status == 302, where
    elif role == VISITOR:
        assert (status == 302 and "/sign-in?" in place) if method in ("get", "head") else status in (302, 403), where
    else:
        assert status == (404 if one.of else 403), where


def rights_to(one: Address, person: Any, ids: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the rules let a person look at it, and change it."""
    forget_standing(person)
    looks = allowed(one, person, ids)
    return looks, allowed(one, person, ids, change=True) if one.change else looks


@pytest.fixture
def bare_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal without its page around it, which is the same for all and has tests of its own: half of the walk."""
    monkeypatch.setattr("opinovi.site.errors.page", lambda _request, status: HttpResponse("No.", status=status))


@pytest.mark.once
@pytest.mark.parametrize("role", ROLES)
def test_every_role_over_every_address_method_and_object(made: Samples, role: str, bare_errors: None) -> None:
    client, person = Client(), made.people[role]
    if role != VISITOR:
        client.force_login(person)
    own = made.own.ids | own_ids(made, role)
    for one in addresses():
        objects = {"own": own, "other": made.other.ids, "missing": made.missing} if one.of else {"any": own}
        if one.of_network:
            # Where there is no such network, there is no such door.
            del objects["missing"]
        rights = {whose: rights_to(one, person, ids) for whose, ids in objects.items()}
        for method in ("get", "post"):
            answers = {}
            for whose, ids in objects.items():
                if whose == "missing" and method == "post":
                    # What is not there is found out before the method is looked at.
                    continue
                looks, changes = rights[whose]
                may = changes if method == "post" else looks
                answers[whose] = answer(client, method, one.path(ids))
                if looks and not may:
                    # They see it, and may not change it.
                    assert answers[whose][0] in (403, 405), (role, method, one.route)
                    continue
                check(one, role, method, may, answers[whose][0], answers[whose][1])
            if "missing" in answers and not rights["other"][0]:
                # Another's object tells no more than one that is not there.
                assert answers["other"][0] == answers["missing"][0], one.route
                assert answers["other"][2] == answers["missing"][2], one.route


@pytest.mark.parametrize("role", [VISITOR, "guide"])
def test_no_address_takes_another_method(made: Samples, role: str) -> None:
    """It is refused before anybody is asked who they are."""
    client = Client()
    if role != VISITOR:
        client.force_login(made.people[role])
    for one in addresses():
        for method in ("put", "delete"):
            assert answer(client, method, one.path(made.own.ids))[0] in (302, 405), (role, method, one.route)


@pytest.mark.parametrize("role", ["guide", "administrator", "coordinator", "network_administrator"])
def test_a_role_that_wants_a_second_factor_does_not_count_without_one(made: Samples, role: str) -> None:
    person = made.people[role]
    person.authenticator_set.all().delete()
    client = Client()
    client.force_login(person)
    assert client.get("/desk").headers["Location"] == "/account/second-factor"
    for one in addresses():
        if one.of:
            forget_standing(person)
            assert not allowed(one, person, made.own.ids), one.route


@pytest.mark.django_db
def test_the_mail_of_an_installation_that_is_no_example_is_closed(visitor: Client, settings: Any) -> None:
    settings.EXAMPLE = False
    assert visitor.get("/-/posti").status_code == 302 and visitor.post("/sign-in/example").status_code == 403


@pytest.mark.django_db
def test_the_access_page_of_the_docs_is_true() -> None:
    assert (Path(settings.BASE_DIR) / "docs" / "access.md").read_text() == table()


# The library that guards sign-in asks on this page seven times whether there is a second factor; what takes everything
# out reads each table once.
MOST = {"account/second-factor/app/off": 13, "my/take-out.json": 20}


@pytest.mark.once
@pytest.mark.parametrize("role", [VISITOR, CLIENT, "guide", "administrator", "network_administrator"])
def test_no_page_asks_more_than_twelve_queries(made: Samples, role: str, in_service: None) -> None:
    client, person = Client(), made.people[role]
    if role != VISITOR:
        client.force_login(person)
    ids = made.own.ids | own_ids(made, role)
    many = {}
    for one in addresses():
        forget_standing(person)
        if allowed(one, person, ids) and "sitemap" not in one.route:
            fresh.forget()
            with CaptureQueriesContext(connection) as asked:
                answer(client, "get", one.path(ids))
            # Taking the request back is a savepoint and its end.
            told = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
            if len(told) > MOST.get(one.route, 12):
                many[one.route] = len(told)
    assert many == {}
