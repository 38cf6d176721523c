"""A day in a village shop, on a phone that loses its connection twice; the browser closed in between, and two phones."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.stories.conftest import CHROMIUM, FLAGS, Open
from tests.stories.steps import PLAIN, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium")]


def write(page: Page, text: str, group: str, count: int) -> None:
    page.get_by_label("Mitä he tarvitsivat").fill(text)
    page.get_by_label(group, exact=True).fill(str(count))
    page.get_by_role("button", name="Tallenna muistiinpano").click()


def go_to_field(page: Page) -> str:
    page.goto("/desk/outreach")
    page.get_by_role("link", name="Ohjaaja Sysmän kyläkaupassa").first.click()
    page.get_by_role("link", name="Avaa kentällä").click()
    if PLAIN:
        expect(page.get_by_text("Sivu toimii myös ilman yhteyttä")).to_be_hidden()
    else:
        page.wait_for_selector('form[data-ready="1"]')
    return page.url


def wait_kept(page: Page, words: str) -> None:
    expect(page.locator("[data-line]")).to_have_text(words)


def wait_sent(page: Page, count: int) -> None:
    """All is sent: by itself before the page was opened again, or now."""
    expect(page.locator("[data-line]")).to_have_text(
        re.compile(f"^(Kaikki on lähetetty|Lähetetty {count} muistiinpanoa)[.]$")
    )
    expect(page.locator("[data-waiting] li")).to_have_count(0)


def while_the_connection_is_there(page: Page) -> None:
    """Without scripts each note goes when it is written; one that could not go goes when the page is loaded
    anew, and is kept once."""
    sign_in(page, "Ville Opinto-opas")
    address = go_to_field(page)
    write(page, "Ensimmäinen juttelija kysyi netistä.", "yli 55-vuotiaat", 2)
    expect(page.get_by_text("Tallennettu.")).to_be_visible()
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        write(page, "Kaksi kysyi iltakurssista.", "työssä olevat", 2)
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("Tallennettu.")).to_be_visible()
    page.goto(address.removesuffix("/field"))
    for text in ("Ensimmäinen juttelija", "Kaksi kysyi"):
        expect(page.locator(".thread").get_by_text(re.compile(text))).to_have_count(1)


def test_an_outreach_day_on_a_phone_that_loses_its_connection_twice(open_page: Open) -> None:
    if PLAIN:
        return while_the_connection_is_there(open_page())
    ville = open_page(workers="allow")
    sign_in(ville, "Ville Opinto-opas")
    phone = ville.context
    address = go_to_field(ville)
    write(ville, "Ensimmäinen juttelija kysyi netistä.", "yli 55-vuotiaat", 2)
    wait_kept(ville, "Kaikki on lähetetty.")
    # The first time without a connection: two notes, the page closed and opened again, still without one.
    phone.set_offline(True)
    write(ville, "Kaksi kysyi iltakurssista.", "työssä olevat", 2)
    expect(ville.locator("[data-line]")).to_contain_text("Lähtee, kun yhteys on.")
    write(ville, "Yksi kotona oleva.", "kotona olevat", 1)
    expect(ville.locator("[data-waiting] li")).to_have_count(2)
    ville.get_by_label("Mitä he tarvitsivat").fill("Tämä jäi kesken")
    ville.close()
    again = phone.new_page()
    again.goto(address)
    expect(again.locator("[data-waiting] li")).to_have_count(2)
    # What was half written is there too.
    expect(again.get_by_label("Mitä he tarvitsivat")).to_have_value("Tämä jäi kesken")
    again.get_by_label("Mitä he tarvitsivat").fill("")
    phone.set_offline(False)
    again.reload()
    wait_sent(again, 3)
    # The second time: the answer never comes, though the note arrived; it is sent again and kept once.
    phone.route("**/notes", lost_answer)
    with again.expect_event("requestfailed", lambda one: one.url.endswith("/notes")):
        write(again, "Vastaus katosi matkalla.", "yli 55-vuotiaat", 4)
    expect(again.locator("[data-waiting] li")).to_have_count(1)
    phone.unroute_all(behavior="wait")
    again.reload()
    wait_sent(again, 4)
    # Another phone of the same guide, its clock a year behind, at the same time.
    other = open_page(width=320)
    other.add_init_script("const real = Date.now; Date.now = () => real() - 31536000000")
    sign_in(other, "Ville Opinto-opas")
    other.goto(address)
    other.wait_for_selector('form[data-ready="1"]')
    write(other, "Toisella puhelimella.", "alle 30-vuotiaat", 1)
    wait_kept(other, "Kaikki on lähetetty.")
    again.goto(address.removesuffix("/field"))
    thread = again.locator(".thread")
    for text in ("Ensimmäinen juttelija", "Kaksi kysyi", "Yksi kotona oleva", "Vastaus katosi", "Toisella puhelimella"):
        expect(thread.get_by_text(re.compile(text))).to_have_count(1)


def lost_answer(route: object) -> None:
    """The server gets it; the phone never hears."""
    route.fetch()  # type: ignore[attr-defined]
    route.abort()  # type: ignore[attr-defined]


def test_a_phone_that_was_shut_down_sends_what_it_kept(browser: Browser, site: str, tmp_path: Path) -> None:
    """The browser itself is closed and started anew, as when the phone is: its notes are there, and go."""

    def started() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            str(tmp_path / "phone"), executable_path=CHROMIUM, args=FLAGS, base_url=site,
            viewport={"width": 320, "height": 640}, java_script_enabled=not PLAIN,
        )  # fmt: skip

    phone = started()
    page = phone.new_page()
    sign_in(page, "Ville Opinto-opas")
    address = go_to_field(page)
    cookies = phone.cookies()
    # Without scripts a note is sent when it is written.
    phone.set_offline(not PLAIN)
    write(page, "Ennen sammumista.", "työttömät", 3)
    expect(page.get_by_text("Tallennettu." if PLAIN else "Lähtee, kun yhteys on.").first).to_be_visible()
    phone.close()
    phone = started()
    # A session ends with the browser; here its person signs in again by the same cookie.
    phone.add_cookies([{**one} for one in cookies])  # type: ignore[typeddict-item]
    page = phone.new_page()
    page.goto(address)
    if not PLAIN:
        wait_kept(page, "Kaikki on lähetetty.")
    page.goto(address.removesuffix("/field"))
    expect(page.locator(".thread").get_by_text("Ennen sammumista.")).to_have_count(1)
    phone.close()


def test_a_code_leads_to_the_door_and_is_counted(open_page: Open) -> None:
    ville, adult = open_page(), open_page(width=320, script=False)
    sign_in(ville, "Ville Opinto-opas")
    ville.goto("/desk/outreach")
    ville.get_by_role("link", name="Ohjaaja Sysmän kyläkaupassa").first.click()
    code = ville.locator(".address").inner_text()
    adult.goto(code)
    expect(adult.get_by_role("heading", level=1)).to_be_visible()
    assert "/doors?" in adult.url
    ville.reload()
    # It is ahead, and nobody had opened it yet.
    expect(ville.get_by_role("row", name=re.compile("avasi koodin")).get_by_role("cell").first).to_have_text("1")
