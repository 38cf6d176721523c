"""Other systems are told of changes: signed, tried again, and what each was told is there to be seen."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from opinovi.base.models import Event
from opinovi.directory.actions import Record, upkeep
from opinovi.directory.actions.take_in_batch import take_in_batch, withdraw_batch
from opinovi.directory.models import Service, Version
from opinovi.interchange.actions import hooks
from opinovi.interchange.models import Hook, Telling, TellingState
from opinovi.network.models import Organisation, Person
from tests.directory.editing import new_draft, send, values
from tests.interchange.serving import served

ATOM = "{http://www.w3.org/2005/Atom}"


class Partner:
    """A system that hears: what it was told, and what it answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.heard.append(({name.lower(): value for name, value in handler.headers.items()}, body))
        handler.send_response(self.status)
        if self.status == 302:
            handler.send_header("Location", "http://127.0.0.1:1/")
        handler.send_header("Content-Length", "0")
        handler.end_headers()


@pytest.fixture
def partner(settings: Any) -> Iterator[tuple[Partner, str]]:
    one = Partner()
    with served(one.respond) as where:
        settings.FETCH_ALLOWED = [where]
        yield one, f"http://{where}/changes"


@pytest.fixture
def paivi(person: Callable[[str], Person]) -> Person:
    return person("paivi")


def change(name: str, key: str = "told") -> Service:
    ids = take_in_batch("service", "hsds", [Record(key, {"name": {"fi": name}})])
    return Service.objects.get(id=ids[key])


def hook_of(
    by: Person, house: Organisation, address: str, kinds: list[str], own_only: bool = False
) -> tuple[Hook, str]:
    return hooks.make_hook(by, house, address, kinds, own_only)


def test_a_change_is_told_signed_and_says_nothing_but_what_and_where(
    partner: tuple[Partner, str], paivi: Person, salpaus: Organisation, still: Any
) -> None:
    one, address = partner
    hook, secret = hook_of(paivi, salpaus, address, ["service"])
    service = change("Hitsausta")
    assert hooks.gather() == 0
    still.shift(timedelta(seconds=6))
    assert hooks.gather() == 1 and hooks.gather() == 0 and hooks.send_due() == 1 and hooks.send_due() == 0
    [(headers, body)] = one.heard
    told = json.loads(body)
    assert told["type"] == "service.added" and told["id"] == str(service.id) and "Hitsausta" not in body.decode()
    assert told["record"].endswith(f"/api/services/{service.id}")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert secret not in json.dumps(list(Hook.objects.values("sealed", "address")))
    withdraw_batch("service", "hsds", ["told"])
    still.shift(timedelta(seconds=6))
    hooks.gather()
    hooks.send_due()
    assert json.loads(one.heard[-1][1])["type"] == "service.withdrawn"
    assert [row.state for row in hook.tellings.all()] == [TellingState.SENT] * 2


def test_what_is_not_heard_is_told_again_later_and_given_up_after_days(
    partner: tuple[Partner, str], paivi: Person, salpaus: Organisation, still: Any
) -> None:
    one, address = partner
    one.status = 500
    hook, _secret = hook_of(paivi, salpaus, address, ["service"])
    change("Kudontaa")
    still.shift(timedelta(seconds=6))
    hooks.gather()
    for wait in hooks.WAITS:
        assert hooks.send_due() == 0
        row = Telling.objects.get()
        assert row.state == TellingState.WAITING and row.status == 500
        heard = len(one.heard)
        still.shift(wait - timedelta(seconds=1))
        hooks.send_due()
        assert len(one.heard) == heard
        still.shift(timedelta(seconds=1))
    hooks.send_due()
    row = Telling.objects.get()
    assert row.state == TellingState.FAILED and row.tries == len(hooks.WAITS) + 1
    # The same message each time, so that one that was heard twice is known.
    assert len({headers["webhook-id"] for headers, _body in one.heard}) == 1
    still.shift(timedelta(days=6))
    change("Kudontaa talvella")
    still.shift(timedelta(seconds=6))
    hooks.gather()
    hooks.send_due()
    hook.refresh_from_db()
    assert hook.paused_at is not None and hooks.gather() == 0
    one.status = 200
    hooks.try_hook(paivi, hook)
    hooks.tell_again(paivi, row)
    assert hooks.send_due() == 2
    hook.refresh_from_db()
    assert hook.paused_at is None and hook.failing_since is None


