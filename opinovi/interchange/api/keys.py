"""The key that comes with a request."""

from django.conf import settings
from django.http import HttpRequest

from opinovi.base.clock import today
from opinovi.base.limits import allowed
from opinovi.interchange.actions.keys import hash_of, note_use
from opinovi.interchange.api.base import Problem
from opinovi.interchange.models import ApiKey


def key_of(request: HttpRequest, scope: str) -> ApiKey:
    """The key in `Authorization: Bearer …`, in force and of this scope; a problem otherwise."""
    how, _space, given = request.headers.get("Authorization", "").partition(" ")
    found = ApiKey.objects.filter(hash=hash_of(given.strip())).first() if how.lower() == "bearer" else None
    if found is None or found.ended_at is not None or found.ends_on < today():
        raise Problem(401, "No key, or one that opens nothing any more.")
    if scope not in found.scopes:
        raise Problem(403, f"The key may not do this: it lacks the scope “{scope}”.")
    if not allowed("api-key", str(found.id), settings.API_WRITES_AN_HOUR):
        raise Problem(429, "Too many requests with this key. Wait a while.")
    note_use(found)
    return found
