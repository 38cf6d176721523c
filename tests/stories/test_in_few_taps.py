"""What people come for takes no more taps, clicks and fields than this, from the home page, the desk or the message.

That an owner confirms a record by one press in a letter stands in test_keep_the_directory.py.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Open
from tests.stories.steps import PLAIN, Hand, content, sign_in

pytestmark = pytest.mark.browser
REFERRAL = re.compile(r"/desk/referrals/[0-9a-f-]{36}$")


def test_from_a_need_to_the_right_services_number(phone: Page) -> None:
    phone.goto("/")
    hand = Hand(phone)
    hand.fill("Asiasi", "oon kuullu et vois opiskella työttömänä")
    hand.button("Etsi ovi")
    expect(phone.locator('.result a[href^="tel:"]').first).to_be_visible()
    assert hand.count <= 3


def test_a_question_without_a_name(phone: Page) -> None:
    phone.goto("/")
    hand = Hand(phone)
    hand.link("Kysy ihmiseltä")
    hand.fill("Mitä sinulla on mielessä?", "Onko minusta enää mihinkään?")
    hand.button("Lähetä")
    if phone.get_by_role("button", name="Lähetä silti").count():
        hand.button("Lähetä silti")
    expect(phone.locator(".return-code")).to_be_visible()
    assert hand.count <= 4


def test_the_first_free_time_with_a_text_message_before_it(phone: Page) -> None:
    phone.goto("/")
    hand = Hand(phone)
    hand.link("Varaa aika")
    hand.tap(phone.locator('main a[href^="/book/services/"]').first)
    hand.tap(phone.locator(".times a").first)
    hand.fill("Puhelin", "040 123 4567")
    hand.check("Tekstiviestillä")
    hand.button("Varaa")
    expect(phone.locator("h1")).to_have_text("Aikasi on varattu")
    assert "tekstiviestinä" in content(phone) or "ettei muistutusta" in content(phone)
    assert hand.count <= 7


def booked(phone: Page, mail: str) -> str:
    """A time; the link of the letter that tells of it."""
    phone.goto("/book")
    phone.goto(phone.locator('main a[href^="/book/services/"]').last.get_attribute("href") or "")
    phone.goto(phone.locator(".times a").last.get_attribute("href") or "")
    phone.get_by_label("Sähköposti", exact=True).fill(mail)
    phone.get_by_role("button", name="Varaa", exact=True).click()
    phone.wait_for_url("**/times/*")
    return phone.url.split("?")[0]


def test_cancelled_or_moved_from_the_message(phone: Page) -> None:
    link = booked(phone, "siirtaja@esimerkki.example")
    hand = Hand(phone)
    hand.open(link)
    hand.tap(phone.locator(".times button").first)
    expect(phone.locator("h1")).to_have_text("Aikasi on siirretty")
    assert hand.count <= 2
    hand = Hand(phone)
    hand.open(link)
    hand.button("Peru aika")
    expect(phone.locator("h1")).to_have_text("Aika on peruttu")
    assert hand.count <= 2


def test_a_guide_takes_and_answers_with_a_template(open_page: Open) -> None:
    asker, oona = open_page(), open_page()
    asker.goto("/book")
    service = re.search(
        r"[0-9a-f-]{36}", asker.get_by_role("link", name="Uraohjaus aikuiselle").first.get_attribute("href") or ""
    )
    assert service
    asker.goto(f"/ask?service={service[0]}")
    asker.get_by_label("Mitä sinulla on mielessä?").fill("Milloin haku on auki ja mitä papereita tarvitaan?")
    # One who writes in no time is taken for a machine.
    asker.wait_for_timeout(2100)
    asker.get_by_role("button", name="Lähetä", exact=True).click()
    asker.wait_for_load_state()
    if (again := asker.get_by_role("button", name="Lähetä silti")).count():
        again.click()
    asker.wait_for_url("**/conversations/*")
    sign_in(oona, "Oona Ohjaaja")
    hand = Hand(oona)
    hand.link(re.compile("Milloin haku on auki ja mitä"))
    hand.take_ready("Haku ja hakuaika", "Vastaus")
    hand.button("Vastaa")
    assert hand.count <= 4
    expect(oona.locator(".said.by-guide")).to_contain_text("auki koko vuoden")
    expect(oona.locator(".tag", has_text="Sinulla").first).to_be_visible()


def test_a_guide_writes_down_a_call(open_page: Open) -> None:
    oona = open_page()
    sign_in(oona, "Oona Ohjaaja")
    hand = Hand(oona)
    hand.link("Kirjaa puhelu")
    hand.fill("Mistä oli kyse?", "Kysyi iltalukiosta.")
    hand.button("Kirjaa")
    expect(oona.locator("h1")).not_to_have_text("Kirjaa puhelu tai käynti")
    assert hand.count <= 5


def new_client(oona: Page, name: str, mail: str = "") -> None:
    oona.goto("/desk/clients/new")
    oona.get_by_label("Asia asiakkaan omin sanoin").fill("Haluan hoitoalalle")
    oona.get_by_label("Nimi", exact=True).fill(name)
    oona.get_by_label("Sähköposti").fill(mail)
    oona.get_by_label("Asiakas on tässä ja vastaa").check()
    oona.get_by_role("button", name="Jatka").click()
    oona.get_by_role("button", name="Kyllä, saatte pitää").click()
    oona.wait_for_url("**/desk/clients/*")


def test_a_guide_hands_a_client_on_and_the_receiver_takes_them(open_page: Open) -> None:
    oona, nelli = open_page(), open_page()
    sign_in(oona, "Oona Ohjaaja")
    new_client(oona, "Harvat Napautukset", "harvat@esimerkki.example")
    oona.goto("/desk")
    hand = Hand(oona)
    hand.link("Asiakkaat")
    hand.link("Harvat Napautukset")
    hand.link("Ohjaa toiselle")
    hand.choose("Mihin palveluun", "Ammatinvalinta")
    hand.fill("Miksi ohjaat juuri sinne?", "Hän miettii ammattia.")
    hand.button("Kysy asiakkaalta")
    oona.wait_for_url("**?asked=1")
    assert hand.count <= 8
    # The client says yes, here on the guide's device; then the receiver.
    number = re.search(r"Numero: (\d{6})", content(oona))
    assert number
    oona.get_by_role("link", name="Vastaa tällä laitteella").click()
    oona.get_by_role("button", name="Kyllä, saa nähdä").click()
    oona.wait_for_url(REFERRAL)
    sign_in(nelli, "Nelli Neuvoja")
    hand = Hand(nelli)
    hand.link(f"Ohjattu asiakas {number[1]}")
    hand.link("Ota vastaan ja varaa aika")
    hand.button("Ota vastaan ja varaa aika")
    nelli.wait_for_url(REFERRAL)
    expect(nelli.locator(".tag").first).to_have_text("otettu vastaan")
    assert hand.count <= 3


def test_a_client_stops_somebody_seeing(open_page: Open, phone: Page) -> None:
    sign_in(phone, "Assi Asiakas")
    phone.goto("/")
    hand = Hand(phone)
    hand.tap(phone.locator(".foot").get_by_role("link", name="Oma ohjaus"))
    who = phone.get_by_role("button", name=re.compile("Lopeta Ammatinvalinta"))
    hand.tap(who)
    phone.wait_for_url("**/my?done=withdrawn")
    assert hand.count <= 2 and not who.count()


def test_anyone_reports_an_error_on_a_page(phone: Page) -> None:
    phone.goto("/doors?q=uraohjaus")
    phone.goto(phone.locator(".result h2 a").first.get_attribute("href") or "")
    hand = Hand(phone)
    hand.link("Onko tässä virhe?")
    hand.check("Puhelinnumero")
    hand.button("Lähetä")
    expect(phone.locator("h1")).to_have_text("Kiitos")
    assert hand.count <= 3


def test_a_note_begins_from_a_ready_one(desk: Page) -> None:
    sign_in(desk, "Oona Ohjaaja")
    desk.goto("/desk/clients?q=assi")
    desk.get_by_role("link", name="Assi Asiakas").click()
    if PLAIN:
        # Its words stand there to be copied.
        desk.locator("noscript summary", has_text="Pohja").click()
        expect(desk.locator("noscript p").nth(1)).to_be_visible()
        return
    ready = desk.get_by_label("Pohja")
    words = ready.locator("option").nth(2).get_attribute("value") or ""
    ready.select_option(index=2)
    note = ready.locator("xpath=ancestor::form").locator("textarea")
    expect(note).to_have_value(words)
    expect(ready).to_have_value("")
