"""Limits on tries: how many times something may be done in an hour, by key. Each host counts on its own."""

from hashlib import sha256

from django.core.cache import cache

HOUR = 3600


def allowed(what: str, whose: str, most: int) -> bool:
    """Whether `what` may be done once more for `whose`, at most `most` times an hour. Counts the try."""
    key = f"limit:{what}:{sha256(whose.encode()).hexdigest()}"
    cache.add(key, 0, HOUR)
    return bool(cache.incr(key) <= most)
