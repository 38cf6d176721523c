"""Signing in without a password: a code by mail, then a second factor where the roles want one."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from opinovi.base.clock import now
from opinovi.base.models import Event, Letter
from opinovi.network.models import Person

Letters = Callable[[], list[Letter]]


@pytest.fixture
def guide(db: None, settings: Any) -> Person:
    """A guide who is no example: everything is asked of them."""
    from opinovi.network.actions import make_person, place
    from opinovi.network.models import Organisation

    person = make_person("ohjaaja@talo.fi", "Ohjaaja")
    place(person, Organisation.objects.get(source="example", external_id="salpaus"), [("guide", None)])
    return person


def ask_code(client: Client, email: str, **more: str) -> Any:
    return client.post("/sign-in", {"email": email, **more})


def code_in(letter: Letter) -> str:
    found = re.search(r"\n\n([A-Z0-9-]{6,})\n\n", letter.body)
    assert found is not None, letter.body
    return found[1]


def app_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_code_by_mail_lets_in_and_leaves_an_event(visitor: Client, guide: Person, letters: Letters) -> None:
    assert ask_code(visitor, "Ohjaaja@Talo.fi", next="/desk").headers["Location"].startswith("/sign-in/code")
    letter = letters()[-1]
    assert letter.to == guide.email and code_in(letter) not in letter.subject
    answer = visitor.post("/sign-in/code", {"code": code_in(letter), "next": "/desk"})
    assert answer.headers["Location"] == "/desk"
    assert Event.objects.filter(verb="sign_in", subject_id=str(guide.id)).count() == 1
    # A guide sees clients, so the desk waits for a second factor.
    assert visitor.get("/desk").headers["Location"] == "/account/second-factor"


def test_a_wrong_code_is_told_and_the_third_ends_the_try(visitor: Client, guide: Person, letters: Letters) -> None:
    ask_code(visitor, guide.email)
    page = visitor.post("/sign-in/code", {"code": "AAAAAA"}).content.decode()
    assert "Koodi on väärä" in page
    visitor.post("/sign-in/code", {"code": "BBBBBB"})
    assert visitor.post("/sign-in/code", {"code": "CCCCCC"}).status_code == 302
    # The right code does not help any more.
    visitor.post("/sign-in/code", {"code": code_in(letters()[-1])})
    assert visitor.get("/account").status_code == 302


def test_a_code_is_over_after_ten_minutes(visitor: Client, guide: Person, letters: Letters, still: Any) -> None:
    ask_code(visitor, guide.email)
    still.shift(601)
    visitor.post("/sign-in/code", {"code": code_in(letters()[-1])})
    assert visitor.get("/account").status_code == 302


def test_nobody_learns_who_has_an_account(guide: Person, letters: Letters) -> None:
    pages = {}
    for email in (guide.email, "tuntematon@talo.fi"):
        client = Client()
        first = ask_code(client, email)
        second = client.get(first.headers["Location"])
        wrong = client.post("/sign-in/code", {"code": "AAAAAA"})
        clean = [re.sub(r'value="[^"]{20,}"', "", one.content.decode()) for one in (second, wrong)]
        pages[email] = (first.status_code, first.headers["Location"], second.status_code, wrong.status_code, *clean)
    assert pages[guide.email] == pages["tuntematon@talo.fi"]
    assert [letter.to for letter in letters()] == [guide.email]


def test_fifty_wrong_codes_never_get_in(guide: Person, letters: Letters) -> None:
    client = Client()
    refused = 0
    for number in range(50):
        if number % 3 == 0 and ask_code(client, guide.email).status_code == 429:
            refused += 1
        client.post("/sign-in/code", {"code": f"AAA{number:03d}"})
    assert refused > 10 and client.get("/account").status_code == 302
    # At most three letters a minute fill nobody's mailbox.
    assert len(letters()) <= 3


def test_too_many_tries_get_a_page_of_ours(guide: Person) -> None:
    client = Client()
    pages = [ask_code(client, guide.email) for _ in range(5)]
    assert pages[-1].status_code == 429 and "Odota muutama minuutti" in pages[-1].content.decode()


def test_a_session_from_before_is_not_the_one_after(guide: Person, letters: Letters) -> None:
    """Session fixation: an id that an attacker planted lets nobody in."""
    client = Client()
    ask_code(client, guide.email)
    planted = client.cookies["sessionid"].value
    client.post("/sign-in/code", {"code": code_in(letters()[-1])})
    assert client.cookies["sessionid"].value != planted
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert attacker.get("/account").status_code == 302


def test_an_app_becomes_the_second_factor_and_is_asked_for(
    guide: Person, letters: Letters, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    client.force_login(guide)
    page = client.get("/account/second-factor/app").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret is not None
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/account/second-factor/app", {"code": app_code(secret[1])})
    assert answer.headers["Location"] == "/account/second-factor/spare"
    spare = re.findall(r"<li><code>([\d-]{8,9})</code>", client.get("/account/second-factor/spare").content.decode())
    assert len(spare) == 10 and client.get("/desk").status_code == 200
    stored = Authenticator.objects.get(user=guide, type="totp").data["secret"]
    assert secret[1] not in stored
    assert "Kirjautumisesi muuttui" in [letter.subject for letter in letters()]

    again = Client()
    ask_code(again, guide.email)
    code = code_in(next(one for one in letters() if one.subject == "Koodi kirjautumiseen"))
    assert again.post("/sign-in/code", {"code": code}).headers["Location"].startswith("/sign-in/second")
    assert again.get("/desk").status_code == 302
    assert "Koodi on väärä" in again.post("/sign-in/second", {"code": "000000"}).content.decode()
    assert again.post("/sign-in/second", {"code": spare[0]}).status_code == 302
    assert again.get("/desk").status_code == 200
    assert Client().get("/desk").status_code == 302


def test_the_desk_opens_only_after_the_second_factor_is_set(guide: Person) -> None:
    client = Client()
    client.force_login(guide)
    assert client.get("/desk/who").headers["Location"] == "/account/second-factor"
    assert "Toinen avain" in client.get("/account/second-factor").content.decode()
    assert client.get("/account").status_code == 200


def test_one_sees_and_ends_ones_own_sessions(visitor: Client, guide: Person, letters: Letters) -> None:
    other = Client(headers={"user-agent": "Vieras puhelin"})
    for client in (other, visitor):
        ask_code(client, guide.email)
        client.post("/sign-in/code", {"code": code_in(letters()[-1])})
    page = visitor.get("/account/sessions").content.decode()
    assert "Vieras puhelin" in page and "Tämä laite" in page
    pk = re.search(r'name="session" value="(\d+)"', page)
    assert pk is not None
    visitor.post("/account/sessions", {"session": pk[1]})
    assert other.get("/account").status_code == 302 and visitor.get("/account").status_code == 200


def test_nobody_ends_the_session_of_another(as_person: Any, visitor: Client, guide: Person, letters: Letters) -> None:
    ask_code(visitor, guide.email)
    visitor.post("/sign-in/code", {"code": code_in(letters()[-1])})
    from allauth.usersessions.models import UserSession

    pk = UserSession.objects.get(user=guide).pk
    assert as_person("assi").post("/account/sessions", {"session": str(pk)}).status_code == 404
    assert visitor.get("/account").status_code == 200


def test_one_who_was_closed_out_does_not_get_in(visitor: Client, guide: Person, letters: Letters) -> None:
    Person.objects.filter(id=guide.id).update(is_active=False)
    ask_code(visitor, guide.email)
    for letter in letters():
        visitor.post("/sign-in/code", {"code": code_in(letter)})
    assert visitor.get("/account").status_code == 302


def test_signing_up_by_oneself_is_not_possible(visitor: Client) -> None:
    assert visitor.get("/sign-up").status_code == 404 and visitor.post("/sign-in/new").status_code in (302, 404)
    assert not Person.objects.filter(email="uusi@talo.fi").exists()


def test_an_open_redirect_is_not_followed(visitor: Client, guide: Person, letters: Letters) -> None:
    ask_code(visitor, guide.email, next="https://paha.example/")
    answer = visitor.post("/sign-in/code", {"code": code_in(letters()[-1]), "next": "https://paha.example/"})
    assert answer.headers["Location"] == "/desk"


@pytest.mark.parametrize("hostile", ["http://[::1", "//paha.example/", "javascript:alert(1)"])
def test_what_is_no_address_leads_nowhere(as_person: Any, hostile: str) -> None:
    answer = as_person("eetu").post("/sign-out", {"next": hostile})
    assert answer.status_code == 302 and answer.headers["Location"] == "/"


def test_a_session_ends_however_often_one_comes(as_person: Any) -> None:
    client = as_person("eetu")
    session = client.session
    for days, status in ((29, 200), (31, 302)):
        session["account_authentication_methods"] = [
            {"method": "code", "at": (now() - timedelta(days=days)).timestamp()},
            {"method": "mfa", "reauthenticated": True, "at": now().timestamp()},
        ]
        session.save()
        assert client.get("/desk").status_code == status
    assert "/sign-in" in client.get("/desk").headers["Location"]


def test_the_examples_people_are_one_click_away_and_only_there(visitor: Client, settings: Any) -> None:
    page = visitor.get("/sign-in").content.decode()
    for name in (
        "Oona Ohjaaja",
        "Eetu Editori",
        "Päivi Pääkäyttäjä",
        "Kaisa Koordinaattori",
        "Veikko",
        "Tarja",
        "Timo",
        "Assi",
    ):
        assert name in page
    oona = Person.objects.get(email="oona@example.example")
    assert visitor.post("/sign-in/example", {"person": str(oona.id)}).headers["Location"] == "/desk"
    assert visitor.get("/desk").status_code == 200
    settings.EXAMPLE = False
    other = Client()
    assert "Oona Ohjaaja" not in other.get("/sign-in").content.decode()
    assert other.post("/sign-in/example", {"person": str(oona.id)}).status_code == 403


def test_only_an_example_person_comes_in_by_one_click(visitor: Client, guide: Person) -> None:
    for value in (str(guide.id), "", "ei-ole", "00000000-0000-0000-0000-000000000000"):
        assert visitor.post("/sign-in/example", {"person": value}).status_code == 404
    assert visitor.get("/account").status_code == 302


def test_kept_doors_outlive_a_sign_in_and_a_sign_out(visitor: Client, career_guidance: Any, guide: Person) -> None:
    visitor.post("/my-doors/keep", {"door": str(career_guidance.id)})
    visitor.force_login(guide)
    assert "Uraohjaus aikuiselle" in visitor.get("/my-doors").content.decode()
    visitor.post("/sign-out")
    assert "Uraohjaus aikuiselle" in visitor.get("/my-doors").content.decode()


def test_one_changes_ones_name_and_language(as_person: Any) -> None:
    client = as_person("eetu")
    assert client.post("/account", {"name": "Eetu E.", "language": "sv"}).status_code == 302
    assert "Eetu E." in client.get("/account").content.decode()
    assert client.post("/account", {"name": "", "language": "xx", "is_active": "", "example": ""}).status_code == 422
    assert Person.objects.get(email="eetu@example.example").language == "sv"
