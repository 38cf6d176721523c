"""Who reads neither Finnish, Swedish nor English: from the first page to a question that a person answers, in their own."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Open
from tests.stories.steps import content, width

pytestmark = pytest.mark.browser


def direction(page: Page) -> str:
    return page.locator("html").get_attribute("dir") or "ltr"


def test_who_reads_arabic_asks_and_comes_back(open_page: Open) -> None:
    page = open_page(width=320)
    # The browser tells which language its person reads; the first page offers it.
    page.set_extra_http_headers({"Accept-Language": "ar-SY,ar;q=0.9"})
    page.goto("/")
    page.get_by_role("link", name="هذه الصفحة بالعربية").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("بماذا تفكر؟")
    assert direction(page) == "rtl" and width(page) <= 320
    page.get_by_label("موضوعك").fill("أريد أن أتعلم الفنلندية")
    page.get_by_label("في أي منطقة").fill("Lahti")
    page.get_by_role("button", name="ابحث عن باب").click()
    expect(page.locator(".result").first).to_be_visible()
    page.locator(".result h2 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert width(page) <= 320
    page.goto("/ar/ask")
    page.get_by_label("بماذا تفكر؟").fill("أين أتعلم اللغة الفنلندية مساءً؟")
    # One who writes in no time is taken for a machine.
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="أرسل", exact=True).click()
    page.wait_for_load_state()
    if (again := page.get_by_role("button", name="أرسل على أي حال")).count():
        again.click()
    page.wait_for_url("**/conversations/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("وصلت رسالتك")
    code = page.locator(".return-code").inner_text()
    other = open_page(width=320)
    other.goto("/ar/return")
    other.get_by_label("رمز العودة").fill(code)
    other.get_by_role("button", name="افتح", exact=True).click()
    expect(other.get_by_text("أين أتعلم اللغة الفنلندية مساءً؟")).to_be_visible()


def test_who_needs_plain_finnish_chooses_it_once(open_page: Open) -> None:
    page = open_page(width=320)
    page.goto("/places")
    page.get_by_role("link", name="Selkosuomi").click()
    expect(page.locator("html")).to_have_attribute("lang", "fi-simple")
    page.get_by_role("link", name="Takaisin alkuun").click()
    assert "Me etsimme oikean oven." in content(page)
    page.get_by_label("Asiasi").fill("haluan oppia suomea")
    page.get_by_role("button", name="Etsi ovi").click()
    # The service's own plain text is read at once.
    page.goto("/fi-simple/doors?q=uraohjaus aikuiselle")
    page.get_by_role("link", name="Uraohjaus aikuiselle").first.click()
    expect(page.locator("[lang=fi-simple] >> nth=0")).to_be_attached()
    page.locator("footer").get_by_role("link", name="Suomi", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "fi")
    assert not re.search("/fi-simple/", page.url)
