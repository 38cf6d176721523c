"""axe finds nothing on any page, in three languages, light and dark, narrow and wide."""

import pytest
from playwright.sync_api import Browser

from tests.stories.steps import faults

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/doors",
    "/doors?q=",
    "/doors?q=haluan vaihtaa alaa&where=Lahti",
    "/doors?q=tietokonne opetus&where=Atlantis&kind=education",
    "/doors?q=mies hakkaa mua",
    "/doors?q=ufojen bongaus xyzzy",
    "/doors?q=lukio&page=99",
    "/choose",
    "/choose?about=study",
    "/choose?about=study&closer=upper&for=&how=",
    "/my-doors",
    "/ask",
    "/about",
    "/places",
    "/organisations",
    "/tyyli",
    "/-/posti",
    "/ei-ole",
    "/places?near=18100",
    "/offerings",
    "/ask?q=alanvaihto",
    "/return",
    "/conversations/erased",
    "/book",
    "/times/ei-ole",
    "/groups",
    "/answers",
    "/sign-in",
    "/my/start",
    "/my/erased",
    "/my/open/ei-ole",
    "/hand-over/ei-ole",
    "/outcome/ei-ole",
    "/invitation/ei-ole",
    "/still-true/ei-ole",
    "/hame/",
]


@pytest.fixture(scope="module")
def every_page(site: str, browser: Browser) -> list[str]:
    """The pages above, and one each of a service, a place and an organisation, and my doors with doors in them."""
    page = browser.new_page(base_url=site)
    page.goto("/doors?q=haluan vaihtaa alaa&where=Lahti")
    service = page.locator(".result h2 a").nth(1).get_attribute("href") or ""
    page.goto(service)
    place = page.locator('a[href^="/places/"]').first.get_attribute("href") or ""
    organisation = page.locator('a[href^="/organisations/"]').first.get_attribute("href") or ""
    page.goto("/offerings")
    offering = page.locator('.result a[href^="/offerings/"]').first.get_attribute("href") or ""
    page.goto("/book")
    times = page.locator('main a[href^="/book/services/"]').first.get_attribute("href") or ""
    page.goto(times)
    time = page.locator(".times a").last.get_attribute("href") or ""
    page.goto(time)
    page.get_by_label("Puhelin", exact=True).fill("040 123 4567")
    page.get_by_role("button", name="Varaa", exact=True).click()
    page.wait_for_url("**/times/*")
    booked = page.url.split("?")[0].removeprefix(site)
    page.goto("/groups")
    group = page.locator('.result a[href^="/groups/"]').last.get_attribute("href") or ""
    page.goto(group)
    page.get_by_label("Puhelin", exact=True).fill("040 123 4567")
    page.locator("main form button.main").click()
    page.wait_for_url("**/registrations/*")
    registered = page.url.split("?")[0].removeprefix(site)
    page.goto("/answers")
    answer = page.locator('main a[href^="/answers/"]').first.get_attribute("href") or ""
    page.close()
    service = service.split("?")[0]
    report = f"/report/service/{service.rsplit('/', 1)[1]}"
    found = [
        service,
        place,
        organisation,
        f"/my-doors?d={service.rsplit('/', 1)[1]}",
        offering,
        times,
        f"{times}?mode=video",
        f"{times}?waiting=1",
        time,
        booked,
        f"{booked}/move",
        group,
        registered,
        answer,
        f"{place}/poster",
        report,
    ]
    return [*PAGES, *found]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_axe_finds_nothing(browser: Browser, site: str, every_page: list[str], language: str) -> None:
    page = browser.new_page(base_url=site)
    found = [one for path in every_page for one in faults(page, path if language == "fi" else f"/{language}{path}")]
    page.close()
    assert found == []


def test_every_page_stands_at_twice_the_text(browser: Browser, site: str, every_page: list[str]) -> None:
    """200 % zoom of a 640 px window is 320 px of page at a device scale of two."""
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 400}, device_scale_factor=2)
    page = context.new_page()
    for path in every_page:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
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
