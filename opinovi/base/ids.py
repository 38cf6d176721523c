"""Identifiers: UUIDv7, so that rows made later sort later and indexes stay compact."""

import uuid

from uuid6 import uuid7


def new_id() -> uuid.UUID:
    return uuid.UUID(int=uuid7().int)
