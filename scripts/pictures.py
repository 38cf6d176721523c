"""Draw every page and state: narrow, middle, wide, dark, printed, in three languages, laid side by side in
pictures/index.html. What axe finds on any of them is told, and ends it with an error.

`make pictures`, or `python scripts/pictures.py [part of a name]` for some of them.
"""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.stories.conftest import CHROMIUM, FLAGS, free_port, wait_for  # noqa: E402
from tests.stories.pages import LOOKS, STATES, Look, State, come_as  # noqa: E402
from tests.stories.steps import Fault, faults_here  # noqa: E402

FOLDER = ROOT / "pictures"
AUDIT = ROOT / "opinovi" / "data" / "accessibility.json"
LANGUAGES = ("sv", "en")
# Name, width, look and medium of each picture of a page.
SHOTS = [
    ("360", 360, "light", "screen"),
    ("768", 768, "light", "screen"),
    ("1280", 1280, "light", "screen"),
    ("dark", 360, "dark", "screen"),
    ("dark 1280", 1280, "dark", "screen"),
    ("print", 768, "light", "print"),
]
Row = tuple[str, str, list[tuple[str, str]]]


def shoot(page: Page, folder: Path, name: str, shots: list[tuple[str, int, str, str]]) -> list[tuple[str, str]]:
    """The pictures of a page as it stands: what each is, and its file."""
    done = []
    for what, width, look, medium in shots:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=look, media=medium, reduced_motion="reduce")  # type: ignore[arg-type]
        file = f"{name}-{what.replace(' ', '-')}.jpg"
        page.screenshot(path=folder / file, full_page=True, type="jpeg", quality=70)
        done.append((what, file))
    page.emulate_media(color_scheme="light", media="screen", reduced_motion="reduce")
    return done


def file_name(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[0-9a-f-]{36}|[\w-]{40,}", "x", words.lower())).strip("-")[:70] or "home"


def draw_look(browser: Browser, site: str, look: Look, wanted: str) -> tuple[list[Row], list[Fault]]:
    """Every page of one person."""
    page = browser.new_page(base_url=site)
    come_as(page, look.who)
    rows: list[Row] = []
    found: list[Fault] = []
    for number, path in enumerate(look.find(page)):
        if wanted not in f"{look.name} {path}":
            continue
        page.goto(path)
        name = f"{look.name}-{number:02}-{file_name(path)}"
        pictures = shoot(page, FOLDER, name, SHOTS)
        found += faults_here(page, path, thorough=True)
        for language in LANGUAGES:
            page.goto(f"/{language}{path}")
            pictures += shoot(page, FOLDER, f"{name}-{language}", [(language, 360, "light", "screen")])
        rows.append((look.name, path, pictures))
    page.context.close()
    return rows, found


def draw_state(browser: Browser, site: str, state: State) -> tuple[list[Row], list[Fault]]:
    page = browser.new_page(base_url=site)
    come_as(page, state.who)
    state.reach(page)
    pictures = shoot(page, FOLDER, f"state-{file_name(state.name)}", SHOTS)
    found = faults_here(page, state.name, thorough=True)
    page.context.close()
    return [("states", state.name, pictures)], found


def draw(site: str, names: list[str], wanted: str) -> tuple[list[Row], list[Fault]]:
    """One process's share of the looks and states."""
    rows: list[Row] = []
    found: list[Fault] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look in (one for one in LOOKS if one.name in names):
            done, faults = draw_look(browser, site, look, wanted)
            rows, found = rows + done, found + faults
        for state in (one for one in STATES if one.name in names and wanted in f"states {one.name}"):
            done, faults = draw_state(browser, site, state)
            rows, found = rows + done, found + faults
        browser.close()
    return rows, found


def lay_out(rows: list[Row]) -> None:
    """One sheet for each person and one for the states, and the page that leads to them."""
    style = (
        "<style>body{font:16px sans-serif;margin:1rem}figure{display:inline-block;margin:.5rem;vertical-align:top}"
        "img{border:1px solid #999;height:32rem;max-width:40rem;object-fit:cover;object-position:top left}</style>"
    )
    groups: dict[str, list[str]] = {}
    for group, path, pictures in rows:
        figures = "".join(
            f'<figure><a href="{file}"><img loading="lazy" src="{file}" alt=""></a>'
            f"<figcaption>{what}</figcaption></figure>"
            for what, file in pictures
        )
        groups.setdefault(group, []).append(f"<h2>{html.escape(path)}</h2><div>{figures}</div>")
    for group, parts in groups.items():
        (FOLDER / f"{group}.html").write_text(
            f"<!doctype html><meta charset=utf-8>{style}<h1>{group}</h1>{''.join(parts)}"
        )
    links = "".join(f'<li><a href="{group}.html">{group}</a> ({len(parts)})</li>' for group, parts in groups.items())
    (FOLDER / "index.html").write_text(f"<!doctype html><meta charset=utf-8>{style}<h1>Pictures</h1><ul>{links}</ul>")


def write_audit(pages: int, found: list[Fault]) -> None:
    """What the accessibility statement tells of: when, how much was looked at and how, and what was found."""
    told = {
        "day": datetime.now(UTC).date().isoformat(), "pages": pages, "languages": ["fi", *LANGUAGES],
        "widths": sorted({width for _name, width, _look, _medium in SHOTS} | {320}), "standard": "WCAG 2.2 AA",
        "found": sorted({(one[3], one[0]) for one in found}),
    }  # fmt: skip
    AUDIT.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        site = f"http://127.0.0.1:{port}"
        environment = {**os.environ, "OPINOVI_HOME": home, "PORT": str(port)}
        for name in ("DATABASE_URL", "OPINOVI_URL"):
            environment.pop(name, None)
        command = [sys.executable, "-m", "opinovi"]
        subprocess.run([*command, "setup"], env=environment, check=True)
        with subprocess.Popen([*command, "serve"], env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(f"{site}/-/health", server)
                half = [one.name for one in LOOKS if one.name in ("open", "network")]
                rest = [one.name for one in (*LOOKS, *STATES) if one.name not in half]
                with ProcessPoolExecutor(2) as pool:
                    shares = [pool.submit(draw, site, names, wanted) for names in (half, rest)]
                    done = [one.result() for one in shares]
            finally:
                server.terminate()
                server.wait(timeout=20)
    rows = [row for share, _found in done for row in share]
    lay_out(rows)
    for fault in (one for _rows, found in done for one in found):
        print(*fault)
    if not wanted:
        write_audit(len(rows), [one for _rows, found in done for one in found])
    print(f"{len(rows)} pages and states: {FOLDER / 'index.html'}")
    sys.exit(1 if any(found for _rows, found in done) else 0)


if __name__ == "__main__":
    main()
