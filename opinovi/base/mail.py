"""Mail: a row in the transaction of its cause, sent by a task, tried again with back-off, forgotten once sent."""

import smtplib
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.models import Letter

MAX_TRIES = 6


def post(key: str, to: str, subject: str, body: str) -> Letter:
    """Write a letter to send; the same key is written once. Must run in the transaction of its cause."""
    from opinovi.base.tasks import send_letters

    letter, new = Letter.objects.get_or_create(key=key, defaults={"to": to, "subject": subject, "body": body})
    if new:
        record("post", "letter", letter.id)
        # The task is a row too, in the same transaction: neither stands without the other.
        send_letters.enqueue()
    return letter


def send_waiting() -> int:
    """Send every letter whose time has come; returns how many went out."""
    due = Letter.objects.filter(state=Letter.State.WAITING, next_try_at__lte=now()).order_by("created_at")
    return sum(send_one(letter_id) for letter_id in due.values_list("id", flat=True))


def send_one(letter_id: UUID) -> bool:
    with transaction.atomic():
        letter = Letter.objects.select_for_update().filter(id=letter_id, state=Letter.State.WAITING).first()
        if letter is None:
            return False
        try:
            message_id = f"<{letter.id}@opinovi>"
            EmailMessage(
                letter.subject,
                letter.body,
                settings.DEFAULT_FROM_EMAIL,
                [letter.to],
                headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
            ).send()
        except (OSError, smtplib.SMTPException) as error:
            put_off(letter, error)
            return False
        letter.state, letter.to, letter.body, letter.error = Letter.State.SENT, "", "", ""
        letter.save()
        record("send", "letter", letter.id)
        return True


def put_off(letter: Letter, error: Exception) -> None:
    """Try again after 1, 4, 16, 64, 256 minutes, then give up where an operator can see it."""
    from opinovi.base import tasks

    letter.tries += 1
    letter.error = type(error).__name__
    letter.next_try_at = now() + timedelta(minutes=4 ** (letter.tries - 1))
    if letter.tries >= MAX_TRIES:
        letter.state = Letter.State.FAILED
    else:
        tasks.send_letters.using(run_after=letter.next_try_at).enqueue()
    letter.save()
    record("fail" if letter.state == Letter.State.FAILED else "put_off", "letter", letter.id, error=letter.error)
