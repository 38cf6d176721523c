"""Files that people send, and that are made for them: in the database, or with OPINOVI_FILES in a store that speaks S3.

There each lies under a name and a key of its own, and both stand in the row. So nobody who has the store alone reads
anything, and whoever deletes the row has forgotten the file, wherever copies of the store lie. What no row names any
longer is taken away after a day.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import obstore
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from opinovi.base.clock import now
from opinovi.base.ids import new_id
from opinovi.base.rounds import every
from opinovi.base.secret import open_bytes, seal_bytes

log = logging.getLogger(__name__)
# What a row holds begins so where the file lies elsewhere; then its name of 32 signs, and the rest is its key.
MARK, KEY = b"\x00opinovi file\x00", 32
HEAD = len(MARK) + 32
Lock = Callable[[bytes], bytes]
# Whose files are locked with a data key: the way from the row to it.
DATA_KEY_OF: dict[str, str] = {}
# What no row names may belong to a row that is just being written.
GRACE = timedelta(days=1)
DAY = 24 * 3600.0


class Away(ValidationError):
    """The store does not answer, or has not what a row names."""

    def __init__(self) -> None:
        super().__init__(_("Tiedostot eivät nyt toimi. Yritä myöhemmin, tai lähetä viesti ilman tiedostoa."))


@lru_cache(maxsize=2)
def store_at(url: str, endpoint: str, key: str, region: str) -> S3Store:
    """Raises ImproperlyConfigured where the setting is none that is understood."""
    parts, (name, _colon, secret) = urlsplit(url), key.partition(":")
    if parts.scheme != "s3" or not parts.netloc or not secret:
        raise ImproperlyConfigured(
            "OPINOVI_FILES is s3://BUCKET or s3://BUCKET/FOLDER, and OPINOVI_FILES_KEY is NAME:SECRET."
        )
    return S3Store(
        parts.netloc, prefix=parts.path.strip("/") or None, endpoint=endpoint or None, region=region,
        access_key_id=name, secret_access_key=secret,
        client_options={"timeout": "20s", "connect_timeout": "3s", "allow_http": endpoint.startswith("http://")},
        retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=5)},
    )  # fmt: skip


def store() -> S3Store:
    return store_at(settings.FILES, settings.FILES_ENDPOINT, settings.FILES_KEY, settings.FILES_REGION)


def keep(content: bytes) -> bytes:
    """What a row is to hold of a file: all of it, or where it lies and the key to it. Raises Away. It may take long:
    never within a transaction."""
    if not settings.FILES or not content:
        return content
    key, name = secrets.token_bytes(KEY), new_id().hex
    try:
        obstore.put(store(), name, seal_bytes(AESGCM(key), content, name))
    except BaseError as error:
        raise Away from error
    return MARK + name.encode() + key


def fetch(kept: bytes | memoryview) -> bytes:
    """The file that a row holds, wherever it lies. Raises Away."""
    kept = bytes(kept)
    if not (name := name_in(kept)):
        return kept
    try:
        return open_bytes(AESGCM(kept[HEAD:]), bytes(obstore.get(store(), name).bytes()), name)
    except (BaseError, InvalidTag, ValueError, ImproperlyConfigured) as error:
        raise Away from error


def locked(kept: bytes, lock: Lock) -> bytes:
    """The same, for a row whose files are locked with a key of its own: the file, or the key to it where it lies."""
    return kept[:HEAD] + lock(kept[HEAD:]) if name_in(kept) else lock(kept)


def unlocked(kept: bytes | memoryview, unlock: Lock) -> bytes:
    kept = bytes(kept)
    return kept[:HEAD] + unlock(kept[HEAD:]) if name_in(kept) else unlock(kept)


def name_in(kept: bytes | memoryview) -> str:
    """The name under which a row's file lies in the store; empty where it lies in the row."""
    kept = bytes(kept)
    return kept[len(MARK) : HEAD].decode() if kept.startswith(MARK) else ""


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that holds files."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.BinaryField):
                yield model, field.name


def named() -> set[str]:
    """The names that rows know. The rows of large files hold their beginnings alone in memory."""
    found = set()
    for model, column in columns():
        start = models.functions.Substr(column, 1, HEAD)
        for kept in model._default_manager.annotate(start=start).values_list("start", flat=True).iterator():
            found.add(name_in(kept) if kept else "")
    return found - {""}


def listed() -> Iterator[Any]:
    """What lies in the store, file by file. Raises Away."""
    try:
        for part in obstore.list(store()):
            yield from part
    except BaseError as error:
        raise Away from error


def tidy() -> int:
    """Take away what no row names and is older than a day; gives how many. Raises Away."""
    if not settings.FILES:
        return 0
    before, known = now() - GRACE, named()
    old = [one["path"] for one in listed() if one["last_modified"] < before and one["path"] not in known]
    for path in old:
        try:
            obstore.delete(store(), path)
        except NotFoundError:
            continue
        except BaseError as error:
            raise Away from error
    return len(old)


@every(DAY)
def tidy_daily() -> None:
    try:
        tidy()
    except Away:
        log.warning("the store of files does not answer: what no row names stays there a day longer")


def missing() -> list[str]:
    """The names that rows know and the store has not. Raises Away."""
    known = named()
    return sorted(known - {one["path"] for one in listed()}) if known else []


def move(out: bool) -> int:
    """Every file of the database to the store, or back; gives how many. Row by row and outside of transactions, so that
    it may be ended and begun again while people write. Raises Away."""
    moved = 0
    for model, column in columns():
        way = DATA_KEY_OF.get(model._meta.label, "")
        rows = model._default_manager.select_related(*([way] if way else []))
        for pk in model._default_manager.values_list("pk", flat=True).iterator():
            one = rows.filter(pk=pk).first()
            kept = getattr(one, column, None)
            if not kept or bool(name_in(kept)) == out:
                continue
            lock, unlock = locks_of(one, way)
            plain = unlocked(kept, unlock)
            told = locked(keep(plain) if out else fetch(plain), lock)
            # Whoever changed it meanwhile knows better.
            moved += model._default_manager.filter(pk=pk, **{column: kept}).update(**{column: told})
    return moved


def locks_of(row: Any, way: str) -> tuple[Lock, Lock]:
    if not way:
        return bytes, bytes
    for name in way.split("__"):
        row = getattr(row, name)
    return row.lock_bytes, row.unlock_bytes
