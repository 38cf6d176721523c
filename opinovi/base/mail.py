"""Letters, by mail or text message: a row in the transaction of its cause, sent by a worker, tried again with back-off,
forgotten once sent. The same key is written once, and what was sent twice after a fault carries the same Message-ID."""

import smtplib
from datetime import datetime, time, timedelta
from uuid import UUID

import requests
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend as Folder
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from opinovi.base.clock import now
from opinovi.base.events import record
from opinovi.base.models import Letter

MAX_TRIES = 6
# A worker that took a letter and says nothing for so long is taken for dead.
TAKEN_SECONDS = 120
# How far apart the clocks of two hosts may be, and by how much a clock is wrong at most.
APART, WRONG_BY = timedelta(minutes=15), timedelta(days=7)
# Nobody's phone rings at night for what can wait until morning.
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
Failed = (OSError, smtplib.SMTPException, requests.RequestException)


def post(
    key: str,
    to: str,
    subject: str,
    body: str,
    *,
    kind: str = Letter.Kind.MAIL,
    about: str = "",
    attachment: str = "",
    not_before: datetime | None = None,
) -> Letter:
    """Write a letter to send; the same key is written once. Must run in the transaction of its cause.

    `attachment` is a calendar file; `not_before` is the earliest time to send.
    """
    letter = Letter(key=key, kind=kind, subject=subject, about=about, next_try_at=not_before or now())
    letter.tell(to=to, body=body, attachment=attachment)
    [letter] = Letter.objects.bulk_create([letter], ignore_conflicts=True)
    found = Letter.objects.get(key=key)
    if found.id == letter.id:
        record("post", "letter", letter.id)
        # The task is a row too, in the same transaction: neither stands without the other.
        if letter.next_try_at <= now():
            send_letters.enqueue()
    return found


def out_of_quiet(moment: datetime) -> datetime:
    """The moment, or the next morning where it falls in the quiet hours of the night (Finnish time)."""
    local = timezone.localtime(moment)
    if local.time() >= QUIET_FROM:
        local = local + timedelta(days=1)
    elif local.time() >= QUIET_UNTIL:
        return moment
    return datetime.combine(local.date(), QUIET_UNTIL, local.tzinfo)


def drop(keys: list[str]) -> None:
    """Letters that are not needed any more are not sent. Must run in the transaction of its cause."""
    waiting = Letter.objects.filter(key__in=keys, state=Letter.State.WAITING)
    waiting.update(state=Letter.State.DROPPED, sealed="")


def to_send() -> QuerySet[Letter]:
    """The letters whose time has come; those too whose worker went silent, and those that were written, taken or put
    off when the clock was wrong: a time that they would not be given now is none to wait for."""
    at = now()
    wrong = Q(created_at__gt=at, next_try_at__lte=F("created_at"))
    wrong |= Q(state=Letter.State.SENDING, next_try_at__gt=at + timedelta(seconds=TAKEN_SECONDS) + APART)
    for tries in range(1, MAX_TRIES):
        wrong |= Q(tries=tries, next_try_at__gt=at + put_off_by(tries))
    its_time = Q(next_try_at__lte=at) | wrong & Q(next_try_at__lt=at + WRONG_BY)
    return Letter.objects.filter(its_time, state__in=[Letter.State.WAITING, Letter.State.SENDING])


def put_off_by(tries: int) -> timedelta:
    """How long after so many tries the next one is: 1, 4, 16, 64, 256 minutes."""
    return timedelta(minutes=4 ** (tries - 1))


def due() -> list[UUID]:
    """What there is to send, the oldest first."""
    return list(to_send().order_by("created_at").values_list("id", flat=True))


def send_waiting() -> int:
    """Send every letter whose time has come; returns how many went out."""
    return sum(send_one(letter_id) for letter_id in due())


@task()
def send_letters() -> int:
    """Send the mail that waits, in the background."""
    return send_waiting()


def send_one(letter_id: UUID) -> bool:
    """Take a letter, send it, and say so: two short transactions, none held while a server answers."""
    letter = take(letter_id)
    if letter is None:
        return False
    try:
        deliver(letter)
    except Failed as error:
        put_off(letter, error)
        return False
    with transaction.atomic():
        letter.state, letter.sealed, letter.error = Letter.State.SENT, "", ""
        letter.save()
        record("send", "letter", letter.id)
    return True


def take(letter_id: UUID) -> Letter | None:
    """The letter, if it is due and no other worker took it first."""
    taken = (
        to_send()
        .filter(id=letter_id)
        .update(state=Letter.State.SENDING, next_try_at=now() + timedelta(seconds=TAKEN_SECONDS))
    )
    return Letter.objects.get(id=letter_id) if taken else None


def deliver(letter: Letter) -> None:
    """Hand a letter to the mail server or the gateway. Raises one of Failed."""
    told = letter.told()
    if letter.kind == Letter.Kind.SMS and settings.SMS_URL:
        answer = requests.post(
            settings.SMS_URL,
            json={"id": str(letter.id), "to": told["to"], "text": told["body"]},
            headers={"Authorization": f"Bearer {settings.SMS_KEY}"} if settings.SMS_KEY else {},
            timeout=20,
        )
        answer.raise_for_status()
        return
    headers = {"Message-ID": f"<{letter.id}@opinovi>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(letter.subject, told["body"], settings.DEFAULT_FROM_EMAIL, [told["to"]], headers=headers)
    if letter.kind == Letter.Kind.SMS:
        # No gateway: an example's text messages lie in the same folder as its mail.
        mail.connection = Folder(file_path=str(settings.OPINOVI_HOME / "mail"))
    if told.get("attachment"):
        mail.attach("calendar.ics", told["attachment"], "text/calendar")
    mail.send()


def put_off(letter: Letter, error: Exception) -> None:
    """Try again later, and at last give up where an operator can see it."""
    letter.tries += 1
    letter.error = type(error).__name__
    letter.next_try_at = now() + put_off_by(letter.tries)
    letter.state = Letter.State.FAILED if letter.tries >= MAX_TRIES else Letter.State.WAITING
    with transaction.atomic():
        letter.save()
        record("fail" if letter.state == Letter.State.FAILED else "put_off", "letter", letter.id, error=letter.error)


@transaction.atomic
def try_again(letter: Letter, by: str) -> None:
    """An administrator lets a letter that failed for good be tried anew."""
    Letter.objects.filter(id=letter.id, state=Letter.State.FAILED).update(
        state=Letter.State.WAITING, tries=0, next_try_at=now()
    )
    record("try_again", "letter", letter.id, by)
    send_letters.enqueue()
