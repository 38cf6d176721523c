"""What one who guides should be able to do: ten areas, four levels told in words. The words and where they come from:
competences.yaml."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from opinovi.base.text import choose

LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Area:
    """One area of guidance competence, with its levels from 1 on, in every language."""

    id: str
    label: dict[str, str]
    levels: tuple[dict[str, str], ...]

    def __str__(self) -> str:
        return choose(self.label).text


@lru_cache(maxsize=1)
def areas() -> dict[str, Area]:
    """By their ids, in the order in which they are shown."""
    told = yaml.load((Path(__file__).parent / "competences.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {key: Area(key, one["name"], tuple(one["levels"])) for key, one in told.items()}


def area_choices() -> list[tuple[str, str]]:
    return [(key, str(one)) for key, one in areas().items()]


def area_names(ids: list[str]) -> list[str]:
    """The names of those that there are."""
    return [str(areas()[one]) for one in ids if one in areas()]
