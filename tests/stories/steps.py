"""What people do in more than one story."""

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(re.compile("/(desk|my)$"))


def letter(page: Page, subject: str, pattern: str) -> str:
    """The link of a letter in the example's mailbox, once the worker has sent it."""
    for _ in range(400):
        page.goto("/-/posti")
        for one in page.locator("article").all():
            if one.locator("h2").inner_text() == subject and (found := re.search(pattern, one.inner_text())):
                return found[0]
    raise AssertionError(f"no letter: {subject}")


AXE = Axe().axe_script
# What the dark look alone can break: it changes nothing but colours.
OF_COLOURS: Any = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Only what is wrong is asked for, of what is there already.
ASKED: Any = {"resultTypes": ["violations"], "preload": False, "elementRef": False}
RUN = "options => axe.run(document, options).then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"


def faults(page: Page, path: str) -> list[tuple[str, int, str, str, str]]:
    """What axe finds on a page, narrow and wide, light and dark: the path, width, look, rule and place of each. The dark
    look is looked at in Finnish: it changes colours, and no language does."""
    looks = [("light", ASKED)] if path.startswith(("/sv", "/en")) else [("light", ASKED), ("dark", ASKED | OF_COLOURS)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(path)
    assert page.locator("h1").count() == 1 and page.title(), path
    page.evaluate(AXE)
    found = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        for look, options in looks:
            page.emulate_media(color_scheme=look, reduced_motion="reduce")  # type: ignore[arg-type]
            found += [(path, width, look, rule, html[:200]) for rule, html in page.evaluate(RUN, options)]
    return found
