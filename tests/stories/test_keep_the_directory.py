"""The network's people keep the directory: whole stories in a real browser, against the site that everyone starts."""

import os
import re
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.stories.conftest import Open
from tests.stories.steps import PLAIN, Hand, keep_draft, letter, sign_in, wait_for_more

pytestmark = pytest.mark.browser
WEEKDAYS = ("ma", "ti", "ke", "to", "pe", "la", "su")


def open_record(page: Page, kind: str, name: str) -> None:
    page.goto(f"/desk/records/{kind}?q={name}")
    page.get_by_role("region", name="Tiedot").get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(f"/desk/records/{kind}/[0-9a-f-]+$"))


def edit(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Muuta|Jatka luonnosta)$")).click()
    page.wait_for_url("**/desk/drafts/*")


def test_an_administrator_invites_a_guide_who_sets_up_a_passkey(open_page: Open, site: str) -> None:
    # A passkey belongs to a name, not to a number.
    base = site.replace("127.0.0.1", "localhost")
    paivi = open_page(base=base)
    sign_in(paivi, "Päivi Pääkäyttäjä")
    paivi.get_by_role("link", name="Väki").click()
    paivi.get_by_role("link", name="Kutsu joku").click()
    paivi.get_by_label("Sähköpostiosoite").fill("tuire@talo.example")
    paivi.get_by_label("Nimi", exact=True).fill("Tuire Testaaja")
    paivi.get_by_role("button", name="Lähetä kutsu").click()
    expect(paivi.get_by_text("Kutsu on lähdössä")).to_be_visible()
    link = letter(paivi, "Kutsu Opin oveen", r"http://localhost:\S+/invitation/\S+")

    tuire = open_page(base=base, width=360)
    keys = tuire.context.new_cdp_session(tuire)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})  # fmt: skip
    tuire.goto(link)
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Sinut on kutsuttu")
    tuire.get_by_role("button", name="Tule mukaan").click()
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Toinen avain")
    if PLAIN:
        return by_an_app(tuire, paivi)
    tuire.get_by_role("link", name="Lisää pääsyavain").click()
    tuire.get_by_role("button", name="Lisää pääsyavain").click()
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Varakoodit")
    tuire.get_by_role("link", name="Koodit ovat tallessa").click()
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Työpöytä")
    # Only their own house's desk: no records to edit, no other people's pages.
    assert (
        tuire.get_by_role("link", name="Väki").count() == 0 and tuire.get_by_role("link", name="Palvelut").count() == 0
    )
    assert tuire.goto("/desk/records/service").status == 403  # type: ignore[union-attr]

    # The next day the passkey alone lets in.
    tuire.goto("/account")
    tuire.locator("main").get_by_role("button", name="Kirjaudu ulos").click()
    tuire.goto("/sign-in")
    tuire.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Työpöytä")


def by_an_app(tuire: Page, mailbox: Page) -> None:
    """Without scripts a passkey cannot be made: the page says so, and an app's codes do the same."""
    tuire.get_by_role("link", name="Lisää pääsyavain").click()
    tuire.locator("noscript a").click()
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Todennussovellus")
    secret = tuire.locator("code").first.inner_text()
    tuire.get_by_label("Koodi sovelluksesta").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    tuire.get_by_role("button", name="Ota käyttöön").click()
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Varakoodit")
    spare = tuire.locator("code").first.inner_text()
    tuire.get_by_role("link", name="Koodit ovat tallessa").click()
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Työpöytä")
    # The next day: a letter's code, and one of those that were printed.
    tuire.goto("/account")
    tuire.locator("main").get_by_role("button", name="Kirjaudu ulos").click()
    tuire.goto("/sign-in")
    tuire.locator("#id_email").fill("tuire@talo.example")
    tuire.get_by_role("button", name="Lähetä koodi").click()
    code = letter(mailbox, "Koodi kirjautumiseen", r"\b[A-Z0-9-]{6,}\b")
    tuire.get_by_label("Koodi").fill(code)
    tuire.get_by_role("button", name="Kirjaudu").click()
    tuire.get_by_label("Koodi sovelluksesta, tai varakoodi").fill(spare)
    tuire.get_by_role("button", name="Kirjaudu").click()
    expect(tuire.get_by_role("heading", level=1)).to_have_text("Työpöytä")


