"""A guide assesses themself, finds training, attends, and gets the certificate; and learns from colleagues."""

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
from tests.stories.steps import sign_in, width

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no chromium")]
TODAY = datetime.now(ZoneInfo("Europe/Helsinki")).date()
# The days go by: the training is today.
IT_BEGINS = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "opinovi.settings"
django.setup()
from datetime import timedelta
from django.utils import timezone
from opinovi.directory.models import GroupSession, Meeting
session = GroupSession.objects.get(name__fi="Ryhmän ensimmäinen kerta")
begins = timezone.now() - timedelta(hours=1)
session.starts_at, session.ends_at = begins, begins + timedelta(hours=3)
session.save()
Meeting.objects.filter(session=session).update(begins_at=begins, ends_at=begins + timedelta(hours=3))
"""


def to(page: Page, name: str) -> None:
    page.get_by_role("link", name="Työpöytä", exact=True).first.click()
    page.get_by_role("link", name="Yhdessä", exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()


def test_a_guide_assesses_themself_finds_training_attends_and_gets_the_certificate(open_page: Open, home: Path) -> None:
    nelli, ella = open_page(), open_page(width=320)
    # A training is arranged.
    sign_in(nelli, "Nelli Neuvoja")
    to(nelli, "Koulutukset")
    nelli.get_by_role("link", name="Järjestä koulutus").click()
    nelli.get_by_label("Nimi", exact=True).fill("Ryhmän ensimmäinen kerta")
    nelli.get_by_label("Mitä siellä opitaan").fill("Harjoitellaan aloitusta.")
    nelli.get_by_label("Ryhmät", exact=True).check()
    nelli.get_by_label("Ensimmäinen kerta", exact=True).fill(f"{TODAY + timedelta(days=3)}")
    nelli.get_by_label("Alkaa klo").fill("12:00")
    nelli.get_by_label("Päättyy klo").fill("15:00")
    nelli.get_by_label("Linkki, jolla pääsee mukaan").fill("https://kokous.example/ryhma")
    nelli.get_by_role("button", name="Tallenna", exact=True).click()
    expect(nelli.get_by_role("heading", level=1)).to_have_text("Ryhmän ensimmäinen kerta")
    # Somebody at the desk on a phone wonders where to begin.
    sign_in(ella, "Ella Editori")
    to(ella, "Osaamiseni")
    ella.get_by_role("link", name="Arvioi osaamisesi").click()
    ella.get_by_label("1. Olen ollut mukana ryhmän ohjaamisessa.").check()
    ella.get_by_label("2. Tiedän, mistä ajantasainen tieto löytyy, ja tarkistan sen.").check()
    ella.get_by_label("Haluan oppia tätä lisää: Ryhmät").check()
    ella.get_by_role("button", name="Tallenna arvio").click()
    expect(ella.get_by_text("vain sinä näet tämän")).to_be_visible()
    assert width(ella) <= 320
    # From the gap to the training, and a place in it by one press.
    ella.get_by_role("link", name="Ryhmän ensimmäinen kerta").click()
    ella.get_by_role("button", name="Tulen mukaan").click()
    expect(ella.get_by_role("status")).to_contain_text("Paikkasi on varattu")
    training = ella.url.split("?")[0]
    # The day comes; the leader marks who is there.
    environment = {**os.environ, "OPINOVI_HOME": str(home)}
    subprocess.run([sys.executable, "-c", IT_BEGINS], env=environment, check=True)
    nelli.goto(training)
    nelli.get_by_role("link", name="Kuka tulee").click()
    nelli.get_by_role("row", name=re.compile("Ella Editori")).get_by_role("button", name=re.compile("^Tuli")).click()
    expect(nelli.get_by_text("Tuli", exact=True)).to_be_visible()
    # And the certificate is there, on paper as well.
    ella.goto(training)
    expect(ella.get_by_role("heading", name="Todistuksesi on valmis")).to_be_visible()
    paper = ella.get_by_role("link", name="Avaa todistus (PDF)").get_attribute("href") or ""
    answer = ella.request.get(paper)
    assert answer.ok and answer.body().startswith(b"%PDF")
    to(ella, "Osaamiseni")
    expect(ella.get_by_role("heading", name="Todistukseni")).to_be_visible()
    # Nobody else has it.
    assert nelli.request.get(paper).status == 404


def test_a_colleague_is_asked_and_what_looks_like_a_client_is_pointed_at(open_page: Open) -> None:
    oona, ville = open_page(width=320, script=False), open_page()
    sign_in(oona, "Oona Ohjaaja")
    to(oona, "Kysy minulta")
    oona.get_by_role("link", name=re.compile("^Kysy: Ville Opinto-opas")).first.click()
    oona.get_by_label("Mitä haluat kysyä?").fill("Pirkko Nieminen ei saa ääntä kuulumaan. Mitä kokeilla?")
    oona.get_by_role("button", name="Lähetä").click()
    expect(oona.locator("mark").first).to_have_text("Pirkko")
    oona.get_by_label("Mitä haluat kysyä?").fill("Ääni ei kuulu vanhalla puhelimella. Mitä kokeilla?")
    oona.get_by_role("button", name="Lähetä").click()
    expect(oona.get_by_role("status")).to_contain_text("Lähetetty.")
    assert width(oona) <= 320
    page = oona.url.split("?")[0]
    sign_in(ville, "Ville Opinto-opas")
    to(ville, "Kysy minulta")
    ville.get_by_role("link", name="Oona Ohjaaja").first.click()
    ville.get_by_label("Kirjoita").fill("Sulje muut ohjelmat ensin.")
    ville.get_by_role("button", name="Lähetä").click()
    expect(ville.get_by_text("Sulje muut ohjelmat ensin.")).to_be_visible()
    oona.goto(page)
    expect(oona.get_by_text("Sulje muut ohjelmat ensin.")).to_be_visible()
