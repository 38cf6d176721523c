"""The first view of each open page on a slow 3G connection: 400 kbit/s, 400 ms there and back, by TLS, nothing kept before.

`python -m bench.slow`, with nginx and openssl: between the browser and the proxy stands a line that is as slow as that, for
the greeting of each connection too. Prints seconds until something is seen (first contentful paint), medians of ROUNDS,
and ends with 1 where one is over three seconds.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median

from tests.stories.conftest import CHROMIUM, FLAGS

ROUNDS, MOST, PORT, INNER, DOOR = 5, 3.0, 8791, 8793, 8792
# Seconds one way, bytes a second, and how much goes at a time.
FAR, RATE, PIECE = 0.2, 400_000 / 8, 1_400
PAGES = ("/", "/doors?q=haluan vaihtaa alaa&where=Lahti", "/ask", "/book", "/places", "/choose", "/my-doors", "/offerings",
         "/groups", "/privacy", "/sign-in", "/my/start")  # fmt: skip
PROXY = """daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error;
events {{ worker_connections 100; }}
http {{ access_log off; server {{ listen 127.0.0.1:{door} ssl http2; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {folder}/cert; ssl_certificate_key {folder}/key;
  location / {{ proxy_pass http://127.0.0.1:{port}; proxy_set_header Host $host; }} }} }}
"""
PAINT = """() => new Promise(done => {
  const look = () => { const [one] = performance.getEntriesByName('first-contentful-paint'); one ? done(one.startTime) : setTimeout(look, 20); };
  look();
})"""


class Line:
    """A connection to far away: what goes in comes out later, and only so much at a time for all together."""

    def __init__(self) -> None:
        self.free_at = {"there": 0.0, "back": 0.0}

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The greeting, there and back.
        await asyncio.sleep(2 * FAR)
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", INNER)
        await asyncio.gather(self.carry(reader, to_writer, "there"), self.carry(to_reader, writer, "back"))

    async def carry(self, since: asyncio.StreamReader, to: asyncio.StreamWriter, way: str) -> None:
        clock = asyncio.get_running_loop().time
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                at, content = await on_the_way.get()
                await asyncio.sleep(max(0.0, at - clock()))
                if not content:
                    to.close()
                    return
                to.write(content)

        arriving = asyncio.create_task(arrive())
        try:
            while True:
                content = await since.read(PIECE)
                self.free_at[way] = max(self.free_at[way], clock()) + len(content) / RATE
                on_the_way.put_nowait((self.free_at[way] + FAR, content))
                if not content:
                    break
        except OSError:
            on_the_way.put_nowait((0.0, b""))
        await arriving


def run_line() -> None:
    async def serve() -> None:
        async with await asyncio.start_server(Line().join, "127.0.0.1", DOOR) as server:
            await server.serve_forever()

    asyncio.run(serve())


def look() -> int:
    """Open each page as somebody who comes for the first time."""
    from playwright.sync_api import sync_playwright

    over = 0
    with sync_playwright() as playwright:
        for path in PAGES:
            times = []
            for _ in range(ROUNDS):
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                context = browser.new_context(
                    base_url=f"https://127.0.0.1:{DOOR}", ignore_https_errors=True, viewport={"width": 360, "height": 640},
                    service_workers="block",
                )  # fmt: skip
                page = context.new_page()
                page.goto(path, wait_until="commit", timeout=60_000)
                times.append(page.evaluate(PAINT) / 1000)
                browser.close()
            seen = median(times)
            over += seen > MOST
            print(f"| `{path}` | {seen:.2f} | {max(times):.2f} |", flush=True)
    return over


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        environment = os.environ | {"OPINOVI_HOME": home, "OPINOVI_URL": f"https://127.0.0.1:{DOOR}"}
        opinovi = [sys.executable, "-m", "opinovi"]
        subprocess.run([*opinovi, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
        subprocess.run(
            [*make, "-keyout", str(folder / "key"), "-out", str(folder / "cert")], check=True, capture_output=True
        )
        (folder / "nginx").write_text(PROXY.format(folder=folder, door=INNER, port=PORT))
        started: list[subprocess.Popen[bytes]] = []
        try:
            serve = [*opinovi, "serve", "--no-worker", "--port", str(PORT)]
            started.append(subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE))
            assert started[0].stdout is not None
            while b"Opin ovi" not in started[0].stdout.readline():
                continue
            started.append(subprocess.Popen(["nginx", "-c", str(folder / "nginx"), "-p", home]))
            threading.Thread(target=run_line, daemon=True).start()
            return look()
        finally:
            for one in started:
                one.terminate()
                one.wait()


if __name__ == "__main__":
    sys.exit(main())
