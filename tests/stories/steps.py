"""What people do in more than one story."""

import re
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.stories.ways import WAY

# Without scripts nothing is done by itself: people press, copy and load anew, as the pages tell them.
PLAIN = WAY == "plain"


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(re.compile("/(desk|my|desk/workplaces)$"))


def open_menu(page: Page) -> None:
    """Where the window is narrow, the site's own links stand in a menu."""
    menu = page.locator("summary", has_text="Valikko").first
    if menu.is_visible():
        menu.click()


def content(page: Page) -> str:
    """All of a page, once it is there: just after a press it may be the empty beginning of the next."""
    page.wait_for_load_state()
    return page.content()


def width(page: Page) -> int:
    """How far a page reaches, once it is there."""
    page.wait_for_load_state()
    return int(page.locator("html").evaluate("one => one.scrollWidth"))


def wait_for_more(what: Locator, timeout: float = 15_000) -> None:
    """Until it is there: by itself; without scripts by loading the page anew, as one does who waits."""
    for _ in range(400 if PLAIN else 0):
        if what.is_visible():
            break
        what.page.reload()
    expect(what).to_be_visible(timeout=timeout)


def keep_draft(page: Page) -> None:
    """It is kept by itself; without scripts by its button."""
    if PLAIN:
        page.get_by_role("button", name="Tallenna luonnos").click()
        expect(page.get_by_role("status").first).to_contain_text("Luonnos on tallessa")
    else:
        expect(page.locator("#saved-line")).to_have_text("Luonnos on tallessa")


def letter(page: Page, subject: str, pattern: str) -> str:
    """The link of a letter in the example's mailbox, once the worker has sent it."""
    for _ in range(400):
        page.goto("/-/posti")
        for one in page.locator("article").all():
            if one.locator("h2").inner_text() == subject and (found := re.search(pattern, one.inner_text())):
                return found[0]
    raise AssertionError(f"no letter: {subject}")


@dataclass
class Hand:
    """A hand on a page: it counts what it presses and fills."""

    page: Page
    count: int = 0

    def tap(self, what: Locator) -> None:
        self.count += 1
        what.click()
        self.page.wait_for_load_state()

    def link(self, name: str | re.Pattern[str]) -> None:
        self.tap(self.page.get_by_role("link", name=name).first)

    def button(self, name: str | re.Pattern[str]) -> None:
        self.tap(self.page.get_by_role("button", name=name, exact=isinstance(name, str)).first)

    def fill(self, label: str, text: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def check(self, label: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).check()

    def choose(self, label: str, words: str) -> None:
        """Choose the first of a list that begins so."""
        self.count += 1
        field = self.page.get_by_label(label, exact=True)
        field.select_option(field.locator("option", has_text=words).first.get_attribute("value"))

    def take_ready(self, name: str, into: str) -> None:
        """Begin an answer from a ready one; without scripts by copying it from the list that then stands there."""
        if not PLAIN:
            return self.choose("Vastauspohja", name)
        self.tap(self.page.locator("summary", has_text="Vastauspohjat"))
        ready = self.page.locator("noscript h3", has_text=name).locator("xpath=following-sibling::p[1]")
        self.fill(into, ready.inner_text())

    def open(self, address: str) -> None:
        """Press a link in a message."""
        self.count += 1
        self.page.goto(address)


AXE = Axe().axe_script
COLOURS = ["color-contrast", "link-in-text-block"]
# What the dark look alone can break: it changes nothing but colours.
OF_COLOURS: Any = {"runOnly": {"type": "rule", "values": COLOURS}}
# What another language alone can break: it changes no colours.
BUT_COLOURS: Any = {"rules": {one: {"enabled": False} for one in COLOURS}}
# Only what is wrong is asked for, of what is there already.
ASKED: Any = {"resultTypes": ["violations"], "preload": False, "elementRef": False}
RUN = "options => axe.run(document, options).then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"
# Where, how wide, in which look, which rule, and the place on the page.
Fault = tuple[str, int, str, str, str]


def faults(page: Page, path: str, thorough: bool = False, turn: int | None = None) -> list[Fault]:
    """What axe finds on a page, narrow and wide, light and dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(path)
    return faults_here(page, path, thorough, turn)


def faults_here(page: Page, path: str, thorough: bool = False, turn: int | None = None) -> list[Fault]:
    """The same of a page as it stands. Another language can break what is said and how far it reaches, not what is
    coloured or shown: there axe looks once, without colours, and only if thorough; and how far it reaches is looked at
    where it is narrow. Each page is looked at wide in light and narrow in dark, or in one of the two by turns; if
    thorough, both ways in both. All colours come from one stylesheet and stand on its own page: with turns, that page
    and every third are looked at for them."""
    finnish = not path.startswith(("/sv", "/en"))
    colours = turn is None or turn % 6 < 2 or path == "/tyyli"
    if finnish or thorough:
        headings, titled = page.evaluate("[document.querySelectorAll('h1').length, document.title !== '']")
        assert headings == 1 and titled, path
    if finnish or thorough:
        page.evaluate(AXE)
    found = []
    for width in (1280, 320) if finnish or thorough else (320,):
        page.set_viewport_size({"width": width, "height": 800})
        reach = page.evaluate("document.documentElement.scrollWidth")
        assert reach <= width, f"{path} reaches to {reach} of {width}"
        looks = [("light", ASKED), ("dark", ASKED | OF_COLOURS)] if finnish else [("light", ASKED | BUT_COLOURS)]
        if finnish and not thorough:
            looks = [("light", ASKED)] if width == 1280 else [("dark", ASKED)]
            looks = looks if turn is None or (turn % 2 == 0) == (width == 1280) else []
        if not colours:
            looks = [(look, options | BUT_COLOURS) for look, options in looks]
        for look, options in looks if finnish or (thorough and width == 320) else []:
            page.emulate_media(color_scheme=look, reduced_motion="reduce")  # type: ignore[arg-type]
            found += [(path, width, look, rule, html[:200]) for rule, html in page.evaluate(RUN, options)]
    return found


def first(page: Page, selector: str, at: int = 0) -> str:
    """The address of a link on the page."""
    return page.locator(selector).nth(at).get_attribute("href") or ""


def address(page: Page) -> str:
    """Where the page is, without the site and what was asked of it."""
    return "/" + page.url.split("?")[0].split("#")[0].split("/", 3)[3]
