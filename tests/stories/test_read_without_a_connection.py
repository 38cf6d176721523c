"""A person whose connection breaks: what they found, kept and planned is still there, and what they write goes later."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Open
from tests.stories.steps import PLAIN, content, sign_in, width

pytestmark = pytest.mark.browser


def with_worker(page: Page) -> Page:
    """At the home page, with the worker in charge."""
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def off(page: Page, whether: bool = True) -> None:
    page.context.set_offline(whether)


def promises_nothing(page: Page) -> None:
    """A browser that can't keep pages says so, and shows the helplines all the same."""
    page.goto("/offline")
    expect(page.get_by_text("Tämä selain ei pidä sivuja tallessa")).to_be_visible()
    expect(page.get_by_role("heading", name="Tässä laitteessa")).to_be_hidden()
    expect(page.get_by_text("09 2525 0111").first).to_be_visible()


def kept(page: Page, title: str) -> None:
    """The page of what is here names it."""
    page.goto("/offline")
    expect(page.locator("[data-pages-here]").get_by_role("link", name=title).first).to_be_visible()


def test_doors_and_helplines_are_read_without_a_connection(open_page: Open) -> None:
    if PLAIN:
        return promises_nothing(open_page(320))
    page = with_worker(open_page(320, workers="allow"))
    page.goto("/doors?q=haluan vaihtaa alaa")
    page.locator("button[form=keep]").first.click()
    page.goto("/my-doors")
    title = page.locator("main h2, main h3").first.inner_text()
    page.locator("main a[href*='/services/']").first.click()
    name = page.locator("h1").inner_text()
    kept(page, name)
    off(page)
    page.goto("/my-doors")
    assert title in content(page)
    page.goto("/doors?q=haluan vaihtaa alaa")
    assert page.locator("main a[href*='/services/']").count() > 3
    # What was never opened: helplines, and what is here.
    page.goto("/places")
    assert "Ilman verkkoa" in page.locator("h1").inner_text() and "MIELI Kriisipuhelin" in content(page)
    expect(page.locator("[data-pages-here]").get_by_role("link", name=name).first).to_be_visible()
    page.goto("/en/places")
    assert page.locator("html").get_attribute("lang") == "en"
    # Its looks are here too.
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != "serif" and page.evaluate(
        "document.styleSheets.length"
    )
    assert width(page) <= 320


def test_what_was_written_goes_once_the_connection_is_back(open_page: Open) -> None:
    if PLAIN:
        return goes_by_ones_own_hand(open_page(320))
    page = with_worker(open_page(320, workers="allow"))
    page.goto("/ask")
    page.get_by_role("textbox").first.fill("Juna meni tunneliin, mutta mistä saan apua laskuihin?")
    page.locator("[name=wish][value=here]").check()
    off(page)
    page.get_by_role("button", name="Lähetä").click()
    expect(page.get_by_role("heading", name="Viestisi odottaa yhteyttä")).to_be_visible()
    assert "Juna meni tunneliin" in page.locator("[data-outbox]").inner_text()
    off(page, False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Viestisi lähti")).to_be_visible()
    page.get_by_role("link", name="Avaa keskustelu").click()
    assert "Juna meni tunneliin" in content(page)
    # Told once, and kept nowhere in the browser any longer.
    page.goto("/offline")
    page.get_by_role("button", name="Selvä").click()
    expect(page.locator("[data-outbox] section")).to_have_count(0)


def goes_by_ones_own_hand(page: Page) -> None:
    """Without scripts nothing waits with us: the browser's own page tells of the connection, and what was written goes
    when it is loaded anew."""
    page.goto("/ask")
    page.get_by_role("textbox").first.fill("Juna meni tunneliin, mutta mistä saan apua laskuihin?")
    page.locator("[name=wish][value=here]").check()
    off(page)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Lähetä").click()
    off(page, False)
    page.reload()
    if (again := page.get_by_role("button", name="Lähetä silti")).count():
        again.click()
    page.wait_for_url("**/conversations/*")
    assert "Juna meni tunneliin" in content(page)


def test_what_may_not_wait_says_so(open_page: Open) -> None:
    if PLAIN:
        return promises_nothing(open_page(320))
    page = with_worker(open_page(320, workers="allow"))
    page.goto("/return")
    off(page)
    page.locator("main button[type=submit]").first.click()
    assert "Ilman verkkoa" in page.locator("h1").inner_text()
    expect(page.locator("[data-outbox] section")).to_have_count(0)


def plan_without_a_connection(page: Page) -> str:
    """What the plan's address says while there is none."""
    off(page)
    page.goto("/my/plan")
    said = page.locator("h1").inner_text()
    off(page, False)
    return said


def sign_out(page: Page) -> None:
    page.goto("/my/plan")
    page.get_by_role("button", name="Kirjaudu ulos").click()
    page.wait_for_load_state()


def lose_the_session(page: Page) -> None:
    """It was ended elsewhere, or got too old: the next visit is asked to sign in."""
    page.context.clear_cookies(name="sessionid")
    page.goto("/my/plan")
    page.wait_for_url("**/my/start*")


def is_not_offered(page: Page) -> None:
    sign_in(page, "Assi Asiakas")
    page.goto("/my/plan")
    expect(page.get_by_role("button", name="Pidä se tässä laitteessa")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Suunnitelmani")


@pytest.mark.parametrize("go", [sign_out, lose_the_session])
def test_ones_own_plan_is_kept_by_choice_and_goes_when_one_signs_out(
    open_page: Open, go: Callable[[Page], None]
) -> None:
    if PLAIN:
        return is_not_offered(open_page(320))
    page = with_worker(open_page(320, workers="allow"))
    sign_in(page, "Assi Asiakas")
    page.goto("/my/plan")
    assert "Suunnitelmani" in page.locator("h1").inner_text()
    assert plan_without_a_connection(page) == "Ilman verkkoa"
    page.goto("/my/plan")
    page.get_by_role("button", name="Pidä se tässä laitteessa").click()
    expect(page.get_by_role("button", name="Poista se tästä laitteesta")).to_be_visible()
    assert plan_without_a_connection(page) == "Suunnitelmani"
    go(page)
    assert plan_without_a_connection(page) == "Ilman verkkoa"


def test_a_shared_device_keeps_nothing(open_page: Open) -> None:
    page = open_page(768, workers="allow")
    page.goto("/kiosk")
    page.locator("button[name=begin]").click()
    page.goto("/doors?q=opinto-ohjaus")
    assert page.locator("link[rel=manifest]").count() == 0
    if PLAIN:
        return
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


@pytest.mark.parametrize("why", ["no script", "kiosk"])
def test_a_browser_that_keeps_nothing_promises_nothing(open_page: Open, why: str) -> None:
    page = open_page(320, script=why == "kiosk", workers="allow")
    if why == "kiosk":
        page.goto("/kiosk")
        page.locator("button[name=begin]").click()
    promises_nothing(page)
