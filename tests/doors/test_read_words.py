import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.masking import MASK, mask
from opinovi.doors import topics
from opinovi.doors.finnish import base_forms
from opinovi.doors.language import detect
from opinovi.doors.need import understand
from opinovi.doors.topics import closeness, problems
from opinovi.doors.words import word
from tests.conftest import DATA

LINES = [line.split() for line in (DATA / "base_forms.txt").read_text().splitlines() if not line.startswith("#")]


def test_the_list_has_three_hundred_words() -> None:
    assert len(LINES) >= 300


def test_base_forms_are_right_for_all_but_those_known_to_be_missed() -> None:
    missed = {line[0] for line in LINES if line[1] not in base_forms(line[0])}
    assert missed == {line[0] for line in LINES if line[-1] == "?"}
    assert len(missed) <= len(LINES) / 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kouluttautua", "koulutus"),
        ("opiskelija", "opiskella"),
        ("kansalaisopistossa", "opisto"),
        ("koulutuskokeilussa", "kokeilu"),
    ],
)
def test_a_derivation_and_a_part_meet_the_word(one: str, other: str) -> None:
    assert closeness(word(other, "fi"), word(one, "fi")) > 0 or closeness(word(one, "fi"), word(other, "fi")) > 0


@pytest.mark.parametrize(("without", "thing"), [("työtön", "työ"), ("asunnoton", "asunto"), ("koditon", "koti")])
def test_what_is_without_a_thing_is_no_kin_of_the_thing(without: str, thing: str) -> None:
    assert closeness(word(thing, "fi"), word(without, "fi")) == 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("haluan vaihtaa alaa", "fi"),
        ("oon työtön ja tarviin apua", "fi"),
        ("jag vill byta yrke", "sv"),
        ("gymnasium för vuxna på nätet", "sv"),
        ("how to start a business", "en"),
        ("workplace training for my staff", "en"),
    ],
)
@pytest.mark.parametrize("hint", ["fi", "sv", "en"])
def test_the_words_decide_the_language_whatever_the_page(text: str, language: str, hint: str) -> None:
    assert detect(text, hint) == language


def test_the_vocabulary_holds_together_and_is_large_enough() -> None:
    assert problems() == [] and len(topics.topics()) >= 250
    assert all(one.expressions[lang] for one in topics.topics().values() for lang in ("fi", "sv", "en"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "read"),
    [("tietokonne", "tietokone"), ("oppisopmus", "oppisopimus"), ("työttömyysturav", "työttömyysturva")],
)
def test_an_unknown_word_is_read_as_the_known_one_that_is_near(typed: str, read: str) -> None:
    assert understand(typed).corrections == {typed: read}
    assert understand(typed, exact=True).corrections == {}


@pytest.mark.django_db
def test_a_known_word_is_never_corrected() -> None:
    assert understand("haluan hitsaajaksi lahteen").corrections == {}


@pytest.mark.parametrize("code", ["010190-123A", "311299A123B", "010190 - 123A".replace(" ", ""), "131052-308T"])
def test_a_personal_identity_code_is_masked(code: str) -> None:
    masked, found = mask(f"olen {code} ja haen lukioon")
    assert found and code not in masked and MASK in masked


@pytest.mark.parametrize("text", ["soita 040 1234567", "15110 Lahti", "010190", "vuosi 2027"])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert mask(text) == (text, False)


@pytest.mark.django_db
@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_the_reading(text: str) -> None:
    need = understand(text)
    assert need.language in ("fi", "sv", "en") and all(0 < one.weight <= 1.2 for one in need.topics)
