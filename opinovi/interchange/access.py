"""Who may read the open data, write by a key, and keep keys, sources and hooks."""

from typing import Any

import rules

from opinovi.interchange.models import ApiKey, Feed, Hook, Run, Telling
from opinovi.network.access import administers, runs
from opinovi.network.models import Network, Organisation


@rules.predicate
def keeps_keys(user: Any, one: Organisation | ApiKey | None = None) -> bool:
    """The administrator of the organisation whose systems write by them."""
    return bool(administers(user, one.organisation if isinstance(one, ApiKey) else one))


@rules.predicate
def keeps_hooks(user: Any, one: Organisation | Hook | Telling | None = None) -> bool:
    """The administrator of the organisation whose systems are told."""
    hook = one.hook if isinstance(one, Telling) else one
    return bool(administers(user, hook.organisation if isinstance(hook, Hook) else hook))


@rules.predicate
def keeps_feeds(user: Any, one: Network | Feed | Run | None = None) -> bool:
    """Who coordinates or administers the network whose directory it fills."""
    feed = one.feed if isinstance(one, Run) else one
    return bool(runs(user, feed.network if isinstance(feed, Feed) else feed))


rules.add_rule("interchange.read", rules.always_allow)
# The key that comes with the request is the secret: who has none, or one that may not, is answered 401 or 403.
rules.add_rule("interchange.write_by_key", rules.always_allow)
rules.add_rule("interchange.keep_keys", keeps_keys)
rules.add_rule("interchange.keep_hooks", keeps_hooks)
rules.add_rule("interchange.keep_feeds", keeps_feeds)
