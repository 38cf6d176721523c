"""The Human Services Data Specification 3.0: our directory in its words, and its words read."""

from uuid import UUID, uuid5

SPACE = UUID("5f1c7c1e-2a40-5d5b-8a43-0d2f6f0c9a11")
VERSION = "3.0"


def part_id(*parts: object) -> str:
    """The id of a part that has no row of its own: the same for the same thing, wherever it is told."""
    return str(uuid5(SPACE, "/".join(map(str, parts))))
