"""A baker asks what the staff can do; an employee answers on a phone in English and goes on to a guide; a plan comes of it."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import CHROMIUM, Open
from tests.stories.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium")]
TODAY = datetime.now(ZoneInfo("Europe/Helsinki")).date()
# The others at the bakery.
OTHERS = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "opinovi.settings"
django.setup()
from opinovi.workplaces.actions import answering
from opinovi.workplaces.models import CompetenceSurvey
one = CompetenceSurvey.objects.select_related("key").get(name__fi="Syksyn kartoitus")
for unit in one.units.all():
    for _person in range(6):
        sheet = answering.sheet_of(one, answering.begin(one))
        levels = {str(item.id): 2 + item.position % 2 for item in one.items.all()}
        answering.save_sheet(one, sheet, str(unit.id), levels)
        answering.send(one, sheet)
"""


def test_a_baker_asks_an_employee_answers_in_english_and_a_plan_comes_of_it(open_page: Open, home: Path) -> None:
    timo, employee = open_page(), open_page(width=320)
    sign_in(timo, "Timo Työnantaja")
    timo.get_by_role("link", name="Työpaikkani").first.click()
    timo.get_by_role("link", name="Leipomo Esimerkki").click()
    timo.locator("summary", has_text="Uusi kartoitus").click()
    timo.get_by_label("Kartoituksen nimi").fill("Syksyn kartoitus")
    timo.get_by_label("Mistä aloitetaan").select_option("bakery")
    timo.get_by_role("button", name="Tee kartoitus").click()
    timo.get_by_label("Osaaminen 11").fill("Leivon ruisleipää")
    timo.get_by_role("button", name="Tallenna").click()
    expect(timo.get_by_text("Leivon ruisleipää")).to_be_visible()
    timo.get_by_label("Viimeinen vastauspäivä").fill(f"{TODAY + timedelta(days=7)}")
    timo.get_by_role("button", name="Avaa", exact=True).click()
    code = timo.locator(".address").inner_text().rsplit("/", 1)[1]
    # On the wall, and from there on a phone, in English.
    employee.goto(f"/en/s/{code}")
    expect(employee.get_by_text("No name is asked.")).to_be_visible()
    employee.locator("main form button.main").first.click()
    employee.get_by_label("Leipomo", exact=True).check()
    for _step in range(3):
        assert employee.evaluate("document.documentElement.scrollWidth") <= 320
        for field in employee.get_by_label("I can when somebody helps").all():
            field.check()
        employee.get_by_role("button", name=re.compile("Next|The last page")).click()
    employee.get_by_label(re.compile("What would you like to learn")).fill("English for customers.")
    employee.get_by_role("button", name="Send").click()
    expect(employee.get_by_role("heading", level=1)).to_have_text("Your own result")
    employee.get_by_role("button", name="Keep the result with a code").click()
    expect(employee.locator(".big")).to_have_text(re.compile("^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    employee.get_by_role("link", name=re.compile("^Book a time|^Varaa aika")).first.click()
    assert employee.url.endswith("/en/book")
    # The employer sees nothing of one, and what six and more said together.
    timo.reload()
    expect(timo.get_by_text("Vastauksia: alle 5.")).to_be_visible()
    environment = {**os.environ, "OPINOVI_HOME": str(home)}
    subprocess.run([sys.executable, "-c", OTHERS], env=environment, check=True)
    timo.reload()
    timo.locator("summary", has_text="Päätä nyt").click()
    timo.get_by_role("button", name="Päätä ja laske tulokset").click()
    for _look in range(60):
        if timo.locator(".heat").count():
            break
        timo.wait_for_timeout(500)
        timo.reload()
    expect(timo.locator(".heat")).to_be_visible()
    assert "English for customers." not in timo.content()
    timo.get_by_role("link", name=re.compile("^Tee tavoite")).first.click()
    timo.get_by_label("Kuka vastaa").fill("Leipurimestari")
    timo.get_by_role("button", name="Tallenna").click()
    expect(timo.get_by_role("cell", name="Leipurimestari")).to_be_visible()
    # A guide reads the words first.
    oona = open_page()
    sign_in(oona, "Oona Ohjaaja")
    oona.goto(timo.url.split("?")[0])
    oona.get_by_role("link", name=re.compile("^Lue 1 vastaus")).click()
    oona.get_by_role("button", name="Näytä työnantajalle").click()
    timo.reload()
    expect(timo.get_by_text("English for customers.")).to_be_visible()
