"""Confidential text at rest: AES-256-GCM under a master key that lies outside the database.

The first key seals; every key unseals, so that a key is changed by putting the new one first.
"""

import base64
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


@lru_cache
def keys(told: tuple[str, ...]) -> tuple[AESGCM, ...]:
    return tuple(AESGCM(base64.urlsafe_b64decode(one)) for one in told)


def seal(text: str, purpose: str) -> str:
    """The text, encrypted. It opens for the same purpose only."""
    nonce = secrets.token_bytes(NONCE)
    sealed = keys(tuple(settings.MASTER_KEYS))[0].encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed for the purpose. Raises InvalidTag where no key opens it."""
    from cryptography.exceptions import InvalidTag

    raw = base64.urlsafe_b64decode(sealed)
    for key in keys(tuple(settings.MASTER_KEYS)):
        try:
            return key.decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()
        except InvalidTag:
            continue
    raise InvalidTag
