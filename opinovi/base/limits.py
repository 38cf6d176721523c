"""Limits on tries: how many times something may be done in an hour, by key. Each host counts on its own."""

from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

HOUR = 3600


def allowed(what: str, whose: str, most: int) -> bool:
    """Whether `what` may be done once more for `whose`, at most `most` times an hour. Counts the try."""
    key = f"limit:{what}:{sha256(whose.encode()).hexdigest()}"
    cache.add(key, 0, HOUR)
    return bool(cache.incr(key) <= most)


def machine_of(request: HttpRequest) -> str:
    """The address of the machine that asks; in production as the proxy in front of us saw it."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
