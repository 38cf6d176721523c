"""Files that are there whole or not at all."""

from pathlib import Path

from opinovi.base.ids import new_id


def put(path: Path, text: str) -> None:
    """Whole or not at all, also where two write at once; only for its owner."""
    new = path.with_name(f"{path.name}.{new_id().hex}")
    new.write_text(text, encoding="utf-8")
    new.chmod(0o600)
    new.replace(path)
