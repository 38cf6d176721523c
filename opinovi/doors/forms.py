"""What a person asked for, read from an address. Whatever stands there can be answered."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from opinovi.base.masking import mask
from opinovi.base.posted import whole_number
from opinovi.doors.facets import FACETS
from opinovi.doors.topics import topics
from opinovi.doors.words import MAX_CHARACTERS

MAX_PAGE = 1_000_000
MAX_CHOSEN = 12


@dataclass(frozen=True)
class Asked:
    """A search as it stands in an address."""

    q: str = ""
    where: str = ""
    topics: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    chosen: dict[str, list[str]] = field(default_factory=dict)
    page: int = 1
    exact: bool = False
    counted: UUID | None = None
    # Whether there was a personal identity code in what was typed, and whether its end was left unread.
    masked: bool = False
    shortened: bool = False

    @property
    def empty(self) -> bool:
        return not self.q and not self.topics

    def query(self, **changes: object) -> str:
        """The address's query of this search with some things changed; always back on the first page."""
        one = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        pairs: list[tuple[str, str]] = []
        if one.q:
            pairs.append(("q", one.q))
        if one.where:
            pairs.append(("where", one.where))
        pairs += [("t", topic) for topic in one.topics] + [("not", topic) for topic in one.without]
        pairs += [(name, value) for name, values in one.chosen.items() for value in values]
        if one.exact:
            pairs.append(("exact", "1"))
        if one.page > 1:
            pairs.append(("page", str(one.page)))
        if one.counted:
            pairs.append(("n", str(one.counted)))
        return urlencode(pairs)


def read(data: QueryDict) -> Asked:
    """A search from an address. Unknown topics and choices are passed over; a page that is no number is the first."""
    typed = " ".join(data.get("q", "").replace("\x00", " ").split())
    q, masked = mask(typed[:MAX_CHARACTERS])
    where, masked_place = mask(data.get("where", "").replace("\x00", "").strip()[:80])
    known = topics()
    chosen = {}
    for facet in FACETS:
        values = {option.value for option in facet.options}
        if picked := [value for value in dict.fromkeys(data.getlist(facet.name)) if value in values]:
            chosen[facet.name] = [str(value) for value in picked]
    return Asked(
        q=q,
        where=where,
        topics=tuple(dict.fromkeys(one for one in data.getlist("t") if one in known))[:MAX_CHOSEN],
        without=tuple(dict.fromkeys(one for one in data.getlist("not") if one in known))[:MAX_CHOSEN],
        chosen=chosen,
        page=page_number(data.get("page", "1")),
        exact=data.get("exact") == "1",
        counted=uuid_or_none(data.get("n", "")),
        masked=masked or masked_place,
        shortened=len(typed) > MAX_CHARACTERS,
    )


def page_number(text: str) -> int:
    return max(1, min(whole_number(text, 999_999_999) or 1, MAX_PAGE))


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
