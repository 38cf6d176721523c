"""What stopped a command, in words for the one who runs the installation: what is wrong, and what to do."""

from cryptography.exceptions import InvalidTag
from dj_database_url import ParseError, UnknownSchemeError
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError

NO_KEY = (
    "The master key is not the one that this installation's data was sealed with: nothing confidential can be read.\n"
    "Put the right one back: the file master-key in OPINOVI_HOME, or OPINOVI_MASTER_KEYS. Nothing was changed."
)
TOLD = (
    (("no such table", "does not exist", "no such column"), "The database lacks tables. Run: opinovi setup"),
    (("not a database", "malformed"), "The database file is broken. Bring back a backup: opinovi restore FOLDER"),
    (("readonly", "read-only", "unable to open", "full"), "The database can't be written. Is the disk full?"),
    (("locked",), "Another program holds the database. End it, and try again."),
    (("connection", "connect"), "The database does not answer. Does it run, and is DATABASE_URL right?"),
)  # fmt: skip


def in_words(error: BaseException) -> str:
    """What an operator can do about an error; empty where it is the program's own."""
    first = str(error).strip().split("\n")[0]
    if isinstance(error, InvalidTag):
        return NO_KEY
    if isinstance(error, (UnknownSchemeError, ParseError)):
        return "DATABASE_URL is not understood. Write postgres://user:password@host/name, or leave it out for SQLite."
    if isinstance(error, DatabaseError):
        words = next((told for signs, told in TOLD if any(sign in first.lower() for sign in signs)), "")
        return f"{words}\n({first})" if words else ""
    if isinstance(error, ImproperlyConfigured):
        return first
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}. OPINOVI_HOME must be a folder that this program may write in."
    return ""
