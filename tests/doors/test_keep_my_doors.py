"""My doors: kept in the browser's session, dropped, printed, and mailed as a link."""

from typing import Any
from urllib.parse import urlparse

import pytest
from django.core import mail
from django.test import Client

from opinovi.base.mail import send_waiting
from opinovi.base.models import Letter
from opinovi.directory.models import Service


def keep(client: Client, service: Service, **more: Any) -> Any:
    return client.post("/my-doors/keep", {"door": service.id, **more})


def test_a_kept_door_waits_in_my_doors(visitor: Client, career_guidance: Service) -> None:
    keep(visitor, career_guidance)
    page = visitor.get("/my-doors").content.decode()
    assert "Uraohjaus aikuiselle" in page and "Omat ovet (1)" in page
    assert "Omat ovet (1)" in visitor.get("/").content.decode()


def test_a_door_is_kept_once_and_can_be_dropped(visitor: Client, career_guidance: Service) -> None:
    keep(visitor, career_guidance)
    keep(visitor, career_guidance)
    assert len(visitor.get("/my-doors").context["doors"]) == 1
    visitor.post("/my-doors/drop", {"door": career_guidance.id})
    assert "Täällä ei ole vielä ovia" in visitor.get("/my-doors").content.decode()


def test_one_person_does_not_see_anothers_doors(visitor: Client, career_guidance: Service) -> None:
    keep(visitor, career_guidance)
    assert visitor.get("/my-doors").context["doors"]
    assert not Client().get("/my-doors").context["doors"]


@pytest.mark.parametrize("target", ["https://paha.example/", "//paha.example", "javascript:alert(1)", "http:///paha"])
def test_one_is_never_led_to_a_foreign_site(visitor: Client, career_guidance: Service, target: str) -> None:
    assert keep(visitor, career_guidance, next=target)["Location"] == "/my-doors"


def test_one_comes_back_to_where_one_was(visitor: Client, career_guidance: Service) -> None:
    assert keep(visitor, career_guidance, next="/doors?q=ura&page=2")["Location"] == "/doors?q=ura&page=2"


@pytest.mark.parametrize("door", ["", "1", "00000000-0000-0000-0000-000000000000", "<b>"])
def test_a_door_that_is_none_is_passed_over(visitor: Client, door: str) -> None:
    assert visitor.post("/my-doors/keep", {"door": door}).status_code == 302
    assert not visitor.get("/my-doors").context["doors"]


def test_the_mail_has_a_link_and_no_word_of_the_doors(
    visitor: Client, career_guidance: Service, django_capture_on_commit_callbacks: Any
) -> None:
    keep(visitor, career_guidance)
    with django_capture_on_commit_callbacks(execute=True):
        done = visitor.post("/my-doors/mail", {"email": "aino@esimerkki.example"})
    assert (
        done["Location"] == "/my-doors?sent=1"
        and "Linkki on lähdössä" in visitor.get(done["Location"]).content.decode()
    )
    send_waiting()
    [letter] = mail.outbox
    assert letter.to == ["aino@esimerkki.example"] and "Uraohjaus" not in letter.subject + letter.body
    link = next(word for word in letter.body.split() if "/my-doors?d=" in word)
    opened = Client().get(urlparse(link).path + "?" + urlparse(link).query)
    assert "Uraohjaus aikuiselle" in opened.content.decode() and "Talleta nämä ovet" in opened.content.decode()
    assert Letter.objects.get().to == ""


@pytest.mark.parametrize(
    "address", ["", "aino", "aino@", "a" * 250 + "@esimerkki.example", "aino@esimerkki.example\nBcc: b@c.example"]
)
def test_a_bad_address_says_so_next_to_the_field_and_keeps_what_was_typed(
    visitor: Client, career_guidance: Service, address: str
) -> None:
    keep(visitor, career_guidance)
    done = visitor.post("/my-doors/mail", {"email": address})
    page = done.content.decode()
    assert done.status_code == 422 and 'aria-invalid="true"' in page and Letter.objects.count() == 0
    assert address.split("\n")[0] in page


def test_nobody_fills_anothers_mailbox_through_us(visitor: Client, career_guidance: Service) -> None:
    keep(visitor, career_guidance)
    answers = [visitor.post("/my-doors/mail", {"email": "Aino@esimerkki.example"}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429] and Letter.objects.count() == 3


def test_a_form_from_a_foreign_site_is_refused(career_guidance: Service) -> None:
    strict = Client(enforce_csrf_checks=True)
    done = keep(strict, career_guidance)
    assert done.status_code == 403 and "Tämä ovi ei aukea sinulle" in done.content.decode()
