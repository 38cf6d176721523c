"""What has changed in the public directory, as others are told of it: by feed, by list and by hook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from opinovi.base.models import Event
from opinovi.base.text import choose
from opinovi.directory.models import Offering, Service, ServicePoint, State
from opinovi.network.models import Organisation

KINDS: dict[str, Any] = {
    "service": Service, "point": ServicePoint, "offering": Offering, "organisation": Organisation
}  # fmt: skip
PAGES = {"service": "service", "point": "place", "offering": "offering", "organisation": "organisation"}
# What is done to a record that others may see of it.
VERBS = (
    "add",
    "update",
    "publish",
    "brought_back",
    "relocate",
    "confirm",
    "withdraw",
    "move",
    "join",
    "part",
    "settle",
)
ADDED, CHANGED, WITHDRAWN = "added", "changed", "withdrawn"


@dataclass(frozen=True)
class Change:
    """One change of a record: its number, when, of what, and how it is now."""

    number: int
    at: datetime
    kind: str
    id: UUID
    how: str
    name: str
    organisation: UUID | None

    @property
    def page(self) -> str:
        return f"{settings.BASE_URL}{reverse(PAGES[self.kind], args=[self.id])}"

    def told(self) -> dict[str, Any]:
        """As the list and the hooks tell it."""
        found = {"number": self.number, "at": self.at.isoformat(), "kind": self.kind, "id": str(self.id),
                 "how": self.how, "page": self.page}  # fmt: skip
        if self.kind == "service":
            found["record"] = f"{settings.BASE_URL}/api/services/{self.id}"
        elif self.kind == "organisation":
            found["record"] = f"{settings.BASE_URL}/api/organizations/{self.id}"
        return found


def events(kinds: Iterable[str] = tuple(KINDS)) -> Any:
    return Event.objects.filter(subject_type__in=list(kinds), verb__in=VERBS)


def changes_of(rows: Iterable[Event]) -> list[Change]:
    """What the Events tell, in their order: a record that is not to be seen any more was withdrawn, whatever the Event
    says, and nothing else is told of it. One query a kind."""
    told = list(rows)
    known: dict[tuple[str, str], tuple[Any, bool, UUID | None]] = {}
    for kind in {one.subject_type for one in told}:
        ids = {one.subject_id for one in told if one.subject_type == kind}
        fields = ("id", "name") if kind == "organisation" else ("id", "name", "state", "organisation_id")
        for row in KINDS[kind].objects.filter(id__in=ids).values_list(*fields):
            shown = kind == "organisation" or row[2] == State.PUBLISHED
            known[kind, str(row[0])] = (row[1], shown, row[0] if kind == "organisation" else row[3])
    found = []
    for one in told:
        row = known.get((one.subject_type, one.subject_id))
        if row is not None:
            name, shown, house = row
            how = WITHDRAWN if not shown else ADDED if is_new(one) else CHANGED
            found.append(Change(one.seq, one.at, one.subject_type, UUID(one.subject_id), how,
                                choose(name).text if shown else "", house))  # fmt: skip
    return found


def is_new(one: Event) -> bool:
    """Whether a record came with the Event: taken in, published for the first time, or parted from another."""
    return one.verb in ("add", "part") or (one.verb == "publish" and one.data.get("version") == 1)
