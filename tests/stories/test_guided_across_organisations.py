"""One person's guidance from an anonymous question to what came of it half a year later, through two organisations, with
three people signed in at once; and all that can go another way."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Open
from tests.stories.steps import PLAIN, content, letter, sign_in, width
from tests.stories.test_ask_book_join import send, site_at

pytestmark = pytest.mark.browser
FI = ZoneInfo("Europe/Helsinki")
NEED = "Haluaisin hoitoalalle, mutta kvanttipelko vaivaa"
LINK = r"/my/open/[\w:-]+"
# Words of the client who is forgotten: none may be found afterwards, by anyone or on the disk.
GONE = ("Unohdettava", "unohdettava", "mustaaukko", "madonreikä", "tapahtumahorisontti")


def choose_service(page: Page, words: str) -> None:
    """Choose the service whose name begins so."""
    option = page.locator("#id_service option", has_text=words).first
    page.select_option("#id_service", option.get_attribute("value"))


def new_client(page: Page, name: str, need: str, how: str, mail: str = "") -> None:
    """A walk-in: what they tell, and how they are asked."""
    page.goto("/desk/clients/new")
    page.get_by_label("Asia asiakkaan omin sanoin").fill(need)
    page.get_by_label("Nimi", exact=True).fill(name)
    page.get_by_label("Sähköposti").fill(mail)
    page.get_by_label(how).check()
    page.get_by_role("button", name="Jatka").click()


def say_yes_here(page: Page) -> None:
    """The client reads the guide's device and says yes: to being kept, or to being seen."""
    page.get_by_role("button", name=re.compile("Kyllä, saa")).click()
    page.wait_for_url(re.compile(r"/desk/(clients|referrals)/"))


def refer(page: Page, service: str, why: str, how: str = "Asiakas on tässä") -> str:
    """From a client's page to another organisation's service; returns the hand-over's number."""
    page.get_by_role("link", name="Ohjaa toiselle").click()
    choose_service(page, service)
    page.get_by_label("Miksi ohjaat juuri sinne?").fill(why)
    page.get_by_label(how).check()
    page.get_by_role("button", name="Kysy asiakkaalta").click()
    page.wait_for_load_state()
    if "Asiakas on tässä" in how:
        say_yes_here(page)
    found = re.search(r"Numero: (\d{6})", content(page))
    assert found
    return found[1]


def open_by_letter(page: Page, mailbox: Page, mail: str) -> None:
    """The newest letter's link, and the code that is sent the same way."""
    page.goto(newest(mailbox, "Sinulle on viesti", mail, LINK))
    page.get_by_role("button", name="Lähetä koodi").click()
    page.get_by_label("Koodi viestistä").fill(newest(mailbox, "Koodi viestiisi", mail, r"aukeaa: (\d{6})"))
    page.get_by_role("button", name="Avaa", exact=True).click()
    page.wait_for_load_state()


def newest(mailbox: Page, subject: str, mail: str, pattern: str) -> str:
    """What the newest letter of a subject to an address says, once it is there."""
    for _ in range(400):
        mailbox.goto("/-/posti")
        for one in mailbox.locator("article").all():
            text = one.inner_text()
            if one.locator("h2").inner_text() == subject and mail in text and (match := re.search(pattern, text)):
                return match[match.lastindex or 0]
    raise AssertionError(f"no letter: {subject}")


def come_in(phone: Page, mailbox: Page, mail: str) -> None:
    """To one's own guidance, by a code to one's own address."""
    phone.goto("/my/start")
    phone.get_by_label("Sähköpostisi").fill(mail)
    phone.get_by_role("button", name="Lähetä koodi").click()
    phone.get_by_label("Koodi viestistä").fill(newest(mailbox, "Koodi Oma ohjaus -sivullesi", mail, r"(\d{6})"))
    phone.get_by_role("button", name="Avaa", exact=True).click()
    phone.wait_for_url("**/my")


