"""Who may read the open data, write by a key, and keep keys, sources and hooks."""

from typing import Any

import rules

from opinovi.interchange.models import ApiKey
from opinovi.network.access import administers
from opinovi.network.models import Organisation


@rules.predicate
def keeps_keys(user: Any, one: Organisation | ApiKey | None = None) -> bool:
    """The administrator of the organisation whose systems write by them."""
    return bool(administers(user, one.organisation if isinstance(one, ApiKey) else one))


rules.add_rule("interchange.read", rules.always_allow)
# The key that comes with the request is the secret: who has none, or one that may not, is answered 401 or 403.
rules.add_rule("interchange.write_by_key", rules.always_allow)
rules.add_rule("interchange.keep_keys", keeps_keys)
