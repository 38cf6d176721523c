"""axe finds nothing on the pages of those who sign in, nor in any state that a page can be in."""

import pytest
from playwright.sync_api import Browser

from tests.stories.pages import SIGNED_IN_LOOKS, STATES, Look, State, come_as, faults_of
from tests.stories.steps import faults_here

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", SIGNED_IN_LOOKS, ids=lambda look: look.name)
def test_axe_finds_nothing(browser: Browser, site: str, look: Look) -> None:
    assert faults_of(browser, site, look) == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_axe_finds_nothing_in_any_state(browser: Browser, site: str, state: State) -> None:
    page = browser.new_page(base_url=site)
    come_as(page, state.who)
    state.reach(page)
    assert faults_here(page, state.name) == []
    page.context.close()
