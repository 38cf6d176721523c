"""Keys by which others write here, and the sources that are taken in."""

from opinovi.interchange.models.keys import ApiKey, Scope
from opinovi.interchange.models.sources import Feed, Rhythm, Run, RunState, Taken

__all__ = ["ApiKey", "Feed", "Rhythm", "Run", "RunState", "Scope", "Taken"]
