import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from opinovi.base.templatetags.text import tr
from opinovi.base.text import check_texts, choose

LANGUAGES = st.sampled_from(["fi", "sv", "en", "ru", "fi-simple"])


def test_a_reader_gets_their_own_language() -> None:
    assert choose({"fi": "ovi", "sv": "dörr"}, "sv").text == "dörr"


def test_what_is_not_there_is_read_in_finnish_and_says_so() -> None:
    piece = choose({"fi": "ovi"}, "en")
    assert (piece.text, piece.lang) == ("ovi", "fi")


def test_a_text_in_another_language_carries_its_lang_on_the_page() -> None:
    with override("sv"):
        assert tr({"fi": "ovi & avain"}) == '<span lang="fi">ovi &amp; avain</span>'
        assert tr({"sv": "dörr"}) == "dörr"


@given(st.dictionaries(LANGUAGES, st.text(min_size=1)), LANGUAGES)
def test_something_is_chosen_whenever_there_is_something(texts: dict[str, str], wanted: str) -> None:
    piece = choose(texts, wanted)
    assert bool(piece.text) == bool(texts)
    assert not texts or texts[piece.lang] == piece.text


@pytest.mark.parametrize("bad", [[], "ovi", {"x": "ovi"}, {"fi": 1}, {"fi": [1]}, {1: "ovi"}])
def test_what_is_no_translated_text_is_refused(bad: object) -> None:
    with pytest.raises(ValidationError):
        check_texts(bad)
