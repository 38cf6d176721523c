"""Every form that somebody signed in may send, filled with what no form expects: an answer in words, never an error."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from opinovi.site.management.commands.access import own_ids
from opinovi.site.matrix import Address, addresses, allowed, forget_standing
from opinovi.site.samples import make_samples

HOSTILE = ["\x00", "²²²²", "1e999999", "9" * 400]
FIELD = re.compile(r'<(?:input|textarea|select|button)[^>]*?\bname="([^"]+)"')
PRESS = re.compile(r'<button[^>]*?\bname="then" value="([^"]+)"')
# Signing out, and in as somebody else, ends the walk.
ASKED = {"q", "page", "year", "state", "show", "place", "language", "group", "house", "period", "since", "gap", "topic"}
NOT = ("sign-out", "sign-in", "account/")


class Undone(Exception):
    """Takes back what a request did."""


@pytest.mark.parametrize("role", ["guide", "coordinator", "client"])
def test_no_form_breaks_on_what_it_does_not_expect(db: None, role: str) -> None:
    made = make_samples()
    client, person = Client(raise_request_exception=False), made.people[role]
    client.force_login(person)
    ids = made.own.ids | own_ids(made, role)
    broken = []
    for one in addresses():
        forget_standing(person)
        if one.route.startswith(NOT) or not allowed(one, person, ids, change=True):
            continue
        names, presses = fields_of(client, one, ids)
        fields = sorted(names - {"csrfmiddlewaretoken", "then"} | ASKED)
        # Each button of the page once, with the fields in other company each time; and an address may ask of its query
        # what it shows in no field.
        sendings = [("post", press) for press in [*sorted(presses), HOSTILE[0]]] + [("get", HOSTILE[1])]
        for turn, (sent, press) in enumerate(sendings):
            told = {name: HOSTILE[(at + turn) % len(HOSTILE)] for at, name in enumerate(fields)}
            status = answered(client, sent, one.path(ids), told | {"then": press})
            if status >= 500:
                broken.append((sent, one.route, press))
    assert broken == []


def fields_of(client: Client, one: Address, ids: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The names of a page's fields, and what its buttons say that was pressed."""
    answer = client.get(one.path(ids))
    if answer.streaming or answer.status_code != 200:
        return set(), set()
    page = answer.content.decode(errors="replace")
    return set(FIELD.findall(page)), set(PRESS.findall(page))


def answered(client: Client, method: str, path: str, told: dict[str, str]) -> int:
    found = 0
    try:
        with transaction.atomic():
            found = getattr(client, method)(path, told).status_code
            raise Undone
    except Undone:
        return found
