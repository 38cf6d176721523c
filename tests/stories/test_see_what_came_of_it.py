"""A coordinator finds why people of one municipality are lost and makes it an action; a guide reads their team's month; a
citizen reads the public page; a project's manager files the ESF+ report of a half-year; one tap of feedback is read."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import CHROMIUM, Open
from tests.stories.steps import Hand, content, sign_in, width
from tests.stories.test_ask_book_join import send

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium")]


def to(page: Page, name: str) -> None:
    page.get_by_role("link", name="Työpöytä", exact=True).first.click()
    page.get_by_role("link", name="Yhdessä", exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()


def test_a_coordinator_finds_why_people_are_lost_and_makes_it_an_action(open_page: Open) -> None:
    kaisa = open_page()
    sign_in(kaisa, "Kaisa Koordinaattori")
    to(kaisa, "Mitä siitä seurasi")
    kaisa.get_by_role("link", name="Mitä siitä seuraa", exact=True).click()
    expect(kaisa.get_by_role("img", name=re.compile("Perille päässeet"))).to_be_visible()
    kaisa.get_by_role("link", name="Missä ihmiset putoavat matkasta").click()
    # Whoever gets there least stands first; there it is looked closer, in a year in which enough were lost to tell why.
    rows = kaisa.get_by_role("region", name="Kuka pääsee perille").get_by_role("link")
    expect(rows.first).to_be_visible()
    names = rows.all_inner_texts()
    assert "Heinola" in names and "Lahti" in names
    kaisa.get_by_role("link", name="Heinola", exact=True).click()
    reasons = kaisa.get_by_role("region", name="Miksi ei tavattu")
    for year in kaisa.get_by_role("navigation", name="Vuosi").get_by_role("link").all_inner_texts():
        kaisa.get_by_role("link", name=year, exact=True).click()
        if "noin" in reasons.get_by_role("row").nth(1).inner_text():
            break
    expect(kaisa.get_by_role("heading", level=1)).to_have_text("Missä ihmiset putoavat matkasta: Heinola")
    expect(reasons.get_by_role("row").nth(1)).to_contain_text("noin")
    why = reasons.get_by_role("rowheader").first.inner_text()
    kaisa.get_by_role("link", name="Tee tästä toimenpide").click()
    name = kaisa.get_by_label("Mitä tehdään", exact=True)
    assert "Heinola" in name.input_value() and why.lower() in name.input_value()
    kaisa.get_by_label("Valmis viimeistään").fill(f"{datetime.now(ZoneInfo('Europe/Helsinki')).year + 1}-12-31")
    kaisa.get_by_role("button", name="Tallenna", exact=True).click()
    expect(kaisa.get_by_role("heading", level=1)).to_contain_text("Heinola")
    assert re.search(r"/desk/actions/[0-9a-f-]{36}", kaisa.url)


def test_a_guide_reads_the_months_of_their_team(open_page: Open) -> None:
    oona = open_page(width=320)
    sign_in(oona, "Oona Ohjaaja")
    to(oona, "Oman tiimin luvut")
    oona.locator("main .lines a").first.click()
    expect(oona.get_by_role("heading", level=1)).to_contain_text("Tiimin kuukausi")
    card = oona.locator("#answer_hours")
    card.get_by_text("Luvut taulukkona").click()
    expect(card.get_by_role("table")).to_be_visible()
    expect(card.get_by_role("row")).to_have_count(13)
    assert width(oona) <= 320


def test_a_citizen_reads_what_came_of_it_and_takes_the_data_along(open_page: Open) -> None:
    page = open_page(width=320, script=False)
    page.goto("/")
    page.get_by_role("link", name="Mitä ohjauksesta on seurannut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mitä ohjauksesta on seurannut")
    label = page.get_by_role("img", name=re.compile("^Vastattiin luvatussa ajassa")).get_attribute("aria-label") or ""
    assert re.search(r"\d+ %", label) and "piilotettu" not in label.split(".")[1]
    page.get_by_role("link", name="Luvut avoimena tietona").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Lataa paketti")).click()
    assert download.value.suggested_filename.endswith(".zip")
    page.goto("/sv/results")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vad handledningen har lett till")
    expect(page.get_by_role("heading", name="Behov som fick en dörr")).to_be_visible()


def test_a_projects_manager_files_the_report_of_a_half_year(open_page: Open) -> None:
    oona, kaisa = open_page(), open_page()
    sign_in(oona, "Oona Ohjaaja")
    oona.goto("/desk/projects")
    oona.locator('main a[href^="/desk/projects/"]').first.click()
    project = oona.url
    oona.get_by_role("link", name="Osallistujat", exact=True).click()
    for name, born in (("Aino Esimerkki", "1950"), ("Veikko Esimerkki", "")):
        # The form stands open where the project has nobody yet.
        oona.locator("details:has(#id_name):not([open]) > summary").or_(oona.locator("details[open] #id_name")).click()
        oona.get_by_label("Nimi", exact=True).fill(name)
        oona.get_by_label("Syntymävuosi", exact=True).fill(born)
        oona.get_by_label("Sukupuoli", exact=True).select_option("f" if born else "m")
        oona.get_by_label("Työ, kun hän aloitti", exact=True).select_option("long_unemployed")
        oona.get_by_label("Ylin tutkinto", exact=True).select_option("low")
        oona.get_by_label("Mukana alkaen", exact=True).fill("2010-03-02")
        oona.get_by_label("Miten hän antoi luvan", exact=True).fill("allekirjoitti lomakkeen")
        oona.get_by_role("button", name="Lisää", exact=True).click()
        oona.wait_for_url("**saved=1")
        oona.goto(oona.url.split("?")[0])
    sign_in(kaisa, "Kaisa Koordinaattori")
    kaisa.goto(project)
    kaisa.get_by_role("link", name="ESR+-indikaattorit", exact=True).click()
    # The example's project is of years ago: so is its half-year.
    kaisa.get_by_label("Ensimmäinen päivä", exact=True).fill("2010-01-01")
    kaisa.get_by_label("Viimeinen päivä", exact=True).fill("2010-06-30")
    kaisa.get_by_role("button", name="Näytä", exact=True).click()
    expect(kaisa.get_by_role("heading", name="Mitä puuttuu")).to_be_visible()
    assert "Aino" not in content(kaisa) and "Veikko" not in content(kaisa)

    def row(code: str) -> list[str]:
        return kaisa.get_by_role("row").filter(has_text=code).get_by_role("cell").all_inner_texts()

    assert row("EECO01")[1:] == ["1", "0", "0", "1"] and row("EECO03")[-1] == "1" and row("EECO08")[-1] == "1"
    # What is missing is told by whom it is known, and then it counts.
    oona.get_by_role("link", name="Veikko Esimerkki").click()
    oona.get_by_label("Syntymävuosi", exact=True).fill("1985")
    oona.get_by_role("button", name="Tallenna", exact=True).click()
    kaisa.reload()
    assert row("EECO01")[1:] == ["1", "1", "0", "2"]
    kaisa.get_by_role("button", name="Talleta raportti").click()
    expect(kaisa.get_by_role("status")).to_contain_text("Raportti on tallessa")
    with kaisa.expect_download() as download:
        kaisa.get_by_role("link", name="Taulukkona").click()
    assert "EECO01" in download.value.path().read_text(encoding="utf-8-sig")


def test_one_tap_after_an_answer_is_read_by_the_team_today(open_page: Open) -> None:
    aino, oona = open_page(width=320, script=False), open_page()
    aino.goto("/book")
    link = aino.get_by_role("link", name="Uraohjaus aikuiselle").first.get_attribute("href") or ""
    service = re.search(r"[0-9a-f-]{36}", link)
    assert service
    aino.goto(f"/ask?service={service[0]}")
    aino.get_by_label("Mitä sinulla on mielessä?").fill("Kuinka pitkään oppisopimus kestää aikuisella?")
    # One who writes in no time is taken for a machine.
    aino.wait_for_timeout(2100)
    send(aino)
    conversation = aino.url.split("?")[0]
    sign_in(oona, "Oona Ohjaaja")
    hand = Hand(oona)
    hand.link(re.compile("Kuinka pitkään oppisopimus kestää"))
    hand.take_ready("Haku ja hakuaika", "Vastaus")
    hand.button("Vastaa")
    aino.goto(conversation)
    aino.get_by_role("button", name="Huonosti").click()
    aino.get_by_label("Haluatko sanoa jotain?").fill("En ymmärtänyt vastausta")
    aino.get_by_role("button", name="Lähetä", exact=True).click()
    expect(aino.get_by_role("heading", level=1)).to_have_text("Kiitos")
    oona.goto("/desk")
    oona.get_by_role("link", name=re.compile("Palaute, joka kannattaa lukea")).first.click()
    expect(oona.get_by_text("En ymmärtänyt vastausta")).to_be_visible()
    oona.get_by_role("button", name="Merkitse luetuksi").first.click()
    expect(oona.get_by_text("Luettu").first).to_be_visible()
