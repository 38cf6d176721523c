"""Mail against a real SMTP server on loopback."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.db import transaction

from opinovi.base.clock import now
from opinovi.base.mail import MAX_TRIES, TAKEN_SECONDS, post, send_waiting
from opinovi.base.models import Letter


class Inbox:
    def __init__(self) -> None:
        self.letters: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.letters.append((envelope.rcpt_tos, envelope.content.decode()))  # type: ignore[attr-defined]
        return "250 OK"


@pytest.fixture
def inbox(settings: object) -> Iterator[Inbox]:
    box = Inbox()
    server = Controller(box, hostname="127.0.0.1", port=0)
    # The controller asks its own port to see that it is up; with port 0 it must be told the one that it got.
    server.port = free_port()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port  # type: ignore[attr-defined]
    settings.EMAIL_USE_TLS = False  # type: ignore[attr-defined]
    yield box
    server.stop()


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def write(key: str = "doors 1") -> Letter:
    with transaction.atomic():
        return post(key, "aino@esimerkki.example", "Omat ovesi", "https://esimerkki.example/my-doors")


@pytest.mark.django_db
def test_a_letter_is_sent_once_and_then_forgotten(inbox: Inbox) -> None:
    letter = write()
    assert (send_waiting(), send_waiting()) == (1, 0)
    letter.refresh_from_db()
    assert (letter.state, letter.to, letter.body) == ("sent", "", "")
    [(to, text)] = inbox.letters
    assert to == ["aino@esimerkki.example"] and f"<{letter.id}@opinovi>" in text


@pytest.mark.django_db
def test_the_same_key_is_written_once(inbox: Inbox) -> None:
    assert write() == write()
    assert send_waiting() == 1


@pytest.mark.django_db
def test_a_letter_waits_longer_after_each_failure_and_is_given_up_in_sight(
    settings: object, still: time_machine.Traveller
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()  # type: ignore[attr-defined]
    letter, waits = write(), []
    for _ in range(MAX_TRIES):
        assert send_waiting() == 0
        letter.refresh_from_db()
        waits.append((letter.next_try_at - now()).total_seconds() / 60)
        still.move_to(letter.next_try_at)
    assert waits == [1, 4, 16, 64, 256, 1024]
    assert (letter.state, letter.error) == ("failed", "ConnectionRefusedError")
    assert send_waiting() == 0


@pytest.mark.django_db
def test_what_was_written_while_the_clock_was_wrong_does_not_wait_for_that_day(
    inbox: Inbox, still: time_machine.Traveller
) -> None:
    right = now()
    still.move_to(right + timedelta(days=1))
    write("written")
    taken = write("taken by one that was killed")
    Letter.objects.filter(id=taken.id).update(state="sending", next_try_at=now() + timedelta(seconds=TAKEN_SECONDS))
    put_off = write("put off")
    Letter.objects.filter(id=put_off.id).update(tries=2, next_try_at=now() + timedelta(minutes=4))
    with transaction.atomic():
        post("a reminder", "aino@esimerkki.example", "Aika", "Huomenna", not_before=right + timedelta(days=9))
    still.move_to(right)
    assert (send_waiting(), send_waiting()) == (3, 0)
    assert Letter.objects.get(key="a reminder").state == "waiting"


@pytest.mark.django_db
def test_what_waits_for_its_time_waits(inbox: Inbox, still: time_machine.Traveller) -> None:
    letter = write()
    Letter.objects.filter(id=letter.id).update(tries=2, next_try_at=now() + timedelta(minutes=4))
    assert send_waiting() == 0
    Letter.objects.filter(id=letter.id).update(
        state="sending", tries=0, next_try_at=now() + timedelta(seconds=TAKEN_SECONDS)
    )
    assert send_waiting() == 0
    still.shift(TAKEN_SECONDS + 1)
    assert send_waiting() == 1