def test_one_who_says_gone_is_told_no_more_and_no_redirect_is_followed(
    partner: tuple[Partner, str], paivi: Person, salpaus: Organisation, still: Any
) -> None:
    one, address = partner
    hook, _secret = hook_of(paivi, salpaus, address, ["service"])
    hooks.try_hook(paivi, hook)
    one.status = 302
    assert hooks.send_due() == 0 and Telling.objects.get().status == 302
    one.status = 410
    still.shift(timedelta(seconds=5))
    assert hooks.send_due() == 0
    hook.refresh_from_db()
    assert hook.ended_at is not None
    change("Turhaan")
    still.shift(timedelta(seconds=6))
    assert hooks.gather() == 0


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1:9/", "https://localhost/", "https://[::1]/", "https://10.0.0.1/"]
)
def test_nothing_is_sent_to_private_addresses(
    paivi: Person, salpaus: Organisation, settings: Any, address: str
) -> None:
    settings.FETCH_ALLOWED = ["other.example:80"]
    hook, _secret = hook_of(paivi, salpaus, address, ["service"])
    hooks.try_hook(paivi, hook)
    assert hooks.send_due() == 0 and Telling.objects.get().why == "private"


def test_many_changes_at_once_are_told_as_one_and_those_of_one_house_alone(
    partner: tuple[Partner, str], paivi: Person, salpaus: Organisation, still: Any, visitor: Client
) -> None:
    all_of_them, _secret = hook_of(paivi, salpaus, partner[1], ["service"])
    own, _secret = hook_of(paivi, salpaus, partner[1], ["service"], own_only=True)
    records = [Record(f"many-{n}", {"name": {"fi": f"Palvelu {n}"}}) for n in range(120)]
    take_in_batch("service", "hsds", records)
    mine = Service.objects.filter(organisation=salpaus).first()
    assert mine is not None
    take_in_batch("service", mine.source, [Record(mine.external_id, {"name": mine.name})])
    still.shift(timedelta(seconds=6))
    assert hooks.gather() == 2
    body = all_of_them.tellings.get().body
    assert (body["type"], body["count"]) == ("many", 121)
    assert own.tellings.get().body["id"] == str(mine.id)
    # Where to read them all, page by page.
    asked = body["changes"].partition("/api/")[2]
    told = visitor.get(f"/api/{asked}").json()
    assert len(told["changes"]) == 121 and told["more"] is False
    after = visitor.get(f"/api/changes?after={told['last']}").json()
    assert after == {"changes": [], "last": told["last"], "more": False}


def test_an_administrator_adds_an_address_sees_the_log_and_others_do_not(
    as_person: Callable[[str], Client], partner: tuple[Partner, str], salpaus: Organisation
) -> None:
    admin = as_person("paivi")
    wrong = admin.post("/desk/hooks", {"organisation": salpaus.id, "address": "ei osoite", "kinds": []})
    assert wrong.status_code == 422 and "ei osoite" in wrong.content.decode()
    made = admin.post("/desk/hooks", {"organisation": salpaus.id, "address": partner[1], "kinds": ["service"]})
    assert "whsec_" in made.content.decode() and made["Cache-Control"] == "no-store"
    assert "whsec_" not in admin.get("/desk/hooks").content.decode()
    hook = Hook.objects.get()
    admin.post(f"/desk/hooks/{hook.id}", {"then": "try"})
    assert "odottaa" in admin.get(f"/desk/hooks/{hook.id}").content.decode()
    hooks.send_due()
    shown = admin.get(f"/desk/hooks/{hook.id}").content.decode()
    assert "perillä" in shown and "trial" in shown
    other = as_person("oona")
    assert other.post(f"/desk/hooks/{hook.id}", {"then": "end"}).status_code in (302, 403, 404)
    hook.refresh_from_db()
    assert hook.ended_at is None
    admin.post(f"/desk/hooks/{hook.id}", {"then": "end"})
    hook.refresh_from_db()
    assert hook.ended_at is not None
    verbs = Event.objects.filter(subject_type="hook").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["make", "try", "tell", "end"]