def begun_from_a_question(phone: Page, oona: Page, mailbox: Page) -> None:
    """A nameless question becomes guidance, by the client's own yes on their own device."""
    # A question without a name, from a phone, to the college.
    phone.goto("/book")
    times = phone.get_by_role("link", name="Uraohjaus aikuiselle").first.get_attribute("href") or ""
    service = re.search(r"/services/([0-9a-f-]{36})", times)
    assert service
    phone.goto(f"/ask?service={service[1]}")
    phone.get_by_label("Mitä sinulla on mielessä?").fill(NEED)
    send(phone)
    # The guide talks with them and begins guidance: what they choose to give, and their own yes, on their own device.
    sign_in(oona, "Oona Ohjaaja")
    # One who writes as fast as this is kept aside, until a guide sees a person in it; on a slow machine it is not so
    # fast.
    for show in ("suspected", "free"):
        oona.goto(f"/desk?show={show}")
        if oona.get_by_role("link", name=NEED[:30]).count():
            break
    oona.get_by_role("link", name=NEED[:30]).first.click()
    if show == "suspected":
        oona.get_by_role("button", name="Ihminen kirjoitti tämän").click()
    oona.get_by_role("link", name="Aloita tai avaa ohjaus").click()
    expect(oona.get_by_label("Asia asiakkaan omin sanoin")).to_have_value(NEED)
    oona.get_by_label("Nimi", exact=True).fill("Kvasi Kulkija")
    oona.get_by_label("Sähköposti").fill("kvasi@kulkija.example")
    oona.get_by_role("button", name="Jatka").click()
    expect(oona.locator("h1")).to_have_text("Odottaa asiakkaan lupaa")
    assert NEED not in content(oona)
    open_by_letter(phone, mailbox, "kvasi@kulkija.example")
    expect(phone.locator("h1")).to_have_text("Saammeko pitää tietosi?")
    assert NEED in content(phone) and width(phone) <= 320
    phone.get_by_role("button", name="Kyllä, saatte pitää").click()
    phone.wait_for_url("**/my?done=kept")


