"""Ready surveys by field (fields.yaml), and the ready package for a change (changes.yaml)."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from opinovi.base.text import choose


@lru_cache(maxsize=1)
def read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(
        (Path(__file__).parent / "fields.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return found


def field_choices() -> list[tuple[str, str]]:
    return [(key, choose(one["name"]).text) for key, one in read()["fields"].items()]


def items_of(field: str) -> list[dict[str, Any]]:
    """What a ready survey asks: the field's own competences, then those of every work. Raises KeyError."""
    told = read()
    return [*told["fields"][field]["items"], *told["common"]]


@lru_cache(maxsize=1)
def package() -> dict[str, Any]:
    """{"steps": {key: {"days", "does", "name"}}, "doors": [{"topics", "name"}]}."""
    found: dict[str, Any] = yaml.load(
        (Path(__file__).parent / "changes.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return found
