"""A baker with twelve employees goes from a need to a survey, its results, an offer of two organisations and a guide's
day; an employee from the survey to a booked time, in English and in plain Finnish; a factory before dismissals."""

import os
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import CHROMIUM, Open
from tests.stories.steps import content, open_menu, sign_in, width

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium")]
TODAY = datetime.now(ZoneInfo("Europe/Helsinki")).date()
# The others at the bakery.
OTHERS = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "opinovi.settings"
django.setup()
from opinovi.workplaces.actions import answering
from opinovi.workplaces.models import CompetenceSurvey
one = CompetenceSurvey.objects.select_related("key").get(name__fi=os.environ["SURVEY"])
for unit in one.units.all():
    for _person in range(int(os.environ["MANY"])):
        sheet = answering.sheet_of(one, answering.begin(one))
        levels = {str(item.id): 2 + item.position % 2 for item in one.items.all()}
        answering.save_sheet(one, sheet, str(unit.id), levels)
        answering.send(one, sheet)
"""


def others_answer(home: Path, survey: str, many: int) -> None:
    environment = {**os.environ, "OPINOVI_HOME": str(home), "SURVEY": survey, "MANY": f"{many}"}
    subprocess.run([sys.executable, "-c", OTHERS], env=environment, check=True)


def next_weekday(days: int) -> date:
    day = TODAY + timedelta(days=days)
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def code_of(page: Page) -> str:
    return page.locator(".address").first.inner_text().rsplit("/", 1)[1]


def counted(page: Page) -> None:
    """The survey is ended, and looked at until the worker has counted it."""
    page.locator("summary", has_text="Päätä nyt").click()
    page.get_by_role("button", name="Päätä ja laske tulokset").click()
    for _look in range(60):
        if page.locator(".heat").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(".heat")).to_be_visible()


def a_day_of_the_guide(oona: Page, place: str) -> None:
    """On the page of a workplace's guidance."""
    oona.get_by_role("link", name="Sovi ohjaajan päivä").click()
    oona.get_by_label("Päivä", exact=True).fill(f"{next_weekday(9)}")
    oona.get_by_label("Missä työpaikalla").fill(place)
    oona.get_by_label("Mihin palveluun").select_option(label="Uraohjaus aikuiselle")
    oona.get_by_label("English", exact=True).check()
    oona.get_by_role("button", name="Tallenna").click()
    expect(oona.get_by_role("status")).to_have_text("Tallennettu.")


def answered_all(page: Page, words: str, on: str) -> None:
    """Every step of a survey, each competence on the level with these words."""
    while "/send" not in page.url:
        assert width(page) <= 320
        before = page.url
        for field in page.get_by_label(words).all():
            field.check()
        page.get_by_role("button", name=re.compile(on)).click()
        page.wait_for_url(lambda address, before=before: address != before)


def booked(page: Page, door: re.Pattern[str], book: str, phone: str) -> None:
    """From one's own result to a time with the guide who comes to the workplace."""
    page.get_by_role("link", name=door).first.click()
    page.locator(".times a").first.click()
    page.get_by_label(phone, exact=True).fill("040 765 4321")
    page.get_by_role("button", name=book, exact=True).click()
    page.wait_for_url("**/times/*")


