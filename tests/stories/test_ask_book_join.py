"""People ask, book and join, and guides answer: whole stories in a real browser, and then what lies on the disk."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Open, free_port, wait_for
from tests.stories.steps import letter, sign_in, wait_for_more

pytestmark = pytest.mark.browser
FI = ZoneInfo("Europe/Helsinki")
# What people write in the stories: none of it may be read off the disk afterwards. Each has a word of its own.
AT_NIGHT = "Valvon taas kvasaarin takia. Voiko lukion tehdä loppuun iltaisin?"
IN_THE_MORNING = "Hyvää huomenta! Voi, ja neutronitähti auttaa alkuun."
A_FILE = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n% PULSARIKUITTI\ntrailer<</Root 1 0 R>>\n%%EOF\n"
A_NOTE = "Haluan puhua magnetarista."
A_CALL = "Soittakaa, asia koskee supernovaa."
AFTER_THE_CALL = "Soitettu, selvitettiin blasaari."
TO_HAND_OVER = "En tiedä kenelle, mutta työttömyysturva ja kosminenpöly."
WHY = "Nelli tuntee työttömyysturvan ja valkoisenkääpiön."
IN_CHAT = "Onko siellä joku? Mietin punaistajättiläistä."
CHAT_ANSWER = "On! Kerro lisää ruskeastakääpiöstä."
AFTER_CHAT = "Kiitos, jäi vielä kysymys galaksijoukosta."
NAMES = ("Kvarkki Esimerkki", "Gluoni Esimerkki")
MAILS = ("kvarkki@esimerkki.example", "gluoni@esimerkki.example")
TOLD = (AT_NIGHT, IN_THE_MORNING, A_NOTE, A_CALL, AFTER_THE_CALL, TO_HAND_OVER, WHY, IN_CHAT, CHAT_ANSWER, AFTER_CHAT)
SECRETS = ("kvasaarin", "neutronitähti", "PULSARIKUITTI", "magnetarista", "supernovaa", "blasaari", "kosminenpöly",
           "valkoisenkääpiön", "punaistajättiläistä", "ruskeastakääpiöstä", "galaksijoukosta", "Kvarkki", "Gluoni")  # fmt: skip
At = Callable[[datetime], object]


def ask(page: Page, text: str, path: str = "/ask") -> None:
    page.goto(path)
    page.get_by_label("Mitä sinulla on mielessä?").fill(text)


def send(page: Page) -> None:
    """Press send; and where the page first shows what may help, send all the same."""
    page.get_by_role("button", name="Lähetä", exact=True).click()
    page.wait_for_load_state()
    if (again := page.get_by_role("button", name="Lähetä silti")).count():
        again.click()
    page.wait_for_url("**/conversations/*")


@contextmanager
def site_at(home: Path, moment: datetime) -> Iterator[str]:
    """The same installation, served as it would be at a moment."""
    port = free_port()
    environment = {**os.environ, "OPINOVI_HOME": str(home), "PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    environment["OPINOVI_URL"] = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.stories.at_a_time", str(port), moment.isoformat()]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/-/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def test_a_question_at_night_is_answered_in_the_morning_and_read_on_another_device(
    open_page: Open, site: str, home: Path, tmp_path: Path
) -> None:
    # The next Tuesday night, and the morning after it.
    today = date.today()  # noqa: DTZ011
    night = datetime.combine(today + timedelta(days=(1 - today.weekday()) % 7 or 7), time(23, 40), FI)
    (tmp_path / "kuitti.pdf").write_bytes(A_FILE)
    with site_at(home, night) as at_night:
        phone = open_page(width=320, base=at_night)
        ask(phone, AT_NIGHT)
        phone.get_by_text("Lisää: nimi, kieli, liitteet").click()
        phone.get_by_label("Liitteet").set_input_files(tmp_path / "kuitti.pdf")
        # A person does not write this in a second.
        phone.wait_for_timeout(2100)
        send(phone)
        expect(phone.get_by_role("heading", level=1)).to_have_text("Viestisi on perillä")
        expect(phone.locator(".tag.ajar")).to_contain_text("Vastaamme viimeistään")
        code = phone.locator(".return-code").inner_text()
    with site_at(home, night + timedelta(hours=9)) as in_the_morning:
        nelli = open_page(base=in_the_morning)
        sign_in(nelli, "Nelli Neuvoja")
        nelli.get_by_role("link", name=re.compile("Valvon taas")).click()
        expect(nelli.get_by_text("kuitti.pdf")).to_be_visible()
        nelli.get_by_label("Vastaus", exact=True).fill(IN_THE_MORNING)
        nelli.get_by_role("button", name="Vastaa", exact=True).click()
        expect(nelli.get_by_text(IN_THE_MORNING)).to_be_visible()

        # Another device, and a code copied by hand: in small letters, with spaces.
        library = open_page(width=768, base=in_the_morning, script=False)
        library.goto("/ask")
        library.get_by_role("link", name="Minulla on jo paluukoodi").click()
        library.get_by_label("Paluukoodi").fill(code[:-1] + ("A" if code[-1] != "A" else "B"))
        library.get_by_role("button", name="Avaa").click()
        expect(library.get_by_role("alert")).to_be_visible()
        library.get_by_label("Paluukoodi").fill(code.lower().replace("-", " "))
        library.get_by_role("button", name="Avaa").click()
        expect(library.get_by_text(IN_THE_MORNING)).to_be_visible()
        expect(library.locator(".tag.open")).to_contain_text("Sinulle on vastattu")


def test_a_time_is_booked_moved_and_cancelled_on_a_phone(open_page: Open) -> None:
    phone = open_page(width=320)
    phone.goto("/")
    phone.get_by_role("link", name="Varaa aika").click()
    phone.get_by_role("link", name="Uraohjaus aikuiselle").click()
    phone.locator(".times a").nth(5).click()
    chosen = phone.get_by_role("heading", level=1).inner_text()
    phone.get_by_label("Puhelin", exact=True).fill("040 123 4567")
    phone.get_by_label("Sähköposti", exact=True).fill(MAILS[0])
    phone.get_by_label("Tekstiviestillä").check()
    phone.get_by_text("Lisää: nimi, kieli").click()
    phone.get_by_label("Nimi, jos haluat kertoa").fill(NAMES[0])
    phone.get_by_label("Mistä haluat puhua?").fill(A_NOTE)
    phone.get_by_role("button", name="Varaa", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Aikasi on varattu")
    expect(phone.locator("strong.lead")).to_have_text(re.compile(re.escape(chosen), re.I))

    # The guide sees it, and who comes.
    oona = open_page()
    sign_in(oona, "Oona Ohjaaja")
    oona.get_by_role("link", name="Ajat", exact=True).click()
    oona.get_by_role("link", name=NAMES[0]).click()
    expect(oona.get_by_text(A_NOTE)).to_be_visible()

    # From the letter: moved in two presses, cancelled in one more.
    link = letter(phone, "Aikasi on varattu", r"http\S+/times/\S+")
    phone.goto(link)
    phone.get_by_role("link", name="Kaikki ajat").click()
    phone.locator(".times button").nth(7).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Aikasi on siirretty")
    assert phone.locator("strong.lead").inner_text().lower() != chosen.lower()
    phone.goto(link)
    phone.get_by_role("button", name="Peru aika").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Aika on peruttu")
    oona.goto("/desk/times")
    assert oona.get_by_role("link", name=NAMES[0]).count() == 0


def test_one_who_wants_a_call_is_called_back(open_page: Open) -> None:
    phone, nelli = open_page(width=320), open_page()
    ask(phone, A_CALL)
    phone.get_by_label("Soittakaa minulle").check()
    phone.wait_for_timeout(2100)
    phone.get_by_role("button", name="Lähetä", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("Kirjoita numero, johon voimme soittaa.")
    phone.get_by_label("Puhelin", exact=True).fill("040 765 4321")
    phone.get_by_label("Milloin voimme soittaa?").fill("iltapäivällä")
    send(phone)
    expect(phone.locator(".tag.ajar")).to_contain_text("Soitamme viimeistään")
    sign_in(nelli, "Nelli Neuvoja")
    nelli.get_by_role("link", name=re.compile("Soittopyyntö: Soittakaa, asia")).click()
    expect(nelli.get_by_role("link", name="Soita 040 7654321")).to_have_attribute("href", "tel:+358407654321")
    nelli.get_by_label("Vastaus", exact=True).fill(AFTER_THE_CALL)
    nelli.get_by_role("button", name="Vain kollegoille").click()
    nelli.locator("summary", has_text="Sulje").click()
    nelli.get_by_label("Hän sai neuvon").check()
    nelli.get_by_role("button", name="Sulje", exact=True).click()
    expect(nelli.get_by_role("status")).to_have_text("Asia on suljettu.")
    phone.reload()
    expect(phone.get_by_text("Päättynyt. Voit silti kirjoittaa lisää.")).to_be_visible()
    assert AFTER_THE_CALL not in phone.locator("main").inner_text()


def test_a_question_goes_from_one_organisations_desk_to_anothers_and_the_person_is_told(open_page: Open) -> None:
    phone, oona, nelli = open_page(width=320), open_page(), open_page()
    phone.goto("/doors?q=uraohjaus aikuiselle")
    phone.get_by_role("link", name="Uraohjaus aikuiselle", exact=True).first.click()
    phone.locator(".ways").get_by_role("link", name="Kysy ihmiseltä").click()
    phone.get_by_label("Mitä sinulla on mielessä?").fill(TO_HAND_OVER)
    phone.wait_for_timeout(2100)
    send(phone)
    sign_in(oona, "Oona Ohjaaja")
    oona.get_by_role("link", name=re.compile("En tiedä kenelle")).click()
    address = oona.url
    oona.locator("summary", has_text="Siirrä toiselle").click()
    oona.get_by_label("Kenelle").select_option(label="Päijät-Hämeen työ- ja elinkeinotoimisto: Neuvontapiste")
    oona.get_by_label("Miksi? Ihminen näkee tämän.").fill(WHY)
    oona.get_by_role("button", name="Siirrä", exact=True).click()
    expect(oona.get_by_role("status")).to_have_text("Asia on siirretty, ja ihmiselle on kerrottu.")
    answer = oona.goto(address)
    assert answer is not None and answer.status == 404
    phone.reload()
    expect(phone.get_by_text(WHY)).to_be_visible()
    expect(phone.get_by_text("Asia on nyt täällä: Päijät-Hämeen työ- ja elinkeinotoimisto")).to_be_visible()
    sign_in(nelli, "Nelli Neuvoja")
    nelli.get_by_role("link", name=re.compile("En tiedä kenelle")).click()
    expect(nelli.get_by_text(WHY)).to_be_visible()


def test_a_group_fills_up_one_leaves_and_the_first_in_line_gets_the_place(open_page: Open) -> None:
    first, second = open_page(width=320), open_page(width=320, script=False)
    for page, name, mail in ((first, NAMES[0], MAILS[0]), (second, NAMES[1], MAILS[1])):
        page.goto("/doors?q=alanvaihtajien ryhmä")
        page.get_by_role("link", name="Alanvaihtajien ryhmä", exact=True).first.click()
        page.get_by_label("Sähköposti", exact=True).fill(mail)
        page.get_by_text("Lisää: nimi, mitä tarvitset").click()
        page.get_by_label("Nimi, jos haluat kertoa").fill(name)
        page.locator("main form button.main").click()
        page.wait_for_url("**/registrations/*")
    expect(first.get_by_text("Sinulla on paikka")).to_be_visible()
    expect(second.get_by_text("Olet jonossa ensimmäinen")).to_be_visible()
    oona = open_page()
    sign_in(oona, "Oona Ohjaaja")
    oona.get_by_role("link", name="Ryhmät", exact=True).click()
    oona.get_by_role("link", name="Alanvaihtajien ryhmä").click()
    expect(oona.get_by_role("region", name="Kuka tulee")).to_contain_text(NAMES[0])
    expect(oona.locator("ol")).to_contain_text(NAMES[1])
    first.get_by_role("button", name="Peru paikka").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Paikkasi on peruttu")
    link = letter(second, "Sait paikan", r"http\S+/registrations/\S+")
    second.goto(link)
    expect(second.get_by_text("Sinulla on paikka")).to_be_visible()
    oona.reload()
    expect(oona.get_by_role("region", name="Kuka tulee")).to_contain_text(NAMES[1])


def test_a_chat_begins_while_a_guide_is_on_duty_and_ends_as_a_message(open_page: Open) -> None:
    phone, nelli = open_page(width=320), open_page()
    sign_in(nelli, "Nelli Neuvoja")
    nelli.get_by_role("button", name="Aloita kahden tunnin vuoro: Neuvontapiste").click()
    expect(nelli.get_by_text("Olet vuorossa")).to_be_visible()
    phone.goto("/ask")
    expect(phone.get_by_text("Paikalla nyt: saat vastauksen heti")).to_be_visible()
    phone.get_by_label("Mitä sinulla on mielessä?").fill(IN_CHAT)
    phone.wait_for_timeout(2100)
    send(phone)
    expect(phone.get_by_text("Ohjaaja on paikalla ja vastaa pian")).to_be_visible()
    # The new question comes to the desk by itself, and the answer to the phone.
    mine = nelli.get_by_role("link", name=re.compile("Onko siellä joku"))
    wait_for_more(mine, timeout=25_000)
    mine.click()
    nelli.get_by_label("Vastaus", exact=True).fill(CHAT_ANSWER)
    nelli.get_by_role("button", name="Vastaa", exact=True).click()
    wait_for_more(phone.get_by_text(CHAT_ANSWER))
    nelli.goto("/desk")
    nelli.get_by_role("button", name="Lopeta vuoro").click()
    # The same window is now a message: with a promise, and nothing falls between.
    phone.get_by_label("Kirjoita lisää").fill(AFTER_CHAT)
    phone.get_by_role("button", name="Lähetä", exact=True).click()
    expect(phone.locator(".tag.ajar")).to_contain_text("Vastaamme viimeistään")
    nelli.goto("/desk?show=mine")
    nelli.get_by_role("link", name=re.compile("Onko siellä joku")).click()
    expect(nelli.get_by_text(AFTER_CHAT)).to_be_visible()


def test_nothing_of_what_was_written_lies_readable_on_the_disk(
    open_page: Open, site: str, home: Path, tmp_path: Path
) -> None:
    """Last of the file: every file of the installation, as bytes, after the stories above and one more question with a
    file. Letters that an example keeps in its folder go to an address, and say nothing else of anybody."""
    assert all(any(secret in text for secret in SECRETS) for text in TOLD)
    (tmp_path / "kuitti.pdf").write_bytes(A_FILE)
    phone = open_page(width=320)
    ask(phone, AT_NIGHT)
    phone.get_by_text("Lisää: nimi, kieli, liitteet").click()
    phone.get_by_label("Nimi, jos haluat kertoa").fill(NAMES[0])
    phone.get_by_label("Liitteet").set_input_files(tmp_path / "kuitti.pdf")
    phone.wait_for_timeout(2100)
    send(phone)
    expect(phone.get_by_text("kuitti.pdf")).to_be_visible()
    files = {one: one.read_bytes() for one in home.rglob("*") if one.is_file()}

    def holding(word: str) -> set[Path]:
        forms = {word.encode(), json.dumps(word)[1:-1].encode(), word.encode("utf-16-le")}
        return {one for one, content in files.items() if any(form in content for form in forms)}

    # What everyone may read is found in this way, in the database and in a letter: the search can find something.
    assert holding("Alanvaihtajien ryhmä") and holding("Aikasi on varattu")
    assert {word: found for word in SECRETS if (found := holding(word))} == {}
    assert {one for mail in MAILS for one in holding(mail) if "mail" not in one.parts} == set()
