"""axe finds nothing on any page that anybody may open: three languages, light and dark, narrow and wide.

A page that stands at 320 px stands at twice the text of a window of 640 px too: each is looked at so (`steps.faults`).
"""

import pytest
from playwright.sync_api import Browser

from tests.stories.pages import OPEN_LOOKS, Look, faults_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", OPEN_LOOKS, ids=lambda look: look.name)
def test_axe_finds_nothing(browser: Browser, site: str, look: Look) -> None:
    assert faults_of(browser, site, look) == []


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
