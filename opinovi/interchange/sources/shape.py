"""What every format gives, so that one way of running does for all: what it fetches, reads, and makes of a record."""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import orjson

from opinovi.base.reading import Problem
from opinovi.directory.actions import Record
from opinovi.interchange.models import Feed
from opinovi.interchange.sources.fetching import Fetcher

# A record that is named by another: its kind and the source's id.
Link = tuple[str, str]


class Stop(Exception):
    """Why a run ends without letting anything in."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Raw:
    """A record as its source gave it, and where it stood."""

    kind: str
    external_id: str
    data: dict[str, Any]
    file: str
    line: int = 0

    @cached_property
    def hash(self) -> str:
        return hash_of(self.data)


def hash_of(data: Any) -> str:
    return hashlib.blake2b(orjson.dumps(data, option=orjson.OPT_SORT_KEYS), digest_size=20).hexdigest()


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

    @property
    def nested(self) -> Sequence[str]:
        """Kinds that stand within others, so that one may come many times; the first is taken."""
        ...

    @property
    def passing(self) -> Sequence[str]:
        """Kinds of what is over by itself one day: it is not missed then."""
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
        return orjson.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        return Problem(path.name, error.lineno, "file", f"is not whole JSON in UTF-8 ({error.msg[:120]})")


FORMATS: dict[str, Format] = {}


def speaks(one: Format) -> Format:
    FORMATS[one.name] = one
    return one
