"""The areas that services cover, each set of them once and known by a number.

The number stands beside each service in the index, so that a find asks the index for the best services anywhere, fast,
and then keeps those of the place, without the index having to go through everything that covers it.
"""

import json
from functools import lru_cache
from pathlib import Path

from opinovi.base.files import put

ANYWHERE = "all"


class Areas:
    """Sets of area terms ("all", m and a municipality's code, r and a region's code) by their numbers."""

    def __init__(self, sets: list[tuple[str, ...]] | None = None) -> None:
        self.sets = sets or []
        self.numbers = {one: number for number, one in enumerate(self.sets)}

    @classmethod
    def load(cls, path: Path) -> "Areas":
        return cls([tuple(one) for one in json.loads(path.read_text())])

    def save(self, path: Path) -> None:
        put(path, json.dumps(self.sets))

    def number(self, terms: list[str]) -> int:
        """The number of a set, given to a new one."""
        key = tuple(sorted(terms))
        if key not in self.numbers:
            self.numbers[key] = len(self.sets)
            self.sets.append(key)
        return self.numbers[key]

    def covering(self, terms: tuple[str, ...]) -> frozenset[int]:
        """The numbers of the sets that have any of the terms."""
        return covering(self, len(self.sets), terms)


@lru_cache(maxsize=2000)
def covering(areas: Areas, count: int, terms: tuple[str, ...]) -> frozenset[int]:
    wanted = set(terms)
    return frozenset(number for number, one in enumerate(areas.sets[:count]) if not wanted.isdisjoint(one))
