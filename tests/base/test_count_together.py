"""Hosts count tries together on a server that speaks Redis, and each on its own while that one is away."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from fakeredis import TcpFakeServer

from opinovi.base import limits
from opinovi.base.cache import Shared


@pytest.fixture
def server() -> Iterator[TcpFakeServer]:
    """A real one on loopback, which speaks the protocol."""
    made = TcpFakeServer(("127.0.0.1", 0), server_type="redis")
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def host(port: int) -> Shared:
    options = {"OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}}
    return Shared(f"redis://127.0.0.1:{port}/0", options)


def test_two_hosts_count_together(server: TcpFakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = []
    for one in [host(server.server_address[1]), host(server.server_address[1])] * 3:
        monkeypatch.setattr(limits, "cache", one)
        allowed.append(limits.allowed("try", "somebody", 4))
    assert allowed == [True] * 4 + [False] * 2
    assert limits.allowed("try", "another", 1)


def test_without_its_server_each_host_counts_on_its_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caches["default"].clear()
    gone = host(1)
    gone.own.clear()
    monkeypatch.setattr(limits, "cache", gone)
    assert [limits.allowed("try", "somebody", 2) for _ in range(3)] == [True, True, False]
    assert "this host counts on its own" in caplog.text and "somebody" not in caplog.text


def test_one_that_goes_away_between_two_tries_counts_on(server: TcpFakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    one = host(server.server_address[1])
    one.own.clear()

    def gone(*_: Any, **__: Any) -> None:
        from redis.exceptions import ConnectionError

        raise ConnectionError

    monkeypatch.setattr(limits, "cache", one)
    assert limits.allowed("try", "somebody", 1)
    monkeypatch.setattr(one._cache, "incr", gone)
    assert limits.allowed("try", "somebody", 1) and not limits.allowed("try", "somebody", 1)
