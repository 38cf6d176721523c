"""Identifiers: UUIDv7, so that rows made later sort later and indexes stay compact; and numbers that people say."""

import secrets
import uuid
from typing import Any

from uuid6 import uuid7


def new_id() -> uuid.UUID:
    return uuid.UUID(int=uuid7().int)


def spoken_number(rows: Any) -> int:
    """Six digits by which people speak of a row (`rows` is its manager; the field is `number`); they tell neither how
    many there are nor when it was made."""
    while True:
        number = 100_000 + secrets.randbelow(900_000)
        if not rows.filter(number=number).exists():
            return number
