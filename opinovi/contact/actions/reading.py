"""That somebody read what a person wrote is remembered."""

from uuid import UUID

from django.core.cache import cache

from opinovi.base.clock import today
from opinovi.base.events import record
from opinovi.network.models import Person


def remember(by: Person, kind: str, of: UUID, organisation: UUID) -> None:
    """Once a reader a day; within the caller's transaction, after its rule was asked.

    Each process remembers on its own: at worst the log has it twice, and pages say a day once.
    """
    if cache.add(f"read:{of}:{by.id}:{today()}", 1, 86_400):
        record("read", kind, of, str(by.id), organisation=str(organisation))