def test_an_editor_adds_a_place_with_summer_hours_and_a_day_off(open_page: Open) -> None:
    eetu, visitor, today = open_page(), open_page(width=360), date.today()  # noqa: DTZ011
    sign_in(eetu, "Eetu Editori")
    eetu.get_by_role("button", name="Uusi paikka").click()
    eetu.get_by_label("Nimi").first.fill("Opintola")
    eetu.get_by_label("Postinumero").fill("15140")
    eetu.get_by_label("Tavallinen viikko").fill("joka päivä 9-16")
    eetu.get_by_label("Kiinni pyhinä").uncheck()
    for section in ("Kesä- ja muut kausiajat", "Poikkeuspäivät"):
        eetu.locator("details", has=eetu.get_by_role("heading", name=section)).locator("summary").click()
    eetu.get_by_label("Joka vuosi alkaen").first.fill("1.6.")
    eetu.get_by_label("asti", exact=True).first.fill("31.8.")
    eetu.locator("[name=season_0_hours]").fill("joka päivä 9-14")
    eetu.locator("[name=exception_0_begins]").fill(today.isoformat())
    eetu.locator("[name=exception_0_ends]").fill((today + timedelta(days=1)).isoformat())
    eetu.locator("[name=exception_0_why]").fill("muutto")
    keep_draft(eetu)
    eetu.get_by_role("button", name="Katso ja julkaise").click()
    expect(eetu.get_by_role("heading", name="Näin kävijä sen näkee")).to_be_visible()
    eetu.get_by_role("button", name="Julkaise").first.click()
    expect(eetu.get_by_text("Julkaistu. Näkyy kaikille heti.")).to_be_visible()
    visitor.goto(eetu.locator("main").get_by_role("link", name="Katso sivu").first.get_attribute("href") or "")
    opens = WEEKDAYS[(today + timedelta(days=2)).weekday()]
    expect(visitor.locator(".tag.ajar").first).to_have_text(f"Tänään kiinni, avautuu {opens} klo 9")
    expect(visitor.get_by_text("muutto").first).to_be_visible()


def test_a_visitor_reports_a_wrong_number_and_the_owner_corrects_it(open_page: Open) -> None:
    visitor, eetu = open_page(width=360, script=False), open_page()
    visitor.goto("/doors?q=korttikoulutukset&where=Lahti")
    visitor.get_by_role("link", name="Korttikoulutukset").first.click()
    address = visitor.url.split("?")[0]
    # Three taps: the link, what is wrong, send.
    visitor.get_by_role("link", name="Onko tässä virhe?").click()
    visitor.get_by_label("Puhelinnumero").check()
    visitor.get_by_role("button", name="Lähetä").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Kiitos")

    sign_in(eetu, "Eetu Editori")
    eetu.get_by_role("link", name="Puhelinnumero on väärä: Korttikoulutukset").click()
    eetu.get_by_role("button", name="Korjaa").click()
    eetu.locator("[name=channel_0_value]").fill("03 100 7777")
    eetu.get_by_role("button", name="Julkaise heti").click()
    expect(eetu.get_by_text("Julkaistu. Näkyy kaikille heti.")).to_be_visible()
    visitor.goto(address)
    expect(visitor.get_by_role("link", name="Soita 03 1007777").first).to_be_visible()
    eetu.goto("/desk")
    assert eetu.get_by_role("link", name="Puhelinnumero on väärä").count() == 0


def test_a_record_that_goes_stale_is_confirmed_from_the_mail(open_page: Open, home: Path) -> None:
    eetu = open_page()
    sign_in(eetu, "Eetu Editori")
    open_record(eetu, "service", "Uraohjaus aikuiselle")
    due = re.search(r"viimeistään (\d+)\.(\d+)\.(\d+)", eetu.locator("main").inner_text())
    assert due is not None
    day = date(int(due[3]), int(due[2]), int(due[1])) - timedelta(days=7)
    environment = {**os.environ, "OPINOVI_HOME": str(home), "OPINOVI_URL": eetu.url.split("/desk")[0]}
    environment.pop("DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "-m", "opinovi", "remind", "--day", day.isoformat()],
        env=environment,
        check=True,
        capture_output=True,
    )
    someone = open_page(width=360)
    found = ""
    for subject in ("Tieto odottaa tarkistusta",):
        found = letter(someone, subject, r"Uraohjaus aikuiselle\s+http\S+/still-true/\S+")
    # One click, no sign-in; without scripts a second one.
    hand = Hand(someone)
    hand.open("http" + found.split("http", 1)[1])
    if PLAIN:
        hand.button("On totta")
    expect(someone.get_by_role("heading", level=1)).to_have_text("Kiitos")
    assert hand.count <= 1 + PLAIN
    someone.get_by_role("link", name="Katso sivu").click()
    today = date.today()  # noqa: DTZ011
    expect(someone.get_by_text(f"{today.day}.{today.month}.{today.year}").first).to_be_visible()


