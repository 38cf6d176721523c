"""Files that are there whole or not at all, and room for them."""

import shutil
from pathlib import Path

from opinovi.base.ids import new_id

# What is left when there is no room: smaller files than this are written in one piece or not at all.
LEAST_ROOM = 5_000_000


def put(path: Path, text: str) -> None:
    """Whole or not at all, also where two write at once; only for its owner."""
    new = path.with_name(f"{path.name}.{new_id().hex}")
    new.write_text(text, encoding="utf-8")
    new.chmod(0o600)
    new.replace(path)


def is_full(folder: Path) -> bool:
    """Whether there is no room left on the disk where the folder lies."""
    return shutil.disk_usage(folder).free < LEAST_ROOM
