"""The network aims together: a strategy drafted, commented on by three houses, decided, published; a gap that closes."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import CHROMIUM, Open
from tests.stories.steps import sign_in, wait_for_more, width

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium")]
TODAY = datetime.now(ZoneInfo("Europe/Helsinki")).date()
VISION = "Jokainen löytää avun omasta kunnasta.\n\nKukaan ei kerro asiaansa kahdesti."
# What the worker does every few hours; and the same once many people have looked for help.
COUNT_ANEW = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "opinovi.settings"
django.setup()
from opinovi.base.ids import new_id
from opinovi.doors.models import NeedCount
from opinovi.network.models import Network
from opinovi.strategy.tasks import renew
network = Network.objects.get(slug="paijat-hame")
many = int(os.environ.get("MANY", 0))
NeedCount.objects.bulk_create(NeedCount(id=new_id(), network=network, language="fi", topics=["digital-skills"],
    municipality="398", doors=5, served=True) for _ in range(many))
renew(network)
"""


def worker(home: Path, code: str, **told: str) -> None:
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "OPINOVI_HOME": str(home), **told}, check=True)


def save(page: Page) -> None:
    before = page.url
    page.get_by_role("button", name="Tallenna", exact=True).click()
    page.wait_for_url(lambda address: address != before)


def comment(page: Page, strategy: str, who: str, text: str) -> None:
    sign_in(page, who)
    page.get_by_role("link", name="Yhdessä", exact=True).click()
    page.get_by_role("link", name="Strategia ja toimenpiteet").click()
    page.get_by_role("link", name="Yhteinen suunta").first.click()
    page.locator("summary", has_text="Kommentoi").first.click()
    page.get_by_label("Kommentti", exact=True).first.fill(text)
    page.get_by_role("button", name="Lähetä kommentti").first.click()
    expect(page.get_by_text(text)).to_be_visible()


