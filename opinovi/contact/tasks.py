"""What the worker does for enquiries, again and again."""

from opinovi.base.rounds import every
from opinovi.contact.actions.desk import watch_promises
from opinovi.contact.actions.enquiries import erase_old


@every(seconds=60)
def promises() -> None:
    """Tell of promises that end soon, and of those that were broken."""
    watch_promises()


@every(seconds=3600)
def retention() -> None:
    """Erase what has been kept long enough."""
    erase_old()
