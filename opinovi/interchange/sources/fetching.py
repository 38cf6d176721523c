"""Fetching from addresses that people give: only public ones, only so much, only so long.

The name is looked up once, every address that it has is looked at, and the connection goes to the very address that
was looked at: a name that leads elsewhere a moment later leads nowhere. Redirects are followed one by one, each as
carefully.
"""

import ipaddress
import socket
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
from django.conf import settings
from httpcore._backends.sync import SyncBackend

AGENT = "OpinOvi/1 (+https://opinovi.example)"
MOST_REDIRECTS = 5
PIECE = 65_536
# How many times larger than what came what is packed in it may be.
MOST_PACKED = 100


class CannotFetch(Exception):
    """Why nothing was fetched, in words for people: the code of a reason, and what it is about."""

    def __init__(self, code: str, **about: Any) -> None:
        super().__init__(code)
        self.code, self.about = code, about


@dataclass
class Limits:
    """How much a source may take of us: bytes of one answer and of all, seconds of one and of all."""

    bytes: int = 200_000_000
    all_bytes: int = 6_000_000_000
    seconds: float = 120.0
    all_seconds: float = 3_600.0
    # How long nothing may come at all.
    silence: float = 20.0


def is_public(address: str) -> bool:
    """Whether it is a public address of the internet, that of nobody's own network or machine."""
    told = ipaddress.ip_address(address)
    inner = getattr(told, "ipv4_mapped", None) or getattr(told, "sixtofour", None)
    teredo = getattr(told, "teredo", None)
    if inner is not None:
        return is_public(str(inner))
    if teredo is not None or (told.version == 6 and told in ipaddress.ip_network("64:ff9b::/96")):
        return False
    return told.is_global and not told.is_multicast


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a name, all of them public; raises CannotFetch otherwise. Those that the operator allows by
    name (OPINOVI_FETCH_ALLOWED) are not looked at."""
    try:
        found = list(dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    except (OSError, UnicodeError) as error:
        raise CannotFetch("unknown-host", host=host) from error
    if f"{host}:{port}" not in settings.FETCH_ALLOWED and not all(is_public(one.split("%")[0]) for one in found):
        raise CannotFetch("private", host=host)
    return found


class Guarded(SyncBackend):
    """Connects only to an address that was looked at."""

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        last: Exception | None = None
        for address in addresses_of(host, port)[:4]:
            try:
                return super().connect_tcp(address, port, *args, **kwargs)
            except httpcore.ConnectError as error:
                last = error
        raise last or httpcore.ConnectError("no address")

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        raise CannotFetch("private", host="")


class GuardedTransport(httpx.HTTPTransport):
    def __init__(self) -> None:
        super().__init__(retries=0)
        old = self._pool
        self._pool = httpcore.ConnectionPool(
            ssl_context=old._ssl_context, max_connections=4, http1=True, http2=False, network_backend=Guarded()
        )


@dataclass
class Fetched:
    """An answer that was written to a file."""

    path: Path
    headers: dict[str, str] = field(default_factory=dict)
    # Nothing has changed since the last time.
    unchanged: bool = False


class Fetcher:
    """Fetches the addresses of one run, within its limits."""

    def __init__(self, folder: Path, limits: Limits | None = None, beat: Callable[[], None] = lambda: None) -> None:
        self.folder, self.limits, self.beat = folder, limits or Limits(), beat
        self.folder.mkdir(parents=True, exist_ok=True)
        self.began, self.bytes = time.monotonic(), 0
        self.client = httpx.Client(
            transport=GuardedTransport(), timeout=httpx.Timeout(self.limits.silence), follow_redirects=False,
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"}, trust_env=False,
        )  # fmt: skip

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()

    def get(self, address: str, name: str, accept: str = "application/json", **asked: Any) -> Fetched:
        """Fetch into a file of the run's folder. Raises CannotFetch with a reason that people understand."""
        self.beat()
        for _hop in range(MOST_REDIRECTS + 1):
            self.look_at(address)
            try:
                found = self.one(address, name, accept, asked)
            except CannotFetch:
                raise
            except (httpx.TimeoutException, httpcore.TimeoutException) as error:
                raise CannotFetch("slow", host=urlsplit(address).hostname) from error
            except (httpx.RemoteProtocolError, httpcore.RemoteProtocolError) as error:
                raise CannotFetch("broken-off", host=urlsplit(address).hostname) from error
            except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL) as error:
                raise CannotFetch("no-answer", host=urlsplit(address).hostname) from error
            if isinstance(found, Fetched):
                return found
            address, asked = found, {}
        raise CannotFetch("redirects", host=urlsplit(address).hostname)

    @staticmethod
    def look_at(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CannotFetch("not-web", host=address[:80])
        if parts.username or parts.password:
            raise CannotFetch("password-in-address", host=parts.hostname)

    def one(self, address: str, name: str, accept: str, asked: dict[str, Any]) -> Fetched | str:
        """The answer in its file, or where it is to be fetched instead."""
        until = time.monotonic() + self.limits.seconds
        with self.client.stream("GET", address, params=asked or None, headers={"Accept": accept}) as response:
            if response.is_redirect:
                return urljoin(str(response.url), response.headers["Location"])
            if response.status_code != 200:
                raise CannotFetch("status", host=response.url.host, status=response.status_code)
            path = self.folder / name
            with path.open("wb") as file:
                for piece in unpacked(response, self.limits.bytes):
                    self.bytes += len(piece)
                    if self.bytes > self.limits.all_bytes:
                        raise CannotFetch("too-much", host=response.url.host)
                    if time.monotonic() > until or time.monotonic() - self.began > self.limits.all_seconds:
                        raise CannotFetch("slow", host=response.url.host)
                    file.write(piece)
            return Fetched(path, dict(response.headers))


def unpacked(response: httpx.Response, most: int) -> Iterable[bytes]:
    """What came, unpacked piece by piece: what is packed so tightly that it can't be honest is refused."""
    packing = response.headers.get("Content-Encoding", "identity").lower()
    unpack: Any = None
    if packing in ("gzip", "x-gzip"):
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    elif packing == "deflate":
        unpack = zlib.decompressobj()
    elif packing != "identity":
        raise CannotFetch("packing", host=response.url.host, packing=packing)
    came = out = 0
    for raw in response.iter_raw(PIECE):
        came += len(raw)
        data = raw
        while data:
            try:
                piece = unpack.decompress(data, PIECE) if unpack else data
            except zlib.error as error:
                raise CannotFetch("packing", host=response.url.host, packing=packing) from error
            data = unpack.unconsumed_tail if unpack else b""
            out += len(piece)
            if out > most or (unpack and out > PIECE * 16 and out > came * MOST_PACKED):
                raise CannotFetch("too-much", host=response.url.host)
            if piece:
                yield piece
    if unpack and not unpack.eof:
        raise CannotFetch("broken-off", host=response.url.host)


def answered(address: str, body: bytes, headers: dict[str, str], seconds: float = 10.0) -> int:
    """The status with which an address answers to what is sent to it; no redirect is followed, and nothing of what it
    says is read. As carefully as when fetching."""
    Fetcher.look_at(address)
    client = httpx.Client(
        transport=GuardedTransport(), timeout=seconds, follow_redirects=False, trust_env=False,
        headers={"User-Agent": AGENT},
    )  # fmt: skip
    with client, client.stream("POST", address, content=body, headers=headers) as response:
        return response.status_code


__all__ = ["CannotFetch", "Fetched", "Fetcher", "Limits", "addresses_of", "answered", "is_public"]
