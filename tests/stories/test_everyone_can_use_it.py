"""axe finds nothing on any page of anybody, nor in any state of them: three languages, light and dark, narrow and wide."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.stories.pages import LOOKS, STATES, Look, State, come_as, open_pages
from tests.stories.steps import faults, faults_here

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    page = browser.new_page(base_url=site)
    yield page
    page.context.close()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_axe_finds_nothing(page: Page, look: Look) -> None:
    come_as(page, look.who)
    paths = [f"{before}{path}" for path in look.find(page) for before in ("", "/sv", "/en")]
    assert [one for path in paths for one in faults(page, path)] == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_axe_finds_nothing_in_any_state(page: Page, state: State) -> None:
    come_as(page, state.who)
    state.reach(page)
    assert faults_here(page, state.name) == []


def test_every_page_stands_at_twice_the_text(browser: Browser, site: str, page: Page) -> None:
    """200 % zoom of a 640 px window is 320 px of page at a device scale of two."""
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 400}, device_scale_factor=2)
    large = context.new_page()
    for path in open_pages(page):
        large.goto(path)
        assert large.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()


def test_targets_are_large_enough_for_a_thumb(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 640})
    page = context.new_page()
    for path in ("/", "/doors?q=lukio", "/choose", "/ask"):
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll('.button, .choice, .nav a, .menu summary, .chips a, .pick, a.tag, .ask input')]
            .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 43.5)
            .map(one => one.outerHTML.slice(0, 120))"""
        )
        assert small == [], path
    context.close()