def test_a_baker_goes_from_a_need_to_a_survey_an_offer_and_a_guides_day(open_page: Open, home: Path) -> None:
    timo, oona, nelli = open_page(), open_page(), open_page()
    # A need in the baker's own words, by the same search; and one request.
    timo.goto("/workplaces")
    timo.get_by_label("Asianne").fill("osa porukasta ei osaa lukea reseptejä")
    timo.get_by_role("button", name="Etsi ovi").click()
    timo.get_by_role("link", name="Pyydä apua työpaikalle").click()
    expect(timo.get_by_label("Mitä tarvitsette?")).to_have_value("osa porukasta ei osaa lukea reseptejä")
    sign_in(timo, "Timo Työnantaja")
    open_menu(timo)
    timo.get_by_role("link", name="Työpaikkani").first.click()
    timo.get_by_role("link", name="Leipomo Esimerkki").click()
    workplace = timo.url
    timo.get_by_role("link", name="Uusi pyyntö").click()
    timo.get_by_label("Mitä tarvitsette?").fill("Kaksitoista leipuria, ja osa ei osaa lukea reseptejä.")
    timo.get_by_label("Mistä on kyse").select_option(label="Koulutusta väelle")
    timo.get_by_role("button", name="Lähetä").click()
    expect(timo.locator("h1")).to_have_text("Pyyntönne on perillä")
    request = timo.url.split("?")[0]
    # A survey of what the twelve can do.
    timo.goto(workplace)
    timo.locator("summary", has_text="Uusi kartoitus").click()
    timo.get_by_label("Kartoituksen nimi").fill("Syksyn kartoitus")
    timo.get_by_label("Mistä aloitetaan").select_option("bakery")
    timo.get_by_role("button", name="Tee kartoitus").click()
    timo.get_by_label("Osaaminen 11").fill("Luen reseptejä")
    timo.get_by_role("button", name="Tallenna").click()
    timo.get_by_label("Viimeinen vastauspäivä").fill(f"{TODAY + timedelta(days=7)}")
    timo.get_by_role("button", name="Avaa", exact=True).click()
    others_answer(home, "Syksyn kartoitus", 4)
    timo.reload()
    counted(timo)
    expect(timo.get_by_text("Noin 10 vastasi.")).to_be_visible()
    # Units of four are not told of, and no figure is told by colour alone.
    assert timo.locator(".heat td").first.inner_text().strip() not in ("", "–")
    timo.get_by_role("link", name=re.compile("^Tee tavoite")).first.click()
    timo.get_by_label("Kuka vastaa").fill("Leipurimestari")
    timo.get_by_role("button", name="Tallenna").click()
    expect(timo.get_by_role("cell", name="Leipurimestari")).to_be_visible()
    # Two organisations answer with one offer.
    sign_in(oona, "Oona Ohjaaja")
    oona.get_by_role("link", name=re.compile("Työpaikan pyyntö .*Koulutusta väelle")).first.click()
    expect(oona.get_by_text("Kaksitoista leipuria")).to_be_visible()
    case = oona.url
    oona.get_by_role("button", name="Ota itsellesi").click()
    oona.get_by_role("button", name="Tee yhteinen tarjous").click()
    for who in (
        "Oona Ohjaaja, Koulutuskeskus Salpaus",
        "Nelli Neuvoja, Päijät-Hämeen työ- ja elinkeinotoimisto",
    ):
        oona.get_by_label("Keneltä").select_option(label=who)
        oona.get_by_role("button", name="Pyydä osaa").click()
    sign_in(nelli, "Nelli Neuvoja")
    nelli.goto(f"{case}/offer")
    for page, house, what, price in (
        (oona, "Koulutuskeskus Salpaus", "Reseptit selviksi, kolme iltapäivää", "720"),
        (nelli, "Päijät-Hämeen työ- ja elinkeinotoimisto", "Rahoituksen hakeminen yhdessä", "0"),
    ):
        page.get_by_role("link", name=house).click()
        page.get_by_label("Mitä teemme").fill(what)
        page.get_by_label("Alkaa", exact=True).fill(f"{TODAY + timedelta(days=14)}")
        page.get_by_label(re.compile("^Hinta yhteensä")).fill(price)
        page.get_by_label("Tämä on meidän puolestamme valmis").check()
        page.get_by_role("button", name="Tallenna").click()
    oona.goto(f"{case}/offer")
    oona.get_by_label("Mitä tarjoamme, lyhyesti").fill("Opetamme lukemaan reseptit, ja raha haetaan yhdessä.")
    oona.get_by_role("button", name="Lähetä työpaikalle").click()
    expect(oona.get_by_text("Tarjous on lähetetty työpaikalle.")).to_be_visible()
    timo.goto(request)
    expect(timo.locator("h1")).to_have_text("Teille on tarjous")
    expect(timo.get_by_role("row", name="Yhteensä")).to_contain_text("720,00")
    timo.get_by_role("button", name="Hyväksymme tarjouksen").click()
    expect(timo.get_by_role("status")).to_have_text("Kiitos! Tarjous on hyväksytty.")
    # And a guide comes for a day.
    oona.goto(f"{workplace}/guidance")
    a_day_of_the_guide(oona, "kokoushuone 1")
    timo.goto(f"{workplace}/guidance")
    expect(timo.get_by_text("kokoushuone 1")).to_be_visible()
    timo.goto(f"{workplace}/year")
    expect(timo.get_by_role("row", name="Hyväksyttyjä tarjouksia")).to_contain_text("720,00")