def test_a_strategy_is_drafted_commented_on_decided_and_published(open_page: Open, home: Path) -> None:
    kaisa, visitor = open_page(), open_page(width=320)
    sign_in(kaisa, "Kaisa Koordinaattori")
    kaisa.get_by_role("link", name="Yhdessä", exact=True).click()
    kaisa.get_by_role("link", name="Strategia ja toimenpiteet").click()
    kaisa.get_by_role("link", name="Uusi strategia").click()
    kaisa.get_by_label("Nimi", exact=True).fill("Yhteinen suunta")
    kaisa.get_by_label("Visio: miten asiat ovat kauden lopussa", exact=True).fill(VISION)
    kaisa.get_by_label("Kausi alkaa").fill(f"{TODAY}")
    kaisa.get_by_label("Kausi päättyy").fill(f"{TODAY + timedelta(days=900)}")
    save(kaisa)
    strategy = kaisa.url
    kaisa.get_by_role("link", name="Lisää teema").click()
    kaisa.get_by_label("Nimi", exact=True).fill("Lähellä")
    save(kaisa)
    kaisa.get_by_role("link", name=re.compile("^Lisää tavoite")).click()
    kaisa.get_by_label("Nimi", exact=True).fill("Useampi löytää oven")
    save(kaisa)
    # A measure that takes its value by itself.
    kaisa.get_by_role("link", name=re.compile("^Lisää mittari")).click()
    kaisa.get_by_label("Mitä mitataan", exact=True).fill("Digiapua vaille jääneet")
    kaisa.get_by_label("Mistä luku tulee").select_option("unserved")
    kaisa.get_by_label("Mikä aihe, kun lasketaan tarpeita").select_option("digital-skills")
    kaisa.get_by_label("Tavoitetaso").fill("20")
    kaisa.get_by_label("Pienempi luku on parempi").check()
    save(kaisa)
    expect(kaisa.locator(".big")).to_contain_text("%")
    # Three houses say what they think.
    comment(open_page(), strategy, "Oona Ohjaaja", "Salpaus on mukana.")
    comment(open_page(), strategy, "Nelli Neuvoja", "Lisätään työttömät.")
    ville = open_page(width=320)
    comment(ville, strategy, "Ville Opinto-opas", "Kirjastot mukaan.")
    kaisa.goto(strategy)
    expect(kaisa.get_by_text("3 kommenttia odottaa")).to_be_visible()
    for left in (3, 2, 1):
        expect(kaisa.get_by_role("button", name="Merkitse käsitellyksi")).to_have_count(left)
        kaisa.get_by_role("button", name="Merkitse käsitellyksi").first.click()
        kaisa.wait_for_load_state()
    kaisa.get_by_role("link", name="Versiot ja seurannat").click()
    kaisa.get_by_label("Mikä tässä versiossa on uutta").fill("Kolme kommenttia")
    kaisa.get_by_role("button", name="Talleta versio").click()
    expect(kaisa.get_by_role("status")).to_contain_text("Vie se kokoukseen")
    # The meeting.
    kaisa.get_by_role("link", name="Kokoukset").click()
    kaisa.get_by_role("link", name="Uusi kokous").click()
    kaisa.get_by_label("Mikä kokous").fill("Syyskokous")
    kaisa.get_by_label("Päivä").fill(f"{TODAY - timedelta(days=1)}")
    kaisa.get_by_label("Klo").fill("09:00")
    kaisa.get_by_label("Nelli Neuvoja, Päijät-Hämeen työ- ja elinkeinotoimisto").check()
    save(kaisa)
    kaisa.get_by_label("Päätös", exact=True).fill("Hyväksyttiin strategia.")
    version = kaisa.get_by_label("Koskeeko strategian versiota")
    version.select_option(version.locator("option", has_text="Yhteinen suunta").first.get_attribute("value"))
    kaisa.get_by_role("button", name="Kirjaa päätös").click()
    kaisa.get_by_role("button", name="Pöytäkirja on valmis").click()
    kaisa.get_by_role("link", name="Julkaise se").click()
    kaisa.get_by_role("button", name="Julkaise versio 1").click()
    expect(kaisa.get_by_role("status")).to_contain_text("Strategia on julkaistu")
    visitor.goto("/about")
    visitor.get_by_role("link", name="Mihin alueen ohjaus pyrkii: strategia").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Yhteinen suunta")
    expect(visitor.get_by_text("Kukaan ei kerro asiaansa kahdesti.")).to_be_visible()
    assert width(visitor) <= 320
    # From a need nobody meets to an action, and to the day it is mended.
    # Another story may have counted them as they will be in half a year.
    worker(home, COUNT_ANEW)
    kaisa.goto("/desk/together")
    kaisa.get_by_role("link", name="Tarpeet, joihin ei löydy ovea").click()
    kaisa.get_by_role("row", name=re.compile("digitaidot|digiapu", re.IGNORECASE)).get_by_role("button").click()
    gap = kaisa.url
    kaisa.get_by_role("link", name=re.compile("Tee toimenpide: Yhteinen suunta|^Tee toimenpide$")).first.click()
    kaisa.get_by_label("Valmis viimeistään").fill(f"{TODAY + timedelta(days=90)}")
    save(kaisa)
    expect(kaisa.get_by_role("heading", level=1)).to_contain_text("Parannetaan")
    kaisa.get_by_role("button", name="Aloita", exact=True).click()
    worker(home, COUNT_ANEW, MANY="400")
    kaisa.goto(gap)
    expect(kaisa.get_by_text("korjattu", exact=True)).to_be_visible()
    kaisa.goto(strategy)
    expect(kaisa.get_by_text("täynnä")).to_be_visible()


