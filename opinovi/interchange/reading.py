"""What every importer shares: problems with file, line, field and reason; and a report that a person can read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from opinovi.base.reading import Problem
from opinovi.directory.actions import Changes, Record


class BadRecord(Exception):
    """A record that does not hold together; `field` names what is wrong in it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass
class Reading:
    """What was read of a file: the good records by kind, and what was wrong."""

    services: list[Record] = field(default_factory=list)
    points: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Whether the file lists everything its source has, so that what is not in it has vanished.
    complete: bool = True


@dataclass
class Report:
    problems: list[Problem]
    services: Changes = field(default_factory=Changes)
    points: Changes = field(default_factory=Changes)
    loaded: bool = False


def json_lines(text: str, name: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each JSON object with its line; what is not one goes to `problems`."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            problems.append(Problem(name, number, "record", f"is not whole JSON ({error})"))
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            problems.append(Problem(name, number, "record", "is not a JSON object"))


def text_of(row: dict[str, Any], name: str, required: bool = False) -> str:
    value = row.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise BadRecord(name, "is missing" if value is None else "is not text")
    if required and not value.strip():
        raise BadRecord(name, "is empty")
    if "\x00" in value:
        raise BadRecord(name, "has a zero byte in it")
    return value.strip()


def list_of(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise BadRecord(name, "is not a list")
    return value
