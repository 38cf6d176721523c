"""Change the master key while the site runs, so that an old one can be taken away."""

import base64
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction

from opinovi.base.files import put
from opinovi.base.secret import keys, master_keys, open_bytes, seal, unseal

BATCH = 100
FACTOR = "second factor"


def sealed_fields() -> Iterator[tuple[type[models.Model], str, str]]:
    """Every column that is sealed under the master key itself, and what for: models name theirs in SEALED."""
    for model in apps.get_models():
        for field, purpose in getattr(model, "SEALED", {}).items():
            yield model, field, purpose


def is_newest(sealed: str, purpose: str) -> bool:
    """Whether the first master key opens it."""
    try:
        open_bytes(keys(master_keys())[0], base64.urlsafe_b64decode(sealed), purpose)
    except InvalidTag:
        return False
    return True


def seal_anew(model: type[models.Model], field: str, purpose: str) -> int:
    """Each text under the first key, and only as it was read: a change meanwhile is under it already. A few at a time,
    so that nobody waits long for a write of theirs."""
    rows = model._default_manager.exclude(**{field: ""})
    ids = list(rows.values_list("pk", flat=True))
    count = 0
    for begin in range(0, len(ids), BATCH):
        started = time.monotonic()
        count += seal_some(model, field, purpose, ids[begin : begin + BATCH])
        # As long a pause as it held the database: those who wait to write come in between.
        time.sleep(time.monotonic() - started)
    return count


@transaction.atomic
def seal_some(model: type[models.Model], field: str, purpose: str, ids: list[Any]) -> int:
    count = 0
    for pk, sealed in list(model._default_manager.filter(pk__in=ids).values_list("pk", field)):
        if sealed and not is_newest(sealed, purpose):
            told = {field: seal(unseal(sealed, purpose), purpose)}
            count += model._default_manager.filter(**{"pk": pk, field: sealed}).update(**told)
    return count


def seal_factors() -> int:
    """The secrets of authenticator apps and spare codes."""
    count = 0
    for factor in Authenticator.objects.iterator():
        told = {name: factor_anew(value) for name, value in factor.data.items()}
        if told != factor.data:
            count += Authenticator.objects.filter(pk=factor.pk, data=factor.data).update(data=told)
    return count


def factor_anew(value: Any) -> Any:
    """A sealed secret of an authenticator under the first key; anything else as it is."""
    try:
        return value if is_newest(value, FACTOR) else seal(unseal(value, FACTOR), FACTOR)
    except (InvalidTag, ValueError, TypeError):
        return value


def left() -> int:
    """How many texts the first key does not open."""
    found = 0
    for model, field, purpose in sealed_fields():
        rows = model._default_manager.exclude(**{field: ""}).values_list(field, flat=True)
        found += sum(not is_newest(sealed, purpose) for sealed in rows.iterator(chunk_size=BATCH))
    return found


class Command(BaseCommand):
    help = "opinovi keys rotate: a new master key, and all sealed anew under it; opinovi keys drop: take old keys away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["rotate", "reseal", "drop"], nargs="?", default="reseal")

    def handle(self, *args: Any, **options: Any) -> None:
        {"rotate": self.rotate, "reseal": self.reseal, "drop": self.drop}[options["what"]]()

    def file(self) -> Path:
        if not settings.MASTER_KEY_FILE:
            raise CommandError(
                "The keys are in OPINOVI_MASTER_KEYS: put the new one first there, then opinovi keys reseal."
            )
        return Path(settings.MASTER_KEY_FILE)

    def rotate(self) -> None:
        """The new key stands first at once, in every process: both open, the new one seals. Then all is sealed anew."""
        new = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        put(self.file(), "\n".join([new, *master_keys()]) + "\n")
        self.reseal()

    def reseal(self) -> None:
        count = seal_factors() + sum(seal_anew(*one) for one in sealed_fields())
        # What a process sealed under the old key in the moment of the change.
        count += sum(seal_anew(*one) for one in sealed_fields())
        self.stdout.write(f"{count} texts and keys sealed anew; {left()} under an old key.")

    def drop(self) -> None:
        if left():
            raise CommandError("Something is still under an old key: opinovi keys reseal first.")
        put(self.file(), master_keys()[0] + "\n")
        self.stdout.write("Only the newest master key is left.")
