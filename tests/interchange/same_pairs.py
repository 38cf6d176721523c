"""The pairs labelled by hand, as records that can be compared."""

import re
from collections.abc import Iterator
from pathlib import Path

from opinovi.interchange.same.told import Told

FILE = Path(__file__).parent.parent / "data" / "same_pairs.txt"
MARKS = {"@": "house", "#": "places", "~": "phones", "!": "street", "^": "links", "=": "business_id"}


def told(kind: str, text: str) -> Told:
    name, *rest = re.split(r"\s([@#~!^=])\s", f" {text} ")
    found: dict[str, list[str]] = {}
    for mark, value in zip(rest[::2], rest[1::2], strict=True):
        found.setdefault(MARKS[mark], []).append(value.strip())
    one = {key: values[0] if key in ("street", "business_id") else values for key, values in found.items()}
    return Told.make(kind, [name.strip()], **one)  # type: ignore[arg-type]


def pairs(held: bool | None = None) -> Iterator[tuple[Told, Told, bool, str]]:
    """Each pair, whether it was labelled as the same, and how it stands in the file: those that the weights were fitted
    to, those held back, or all."""
    kind, first, shown = "", None, ""
    fitted, _mark, kept = FILE.read_text(encoding="utf-8").partition("# held:")
    for line in {None: f"{fitted}\n{kept}", False: fitted, True: kept}[held].splitlines():
        mark, _space, text = line.partition(" ")
        if mark in ("service", "point", "organisation"):
            kind, first, shown = mark, told(mark, text), text
        elif mark in ("+", "-") and first is not None:
            yield first, told(kind, text), mark == "+", f"{shown} || {text}"
