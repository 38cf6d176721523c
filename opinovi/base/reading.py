"""Files read for taking in: their text, and what is wrong with them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """Why a record, or a whole file, can't be taken in."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field or 'record'}: {self.reason}"


def read_text(path: Path) -> tuple[str, Problem | None]:
    """The file's text, or the problem that keeps it from being read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return "", Problem(path.name, 0, "file", error.strerror or "cannot be read")
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", Problem(path.name, line, "file", "is not UTF-8 text; save it as UTF-8 and try again")
