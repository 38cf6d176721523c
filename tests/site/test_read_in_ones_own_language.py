"""Who reads neither Finnish, Swedish nor English has the public part: found by files alone, from right to left where it
is so written, marked until a person has read it; and who reads plain Finnish has the same switch."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.utils import translation

from opinovi.base.fresh import fresh
from opinovi.base.languages import PLAIN_FINNISH, WHOLE, Language, found_in
from opinovi.base.text import choose
from opinovi.doors import elsewhere
from opinovi.doors.danger import entries
from opinovi.doors.need import understand
from opinovi.doors.topics import topics
from opinovi.doors.writing import sentences
from opinovi.network.models import Network
from opinovi.site.management.commands.translations import catalog, others, wrong_in

OTHERS = [one for one in project.FOUND_LANGUAGES if not one.whole]
MACHINE_MADE = [one for one in OTHERS if one.machine_made]
PAGES = ["/", "/doors?q=lukio", "/choose", "/my-doors", "/ask", "/book", "/groups", "/places", "/reading", "/offline",
         "/without-a-phone", "/return", "/offerings", "/kiosk", "/leaflet?where=398&about=study", "/nowhere"]  # fmt: skip
# What each is asked in its own words.
ASKED = {
    "uk": ("хочу вивчати фінську мову", "finnish-course"),
    "ru": ("ищу работу в Лахти", "job-search"),
    "ar": ("أريد أن أتعلم اللغة الفنلندية", "finnish-course"),
    "so": ("shaqo ayaan raadinayaa", "job-search"),
    "et": ("tahan soome keelt õppida", "finnish-course"),
    PLAIN_FINNISH: ("haluan oppia suomea", "finnish-course"),
}
CRISIS = {"uk": "не хочу жити", "ru": "хочу умереть", "ar": "أريد أن أموت", "so": "inaan dhinto", "et": "tahan surra"}


@pytest.mark.both
@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.code)
def test_the_public_part_stands_in_every_language(visitor: Client, language: Language) -> None:
    for path in PAGES:
        answer = visitor.get(f"/{language.code}{path}")
        page = answer.content.decode()
        assert answer.status_code in (200, 404) and page.count("<h1") == 1, path
        assert f'<html lang="{language.code}"' in page
        assert ('<html lang="ar" dir="rtl">' in page) == (language.code == "ar")
        assert ("/locale" not in page) and (("data-machine-made" in page) == language.machine_made)
        # Every other language is a link away, by the name that its own people give it.
        assert all(f">{name}</a>" in page for _code, name in project.LANGUAGES)


@pytest.mark.parametrize("language", MACHINE_MADE, ids=lambda one: one.code)
def test_what_one_asks_in_ones_own_words_finds_a_door(visitor: Client, language: Language) -> None:
    words, topic = ASKED[language.code]
    assert topic in [one.topic for one in understand(words, language.code).topics]
    page = visitor.get(f"/{language.code}/doors", {"q": words, "where": "Lahti"}).content.decode()
    assert page.count('class="result"') > 1
    # The ready ones, too, are understood.
    with translation.override(language.code):
        home = visitor.get(f"/{language.code}/").content.decode()
    ready = re.search(r'class="chips".*?</ul>', home, re.DOTALL)
    assert ready is not None
    for one in re.findall(r">([^<]+)</a>", ready[0]):
        assert understand(one, language.code).topics, one


@pytest.mark.parametrize(("language", "words"), CRISIS.items())
def test_whoever_is_in_danger_sees_the_helplines_in_whatever_language(
    visitor: Client, language: str, words: str
) -> None:
    page = visitor.get(f"/{language}/doors", {"q": words}).content.decode()
    assert "112" in page and "tel:+358925250111" in page
    # By its script, where it has one of its own, on a Finnish page too.
    if language in ("uk", "ru", "ar"):
        assert "tel:+358925250111" in visitor.get("/doors", {"q": words}).content.decode()


def test_what_is_said_elsewhere_names_topics_and_dangers_that_there_are() -> None:
    assert set(elsewhere.phrases("topics")) <= set(topics()) and set(elsewhere.phrases("danger")) == set(entries())
    # Estonian and Somali words are looked for on their own pages alone: they are near words of ours.
    assert elsewhere.topics_met("shaqo ja töö", "fi") == [] and elsewhere.topics_met("", "uk") == []


def test_who_works_here_does_so_in_a_whole_language(visitor: Client) -> None:
    for path in ("/desk", "/account", "/my", "/my/plan", "/about", "/results"):
        assert visitor.get(f"/uk{path}?a=1")["Location"] == f"/en{path}?a=1"
        assert visitor.get(f"/{PLAIN_FINNISH}{path}")["Location"] == path
    # The doors that one keeps are everybody's.
    assert visitor.get("/uk/my-doors").status_code == 200


def test_a_network_that_does_not_speak_it_does_not_offer_it(visitor: Client, region: Network) -> None:
    region.languages = ["fi", "en", "ru"]
    region.save()
    fresh.forget()
    page = visitor.get("/ru/").content.decode()
    assert "Русский</a>" in page and "Українська" not in page and "Svenska</a>" not in page
    assert visitor.get("/uk/ask")["Location"] == "/ask"


@pytest.mark.parametrize(
    ("header", "path", "offered"),
    [("uk-UA,uk;q=0.9", "/", "/uk/"), ("ar", "/ask", "/ar/ask"), ("so,en;q=0.5", "/en/", ""), ("fi,uk", "/", ""),
     ("ja", "/", ""), ("sv-FI", "/places", "/sv/places"), ("uk", "/uk/", ""), ("", "/", "")],
)  # fmt: skip
def test_the_page_is_offered_in_the_language_that_the_browser_tells_of(
    visitor: Client, header: str, path: str, offered: str
) -> None:
    page = visitor.get(path, headers={"accept-language": header}).content.decode()
    found = re.search(r'<a href="([^"]+)"[^>]* data-offered', page)
    assert (found[1] if found else "") == offered
    # Who goes on in the language of the page is not asked again.
    within = {"accept-language": header, "referer": "http://testserver/doors"}
    assert "data-offered" not in visitor.get(path, headers=within).content.decode()


def test_texts_of_the_directory_are_read_in_what_is_nearest(settings: Any) -> None:
    told = {"fi": "Suomeksi", "en": "In English", "fi-simple": "Selkosuomeksi"}
    assert [choose(told, one).lang for one in ("uk", "ar", PLAIN_FINNISH, "fi", "sv")] == [
        "en", "en", "fi-simple", "fi", "fi",
    ]  # fmt: skip
    assert choose({"fi": "Suomeksi", "fi-simple": "Selkosuomeksi"}, "so").lang == "fi-simple"
    assert choose({"fi": "Suomeksi", "ru": "По-русски"}, "ru").lang == "ru"


def test_who_says_how_they_read_finds_plain_finnish_there(visitor: Client) -> None:
    button = '<a class="button" href="/fi-simple/reading"'
    assert button in visitor.get("/reading").content.decode()
    assert all(button not in visitor.get(f"/{code}/reading").content.decode() for code in ("uk", "sv", PLAIN_FINNISH))


def test_a_language_comes_by_its_file_alone(tmp_path: Path) -> None:
    for folder, head in (
        ("fa", '"X-Name: فارسی\\n"\n"X-Machine-Made: yes\\n"\n'),
        ("se", '"X-Name: Davvisámegiella\\n"\n'),
    ):
        path = tmp_path / folder / "LC_MESSAGES"
        path.mkdir(parents=True)
        (path / "django.po").write_text(f'msgid ""\nmsgstr ""\n{head}\nmsgid "ma"\nmsgstr "x"\n', encoding="utf-8")
    assert found_in(tmp_path) == [
        *(Language(code, name) for code, name in WHOLE.items()),
        Language("fa", "فارسی", machine_made=True), Language("se", "Davvisámegiella"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", others())
def test_the_files_break_no_page_and_lack_little(language: str) -> None:
    assert wrong_in(language) == []
    told = [one for one in catalog(language) if one.id]
    said = [one for one in told if (one.string if isinstance(one.string, str) else all(one.string or ()))]
    assert language == PLAIN_FINNISH or len(said) > 0.8 * len(told)


def test_what_a_language_lacks_is_said_in_english() -> None:
    with translation.override("uk"):
        assert translation.gettext("Työpöytä") == "Desk" and translation.gettext("Etsi ovi") == "Знайти двері"
        assert translation.ngettext("%(count)s ovi", "%(count)s ovea", 5) == "%(count)s дверей"
    with translation.override(PLAIN_FINNISH):
        assert translation.gettext("Työpöytä") == "Työpöytä"


def test_plain_finnish_is_plainer() -> None:
    """At most nine words a sentence, where ordinary texts of ours may have fifteen."""
    told = [one.string if isinstance(one.string, str) else one.string[-1] for one in catalog(PLAIN_FINNISH) if one.id]
    assert len(told) > 100
    assert [one for one in told for words in sentences(re.sub(r"%\(\w+\)s", "sana", one)) if len(words) > 9] == []
