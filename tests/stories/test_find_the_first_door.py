"""Whole stories in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.steps import width

pytestmark = pytest.mark.browser


def doors(page: Page) -> list[str]:
    return page.locator(".result h2").all_inner_texts()


def tap(page: Page, role: str, name: str | re.Pattern[str], exact: bool = False) -> None:
    """Tap what leads to another page, and wait until it is there."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role(role, name=name, exact=exact).first.tap()  # type: ignore[arg-type]


def press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_45_year_old_finds_a_new_direction(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_label("Asiasi").fill("oon 45 ja haluun vaihtaa alaa mut en tiiä mihin")
    phone.get_by_label("Missä päin").fill("Lahti")
    tap(phone, "button", "Etsi ovi")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("vaihtaa alaa")
    assert "Uraohjaus aikuiselle" in doors(phone)[:3]
    result = phone.locator(".result", has_text="Uraohjaus aikuiselle")
    expect(result).to_contain_text("Koska kirjoitit: vaihtaa alaa")
    expect(result.get_by_role("link", name=re.compile("Soita"))).to_have_attribute("href", "tel:+35831001130")
    tap(phone, "link", "Uraohjaus aikuiselle", exact=True)
    expect(phone.get_by_role("heading", name="Mitä tapahtuu")).to_be_visible()
    tap(phone, "link", "Takaisin oviin")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("vaihtaa alaa")


def test_the_same_in_swedish(desk: Page) -> None:
    desk.goto("/")
    with desk.expect_navigation():
        desk.get_by_role("link", name="Svenska").first.click()
    desk.get_by_label("Ditt ärende").fill("jag är 45 och vill byta yrke men vet inte till vad")
    desk.get_by_label("Var", exact=True).fill("Lahtis")
    press_enter(desk)
    assert "Karriärvägledning för vuxna" in doors(desk)[:3]
    expect(desk.locator(".result").first).to_contain_text("För att du skrev: byta yrke")


def test_one_who_only_taps_through_the_pictures(phone: Page) -> None:
    phone.goto("/")
    tap(phone, "link", "Auta minua valitsemaan")
    tap(phone, "button", "Opin suomea tai muutin Suomeen")
    tap(phone, "button", "Olen uusi Suomessa")
    phone.go_back()
    expect(phone.get_by_role("button", name="Haluan oppia suomea")).to_be_visible()
    tap(phone, "button", "Haluan oppia suomea")
    tap(phone, "button", "Ohita tämä")
    tap(phone, "button", "Käyn paikalla")
    tap(phone, "button", "Lahti")
    assert {"Suomen kielen kurssit", "Suomea kahvin ääressä", "Äidit oppivat suomea"} & set(doors(phone)[:4])
    assert width(phone) <= 320


def test_two_typing_errors_in_a_word(plain_phone: Page) -> None:
    plain_phone.goto("/")
    plain_phone.get_by_label("Asiasi").fill("oppsopimsu")
    tap(plain_phone, "button", "Etsi ovi")
    expect(plain_phone.get_by_text("Luimme näin:")).to_contain_text("oppisopimus")
    assert any("Oppisopimus" in one for one in doors(plain_phone)[:3])


def test_a_need_that_nobody_serves_ends_with_a_person(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_label("Asiasi").fill("ufojen bongaus xyzzy")
    tap(phone, "button", "Etsi ovi")
    expect(phone.get_by_role("heading", name="Tähän emme löytäneet ovea")).to_be_visible()
    tap(phone, "link", "Kysy ihmiseltä")
    expect(phone.get_by_role("link", name="Soita 03 1001000")).to_be_visible()


def test_doors_are_kept_narrowed_and_mailed_without_javascript(plain_phone: Page) -> None:
    plain_phone.goto("/doors?q=lukio aikuisena&where=Lahti")
    plain_phone.get_by_role("checkbox", name=re.compile("Opintoja")).check()
    tap(plain_phone, "button", "Näytä")
    first = doors(plain_phone)[0]
    tap(plain_phone, "button", re.compile(f"Talleta.*{re.escape(first)}"))
    plain_phone.goto("/my-doors")
    assert doors(plain_phone) == [first]
    plain_phone.get_by_label("Sähköpostiosoitteesi").fill("aino@esimerkki")
    tap(plain_phone, "button", "Lähetä")
    expect(plain_phone.locator("#id_email_error")).to_be_visible()
    plain_phone.get_by_label("Sähköpostiosoitteesi").fill("aino@esimerkki.example")
    tap(plain_phone, "button", "Lähetä")
    expect(plain_phone.get_by_text("Linkki on lähdössä")).to_be_visible()
    for _ in range(40):
        plain_phone.goto("/-/posti")
        if plain_phone.get_by_role("heading", name="Omat ovesi").count():
            break
    expect(plain_phone.get_by_text("aino@esimerkki.example")).to_be_visible()


def test_the_menu_opens_under_the_thumb_and_leads_on(plain_phone: Page) -> None:
    plain_phone.goto("/")
    menu = plain_phone.get_by_text("Valikko")
    before = menu.bounding_box()
    menu.tap()
    assert menu.bounding_box() == before
    with plain_phone.expect_navigation():
        plain_phone.get_by_role("banner").get_by_role("link", name="Paikat").tap()
    expect(plain_phone.get_by_role("heading", name="Käy paikalla")).to_be_visible()


def test_kept_doors_print_with_their_numbers_and_addresses(desk: Page) -> None:
    desk.goto("/doors?q=lukio aikuisena&where=Lahti")
    service = (
        (desk.locator('.result h2 a[href^="/services/"]').first.get_attribute("href") or "")
        .split("?")[0]
        .rsplit("/", 1)[1]
    )
    desk.goto(f"/my-doors?d={service}")
    desk.emulate_media(media="print")
    door = desk.locator(".result")
    expect(door.get_by_text("Soita 03 1001150")).to_have_css("color", "rgb(0, 0, 0)")
    expect(door.get_by_text(": ohjaus@aikuislukio.example")).to_be_visible()
    expect(desk.get_by_role("navigation").first).to_be_hidden()
    expect(door.get_by_text("Avautuu")).to_be_hidden()


def test_the_keyboard_alone_is_enough(desk: Page) -> None:
    desk.goto("/")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Siirry sisältöön")).to_be_focused()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    expect(desk.get_by_label("Asiasi")).to_be_focused()
    desk.keyboard.type("opiskelu työttömänä")
    press_enter(desk)
    expect(desk.get_by_role("heading", level=1)).to_contain_text("opiskelu työttömänä")
    assert doors(desk)[0] == "Opiskelu työttömänä"
