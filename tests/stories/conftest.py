"""A real site for the stories: set up and served by the commands that everyone uses, opened in Debian's Chromium."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.stories.ways import take_way

Open = Callable[..., Page]
# A busy machine may take its time; a page that never says it fails all the same.
expect.set_options(timeout=15_000)
# The one without windows takes half the work.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(autouse=True)
def still() -> None:
    """Stories run against a server of their own, on the day they are told."""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site keeps what it keeps."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, "OPINOVI_HOME": str(home), "PORT": str(port)}
    for name in ("DATABASE_URL", "OPINOVI_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "opinovi"]
    set_up([*command, "setup"], home, environment)
    with subprocess.Popen(
        [*command, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/-/health", server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def set_up(command: list[str], home: Path, environment: dict[str, str]) -> None:
    """Set up once for all who run tests side by side: the first does it, the others wait and take a copy."""
    run = home.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else home.parent
    shared = run / "site-set-up"
    with (run / "site-set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            subprocess.run(
                command, env={**environment, "OPINOVI_HOME": f"{shared}.new"}, check=True, capture_output=True
            )
            Path(f"{shared}.new").rename(shared)
    shutil.copytree(shared, home, dirs_exist_ok=True)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Ask until it answers; the time-out of each try is the pause between them."""
    for _ in range(300):
        assert server.poll() is None, server.stderr.read().decode() if server.stderr else ""
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            socket_pause()
    raise AssertionError("the site did not start")


def socket_pause() -> None:
    """A tenth of a second of waiting for a connection that never comes."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        one.settimeout(0.1)
        try:
            one.accept()
        except TimeoutError:
            return


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ended with its file: while it runs, its thread may not ask a database of anything."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take_way(chromium)
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """A cheap phone: 320 pixels wide, by touch."""
    context = browser.new_context(
        base_url=site, viewport={"width": 320, "height": 640}, has_touch=True, service_workers="block"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_phone(browser: Browser, site: str) -> Iterator[Page]:
    """The same with JavaScript off."""
    context = browser.new_context(
        base_url=site, viewport={"width": 320, "height": 640}, has_touch=True, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser: Browser, site: str) -> Iterator[Page]:
    """A desktop computer."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, service_workers="block")
    yield context.new_page()
    context.close()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    """A browser of one's own: a new person, with nothing of the others."""
    contexts: list[BrowserContext] = []

    def opened(
        width: int = 1280, base: str = site, script: bool = True, workers: Literal["allow", "block"] = "block"
    ) -> Page:
        context = browser.new_context(
            base_url=base, viewport={"width": width, "height": 900}, java_script_enabled=script, service_workers=workers
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
