"""What every format gives, so that one way of running does for all: what it fetches, reads, and makes of a record."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from opinovi.base.reading import Problem
from opinovi.directory.actions import Record
from opinovi.interchange.models import Feed
from opinovi.interchange.sources.fetching import Fetcher

# A record that is named by another: its kind and the source's id.
Link = tuple[str, str]


@dataclass(frozen=True)
class Raw:
    """A record as its source gave it, and where it stood."""

    kind: str
    external_id: str
    data: dict[str, Any]
    file: str
    line: int = 0

    @property
    def hash(self) -> str:
        return hash_of(self.data)


def hash_of(data: Any) -> str:
    told = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(told.encode(errors="surrogatepass"), digest_size=20).hexdigest()


@dataclass
class Came:
    """What was fetched: the files, and whether they hold all that the source has."""

    paths: list[Path]
    whole: bool = True


class Format(Protocol):
    """What a source speaks. `kinds` are in the order in which they are taken in: what is linked to comes first."""

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def kinds(self) -> Sequence[str]: ...

    @property
    def kept(self) -> Sequence[str]:
        """Kinds that have no row of their own here: what is made of them is kept for those that name them."""
        ...

    def fetch(self, feed: Feed, fetcher: Fetcher, since: datetime | None) -> Came: ...

    def read(self, path: Path, kind: str) -> Iterator[Raw | Problem]: ...

    def links(self, raw: Raw) -> list[Link]: ...

    def record(self, feed: Feed, raw: Raw, known: dict[Link, dict[str, Any]]) -> Record:
        """Raises BadRecord. `known` is what was made of the kept ones among its links."""
        ...

    def keep(self, feed: Feed, raw: Raw) -> dict[str, Any]:
        """What is made of a kept one. Raises BadRecord."""
        ...


def json_page(path: Path) -> Any:
    """The whole of a file's JSON; a Problem where it is not."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return json.loads(text, parse_constant=no_constant)
    except UnicodeDecodeError as error:
        return Problem(path.name, path.read_bytes().count(b"\n", 0, error.start) + 1, "file", "is not UTF-8 text")
    except (ValueError, RecursionError) as error:
        return Problem(path.name, getattr(error, "lineno", 0), "file", f"is not whole JSON ({str(error)[:120]})")


def no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


FORMATS: dict[str, Format] = {}


def speaks(one: Format) -> Format:
    FORMATS[one.name] = one
    return one