def test_a_partner_reports_hours_and_the_coordinator_files_a_claim(open_page: Open) -> None:
    ville, kaisa = open_page(width=320), open_page()
    sign_in(ville, "Ville Opinto-opas")
    ville.get_by_role("link", name="Yhdessä", exact=True).click()
    ville.get_by_role("link", name="Hankkeet").click()
    ville.get_by_role("link", name="Päijät-Hämeen Opin ovi").click()
    ville.get_by_role("link", name="Kirjaa tunnit tai kulu").click()
    ville.get_by_label("Päivä", exact=True).fill("2009-12-09")
    ville.get_by_label("Mihin työ tai raha meni").fill("Ohjausta Sysmän kirjastossa")
    ville.get_by_label("Tunnit", exact=True).fill("5:30")
    ville.get_by_label("Tunnin hinta sivukuluineen, €").fill("30,10")
    save(ville)
    expect(ville.locator(".big")).to_contain_text("165,55")
    sign_in(kaisa, "Kaisa Koordinaattori")
    kaisa.goto("/desk/projects")
    kaisa.get_by_role("link", name="Päijät-Hämeen Opin ovi").click()
    kaisa.get_by_role("link", name=re.compile("^Tee maksatushakemus")).click()
    expect(kaisa.get_by_text("Vahvistusta odottaa 3")).to_be_visible()
    kaisa.get_by_role("link", name="Katso ne").click()
    # One's own hours somebody else confirms.
    for name in ("Julisteet ja kortit", "Ohjausta Sysmän kirjastossa"):
        kaisa.get_by_role("row", name=re.compile(name)).get_by_role("checkbox").check()
    kaisa.get_by_role("button", name="Vahvista valitut").click()
    expect(kaisa.get_by_role("status")).to_have_text("Vahvistettu 2.")
    veikko = open_page()
    sign_in(veikko, "Veikko Verkostovastaava")
    veikko.goto("/desk/projects")
    veikko.get_by_role("link", name="Päijät-Hämeen Opin ovi").click()
    veikko.get_by_role("link", name="Kirjaukset").click()
    veikko.get_by_role("link", name="Strategian työpaja").click()
    veikko.get_by_role("button", name="Vahvista", exact=True).click()
    expect(veikko.get_by_text("vahvistettu", exact=True)).to_be_visible()
    kaisa.goto("/desk/projects")
    kaisa.get_by_role("link", name="Päijät-Hämeen Opin ovi").click()
    kaisa.get_by_role("link", name=re.compile("^Tee maksatushakemus")).click()
    kaisa.get_by_role("button", name="Jätä hakemus ja sulje kausi").click()
    wait_for_more(kaisa.get_by_role("link", name="Lataa taulukko (XLSX)"))
    with kaisa.expect_download() as sheet:
        kaisa.get_by_role("link", name="Lataa taulukko (XLSX)").click()
    assert sheet.value.suggested_filename == "claim-3.xlsx"
    kaisa.get_by_label("Paljonko rahoittaja maksoi, €").fill("400,00")
    kaisa.get_by_role("button", name="Kirjaa maksu").click()
    expect(kaisa.get_by_text(re.compile("400,00"))).to_be_visible()


def test_a_practice_is_reviewed_by_two_and_taken_into_use_by_another(open_page: Open) -> None:
    ville, oona, nelli, visitor = (open_page(width=320 if number == 3 else 1280) for number in range(4))
    sign_in(ville, "Ville Opinto-opas")
    ville.get_by_role("link", name="Yhdessä", exact=True).click()
    ville.get_by_role("link", name="Hyvät käytännöt").click()
    ville.get_by_role("link", name="Kerro hyvästä käytännöstä").click()
    for label, text in (("Nimi", "Kahvit ennen kurssia"), ("Mikä oli ongelma", "Kukaan ei puhunut ensimmäisellä kerralla."),
                        ("Mitä tehtiin", "Ovi aukeaa puoli tuntia ennen, ja kahvi on valmiina."),
                        ("Mitä siitä seurasi", "Kurssin keskeytti puolet vähemmän.")):  # fmt: skip
        ville.get_by_label(label, exact=True).fill(text)
    save(ville)
    ville.get_by_role("button", name="Anna arvioitavaksi").click()
    expect(ville.get_by_text("arvioitavana", exact=True)).to_be_visible()
    for page, name in ((oona, "Oona Ohjaaja"), (nelli, "Nelli Neuvoja")):
        sign_in(page, name)
        page.goto("/desk/practices")
        page.get_by_role("link", name="Kahvit ennen kurssia").click()
        page.get_by_label("kyllä", exact=True).check()
        page.get_by_role("button", name="Lähetä arvio").click()
        expect(page.get_by_role("status")).to_be_visible()
    nelli.locator("summary", has_text="Ota käyttöön").click()
    nelli.get_by_label("Mitä muutitte siinä").fill("Kahvi on neuvontapisteessä.")
    nelli.locator("details form button", has_text="Tallenna").click()
    expect(nelli.get_by_text("Kahvi on neuvontapisteessä.").first).to_be_visible()
    visitor.goto("/practices?q=kurssi keskeytyy")
    visitor.get_by_role("link", name="Kahvit ennen kurssia").click()
    expect(visitor.get_by_text("Missä tämä on otettu käyttöön")).to_be_visible()
    expect(visitor.get_by_text("Kahvi on neuvontapisteessä.")).to_be_visible()