def outcomes_after_half_a_year(open_page: Open, home: Path) -> str:
    """The question of six months answered by one press in a letter; what the installation knows of outcomes then."""
    later = datetime.now(FI) + timedelta(days=190)
    environment = {**os.environ, "OPINOVI_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.stories.at_a_time", "rounds", later.isoformat()]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    letters = [one.read_text() for one in (home / "mail").iterdir()]
    asked = [
        re.findall(r"/outcome/[\w-]+\?v=3Deducation|/outcome/[\w-]+\?v=education", text.replace("=\n", ""))
        for text in letters
    ]
    links = [one.replace("=3D", "=").replace("v=3D", "v=") for found in asked for one in found]
    assert len(links) >= 2
    with site_at(home, later) as at_later:
        # The question of three months has grown old by now; that of six is answered by one press in the letter.
        answer = open_page(320, at_later)
        open_still = [link for link in links if answer.request.get(link).status == 200]
        assert len(open_still) == 1
        answer.goto(open_still[0])
        if PLAIN:
            answer.get_by_role("button", name="Lähetä tämä vastaus").click()
        answer.wait_for_url("**done=1", wait_until="domcontentloaded")
        assert "Kiitos, vastaus on tallessa" in content(answer)
    return subprocess.run(
        [sys.executable, "-m", "opinovi", "shell", "--no-imports", "-c",
         "from opinovi.journeys.models import Outcome; print(list(Outcome.objects.exclude(what='').values_list('months', 'what')))"],
        env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def test_the_whole_way_from_a_nameless_question_to_an_outcome_at_six_months(
    open_page: Open, phone: Page, site: str, home: Path
) -> None:
    oona, nelli, mailbox = open_page(), open_page(), open_page()
    begun_from_a_question(phone, oona, mailbox)
    oona.reload()
    expect(oona.locator("h1")).to_have_text("Kvasi Kulkija")
    oona.get_by_label("Muistiinpano", exact=True).fill("Puhuttiin hoiva-alasta.")
    oona.get_by_role("button", name="Tallenna muistiinpano").click()
    # Handed on to the employment office, with consent asked on the client's own device.
    number = refer(oona, "Ammatinvalinta", "Hän haluaa puhua ammatinvalinnasta.", "Lähetä kysymys asiakkaan omaan")
    phone.goto("/my")
    phone.get_by_role("link", name="Katso ja vastaa").first.click()
    phone.get_by_role("button", name="Kyllä, saa nähdä").click()
    phone.wait_for_url("**/my?done=sent")
    # Three clicks for the receiver: the row, accept, the first free time.
    sign_in(nelli, "Nelli Neuvoja")
    nelli.get_by_role("link", name=f"Ohjattu asiakas {number}").click()
    assert NEED in content(nelli) and "Puhuttiin hoiva-alasta" not in content(nelli)
    nelli.get_by_role("link", name="Ota vastaan ja varaa aika").click()
    nelli.get_by_role("button", name="Ota vastaan ja varaa aika").click()
    nelli.wait_for_url(re.compile(r"/desk/referrals/[0-9a-f-]{36}$"))
    expect(nelli.locator(".tag").first).to_have_text("otettu vastaan")
    # The client sees what is next, who sees what, and who has read what.
    phone.goto("/my")
    assert "tapaaminen, Ammatinvalinta" in phone.locator(".lead").first.inner_text()
    assert "Nelli Neuvoja" in content(phone)
    phone.goto("/sv/my")
    expect(phone.locator("h1")).to_have_text("Min vägledning")
    assert phone.locator("html").get_attribute("lang") == "sv" and "Vem ser vad" in content(phone)
    # They meet; the receiver's part is done; the guide ends guidance.
    nelli.get_by_role("button", name="Tapasimme").click()
    nelli.get_by_label("Hänellä on suunnitelma").check()
    nelli.get_by_role("button", name="Valmis", exact=True).click()
    expect(nelli.locator(".tag").first).to_have_text("valmis")
    oona.goto("/desk/clients?q=kvasi")
    oona.get_by_role("link", name="Kvasi Kulkija").click()
    oona.locator("summary", has_text="Päätä ohjaus").click()
    oona.get_by_role("button", name="Päätä ohjaus").click()
    told = outcomes_after_half_a_year(open_page, home)
    assert "'education'" in told and "(0, 'plan')" in told


def test_a_decline_names_a_better_door_and_the_way_goes_on(open_page: Open) -> None:
    oona, nelli = open_page(), open_page()
    sign_in(oona, "Oona Ohjaaja")
    new_client(oona, "Dekki Esimerkki", "Tarvitsen apua velkoihin", "Asiakas on tässä ja vastaa")
    say_yes_here(oona)
    number = refer(oona, "Ammatinvalinta", "Raha-asiat")
    where = oona.url
    sign_in(nelli, "Nelli Neuvoja")
    nelli.get_by_role("link", name=f"Ohjattu asiakas {number}").click()
    nelli.get_by_role("link", name="En ota vastaan").click()
    nelli.get_by_label("Miksi et ota vastaan?").fill("Velkaneuvonta on toisaalla.")
    better = nelli.locator("#id_better option").nth(3)
    name = better.inner_text().rsplit(" (", 1)[0]
    nelli.select_option("#id_better", better.get_attribute("value"))
    nelli.get_by_role("button", name="Kieltäydy").click()
    nelli.wait_for_url(re.compile(r"/desk/referrals/[0-9a-f-]{36}$"))
    assert "Tarvitsen apua velkoihin" not in content(nelli)
    oona.goto(where)
    assert "Velkaneuvonta on toisaalla." in content(oona) and name in content(oona)
    oona.get_by_role("link", name="Ohjaa parempaan oveen").click()
    assert name in oona.locator("#id_service option:checked").inner_text()


def test_a_client_withdraws_while_the_receiver_is_reading(open_page: Open, phone: Page) -> None:
    oona, nelli, mailbox = open_page(), open_page(), open_page()
    sign_in(oona, "Oona Ohjaaja")
    new_client(
        oona,
        "Peruva Esimerkki",
        "Haluan lopettaa kesken gluoniasian",
        "Asiakas on tässä ja vastaa",
        "peruva@esimerkki.example",
    )
    say_yes_here(oona)
    number = refer(oona, "Ammatinvalinta", "Kokeillaan")
    sign_in(nelli, "Nelli Neuvoja")
    nelli.get_by_role("link", name=f"Ohjattu asiakas {number}").click()
    assert "gluoniasian" in content(nelli)
    # On their phone: signed in by a code, one press.
    come_in(phone, mailbox, "peruva@esimerkki.example")
    phone.get_by_role("button", name=re.compile("Lopeta Ammatinvalinta")).click()
    phone.wait_for_url("**/my?done=withdrawn")
    # The receiver's next click shows nothing.
    nelli.get_by_role("link", name="Ota vastaan ja varaa aika").click()
    assert "gluoniasian" not in content(nelli) and "Peruva" not in content(nelli)
    assert "Asiakas on perunut ohjaamisen" in content(nelli)
    nelli.go_back()
    nelli.reload()
    assert "gluoniasian" not in content(nelli) and "Peruva" not in content(nelli)


def test_one_who_does_not_use_the_net_is_served_on_paper(open_page: Open) -> None:
    oona = open_page()
    sign_in(oona, "Oona Ohjaaja")
    new_client(oona, "Paperi Esimerkki", "En käytä konetta", "Paperilla, jonka asiakas allekirjoittaa")
    oona.get_by_role("link", name="Tulosta lupa allekirjoitettavaksi").click()
    assert "Allekirjoitus" in content(oona) and "En käytä konetta" in content(oona)
    oona.get_by_role("link", name="Takaisin").click()
    # Who was there and where the paper is has to be told.
    oona.get_by_role("button", name="Kyllä, saatte pitää").click()
    expect(oona.locator(".error").first).to_contain_text("Kirjoita, kuka oli paikalla")
    oona.get_by_label("Kuka oli paikalla, ja missä paperi on").fill("Asiakas ja Oona, kansio 3")
    say_yes_here(oona)
    expect(oona.locator("h1")).to_have_text("Paperi Esimerkki")
    assert "paperilla" in content(oona)


def test_a_receiver_outside_the_network_needs_no_account(open_page: Open) -> None:
    oona, outside, mailbox = open_page(), open_page(360), open_page()
    sign_in(oona, "Oona Ohjaaja")
    new_client(oona, "Ulkona Esimerkki", "Tarvitsen kuntoutusta protonivaivaan", "Asiakas on tässä ja vastaa")
    say_yes_here(oona)
    oona.get_by_role("link", name="Ohjaa toiselle").click()
    oona.locator("summary", has_text="Vastaanottaja ei ole verkostossa").click()
    oona.get_by_label("Vastaanottaja", exact=True).fill("Kuntoutus Esimerkki")
    oona.get_by_label("Vastaanottajan sähköposti").fill("kuntoutus@talo.example")
    oona.get_by_label("Miksi ohjaat juuri sinne?").fill("He osaavat auttaa.")
    oona.get_by_label("Asiakas on tässä ja vastaa").check()
    oona.get_by_role("button", name="Kysy asiakkaalta").click()
    say_yes_here(oona)
    outside.goto(letter(mailbox, "Sinulle ohjataan asiakas", r"/hand-over/[\w-]+"))
    assert "protonivaivaan" not in content(outside)
    outside.get_by_role("button", name="Lähetä koodi").click()
    outside.get_by_label("Koodi viestistä").fill(
        newest(mailbox, "Koodi ohjattuun asiakkaaseen", "kuntoutus@", r"aukeaa: (\d{6})")
    )
    outside.get_by_role("button", name="Avaa", exact=True).click()
    expect(outside.locator("h1")).to_have_text("Sinulle ohjattu asiakas")
    assert "protonivaivaan" in content(outside)
    outside.get_by_role("button", name="Otan vastaan").click()
    outside.get_by_role("button", name="Tapasimme").click()
    oona.reload()
    assert "tavattu" in oona.locator(".tag").first.inner_text()


def test_what_is_erased_is_found_by_nobody_nor_on_the_disk_nor_in_a_backup(
    open_page: Open, phone: Page, site: str, home: Path, tmp_path: Path
) -> None:
    oona, mailbox = open_page(), open_page()
    sign_in(oona, "Oona Ohjaaja")
    new_client(
        oona,
        "Unohdettava Esimerkki",
        "Asiani on mustaaukko",
        "Asiakas on tässä ja vastaa",
        "unohdettava@esimerkki.example",
    )
    say_yes_here(oona)
    where = oona.url
    oona.get_by_label("Muistiinpano", exact=True).fill("Puhuttiin: madonreikä.")
    oona.get_by_role("button", name="Tallenna muistiinpano").click()
    refer(oona, "Ammatinvalinta", "Siellä on tapahtumahorisontti.")
    environment = {**os.environ, "OPINOVI_HOME": str(home)}
    environment.pop("DATABASE_URL", None)

    def opinovi(*command: str, at: Path = home) -> str:
        told = {**environment, "OPINOVI_HOME": str(at)}
        done = subprocess.run([sys.executable, "-m", "opinovi", *command], env=told, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    old, new = tmp_path / "old", tmp_path / "new"
    opinovi("backup", str(old))
    come_in(phone, mailbox, "unohdettava@esimerkki.example")
    with phone.expect_download() as taken:
        phone.get_by_role("link", name="Lataa", exact=True).click()
    own = json.loads(Path(taken.value.path()).read_text())
    assert own["journeys"][0]["need"] == "Asiani on mustaaukko" and own["notes"] and own["referrals"] and own["read_by"]
    phone.get_by_role("link", name="Poista", exact=True).click()
    phone.get_by_label("Haluan poistaa kaiken pysyvästi.").check()
    phone.get_by_role("button", name="Poista kaikki").click()
    expect(phone.locator("h1")).to_have_text("Tietosi on poistettu")
    # By nobody: the guide, the search, the client's own way in.
    assert oona.goto(where).status == 404
    oona.goto("/desk/clients?q=mustaaukko")
    assert "Unohdettava" not in content(oona)
    phone.goto("/my")
    phone.wait_for_url("**/my/start")
    # Not in the bytes of anything but the example's outbox, which stands for other people's mailboxes.
    lying = [one for one in home.rglob("*") if one.is_file() and "mail" not in one.relative_to(home).parts]
    for word in GONE:
        assert not [one for one in lying if word.encode() in one.read_bytes()], word
    # Nor back from a backup that was made before.
    opinovi("backup", str(new))
    back = tmp_path / "back"
    back.mkdir()
    for key in ("master-key", "backup-key"):
        (back / key).write_bytes((home / key).read_bytes())
    opinovi("restore", str(old), "--keys", str(new / "keys.age"), at=back)
    names = opinovi(
        "shell", "--no-imports", "-c",
        "from opinovi.journeys.models import Client; print([one.told() for one in Client.objects.all()])", at=back,
    )  # fmt: skip
    assert "Assi Asiakas" in names and "Unohdettava" not in names
    for one in (*back.rglob("*"), *old.rglob("*")):
        assert not one.is_file() or not any(word.encode() in one.read_bytes() for word in GONE), one
