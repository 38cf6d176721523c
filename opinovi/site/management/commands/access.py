"""The access matrix in words, made of the addresses and rules themselves: opinovi access writes docs/access.md."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from opinovi.site.matrix import Address, addresses, allowed
from opinovi.site.samples import ROLES, Samples, samples

HEAD = """# Who may open what

Made by `opinovi access` from the addresses and rules in the code; a test fails when it is not true, and another walks
every role over every address, method and object. Default is no access: an address without a rule does not answer.
Finnish stands at the root; the other languages behind /sv and /en, other networks behind their own path or host.

**yes**: may open it. **own**: only what is of their own organisation or network, or is theirs. **–**: no. A signed-out
person is led to sign in, whatever the id; one who is signed in gets the same 404 for what is another's as for what is
not there. Roles that see clients, or manage those who do, count only with a second factor.

"""
SHORT = {"network_administrator": "network admin", "administrator": "admin"}


def table() -> str:
    head = ["address", "rule", *(SHORT.get(role, role) for role in ROLES)]
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _one in head) + " |"]
    with samples() as made:
        for one in addresses():
            lines += ["| " + " | ".join(told) + " |" for told in rows(one, made)]
    return HEAD + "\n".join(lines) + "\n"


def rows(one: Address, made: Samples) -> list[list[str]]:
    """An address, and a second line for changing what it shows where that is another's right."""
    found = [[f"`/{one.route}`", f"`{one.rule}`", *(cell(one, made, role) for role in ROLES)]]
    if one.change:
        changing = (cell(one, made, role, change=True) for role in ROLES)
        found.append([f"`/{one.route}`, to change", f"`{one.change}`", *changing])
    return found


def cell(one: Address, made: Samples, role: str, change: bool = False) -> str:
    person = made.people[role]
    own = allowed(one, person, made.own.ids | own_ids(made, role), change)
    if one.of is None:
        return "yes" if own else "–"
    return ("yes" if allowed(one, person, made.other.ids, change) else "own") if own else "–"


def own_ids(made: Samples, role: str) -> dict[str, Any]:
    """The ids that are a person's very own: their place, for the pages about oneself."""
    member = made.people[role].places.first() if role not in ("visitor", "client") else None
    return {"member_id": member.id} if member is not None else {}


class Command(BaseCommand):
    help = "Write docs/access.md anew."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR / "docs" / "access.md").write_text(table())