def test_two_editors_collide_and_a_version_is_brought_back(open_page: Open) -> None:
    eetu, ella = open_page(), open_page()
    sign_in(eetu, "Eetu Editori")
    sign_in(ella, "Ella Editori")
    open_record(eetu, "service", "Osaaminen näkyväksi")
    edit(eetu)
    ella.goto(eetu.url)
    eetu.locator("[name=name_fi]").fill("Eetun nimi")
    keep_draft(eetu)
    ella.locator("[name=name_fi]").fill("Ellan nimi")
    ella.locator("[name=summary_fi]").fill("Ellan lause.")
    if not PLAIN:
        expect(ella.locator("#saved-line")).to_contain_text("Joku muu muutti samaa kohtaa")
    ella.get_by_role("button", name="Tallenna luonnos").click()
    expect(ella.get_by_role("heading", level=1)).to_have_text("Kaksi muutosta samaan kohtaan")
    ella.get_by_label("Eetun nimi").check()
    ella.get_by_role("button", name="Tallenna valinnat").click()
    expect(ella.locator("[name=name_fi]")).to_have_value("Eetun nimi")
    expect(ella.locator("[name=summary_fi]")).to_have_value("Ellan lause.")
    ella.get_by_role("button", name="Katso ja julkaise").click()
    ella.get_by_role("button", name="Julkaise").first.click()
    expect(ella.get_by_role("heading", level=1)).to_have_text("Eetun nimi")

    ella.get_by_role("listitem").filter(has_text="alkuperäinen").get_by_role("link").click()
    ella.get_by_role("button", name="Palauta tämä versio").click()
    expect(ella.get_by_role("heading", level=1)).to_have_text("Osaaminen näkyväksi")
    ella.locator("main").get_by_role("link", name="Katso sivu").first.click()
    expect(ella.get_by_role("heading", level=1)).to_have_text("Osaaminen näkyväksi")


def test_an_editor_without_scripts_loses_nothing(open_page: Open) -> None:
    page = open_page(width=360, script=False)
    sign_in(page, "Ville Opinto-opas")
    page.get_by_role("button", name="Uusi palvelu").click()
    page.locator("[name=name_fi]").fill("Keraamisen savityön kurssi")
    page.get_by_role("button", name="Katso ja julkaise").click()
    # What is missing is said, and what was typed is there.
    expect(page.get_by_role("alert")).to_contain_text("Yhdellä lauseella")
    expect(page.locator("[name=name_fi]")).to_have_value("Keraamisen savityön kurssi")
    page.locator("[name=summary_fi]").fill("Opit muovailemaan savea.")
    page.get_by_role("button", name="Katso ja julkaise").click()
    page.get_by_role("button", name="Julkaise").first.click()
    expect(page.get_by_text("Julkaistu. Näkyy kaikille heti.")).to_be_visible()
    page.goto("/desk/who?q=suomen kielen kurssi")
    expect(page.get_by_role("heading", name="Ville Opinto-opas")).to_be_visible()


def test_an_editor_sends_a_spreadsheet_and_sees_each_change_first(open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    sign_in(page, "Ville Opinto-opas")
    page.get_by_role("link", name="Palvelut", exact=True).click()
    page.get_by_role("link", name="Taulukkona").click()
    with page.expect_download() as found:
        page.get_by_role("link", name="CSV").click()
    sheet = tmp_path / "palvelut.csv"
    found.value.save_as(sheet)
    lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    sheet.write_text(
        "\n".join([*lines, ";;Taulukon palvelu;;;Lause.;" + ";" * (lines[0].count(";") - 6)]), encoding="utf-8"
    )
    page.get_by_label("Taulukko, Excel tai CSV").set_input_files(sheet)
    page.get_by_role("button", name="Lähetä ja katso muutokset").click()
    wait_for_more(page.get_by_role("region", name=re.compile("Muutokset|Virheet")), timeout=20_000)
    assert "kind" in page.locator("main").inner_text()
    expect(page.get_by_text("Mitään ei ole muutettu")).to_be_visible()


# The device says where it is: the browser's own provider asks a network that is not there.
HEINOLA = "navigator.geolocation.getCurrentPosition = tell => tell({coords: {latitude: 61.2046, longitude: 26.0348}})"


def test_places_are_sorted_by_a_position_that_stays_on_the_device(open_page: Open) -> None:
    page = open_page(width=360)
    page.add_init_script(HEINOLA)
    page.goto("/places")
    if PLAIN:
        # Where one is, one writes: a place or its number.
        expect(page.get_by_role("button", name="Käytä sijaintiani")).to_be_hidden()
        page.get_by_label("Mistä lähdet?").fill("Heinola")
        page.get_by_role("button", name="Lähimmät ensin").click()
        expect(page.locator("h3").first).to_contain_text("Heinola")
        return
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_role("button", name="Käytä sijaintiani").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Lähimmät ensin")
    expect(page.locator("h3").first).to_contain_text("Heinola")
    expect(page.locator("[data-far]").first).to_contain_text("km")
    assert [one for one in sent if "/static/" not in one] == []
