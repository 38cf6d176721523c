"""axe finds nothing on any page that anybody may open: three languages, light and dark, narrow and wide.

A page that stands at 320 px stands at twice the text of a window of 640 px too: each is looked at so (`steps.faults`).
"""

import pytest
from playwright.sync_api import Browser

from tests.stories.hearing import silent
from tests.stories.pages import OPEN_LOOKS, Look, faults_of
from tests.stories.steps import faults

pytestmark = pytest.mark.browser
# The public part in the other languages, from right to left too.
ELSEWHERE = ["/ar/", "/ar/doors?q=أريد أن أتعلم الفنلندية&where=Lahti", "/ar/book", "/ar/choose?about=study", "/uk/ask",
         "/uk/groups", "/ru/places", "/so/reading", "/et/my-doors", "/fi-simple/", "/fi-simple/ask"]  # fmt: skip


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


@pytest.mark.parametrize(
    "chosen", ["contrast=dark&aloud=on", "contrast=light&type=clear", "size=huge&space=wide&type=clear&aloud=on"]
)
def test_however_one_likes_to_read_all_is_there_to_be_read(browser: Browser, site: str, chosen: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 320, "height": 640})
    context.add_cookies([{"name": "reading", "value": chosen, "url": site}])
    page = context.new_page()
    for path in ("/", "/doors?q=suomen+kurssi&where=Lahti", "/places", "/ask", "/reading"):
        assert faults(page, path, thorough=True) == []
    if "aloud" in chosen:
        # Only what can be done next is offered.
        assert page.locator("[data-aloud] button:visible").count() <= 1
    context.close()


def test_axe_finds_nothing_in_any_other_language(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site)
    page = context.new_page()
    assert [one for path in ELSEWHERE for one in faults(page, path, thorough=True)] == []
    context.close()


SILENT = """<!doctype html><html lang=fi><title>x</title><body><h1>Yksi</h1><h3>Kolme</h3><button><svg></svg></button>
<img src=x><input aria-label=Nimi aria-invalid=true><table border=1><tr><td>1</td></tr><tr><td>2</td></tr></table>
<div role=group><label><input type=radio name=a>a</label><label><input type=radio name=a>b</label></div>
<nav aria-label=A><a href=#>1</a></nav><nav aria-label=A><a href=#>2</a></nav>"""


def test_what_says_nothing_to_who_hears_it_is_found(browser: Browser) -> None:
    """The pass by a screen reader's tree (`make reach WAYS=reader`) can fail: each of its checks finds what it is for."""
    context = browser.new_context()
    page = context.new_page()
    page.set_content(SILENT)
    found = " ".join(silent(page))
    for each in ("no main", "button without a name", "picture without words", "level 3 after 1", "2 landmarks",
                 "table without heads", "choices without a question", "wrong does not say why"):  # fmt: skip
        assert each in found, (each, found)
    context.close()
