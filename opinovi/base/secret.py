"""Confidential text at rest: AES-256-GCM, under a master key or under a data key of one conversation's own.

Master keys lie outside the database: the first seals, every one unseals, so that a key is changed by putting the new
one first. Where they lie in the installation's own file, a change of it is seen at once by every process. A data key is
a row, wrapped by the master key; what was locked with it is gone when the row is.
"""

import base64
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12
WRAPPED_FOR = "data key"


def master_keys() -> tuple[str, ...]:
    """The master keys as they are now: of the environment, else of the installation's own file, a line each."""
    if not settings.MASTER_KEY_FILE:
        return tuple(settings.MASTER_KEYS)
    return lines_of(settings.MASTER_KEY_FILE, Path(settings.MASTER_KEY_FILE).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def lines_of(path: str, _changed: int) -> tuple[str, ...]:
    return tuple(line.strip() for line in Path(path).read_text().splitlines() if line.strip())


@lru_cache
def keys(told: tuple[str, ...]) -> tuple[AESGCM, ...]:
    return tuple(AESGCM(base64.urlsafe_b64decode(one)) for one in told)


def seal_bytes(key: AESGCM, content: bytes, purpose: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + key.encrypt(nonce, content, purpose.encode())


def open_bytes(key: AESGCM, sealed: bytes, purpose: str) -> bytes:
    """Raises InvalidTag where the key or the purpose is another."""
    return key.decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode())


def seal(text: str, purpose: str) -> str:
    """The text, encrypted under the first master key. It opens for the same purpose only."""
    return base64.urlsafe_b64encode(seal_bytes(keys(master_keys())[0], text.encode(), purpose)).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed for the purpose. Raises InvalidTag where no master key opens it."""
    raw = base64.urlsafe_b64decode(sealed)
    for key in keys(master_keys()):
        try:
            return open_bytes(key, raw, purpose).decode()
        except InvalidTag:
            continue
    raise InvalidTag


def require_the_key(wrapped: str) -> None:
    """Raises InvalidTag where no master key opens a data key of the installation's."""
    unseal(wrapped, WRAPPED_FOR)


def new_wrapped_key() -> str:
    """A data key of 32 random bytes, wrapped by the master key."""
    return seal(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(), WRAPPED_FOR)


@lru_cache(maxsize=2_000)
def unwrapped(wrapped: str, told: tuple[str, ...]) -> AESGCM:
    return AESGCM(base64.urlsafe_b64decode(unseal(wrapped, WRAPPED_FOR)))


def data_key(wrapped: str) -> AESGCM:
    """The data key that was wrapped. Raises InvalidTag where no master key opens it."""
    return unwrapped(wrapped, master_keys())
