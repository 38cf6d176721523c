"""A cache for all hosts together, on a server that speaks Redis; while it does not answer, each host has its own."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class Shared(RedisCache):
    """Limits on tries count across hosts. Without its server they still count, on each host."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.own = LocMemCache("shared", params)


def or_own(name: str) -> Callable[..., Any]:
    ask = getattr(RedisCache, name)

    @wraps(ask)
    def asked(self: Shared, *args: Any, **options: Any) -> Any:
        try:
            return ask(self, *args, **options)
        except RedisError as error:
            log.warning("the cache does not answer (%s): this host counts on its own", type(error).__name__)
            if name == "incr":
                # It was begun there.
                self.own.add(args[0], 0, self.default_timeout)
            return getattr(self.own, name)(*args, **options)

    return asked


for _name in (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "set_many",
    "delete_many",
    "incr",
    "has_key",
    "clear",
):
    setattr(Shared, _name, or_own(_name))
