"""What higher rooms add to the pages of this one: they put it up as they start, and this room need not know them."""

from collections.abc import Callable
from typing import Any

# Rows of the desk: given a user and which part of the desk is shown, at most a page of them.
desk_rows: list[Callable[[Any, str], list[Any]]] = []
# Ways on from an enquiry or a booked time, as a guide sees it: (what the button says, where it leads).
from_enquiry: list[Callable[[Any, Any], list[tuple[str, str]]]] = []
from_appointment: list[Callable[[Any, Any], list[tuple[str, str]]]] = []
# Whether what a booked time tells of the person is not a guide's to see any more.
hides_person: list[Callable[[Any], bool]] = []

# Told when somebody has asked, booked or joined on a page of ours: the request, "asked", "booked" or "joined", and the
# id of what came of it.
came: list[Callable[[Any, str, Any], None]] = []
# Where one comes to what is behind a code: of a rule of times or a group, the door's address, or "".
code_door: list[Callable[[Any], str]] = []
# Where one says how a contact went, once: the address of an enquiry, a booked time or a registration, or "".
after_contact: list[Callable[[Any], str]] = []
# Told when it was marked whether somebody came to a meeting of a group: the registration.
marked: list[Callable[[Any], None]] = []


def ways_on(put_up: list[Callable[[Any, Any], list[tuple[str, str]]]], user: Any, one: Any) -> list[tuple[str, str]]:
    return [way for give in put_up for way in give(user, one)]


def door_of(one: Any) -> str:
    """The door of what is for those alone who come by a code; "" where it is for all."""
    return next((found for give in code_door if (found := give(one))), "") if one.by_code else ""


def how_it_went(one: Any) -> str:
    return next((found for give in after_contact if (found := give(one))), "")


def tell_came(request: Any, kind: str, one_id: Any) -> None:
    for tell in came:
        tell(request, kind, one_id)
