"""Keys by which others write here, addresses that are told of changes, and the sources that are taken in."""

from opinovi.interchange.models.hooks import Hook, Telling, TellingState
from opinovi.interchange.models.keys import ApiKey, Scope
from opinovi.interchange.models.sources import Feed, Rhythm, Run, RunState, Taken

__all__ = ["ApiKey", "Feed", "Hook", "Rhythm", "Run", "RunState", "Scope", "Taken", "Telling", "TellingState"]