@pytest.mark.parametrize("language", ["en", "plain Finnish"])
def test_an_employee_goes_from_the_survey_to_a_booked_time(open_page: Open, home: Path, language: str) -> None:
    timo, oona, employee = open_page(), open_page(), open_page(width=320)
    english = language == "en"
    sign_in(oona, "Oona Ohjaaja")
    oona.goto("/desk/workplaces/new")
    name = f"Leipomo {'Bakery' if english else 'Selko'}"
    oona.get_by_label("Työpaikan nimi").fill(name)
    oona.get_by_role("button", name="Tallenna").click()
    workplace = oona.url.split("?")[0]
    oona.get_by_label("Kartoituksen nimi").fill(f"Kartoitus, {name}")
    oona.get_by_label("Mistä aloitetaan").select_option("bakery")
    oona.get_by_role("button", name="Tee kartoitus").click()
    oona.get_by_role("button", name="Tallenna").click()
    oona.get_by_label("Viimeinen vastauspäivä").fill(f"{TODAY + timedelta(days=7)}")
    oona.get_by_role("button", name="Avaa", exact=True).click()
    survey, code = oona.url.split("?")[0], code_of(oona)
    oona.goto(f"{workplace}/guidance")
    a_day_of_the_guide(oona, "taukohuone")
    # On the wall, and from there on a phone.
    employee.goto(f"/en/s/{code}" if english else f"/s/{code}")
    if not english:
        employee.get_by_role("link", name="Selkokieli").click()
    employee.locator("main form button.main").first.click()
    if not english:
        expect(employee.get_by_text("Osaan tehdä taikinan ohjeen mukaan")).to_be_visible()
    answered_all(employee, "I can when somebody helps" if english else "osaan, kun joku auttaa",
                 "Next|The last page" if english else "Seuraava|Viimeinen")  # fmt: skip
    words = "English for customers." if english else "Haluan oppia reseptit."
    employee.get_by_label(re.compile("What would you like to learn|Mitä haluaisit oppia")).fill(words)
    employee.get_by_role("button", name="Send" if english else "Lähetä").click()
    expect(employee.get_by_role("heading", level=1)).to_have_text("Your own result" if english else "Oma tuloksesi")
    employee.get_by_role(
        "button", name="Keep the result with a code" if english else "Pidä tulos tallessa koodilla"
    ).click()
    expect(employee.locator(".big")).to_have_text(re.compile("^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    booked(employee, re.compile("^Book a time with the guide|^Varaa aika ohjaajalle"),
           "Book" if english else "Varaa", "Phone" if english else "Puhelin")  # fmt: skip
    expect(employee.get_by_text(f"{name}, taukohuone")).to_be_visible()
    assert width(employee) <= 320
    # The employer sees nothing of one: neither the answer, nor the words, nor who booked.
    others_answer_without_units(home, f"Kartoitus, {name}")
    oona.goto(survey)
    counted(oona)
    assert words not in content(oona)
    oona.get_by_role("link", name=re.compile("^Lue 1 vastaus")).click()
    oona.get_by_role("button", name="Näytä työnantajalle").click()
    oona.goto(survey)
    expect(oona.get_by_text(words)).to_be_visible()
    sign_in(timo, "Timo Työnantaja")
    timo.goto(workplace)
    expect(timo.get_by_text("ei löydy").first).to_be_visible()


def others_answer_without_units(home: Path, survey: str) -> None:
    code = OTHERS.replace("for unit in one.units.all():", "for unit in (None,):").replace("str(unit.id)", "None")
    environment = {**os.environ, "OPINOVI_HOME": str(home), "SURVEY": survey, "MANY": "6"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_a_factory_with_three_units_before_dismissals(open_page: Open, home: Path) -> None:
    oona, worker = open_page(), open_page(width=320)
    sign_in(oona, "Oona Ohjaaja")
    oona.goto("/desk/workplaces")
    oona.get_by_role("link", name="Tehdas Esimerkki").click()
    factory, door = oona.url, code_of(oona)
    oona.get_by_role("link", name="Kokoonpano siirtyy muualle").click()
    change = oona.url
    # An info session for all, and a survey of the three units.
    oona.get_by_role("link", name="Järjestä tilaisuus").first.click()
    oona.get_by_label("Nimi", exact=True).fill("Mitä tapahtuu ja mistä saa apua")
    oona.get_by_label("Mitä siellä tehdään ja kenelle se on").fill("Kaikille, kokoonpanosta toimistoon.")
    oona.get_by_label("Ensimmäinen kerta").fill(f"{next_weekday(3)}")
    oona.get_by_label("Alkaa klo").fill("13:00")
    oona.get_by_label("Päättyy klo").fill("14:00")
    oona.get_by_label("Missä työpaikalla").fill("ruokala")
    oona.get_by_role("button", name="Tallenna").click()
    expect(oona.get_by_text("Mitä tapahtuu ja mistä saa apua")).to_be_visible()
    a_day_of_the_guide(oona, "neuvottelutila 3")
    oona.goto(factory)
    if not oona.get_by_label("Kartoituksen nimi").is_visible():
        # Another story may have begun one.
        oona.locator("summary", has_text="Uusi kartoitus").click()
    oona.get_by_label("Kartoituksen nimi").fill("Mihin osaaminen riittää")
    oona.get_by_label("Mistä aloitetaan").select_option("industry")
    oona.get_by_role("button", name="Tee kartoitus").click()
    oona.get_by_role("button", name="Tallenna").click()
    oona.get_by_label("Viimeinen vastauspäivä").fill(f"{TODAY + timedelta(days=7)}")
    oona.get_by_role("button", name="Avaa", exact=True).click()
    survey = oona.url.split("?")[0]
    # Before the people know, their door says nothing of it; then it leads on.
    worker.goto(f"/t/{door}")
    expect(worker.get_by_text("Mitä tapahtuu ja mistä saa apua")).to_be_visible()
    expect(worker.get_by_text("Muutos työssäsi")).to_have_count(0)
    oona.goto(change)
    oona.get_by_role("button", name="Väki tietää jo: kerro ovella").click()
    expect(oona.get_by_text("Ovella kerrotaan muutoksesta")).to_be_visible()
    worker.reload()
    worker.get_by_role("link", name="Selkokieli").click()
    expect(worker.get_by_role("link", name="Ilmoita että etsit työtä, ja hae rahaa ajoissa")).to_be_visible()
    worker.get_by_role("link", name="Uusi ammatti tai koulutus").click()
    expect(worker.locator(".result").first).to_be_visible()
    worker.goto(f"/t/{door}")
    worker.get_by_role("link", name="Mitä tapahtuu ja mistä saa apua").click()
    worker.get_by_label("Puhelin", exact=True).fill("040 111 2222")
    worker.get_by_role("button", name="Ilmoittaudu").click()
    worker.wait_for_url("**/registrations/*")
    expect(worker.get_by_text("Tehdas Esimerkki, ruokala")).to_be_visible()
    worker.goto(f"/t/{door}")
    booked(worker, re.compile("^Varaa aika ohjaajalle"), "Varaa", "Puhelin")
    # Three units, of which each is told of, since each is of five and more.
    others_answer(home, "Mihin osaaminen riittää", 7)
    oona.goto(survey)
    counted(oona)
    expect(oona.get_by_text("Noin 20 vastasi.")).to_be_visible()
    for unit in ("Kokoonpano", "Varasto", "Toimisto"):
        expect(oona.locator(".heat th", has_text=unit)).not_to_contain_text("ei kerrota")
    # Each step that is done is marked, until all is seen through.
    oona.goto(change)
    done = oona.get_by_role("button", name=re.compile("^Tehty"))
    left = done.count()
    for number in range(left):
        expect(done).to_have_count(left - number)
        done.first.click()
    expect(done).to_have_count(0)
    oona.locator("summary", has_text="Päätä").click()
    oona.get_by_role("button", name="Muutos on viety läpi").click()
    worker.goto(f"/t/{door}")
    expect(worker.get_by_text("Muutos työssäsi")).to_have_count(0)