def test_the_feed_of_changes_is_atom_and_names_each_service_once(visitor: Client, still: Any) -> None:
    change("Ensin", "a")
    change("Sitten", "b")
    change("Ensin, korjattuna", "a")
    withdraw_batch("service", "hsds", ["b"])
    response = visitor.get("/api/changes.atom?language=fi")
    assert response["Content-Type"].startswith("application/atom+xml") and response["ETag"]
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids)) <= 50 and all(one and one.startswith("urn:uuid:") for one in ids)
    titles = [entry.findtext(f"{ATOM}title") or "" for entry in entries]
    assert titles[0] == "Ei enää tarjolla" and titles[1].startswith("Ensin, korjattuna")
    assert not any("Sitten" in title for title in titles)
    again = visitor.get("/api/changes.atom?language=fi", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_nothing_is_told_in_the_clear_and_what_waits_for_one_who_is_deaf_waits_together(
    partner: tuple[Partner, str], paivi: Person, salpaus: Organisation, still: Any
) -> None:
    with pytest.raises(ValidationError):
        hook_of(paivi, salpaus, "http://other.example/changes", ["service"])
    one, address = partner
    one.status = 503
    hook, _secret = hook_of(paivi, salpaus, address, ["service"])
    for number in range(5):
        change(f"Palvelu {number}", f"many-{number}")
    still.shift(timedelta(seconds=6))
    assert hooks.gather() == 5 and hooks.send_due() == 0
    # One try told that it does not hear; the others were not lost on it.
    assert len(one.heard) == 1 and hook.tellings.filter(state=TellingState.WAITING).count() == 5
    one.status = 200
    still.shift(hooks.WAITS[0])
    assert hooks.send_due() == 5
    types = [json.loads(body)["number"] for _headers, body in one.heard[1:]]
    assert types == sorted(types)


def test_what_editors_do_to_their_own_records_is_told_too(
    person: Callable[[str], Person], as_person: Callable[[str], Client], salpaus: Organisation, visitor: Client
) -> None:
    eetu = person("eetu")
    after = visitor.get("/api/changes?after=0").json()
    while after["more"]:
        after = visitor.get(f"/api/changes?after={after['last']}").json()

    def told() -> list[tuple[str, str]]:
        rows = visitor.get(f"/api/changes?after={after['last']}&kind=service").json()["changes"]
        return [(one["id"], one["how"]) for one in rows]

    service = Service.objects.filter(organisation=salpaus, source="example").first()
    assert service is not None
    upkeep.withdraw(eetu, service)
    assert told()[-1] == (str(service.id), "withdrawn")
    version = Version.objects.filter(record_id=service.id).order_by("number").first()
    assert version is not None
    upkeep.bring_back(eetu, version)
    assert told()[-1] == (str(service.id), "changed")
    editor = as_person("eetu")
    draft = new_draft(editor, "service", salpaus.id)
    sent = values(editor, draft) | {
        "name_fi": "Robotiikkaa", "summary_fi": "Opit ohjaamaan robottia.", "kind": "education", "charge": "free",
        "area": "region", "confirm_months": "6", "channel_0_kind": "phone", "channel_0_value": "03 100 1139",
    }  # fmt: skip
    send(editor, draft, sent, then="publish")
    assert told()[-1] == (str(draft.id), "added")
